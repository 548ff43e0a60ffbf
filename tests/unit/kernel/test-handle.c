/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Handles, and the small functions that read nothing but one thing: modules, VFIO groups. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/module.h"
#include "kernel/vfio.h"
#include "tree.h"
#include "types/uuid.h"

static int setup(void **state)
{
	struct tree *tree = malloc(sizeof(*tree));
	assert_non_null(tree);
	*tree = tree_new();
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

static void test_open(void **state)
{
	const struct tree *tree = *state;
	struct kernel *kernel = NULL;
	char path[128];
	assert_false(kernel_is_live(tree->kernel));
	assert_int_equal(kernel_open("/nowhere/at/all", &kernel), -ENOENT);
	/* A folder, but no machine. */
	snprintf(path, sizeof(path), "%s/sys", tree->root);
	assert_int_equal(kernel_open(path, &kernel), -ENOENT);
	snprintf(path, sizeof(path), "%s/file", tree->root);
	tree_file(tree, "file", "");
	assert_int_equal(kernel_open(path, &kernel), -ENOTDIR);
	assert_null(kernel);
	kernel_close(NULL);
	/* Other spellings of the running host. */
	assert_int_equal(kernel_open("//./", &kernel), 0);
	assert_true(kernel_is_live(kernel));
	kernel_close(kernel);
}

static void test_boot_id(void **state)
{
	const struct tree *tree = *state;
	struct uuid id;
	assert_int_equal(kernel_boot_id(tree->kernel, &id), -ENOENT);
	tree_file(tree, "proc/sys/kernel/random/boot_id", "6f4d1c5e-0b2a-4a3b-9c8d-7e6f5a4b3c2d");
	assert_int_equal(kernel_boot_id(tree->kernel, &id), 0);
	assert_string_equal(uuid_text(id).s, "6f4d1c5e-0b2a-4a3b-9c8d-7e6f5a4b3c2d");
	tree_file(tree, "proc/sys/kernel/random/boot_id", "nonsense");
	assert_int_equal(kernel_boot_id(tree->kernel, &id), -EINVAL);
}

static void test_machine_id(void **state)
{
	const struct tree *tree = *state;
	struct uuid id;
	assert_int_equal(kernel_machine_id(tree->kernel, &id), -ENOENT);
	tree_file(tree, "etc/machine-id", "uninitialized");
	assert_int_equal(kernel_machine_id(tree->kernel, &id), -ENOENT);
	tree_data(tree, "etc/machine-id", "", 0);
	assert_int_equal(kernel_machine_id(tree->kernel, &id), -ENOENT);
	tree_file(tree, "var/lib/dbus/machine-id", "00000000000000000000000000000002");
	assert_int_equal(kernel_machine_id(tree->kernel, &id), 0);
	assert_int_equal(id.byte[15], 2);
	tree_file(tree, "etc/machine-id", "00000000000000000000000000000001");
	assert_int_equal(kernel_machine_id(tree->kernel, &id), 0);
	assert_int_equal(id.byte[15], 1);
}

static void test_firmware_id(void **state)
{
	static const char path[] = "sys/class/dmi/id/product_uuid";
	const struct tree *tree = *state;
	struct uuid id;
	assert_int_equal(kernel_firmware_id(tree->kernel, &id), -ENOENT);
	tree_file(tree, path, "Not Settable");
	assert_int_equal(kernel_firmware_id(tree->kernel, &id), -ENOENT);
	tree_file(tree, path, "00000000-0000-0000-0000-000000000000");
	assert_int_equal(kernel_firmware_id(tree->kernel, &id), -ENOENT);
	tree_file(tree, path, "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF");
	assert_int_equal(kernel_firmware_id(tree->kernel, &id), -ENOENT);
	tree_file(tree, path, "4c4c4544-0038-4c10-8058-b7c04f384c32");
	assert_int_equal(kernel_firmware_id(tree->kernel, &id), 0);
	assert_int_equal(id.byte[0], 0x4c);
}

static void test_module(void **state)
{
	const struct tree *tree = *state;
	static const char *const bad[] = { "", "..", "a/b", "a b", "vfio-pci\n", "driver\xc3\xa4" };
	tree_folder(tree, "sys/bus/pci/drivers/vfio-pci/");
	tree_folder(tree, "sys/bus/pci/drivers/mlx5_vfio_pci/");
	assert_int_equal(module_load_driver(tree->kernel, "vfio-pci"), 0);
	assert_int_equal(module_load_driver(tree->kernel, "vfio_pci"), 0);
	assert_int_equal(module_load_driver(tree->kernel, "mlx5-vfio-pci"), 0);
	assert_int_equal(module_load_driver(tree->kernel, "igbvf"), -EROFS);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(module_load_driver(tree->kernel, bad[i]), -EINVAL);
	char *name = calloc(1, 1001);
	assert_non_null(name);
	memset(name, 'a', 1000);
	assert_int_equal(module_load_driver(tree->kernel, name), -EINVAL);
	free(name);
}

static void test_no_such_module(void **state)
{
	struct kernel *kernel;
	assert_int_equal(kernel_open("/", &kernel), 0);
	assert_int_equal(module_load_driver(kernel, "vfassign-test-no-such-module"), -ENOENT);
	kernel_close(kernel);
}

/* Without privileges there are no device nodes to be had: what is not one does not count. */
static void test_vfio(void **state)
{
	const struct tree *tree = *state;
	struct vfio_holder holder;
	tree_file(tree, "dev/vfio/8", "");
	tree_link(tree, "dev/vfio/9", "/dev/null");
	for (int group = 7; group <= 9; group++) {
		assert_false(vfio_group_exists(tree->kernel, group));
		assert_int_equal(vfio_group_open(tree->kernel, group), -EROFS);
		assert_int_equal(vfio_group_holder(tree->kernel, group, &holder), -ENOENT);
	}
	assert_false(vfio_group_exists(tree->kernel, -1));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_open),   TEST(test_boot_id),        TEST(test_machine_id),
		TEST(test_open),   TEST(test_boot_id),        TEST(test_firmware_id),
		TEST(test_module), TEST(test_no_such_module), TEST(test_vfio),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
