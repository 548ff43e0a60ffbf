/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/pci.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/number.h"
#include "kernel/internal.h"

/* The files of a device's folder that hold one number. A device that is not a PF has none of the sriov ones. */
static const struct {
	const char *file;
	size_t offset;
	int base;
	bool of_vf; /* a VF may have it */
} numbers[] = {
	{ "class", offsetof(struct pci_device, class), 16, true },
	{ "sriov_totalvfs", offsetof(struct pci_device, total_vfs), 10, false },
	{ "sriov_offset", offsetof(struct pci_device, vf_offset), 10, false },
	{ "sriov_stride", offsetof(struct pci_device, vf_stride), 10, false },
};

static int read_numbers(int dir, struct pci_device *device)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		uint64_t number;
		if (device->is_vf && !numbers[i].of_vf)
			continue;
		int r = kernel_read_number(dir, numbers[i].file, numbers[i].base, UINT32_MAX, &number);
		if (r < 0)
			return r;
		uint32_t field = (uint32_t)number;
		memcpy((char *)device + numbers[i].offset, &field, sizeof(field));
	}
	return 0;
}

/* Reads the link NAME as a PCI address. */
static int read_address(int dir, const char *name, struct pci_address *ret)
{
	char text[NAME_SIZE];
	int r = file_link_name(dir, name, text, sizeof(text));
	if (r < 0)
		return r;
	return pci_parse(text, ret) < 0 ? -EBADMSG : 0;
}

/* 0 for a link or file that is not there (it then has its "none" value), else R. */
static int optional(int r)
{
	return r == -ENOENT ? 0 : r;
}

/* The driver bound to the device whose folder is PATH below DIR. */
static int read_driver(int dir, const char *path, struct pci_device *device)
{
	struct kernel_path driver, vfio;
	snprintf(driver.s, sizeof(driver.s), "%sdriver", path);
	snprintf(vfio.s, sizeof(vfio.s), "%svfio-dev", path);
	device->driver[0] = '\0';
	int r = optional(file_link_name(dir, driver.s, device->driver, sizeof(device->driver)));
	/*
	 * Any driver that gives the device to user space through VFIO makes this folder, whatever it is
	 * called.
	 */
	device->vfio = strcmp(device->driver, "vfio-pci") == 0 ||
		       (device->driver[0] && faccessat(dir, vfio.s, F_OK, 0) == 0);
	return r;
}

static int read_override(int dir, struct pci_device *device)
{
	ssize_t n = file_read(dir, "driver_override", device->override, sizeof(device->override));
	/* The kernel prints its NULL pointer. */
	if (n < 0 || strcmp(device->override, "(null)") == 0)
		device->override[0] = '\0';
	return n < 0 ? optional((int)n) : 0;
}

static int read_group(int dir, struct pci_device *device)
{
	char text[NAME_SIZE];
	uint64_t group;
	device->iommu_group = -1;
	int r = file_link_name(dir, "iommu_group", text, sizeof(text));
	if (r < 0)
		return optional(r);
	if (number_parse(text, 10, INT_MAX, &group) < 0)
		return -EBADMSG;
	device->iommu_group = (int)group;
	/* Only VFIO makes such groups, and only for the devices it has; others are not asked. */
	device->noiommu = device->vfio && file_read(dir, "iommu_group/name", text, sizeof(text)) >= 0 &&
			  strcmp(text, "vfio-noiommu") == 0;
	return 0;
}

/* How many VFs a PF has: its links are numbered from 0 without a gap. */
static uint32_t count_vfs(int dir, uint32_t total)
{
	uint32_t some = 0;
	/* SOME is how many there are at least, TOTAL at most. */
	while (some < total) {
		uint32_t middle = some + (total - some) / 2;
		char name[24];
		snprintf(name, sizeof(name), "virtfn%u", middle);
		if (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			some = middle + 1;
		else
			total = middle;
	}
	return some;
}

static int read_device(int dir, struct pci_device *device)
{
	int r = read_address(dir, "physfn", &device->pf);
	device->is_vf = r == 0;
	r = optional(r);
	if (r == 0)
		r = read_numbers(dir, device);
	/*
	 * Not sriov_numvfs: reading that waits for whoever is writing it, who may wait for a VMM to let go of a VF.
	 */
	device->num_vfs = count_vfs(dir, device->total_vfs);
	if (r == 0)
		r = read_driver(dir, "", device);
	if (r == 0)
		r = read_override(dir, device);
	return r < 0 ? r : read_group(dir, device);
}

int pci_read(struct kernel *kernel, struct pci_address address, struct pci_device *ret)
{
	struct kernel_path path = kernel_pci_path(address, "");
	struct pci_device device = { .address = address };
	struct stat before, after;
	cleanup_close int dir = openat(kernel->root, path.s, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fstat(dir, &before) < 0)
		return -errno;
	int r = read_device(dir, &device);
	/*
	 * A device that went away meanwhile looks like one without driver, group and VFs: that must not be
	 * believed.
	 */
	if (fstatat(kernel->root, path.s, &after, 0) < 0)
		return -errno;
	if (before.st_ino != after.st_ino)
		return -ENOENT;
	if (r < 0)
		return r;
	device.inode = before.st_ino;
	*ret = device;
	return 0;
}

int pci_read_driver(struct kernel *kernel, struct pci_address address, struct pci_device *ret)
{
	int r = read_driver(kernel->root, kernel_pci_path(address, "/").s, ret);
	if (r == 0 && !ret->driver[0] && faccessat(kernel->root, kernel_pci_path(address, "").s, F_OK, 0) < 0)
		return -errno;
	return r;
}

static int compare_addresses(const void *a, const void *b)
{
	return pci_compare(*(const struct pci_address *)a, *(const struct pci_address *)b);
}

/* The addresses that stand as names in folder PATH, sorted; other names are no devices. */
static int list_addresses(struct kernel *kernel, const char *path, struct pci_address **ret, size_t *ret_count)
{
	cleanup_folder struct folder folder = FOLDER_NONE;
	cleanup_free struct pci_address *list = NULL;
	size_t count = 0, room = 0;
	int r = folder_open(kernel->root, path, &folder);
	if (r < 0)
		return r;
	for (const char *name; (name = folder_next(&folder));) {
		struct pci_address address;
		if (pci_parse(name, &address) < 0)
			continue;
		if (count == room) {
			room = room ? 2 * room : 32;
			struct pci_address *more = reallocarray(list, room, sizeof(*list));
			if (!more)
				return -ENOMEM;
			list = more;
		}
		list[count++] = address;
	}
	if (count > 0)
		qsort(list, count, sizeof(*list), compare_addresses);
	*ret = TAKE(list);
	*ret_count = count;
	return 0;
}

int pci_list(struct kernel *kernel, struct pci_address **ret, size_t *ret_count)
{
	int r = list_addresses(kernel, "sys/bus/pci/devices", ret, ret_count);
	if (r != -ENOENT)
		return r;
	/* A machine without PCI. */
	*ret = NULL;
	*ret_count = 0;
	return 0;
}

int pci_group_list(struct kernel *kernel, int group, struct pci_address **ret, size_t *ret_count)
{
	struct kernel_path path;
	snprintf(path.s, sizeof(path.s), "sys/kernel/iommu_groups/%d/devices", group);
	return list_addresses(kernel, path.s, ret, ret_count);
}

int pci_virtfn(struct kernel *kernel, struct pci_address pf, uint32_t index, struct pci_address *ret)
{
	char suffix[24];
	snprintf(suffix, sizeof(suffix), "/virtfn%u", index);
	return read_address(kernel->root, kernel_pci_path(pf, suffix).s, ret);
}

bool pci_is_pf(struct kernel *kernel, struct pci_address address)
{
	return faccessat(kernel->root, kernel_pci_path(address, "/sriov_totalvfs").s, F_OK, 0) == 0;
}

bool pci_has_iommu(struct kernel *kernel)
{
	cleanup_folder struct folder folder = FOLDER_NONE;
	if (folder_open(kernel->root, "sys/kernel/iommu_groups", &folder) < 0)
		return false;
	/* The folder is there, and empty, where an IOMMU is built in but not used. */
	return folder_next(&folder) != NULL;
}

int pci_set_override(struct kernel *kernel, struct pci_address address, const char *name)
{
	int r = kernel_may_change(kernel);
	if (r < 0)
		return r;
	if (name[0] && !driver_name_valid(name))
		return -EINVAL;
	/* An empty write never reaches the driver core; a line end alone clears. */
	return file_write(kernel->root, kernel_pci_path(address, "/driver_override").s, name[0] ? name : "\n");
}

int pci_unbind(struct kernel *kernel, struct pci_address address)
{
	int r = kernel_may_change(kernel);
	if (r < 0)
		return r;
	r = file_write(kernel->root, kernel_pci_path(address, "/driver/unbind").s, pci_text(address).s);
	if (r == -ENOENT && faccessat(kernel->root, kernel_pci_path(address, "").s, F_OK, 0) == 0)
		return -ENODEV;
	return r;
}

int pci_probe(struct kernel *kernel, struct pci_address address)
{
	int r = kernel_may_change(kernel);
	return r < 0 ? r : file_write(kernel->root, "sys/bus/pci/drivers_probe", pci_text(address).s);
}
