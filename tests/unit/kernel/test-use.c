/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which addresses, routes and neighbours of a netdev count as use of it. */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <libmnl/libmnl.h>

#include "base/cleanup.h"
#include "kernel/netdev.h"
#include "kernel/use_message.h"
#include "tree.h"

#define IFINDEX 7

struct buffer {
	_Alignas(struct nlmsghdr) uint8_t bytes[512];
};

/* Puts the address TEXT as attribute TYPE behind MESSAGE; NULL or "" puts none. */
static void put_address(struct nlmsghdr *message, uint16_t type, const char *text)
{
	uint8_t bytes[16];
	int family = text && strchr(text, ':') ? AF_INET6 : AF_INET;
	if (!text || !*text)
		return;
	assert_int_equal(inet_pton(family, text, bytes), 1);
	mnl_attr_put(message, type, family == AF_INET ? 4 : 16, bytes);
}

static struct nlmsghdr *address_message(struct buffer *buffer, const char *address, int ifindex)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = RTM_NEWADDR;
	struct ifaddrmsg *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));
	head->ifa_family = strchr(address, ':') ? AF_INET6 : AF_INET;
	head->ifa_index = (uint32_t)ifindex;
	put_address(message, IFA_ADDRESS, address);
	return message;
}

struct route {
	uint8_t family, length, protocol;
	const char *to;
	uint32_t table;
	int ifindex;
	bool filtered;
};

static struct nlmsghdr *route_message(struct buffer *buffer, const struct route *route)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = RTM_NEWROUTE;
	message->nlmsg_flags = route->filtered ? NLM_F_DUMP_FILTERED : 0;
	struct rtmsg *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));
	head->rtm_family = route->family;
	head->rtm_dst_len = route->length;
	head->rtm_protocol = route->protocol;
	head->rtm_table = RT_TABLE_MAIN;
	put_address(message, RTA_DST, route->to);
	if (route->table)
		mnl_attr_put_u32(message, RTA_TABLE, route->table);
	if (route->ifindex)
		mnl_attr_put_u32(message, RTA_OIF, (uint32_t)route->ifindex);
	return message;
}

static void test_addresses(void **state)
{
	static const struct {
		const char *address;
		int ifindex;
		const char *use;
	} rows[] = {
		{ "10.0.0.5", IFINDEX, "10.0.0.5" },
		{ "10.0.0.5", IFINDEX + 1, "" },
		{ "169.254.1.2", IFINDEX, "" },
		{ "169.253.1.2", IFINDEX, "169.253.1.2" },
		{ "fe80::1", IFINDEX, "" },
		{ "febf::1", IFINDEX, "" },
		{ "fec0::1", IFINDEX, "fec0::1" },
		{ "2001:db8::1", IFINDEX, "2001:db8::1" },
		{ "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe", IFINDEX, "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct buffer buffer = { 0 };
		struct netdev_use use = { 0 };
		use_decode(address_message(&buffer, rows[i].address, rows[i].ifindex), IFINDEX, &use);
		assert_string_equal(use.address, rows[i].use);
	}
}

/* Of a point-to-point address the peer's stands in IFA_ADDRESS. */
static void test_peer(void **state)
{
	struct buffer buffer = { 0 };
	struct netdev_use use = { 0 };
	struct nlmsghdr *message = address_message(&buffer, "10.0.0.1", IFINDEX);
	put_address(message, IFA_LOCAL, "10.0.0.2");
	use_decode(message, IFINDEX, &use);
	assert_string_equal(use.address, "10.0.0.2");
}

#define V4 AF_INET
#define V6 AF_INET6

static void test_routes(void **state)
{
	static const struct {
		struct route route;
		const char *use;
		uint32_t table;
	} rows[] = {
		{ { V4, 16, RTPROT_BOOT, "10.1.0.0", 0, IFINDEX, false }, "10.1.0.0/16", RT_TABLE_MAIN },
		{ { V4, 16, RTPROT_BOOT, "10.1.0.0", 0, IFINDEX + 1, false }, "", 0 },
		{ { V4, 16, RTPROT_BOOT, "10.1.0.0", 0, 0, false }, "", 0 },
		/* The kernel picked it: one of several next hops, without a netdev of its own. */
		{ { V4, 16, RTPROT_BOOT, "10.1.0.0", 1000, 0, true }, "10.1.0.0/16", 1000 },
		{ { V4, 0, RTPROT_DHCP, NULL, 0, IFINDEX, false }, "default", RT_TABLE_MAIN },
		{ { V6, 0, RTPROT_RA, NULL, 0, IFINDEX, false }, "default", RT_TABLE_MAIN },
		{ { V6, 48, RTPROT_STATIC, "2001:db8::", 0, IFINDEX, false }, "2001:db8::/48", RT_TABLE_MAIN },
		/* What the kernel makes for itself, and the same made by somebody. */
		{ { V4, 16, RTPROT_KERNEL, "169.254.0.0", 0, IFINDEX, false }, "", 0 },
		{ { V4, 16, RTPROT_STATIC, "169.254.0.0", 0, IFINDEX, false }, "169.254.0.0/16", RT_TABLE_MAIN },
		{ { V6, 64, RTPROT_KERNEL, "fe80::", 0, IFINDEX, false }, "", 0 },
		{ { V6, 128, RTPROT_KERNEL, "fe80::1:2", RT_TABLE_LOCAL, IFINDEX, false }, "", 0 },
		{ { V6, 8, RTPROT_KERNEL, "ff00::", RT_TABLE_LOCAL, IFINDEX, false }, "", 0 },
		{ { V6, 8, RTPROT_STATIC, "ff00::", RT_TABLE_LOCAL, IFINDEX, false }, "ff00::/8", RT_TABLE_LOCAL },
		{ { V4, 4, RTPROT_KERNEL, "224.0.0.0", 0, IFINDEX, false }, "", 0 },
		/* Announced by a router, without an address. */
		{ { V6, 64, RTPROT_KERNEL, "2001:db8::", 0, IFINDEX, false }, "2001:db8::/64", RT_TABLE_MAIN },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct buffer buffer = { 0 };
		struct netdev_use use = { 0 };
		use_decode(route_message(&buffer, &rows[i].route), IFINDEX, &use);
		assert_string_equal(use.route, rows[i].use);
		assert_int_equal(use.route_table, rows[i].table);
		assert_true(!use.route[0] || use.route_ipv6 == (rows[i].route.family == V6));
	}
}

/* A route that somebody asked for says more than one that came by itself, whichever comes first. */
static void test_order(void **state)
{
	static const struct route asked = { V4, 8, RTPROT_STATIC, "10.0.0.0", 0, IFINDEX, false };
	static const struct route came = { V4, 24, RTPROT_KERNEL, "10.9.9.0", 0, IFINDEX, false };
	for (int turn = 0; turn < 2; turn++) {
		struct buffer buffer = { 0 };
		struct netdev_use use = { 0 };
		use_decode(route_message(&buffer, turn ? &asked : &came), IFINDEX, &use);
		buffer = (struct buffer){ 0 };
		use_decode(route_message(&buffer, turn ? &came : &asked), IFINDEX, &use);
		assert_string_equal(use.route, "10.0.0.0/8");
		assert_false(use.route_by_kernel);
	}
}

/* Messages cut short, addresses of the wrong size, other families: no use, and no reading behind the end. */
static void test_short(void **state)
{
	static const struct route route = { V6, 8, RTPROT_BOOT, "fd00::", 1000, IFINDEX, false };
	for (unsigned kind = 0; kind < 2; kind++) {
		struct buffer buffer = { 0 };
		struct nlmsghdr *message = kind ? route_message(&buffer, &route) :
						  address_message(&buffer, "fd00::1", IFINDEX);
		for (uint32_t length = sizeof(*message); length < message->nlmsg_len; length += NLMSG_ALIGNTO) {
			/* In memory of just that size, for the sanitizer to see. */
			struct nlmsghdr *cut = malloc(length);
			struct netdev_use use = { 0 };
			assert_non_null(cut);
			memcpy(cut, message, length);
			cut->nlmsg_len = length;
			use_decode(cut, IFINDEX, &use);
			assert_string_equal(use.address, "");
			free(cut);
		}
	}
	struct buffer buffer = { 0 };
	struct netdev_use use = { 0 };
	struct nlmsghdr *message = address_message(&buffer, "10.0.0.5", IFINDEX);
	((struct ifaddrmsg *)mnl_nlmsg_get_payload(message))->ifa_family = AF_INET6;
	use_decode(message, IFINDEX, &use);
	assert_string_equal(use.address, "");
}

/* The running kernel answers all four questions, about a netdev that is there and about one that is not. */
static void test_kernel(void **state)
{
	struct kernel *kernel = NULL;
	struct netdev_use use;
	struct netdev lo = { .ifindex = (int)if_nametoindex("lo"), .name = "lo" };
	assert_int_not_equal(lo.ifindex, 0);
	assert_int_equal(kernel_open("/", &kernel), 0);
	assert_int_equal(netdev_use(kernel, &lo, &use), 0);
	assert_string_equal(use.upper, "");
	lo = (struct netdev){ .ifindex = INT32_MAX, .name = "gone" };
	assert_int_equal(netdev_use(kernel, &lo, &use), 0);
	assert_string_equal(use.address, "");
	assert_string_equal(use.route, "");
	kernel_close(kernel);
}

/* Of a captured host it is known what stands on a netdev. */
static void test_upper(void **state)
{
	struct tree tree = tree_new();
	struct netdev netdev = { .ifindex = IFINDEX, .name = "eth0" };
	struct netdev_use use;
	assert_int_equal(netdev_use(tree.kernel, &netdev, &use), 0);
	assert_string_equal(use.upper, "");
	tree_link(&tree, "sys/class/net/eth0/upper_eth0.5", "../eth0.5");
	assert_int_equal(netdev_use(tree.kernel, &netdev, &use), 0);
	assert_string_equal(use.upper, "eth0.5");
	assert_false(use.has_master);
	tree_link(&tree, "sys/class/net/eth0/upper_br0", "../br0");
	tree_link(&tree, "sys/class/net/eth0/master", "../br0");
	assert_int_equal(netdev_use(tree.kernel, &netdev, &use), 0);
	assert_string_equal(use.upper, "br0");
	assert_true(use.has_master);
	tree_done(&tree);
}

static void test_libvirt(void **state)
{
	struct tree tree = tree_new();
	assert_false(netdev_libvirt_state(tree.kernel, "eth0", 1));
	tree_file(&tree, "run/libvirt/hostdevmgr/eth0_vf1", "{}");
	assert_true(netdev_libvirt_state(tree.kernel, "eth0", 1));
	assert_false(netdev_libvirt_state(tree.kernel, "eth0", 11));
	assert_false(netdev_libvirt_state(tree.kernel, "eth", 1));
	tree_done(&tree);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_peer),
		cmocka_unit_test(test_routes),    cmocka_unit_test(test_order),
		cmocka_unit_test(test_short),     cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_upper),     cmocka_unit_test(test_libvirt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
