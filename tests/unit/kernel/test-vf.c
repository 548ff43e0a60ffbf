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
#include "tree.h"

/* The bytes below are those of a little-endian machine, which all test machines are; values are in host order. */
#define U16(n) (n) & 0xff, (n) >> 8
#define U32(n) (n) & 0xff, (n) >> 8 & 0xff, (n) >> 16 & 0xff, (n) >> 24

#define NESTED 0x8000

/* struct nlmsghdr: length, type, flags, sequence (set when it is sent), port. */
#define HEADER(length, type, flags) U32(length), U16(type), U16(flags), U32(0), U32(0)
/* struct ifinfomsg: family (none), padding, device type, index, flags, which flags to change. */
#define LINK(ifindex) 0, 0, U16(0), U32(ifindex), U32(0), U32(0)
/* struct nlattr: length with this header, type. */
#define ATTR(length, type) U16(length), U16(type)

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
		assert_int_equal(vf_encode(buf, target, i, &value), i <= SETTING_VF_LAST ? 0 : -EINVAL);
		value.present = false;
		assert_int_equal(vf_encode(buf, target, i, &value), -EINVAL);
	}
}

/* ---- decoding ---- */

/* A message that grows; attributes nest by hand. */
struct builder {
	uint8_t *bytes;
	size_t length;
};

static void put(struct builder *b, const void *bytes, size_t length)
{
	b->bytes = realloc(b->bytes, b->length + length + 4);
	assert_non_null(b->bytes);
	memcpy(b->bytes + b->length, bytes, length);
	b->length += length;
	while (b->length % 4)
		b->bytes[b->length++] = 0;
}

static size_t attribute_start(struct builder *b, uint16_t type)
{
	uint16_t header[] = { 0, type };
	size_t at = b->length;
	put(b, header, sizeof(header));
	return at;
}

static void attribute_end(struct builder *b, size_t at)
{
	uint16_t length = (uint16_t)(b->length - at);
	memcpy(b->bytes + at, &length, sizeof(length));
}

static void attribute(struct builder *b, uint16_t type, const void *payload, size_t length)
{
	uint16_t header[] = { (uint16_t)(length + 4), type };
	put(b, header, sizeof(header));
	put(b, payload, length);
}

/* RTM_NEWLINK with an IFLA_IFNAME, as every link has one. */
static struct builder message_start(void)
{
	static const uint8_t start[] = { HEADER(0, 16, 0), LINK(7) };
	struct builder b = { 0 };
	put(&b, start, sizeof(start));
	attribute(&b, 3, "eth0", 5);
	return b;
}

/* Writes the length into the header. */
static void message_end(struct builder *b)
{
	uint32_t length = (uint32_t)b->length;
	memcpy(b->bytes, &length, sizeof(length));
}

static void put_mac(struct builder *b, uint32_t vf, uint8_t last)
{
	struct {
		uint32_t vf;
		uint8_t mac[32];
	} payload = { vf, { 0x02, 0, 0, 0, 0, last } };
	attribute(b, 1, &payload, sizeof(payload));
}

static void put_vlan(struct builder *b, uint32_t vf, uint32_t id, uint32_t qos)
{
	uint32_t payload[] = { vf, id, qos };
	attribute(b, 2, payload, sizeof(payload));
}

static void put_vlan_list(struct builder *b, const uint32_t vlan[3], uint8_t proto_high, uint8_t proto_low)
{
	struct {
		uint32_t vlan[3];
		uint8_t proto[4];
	} payload = { { vlan[0], vlan[1], vlan[2] }, { proto_high, proto_low } };
	size_t list = attribute_start(b, 12);
	attribute(b, 1, &payload, sizeof(payload));
	attribute_end(b, list);
}

/* One VF as kernels report it: MAC, VLAN, VLAN list, and things that are not known here. */
static void put_vf(struct builder *b, uint32_t vf, uint16_t vlan)
{
	uint32_t other[] = { vf, 1 };
	size_t info = attribute_start(b, 1);
	put_mac(b, vf, (uint8_t)vf);
	attribute(b, 13, "\0\0\0\0", 4);
	put_vlan(b, vf, vlan, 3);
	attribute(b, 4, other, sizeof(other));
	put_vlan_list(b, (uint32_t[]){ vf, vlan, 3 }, 0x88, 0xa8);
	attribute_end(b, info);
}

/* Decodes B from memory of its exact size, not aligned, and frees it; LIST may be NULL. */
static int decode(struct builder *b, struct vf_report **list, size_t *count)
{
	uint8_t *exact = malloc(b->length + 1);
	struct vf_report *found = NULL;
	assert_non_null(exact);
	memcpy(exact + 1, b->bytes, b->length);
	int r = vf_decode(exact + 1, b->length, &found, count);
	free(exact);
	free(b->bytes);
	if (r == 0 && list)
		*list = found;
	else
		free(found);
	return r;
}

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

/* As many VFs as one attribute holds, and the wrap-around of its length when there is one more. */
static void test_decode_large(void **state)
{
	struct builder b = message_start();
	struct vf_report *list = NULL;
	size_t vfs = attribute_start(&b, 22), count, most = 0;
	while (b.length - vfs + 44 <= 65535) {
		size_t info = attribute_start(&b, 1);
		put_mac(&b, (uint32_t)most, (uint8_t)most);
		attribute_end(&b, info);
		most++;
	}
	struct builder wrapped = { 0 };
	attribute_end(&b, vfs);
	message_end(&b);
	put(&wrapped, b.bytes, b.length);
	assert_int_equal(decode(&b, &list, &count), 0);
	assert_int_equal(count, most);
	assert_int_equal(list[most - 1].index, most - 1);
	free(list);
	size_t info = attribute_start(&wrapped, 1);
	put_mac(&wrapped, (uint32_t)most, 0);
	attribute_end(&wrapped, info);
	attribute_end(&wrapped, vfs);
	message_end(&wrapped);
	assert_int_equal(decode(&wrapped, NULL, &count), -EBADMSG);
}

/* What the kernel sends of a PF with COUNT VFs: how many there are, and a list whose length keeps its lower 16 bits. */
static struct builder message_of(uint32_t count)
{
	struct builder b = message_start();
	attribute(&b, 21, &count, sizeof(count));
	size_t vfs = attribute_start(&b, 22);
	for (uint32_t i = 0; i < count; i++)
		put_vf(&b, i, 7);
	attribute_end(&b, vfs);
	attribute(&b, 20, "after", 6);
	message_end(&b);
	return b;
}

/* A list that is cut off is known as such wherever its length seems to end: never a shorter list, nor only odd bytes. */
static void test_decode_cut_off(void **state)
{
	struct vf_report *list = NULL;
	struct builder one = message_of(1), two = message_of(2);
	size_t each = two.length - one.length, most = (UINT16_MAX - 4) / each, count;
	free(one.bytes);
	free(two.bytes);
	struct builder b = message_of((uint32_t)most);
	assert_int_equal(decode(&b, &list, &count), 0);
	assert_int_equal(count, most);
	free(list);
	for (uint32_t vfs = (uint32_t)most + 1; vfs <= 3 * most; vfs += 7) {
		b = message_of(vfs);
		assert_int_equal(decode(&b, NULL, &count), -EOVERFLOW);
	}
	/* 64 KiB to the byte, and a few: no length, and one that ends in the first VF, or with some VF. */
	static const uint16_t lengths[] = { 0, 3, 4, 5, 8, 40 };
	for (size_t i = 0; i <= sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint16_t length = (uint16_t)(4 + 2 * each);
		if (i < sizeof(lengths) / sizeof(lengths[0]))
			length = lengths[i];
		b = message_of((uint32_t)most + 1);
		/* Behind the name (12 bytes) and the number of VFs (8). */
		memcpy(b.bytes + 32 + 12 + 8, &length, sizeof(length));
		assert_int_equal(decode(&b, NULL, &count), -EOVERFLOW);
	}
	/* VFs that a driver in reset leaves out are missing, not cut off. */
	b = message_of(2);
	uint32_t three = 3;
	memcpy(b.bytes + 32 + 12 + 4, &three, sizeof(three));
	assert_int_equal(decode(&b, &list, &count), 0);
	assert_int_equal(count, 2);
	free(list);
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
		cmocka_unit_test(test_decode_no_vfs),
		cmocka_unit_test(test_decode_truncated),
		cmocka_unit_test(test_decode_flipped),
		cmocka_unit_test(test_decode_lying_lengths),
		cmocka_unit_test(test_decode_contradiction),
		cmocka_unit_test(test_decode_other_messages),
		cmocka_unit_test(test_decode_large),
		cmocka_unit_test(test_decode_cut_off),
		cmocka_unit_test(test_captured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
