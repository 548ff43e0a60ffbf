/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "kernel/process.h"
#include "tree.h"

static struct kernel *live(void)
{
	struct kernel *kernel;
	assert_int_equal(kernel_open("/", &kernel), 0);
	assert_true(kernel_is_live(kernel));
	return kernel;
}

static void test_self(void **state)
{
	struct kernel *kernel = live();
	struct process first, again;
	assert_int_equal(process_read(kernel, getpid(), &first), 0);
	assert_int_equal(process_read(kernel, getpid(), &again), 0);
	assert_int_equal(first.pid, getpid());
	assert_int_equal(first.start, again.start);
	assert_true(first.start > 0);
	kernel_close(kernel);
}

/* A name that looks like the rest of the line. */
static void test_name(void **state)
{
	struct kernel *kernel = live();
	struct process plain, named;
	assert_int_equal(process_read(kernel, getpid(), &plain), 0);
	assert_int_equal(prctl(PR_SET_NAME, ") Z 1 (x) X 2"), 0);
	assert_int_equal(process_read(kernel, getpid(), &named), 0);
	assert_int_equal(named.start, plain.start);
	kernel_close(kernel);
}

static void test_zombie(void **state)
{
	struct kernel *kernel = live();
	struct process process;
	siginfo_t info;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	assert_true(pid > 0);
	/* Ended, but not collected. */
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(process_read(kernel, pid, &process), -ESRCH);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(process_read(kernel, pid, &process), -ESRCH);
	kernel_close(kernel);
}

static void test_none(void **state)
{
	struct kernel *kernel = live();
	struct process process;
	assert_int_equal(process_read(kernel, 0, &process), -ESRCH);
	assert_int_equal(process_read(kernel, -1, &process), -ESRCH);
	assert_int_equal(process_read(kernel, INT32_MAX, &process), -ESRCH);
	kernel_close(kernel);
}

#define MIDDLE " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "

static void test_texts(void **state)
{
	static const struct {
		const char *text;
		int result;
	} rows[] = {
		{ "7 (cat) S" MIDDLE "4242 0 0 0", 0 },
		{ "7 (a) Z (b) R" MIDDLE "4242 0 0 0", 0 },
		{ "7 () R" MIDDLE "4242", 0 },
		{ "7 (cat) Z" MIDDLE "4242 0 0 0", -ESRCH },
		{ "7 (cat) X" MIDDLE "4242 0 0 0", -ESRCH },
		{ "7 (cat) S 1 2 3", -EBADMSG },
		{ "7 (cat) S" MIDDLE, -EBADMSG },
		{ "7 (cat) S" MIDDLE "x", -EBADMSG },
		{ "7 (cat) S" MIDDLE "99999999999999999999", -EBADMSG },
		{ "7 (cat)", -EBADMSG },
		{ "7 cat S" MIDDLE "4242 0 0 0", -EBADMSG },
		{ ")", -EBADMSG },
		{ "", -EBADMSG },
	};
	struct tree tree = tree_new();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct process process = { 0 };
		tree_file(&tree, "proc/7/stat", rows[i].text);
		assert_int_equal(process_read(tree.kernel, 7, &process), rows[i].result);
		assert_int_equal(process.start, rows[i].result == 0 ? 4242 : 0);
	}
	tree_done(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_self), cmocka_unit_test(test_name),  cmocka_unit_test(test_zombie),
		cmocka_unit_test(test_none), cmocka_unit_test(test_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
