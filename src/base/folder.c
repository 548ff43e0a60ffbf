/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

int folder_open(int dir, const char *path, struct folder *ret)
{
	ret->fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret->at = ret->filled = 0;
	return ret->fd < 0 ? -errno : 0;
}

const char *folder_next(struct folder *folder)
{
	for (;;) {
		if (folder->at >= folder->filled) {
			ssize_t n = getdents64(folder->fd, folder->buf, sizeof(folder->buf));
			if (n <= 0)
				return NULL;
			folder->filled = (size_t)n;
			folder->at = 0;
		}
		const struct dirent64 *entry = (const void *)(folder->buf + folder->at);
		folder->at += entry->d_reclen;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return entry->d_name;
	}
}
