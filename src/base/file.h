/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Small files of /sys, /proc and /run, always relative to a folder descriptor. */

#include <stddef.h>
#include <sys/types.h>

/*
 * Reads the whole of PATH below DIR into BUF (SIZE bytes), ends it with a NUL and takes one newline off its
 * end. Returns the length, or a negative errno: -EFBIG when it does not fit.
 */
ssize_t file_read(int dir, const char *path, char *buf, size_t size);

/*
 * Writes TEXT to the existing file PATH below DIR in a single write(2), as sysfs wants it. 0 or a negative
 * errno.
 */
int file_write(int dir, const char *path, const char *text);

/*
 * The last component of the target of symbolic link PATH, into BUF. 0, -ENOENT, -ENAMETOOLONG or another
 * errno.
 */
int file_link_name(int dir, const char *path, char *buf, size_t size);

/*
 * Replaces file NAME in folder DIR by DATA (LEN bytes, mode 0600) in one step that survives a crash: new
 * file, fsync, rename, fsync of the folder. 0 or a negative errno, and then the old file is as it was.
 */
int file_replace(int dir, const char *name, const void *data, size_t len);
