/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/vfio.h"
#include "tree.h"

/* VFIO has a class of devices since Linux 6.1, and one of groups unless it is built without them. */
static void test_groupless(void **state)
{
	struct tree tree = tree_new();
	assert_false(vfio_is_groupless(tree.kernel));
	tree_folder(&tree, "sys/class/vfio-dev/");
	assert_true(vfio_is_groupless(tree.kernel));
	tree_folder(&tree, "sys/class/vfio/");
	assert_false(vfio_is_groupless(tree.kernel));
	tree_done(&tree);
}

/* The node of a group is a character device; nothing on a captured machine is opened. */
static void test_nodes(void **state)
{
	struct tree tree = tree_new();
	struct vfio_holder holder;
	tree_file(&tree, "dev/vfio/7", "");
	assert_false(vfio_group_exists(tree.kernel, 7));
	assert_false(vfio_group_exists(tree.kernel, 8));
	assert_int_equal(vfio_group_open(tree.kernel, 7), -EROFS);
	assert_int_equal(vfio_group_holder(tree.kernel, 7, &holder), -ENOENT);
	tree_done(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groupless),
		cmocka_unit_test(test_nodes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
