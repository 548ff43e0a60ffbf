/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/pci.h"
#include "tree.h"

/* Where the devices really are; sys/bus/pci/devices holds links. */
#define PF_FOLDER "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/"
#define VF_FOLDER "sys/devices/pci0000:00/0000:00:01.0/0000:01:10.2/"

static const struct pci_address pf = { .bus = 1 };
static const struct pci_address vf = { .bus = 1, .slot = 0x10, .function = 2 };

/* A PF and its VF 1, as a kernel with igb and vfio-pci shows them. */
static int setup(void **state)
{
	struct tree *tree = malloc(sizeof(*tree));
	assert_non_null(tree);
	*tree = tree_new();
	tree_file(tree, PF_FOLDER "class", "0x020000");
	tree_file(tree, PF_FOLDER "driver_override", "(null)");
	tree_file(tree, PF_FOLDER "sriov_totalvfs", "7");
	tree_file(tree, PF_FOLDER "sriov_numvfs", "not read: that could block");
	tree_file(tree, PF_FOLDER "sriov_offset", "128");
	tree_file(tree, PF_FOLDER "sriov_stride", "2");
	tree_link(tree, PF_FOLDER "driver", "../../../../bus/pci/drivers/igb");
	tree_link(tree, PF_FOLDER "iommu_group", "../../../../kernel/iommu_groups/1");
	tree_link(tree, PF_FOLDER "virtfn0", "../0000:01:10.0");
	tree_link(tree, PF_FOLDER "virtfn1", "../0000:01:10.2");
	tree_link(tree, PF_FOLDER "virtfn2", "../nonsense");
	tree_file(tree, VF_FOLDER "class", "0x020000");
	tree_file(tree, VF_FOLDER "driver_override", "vfio-pci");
	tree_link(tree, VF_FOLDER "driver", "../../../../bus/pci/drivers/vfio-pci");
	tree_link(tree, VF_FOLDER "iommu_group", "../../../../kernel/iommu_groups/13");
	tree_link(tree, VF_FOLDER "physfn", "../0000:01:00.0");
	tree_link(tree, "sys/bus/pci/devices/0000:01:10.2",
		  "../../../devices/pci0000:00/0000:00:01.0/0000:01:10.2");
	tree_link(tree, "sys/bus/pci/devices/0000:01:00.0",
		  "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
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

static struct pci_device read_device(const struct tree *tree, struct pci_address address)
{
	struct pci_device device, bound = { 0 };
	assert_int_equal(pci_read(tree->kernel, address, &device), 0);
	assert_int_equal(pci_compare(device.address, address), 0);
	/* The short look says the same. */
	assert_int_equal(pci_read_driver(tree->kernel, address, &bound), 0);
	assert_string_equal(bound.driver, device.driver);
	assert_int_equal(bound.vfio, device.vfio);
	return device;
}

static void test_pf(void **state)
{
	const struct tree *tree = *state;
	struct pci_device device = read_device(tree, pf);
	struct stat st;
	assert_int_equal(stat(tree_path(tree, PF_FOLDER), &st), 0);
	assert_int_equal(device.inode, st.st_ino);
	assert_int_equal(device.class, 0x020000);
	assert_int_equal(device.class >> 16, PCI_CLASS_NETWORK);
	assert_string_equal(device.driver, "igb");
	assert_string_equal(device.override, "");
	assert_false(device.vfio);
	assert_int_equal(device.iommu_group, 1);
	assert_false(device.is_vf);
	assert_int_equal(device.total_vfs, 7);
	assert_int_equal(device.num_vfs, 3);
	assert_int_equal(device.vf_offset, 128);
	assert_int_equal(device.vf_stride, 2);
}

/* However many VFs there are, they are counted. */
static void test_count(void **state)
{
	const struct tree *tree = *state;
	char path[96];
	tree_file(tree, "sys/bus/pci/devices/0000:05:00.0/sriov_totalvfs", "11");
	for (uint32_t count = 0; count <= 11; count++) {
		assert_int_equal(read_device(tree, (struct pci_address){ .bus = 5 }).num_vfs, count);
		snprintf(path, sizeof(path), "sys/bus/pci/devices/0000:05:00.0/virtfn%u", count);
		tree_link(tree, path, "../gone");
	}
}

static void test_vf(void **state)
{
	struct pci_device device = read_device(*state, vf);
	assert_string_equal(device.driver, "vfio-pci");
	assert_string_equal(device.override, "vfio-pci");
	assert_true(device.vfio);
	assert_int_equal(device.iommu_group, 13);
	assert_true(device.is_vf);
	assert_int_equal(pci_compare(device.pf, pf), 0);
	assert_int_equal(device.total_vfs, 0);
}

/* Where there is no IOMMU, VFIO can be made to make groups up. */
static void test_noiommu(void **state)
{
	const struct tree *tree = *state;
	assert_false(read_device(tree, vf).noiommu);
	tree_file(tree, "sys/kernel/iommu_groups/13/name", "other");
	assert_false(read_device(tree, vf).noiommu);
	tree_file(tree, "sys/kernel/iommu_groups/13/name", "vfio-noiommu");
	assert_true(read_device(tree, vf).noiommu);
	tree_file(tree, "sys/kernel/iommu_groups/1/name", "vfio-noiommu");
	assert_false(read_device(tree, pf).noiommu);
}

static void test_bare(void **state)
{
	const struct tree *tree = *state;
	tree_folder(tree, "sys/bus/pci/devices/0000:02:00.0/");
	struct pci_device device = read_device(tree, (struct pci_address){ .bus = 2 });
	assert_string_equal(device.driver, "");
	assert_string_equal(device.override, "");
	assert_int_equal(device.iommu_group, -1);
	assert_false(device.is_vf || device.vfio);
}

/* A variant driver is known by the folder that VFIO makes, not by its name. */
static void test_variant(void **state)
{
	const struct tree *tree = *state;
	tree_link(tree, "sys/bus/pci/devices/0000:02:00.0/driver", "../../../bus/pci/drivers/some_variant");
	assert_false(read_device(tree, (struct pci_address){ .bus = 2 }).vfio);
	tree_folder(tree, "sys/bus/pci/devices/0000:02:00.0/vfio-dev/vfio0/");
	assert_true(read_device(tree, (struct pci_address){ .bus = 2 }).vfio);
}

static void test_hostile(void **state)
{
	static const struct {
		const char *file, *text, *link;
		int error;
	} rows[] = {
		{ "class", "0xnetwork", NULL, -EBADMSG },
		{ "class", "", NULL, -EBADMSG },
		{ "class", "0x1234567890", NULL, -EBADMSG },
		{ "sriov_totalvfs", "-1", NULL, -EBADMSG },
		{ "sriov_stride", "11111111111111111111111111111111111111111111111", NULL, -EFBIG },
		{ "driver_override", "a23456789 123456789 123456789 123456789 123456789 123456789 1234", NULL,
		  -EFBIG },
		{ "driver", NULL, "a23456789-123456789-123456789-123456789-123456789-123456789-1234",
		  -ENAMETOOLONG },
		{ "iommu_group", NULL, "../many", -EBADMSG },
		{ "iommu_group", NULL, "../99999999999", -EBADMSG },
		{ "physfn", NULL, "../elsewhere", -EBADMSG },
	};
	const struct tree *tree = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pci_address address = { .bus = 3, .slot = (uint8_t)i };
		struct pci_device device;
		char path[128];
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/%s", pci_text(address).s, rows[i].file);
		if (rows[i].text)
			tree_file(tree, path, rows[i].text);
		else
			tree_link(tree, path, rows[i].link);
		assert_int_equal(pci_read(tree->kernel, address, &device), rows[i].error);
	}
}

static void test_gone(void **state)
{
	const struct tree *tree = *state;
	struct pci_device device;
	struct pci_address none = { .bus = 9 }, found;
	assert_int_equal(pci_read(tree->kernel, none, &device), -ENOENT);
	assert_int_equal(pci_read_driver(tree->kernel, none, &device), -ENOENT);
	/* A link that has lost its device. */
	tree_link(tree, "sys/bus/pci/devices/0000:09:00.0", "../../../devices/gone");
	assert_int_equal(pci_read(tree->kernel, none, &device), -ENOENT);
	assert_int_equal(pci_virtfn(tree->kernel, none, 0, &found), -ENOENT);
}

static void test_list(void **state)
{
	const struct tree *tree = *state;
	struct pci_address *list;
	size_t count;
	tree_folder(tree, "sys/bus/pci/devices/10000:00:00.0/");
	tree_folder(tree, "sys/bus/pci/devices/nonsense/");
	assert_int_equal(pci_list(tree->kernel, &list, &count), 0);
	assert_int_equal(count, 3);
	assert_string_equal(pci_text(list[0]).s, "0000:01:00.0");
	assert_string_equal(pci_text(list[1]).s, "0000:01:10.2");
	assert_string_equal(pci_text(list[2]).s, "10000:00:00.0");
	free(list);
}

static void test_list_long(void **state)
{
	const struct tree *tree = *state;
	struct pci_address *list;
	size_t count;
	for (unsigned i = 0; i < 200; i++) {
		char path[128];
		snprintf(path, sizeof(path), "sys/bus/pci/devices/0000:%02x:00.0/", 255 - i);
		tree_folder(tree, path);
	}
	assert_int_equal(pci_list(tree->kernel, &list, &count), 0);
	assert_int_equal(count, 202);
	for (size_t i = 1; i < count; i++)
		assert_true(pci_compare(list[i - 1], list[i]) < 0);
	free(list);
}

static void test_groups(void **state)
{
	const struct tree *tree = *state;
	struct pci_address *list;
	size_t count;
	assert_false(pci_has_iommu(tree->kernel));
	tree_folder(tree, "sys/kernel/iommu_groups/");
	assert_false(pci_has_iommu(tree->kernel));
	tree_folder(tree, "sys/kernel/iommu_groups/13/devices/0000:01:10.2/");
	tree_folder(tree, "sys/kernel/iommu_groups/13/devices/0000:01:00.0/");
	assert_true(pci_has_iommu(tree->kernel));
	assert_int_equal(pci_group_list(tree->kernel, 13, &list, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(pci_compare(list[0], pf), 0);
	free(list);
	assert_int_equal(pci_group_list(tree->kernel, 14, &list, &count), -ENOENT);
	assert_int_equal(pci_group_list(tree->kernel, -1, &list, &count), -ENOENT);
}

static void test_virtfn(void **state)
{
	const struct tree *tree = *state;
	struct pci_address address;
	assert_int_equal(pci_virtfn(tree->kernel, pf, 1, &address), 0);
	assert_int_equal(pci_compare(address, vf), 0);
	assert_int_equal(pci_virtfn(tree->kernel, pf, 3, &address), -ENOENT);
	assert_int_equal(pci_virtfn(tree->kernel, pf, UINT32_MAX, &address), -ENOENT);
	assert_int_equal(pci_virtfn(tree->kernel, pf, 2, &address), -EBADMSG);
}

/* A captured machine is never written to. */
static void test_changes(void **state)
{
	const struct tree *tree = *state;
	tree_file(tree, "sys/bus/pci/drivers_probe", "");
	assert_int_equal(pci_set_override(tree->kernel, vf, "igbvf"), -EROFS);
	assert_int_equal(pci_unbind(tree->kernel, vf), -EROFS);
	assert_int_equal(pci_probe(tree->kernel, vf), -EROFS);
	assert_string_equal(read_device(tree, vf).override, "vfio-pci");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_pf),        TEST(test_count),   TEST(test_vf),     TEST(test_bare),
		TEST(test_variant),   TEST(test_hostile), TEST(test_gone),   TEST(test_list),
		TEST(test_list_long), TEST(test_noiommu), TEST(test_groups), TEST(test_virtfn),
		TEST(test_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
