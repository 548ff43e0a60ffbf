/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Port profiles as netlink bytes: what is sent, byte for byte, and what is made of anything that may be received. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "kernel/port_message.h"
#include "message.h"
#include "types/port.h"

#define ZERO4 0, 0, 0, 0
#define ZERO8 ZERO4, ZERO4

#define INSTANCE \
	0x09, 0xb1, 0x1c, 0x53, 0x8b, 0x5c, 0x4e, 0xeb, 0x8f, 0x00, 0xd8, 0x4e, 0xaa, 0x0a, 0xaa, 0x4f
#define HOST 0x4c, 0x4c, 0x45, 0x44, 0x00, 0x38, 0x4c, 0x10, 0x80, 0x58, 0xb7, 0xc0, 0x4f, 0x38, 0x4c, 0x32

static const struct vf_target target = { 7, 300 };

static const struct port gold = {
	.kind = PORT_KIND_8021QBH,
	.profile = "gold",
	.instance = { { INSTANCE } },
	.host = { { HOST } },
};

static const struct port vsi = {
	.kind = PORT_KIND_8021QBG,
	.manager = 11,
	.type_id = 1193047,
	.version = 2,
	.instance = { { INSTANCE } },
	.mac = { { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 } },
	.vlan = 4095,
	.qos = 3,
};

/* 802.1Qbh, to the kernel: associate VF 300 with the profile "gold". */
static const uint8_t associate_bytes[] = {
	HEADER(140, 19, 5),     /* RTM_SETLINK, REQUEST | ACK */
	LINK(7),                /* of the PF's netdev */
	ATTR(108, 24 | NESTED), /* IFLA_VF_PORTS */
	ATTR(104, 1 | NESTED),  /* IFLA_VF_PORT */
	ATTR(8, 1),             /* IFLA_PORT_VF */
	U32(300),               /* the VF */
	ATTR(44, 2),            /* IFLA_PORT_PROFILE: PORT_PROFILE_MAX bytes, which is what enic insists on */
	'g',
	'o',
	'l',
	'd',
	ZERO4,
	ZERO8,
	ZERO8,
	ZERO8,
	ZERO8,
	ATTR(20, 4), /* IFLA_PORT_INSTANCE_UUID: the guest */
	INSTANCE,
	ATTR(20, 5), /* IFLA_PORT_HOST_UUID */
	HOST,
	ATTR(5, 6), /* IFLA_PORT_REQUEST */
	2,          /* ASSOCIATE */
	0,
	0,
	0, /* to the next multiple of 4 */
};

/* The same VF: disassociate. */
static const uint8_t disassociate_bytes[] = {
	HEADER(56, 19, 5), /* RTM_SETLINK, REQUEST | ACK */
	LINK(7),
	ATTR(24, 24 | NESTED), /* IFLA_VF_PORTS */
	ATTR(20, 1 | NESTED),  /* IFLA_VF_PORT */
	ATTR(8, 1),            /* IFLA_PORT_VF */
	U32(300),              /* the VF */
	ATTR(5, 6),            /* IFLA_PORT_REQUEST */
	3,                     /* DISASSOCIATE */
	0,
	0,
	0,
};

/* 802.1Qbg, to lldpad: the same message but for the request, the last number. */
#define VSI_BYTES(request) \
	HEADER(144, 19, 5),            /* RTM_SETLINK, REQUEST | ACK */ \
		LINK(7),               /* of the PF's netdev: lldpad's port */ \
		ATTR(64, 22 | NESTED), /* IFLA_VFINFO_LIST */ \
		ATTR(60, 1 | NESTED),  /* IFLA_VF_INFO */ \
		ATTR(40, 1),           /* IFLA_VF_MAC: struct ifla_vf_mac */ \
		U32(0xffffffff),       /* PORT_SELF_VF: lldpad knows no VFs */ \
		0x02, 0x11, 0x22, 0x33, 0x44, 0x55, 0, 0, ZERO8, ZERO8, ZERO8, /* in MAX_ADDR_LEN bytes */ \
		ATTR(16, 2),                        /* IFLA_VF_VLAN: struct ifla_vf_vlan */ \
		U32(0xffffffff), U32(4095), U32(3), /* PORT_SELF_VF, the VLAN id, the priority */ \
		ATTR(48, 24 | NESTED),              /* IFLA_VF_PORTS */ \
		ATTR(44, 1 | NESTED),               /* IFLA_VF_PORT */ \
		ATTR(12, 3),                        /* IFLA_PORT_VSI_TYPE: struct ifla_port_vsi */ \
		11,                                 /* the manager's id */ \
		0x57, 0x34, 0x12,                   /* the type's id, 1193047, lowest byte first */ \
		2,                                  /* its version */ \
		0, 0, 0,                            /* to the end of the structure */ \
		ATTR(20, 4), INSTANCE,              /* IFLA_PORT_INSTANCE_UUID */ \
		ATTR(5, 6), (request), 0, 0, 0      /* IFLA_PORT_REQUEST */

static const uint8_t vsi_associate_bytes[] = { VSI_BYTES(2) };
static const uint8_t vsi_disassociate_bytes[] = { VSI_BYTES(3) };

static const struct {
	const struct port *port;
	enum port_request request;
	const uint8_t *bytes;
	size_t length;
} messages[] = {
	{ &gold, PORT_ASSOCIATE, associate_bytes, sizeof(associate_bytes) },
	{ &gold, PORT_DISASSOCIATE, disassociate_bytes, sizeof(disassociate_bytes) },
	{ &vsi, PORT_ASSOCIATE, vsi_associate_bytes, sizeof(vsi_associate_bytes) },
	{ &vsi, PORT_DISASSOCIATE, vsi_disassociate_bytes, sizeof(vsi_disassociate_bytes) },
};

static void test_encode(void **state)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		_Alignas(struct nlmsghdr) uint8_t buf[PORT_MESSAGE_SIZE];
		struct nlmsghdr header;
		memset(buf, 0xee, sizeof(buf));
		assert_int_equal(port_encode(buf, target, messages[i].request, messages[i].port), 0);
		memcpy(&header, buf, sizeof(header));
		assert_int_equal(header.nlmsg_len, messages[i].length);
		assert_memory_equal(buf, messages[i].bytes, messages[i].length);
	}
	_Alignas(struct nlmsghdr) uint8_t buf[PORT_MESSAGE_SIZE];
	struct port none = { .kind = PORT_KIND_NONE };
	assert_int_equal(port_encode(buf, target, PORT_ASSOCIATE, &none), -EINVAL);
}

/* A host that nobody knows is not told as one that is all zero. */
static void test_encode_without_host(void **state)
{
	_Alignas(struct nlmsghdr) uint8_t buf[PORT_MESSAGE_SIZE];
	struct port port = gold;
	struct nlmsghdr header;
	memset(&port.host, 0, sizeof(port.host));
	assert_int_equal(port_encode(buf, target, PORT_ASSOCIATE, &port), 0);
	memcpy(&header, buf, sizeof(header));
	assert_int_equal(header.nlmsg_len, sizeof(associate_bytes) - 20);
}

/* ---- the same, read by libmnl ---- */

struct table {
	const struct nlattr *of[32];
};

static int keep(const struct nlattr *attribute, void *data)
{
	struct table *table = data;
	assert_in_range(mnl_attr_get_type(attribute), 0, 31);
	assert_null(table->of[mnl_attr_get_type(attribute)]);
	table->of[mnl_attr_get_type(attribute)] = attribute;
	return MNL_CB_OK;
}

static struct table nested(const struct nlattr *attribute)
{
	struct table table = { 0 };
	assert_non_null(attribute);
	assert_true(mnl_attr_parse_nested(attribute, keep, &table) > 0);
	return table;
}

static struct table parse(enum port_request request, const struct port *port, void *buf)
{
	struct table table = { 0 };
	assert_int_equal(port_encode(buf, target, request, port), 0);
	assert_true(mnl_attr_parse(buf, sizeof(struct ifinfomsg), keep, &table) > 0);
	return table;
}

static void check_payload(const struct nlattr *attribute, const void *expected, size_t length)
{
	assert_non_null(attribute);
	assert_int_equal(mnl_attr_get_payload_len(attribute), length);
	assert_memory_equal(mnl_attr_get_payload(attribute), expected, length);
}

static void test_read_8021qbh(void **state)
{
	_Alignas(struct nlmsghdr) uint8_t buf[PORT_MESSAGE_SIZE];
	struct table link = parse(PORT_ASSOCIATE, &gold, buf);
	struct table ports = nested(link.of[IFLA_VF_PORTS]), port = nested(ports.of[IFLA_VF_PORT]);
	assert_null(link.of[IFLA_VFINFO_LIST]);
	assert_int_equal(mnl_attr_get_u32(port.of[IFLA_PORT_VF]), 300);
	assert_int_equal(mnl_attr_validate(port.of[IFLA_PORT_PROFILE], MNL_TYPE_NUL_STRING), 0);
	assert_string_equal(mnl_attr_get_str(port.of[IFLA_PORT_PROFILE]), "gold");
	assert_int_equal(mnl_attr_get_payload_len(port.of[IFLA_PORT_PROFILE]), PORT_PROFILE_MAX);
	check_payload(port.of[IFLA_PORT_INSTANCE_UUID], gold.instance.byte, PORT_UUID_MAX);
	check_payload(port.of[IFLA_PORT_HOST_UUID], gold.host.byte, PORT_UUID_MAX);
	assert_int_equal(mnl_attr_get_u8(port.of[IFLA_PORT_REQUEST]), PORT_ASSOCIATE);
	assert_null(port.of[IFLA_PORT_VSI_TYPE]);
	assert_null(port.of[IFLA_PORT_RESPONSE]);
}

static void test_read_8021qbg(void **state)
{
	_Alignas(struct nlmsghdr) uint8_t buf[PORT_MESSAGE_SIZE];
	struct table link = parse(PORT_DISASSOCIATE, &vsi, buf);
	struct table list = nested(link.of[IFLA_VFINFO_LIST]), info = nested(list.of[IFLA_VF_INFO]);
	struct table ports = nested(link.of[IFLA_VF_PORTS]), port = nested(ports.of[IFLA_VF_PORT]);
	struct ifla_vf_mac mac = { .vf = (uint32_t)PORT_SELF_VF, .mac = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 } };
	struct ifla_vf_vlan vlan = { .vf = (uint32_t)PORT_SELF_VF, .vlan = 4095, .qos = 3 };
	struct ifla_port_vsi type = { .vsi_mgr_id = 11,
				      .vsi_type_id = { 0x57, 0x34, 0x12 },
				      .vsi_type_version = 2 };
	check_payload(info.of[IFLA_VF_MAC], &mac, sizeof(mac));
	check_payload(info.of[IFLA_VF_VLAN], &vlan, sizeof(vlan));
	check_payload(port.of[IFLA_PORT_VSI_TYPE], &type, sizeof(type));
	check_payload(port.of[IFLA_PORT_INSTANCE_UUID], vsi.instance.byte, PORT_UUID_MAX);
	assert_int_equal(mnl_attr_get_u8(port.of[IFLA_PORT_REQUEST]), PORT_DISASSOCIATE);
	assert_null(port.of[IFLA_PORT_PROFILE]);
}

/* ---- decoding ---- */

#define ENTRY(length) ATTR(length, 1 | NESTED)

/* As enic has it: the request in two bytes, the whole profile. */
static const uint8_t enic_bytes[] = {
	ENTRY(112), ATTR(8, 1), U32(3),      ATTR(6, 6),  U16(2),   0,           0,    ATTR(6, 7), U16(0x100),
	0,          0,          ATTR(44, 2), 'g',         'o',      'l',         'd',  ZERO4,      ZERO8,
	ZERO8,      ZERO8,      ZERO8,       ATTR(20, 4), INSTANCE, ATTR(20, 5), HOST,
};
/* As lldpad has it: any order, no request. */
static const uint8_t lldpad_bytes[] = { ENTRY(40),  ATTR(20, 4), INSTANCE, ATTR(8, 1), U32(0xffffffff),
					ATTR(6, 7), U16(0),      0,        0 };
static const uint8_t lldpad_waiting_bytes[] = { ENTRY(32), ATTR(20, 4), INSTANCE, ATTR(8, 1), U32(0xffffffff) };
static const uint8_t ended_bytes[] = { ENTRY(28), ATTR(8, 1), U32(3),     ATTR(5, 6), 3, 0,
				       0,         0,          ATTR(6, 7), U16(0x100), 0, 0 };
static const uint8_t ending_bytes[] = { ENTRY(28), ATTR(8, 1), U32(3),     ATTR(5, 6), 3, 0,
					0,         0,          ATTR(6, 7), U16(0x101), 0, 0 };
static const uint8_t preassociated_bytes[] = { ENTRY(28), ATTR(8, 1), U32(3),     ATTR(5, 6), 0, 0,
					       0,         0,          ATTR(6, 7), U16(0x100), 0, 0 };
static const uint8_t failed_bytes[] = { ENTRY(28), ATTR(8, 1), U32(3),     ATTR(5, 6), 2, 0,
					0,         0,          ATTR(6, 7), U16(0x104), 0, 0 };

static const struct {
	const uint8_t *bytes;
	size_t length;
	uint32_t vf;
	enum port_kind kind;
	uint16_t response;
	bool instance;
} answers[] = {
	{ enic_bytes, sizeof(enic_bytes), 3, PORT_KIND_8021QBH, PORT_SUCCESS, true },
	{ lldpad_bytes, sizeof(lldpad_bytes), 0xffffffff, PORT_KIND_8021QBG, PORT_SUCCESS, true },
	{ lldpad_waiting_bytes, sizeof(lldpad_waiting_bytes), 0xffffffff, PORT_KIND_8021QBG, PORT_IN_PROGRESS,
	  true },
	{ ended_bytes, sizeof(ended_bytes), 3, PORT_KIND_NONE, PORT_SUCCESS, false },
	{ ending_bytes, sizeof(ending_bytes), 3, PORT_KIND_NONE, PORT_IN_PROGRESS, false },
	{ preassociated_bytes, sizeof(preassociated_bytes), 3, PORT_KIND_8021QBH, PORT_PREASSOCIATED, false },
	{ failed_bytes, sizeof(failed_bytes), 3, PORT_KIND_8021QBH, 0x104, false },
};

/* Decodes LENGTH bytes from memory of their exact size, not aligned. */
static int decode_ports(const uint8_t *bytes, size_t length, struct port_report **list, size_t *count)
{
	uint8_t *exact = malloc(length + 1);
	assert_non_null(exact);
	memcpy(exact + 1, bytes, length);
	int r = port_decode((struct span){ exact + 1, length }, list, count);
	free(exact);
	return r;
}

static void test_decode(void **state)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct port_report *list = NULL;
		size_t count = 0;
		assert_int_equal(decode_ports(answers[i].bytes, answers[i].length, &list, &count), 0);
		assert_int_equal(count, 1);
		assert_int_equal(list[0].vf, answers[i].vf);
		assert_int_equal(list[0].port.kind, answers[i].kind);
		assert_int_equal(list[0].port.response, answers[i].response);
		assert_int_equal(uuid_equal(list[0].port.instance, gold.instance), answers[i].instance);
		free(list);
	}
}

static void test_decode_enic(void **state)
{
	struct port_report *list = NULL;
	size_t count = 0;
	assert_int_equal(decode_ports(enic_bytes, sizeof(enic_bytes), &list, &count), 0);
	assert_true(port_equal(&list[0].port, &gold));
	assert_true(uuid_equal(list[0].port.host, gold.host));
	free(list);
}

/* A profile that has no NUL, or is longer than any can be, is cut. */
static void test_decode_long_profile(void **state)
{
	uint8_t bytes[4 + 8 + 4 + 60] = { ENTRY(sizeof(bytes)), ATTR(8, 1), U32(3), ATTR(64, 2) };
	struct port_report *list = NULL;
	size_t count = 0;
	memset(bytes + 16, 'x', 60);
	assert_int_equal(decode_ports(bytes, sizeof(bytes), &list, &count), 0);
	assert_int_equal(strlen(list[0].port.profile), PORT_PROFILE_SIZE - 1);
	free(list);
}

/* Wherever it is cut off, and whatever any one byte is, it is an error or a report; never a crash. */
static void test_decode_damaged(void **state)
{
	for (size_t at = 0; at < sizeof(enic_bytes); at++) {
		struct port_report *list = NULL;
		size_t count = 0;
		int r = decode_ports(enic_bytes, at, &list, &count);
		assert_int_equal(r, at == 0 ? 0 : -EBADMSG);
		free(list);
		for (unsigned byte = 0; byte < 256; byte++) {
			uint8_t flipped[sizeof(enic_bytes)];
			memcpy(flipped, enic_bytes, sizeof(flipped));
			flipped[at] = (uint8_t)byte;
			list = NULL;
			r = decode_ports(flipped, sizeof(flipped), &list, &count);
			assert_true(r == 0 || r == -EBADMSG);
			free(list);
		}
	}
}

static void test_decode_nobody(void **state)
{
	static const uint8_t bytes[] = { ENTRY(12), ATTR(8, 7), U32(0x100) };
	struct port_report *list = NULL;
	size_t count = 9;
	assert_int_equal(decode_ports(bytes, sizeof(bytes), &list, &count), -EBADMSG);
	assert_int_equal(count, 9);
}

/* ---- in what the kernel reports of a PF ---- */

static struct vf_report *decode_link(struct builder *b, size_t *count)
{
	struct vf_report *list = NULL;
	message_end(b);
	assert_int_equal(decode(b, &list, count), 0);
	return list;
}

/* Beside MACs and VLANs: the VF that is not among the ports has no profile. Without ports, none is reported of any. */
static void test_link(void **state)
{
	for (int with = 0; with < 2; with++) {
		struct builder b = message_start();
		size_t count, vfs = attribute_start(&b, 22);
		put_vf(&b, 2, 42);
		put_vf(&b, 3, 43);
		attribute_end(&b, vfs);
		if (with)
			attribute(&b, 24, enic_bytes, sizeof(enic_bytes));
		struct vf_report *list = decode_link(&b, &count);
		assert_int_equal(count, 2);
		assert_int_equal(list[0].settings.of[SETTING_PORT].present, with);
		assert_int_equal(list[1].settings.of[SETTING_PORT].present, with);
		assert_int_equal(list[0].settings.of[SETTING_PORT].port.kind, PORT_KIND_NONE);
		assert_true(!with || port_equal(&list[1].settings.of[SETTING_PORT].port, &gold));
		assert_int_equal(list[1].settings.of[SETTING_VLAN].vlan.id, 43);
		free(list);
	}
}

/* enic tells nothing of its VFs but their number, and the ports that were ever asked for. */
static void test_link_enic(void **state)
{
	struct builder b = message_start();
	uint32_t number = 5;
	size_t count;
	attribute(&b, 21, &number, sizeof(number));
	attribute(&b, 24, enic_bytes, sizeof(enic_bytes));
	struct vf_report *list = decode_link(&b, &count);
	assert_int_equal(count, 5);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(list[i].index, i);
		assert_false(list[i].settings.of[SETTING_MAC].present);
		assert_true(list[i].settings.of[SETTING_PORT].present);
		assert_int_equal(list[i].settings.of[SETTING_PORT].port.kind,
				 i == 3 ? PORT_KIND_8021QBH : PORT_KIND_NONE);
	}
	free(list);
}

static void test_link_absurd(void **state)
{
	struct builder b = message_start();
	uint32_t number = 0x7fffffff;
	size_t count;
	attribute(&b, 21, &number, sizeof(number));
	attribute(&b, 24, enic_bytes, sizeof(enic_bytes));
	message_end(&b);
	assert_int_equal(decode(&b, NULL, &count), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_without_host),
		cmocka_unit_test(test_read_8021qbh),
		cmocka_unit_test(test_read_8021qbg),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_decode_enic),
		cmocka_unit_test(test_decode_long_profile),
		cmocka_unit_test(test_decode_damaged),
		cmocka_unit_test(test_decode_nobody),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_link_enic),
		cmocka_unit_test(test_link_absurd),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
