/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What rtnetlink's answers say, and requests to the running kernel that any user may make. */

#include <errno.h>
#include <linux/rtnetlink.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/netdev.h"
#include "kernel/rtnl.h"
#include "kernel/vf.h"
#include "kernel/vf_message.h"

/* An answer as it is received. */
struct answer {
	struct nlmsghdr header;
	struct nlmsgerr error;
	uint8_t rest[64];
};

/* ERROR with LENGTH bytes of REST behind it, FLAGS set. */
static struct answer answer(int error, uint16_t flags, const void *rest, size_t length)
{
	struct answer a = {
		.header = { .nlmsg_len = (uint32_t)(sizeof(a.header) + sizeof(a.error) + length),
			    .nlmsg_type = NLMSG_ERROR,
			    .nlmsg_flags = flags },
		.error = { .error = error, .msg = { .nlmsg_len = sizeof(struct nlmsghdr) } },
	};
	memcpy(a.rest, rest, length);
	return a;
}

#define CAPPED (NLM_F_CAPPED | NLM_F_ACK_TLVS)

static void test_error(void **state)
{
	/* NLMSGERR_ATTR_MSG "No VF", with and without its NUL; NLMSGERR_ATTR_OFFS 36 before it. */
	static const uint8_t text[] = { 10, 0, 1, 0, 'N', 'o', ' ', 'V', 'F', 0, 0, 0 };
	static const uint8_t bare[] = { 9, 0, 1, 0, 'N', 'o', ' ', 'V', 'F', 0, 0, 0 };
	static const uint8_t second[] = { 8, 0, 2,   0,   36,  0,   0,   0, 10, 0,
					  1, 0, 'N', 'o', ' ', 'V', 'F', 0, 0,  0 };
	static const struct {
		int error;
		uint16_t flags;
		const uint8_t *rest;
		size_t length;
		const char *words;
	} rows[] = {
		{ 0, NLM_F_CAPPED, text, 0, "" },
		{ -EINVAL, CAPPED, text, sizeof(text), "No VF" },
		{ -EINVAL, CAPPED, bare, sizeof(bare), "No VF" },
		{ -EINVAL, CAPPED, second, sizeof(second), "No VF" },
		/* Without the flag there are no attributes. */
		{ -EINVAL, NLM_F_CAPPED, text, sizeof(text), "" },
		/* An attribute that is longer than the message. */
		{ -EINVAL, CAPPED, text, 8, "" },
		{ -EINVAL, CAPPED, text, 2, "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct answer a = answer(rows[i].error, rows[i].flags, rows[i].rest, rows[i].length);
		struct kernel_words words = { "" };
		assert_int_equal(rtnl_error(&a.header, &words), rows[i].error);
		assert_string_equal(words.s, rows[i].words);
	}
}

/* An older kernel sends the whole request back before its words. */
static void test_error_not_capped(void **state)
{
	static const uint8_t rest[] = { 1,  2,  3,  4, 5, 6, 7,   8,   9,   10,  11,  12, 13, 14,
					15, 16, 10, 0, 1, 0, 'N', 'o', ' ', 'V', 'F', 0,  0,  0 };
	struct answer a = answer(-EPERM, NLM_F_ACK_TLVS, rest, sizeof(rest));
	struct kernel_words words = { "" };
	a.error.msg.nlmsg_len = sizeof(struct nlmsghdr) + 16;
	assert_int_equal(rtnl_error(&a.header, &words), -EPERM);
	assert_string_equal(words.s, "No VF");
	/* A request said to be longer than the answer to it. */
	static const uint32_t lies[] = { 0, 15, 10000, UINT32_MAX - 2, UINT32_MAX };
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		words.s[0] = '\0';
		a.error.msg.nlmsg_len = lies[i];
		assert_int_equal(rtnl_error(&a.header, &words), -EPERM);
	}
}

static void test_error_odd(void **state)
{
	struct answer a = answer(EPERM, 0, "", 0);
	struct kernel_words words = { "" };
	assert_int_equal(rtnl_error(&a.header, &words), -EPERM);
	a.header.nlmsg_len--;
	assert_int_equal(rtnl_error(&a.header, &words), -EBADMSG);
	a.header.nlmsg_len = sizeof(a.header);
	assert_int_equal(rtnl_error(&a.header, &words), -EBADMSG);
	/* Words without end. */
	uint8_t *large = calloc(1, 1024);
	assert_non_null(large);
	a = answer(-EPERM, CAPPED, "", 0);
	a.header.nlmsg_len = 1024;
	memset(large, 'x', 1024);
	memcpy(large, &a, sizeof(a.header) + sizeof(a.error));
	uint16_t attribute[] = { 1024 - sizeof(a.header) - sizeof(a.error), NLMSGERR_ATTR_MSG };
	memcpy(large + sizeof(a.header) + sizeof(a.error), attribute, sizeof(attribute));
	assert_int_equal(rtnl_error((void *)large, &words), -EPERM);
	assert_int_equal(strlen(words.s), sizeof(words.s) - 1);
	free(large);
}

/* ---- whole answers ---- */

/* Datagrams of messages, as they are received one after the other. */
struct datagram {
	_Alignas(struct nlmsghdr) uint8_t bytes[512];
	size_t length;
};

#define SEQUENCE 7

/* Puts a message of TYPE with FLAGS, an answer to request SEQUENCE of this test, and LENGTH bytes behind its header. */
static struct nlmsghdr *add(struct datagram *d, uint16_t type, uint16_t flags, const void *payload,
			    size_t length)
{
	struct nlmsghdr *message = (struct nlmsghdr *)(d->bytes + d->length);
	*message = (struct nlmsghdr){ .nlmsg_len = (uint32_t)NLMSG_LENGTH(length),
				      .nlmsg_type = type,
				      .nlmsg_flags = flags,
				      .nlmsg_seq = SEQUENCE };
	memcpy(NLMSG_DATA(message), payload, length);
	d->length += NLMSG_ALIGN(message->nlmsg_len);
	return message;
}

static struct nlmsghdr *add_link(struct datagram *d, uint16_t flags, int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	return add(d, RTM_NEWLINK, flags, &info, sizeof(info));
}

static struct nlmsghdr *add_done(struct datagram *d, int error)
{
	return add(d, NLMSG_DONE, NLM_F_MULTI, &error, sizeof(error));
}

/* What is waited for: link 4. */
struct awaited {
	struct rtnl_answer answer;
	struct rtnl_link link;
	struct kernel_words words;
};

static struct awaited *await(struct awaited *a)
{
	*a = (struct awaited){ .link.ifindex = 4 };
	a->answer = (struct rtnl_answer){ .sequence = SEQUENCE, .link = &a->link, .words = &a->words };
	return a;
}

static int take_in(struct awaited *a, const struct datagram *d)
{
	return rtnl_take_in(&a->answer, d->bytes, d->length);
}

static void test_answer(void **state)
{
	struct awaited a;
	struct datagram d = { .length = 0 };
	/* The answer to an older request, another link, ours. */
	add_link(&d, 0, 4)->nlmsg_seq = SEQUENCE - 1;
	assert_int_equal(take_in(await(&a), &d), 0);
	assert_null(a.link.message);
	add_link(&d, 0, 5);
	assert_int_equal(take_in(await(&a), &d), 0);
	add_link(&d, 0, 4);
	assert_int_equal(take_in(await(&a), &d), 1);
	assert_int_equal(a.link.length, NLMSG_LENGTH(sizeof(struct ifinfomsg)));
	free(a.link.message);
	/* What is not whole is no answer, and nothing will follow it. */
	d.length -= 4;
	assert_int_equal(take_in(await(&a), &d), -EBADMSG);
	assert_null(a.link.message);
	d.length = 0;
	add_link(&d, 0, 4)->nlmsg_len = 0xa5a5a524;
	assert_int_equal(take_in(await(&a), &d), -EBADMSG);
	d = (struct datagram){ .length = 2 };
	assert_int_equal(take_in(await(&a), &d), -EBADMSG);
	d = (struct datagram){ .length = 0 };
	add(&d, NLMSG_OVERRUN, 0, "", 0);
	assert_int_equal(take_in(await(&a), &d), -ENOBUFS);
}

/* A dump comes in several datagrams, of several messages each. */
static void test_answer_in_parts(void **state)
{
	struct awaited a;
	struct datagram first = { .length = 0 }, second = { .length = 0 }, end = { .length = 0 };
	add_link(&first, NLM_F_MULTI, 3);
	add_link(&first, NLM_F_MULTI, 4);
	add_link(&second, NLM_F_MULTI, 4);
	add_link(&second, NLM_F_MULTI, 5);
	add_done(&end, 0);
	await(&a);
	assert_int_equal(take_in(&a, &first), 0);
	assert_non_null(a.link.message);
	assert_int_equal(take_in(&a, &second), 0);
	assert_int_equal(take_in(&a, &end), 1);
	free(a.link.message);
	/* It may end with an error. */
	static const int errors[] = { -EMSGSIZE, EMSGSIZE };
	for (size_t i = 0; i < 2; i++) {
		end.length = 0;
		add_done(&end, errors[i]);
		assert_int_equal(take_in(await(&a), &end), -EMSGSIZE);
	}
	/* Links that came or went meanwhile: ours may be missing, and is not believed either. */
	for (int where = 0; where < 2; where++) {
		end.length = 0;
		add_link(&end, (uint16_t)(NLM_F_MULTI | (where == 0 ? NLM_F_DUMP_INTR : 0)), 4);
		add_done(&end, 0)->nlmsg_flags |= where == 1 ? NLM_F_DUMP_INTR : 0;
		assert_int_equal(take_in(await(&a), &end), -EINTR);
		free(a.link.message);
	}
}

/* ---- the running kernel ---- */

static void test_live(void **state)
{
	struct kernel *kernel;
	struct kernel_words words;
	struct vf_report *list = NULL;
	struct value up = value_flag(true);
	size_t count;
	assert_int_equal(kernel_open("/", &kernel), 0);
	/* The loopback device has no VFs. */
	assert_int_equal(vf_list(kernel, 1, &list, &count, &words), 0);
	assert_int_equal(count, 0);
	free(list);
	assert_int_equal(vf_list(kernel, INT32_MAX, &list, &count, &words), -ENODEV);
	int r = netdev_set(kernel, INT32_MAX, SETTING_NETDEV_UP, &up, &words);
	assert_true(r == -ENODEV || r == -EPERM);
	struct value name = value_name("a-name-of-16-chr");
	assert_int_equal(netdev_set(kernel, INT32_MAX, SETTING_NETDEV_NAME, &name, &words), -EINVAL);
	assert_int_equal(netdev_set(kernel, INT32_MAX, SETTING_MAC, &name, &words), -EINVAL);
	assert_int_equal(netdev_set(kernel, 0, SETTING_NETDEV_UP, &up, &words), -ENODEV);
	kernel_close(kernel);
}

/* A dump, of which one link is wanted. */
static void test_dump(void **state)
{
	struct rtnl rtnl;
	struct kernel_words words;
	struct rtnl_link link = { .ifindex = 1 };
	_Alignas(struct nlmsghdr) char buf[VF_MESSAGE_SIZE];
	rtnl_init(&rtnl);
	vf_encode_list(buf, 1);
	struct nlmsghdr *request = (struct nlmsghdr *)buf;
	request->nlmsg_flags |= NLM_F_DUMP;
	assert_int_equal(rtnl_request(&rtnl, request, &link, &words), 0);
	assert_int_equal(((struct nlmsghdr *)link.message)->nlmsg_len, link.length);
	free(link.message);
	link = (struct rtnl_link){ .ifindex = INT32_MAX };
	assert_int_equal(rtnl_request(&rtnl, request, &link, &words), -ENODEV);
	assert_null(link.message);
	rtnl_done(&rtnl);
}

/* Many requests through one handle at once: each gets its own answer. */
static void *ask(void *data)
{
	struct kernel *kernel = data;
	size_t wrong = 0;
	for (int i = 0; i < 200; i++) {
		struct kernel_words words;
		struct vf_report *list = NULL;
		size_t count;
		int ifindex = i % 2 ? 1 : INT32_MAX;
		wrong += vf_list(kernel, ifindex, &list, &count, &words) != (i % 2 ? 0 : -ENODEV);
		free(list);
	}
	return wrong ? data : NULL;
}

static void test_threads(void **state)
{
	struct kernel *kernel;
	pthread_t threads[4];
	assert_int_equal(kernel_open("/", &kernel), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask, kernel), 0);
	for (size_t i = 0; i < 4; i++) {
		void *wrong;
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	kernel_close(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error),     cmocka_unit_test(test_error_not_capped),
		cmocka_unit_test(test_error_odd), cmocka_unit_test(test_live),
		cmocka_unit_test(test_answer),    cmocka_unit_test(test_answer_in_parts),
		cmocka_unit_test(test_dump),      cmocka_unit_test(test_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
