/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The verbs on a host that uses its VFs itself. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake/world.h"
#include "kernel/device.h"

static int setup(void **state)
{
	*state = world_new();
	return 0;
}

static int teardown(void **state)
{
	world_free(*state);
	return 0;
}

static const struct vfassign_request force = { .force = true };

/* What the host or libvirt does with a VF is in the way until somebody says --force, and then said. */
static void test_force(void **state)
{
	static const struct netdev_use use = { .address = "10.0.0.5" };
	struct world *world = *state;
	fake_use_netdev(world->host, VF1, &use);
	fake_libvirt_state(world->host, VF1);
	assert_int_equal(world_prepare(world, xml_one), 3);
	assert_true(world_said(world, VFASSIGN_BUSY, "it has the address 10.0.0.5"));
	assert_true(world_said(world, VFASSIGN_BUSY, "libvirt has state for " VF1));
	world_assert_before(world);
	assert_int_equal(world_prepare_as(world, xml_one, &force), 0);
	assert_true(world_said(world, VFASSIGN_BUSY, "it has the address 10.0.0.5"));
	assert_true(world_said(world, VFASSIGN_BUSY, "libvirt has state for " VF1));
	world_assert_given(world, VF1, "52:54:00:00:00:01", 42);
	assert_int_equal(world_release_guest(world, "g1"), 0);
	world_assert_before(world);
}

/* It is about the host's use only: what is on record or held stays refused. */
static void test_force_not(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_one), 0);
	assert_int_equal(world_prepare_as(world, xml_one, &force), 3);
	assert_true(world_said(world, VFASSIGN_BUSY, "is assigned for guest g1"));
	assert_int_equal(world_release_guest(world, "g1"), 0);
	world_assert_before(world);
	fake_set(world->host, VF1, SETTING_DRIVER, value_name("vfio-pci"));
	fake_hold_group(world->host, fake_group(world->host, VF1), 0);
	assert_int_equal(world_prepare_as(world, xml_one, &force), 3);
	assert_true(world_said(world, VFASSIGN_BUSY, "is in use by a process that is not visible"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_force, setup, teardown),
		cmocka_unit_test_setup_teardown(test_force_not, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
