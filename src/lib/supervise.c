/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lib/supervise.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdnoreturn.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

static const int passed_on[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 };

static sigset_t passed_on_set(void)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(passed_on); i++)
		sigaddset(&set, passed_on[i]);
	return set;
}

static bool is_ignored(int signal)
{
	struct sigaction action;
	return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int child_block_signals(struct child_signals *ret_saved)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(passed_on); i++)
		if (!is_ignored(passed_on[i]))
			sigaddset(&set, passed_on[i]);
	/*
	 * Some daemons ignore SIGCHLD and so do what they start: then the kernel reaps, and the exit status
	 * is lost.
	 */
	struct sigaction reap = { .sa_handler = SIG_DFL };
	if (sigaction(SIGCHLD, &reap, &ret_saved->chld) < 0 ||
	    sigprocmask(SIG_BLOCK, &set, &ret_saved->mask) < 0)
		return -errno;
	return 0;
}

void child_drop_signals(void)
{
	static const struct timespec now = { 0 };
	sigset_t set = passed_on_set();
	while (sigtimedwait(&set, NULL, &now) > 0 || errno == EINTR) {
		/* One less. */
	}
}

void child_restore_signals(const struct child_signals *saved)
{
	sigaction(SIGCHLD, &saved->chld, NULL);
	sigprocmask(SIG_SETMASK, &saved->mask, NULL);
}

/* recv(2) of up to SIZE bytes that no signal interrupts. */
static ssize_t gate_receive(int gate, void *buf, size_t size)
{
	ssize_t n;
	do {
		n = recv(gate, buf, size, 0);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* What the child does from fork to exec. */
static noreturn void child_main(char *const argv[], const struct child_signals *saved, int gate)
{
	char byte;
	if (gate_receive(gate, &byte, 1) != 1)
		_exit(EXIT_FAILURE);
	struct sigaction pipe = { .sa_handler = SIG_DFL };
	sigaction(SIGPIPE, &pipe, NULL);
	sigprocmask(SIG_SETMASK, &saved->mask, NULL);
	execvp(argv[0], argv);
	int errnum = errno;
	send(gate, &errnum, sizeof(errnum), MSG_NOSIGNAL);
	_exit(EXIT_FAILURE);
}

/* Raises the limit on locked memory of process PID to BYTES, if it is lower. */
static int raise_memlock(pid_t pid, uint64_t bytes)
{
	struct rlimit limit;
	if (prlimit(pid, RLIMIT_MEMLOCK, NULL, &limit) < 0)
		return -errno;
	/* RLIM_INFINITY is the highest number there is. */
	if (limit.rlim_cur >= bytes)
		return 0;
	limit.rlim_cur = bytes;
	if (limit.rlim_max < bytes)
		limit.rlim_max = bytes;
	return prlimit(pid, RLIMIT_MEMLOCK, &limit, NULL) < 0 ? -errno : 0;
}

/* Learns how to signal and watch the child that was just forked, and gives it its limit. */
static int child_equip(struct child *child, uint64_t memlock)
{
	/* Asked after the fork: a signal in between may reach the child twice, but none is lost. */
	if (sigpending(&child->early) < 0)
		return -errno;
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0)
		return -errno;
	sigset_t set = passed_on_set();
	child->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (child->signals < 0)
		return -errno;
	return raise_memlock(child->pid, memlock);
}

int child_start(char *const argv[], uint64_t memlock, const struct child_signals *saved, struct child *ret)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	cleanup_close int gate = ends[0];
	cleanup_close int far_end = ends[1];
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		/* Else the gate would not close for us when our parent dies. */
		close(gate);
		child_main(argv, saved, far_end);
	}
	*ret = (struct child){ .pid = pid, .pidfd = -1, .gate = TAKE_FD(gate), .signals = -1 };
	int r = child_equip(ret, memlock);
	if (r < 0)
		child_done(ret);
	return r;
}

/* Waits for the end of the child and reaps it. */
static int child_reap(struct child *child, int *ret_status)
{
	pid_t pid;
	do {
		pid = waitpid(child->pid, ret_status, 0);
	} while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return -errno;
	child->pid = 0;
	return 0;
}

int child_go(struct child *child)
{
	cleanup_close int gate = TAKE_FD(child->gate);
	int errnum = 0;
	/* When the child is dead already, sending fails, and so does receiving. */
	send(gate, "", 1, MSG_NOSIGNAL);
	if (gate_receive(gate, &errnum, sizeof(errnum)) != sizeof(errnum))
		return 0;
	int status;
	child_reap(child, &status);
	return -errnum;
}

/*
 * Whether the child has had the signal that INFO tells of: the terminal sends to all processes in the
 * foreground.
 */
static bool child_has_had(const struct child *child, const struct signalfd_siginfo *info)
{
	int signal = (int)info->ssi_signo;
	return (signal == SIGINT || signal == SIGQUIT) && info->ssi_code == SI_KERNEL &&
	       !sigismember(&child->early, signal) && getpgid(child->pid) == getpgrp();
}

static int pass_on(struct child *child)
{
	struct signalfd_siginfo info;
	ssize_t n = read(child->signals, &info, sizeof(info));
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	if (!child_has_had(child, &info))
		syscall(SYS_pidfd_send_signal, child->pidfd, (int)info.ssi_signo, NULL, 0);
	sigdelset(&child->early, (int)info.ssi_signo);
	return 0;
}

int child_wait(struct child *child, int *ret_status)
{
	struct pollfd fds[] = {
		{ .fd = child->pidfd, .events = POLLIN },
		{ .fd = child->signals, .events = POLLIN },
	};
	while (!fds[0].revents) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			return -errno;
		int r = fds[1].revents ? pass_on(child) : 0;
		if (r < 0)
			return r;
	}
	return child_reap(child, ret_status);
}

void child_done(struct child *child)
{
	if (child->pid > 0 && child->gate >= 0) {
		int status;
		kill(child->pid, SIGKILL);
		child_reap(child, &status);
	}
	cleanup_close_at(&child->gate);
	cleanup_close_at(&child->pidfd);
	cleanup_close_at(&child->signals);
	*child = CHILD_NONE;
}
