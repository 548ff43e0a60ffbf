/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The other end of a QMP connection: a process that plays a script, and then closes it. Its end tells whether it heard what it
 * was to hear.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "vmm/qmp.h"

enum peer_action {
	PEER_END,
	PEER_SAYS,   /* text, with a line feed behind it */
	PEER_BYTES,  /* text as it is */
	PEER_FLOODS, /* text, again and again, until nobody reads it any more */
	PEER_HEARS,  /* a line in which text is */
	PEER_SLEEPS, /* milliseconds */
	PEER_PASSES, /* lets time pass until whoever waits for it has waited long enough */
	PEER_HANGS,  /* lets all time pass, until the other end is closed */
	PEER_DEAF,   /* the same without reading anything */
};

struct peer_step {
	enum peer_action action;
	const char *text; /* in what is said, @ stands for the id of the last command heard */
	unsigned ms;
};

#define SAYS(...) \
	{ \
		PEER_SAYS, __VA_ARGS__, 0 \
	}
#define BYTES(...) \
	{ \
		PEER_BYTES, __VA_ARGS__, 0 \
	}
#define FLOODS(...) \
	{ \
		PEER_FLOODS, __VA_ARGS__, 0 \
	}
#define HEARS(...) \
	{ \
		PEER_HEARS, __VA_ARGS__, 0 \
	}
#define SLEEPS(ms) \
	{ \
		PEER_SLEEPS, NULL, ms \
	}
#define PASSES \
	{ \
		PEER_PASSES, NULL, 0 \
	}
#define HANGS \
	{ \
		PEER_HANGS, NULL, 0 \
	}
#define DEAF \
	{ \
		PEER_DEAF, NULL, 0 \
	}

#define GREETING SAYS("{\"QMP\": {\"version\": {}, \"capabilities\": [\"oob\"]}}")
#define DONE SAYS("{\"return\": {}, \"id\": @}")
#define FAILS(class, text) SAYS("{\"error\": {\"class\": \"" class "\", \"desc\": \"" text "\"}, \"id\": @}")
#define HELLO GREETING, HEARS("\"execute\":\"qmp_capabilities\""), DONE

struct peer {
	int fd; /* ours */
	pid_t pid;
};

/* ---- time ---- */

/*
 * Whoever speaks with a peer has a clock of its own, on which answers take a millisecond, however busy the machine is, and that
 * goes on to the end of a wait when the peer lets it. The build puts the functions below before those of the C library.
 */
static struct {
	int64_t ms;
	int passes; /* a byte for each wait that is to end in vain, and the end of the file for all; -1: the real clock */
} peer_clock = { .passes = -1 };

int __real_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __real_clock_gettime(clockid_t clock, struct timespec *ret);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret);

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (peer_clock.passes < 0)
		return __real_clock_gettime(clock, ret);
	*ret = (struct timespec){ peer_clock.ms / 1000, peer_clock.ms % 1000 * 1000000 };
	return 0;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	struct pollfd both[] = { *fds, { .fd = peer_clock.passes, .events = POLLIN } };
	char byte;
	if (peer_clock.passes < 0)
		return __real_poll(fds, count, timeout_ms);
	if (__real_poll(both, 2, -1) < 0)
		return -1;
	/* What the peer said before it let time pass is there by now. */
	int n = __real_poll(fds, count, 0);
	if (n == 0 && read(peer_clock.passes, &byte, 1) < 0)
		return -1;
	peer_clock.ms += n == 0 ? timeout_ms : 1;
	return n;
}

static inline int64_t peer_now_ms(void)
{
	return peer_clock.ms;
}

/* ---- the peer ---- */

/* In the peer: writes TEXT of a step. False when nobody reads it. */
static inline bool peer_write(int fd, const char *text, long id)
{
	for (const char *p = text; *p; p++) {
		char number[24];
		int length = snprintf(number, sizeof(number), "%ld", id);
		const char *part = *p == '@' ? number : p;
		size_t size = *p == '@' ? (size_t)length : strcspn(p, "@");
		if (send(fd, part, size, MSG_NOSIGNAL) != (ssize_t)size)
			return false;
		p += *p == '@' ? 0 : size - 1;
	}
	return true;
}

/* In the peer: the next line, in new memory; NULL when there is none. */
static inline char *peer_read(FILE *stream)
{
	char *line = NULL;
	size_t size = 0;
	return getline(&line, &size, stream) > 0 ? line : NULL;
}

/* In the peer: the socket FD, and the other end of what lets time pass, CLOCK. */
static inline int peer_play(int fd, int clock, const struct peer_step *step)
{
	struct pollfd deaf = { .fd = fd };
	FILE *stream = fdopen(dup(fd), "r");
	long id = 0;
	for (; step->action != PEER_END; step++) {
		char *line = NULL;
		char byte;
		const struct timespec pause = { step->ms / 1000, (long)(step->ms % 1000) * 1000000 };
		switch (step->action) {
		case PEER_SAYS:
			peer_write(fd, step->text, id);
			peer_write(fd, "\n", id);
			break;
		case PEER_BYTES:
			peer_write(fd, step->text, id);
			break;
		case PEER_FLOODS:
			while (peer_write(fd, step->text, id)) {
				/* It ends when the other end is closed. */
			}
			break;
		case PEER_HEARS:
			line = peer_read(stream);
			if (!line || !strstr(line, step->text)) {
				fprintf(stderr, "the peer heard %s, and expected %s\n",
					line ? line : "nothing", step->text);
				return 1;
			}
			/* It is the last member. */
			id = strtol(strrchr(line, ':') + 1, NULL, 10);
			break;
		case PEER_SLEEPS:
			nanosleep(&pause, NULL);
			break;
		case PEER_PASSES:
			if (write(clock, "", 1) != 1)
				return 1;
			break;
		case PEER_DEAF:
			close(clock);
			poll(&deaf, 1, -1);
			break;
		case PEER_HANGS:
			close(clock);
			while (read(fd, &byte, 1) > 0) {
				/* Deaf. */
			}
			break;
		default:
			break;
		}
		free(line);
	}
	fclose(stream);
	close(fd);
	return 0;
}

/* A peer that plays STEPS, which end with an empty one. */
static inline struct peer peer_start(const struct peer_step *steps)
{
	int ends[2], clock[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(pipe2(clock, O_CLOEXEC), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		peer_clock.passes = -1;
		close(ends[0]);
		close(clock[0]);
		_exit(peer_play(ends[1], clock[1], steps));
	}
	close(ends[1]);
	close(clock[1]);
	peer_clock.passes = clock[0];
	return (struct peer){ ends[0], pid };
}

/* Waits for the end of PEER, to which nobody is connected any more. */
static inline void peer_end(struct peer peer)
{
	int status = -1;
	close(TAKE_FD(peer_clock.passes));
	assert_int_equal(waitpid(peer.pid, &status, 0), peer.pid);
	assert_int_equal(status, 0);
}

/* ---- a real QEMU ---- */

struct qemu {
	pid_t pid;
	char folder[32];
	char path[48]; /* of its QMP socket */
};

/* In the child. DEVICES (NULL: none) are the arguments of -device, separated by blanks. */
static inline void qemu_exec(const char *path, const char *machine, const char *devices)
{
	const char *argv[32] = { "qemu-system-x86_64", "-M",   machine, "-S", "-nodefaults",
				 "-display",           "none", "-name", "g1", "-qmp" };
	char argument[80], *rest = devices ? strdup(devices) : NULL;
	size_t count = 10;
	snprintf(argument, sizeof(argument), "unix:%s,server=on,wait=off", path);
	argv[count++] = argument;
	for (char *device; (device = strsep(&rest, " ")) && count < ARRAY_SIZE(argv) - 2;) {
		argv[count++] = "-device";
		argv[count++] = device;
	}
	/* A test that fails must not leave it behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Starts QEMU with MACHINE, stopped; fails where there is none. */
static inline void qemu_start(struct qemu *qemu, const char *machine, const char *devices)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	peer_clock.passes = -1;
	snprintf(qemu->folder, sizeof(qemu->folder), "/tmp/vfassign-qmp-XXXXXX");
	assert_non_null(mkdtemp(qemu->folder));
	snprintf(qemu->path, sizeof(qemu->path), "%s/qmp", qemu->folder);
	qemu->pid = fork();
	assert_true(qemu->pid >= 0);
	if (qemu->pid == 0)
		qemu_exec(qemu->path, machine, devices);
	while (access(qemu->path, F_OK) < 0) {
		assert_int_equal(waitpid(qemu->pid, NULL, WNOHANG), 0);
		nanosleep(&pause, NULL);
	}
}

/* Connects to QEMU, whose socket is there a moment before it listens. */
static inline int qemu_connect(const struct qemu *qemu, unsigned timeout_ms, struct qmp **ret,
			       struct reports *reports)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	int r;
	while ((r = qmp_connect(qemu->path, timeout_ms, ret, reports)) == -ECONNREFUSED) {
		reports_done(reports);
		assert_int_equal(waitpid(qemu->pid, NULL, WNOHANG), 0);
		nanosleep(&pause, NULL);
	}
	return r;
}

static inline void qemu_end(struct qemu *qemu)
{
	kill(qemu->pid, SIGKILL);
	waitpid(qemu->pid, NULL, 0);
	unlink(qemu->path);
	rmdir(qemu->folder);
}
