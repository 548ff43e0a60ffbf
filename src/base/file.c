/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

ssize_t file_read(int dir, const char *path, char *buf, size_t size)
{
	cleanup_close int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	ssize_t n;
	/* Such files give all that they have at once: less than was asked for is all there is. */
	do
		n = read(fd, buf, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n == size)
		return -EFBIG;
	size_t length = (size_t)n;
	if (length > 0 && buf[length - 1] == '\n')
		length--;
	buf[length] = '\0';
	return (ssize_t)length;
}

int file_write(int dir, const char *path, const char *text)
{
	cleanup_close int fd = openat(dir, path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, text, strlen(text));
	if (n < 0)
		return -errno;
	return (size_t)n == strlen(text) ? 0 : -EIO;
}

int file_link_name(int dir, const char *path, char *buf, size_t size)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dir, path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	const char *slash = strrchr(target, '/');
	const char *name = slash ? slash + 1 : target;
	if (strlen(name) >= size)
		return -ENAMETOOLONG;
	memcpy(buf, name, strlen(name) + 1);
	return 0;
}

/* Writes all of DATA to FD. */
static int write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

int file_replace(int dir, const char *name, const void *data, size_t len)
{
	char draft[NAME_MAX + 1];
	if ((size_t)snprintf(draft, sizeof(draft), "%s.new", name) >= sizeof(draft))
		return -ENAMETOOLONG;
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	cleanup_close int fd = openat(dir, draft, flags, 0600);
	/*
	 * A draft that a crash left behind is nobody's: start afresh, and never write through a link put in
	 * its place.
	 */
	if (fd < 0 && errno == EEXIST && unlinkat(dir, draft, 0) == 0)
		fd = openat(dir, draft, flags, 0600);
	if (fd < 0)
		return -errno;
	int r = write_all(fd, data, len);
	if (r == 0 && renameat(dir, draft, dir, name) < 0)
		r = -errno;
	if (r < 0) {
		unlinkat(dir, draft, 0);
		return r;
	}
	return fsync(dir) < 0 ? -errno : 0;
}
