/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/netdev.h"
#include "tree.h"

#define FOLDER "sys/bus/pci/devices/0000:01:00.0/"

static const struct pci_address address = { .bus = 1 };

static int setup(void **state)
{
	struct tree *tree = malloc(sizeof(*tree));
	assert_non_null(tree);
	*tree = tree_new();
	tree_folder(tree, FOLDER);
	*state = tree;
	return 0;
}

static int teardown(void **state)
{
	struct tree *tree = *state;
	tree_done(tree);
	free(tree);
	return 0;
}

/* Makes file FILE of netdev NAME with TEXT. */
static void netdev_file(const struct tree *tree, const char *name, const char *file, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), FOLDER "net/%s/%s", name, file);
	tree_file(tree, path, text);
}

/* A netdev as the kernel shows it. */
static void netdev_new(const struct tree *tree, const char *name, const char *ifindex)
{
	netdev_file(tree, name, "ifindex", ifindex);
	netdev_file(tree, name, "mtu", "1500");
	netdev_file(tree, name, "flags", "0x1003");
	netdev_file(tree, name, "address", "52:54:00:aa:00:01");
	netdev_file(tree, name, "addr_assign_type", "3");
	netdev_file(tree, name, "dev_port", "1");
}

static size_t list(const struct tree *tree, struct netdev **ret)
{
	size_t count = 99;
	assert_int_equal(netdev_list(tree->kernel, address, ret, &count), 0);
	return count;
}

static void test_none(void **state)
{
	const struct tree *tree = *state;
	struct netdev *netdevs = NULL;
	size_t count;
	assert_int_equal(list(tree, &netdevs), 0);
	free(netdevs);
	tree_folder(tree, FOLDER "net/");
	assert_int_equal(list(tree, &netdevs), 0);
	free(netdevs);
	assert_int_equal(netdev_list(tree->kernel, (struct pci_address){ .bus = 2 }, &netdevs, &count),
			 -ENOENT);
}

static void test_one(void **state)
{
	const struct tree *tree = *state;
	struct netdev *netdevs;
	netdev_new(tree, "eth0", "4");
	netdev_file(tree, "eth0", "phys_port_name", "p0");
	assert_int_equal(list(tree, &netdevs), 1);
	assert_int_equal(netdevs->ifindex, 4);
	assert_string_equal(netdevs->name, "eth0");
	assert_string_equal(mac_text(netdevs->mac).s, "52:54:00:aa:00:01");
	assert_int_equal(netdevs->mtu, 1500);
	assert_true(netdevs->up);
	assert_int_equal(netdevs->addr_assign_type, 3);
	assert_string_equal(netdevs->phys_port_name, "p0");
	assert_int_equal(netdevs->dev_port, 1);
	free(netdevs);
}

static void test_several(void **state)
{
	const struct tree *tree = *state;
	struct netdev *netdevs;
	netdev_new(tree, "eth0", "12");
	netdev_new(tree, "eth1", "4");
	netdev_new(tree, "eth2", "2147483647");
	netdev_file(tree, "eth1", "flags", "0x1002");
	assert_int_equal(list(tree, &netdevs), 3);
	assert_string_equal(netdevs[0].name, "eth1");
	assert_false(netdevs[0].up);
	assert_string_equal(netdevs[0].phys_port_name, "");
	assert_string_equal(netdevs[1].name, "eth0");
	assert_int_equal(netdevs[2].ifindex, INT32_MAX);
	free(netdevs);
}

/* Its files are gone, or its folder is: there is no netdev. */
static void test_vanishing(void **state)
{
	const struct tree *tree = *state;
	struct netdev *netdevs;
	netdev_new(tree, "eth0", "12");
	tree_folder(tree, FOLDER "net/eth1/");
	tree_link(tree, FOLDER "net/eth2", "../../gone");
	assert_int_equal(list(tree, &netdevs), 1);
	assert_string_equal(netdevs->name, "eth0");
	free(netdevs);
}

static void test_infiniband(void **state)
{
	const struct tree *tree = *state;
	struct netdev *netdevs;
	netdev_new(tree, "ib0", "12");
	netdev_file(tree, "ib0", "address", "80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:31:78:f1");
	assert_int_equal(list(tree, &netdevs), 1);
	assert_true(mac_is_zero(netdevs->mac));
	free(netdevs);
}

static void test_hostile(void **state)
{
	static const struct {
		const char *file, *text;
		int error;
	} rows[] = {
		{ "ifindex", "four", -EBADMSG },
		{ "ifindex", "2147483648", -EBADMSG },
		{ "mtu", "4294967296", -EBADMSG },
		{ "flags", "0x", -EBADMSG },
		{ "addr_assign_type", "256", -EBADMSG },
		{ "dev_port", "65536", -EBADMSG },
		{ "mtu", "0000000000000000000000000000000000000000000", -EFBIG },
	};
	const struct tree *tree = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct netdev *netdevs;
		size_t count;
		netdev_new(tree, "eth0", "12");
		netdev_file(tree, "eth0", rows[i].file, rows[i].text);
		assert_int_equal(netdev_list(tree->kernel, address, &netdevs, &count), rows[i].error);
	}
}

/* Odd texts that are no reason to refuse. */
static void test_tolerant(void **state)
{
	const struct tree *tree = *state;
	struct netdev *netdevs;
	netdev_new(tree, "eth0", "12");
	netdev_file(tree, "eth0", "address", "nonsense");
	netdev_file(tree, "eth0", "phys_port_name",
		    "a23456789 123456789 123456789 123456789 123456789 123456789 123456789");
	assert_int_equal(list(tree, &netdevs), 1);
	assert_true(mac_is_zero(netdevs->mac));
	assert_string_equal(netdevs->phys_port_name, "");
	free(netdevs);
}

static void test_long_name(void **state)
{
	const struct tree *tree = *state;
	struct netdev *netdevs;
	size_t count;
	netdev_new(tree, "a23456789-123456789-123456789-123456789-123456789-123456789-1234", "12");
	assert_int_equal(netdev_list(tree->kernel, address, &netdevs, &count), -ENAMETOOLONG);
}

static void test_udev(void **state)
{
	const struct tree *tree = *state;
	assert_true(netdev_udev_settled(tree->kernel, 4));
	tree_file(tree, "run/udev/control", "");
	assert_false(netdev_udev_settled(tree->kernel, 4));
	tree_file(tree, "run/udev/data/n4", "E:ID_NET_NAME=eth0");
	assert_true(netdev_udev_settled(tree->kernel, 4));
	assert_false(netdev_udev_settled(tree->kernel, 40));
}

/* Netdev NAME below /sys/class/net, a port PORT of switch ID. */
static void port_new(const struct tree *tree, const char *name, const char *id, const char *port)
{
	char path[256];
	snprintf(path, sizeof(path), "sys/class/net/%s/phys_switch_id", name);
	tree_file(tree, path, id);
	snprintf(path, sizeof(path), "sys/class/net/%s/phys_port_name", name);
	tree_file(tree, path, port);
}

static void test_switch_ports(void **state)
{
	const struct tree *tree = *state;
	struct netdev netdev = { .ifindex = 4, .name = "eth0" };
	struct switch_port *list = NULL;
	size_t count = 99;
	/* A host without /sys/class/net, and a card without a switch. */
	assert_int_equal(netdev_switch_ports(tree->kernel, &netdev, &list, &count), 0);
	assert_int_equal(count, 0);
	free(list);
	tree_folder(tree, "sys/class/net/eth0/");
	tree_folder(tree, "sys/class/net/lo/");
	assert_int_equal(netdev_switch_ports(tree->kernel, &netdev, &list, &count), 0);
	assert_int_equal(count, 0);
	free(list);
	assert_string_equal(netdev_port_id(tree->kernel, &netdev).s, "");
	tree_file(tree, "sys/class/net/eth0/phys_port_id", "0002c903004d4e5f");
	assert_string_equal(netdev_port_id(tree->kernel, &netdev).s, "0002c903004d4e5f");
	port_new(tree, "eth0", "abcd", "p0");
	port_new(tree, "eth2", "abcd", "pf0vf1");
	port_new(tree, "eth1", "abcd", "pf0vf0");
	port_new(tree, "eth3", "abcdef", "pf0vf2");
	port_new(tree, "eth4", "", "pf0vf3");
	assert_int_equal(netdev_switch_ports(tree->kernel, &netdev, &list, &count), 0);
	assert_int_equal(count, 3);
	assert_string_equal(list[0].netdev, "eth0");
	assert_string_equal(list[0].name, "p0");
	assert_string_equal(list[1].netdev, "eth1");
	assert_string_equal(list[2].netdev, "eth2");
	assert_string_equal(list[2].name, "pf0vf1");
	free(list);
}

static void test_set(void **state)
{
	const struct tree *tree = *state;
	struct kernel_words words = { "before" };
	struct value up = value_flag(true);
	assert_int_equal(netdev_set(tree->kernel, 4, SETTING_NETDEV_UP, &up, &words), -EROFS);
	assert_string_equal(words.s, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_none),       TEST(test_one),     TEST(test_several),      TEST(test_vanishing),
		TEST(test_infiniband), TEST(test_hostile), TEST(test_tolerant),     TEST(test_long_name),
		TEST(test_udev),       TEST(test_set),     TEST(test_switch_ports),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
