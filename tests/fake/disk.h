/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A disk that fails: the system calls with which the store changes files, put in the place of the C library's by the
 * linker (disk_wraps in meson.build). They are counted, can be made to fail or to end the process, and sync nothing.
 */

/* The exit status of a process that disk_at() ended. */
#define DISK_CRASH_STATUS 98

enum disk_fault {
	DISK_FAILS,      /* this call fails with the errno, and does nothing */
	DISK_FAILS_LATE, /* does what it should, and then fails with the errno all the same */
	DISK_FULL, /* from this call on all that needs room fails: ENOSPC, and a write first writes one half */
	DISK_DEAD,       /* from this call on all fail */
	DISK_CRASH,      /* the process ends before this call */
	DISK_CRASH_TORN, /* in its middle: a write writes one half */
};

/* The N-th call from now on (1 is the next) is where FAULT begins. */
void disk_at(unsigned n, enum disk_fault fault, int errnum);

/* No fault any more. */
void disk_works(void);

/* How many calls there were in this process. */
unsigned disk_calls(void);
