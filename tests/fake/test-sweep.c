/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The sweep: prepare, release and recover, of one VF and of four side by side, meet each fault at each step: it fails, before or
 * after it took effect; the command is killed before or after; the line that is written is torn; the disk is full, or gone. Then
 * the guest's process ends and recover runs: each time the host is as it was before the prepare, and nothing is on record.
 *
 * With several threads the number of a step is in the order in which they come to it, so each run meets it elsewhere.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "fake/disk.h"
#include "fake/world.h"

#define GUEST 4711

/* Forking copies what the sanitizer keeps of freed memory: it is told to keep little. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=1";
}

/* Threads that the killed command still had are not leaked. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "report_thread_leaks=0";
}

/* A fault: in a changing call of the kernel, or in a change of a file. */
struct fault {
	const char *name;
	bool on_disk;
	bool kills;
	int errnum;
	int mode; /* enum disk_fault, or whether the call took effect */
};

static const struct fault faults[] = {
	{ "step fails", .errnum = EIO, .mode = false },
	{ "step fails late", .errnum = EIO, .mode = true },
	{ "step is not permitted", .errnum = EPERM, .mode = false },
	{ "killed before", .kills = true, .mode = false },
	{ "killed after", .kills = true, .mode = true },
	{ "record cannot be written", .on_disk = true, .errnum = EIO, .mode = DISK_FAILS },
	{ "disk is full", .on_disk = true, .errnum = ENOSPC, .mode = DISK_FULL },
	{ "disk is read-only", .on_disk = true, .errnum = EROFS, .mode = DISK_DEAD },
	{ "killed before record", .on_disk = true, .kills = true, .mode = DISK_CRASH },
	{ "record line torn", .on_disk = true, .kills = true, .mode = DISK_CRASH_TORN },
};

/* A child cannot be handed anything but its world. */
static const struct fault *fault;
static unsigned step;
static const char *document;

static void arm(struct world *world)
{
	if (fault->on_disk)
		disk_at(step, (enum disk_fault)fault->mode, fault->errnum);
	else if (fault->kills)
		fake_crash_at(world->host, step, fault->mode);
	else
		fake_fail_at(world->host, step, fault->errnum, fault->mode);
}

static int do_prepare(struct world *world)
{
	return world_prepare_for(world, document, GUEST);
}

static int do_release(struct world *world)
{
	return world_release(world);
}

static int do_recover(struct world *world)
{
	return world_recover(world);
}

static int armed(struct world *world, int (*verb)(struct world *world))
{
	arm(world);
	return verb(world);
}

static int armed_prepare(struct world *world)
{
	return armed(world, do_prepare);
}

static int armed_release(struct world *world)
{
	return armed(world, do_release);
}

static int armed_recover(struct world *world)
{
	return armed(world, do_recover);
}

/* Runs VERB with the fault. Whether it met it. */
static bool meets_fault(struct world *world, int (*verb)(struct world *world))
{
	if (fault->kills) {
		int status = world_in_child(world, verb);
		assert_true(status == 0 || status == (fault->on_disk ? DISK_CRASH_STATUS : FAKE_CRASH_STATUS));
		return status != 0;
	}
	unsigned calls = disk_calls(), changes = fake_changes(world->host);
	verb(world);
	disk_works();
	return fault->on_disk ? disk_calls() - calls >= step : fake_changes(world->host) - changes >= step;
}

/* One case: whether there was such a step. */
static bool survives(int (*verb)(struct world *world))
{
	struct world *world = world_new();
	fake_add_process(world->host, GUEST, 100, "qemu");
	if (verb != armed_prepare)
		assert_int_equal(do_prepare(world), 0);
	if (verb == armed_recover)
		fake_end_process(world->host, GUEST);
	bool met = meets_fault(world, verb);
	fake_no_faults(world->host);
	fake_end_process(world->host, GUEST);
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
	world_free(world);
	return met;
}

/* Sweeps VERB; of each fault there are AT_LEAST so many cases. */
static void sweep(const char *name, int (*verb)(struct world *world), const char *xml, unsigned at_least)
{
	unsigned cases = 0;
	document = xml;
	for (size_t i = 0; i < ARRAY_SIZE(faults); i += FAULT_STRIDE) {
		fault = &faults[i];
		for (step = 1; survives(verb); step++)
			assert_in_range(step, 1, 300);
		if (step <= at_least)
			fail_msg("%s: only %u cases of \"%s\"", name, step - 1, fault->name);
		cases += step - 1;
	}
	print_message("%s: %u cases\n", name, cases);
}

static void test_prepare_1(void **state)
{
	sweep("prepare of 1 VF", armed_prepare, xml_one, 6);
}

static void test_prepare_4(void **state)
{
	sweep("prepare of 4 VFs", armed_prepare, xml_four, 20);
}

static void test_release_1(void **state)
{
	sweep("release of 1 VF", armed_release, xml_one, 2);
}

static void test_release_4(void **state)
{
	sweep("release of 4 VFs", armed_release, xml_four, 8);
}

static void test_recover_1(void **state)
{
	sweep("recover of 1 VF", armed_recover, xml_one, 2);
}

static void test_recover_4(void **state)
{
	sweep("recover of 4 VFs", armed_recover, xml_four, 8);
}

/* The build runs each test on its own, by the name that is ARGV[1]. */
int main(int argc, char **argv)
{
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prepare_1), cmocka_unit_test(test_prepare_4),
		cmocka_unit_test(test_release_1), cmocka_unit_test(test_release_4),
		cmocka_unit_test(test_recover_1), cmocka_unit_test(test_recover_4),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
