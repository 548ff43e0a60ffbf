/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The names in a folder. readdir(3) would do, but asks three times what kind of descriptor it has before it reads anything: of
 * the small folders of sysfs, which are read by the hundred, that is half the work.
 */

#include <stdalign.h>
#include <stddef.h>

#include "base/cleanup.h"

struct folder {
	int fd; /* for openat() and the like; -1: not open */
	size_t at, filled;
	alignas(8) char buf[2048];
};

#define FOLDER_NONE \
	{ \
		.fd = -1 \
	}

/* Opens folder PATH below DIR. 0 or a negative errno. */
int folder_open(int dir, const char *path, struct folder *ret);

/* The next name, "." and ".." left out: valid until the next call. NULL at the end, and where the folder cannot be read on. */
const char *folder_next(struct folder *folder);

/* Closes FOLDER if it is open. */
static inline void folder_close(struct folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	folder->fd = -1;
}

#define cleanup_folder cleanup(folder_close)
