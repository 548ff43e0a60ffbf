/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The functions of src/kernel/{kernel,pci,module,process,vfio}.h, answered by the model. */

#include "fake/port.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "kernel/host.h"
#include "kernel/module.h"
#include "kernel/process.h"
#include "kernel/vfio.h"

int kernel_open(const char *root, struct kernel **ret)
{
	if (!fake_current())
		return -ENOENT;
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	if (!kernel)
		return -ENOMEM;
	kernel->host = fake_current();
	kernel->live = strcmp(root, kernel->host->root) == 0;
	*ret = kernel;
	return 0;
}

void kernel_close(struct kernel *kernel)
{
	free(kernel);
}

bool kernel_is_live(const struct kernel *kernel)
{
	return kernel->live;
}

int kernel_boot_id(struct kernel *kernel, struct uuid *ret)
{
	FAKE_LOCKED(kernel->host);
	*ret = kernel->host->boot_id;
	return 0;
}

int kernel_machine_id(struct kernel *kernel, struct uuid *ret)
{
	*ret = (struct uuid){ { 0xfa, 0x4e } };
	return 0;
}

int kernel_firmware_id(struct kernel *kernel, struct uuid *ret)
{
	*ret = (struct uuid){ { 0x4c, 0x4c } };
	return 0;
}

/* ---- reading PCI devices ---- */

int pci_read(struct kernel *kernel, struct pci_address address, struct pci_device *ret)
{
	FAKE_LOCKED(kernel->host);
	const struct fake_device *device = fake_find(kernel->host, address);
	if (!device)
		return -ENOENT;
	*ret = device->pci;
	return 0;
}

int pci_read_driver(struct kernel *kernel, struct pci_address address, struct pci_device *ret)
{
	struct pci_device device;
	int r = pci_read(kernel, address, &device);
	if (r < 0)
		return r;
	memcpy(ret->driver, device.driver, sizeof(ret->driver));
	ret->vfio = device.vfio;
	return 0;
}

static int compare_addresses(const void *a, const void *b)
{
	return pci_compare(*(const struct pci_address *)a, *(const struct pci_address *)b);
}

/* The addresses of the devices in GROUP, or with -1 of all. */
static int list(struct fake_host *host, int group, struct pci_address **ret, size_t *ret_count)
{
	struct pci_address *all = calloc(FAKE_DEVICES, sizeof(*all));
	size_t count = 0;
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < FAKE_DEVICES; i++) {
		const struct fake_device *device = &host->devices[i];
		if (device->here && (group < 0 || device->pci.iommu_group == group))
			all[count++] = device->pci.address;
	}
	qsort(all, count, sizeof(*all), compare_addresses);
	*ret = all;
	*ret_count = count;
	return 0;
}

int pci_list(struct kernel *kernel, struct pci_address **ret, size_t *ret_count)
{
	FAKE_LOCKED(kernel->host);
	return list(kernel->host, -1, ret, ret_count);
}

int pci_group_list(struct kernel *kernel, int group, struct pci_address **ret, size_t *ret_count)
{
	FAKE_LOCKED(kernel->host);
	struct pci_address *members = NULL;
	size_t count;
	int r = group < 0 ? -ENOENT : list(kernel->host, group, &members, &count);
	if (r == 0 && count == 0) {
		free(members);
		return -ENOENT;
	}
	if (r < 0)
		return r;
	*ret = members;
	*ret_count = count;
	return 0;
}

int pci_virtfn(struct kernel *kernel, struct pci_address pf, uint32_t index, struct pci_address *ret)
{
	FAKE_LOCKED(kernel->host);
	const struct fake_device *vf = fake_vf(kernel->host, pf, index);
	if (!vf)
		return -ENOENT;
	*ret = vf->pci.address;
	return 0;
}

bool vfio_is_groupless(struct kernel *kernel)
{
	FAKE_LOCKED(kernel->host);
	return kernel->host->groupless;
}

bool pci_is_pf(struct kernel *kernel, struct pci_address address)
{
	FAKE_LOCKED(kernel->host);
	const struct fake_device *device = fake_find(kernel->host, address);
	return device && device->pci.total_vfs > 0;
}

bool pci_has_iommu(struct kernel *kernel)
{
	FAKE_LOCKED(kernel->host);
	for (size_t i = 0; i < FAKE_DEVICES; i++)
		if (kernel->host->devices[i].here && kernel->host->devices[i].pci.iommu_group >= 0)
			return true;
	return false;
}

/* ---- changing PCI devices ---- */

static bool name_valid(const char *name)
{
	return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static int do_override(struct fake_host *host, const struct fake_call *call)
{
	struct fake_device *device = fake_find(host, call->address);
	if (!device)
		return -ENOENT;
	snprintf(device->pci.override, sizeof(device->pci.override), "%s", call->name);
	return 0;
}

int pci_set_override(struct kernel *kernel, struct pci_address address, const char *name)
{
	struct fake_call call = { .address = address, .name = name };
	if (!name_valid(name) || strlen(name) >= NAME_SIZE)
		return -EINVAL;
	snprintf(call.text, sizeof(call.text), "override %s %s", pci_text(address).s, name[0] ? name : "none");
	return fake_change(kernel, &call, do_override);
}

/* Whether anybody but this program holds GROUP. */
static struct fake_holder *holder_of(struct fake_host *host, int group)
{
	for (size_t i = 0; i < FAKE_SMALL; i++)
		if (host->holders[i].held && host->holders[i].group == group)
			return &host->holders[i];
	return NULL;
}

static int do_unbind(struct fake_host *host, const struct fake_call *call)
{
	struct fake_device *device = fake_find(host, call->address);
	if (!device)
		return -ENOENT;
	if (!device->pci.driver[0])
		return -ENODEV;
	/* The real one would not return before the holder is gone. */
	if (device->pci.vfio && holder_of(host, device->pci.iommu_group)) {
		fake_violation(host, "unbound while held", call->address);
		return -EINTR;
	}
	fake_drop_driver(host, device);
	return 0;
}

int pci_unbind(struct kernel *kernel, struct pci_address address)
{
	struct fake_call call = { .address = address };
	snprintf(call.text, sizeof(call.text), "unbind %s", pci_text(address).s);
	return fake_change(kernel, &call, do_unbind);
}

static int do_probe(struct fake_host *host, const struct fake_call *call)
{
	struct fake_device *device = fake_find(host, call->address);
	if (!device)
		return -ENODEV;
	if (device->pci.driver[0])
		return 0;
	const struct fake_device *pf = device->pci.is_vf ? fake_find(host, device->pci.pf) : NULL;
	const char *name = device->pci.override;
	/* An override binds where sriov_drivers_autoprobe=0 keeps everything else away, and no driver is no error. */
	if (!name[0] && (!pf || pf->autoprobe))
		name = device->default_driver;
	const struct fake_driver *driver = name[0] ? fake_driver(host, name) : NULL;
	if (driver && driver->state == FAKE_MODULE_LOADED && strcmp(driver->name, name) == 0)
		fake_give_driver(host, device, name);
	return 0;
}

int pci_probe(struct kernel *kernel, struct pci_address address)
{
	struct fake_call call = { .address = address };
	snprintf(call.text, sizeof(call.text), "probe %s", pci_text(address).s);
	return fake_change(kernel, &call, do_probe);
}

/* ---- modules ---- */

static int do_load(struct fake_host *host, const struct fake_call *call)
{
	struct fake_driver *driver = fake_driver(host, call->name);
	if (!driver)
		return -ENOENT;
	if (driver->state == FAKE_MODULE_BLACKLISTED)
		return -EPERM;
	driver->state = FAKE_MODULE_LOADED;
	return 0;
}

int module_load_driver(struct kernel *kernel, const char *name)
{
	FAKE_LOCKED(kernel->host);
	struct fake_call call = { .name = name };
	if (!name[0] || !name_valid(name) || strlen(name) >= NAME_SIZE)
		return -EINVAL;
	const struct fake_driver *driver = fake_driver(kernel->host, name);
	if (driver && driver->state == FAKE_MODULE_LOADED)
		return 0;
	snprintf(call.text, sizeof(call.text), "load %s", name);
	return fake_change(kernel, &call, do_load);
}

int module_vfio_drivers(struct kernel *kernel, struct pci_address address, struct vfio_driver **ret,
			size_t *ret_count)
{
	FAKE_LOCKED(kernel->host);
	struct vfio_driver *list = calloc(2, sizeof(*list));
	size_t count = 0;
	if (!list)
		return -ENOMEM;
	if (kernel->host->vfio_driver[0])
		strcpy(list[count++].name, kernel->host->vfio_driver);
	list[count++] = (struct vfio_driver){ "vfio-pci", UINT_MAX };
	*ret = list;
	*ret_count = count;
	return 0;
}

int module_find_driver(struct kernel *kernel, const char *name)
{
	FAKE_LOCKED(kernel->host);
	const struct fake_driver *driver = fake_driver(kernel->host, name);
	if (!driver || driver->state == FAKE_MODULE_BLACKLISTED)
		return driver ? -EPERM : -ENOENT;
	return driver->state == FAKE_MODULE_LOADED ? 0 : 1;
}

void host_read(struct kernel *kernel, struct host *ret)
{
	*ret = (struct host){ .iommu = "dmar0", .cpu = "GenuineIntel", .node = HOST_NODE_USABLE };
}

/* ---- processes ---- */

static const struct fake_process *process_at(const struct fake_host *host, pid_t pid)
{
	for (size_t i = 0; i < FAKE_SMALL; i++)
		if (host->processes[i].pid == pid)
			return &host->processes[i];
	return NULL;
}

int process_read(struct kernel *kernel, pid_t pid, struct process *ret)
{
	FAKE_LOCKED(kernel->host);
	const struct fake_process *process = pid > 0 ? process_at(kernel->host, pid) : NULL;
	if (!process)
		return -ESRCH;
	*ret = (struct process){ pid, process->start };
	return 0;
}

/* ---- VFIO groups ---- */

bool vfio_group_exists(struct kernel *kernel, int group)
{
	FAKE_LOCKED(kernel->host);
	for (size_t i = 0; group >= 0 && i < FAKE_DEVICES; i++) {
		const struct fake_device *device = &kernel->host->devices[i];
		if (device->here && device->pci.iommu_group == group && device->pci.vfio)
			return true;
	}
	return false;
}

/*
 * The descriptor that is given out is a real one, and holds a lock that goes when its last copy is closed: so that a group
 * can be opened once only, also by threads and children, and is free again when its user crashed.
 */
int vfio_group_open(struct kernel *kernel, int group)
{
	FAKE_LOCKED(kernel->host);
	if (!kernel->live)
		return -EROFS;
	if (!vfio_group_exists(kernel, group))
		return -ENOENT;
	struct fake_holder *holder = holder_of(kernel->host, group);
	if (holder && holder->tries > 0 && --holder->tries == 0)
		holder->held = false;
	if (holder)
		return -EBUSY;
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", kernel->host->locks);
	cleanup_close int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = group, .l_len = 1 };
	if (fcntl(fd, F_OFD_SETLK, &lock) < 0)
		return errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
	return TAKE_FD(fd);
}

int vfio_group_holder(struct kernel *kernel, int group, struct vfio_holder *ret)
{
	FAKE_LOCKED(kernel->host);
	if (!vfio_group_exists(kernel, group))
		return -ENOENT;
	*ret = (struct vfio_holder){ 0 };
	const struct fake_holder *holder = holder_of(kernel->host, group);
	const struct fake_process *process = holder && holder->pid ? process_at(kernel->host, holder->pid) :
								     NULL;
	if (process) {
		ret->pid = process->pid;
		strcpy(ret->name, process->name);
	}
	return 0;
}
