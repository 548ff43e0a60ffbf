/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "lib/supervise.h"

struct fixture {
	struct child_signals signals;
	struct child child;
};

/* PROGRAM with arguments "-c" and SCRIPT, waiting at its gate. */
static void start(struct fixture *f, const char *program, const char *script, uint64_t memlock)
{
	char option[] = "-c";
	cleanup_free char *name = strdup(program);
	cleanup_free char *argument = strdup(script);
	char *argv[] = { name, option, argument, NULL };
	*f = (struct fixture){ .child = CHILD_NONE };
	assert_int_equal(child_block_signals(&f->signals), 0);
	assert_int_equal(child_start(argv, memlock, &f->signals, &f->child), 0);
	assert_true(f->child.pid > 0);
}

/* Waits for the end; everything is as it was before start(). */
static int end(struct fixture *f)
{
	int status = -1;
	assert_int_equal(child_wait(&f->child, &status), 0);
	assert_int_equal(f->child.pid, 0);
	child_done(&f->child);
	child_restore_signals(&f->signals);
	return status;
}

static int run(const char *script)
{
	struct fixture f;
	start(&f, "sh", script, 0);
	assert_int_equal(child_go(&f.child), 0);
	return end(&f);
}

static void assert_no_children(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void test_status(void **state)
{
	int status = run("exit 42");
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	status = run("kill -9 $$");
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void test_exec_fails(void **state)
{
	static const struct {
		const char *program;
		int r;
	} cases[] = { { "/does/not/exist", -ENOENT }, { "does-not-exist", -ENOENT }, { "/", -EACCES } };
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture f;
		start(&f, cases[i].program, "", 0);
		assert_int_equal(child_go(&f.child), cases[i].r);
		assert_int_equal(f.child.pid, 0);
		assert_no_children();
		child_done(&f.child);
		child_restore_signals(&f.signals);
	}
}

static void test_signals_passed_on(void **state)
{
	/* SIGINT, too: it comes from a process and not from a terminal, so it reached us alone. */
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 };
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct fixture f;
		start(&f, "sh", "ulimit -c 0; exec sleep 30", 0);
		assert_int_equal(child_go(&f.child), 0);
		raise(signals[i]);
		assert_int_equal(WTERMSIG(end(&f)), signals[i]);
	}
}

/* A signal from before the child existed counts as well. */
static void test_early_signal(void **state)
{
	struct fixture f;
	start(&f, "true", "", 0);
	raise(SIGINT);
	child_done(&f.child);
	char name[] = "sleep", time[] = "30";
	assert_int_equal(child_start((char *[]){ name, time, NULL }, 0, &f.signals, &f.child), 0);
	assert_true(sigismember(&f.child.early, SIGINT));
	assert_int_equal(child_go(&f.child), 0);
	assert_int_equal(WTERMSIG(end(&f)), SIGINT);
}

/* What nohup ignores stays ignored, by us and by the child. Nothing else is, and nothing is blocked. */
static void test_dispositions(void **state)
{
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	int status = run(
		"kill -HUP $PPID $$\n"
		"while read key value; do case $key in\n"
		"SigBlk:) [ $value = 0000000000000000 ] || exit 1;;\n"
		/* Of signals 32 and 33, libc's own, nothing is said here: make has its children ignore them. */
		"SigIgn:) [ $((0x$value & 0x7fffffff)) = 1 ] || exit 2;;\n"
		"esac; done </proc/self/status; exit 3");
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_IGN);
	assert_ptr_equal(signal(SIGPIPE, SIG_DFL), SIG_IGN);
	assert_ptr_equal(signal(SIGHUP, SIG_DFL), SIG_IGN);
}

/*
 * The child has the descriptors that we would hand on to any program, and none that belongs to the
 * supervision.
 */
static void test_descriptors(void **state)
{
	cleanup_close int mine = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int shared = open("/proc", O_RDONLY | O_DIRECTORY);
	assert_true(mine >= 0 && shared >= 0);
	int status = run(
		"seen=0; for fd in /proc/$$/fd/*; do case $(readlink $fd) in\n"
		"/) exit 1;; socket:*|*pidfd*|*signalfd*) [ ${fd##*/} -le 2 ] || exit 2;; /proc) seen=1;;\n"
		"esac; done; [ $seen = 1 ]");
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_memlock(void **state)
{
	struct rlimit before, low;
	assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &before), 0);
	low = (struct rlimit){ .rlim_cur = 64 * 1024, .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &low), 0);
	struct fixture f;
	start(&f, "sh", "[ $(ulimit -l) = 128 ]", 128 * 1024);
	assert_int_equal(child_go(&f.child), 0);
	assert_int_equal(end(&f), 0);
	/* Never lowered, and ours is left alone. */
	start(&f, "sh", "[ $(ulimit -l) = 64 ]", 4096);
	assert_int_equal(child_go(&f.child), 0);
	assert_int_equal(end(&f), 0);
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &before), 0);
}

static void test_never_let_go(void **state)
{
	struct fixture f;
	start(&f, "sh", "exit 0", 0);
	child_done(&f.child);
	assert_int_equal(f.child.pid, 0);
	assert_no_children();
	child_done(&f.child);
	child_restore_signals(&f.signals);
}

static void test_killed_at_its_gate(void **state)
{
	struct fixture f;
	start(&f, "sh", "exit 0", 0);
	assert_int_equal(kill(f.child.pid, SIGKILL), 0);
	assert_int_equal(child_go(&f.child), 0);
	assert_int_equal(WTERMSIG(end(&f)), SIGKILL);
}

/* The status of a child whose supervisor is killed, before or after it let the child go. */
static int status_of_orphan(bool let_go)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t supervisor = fork();
	assert_true(supervisor >= 0);
	if (supervisor == 0) {
		struct fixture f;
		start(&f, "sh", "sleep 0.1; exit 42", 0);
		if (write(ends[1], &f.child.pid, sizeof(f.child.pid)) < 0 || (let_go && child_go(&f.child) < 0))
			_exit(1);
		raise(SIGKILL);
	}
	pid_t orphan = 0;
	int status = 0;
	assert_int_equal(read(ends[0], &orphan, sizeof(orphan)), sizeof(orphan));
	assert_int_equal(waitpid(supervisor, &status, 0), supervisor);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_int_equal(waitpid(orphan, &status, 0), orphan);
	close(ends[0]);
	close(ends[1]);
	return status;
}

static void test_supervisor_dies(void **state)
{
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(WEXITSTATUS(status_of_orphan(false)), EXIT_FAILURE);
	assert_int_equal(WEXITSTATUS(status_of_orphan(true)), 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_exec_fails),
		cmocka_unit_test(test_signals_passed_on),
		cmocka_unit_test(test_early_signal),
		cmocka_unit_test(test_dispositions),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_memlock),
		cmocka_unit_test(test_never_let_go),
		cmocka_unit_test(test_killed_at_its_gate),
		cmocka_unit_test(test_supervisor_dies),
	};
	return cmocka_run_group_tests_name("supervise", tests, NULL, NULL);
}
