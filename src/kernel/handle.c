/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handle on a host: kernel/kernel.h. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "kernel/internal.h"
#include "types/uuid.h"
#include "kernel/kernel.h"

/* Whether FD is the root folder of this process. */
static bool is_root(int fd)
{
	struct stat here, there;
	return fstat(fd, &here) == 0 && stat("/", &there) == 0 && here.st_dev == there.st_dev &&
	       here.st_ino == there.st_ino;
}

int kernel_open(const char *root, struct kernel **ret)
{
	cleanup_close int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Every host has one: without it this is no captured machine, just a wrong folder. */
	struct stat sys;
	if (fstatat(fd, "sys", &sys, 0) < 0)
		return -errno;
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	if (!kernel)
		return -ENOMEM;
	kernel->live = is_root(fd);
	kernel->root = TAKE_FD(fd);
	rtnl_init(&kernel->rtnl);
	*ret = kernel;
	return 0;
}

void kernel_close(struct kernel *kernel)
{
	if (!kernel)
		return;
	rtnl_done(&kernel->rtnl);
	use_close(kernel);
	close(kernel->root);
	free(kernel);
}

bool kernel_is_live(const struct kernel *kernel)
{
	return kernel->live;
}

/* Reads PATH, which holds one UUID. */
static int read_uuid(struct kernel *kernel, const char *path, struct uuid *ret)
{
	char text[UUID_TEXT_SIZE + 1];
	ssize_t n = file_read(kernel->root, path, text, sizeof(text));
	return n < 0 ? (int)n : uuid_parse(text, ret);
}

int kernel_boot_id(struct kernel *kernel, struct uuid *ret)
{
	return read_uuid(kernel, "proc/sys/kernel/random/boot_id", ret);
}

int kernel_machine_id(struct kernel *kernel, struct uuid *ret)
{
	static const char *const paths[] = { "etc/machine-id", "var/lib/dbus/machine-id" };
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		int r = read_uuid(kernel, paths[i], ret);
		/* An image not yet booted has an empty file, or "uninitialized", in the place of an id. */
		if (r != -ENOENT && r != -EINVAL)
			return r;
	}
	return -ENOENT;
}

int kernel_firmware_id(struct kernel *kernel, struct uuid *ret)
{
	static const struct uuid none = { { 0 } };
	struct uuid uuid, all;
	memset(all.byte, 0xff, UUID_SIZE);
	int r = read_uuid(kernel, "sys/class/dmi/id/product_uuid", &uuid);
	if (r < 0)
		return r == -EINVAL ? -ENOENT : r;
	if (uuid_equal(uuid, none) || uuid_equal(uuid, all))
		return -ENOENT;
	*ret = uuid;
	return 0;
}
