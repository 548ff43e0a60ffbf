/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The least that a list of VFs can do: reads, below the root given, the files of sysfs that "vfassign list" reads of each
 * PF and VF, and does nothing with them. Prints how many there were, so that it can be seen that they were read.
 */

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static unsigned long files, links;

static void read_file(int dir, const char *name)
{
	char buf[4096];
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (read(fd, buf, sizeof(buf)) >= 0)
		files++;
	close(fd);
}

static void read_link(int dir, const char *name)
{
	char buf[256];
	if (readlinkat(dir, name, buf, sizeof(buf)) >= 0)
		links++;
}

static void walk_netdevs(int device)
{
	static const char *const names[] = { "ifindex",  "mtu",     "flags",         "addr_assign_type",
					     "dev_port", "address", "phys_port_name" };
	int fd = openat(device, "net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *net = fd < 0 ? NULL : fdopendir(fd);
	if (!net)
		return;
	for (const struct dirent *entry; (entry = readdir(net));) {
		if (entry->d_name[0] == '.')
			continue;
		int dir = openat(fd, entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			read_file(dir, names[i]);
		close(dir);
	}
	closedir(net);
}

static void walk_device(int devices, const char *name)
{
	char link[24];
	int dir = openat(devices, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return;
	read_file(dir, "class");
	read_file(dir, "driver_override");
	read_link(dir, "driver");
	read_link(dir, "iommu_group");
	read_link(dir, "physfn");
	walk_netdevs(dir);
	if (faccessat(dir, "sriov_totalvfs", F_OK, 0) == 0) {
		read_file(dir, "sriov_totalvfs");
		read_file(dir, "sriov_offset");
		read_file(dir, "sriov_stride");
		unsigned long before = links - 1;
		for (unsigned i = 0; links != before; i++) {
			before = links;
			snprintf(link, sizeof(link), "virtfn%u", i);
			read_link(dir, link);
		}
	}
	close(dir);
}

int main(int argc, char *argv[])
{
	int root = argc == 2 ? open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	int fd = root < 0 ? -1 : openat(root, "sys/bus/pci/devices", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *devices = fd < 0 ? NULL : fdopendir(fd);
	if (!devices) {
		fprintf(stderr, "usage: walk ROOT\n");
		return 2;
	}
	for (const struct dirent *entry; (entry = readdir(devices));)
		if (entry->d_name[0] != '.')
			walk_device(fd, entry->d_name);
	closedir(devices);
	close(root);
	printf("%lu files, %lu links\n", files, links);
	return 0;
}
