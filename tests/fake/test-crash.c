/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A command that dies: in each changing call of prepare, release and recover, before and after it took effect, and in
 * each change of a file. What recover then finds is enough to have everything as it was.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "fake/disk.h"
#include "fake/world.h"

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

/* Where the command dies. */
struct death {
	bool on_disk; /* in a change of a file, else in a changing call */
	unsigned n;
	int mode; /* enum disk_fault, or whether the call took effect */
};

/* A child cannot be handed anything but its world. */
static struct death death;
static const char *document;

static void arm(struct world *world)
{
	if (death.n == 0)
		return;
	if (death.on_disk)
		disk_at(death.n, (enum disk_fault)death.mode, 0);
	else
		fake_crash_at(world->host, death.n, death.mode);
}

static int child_prepare(struct world *world)
{
	arm(world);
	return world_prepare(world, document);
}

static int child_release(struct world *world)
{
	arm(world);
	return world_release_guest(world, "g1");
}

static int child_recover(struct world *world)
{
	arm(world);
	return world_recover(world);
}

/* Runs BODY, which dies at WHERE. Whether it did. */
static bool dies(struct world *world, int (*body)(struct world *world), struct death where)
{
	death = where;
	int status = world_in_child(world, body);
	fake_no_faults(world->host);
	if (status == 0)
		return false;
	assert_int_equal(status, where.on_disk ? DISK_CRASH_STATUS : FAKE_CRASH_STATUS);
	return true;
}

/* Everything is undone by one recover; or it was committed, and then all of it holds and can be released. */
static void assert_settled(struct world *world)
{
	assert_int_equal(world_recover(world), 0);
	if (world_records(world) > 0) {
		assert_int_equal(world_records(world), document == xml_three ? 3 : 1);
		assert_string_equal(world_state(world, VF1), "assigned");
		world_assert_given(world, VF1, "52:54:00:00:00:01", document == xml_port ? 0 : 42);
		assert_int_equal(world_release_guest(world, "g1"), 0);
	}
	world_assert_before(world);
}

static bool prepare_dies(struct death where)
{
	struct world *world = world_new();
	bool died = dies(world, child_prepare, where);
	assert_settled(world);
	world_free(world);
	return died;
}

/* The modes of dying: in calls, and in changes of files (where the middle of a write is one, and all else is done). */
static const struct death calls[] = { { .mode = false }, { .mode = true } };
static const struct death changes[] = { { .on_disk = true, .mode = DISK_CRASH_TORN } };

/* Lets BODY die in every way there is, and expects that there are AT_LEAST so many. */
static void sweep(bool (*body)(struct death where), const struct death *modes, size_t mode_count,
		  unsigned at_least)
{
	for (size_t i = 0; i < mode_count; i++) {
		struct death where = modes[i];
		for (where.n = 1; body(where); where.n++)
			assert_in_range(where.n, 1, 200);
		assert_in_range(where.n, at_least, 200);
	}
}

static void test_prepare(void **state)
{
	document = xml_one;
	sweep(prepare_dies, calls, ARRAY_SIZE(calls), 6);
	document = xml_three;
	sweep(prepare_dies, calls, ARRAY_SIZE(calls), 15);
}

static void test_prepare_port(void **state)
{
	document = xml_port;
	sweep(prepare_dies, calls, ARRAY_SIZE(calls), 7);
	sweep(prepare_dies, changes, ARRAY_SIZE(changes), 6);
}

static void test_prepare_disk(void **state)
{
	document = xml_three;
	sweep(prepare_dies, changes, ARRAY_SIZE(changes), 20);
}

/* A release that died is finished by recover, and nobody has to ask for it again. */
static bool release_dies(struct death where)
{
	struct world *world = world_new();
	document = xml_three;
	assert_int_equal(world_prepare(world, document), 0);
	bool died = dies(world, child_release, where);
	assert_int_equal(world_recover(world), 0);
	/* A device that it had not come to is still assigned as a whole. */
	static const char *const vfs[] = { VF0, VF1, VF2 };
	static const char *const macs[] = { "52:54:00:00:00:00", "52:54:00:00:00:01", "52:54:00:00:00:02" };
	for (unsigned i = 0; i < ARRAY_SIZE(vfs); i++)
		if (strcmp(world_state(world, vfs[i]), "free") != 0)
			world_assert_given(world, vfs[i], macs[i], 41 + i);
	if (world_records(world) > 0)
		assert_int_equal(world_release_guest(world, "g1"), 0);
	world_assert_before(world);
	world_free(world);
	return died;
}

static void test_release(void **state)
{
	sweep(release_dies, calls, ARRAY_SIZE(calls), 15);
}

/* The same with a port profile, which is the first that goes. */
static bool port_release_dies(struct death where)
{
	struct world *world = world_new();
	document = xml_port;
	assert_int_equal(world_prepare(world, document), 0);
	bool died = dies(world, child_release, where);
	assert_settled(world);
	world_free(world);
	return died;
}

static void test_release_port(void **state)
{
	sweep(port_release_dies, calls, ARRAY_SIZE(calls), 7);
}

static void test_release_disk(void **state)
{
	sweep(release_dies, changes, ARRAY_SIZE(changes), 6);
}

/* The second release of what a dead one left over does it as well. */
static bool release_dies_twice(struct death where)
{
	struct world *world = world_new();
	document = xml_three;
	assert_int_equal(world_prepare(world, document), 0);
	bool died = dies(world, child_release, where);
	if (died)
		dies(world, child_release, where);
	if (world_records(world) > 0)
		assert_int_equal(world_release_guest(world, "g1"), 0);
	world_assert_before(world);
	world_free(world);
	return died;
}

static void test_release_again(void **state)
{
	sweep(release_dies_twice, calls, ARRAY_SIZE(calls), 15);
}

/* A recover that dies, of a prepare that died at two places: the next recover finishes it. */
static bool recover_dies(struct death where)
{
	bool died = false;
	for (unsigned n = 9; n <= 15; n += 6) {
		struct world *world = world_new();
		document = xml_three;
		bool first = dies(world, child_prepare, (struct death){ .n = n, .mode = true });
		died |= first && dies(world, child_recover, where);
		assert_settled(world);
		world_free(world);
	}
	return died;
}

static void test_recover(void **state)
{
	/* That a call took effect and the process died is the one that recover has not seen yet. */
	sweep(recover_dies, &calls[1], 1, 10);
}

/* Recover that dies again and again, one call further each time, comes to an end all the same. */
static void test_recover_stubborn(void **state)
{
	struct world *world = world_new();
	document = xml_three;
	assert_true(dies(world, child_prepare, (struct death){ .n = 15, .mode = true }));
	unsigned n = 1;
	while (dies(world, child_recover, (struct death){ .n = n, .mode = true }))
		n++;
	assert_settled(world);
	world_free(world);
}

/* Forking takes time under sanitizers: the build runs each test on its own, by the name that is ARGV[1]. */
int main(int argc, char **argv)
{
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prepare),          cmocka_unit_test(test_prepare_disk),
		cmocka_unit_test(test_prepare_port),     cmocka_unit_test(test_release_port),
		cmocka_unit_test(test_release),          cmocka_unit_test(test_release_disk),
		cmocka_unit_test(test_release_again),    cmocka_unit_test(test_recover),
		cmocka_unit_test(test_recover_stubborn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
