/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "fake/model.h"

int __real_openat(int dir, const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *data, size_t size);
int __real_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __real_unlinkat(int dir, const char *path, int flags);
int __real_ftruncate(int fd, off_t size);

int __wrap_openat(int dir, const char *path, int flags, ...);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __wrap_unlinkat(int dir, const char *path, int flags);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);

/* What stands in for the C library cannot be handed anything in. */
static struct {
	atomic_uint calls; /* by all threads */
	unsigned at;       /* 0: nowhere */
	enum disk_fault fault;
	int errnum;
} disk;

void disk_at(unsigned n, enum disk_fault fault, int errnum)
{
	disk.at = disk.calls + n;
	disk.fault = fault;
	disk.errnum = errnum;
}

void disk_works(void)
{
	disk.at = 0;
}

unsigned disk_calls(void)
{
	return disk.calls;
}

/* The command dies. What the kernel does for another of its threads just then it does to the end, as a real one would. */
static _Noreturn void die(void)
{
	if (fake_current())
		fake_lock(fake_current());
	_exit(DISK_CRASH_STATUS);
}

/* What is to become of a call. */
enum fate { FATE_WORKS, FATE_FAILS, FATE_FAILS_LATE, FATE_HALF, FATE_CRASH_TORN };

/* The fate of the next call; ROOM says whether it needs some. Ends the process where that is its fate. */
static enum fate next(bool room)
{
	unsigned call = atomic_fetch_add(&disk.calls, 1) + 1;
	bool now = disk.at && call == disk.at;
	bool since = disk.at && call >= disk.at;
	errno = disk.errnum;
	if (now && disk.fault == DISK_CRASH)
		die();
	if (now && disk.fault == DISK_CRASH_TORN)
		return FATE_CRASH_TORN;
	if (now && disk.fault == DISK_FAILS_LATE)
		return FATE_FAILS_LATE;
	if ((now && disk.fault == DISK_FAILS) || (since && disk.fault == DISK_DEAD))
		return FATE_FAILS;
	if (since && disk.fault == DISK_FULL && room) {
		errno = ENOSPC;
		return now ? FATE_HALF : FATE_FAILS;
	}
	return FATE_WORKS;
}

/* The end of a call with FATE that returned R. */
static int finish(enum fate fate, int r)
{
	if (fate == FATE_CRASH_TORN)
		die();
	if (fate != FATE_FAILS_LATE)
		return r;
	errno = disk.errnum;
	return -1;
}

int __wrap_openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	if (flags & O_CREAT) {
		va_list arguments;
		va_start(arguments, flags);
		mode = va_arg(arguments, mode_t);
		va_end(arguments);
	}
	/* Opening changes a file only with O_EXCL: O_CREAT alone is a lock, and they are there already. */
	enum fate fate = flags & O_EXCL ? next(true) : FATE_WORKS;
	if (fate == FATE_FAILS || fate == FATE_HALF || fate == FATE_FAILS_LATE)
		return -1;
	return finish(fate, __real_openat(dir, path, flags, mode));
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
	enum fate fate = next(true);
	if (fate == FATE_FAILS)
		return -1;
	bool half = fate == FATE_HALF || fate == FATE_CRASH_TORN;
	ssize_t n = __real_write(fd, data, half ? size / 2 : size);
	return finish(fate, 0) < 0 ? -1 : n;
}

int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	enum fate fate = next(false);
	return fate == FATE_FAILS ? -1 : finish(fate, __real_renameat(from_dir, from, to_dir, to));
}

int __wrap_unlinkat(int dir, const char *path, int flags)
{
	enum fate fate = next(false);
	return fate == FATE_FAILS ? -1 : finish(fate, __real_unlinkat(dir, path, flags));
}

int __wrap_ftruncate(int fd, off_t size)
{
	enum fate fate = next(false);
	return fate == FATE_FAILS ? -1 : finish(fate, __real_ftruncate(fd, size));
}

int __wrap_fsync(int fd)
{
	enum fate fate = next(false);
	return fate == FATE_FAILS ? -1 : finish(fate, 0);
}

int __wrap_fdatasync(int fd)
{
	return __wrap_fsync(fd);
}
