/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* VF settings as rtnetlink bytes: what is sent, byte for byte, and what is made of anything that may be received. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/vf.h"
#include "kernel/vf_message.h"
#include "message.h"
#include "tree.h"

static const struct vf_target target = { 7, 300 };

static const uint8_t mac_bytes[] = {
	HEADER(80, 19, 5),     /* RTM_SETLINK, REQUEST | ACK */
	LINK(7),               /* of the PF's netdev */
	ATTR(48, 22 | NESTED), /* IFLA_VFINFO_LIST */
	ATTR(44, 1 | NESTED),  /* IFLA_VF_INFO */
	ATTR(40, 1),           /* IFLA_VF_MAC: struct ifla_vf_mac */
	U32(300),              /* the VF */
	0x02,
	0x11,
	0x22,
	0x33,
	0x44,
	0x55, /* its MAC, in MAX_ADDR_LEN bytes */
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
};

static const uint8_t vlan_bytes[] = {
	HEADER(56, 19, 5), /* RTM_SETLINK, REQUEST | ACK */
	LINK(7),
	ATTR(24, 22 | NESTED), /* IFLA_VFINFO_LIST */
	ATTR(20, 1 | NESTED),  /* IFLA_VF_INFO */
	ATTR(16, 2),           /* IFLA_VF_VLAN: struct ifla_vf_vlan */
	U32(300),              /* the VF */
	U32(4095),             /* the VLAN id */
	U32(3),                /* the priority */
};

static const uint8_t service_vlan_bytes[] = {
	HEADER(64, 19, 5), /* RTM_SETLINK, REQUEST | ACK */
	LINK(7),
	ATTR(32, 22 | NESTED), /* IFLA_VFINFO_LIST */
	ATTR(28, 1 | NESTED),  /* IFLA_VF_INFO */
	ATTR(24, 12 | NESTED), /* IFLA_VF_VLAN_LIST */
	ATTR(20, 1),           /* IFLA_VF_VLAN_INFO: struct ifla_vf_vlan_info */
	U32(300),              /* the VF */
	U32(42),               /* the VLAN id */
	U32(3),                /* the priority */
	0x88,
	0xa8, /* 802.1ad, in network byte order */
	0,
	0, /* the end of the structure */
};

/* The settings that are one number beside the VF. */
#define NUMBER_BYTES(attribute, number) \
	{ \
		HEADER(52, 19, 5), LINK(7), ATTR(20, 22 | NESTED), ATTR(16, 1 | NESTED), \
			ATTR(12, (attribute)), U32(300), U32(number) \
	}

static const uint8_t spoofchk_bytes[] = NUMBER_BYTES(4, 1);     /* IFLA_VF_SPOOFCHK */
static const uint8_t no_spoofchk_bytes[] = NUMBER_BYTES(4, 0);  /* the same, off */
static const uint8_t link_auto_bytes[] = NUMBER_BYTES(5, 0);    /* IFLA_VF_LINK_STATE */
static const uint8_t link_enable_bytes[] = NUMBER_BYTES(5, 1);  /* the same: always up */
static const uint8_t link_disable_bytes[] = NUMBER_BYTES(5, 2); /* the same: always down */
static const uint8_t rss_bytes[] = NUMBER_BYTES(7, 1);          /* IFLA_VF_RSS_QUERY_EN */
static const uint8_t trust_bytes[] = NUMBER_BYTES(9, 1);        /* IFLA_VF_TRUST */
static const uint8_t no_trust_bytes[] = NUMBER_BYTES(9, 0);     /* the same, off */

static const uint8_t rate_bytes[] = {
	HEADER(56, 19, 5), LINK(7), ATTR(24, 22 | NESTED), ATTR(20, 1 | NESTED),
	ATTR(16, 6), /* IFLA_VF_RATE: struct ifla_vf_rate */
	U32(300),    /* the VF */
	U32(258),    /* the smallest */
	U32(100000), /* and the largest rate */
};

static const uint8_t list_bytes[] = {
	HEADER(40, 18, 1),    /* RTM_GETLINK, REQUEST */
	LINK(7), ATTR(8, 29), /* IFLA_EXT_MASK */
	U32(9),               /* RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS */
};

static void check_bytes(const void *message, const uint8_t *expected, size_t length)
{
	struct nlmsghdr header;
	memcpy(&header, message, sizeof(header));
	assert_int_equal(header.nlmsg_len, length);
	assert_memory_equal(message, expected, length);
}

static void test_encode(void **state)
{
	static const struct {
		enum setting which;
		struct value value;
		const uint8_t *bytes;
		size_t length;
	} rows[] = {
		{ SETTING_MAC,
		  { true, { .mac = { { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 } } } },
		  mac_bytes,
		  sizeof(mac_bytes) },
		{ SETTING_VLAN,
		  { true, { .vlan = { 4095, 3, VLAN_PROTO_8021Q } } },
		  vlan_bytes,
		  sizeof(vlan_bytes) },
		{ SETTING_VLAN,
		  { true, { .vlan = { 42, 3, VLAN_PROTO_8021AD } } },
		  service_vlan_bytes,
		  sizeof(service_vlan_bytes) },
		{ SETTING_SPOOFCHK, { true, { .flag = true } }, spoofchk_bytes, sizeof(spoofchk_bytes) },
		{ SETTING_SPOOFCHK, { true, { .flag = false } }, no_spoofchk_bytes, sizeof(no_spoofchk_bytes) },
		{ SETTING_LINK, { true, { .link = VF_LINK_AUTO } }, link_auto_bytes, sizeof(link_auto_bytes) },
		{ SETTING_LINK,
		  { true, { .link = VF_LINK_ENABLE } },
		  link_enable_bytes,
		  sizeof(link_enable_bytes) },
		{ SETTING_LINK,
		  { true, { .link = VF_LINK_DISABLE } },
		  link_disable_bytes,
		  sizeof(link_disable_bytes) },
		{ SETTING_RSS, { true, { .flag = true } }, rss_bytes, sizeof(rss_bytes) },
		{ SETTING_TRUST, { true, { .flag = true } }, trust_bytes, sizeof(trust_bytes) },
		{ SETTING_TRUST, { true, { .flag = false } }, no_trust_bytes, sizeof(no_trust_bytes) },
		{ SETTING_RATE, { true, { .rate = { 258, 100000 } } }, rate_bytes, sizeof(rate_bytes) },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_Alignas(struct nlmsghdr) uint8_t buf[VF_MESSAGE_SIZE];
		memset(buf, 0xee, sizeof(buf));
		assert_int_equal(vf_encode(buf, target, rows[i].which, &rows[i].value), 0);
		check_bytes(buf, rows[i].bytes, rows[i].length);
	}
}

static void test_encode_list(void **state)
{
	_Alignas(struct nlmsghdr) uint8_t buf[VF_MESSAGE_SIZE];
	memset(buf, 0xee, sizeof(buf));
	vf_encode_list(buf, 7);
	check_bytes(buf, list_bytes, sizeof(list_bytes));
}

/* Each VF setting can be sent; nothing else can, and nothing that is not there. */
static void test_encode_settings(void **state)
{
	_Alignas(struct nlmsghdr) uint8_t buf[VF_MESSAGE_SIZE];
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		struct value value = { .present = true };
		bool can = i <= SETTING_VF_LAST && i != SETTING_PORT; /* which is no attribute of a VF */
		assert_int_equal(vf_encode(buf, target, i, &value), can ? 0 : -EINVAL);
		value.present = false;
		assert_int_equal(vf_encode(buf, target, i, &value), -EINVAL);
	}
}

/* ---- decoding ---- */

static void test_decode(void **state)
{
	struct builder b = message_start();
	struct vf_report *list = NULL;
	size_t count = 0;
	size_t vfs = attribute_start(&b, 22);
	put_vf(&b, 0, 0);
	put_vf(&b, 5, 42);
	attribute_end(&b, vfs);
	attribute(&b, 20, "after", 6);
	message_end(&b);
	assert_int_equal(decode(&b, &list, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(list[0].index, 0);
	assert_true(list[0].settings.of[SETTING_VLAN].present);
	assert_int_equal(list[0].settings.of[SETTING_VLAN].vlan.id, 0);
	assert_int_equal(list[1].index, 5);
	assert_true(list[1].settings.of[SETTING_MAC].present);
	assert_string_equal(mac_text(list[1].settings.of[SETTING_MAC].mac).s, "02:00:00:00:00:05");
	assert_int_equal(list[1].settings.of[SETTING_VLAN].vlan.id, 42);
	assert_int_equal(list[1].settings.of[SETTING_VLAN].vlan.qos, 3);
	/* The list knows the protocol. */
	assert_int_equal(list[1].settings.of[SETTING_VLAN].vlan.proto, VLAN_PROTO_8021AD);
	assert_false(list[1].settings.of[SETTING_OVERRIDE].present);
	for (enum setting i = 0; i < SETTING_PORT; i++)
		assert_true(list[1].settings.of[i].present);
	assert_int_equal(list[1].settings.of[SETTING_RATE].rate.min, 10);
	assert_int_equal(list[1].settings.of[SETTING_RATE].rate.max, 2000);
	assert_true(list[1].settings.of[SETTING_SPOOFCHK].flag);
	assert_int_equal(list[1].settings.of[SETTING_LINK].link, VF_LINK_DISABLE);
	assert_false(list[1].settings.of[SETTING_RSS].flag);
	assert_true(list[1].settings.of[SETTING_TRUST].flag);
	free(list);
}

/* The settings of a single VF in a message with what FILL puts into it. */
static struct vf_report decode_one(void (*fill)(struct builder *b), size_t *count)
{
	struct builder b = message_start();
	struct vf_report *list = NULL, report = { .index = 99 };
	size_t vfs = attribute_start(&b, 22), info = attribute_start(&b, 1);
	fill(&b);
	attribute_end(&b, info);
	attribute_end(&b, vfs);
	message_end(&b);
	assert_int_equal(decode(&b, &list, count), 0);
	if (*count > 0)
		report = list[0];
	free(list);
	return report;
}

static void fill_mac_only(struct builder *b)
{
	put_mac(b, 3, 9);
}

static void fill_old_vlan(struct builder *b)
{
	put_mac(b, 3, 9);
	put_vlan(b, 3, 42, 1);
}

static void fill_empty_vlan_list(struct builder *b)
{
	fill_old_vlan(b);
	attribute(b, 12, "", 0);
}

static void fill_no_protocol(struct builder *b)
{
	put_vlan_list(b, (uint32_t[]){ 3, 42, 1 }, 0, 0);
}

static void fill_strange_protocol(struct builder *b)
{
	fill_old_vlan(b);
	put_vlan_list(b, (uint32_t[]){ 3, 42, 1 }, 0x12, 0x34);
}

static void fill_strange_vlan(struct builder *b)
{
	put_mac(b, 3, 9);
	put_vlan(b, 3, 65536 + 42, 1);
}

static void fill_strange_priority(struct builder *b)
{
	put_mac(b, 3, 9);
	put_vlan(b, 3, 42, 256 + 1);
}

static void fill_unknown(struct builder *b)
{
	attribute(b, 77, "1234", 4);
}

static void test_decode_missing(void **state)
{
	static const struct {
		void (*fill)(struct builder *b);
		size_t count;
		bool mac, vlan;
	} rows[] = {
		{ fill_mac_only, 1, true, false },         { fill_old_vlan, 1, true, true },
		{ fill_empty_vlan_list, 1, true, true },   { fill_no_protocol, 1, false, true },
		{ fill_strange_protocol, 1, true, false }, { fill_strange_vlan, 1, true, false },
		{ fill_strange_priority, 1, true, false }, { fill_unknown, 0, false, false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t count;
		struct vf_report report = decode_one(rows[i].fill, &count);
		assert_int_equal(count, rows[i].count);
		assert_int_equal(report.index, count ? 3 : 99);
		assert_int_equal(report.settings.of[SETTING_MAC].present, rows[i].mac);
		assert_int_equal(report.settings.of[SETTING_VLAN].present, rows[i].vlan);
		if (rows[i].vlan) {
			assert_int_equal(report.settings.of[SETTING_VLAN].vlan.id, 42);
			assert_int_equal(report.settings.of[SETTING_VLAN].vlan.proto, VLAN_PROTO_8021Q);
		}
	}
}

/* What drivers leave out has all bits set; nor is anything else taken for "on". */
static void fill_unreported(struct builder *b)
{
	put_mac(b, 3, 9);
	put_number(b, 4, 3, UINT32_MAX);
	put_number(b, 5, 3, 3);
	put_number(b, 7, 3, UINT32_MAX);
	put_number(b, 9, 3, 2);
}

static void test_decode_unreported(void **state)
{
	size_t count;
	struct vf_report report = decode_one(fill_unreported, &count);
	assert_int_equal(count, 1);
	for (enum setting i = 0; i <= SETTING_VF_LAST; i++)
		assert_int_equal(report.settings.of[i].present, i == SETTING_MAC);
}

/* An old kernel knows the largest rate alone: a smallest one would be made up. */
static void fill_old_rate(struct builder *b)
{
	put_number(b, 3, 3, 100);
	put_mac(b, 3, 9);
}

static void test_decode_old_rate(void **state)
{
	size_t count;
	struct vf_report report = decode_one(fill_old_rate, &count);
	assert_false(report.settings.of[SETTING_RATE].present);
}

static void test_decode_no_vfs(void **state)
{
	struct builder none = message_start(), empty = message_start();
	struct vf_report *list = NULL;
	size_t count = 99;
	message_end(&none);
	assert_int_equal(decode(&none, &list, &count), 0);
	assert_int_equal(count, 0);
	attribute(&empty, 22, "", 0);
	message_end(&empty);
	assert_int_equal(decode(&empty, &list, &count), 0);
	assert_int_equal(count, 0);
	free(list);
}

/* Wherever a message is cut off, with its old length or a new one, it is an error or a shorter list; never a crash. */
static void test_decode_truncated(void **state)
{
	struct builder whole = message_start();
	size_t vfs = attribute_start(&whole, 22);
	put_vf(&whole, 0, 0);
	put_vf(&whole, 1, 42);
	attribute_end(&whole, vfs);
	message_end(&whole);
	for (size_t length = 0; length < whole.length; length++) {
		struct builder cut = { 0 }, mended = { 0 };
		size_t count = 99;
		put(&cut, whole.bytes, length);
		cut.length = length;
		assert_int_equal(decode(&cut, NULL, &count), -EBADMSG);
		assert_int_equal(count, 99);
		put(&mended, whole.bytes, length);
		mended.length = length;
		if (length >= 16)
			message_end(&mended);
		int r = decode(&mended, NULL, &count);
		assert_true(r == -EBADMSG || (r == 0 && count == 0));
	}
	free(whole.bytes);
}

/* Any one byte may be anything. */
static void test_decode_flipped(void **state)
{
	struct builder whole = message_start();
	size_t vfs = attribute_start(&whole, 22);
	put_vf(&whole, 0, 0);
	put_vf(&whole, 1, 42);
	attribute_end(&whole, vfs);
	message_end(&whole);
	for (size_t at = 0; at < whole.length; at++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			struct builder flipped = { 0 };
			size_t count = 0;
			put(&flipped, whole.bytes, whole.length);
			flipped.bytes[at] = (uint8_t)byte;
			int r = decode(&flipped, NULL, &count);
			assert_true(r == 0 || r == -EBADMSG || r == -EOVERFLOW);
			assert_in_range(count, 0, 2);
		}
	}
	free(whole.bytes);
}

/* Writes LENGTH into the attribute header at AT of an otherwise good message, and decodes it. */
static int decode_lying(size_t at_attribute, uint16_t length)
{
	struct builder b = message_start();
	size_t at[4], count;
	at[0] = attribute_start(&b, 22);
	at[1] = attribute_start(&b, 1);
	at[2] = b.length;
	put_mac(&b, 3, 9);
	at[3] = b.length;
	put_vlan(&b, 3, 42, 0);
	attribute_end(&b, at[1]);
	attribute_end(&b, at[0]);
	message_end(&b);
	memcpy(b.bytes + at[at_attribute], &length, sizeof(length));
	return decode(&b, NULL, &count);
}

static void test_decode_lying_lengths(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 3, 65535 };
	for (size_t at = 0; at < 4; at++)
		for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
			assert_int_equal(decode_lying(at, lengths[i]), -EBADMSG);
	/* A list that ends in the middle of its VF, a VF that ends in its MAC, a MAC that is too short. */
	assert_int_equal(decode_lying(0, 20), -EBADMSG);
	assert_int_equal(decode_lying(1, 20), -EBADMSG);
	assert_int_equal(decode_lying(2, 20), -EBADMSG);
	assert_int_equal(decode_lying(3, 12), -EBADMSG);
}

/* Attributes of one VF that name two. */
static void test_decode_contradiction(void **state)
{
	struct builder b = message_start();
	size_t vfs = attribute_start(&b, 22), info = attribute_start(&b, 1), count;
	put_mac(&b, 3, 9);
	put_vlan(&b, 4, 42, 0);
	attribute_end(&b, info);
	attribute_end(&b, vfs);
	message_end(&b);
	assert_int_equal(decode(&b, NULL, &count), -EBADMSG);
}

static void test_decode_other_messages(void **state)
{
	for (uint16_t type = 0; type < 32; type++) {
		struct builder b = message_start();
		size_t count;
		message_end(&b);
		memcpy(b.bytes + 4, &type, sizeof(type));
		assert_int_equal(decode(&b, NULL, &count), type == 16 ? 0 : -EBADMSG);
	}
}

/* ---- captured machines ---- */

static void test_captured(void **state)
{
	struct tree tree = tree_new();
	struct kernel_words words;
	struct vf_report *list = NULL;
	size_t count = 0;
	struct builder b = message_start();
	size_t vfs = attribute_start(&b, 22);
	put_vf(&b, 0, 42);
	attribute_end(&b, vfs);
	message_end(&b);
	tree_data(&tree, "vfassign/7.rtnl", b.bytes, b.length);
	tree_data(&tree, "vfassign/8.rtnl", b.bytes, b.length - 1);
	tree_data(&tree, "vfassign/9.rtnl", "", 0);
	tree_folder(&tree, "vfassign/10.rtnl/");
	free(b.bytes);
	assert_int_equal(vf_list(tree.kernel, 7, &list, &count, &words), 0);
	assert_int_equal(count, 1);
	assert_int_equal(list[0].settings.of[SETTING_VLAN].vlan.id, 42);
	free(list);
	assert_int_equal(vf_list(tree.kernel, 8, &list, &count, &words), -EBADMSG);
	assert_int_equal(vf_list(tree.kernel, 9, &list, &count, &words), -EBADMSG);
	assert_int_equal(vf_list(tree.kernel, 10, &list, &count, &words), -EBADMSG);
	assert_int_equal(vf_list(tree.kernel, 11, &list, &count, &words), -ENODEV);
	assert_int_equal(vf_list(tree.kernel, 0, &list, &count, &words), -ENODEV);
	struct value mac = value_mac((struct mac){ 0 });
	assert_int_equal(vf_set(tree.kernel, target, SETTING_MAC, &mac, &words), -EROFS);
	tree_done(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_list),
		cmocka_unit_test(test_encode_settings),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_decode_missing),
		cmocka_unit_test(test_decode_unreported),
		cmocka_unit_test(test_decode_old_rate),
		cmocka_unit_test(test_decode_no_vfs),
		cmocka_unit_test(test_decode_truncated),
		cmocka_unit_test(test_decode_flipped),
		cmocka_unit_test(test_decode_lying_lengths),
		cmocka_unit_test(test_decode_contradiction),
		cmocka_unit_test(test_decode_other_messages),
		cmocka_unit_test(test_captured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
