/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/host.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/folder.h"
#include "kernel/internal.h"

/* The first IOMMU by name, so that the same host gives the same answer. */
static void read_iommu(struct kernel *kernel, struct host *host)
{
	cleanup_folder struct folder folder = FOLDER_NONE;
	if (folder_open(kernel->root, "sys/class/iommu", &folder) < 0)
		return;
	for (const char *name; (name = folder_next(&folder));)
		if (strlen(name) < sizeof(host->iommu) && (!host->iommu[0] || strcmp(name, host->iommu) < 0))
			memcpy(host->iommu, name, strlen(name) + 1);
}

/* The file is long, and of each processor says the same: its first lines suffice. */
static void read_cpu(struct kernel *kernel, struct host *host)
{
	char line[256];
	cleanup_close int fd = openat(kernel->root, "proc/cpuinfo", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	cleanup_file FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!file)
		return;
	(void)TAKE_FD(fd);
	for (int i = 0; i < 8 && fgets(line, sizeof(line), file); i++)
		if (sscanf(line, "vendor_id : %63s", host->cpu) == 1)
			return;
}

static enum host_node find_node(struct kernel *kernel)
{
	struct stat node;
	if (fstatat(kernel->root, "dev/vfio/vfio", &node, AT_SYMLINK_NOFOLLOW) < 0)
		return HOST_NODE_NONE;
	return faccessat(kernel->root, "dev/vfio/vfio", R_OK | W_OK, AT_EACCESS) == 0 ? HOST_NODE_USABLE :
											HOST_NODE_DENIED;
}

void host_read(struct kernel *kernel, struct host *ret)
{
	char text[8];
	*ret = (struct host){ .node = find_node(kernel) };
	read_iommu(kernel, ret);
	read_cpu(kernel, ret);
	ret->noiommu = file_read(kernel->root, "sys/module/vfio/parameters/enable_unsafe_noiommu_mode", text,
				 sizeof(text)) > 0 &&
		       text[0] == 'Y';
}
