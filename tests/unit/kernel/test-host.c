/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a host is ready for, as captured hosts show it. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/host.h"
#include "kernel/module.h"
#include "tree.h"

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

static void test_empty(void **state)
{
	const struct tree *tree = *state;
	struct host host;
	host_read(tree->kernel, &host);
	assert_string_equal(host.iommu, "");
	assert_string_equal(host.cpu, "");
	assert_false(host.noiommu);
	assert_int_equal(host.node, HOST_NODE_NONE);
}

static void test_full(void **state)
{
	const struct tree *tree = *state;
	struct host host;
	tree_folder(tree, "sys/class/iommu/dmar1/");
	tree_folder(tree, "sys/class/iommu/dmar0/");
	tree_file(tree, "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6");
	tree_file(tree, "sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y");
	tree_file(tree, "dev/vfio/vfio", "");
	host_read(tree->kernel, &host);
	assert_string_equal(host.iommu, "dmar0");
	assert_string_equal(host.cpu, "GenuineIntel");
	assert_true(host.noiommu);
	assert_int_equal(host.node, HOST_NODE_USABLE);
	tree_file(tree, "sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "N");
	host_read(tree->kernel, &host);
	assert_false(host.noiommu);
}

/* Longer than anything the kernel writes: cut off or left out, never beyond its place. */
static void test_hostile(void **state)
{
	const struct tree *tree = *state;
	char cpu[300] = "vendor_id : ", folder[200] = "sys/class/iommu/";
	struct host host;
	memset(cpu + strlen(cpu), 'x', sizeof(cpu) - 1 - strlen(cpu));
	memset(folder + strlen(folder), 'y', 100);
	strcat(folder, "/");
	tree_file(tree, "proc/cpuinfo", cpu);
	tree_folder(tree, folder);
	host_read(tree->kernel, &host);
	assert_int_equal(strlen(host.cpu), NAME_SIZE - 1);
	assert_string_equal(host.iommu, "");
}

/* A driver that is there is found under any spelling; of a captured host nobody knows what could be loaded. */
static void test_module(void **state)
{
	const struct tree *tree = *state;
	assert_int_equal(module_find_driver(tree->kernel, "vfio-pci"), -EROFS);
	tree_folder(tree, "sys/bus/pci/drivers/vfio-pci/");
	assert_int_equal(module_find_driver(tree->kernel, "vfio-pci"), 0);
	assert_int_equal(module_find_driver(tree->kernel, "vfio_pci"), 0);
	assert_int_equal(module_find_driver(tree->kernel, "../vfio-pci"), -EINVAL);
}

static void test_no_module(void **state)
{
	struct kernel *kernel = NULL;
	assert_int_equal(kernel_open("/", &kernel), 0);
	assert_int_equal(module_find_driver(kernel, "no-such-module-of-anybody"), -ENOENT);
	kernel_close(kernel);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
		cmocka_unit_test_setup_teardown(test_module, setup, teardown),
		cmocka_unit_test(test_no_module),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
