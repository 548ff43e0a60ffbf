/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Ownership by scope: a variable marked cleanup_X is released when it goes out of scope, and TAKE() moves
 * what it owns to somebody else. There is no second, hand-written way out of a function.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Frees the pointer that P points to. */
static inline void cleanup_free_at(void *p)
{
	free(*(void **)p);
}

/* Closes the descriptor at FD unless it is negative. */
static inline void cleanup_close_at(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Closes the stream at F unless it is NULL. */
static inline void cleanup_file_at(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define cleanup(function) __attribute__((cleanup(function)))
#define cleanup_free cleanup(cleanup_free_at)
#define cleanup_close cleanup(cleanup_close_at)
#define cleanup_file cleanup(cleanup_file_at)

/* The value of the pointer variable P, which becomes NULL: ownership moves to the reader of the value. */
#define TAKE(p) \
	({ \
		__typeof__(p) taken_ = (p); \
		(p) = NULL; \
		taken_; \
	})

/* The value of the descriptor variable FD, which becomes -1. */
#define TAKE_FD(fd) \
	({ \
		int taken_ = (fd); \
		(fd) = -1; \
		taken_; \
	})

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
