/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Records as the verbs meet them: whose a VF is, also when several want it, and what stands in a state folder that is not ours. */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "fake/world.h"

#define MAC0 "52:54:00:00:00:00"
#define MAC1 "52:54:00:00:00:01"
#define MAC3 "52:54:00:00:00:03"
#define NOBODY 65534

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

/* Two assignments of one guest: each is released by itself, and an old UUID never gives back what is new. */
static void test_two_assignments(void **state)
{
	static const char again[] =
		"<domain type='kvm'><name>g1</name><devices><interface type='hostdev' managed='yes'>"
		"<mac address='" MAC3
		"'/><source><address type='pci' domain='0' bus='1' slot='16' function='6'/>"
		"</source><vlan><tag id='44'/></vlan></interface></devices></domain>";
	struct world *world = *state;
	char first[64];
	assert_int_equal(world_prepare(world, xml_one), 0);
	snprintf(first, sizeof(first), "%s", world->assignment);
	assert_int_equal(world_prepare(world, again), 0);
	char second[64];
	snprintf(second, sizeof(second), "%s", world->assignment);
	snprintf(world->assignment, sizeof(world->assignment), "%s", first);
	assert_int_equal(world_release(world), 0);
	world_assert_given(world, VF3, MAC3, 44);
	assert_string_equal(world_state(world, VF1), "free");
	/* The same VF again, under the same name: the old UUID finds nothing. */
	assert_int_equal(world_prepare(world, xml_one), 0);
	snprintf(world->assignment, sizeof(world->assignment), "%s", first);
	assert_int_equal(world_release(world), 2);
	world_assert_given(world, VF1, MAC1, 42);
	assert_int_equal(world_release_guest(world, "g2"), 2);
	assert_int_equal(world_release_guest(world, "g1"), 0);
	world_assert_before(world);
}

/* The leader, whose record commits all, is given back first: the others stay committed. */
static void test_leader_first(void **state)
{
	struct world *world = *state;
	const struct vfassign_report *reports;
	assert_int_equal(world_prepare(world, xml_three), 0);
	assert_int_equal(world_release_devices(world, VF0), 0);
	assert_int_equal(world_recover(world), 0);
	assert_string_equal(world_state(world, VF0), "free");
	assert_string_equal(world_state(world, VF1), "assigned");
	world_assert_given(world, VF1, MAC1, 42);
	assert_int_equal(world_release_devices(world, VF0 "," VF1 "," VF0), 2);
	assert_true(world_said(world, VFASSIGN_DEVICE_MISSING, VF0 " is not assigned"));
	assert_int_equal(vfassign_result_reports(world->result, &reports), 1);
	assert_string_equal(world_state(world, VF1), "free");
	assert_int_equal(world_release_guest(world, "g1"), 0);
	world_assert_before(world);
}

/* A VF that has a record is busy for everybody, its own guest included; the rest of the document is not touched. */
static void test_twice(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_one), 0);
	unsigned changes = fake_changes(world->host);
	assert_int_equal(world_prepare(world, xml_one), 3);
	assert_int_equal(world_prepare(world, xml_three), 3);
	assert_int_equal(fake_changes(world->host), changes);
	assert_int_equal(world_records(world), 1);
	assert_int_equal(world_prepare(world, xml_other), 0);
	assert_int_equal(world_release_guest(world, "g1"), 0);
	assert_int_equal(world_release_guest(world, "g2"), 0);
	world_assert_before(world);
}

/* Another command is at work on the VF. */
static void test_locked(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_one), 0);
	int fd = open(world_path(world, "lock/" VF1), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	unsigned changes = fake_changes(world->host);
	assert_int_equal(world_release(world), 3);
	assert_int_equal(world_prepare(world, xml_three), 3);
	assert_true(world_said(world, VFASSIGN_BUSY, "another vfassign command"));
	/* Other VFs are nobody's business. */
	assert_int_equal(world_prepare(world, xml_other), 0);
	assert_int_equal(world_release(world), 0);
	changes = fake_changes(world->host);
	fake_reboot(world->host);
	assert_int_equal(world_recover(world), 0);
	assert_int_equal(fake_changes(world->host), changes);
	assert_int_equal(world_records(world), 1);
	close(fd);
	assert_int_equal(world_recover(world), 0);
	assert_int_equal(world_records(world), 0);
}

/* A VF that is on record in one state folder is given to nobody from another. */
static void test_two_folders(void **state)
{
	struct world *world = world_new();
	assert_int_equal(world_prepare(world, xml_one), 0);
	struct vfassign *usual = world->context;
	struct vfassign_options options = { .root = world->root, .state_dir = "/other" };
	assert_int_equal(vfassign_new(&options, &world->context, NULL), 0);
	assert_int_equal(world_prepare(world, xml_one), 3);
	assert_true(world_said(world, VFASSIGN_BUSY, "is on record in another state folder"));
	vfassign_free(TAKE(world->context));
	world->context = usual;
	assert_int_equal(world_release_devices(world, VF1), 0);
	world_assert_before(world);
	/* A folder that has nothing of the VF any more is not in the way. */
	assert_int_equal(vfassign_new(&options, &world->context, NULL), 0);
	vfassign_free(usual);
	assert_int_equal(world_prepare(world, xml_one), 0);
	world_free(world);
}

/* ---- a late release ---- */

/* Somebody else gives the VF back and has it again, for a guest of the same name. */
static void give_again(struct world *world)
{
	assert_int_equal(world_release_devices(world, VF1), 0);
	assert_int_equal(world_prepare(world, xml_one), 0);
}

static int late_by_guest(struct world *world)
{
	return world_release_guest(world, "g1");
}

static int late_by_device(struct world *world)
{
	return world_release_devices(world, VF1);
}

/*
 * A release has read the records, and before it has the lock, the VF is given to somebody else: that one keeps it, even where all
 * that was named fits him, too.
 */
static void test_late_release(void **state)
{
	static int (*const late[])(struct world * world) = { world_release, late_by_guest, late_by_device };
	for (size_t i = 0; i < ARRAY_SIZE(late); i++) {
		struct world *world = world_new();
		assert_int_equal(world_prepare(world, xml_one), 0);
		world_before_lock(world, give_again);
		late[i](world);
		world_assert_given(world, VF1, MAC1, 42);
		assert_int_equal(world_records(world), 1);
		assert_int_equal(world_recover(world), 0);
		world_assert_given(world, VF1, MAC1, 42);
		assert_int_equal(world_release(world), 0);
		world_assert_before(world);
		world_free(world);
	}
}

/* ---- records that are not ours ---- */

static void write_record(const struct world *world, const char *name, const char *text)
{
	int fd = open(world_path(world, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* A record that cannot be read: its VF is given to nobody, recover says so and goes on, and all else goes its way. */
static void test_foreign(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "{\"version\":2}\n", "of another version" },
		{ "{\"version\":1}\n", "damaged" },
		{ "", "damaged" },
	};
	struct world *world = *state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		fake_add_process(world->host, 4711, 100, "qemu");
		assert_int_equal(world_prepare_for(world, xml_other, 4711), 0);
		fake_end_process(world->host, 4711);
		write_record(world, VF1 ".record", cases[i].text);
		assert_int_equal(world_prepare(world, xml_one), 3);
		assert_true(
			world_said(world, VFASSIGN_BUSY, "there is a record of " VF1 " that cannot be read"));
		assert_int_equal(world_recover(world), 5);
		assert_true(world_said(world, VFASSIGN_HOST, cases[i].why));
		assert_true(world_said(world, VFASSIGN_DIRTY, "1 of the records could not be read"));
		/* Which VF it is about cannot be known. */
		assert_string_equal(world_state(world, VF3), "unknown");
		assert_int_equal(unlink(world_path(world, VF1 ".record")), 0);
		world_assert_before(world);
	}
}

/* ---- folders that are not ours ---- */

/* The state folder is such that nothing is given out, nor begun, and WHY is said. */
static void assert_refused(struct world *world, int status, enum vfassign_class class, const char *why)
{
	const struct vfassign_report *reports;
	assert_int_equal(world_prepare(world, xml_one), status);
	assert_true(world_said(world, class, why));
	/* Once, and with what to do about it. */
	assert_int_equal(vfassign_result_reports(world->result, &reports), 1);
	assert_non_null(reports[0].hint);
	assert_int_equal(fake_changes(world->host), 0);
	assert_int_equal(world_recover(world), status);
	assert_true(world_said(world, class, why));
	assert_int_equal(world_release_guest(world, "g1"), status);
	/* Who only looks is told that records may be missing. */
	struct vfassign_result *result;
	assert_int_equal(vfassign_list(world->context, &result), 0);
	vfassign_result_free(result);
}

static void test_hostile_folder(void **state)
{
	struct world *world = *state;
	char folder[256], other[256];
	snprintf(folder, sizeof(folder), "%s/run/vfassign", world->root);
	snprintf(other, sizeof(other), "%s/elsewhere", world->root);
	assert_int_equal(mkdir(other, 0700), 0);
	assert_int_equal(symlink(other, folder), 0);
	assert_refused(world, 2, VFASSIGN_DENIED, "is a symbolic link");
	assert_int_equal(unlink(folder), 0);
	assert_int_equal(symlink("/nonexistent", folder), 0);
	assert_refused(world, 2, VFASSIGN_DENIED, "is a symbolic link");
	assert_int_equal(unlink(folder), 0);
	close(open(folder, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_refused(world, 2, VFASSIGN_DENIED, "is no folder");
	assert_int_equal(unlink(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(chmod(folder, 0770), 0);
	assert_refused(world, 2, VFASSIGN_DENIED, "others could have put records there");
	assert_int_equal(chmod(folder, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(folder, NOBODY, NOBODY), 0);
		assert_refused(world, 2, VFASSIGN_DENIED, "belongs to user 65534");
		assert_int_equal(chown(folder, 0, 0), 0);
	}
	assert_int_equal(world_prepare(world, xml_one), 0);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* A state folder in a folder that is not there. */
static void test_missing_parent(void **state)
{
	struct world *world = *state;
	struct vfassign_options options = { .root = world->root, .state_dir = "/no/such" };
	vfassign_free(TAKE(world->context));
	assert_int_equal(vfassign_new(&options, &world->context, NULL), 0);
	assert_refused(world, 4, VFASSIGN_HOST, "cannot make the state folder");
	world_assert_before(world);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_two_assignments),
		TEST(test_leader_first),
		TEST(test_twice),
		TEST(test_locked),
		cmocka_unit_test(test_two_folders),
		cmocka_unit_test(test_late_release),
		TEST(test_foreign),
		TEST(test_hostile_folder),
		TEST(test_missing_parent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
