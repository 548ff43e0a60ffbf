/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/vfio.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/number.h"
#include "kernel/internal.h"

static struct kernel_path group_path(int group)
{
	struct kernel_path path;
	snprintf(path.s, sizeof(path.s), "dev/vfio/%d", group);
	return path;
}

/* Finds the node of GROUP. -ENOENT when there is none, or something else in its place. */
static int group_stat(struct kernel *kernel, int group, struct stat *ret)
{
	if (fstatat(kernel->root, group_path(group).s, ret, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return S_ISCHR(ret->st_mode) ? 0 : -ENOENT;
}

int vfio_group_open(struct kernel *kernel, int group)
{
	struct stat node;
	int r = kernel_may_change(kernel);
	if (r == 0)
		r = group_stat(kernel, group, &node);
	if (r < 0)
		return r;
	int fd = openat(kernel->root, group_path(group).s, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

bool vfio_group_exists(struct kernel *kernel, int group)
{
	struct stat node;
	return group_stat(kernel, group, &node) == 0;
}

bool vfio_is_groupless(struct kernel *kernel)
{
	/* The classes of devices, and of groups. Kernels before 6.1 have no class of devices, but always groups. */
	return faccessat(kernel->root, "sys/class/vfio-dev", F_OK, 0) == 0 &&
	       faccessat(kernel->root, "sys/class/vfio", F_OK, 0) < 0;
}

/* Whether process PID, whose folder is below PROC, has the character device NODE open. */
static bool process_holds(int proc, pid_t pid, dev_t node)
{
	struct kernel_path path;
	cleanup_folder struct folder folder = FOLDER_NONE;
	snprintf(path.s, sizeof(path.s), "%d/fd", pid);
	/* Other users' processes, or one that has just ended. */
	if (folder_open(proc, path.s, &folder) < 0)
		return false;
	for (const char *name; (name = folder_next(&folder));) {
		struct statx st;
		/*
		 * Without a question to a server: a descriptor on a file system that hangs must not hang us.
		 */
		if (statx(folder.fd, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE, &st) < 0)
			continue;
		if (S_ISCHR(st.stx_mode) && makedev(st.stx_rdev_major, st.stx_rdev_minor) == node)
			return true;
	}
	return false;
}

/* The process that NAME in /proc is about, 0 when it is about something else. */
static pid_t name_pid(const char *name)
{
	uint64_t pid;
	/* The name, not the text of a number: "+1" is none. */
	if (name[0] < '1' || name[0] > '9' || number_parse(name, 10, INT_MAX, &pid) < 0)
		return 0;
	return (pid_t)pid;
}

int vfio_group_holder(struct kernel *kernel, int group, struct vfio_holder *ret)
{
	struct vfio_holder holder = { 0 };
	struct stat node;
	cleanup_folder struct folder proc = FOLDER_NONE;
	int r = group_stat(kernel, group, &node);
	if (r < 0)
		return r;
	r = folder_open(kernel->root, "proc", &proc);
	if (r < 0)
		return r;
	for (const char *name; holder.pid == 0 && (name = folder_next(&proc));) {
		pid_t pid = name_pid(name);
		if (pid > 0 && pid != getpid() && process_holds(proc.fd, pid, node.st_rdev))
			holder.pid = pid;
	}
	if (holder.pid) {
		struct kernel_path path;
		snprintf(path.s, sizeof(path.s), "%d/comm", holder.pid);
		/* It may end at any moment; then it has no name. */
		if (file_read(proc.fd, path.s, holder.name, sizeof(holder.name)) < 0)
			holder.name[0] = '\0';
	}
	*ret = holder;
	return 0;
}
