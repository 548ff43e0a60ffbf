/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What fails on the way: each changing call of prepare and release in turn, before and after it took effect, and each call
 * with which the store changes its files. Whatever it is, the host is as it was, or what is missing is on record.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "fake/disk.h"
#include "fake/world.h"

static const int errnums[] = { EPERM, EOPNOTSUPP, EINVAL, EBUSY, EIO };

/* Messages that are written while a fault is swept name it. */
static void at(const char *what, unsigned n, int errnum, int mode)
{
	print_message("  %s: call %u, %s, mode %d\n", what, n, errnum ? strerrorname_np(errnum) : "-", mode);
}

/* A prepare with a fault that came to STATUS: nothing happened, or everything, and then it can be given back. */
static void assert_all_or_nothing(struct world *world, int status)
{
	if (status == 0) {
		fake_no_faults(world->host);
		assert_int_equal(world_release(world), 0);
	}
	world_assert_before(world);
}

/* Fails the N-th changing call of a prepare. Whether there was one. */
static bool prepare_fails_at(const char *xml, unsigned n, int errnum, bool effect)
{
	struct world *world = world_new();
	unsigned before = fake_changes(world->host);
	fake_fail_at(world->host, n, errnum, effect);
	int status = world_prepare(world, xml);
	bool hit = fake_changes(world->host) - before >= n;
	/* Only what says "try again" is done again. A driver that cannot be loaded is found before anything changes. */
	bool load = strncmp(fake_log(world->host), "load ", 5) == 0 && n == 1;
	int expected = !hit || (status == 0 && errnum == EBUSY) ? 0 : load || errnum == EPERM ? 2 : 4;
	if (status != expected)
		at("prepare", n, errnum, effect);
	assert_int_equal(status, expected);
	assert_all_or_nothing(world, status);
	world_free(world);
	return hit;
}

static void sweep_prepare(const char *xml, unsigned at_least)
{
	for (size_t i = 0; i < ARRAY_SIZE(errnums); i++) {
		for (int effect = 0; effect < 2; effect++) {
			unsigned n = 1;
			while (prepare_fails_at(xml, n, errnums[i], effect))
				n++;
			assert_in_range(n, at_least, 100);
		}
	}
}

static void test_prepare_one(void **state)
{
	sweep_prepare(xml_one, 6);
}

static void test_prepare_port(void **state)
{
	sweep_prepare(xml_port, 7);
}

static void test_prepare_three(void **state)
{
	sweep_prepare(xml_three, 15);
}

/* The N-th call fails, and one that is to undo that fails as well, LATER calls on. Whether both did. */
static bool undo_fails_at(unsigned n, unsigned later)
{
	struct world *world = world_new();
	unsigned before = fake_changes(world->host);
	fake_fail_at(world->host, n, EINVAL, later % 2);
	fake_fail_at(world->host, n + later, EIO, false);
	int status = world_prepare(world, xml_three);
	bool hit = fake_changes(world->host) - before >= n + later;
	fake_no_faults(world->host);
	if (status == 0)
		assert_int_equal(world_release(world), 0);
	/* Whatever is left is on record, and told. */
	if (world_records(world) > 0)
		assert_int_equal(status, 5);
	else
		world_assert_before(world);
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
	world_free(world);
	return hit;
}

static void test_undo(void **state)
{
	unsigned n = 2;
	for (unsigned later = 1; later > 0; n++) {
		later = 1;
		while (undo_fails_at(n, later))
			later++;
		later = later > 1;
	}
	assert_in_range(n, 12, 100);
}

/* Calls that say that they worked and do nothing: drivers do that (the kernel's own, driver_override, does not). */
static const char *const silent[] = {
	"vf_set 0000:01:00.0 vf 0 mac",
	"vf_set 0000:01:00.0 vf 0 vlan",
	"vf_set 0000:01:00.0 vf 1 mac",
	"vf_set 0000:01:00.0 vf 1 vlan",
	"vf_set 0000:01:00.0 vf 2 vlan",
	"unbind " VF0,
	"unbind " VF1,
	"probe " VF0,
	"probe " VF1,
	"probe " VF2,
};

static void test_prepare_silent(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(silent); i++) {
		struct world *world = world_new();
		fake_fail_on(world->host, silent[i], 0, false, 1);
		assert_int_equal(world_prepare(world, xml_three), 4);
		world_assert_before(world);
		world_free(world);
	}
}

/* A release that came to STATUS because of a fault: what is missing is on record, and the next one brings it back. */
static void assert_finished_later(struct world *world, int status, const char *vf)
{
	if (status != 0) {
		assert_int_equal(status, 5);
		assert_true(world_said(world, VFASSIGN_DIRTY, "is not as it was"));
		assert_string_equal(world_state(world, vf), "dirty");
		fake_no_faults(world->host);
		assert_int_equal(world_recover(world), 0);
	}
	world_assert_before(world);
}

/* The VF whose changing call was the last that the log shows as failed. */
static const char *failed_vf(struct world *world)
{
	static const char *const vfs[] = { VF0, VF1, VF2 };
	static const char *const targets[] = { "vf 0", "vf 1", "vf 2" };
	char *log = strdupa(fake_log(world->host));
	char *end = strrchr(log, '=');
	assert_non_null(end);
	*end = '\0';
	const char *line = strrchr(log, '\n');
	line = line ? line : log;
	for (size_t i = 0; i < ARRAY_SIZE(vfs); i++)
		if (strstr(line, vfs[i]) || strstr(line, targets[i]))
			return vfs[i];
	fail_msg("whose call is this: %s", line);
	return NULL;
}

static bool release_fails_at(unsigned n, int errnum, bool effect)
{
	struct world *world = world_new();
	assert_int_equal(world_prepare(world, xml_three), 0);
	unsigned before = fake_changes(world->host);
	fake_log_clear(world->host);
	fake_fail_at(world->host, n, errnum, effect);
	int status = world_release(world);
	bool hit = fake_changes(world->host) - before >= n;
	/* Where nothing at all could be done it stays at that; else the next round may have made up for it. */
	if (errnum != EBUSY && !effect && n == 1)
		assert_int_equal(status, 5);
	assert_true(hit || status == 0);
	assert_finished_later(world, status, status ? failed_vf(world) : NULL);
	world_free(world);
	return hit;
}

static void test_release(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(errnums); i++) {
		for (int effect = 0; effect < 2; effect++) {
			unsigned n = 1;
			while (release_fails_at(n, errnums[i], effect))
				n++;
			assert_in_range(n, 15, 100);
		}
	}
}

/* The same in a release: nothing the worse, whatever it is, and no host driver gets to see the guest's settings. */
static void release_silent(const char *call, unsigned times)
{
	struct world *world = world_new();
	assert_int_equal(world_prepare(world, xml_three), 0);
	fake_fail_on(world->host, call, 0, false, times);
	int status = world_release(world);
	/* VF2 has no driver to come back to, so that nothing is probed. */
	bool matters = strcmp(call, "probe " VF2) != 0;
	if (times > 1)
		assert_int_equal(status, matters ? 5 : 0);
	if (status != 0) {
		fake_no_faults(world->host);
		assert_int_equal(world_recover(world), 0);
	}
	world_assert_before(world);
	world_free(world);
}

/* What is claimed to be done and is not is seen; and made up for, when it then works. */
static void test_release_silent(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(silent); i++) {
		release_silent(silent[i], 1);
		release_silent(silent[i], 1000);
	}
}

/* While the PF does not take back what no host driver may meet, the VF stays on VFIO. */
static void test_release_refused(void **state)
{
	for (enum setting which = 0; which <= SETTING_VF_LAST; which++) {
		if (!setting_is_guarded(which) || which == SETTING_PORT) /* see test-ports.c */
			continue;
		struct world *world = world_new();
		assert_int_equal(world_prepare(world, xml_trusted), 0);
		fake_refuse(world->host, PF, which, EPERM, "not now");
		assert_int_equal(world_release(world), 5);
		assert_true(world_said(world, VFASSIGN_DENIED, setting_word(which)));
		assert_true(world_said(world, VFASSIGN_DIRTY, setting_word(which)));
		assert_string_equal(fake_get(world->host, VF1, SETTING_DRIVER).name, "vfio-pci");
		assert_int_equal(world_recover(world), 5);
		assert_string_equal(fake_get(world->host, VF1, SETTING_DRIVER).name, "vfio-pci");
		fake_refuse(world->host, PF, which, 0, "");
		assert_int_equal(world_recover(world), 0);
		world_assert_before(world);
		world_free(world);
	}
}

/* However often a recover fails, the record stays readable. */
static void test_recover_in_vain(void **state)
{
	struct world *world = world_new();
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_refuse(world->host, PF, SETTING_MAC, EPERM, "not now");
	assert_int_equal(world_release(world), 5);
	for (unsigned i = 0; i < 400; i++) {
		/* Another reason each time. */
		fake_set(world->host, VF1, SETTING_OVERRIDE, value_name(i % 2 ? "odd" : "even"));
		assert_int_equal(world_recover(world), 5);
	}
	fake_refuse(world->host, PF, SETTING_MAC, 0, "");
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
	world_free(world);
}

/* What cannot be undone because somebody was quick to use it is told as that. */
static void test_undo_held(void **state)
{
	struct world *world = world_new();
	/* One after the other: VF0 is on VFIO when VF1 fails. */
	world_threads(false);
	fake_add_process(world->host, 4711, 100, "thief");
	fake_hold_group(world->host, fake_group(world->host, VF0), 4711);
	fake_fail_on(world->host, "vf_set 0000:01:00.0 vf 1 vlan", EINVAL, false, 1);
	assert_int_equal(world_prepare(world, xml_three), 5);
	world_threads(true);
	assert_true(world_said(world, VFASSIGN_DIRTY, "could not be given back"));
	assert_int_equal(world_records(world), 1);
	fake_end_process(world->host, 4711);
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
	world_free(world);
}

/* ---- the store ---- */

struct disk_case {
	enum disk_fault fault;
	int errnum;
};

/* Fails the N-th change of a file in a prepare. Whether there was one. */
static bool prepare_disk_at(struct disk_case fault, unsigned n)
{
	struct world *world = world_new();
	unsigned before = disk_calls();
	disk_at(n, fault.fault, fault.errnum);
	int status = world_prepare(world, xml_three);
	disk_works();
	bool hit = disk_calls() - before >= n;
	if (status == 0) {
		/* Not even the last of it must be lost when its leader's line is the last that came to the disk. */
		assert_int_equal(world_release(world), 0);
	} else {
		world_assert_host_before(world);
		/* Where not even a record can be removed it has to stay, and that is told. */
		bool left = world_records(world) > 0;
		if (left && status != 5)
			at("disk", n, fault.errnum, (int)fault.fault);
		assert_int_equal(status, left ? 5 : status == 5 ? 5 : 4);
		assert_int_equal(world_recover(world), 0);
		/* The commit may have come to a disk that said no, and that then kept it from being removed. */
		if (fault.fault == DISK_DEAD && world_records(world) == 3)
			assert_int_equal(world_release_guest(world, "g1"), 0);
	}
	world_assert_before(world);
	world_free(world);
	return hit;
}

static void test_prepare_disk(void **state)
{
	static const struct disk_case cases[] = {
		{ DISK_FAILS, EIO },   { DISK_FAILS, ENOSPC }, { DISK_FAILS_LATE, EIO },
		{ DISK_FULL, ENOSPC }, { DISK_DEAD, EROFS },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned n = 1;
		while (prepare_disk_at(cases[i], n))
			n++;
		assert_in_range(n, 20, 200);
	}
}

/* A full disk does not keep anything from being given back. */
static void test_release_disk(void **state)
{
	static const struct disk_case cases[] = { { DISK_FULL, ENOSPC },
						  { DISK_FAILS, ENOSPC },
						  { DISK_DEAD, EROFS } };
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		for (unsigned n = 1; n < 12; n++) {
			struct world *world = world_new();
			assert_int_equal(world_prepare(world, xml_three), 0);
			disk_at(n, cases[i].fault, cases[i].errnum);
			int status = world_release(world);
			disk_works();
			if (cases[i].fault == DISK_FULL)
				assert_int_equal(status, 0);
			world_assert_host_before(world);
			if (world_records(world) > 0) {
				assert_int_equal(status, 5);
				assert_int_equal(world_release(world), 0);
			}
			world_assert_before(world);
			world_free(world);
		}
	}
}

/* The build runs each test on its own, by the name that is ARGV[1]. */
int main(int argc, char **argv)
{
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prepare_one),     cmocka_unit_test(test_prepare_three),
		cmocka_unit_test(test_prepare_port),    cmocka_unit_test(test_undo),
		cmocka_unit_test(test_prepare_silent),  cmocka_unit_test(test_release),
		cmocka_unit_test(test_release_silent),  cmocka_unit_test(test_prepare_disk),
		cmocka_unit_test(test_release_disk),    cmocka_unit_test(test_release_refused),
		cmocka_unit_test(test_recover_in_vain), cmocka_unit_test(test_undo_held),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
