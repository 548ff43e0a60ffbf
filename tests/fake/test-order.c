/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Every change that prepare and release make, in order, on a host that takes no other: a call that is missing, added, or another
 * one fails.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vfassign.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "fake/kernel.h"
#include "world.h"

/* A world that works on JOBS devices at a time; 0: on as many as it likes. */
static struct world *world_with_jobs(unsigned jobs)
{
	struct world *world = world_new();
	struct vfassign_options options = { .root = world->root, .jobs = jobs, .timeout_ms = 30 };
	vfassign_free(world->context);
	assert_int_equal(vfassign_new(&options, &world->context, NULL), 0);
	return world;
}

/* What prepare does to one VF, and what release does, which is not the same backwards. */
static const char prepare_one[] = "load vfio-pci\n"
				  "vf_set " PF " vf 1 mac 52:54:00:00:00:01\n"
				  "vf_set " PF " vf 1 vlan 42\n"
				  "override " VF1 " vfio-pci\n"
				  "unbind " VF1 "\n"
				  "probe " VF1 "\n";
static const char release_one[] = "vf_set " PF " vf 1 vlan 7 qos 3\n"
				  "vf_set " PF " vf 1 mac 02:ad:00:00:00:01\n"
				  "override " VF1 " igbvf\n"
				  "unbind " VF1 "\n"
				  "probe " VF1 "\n"
				  "override " VF1 " none\n"
				  "netdev_set " VF1 " netdevMtu 1400\n"
				  "netdev_set " VF1 " netdevName uplink1\n"
				  "netdev_set " VF1 " netdevUp yes\n";

/* One after the other; VF2 is on no driver. */
static const char prepare_three[] = "load vfio-pci\n"
				    "vf_set " PF " vf 0 mac 52:54:00:00:00:00\n"
				    "vf_set " PF " vf 0 vlan 41\n"
				    "override " VF0 " vfio-pci\n"
				    "unbind " VF0 "\n"
				    "probe " VF0 "\n"
				    "vf_set " PF " vf 1 mac 52:54:00:00:00:01\n"
				    "vf_set " PF " vf 1 vlan 42\n"
				    "override " VF1 " vfio-pci\n"
				    "unbind " VF1 "\n"
				    "probe " VF1 "\n"
				    "vf_set " PF " vf 2 mac 52:54:00:00:00:02\n"
				    "vf_set " PF " vf 2 vlan 43\n"
				    "override " VF2 " vfio-pci\n"
				    "probe " VF2 "\n";
/* First the PF's side of all, then each gets its driver back; VF2 gets none. */
static const char release_three[] = "vf_set " PF " vf 0 vlan none\n"
				    "vf_set " PF " vf 0 mac none\n"
				    "vf_set " PF " vf 1 vlan 7 qos 3\n"
				    "vf_set " PF " vf 1 mac 02:ad:00:00:00:01\n"
				    "vf_set " PF " vf 2 vlan none\n"
				    "vf_set " PF " vf 2 mac none\n"
				    "override " VF0 " igbvf\n"
				    "unbind " VF0 "\n"
				    "probe " VF0 "\n"
				    "override " VF0 " none\n"
				    "netdev_set " VF0 " netdevMac 02:fa:00:00:00:02\n"
				    "override " VF1 " igbvf\n"
				    "unbind " VF1 "\n"
				    "probe " VF1 "\n"
				    "override " VF1 " none\n"
				    "netdev_set " VF1 " netdevMtu 1400\n"
				    "netdev_set " VF1 " netdevName uplink1\n"
				    "netdev_set " VF1 " netdevUp yes\n"
				    "unbind " VF2 "\n"
				    "override " VF2 " mlx5_vfio_pci\n";

static void run(struct world *world, const char *xml, const char *prepare, const char *release)
{
	fake_expect(world->host, prepare);
	assert_int_equal(world_prepare(world, xml), 0);
	assert_string_equal(fake_expected(world->host), "");
	fake_expect(world->host, release);
	assert_int_equal(world_release(world), 0);
	assert_string_equal(fake_expected(world->host), "");
	/* Also that nothing else came. */
	world_assert_before(world);
}

static void test_one(void **state)
{
	struct world *world = world_with_jobs(0);
	run(world, xml_one, prepare_one, release_one);
	world_free(world);
}

static void test_three(void **state)
{
	struct world *world = world_with_jobs(1);
	run(world, xml_three, prepare_three, release_three);
	world_free(world);
}

/* The lines of LOG that are about VF, whose index is INDEX, in new memory. */
static char *lines_of(const char *log, const char *vf, unsigned index)
{
	char *lines = calloc(1, strlen(log) + 1), through_pf[64];
	assert_non_null(lines);
	snprintf(through_pf, sizeof(through_pf), PF " vf %u ", index);
	for (size_t length; (length = strcspn(log, "\n")) > 0; log += length + 1) {
		cleanup_free char *line = strndup(log, length + 1);
		if (strstr(line, vf) || strstr(line, through_pf))
			strcat(lines, line);
	}
	return lines;
}

/* Each VF has its calls in the same order, whatever is done to others at the same time. */
static void check_each(const char *log, const char *expected)
{
	static const char *const vfs[] = { VF0, VF1, VF2 };
	assert_int_equal(strlen(log), strlen(expected));
	for (unsigned i = 0; i < ARRAY_SIZE(vfs); i++) {
		cleanup_free char *is = lines_of(log, vfs[i], i), *should = lines_of(expected, vfs[i], i);
		assert_string_equal(is, should);
	}
}

static void test_three_at_once(void **state)
{
	struct world *world = world_with_jobs(3);
	assert_int_equal(world_prepare(world, xml_three), 0);
	check_each(fake_log(world->host), prepare_three);
	fake_log_clear(world->host);
	assert_int_equal(world_release(world), 0);
	check_each(fake_log(world->host), release_three);
	world_assert_before(world);
	world_free(world);
}

/* That the host above is as strict as it says: another call, one too many, one too few. */
static void test_strict(void **state)
{
	static const struct {
		const char *script, *violation;
	} rows[] = {
		{ "load vfio-pci\nvf_set " PF " vf 1 vlan 42\n",
		  "'vf_set " PF " vf 1 mac 52:54:00:00:00:01', and not 'vf_set " PF " vf 1 vlan 42'\n" },
		{ "load vfio-pci\n", "'vf_set " PF " vf 1 mac 52:54:00:00:00:01', and not ''\n" },
		{ "", "'load vfio-pci', and not ''\n" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world *world = world_with_jobs(1);
		fake_expect(world->host, rows[i].script);
		assert_int_not_equal(world_prepare(world, xml_one), 0);
		assert_memory_equal(fake_violations(world->host), rows[i].violation, strlen(rows[i].violation));
		world_free(world);
	}
	struct world *world = world_with_jobs(1);
	char more[512];
	snprintf(more, sizeof(more), "%sprobe " VF1 "\n", prepare_one);
	fake_expect(world->host, more);
	assert_int_equal(world_prepare(world, xml_one), 0);
	assert_string_equal(fake_expected(world->host), "probe " VF1 "\n");
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_three),
		cmocka_unit_test(test_three_at_once),
		cmocka_unit_test(test_strict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
