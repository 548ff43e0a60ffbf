/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Building the host, and changing it behind the program's back. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "fake/port.h"

/* Which host is in use is the one thing that cannot be handed in: kernel_open() takes a path. */
static struct fake_host *current;

void fake_use(struct fake_host *host)
{
	current = host;
}

struct fake_host *fake_current(void)
{
	return current;
}

/* The lock works across processes, survives one that dies, and is taken again by functions that call each other. */
static void lock_init(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

struct fake_host *fake_host_new(void)
{
	static const struct fake_driver drivers[] = {
		{ "igb", FAKE_MODULE_LOADED },        { "igbvf", FAKE_MODULE_LOADED },
		{ "e1000e", FAKE_MODULE_LOADED },     { "pcieport", FAKE_MODULE_LOADED },
		{ "vfio-pci", FAKE_MODULE_LOADABLE }, { "mlx5_vfio_pci", FAKE_MODULE_LOADABLE },
	};
	struct fake_host *host = mmap(NULL, sizeof(*host), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				      -1, 0);
	if (host == MAP_FAILED)
		fake_fatal("mmap", strerror(errno));
	lock_init(&host->lock);
	host->locks = memfd_create("fake-groups", MFD_CLOEXEC);
	strcpy(host->root, "/");
	host->boot_id.byte[UUID_SIZE - 1] = 1;
	host->next_inode = 16000;
	host->next_ifindex = 1;
	memcpy(host->drivers, drivers, sizeof(drivers));
	fake_use(host);
	return host;
}

void fake_host_free(struct fake_host *host)
{
	if (!host)
		return;
	if (current == host)
		current = NULL;
	close(host->locks);
	munmap(host, sizeof(*host));
}

void fake_set_root(struct fake_host *host, const char *root)
{
	FAKE_LOCKED(host);
	snprintf(host->root, sizeof(host->root), "%s", root);
}

/* A device at ADDRESS in an IOMMU group of its own. */
static struct fake_device *device_new(struct fake_host *host, const char *address, uint32_t class)
{
	struct pci_address parsed;
	struct fake_device *device = host->devices;
	if (pci_parse(address, &parsed) < 0 || fake_find(host, parsed))
		fake_fatal("not a new PCI address", address);
	while (device->here)
		if (++device == host->devices + FAKE_DEVICES)
			fake_fatal("too many devices", address);
	*device = (struct fake_device){ .here = true };
	device->pci.address = parsed;
	device->pci.class = class;
	device->pci.inode = host->next_inode += 16;
	device->pci.iommu_group = host->next_group++;
	return device;
}

/* A function with a netdev NAME on DRIVER. */
static struct fake_device *nic_new(struct fake_host *host, const char *address, const char *name,
				   const char *driver)
{
	struct fake_device *device = device_new(host, address, 0x020000);
	snprintf(device->default_driver, sizeof(device->default_driver), "%s", driver);
	snprintf(device->default_name, sizeof(device->default_name), "%s", name);
	fake_give_driver(host, device, driver);
	return device;
}

void fake_add_pf(struct fake_host *host, const char *address, const char *name, bool up)
{
	FAKE_LOCKED(host);
	struct fake_device *pf = nic_new(host, address, name, "igb");
	pf->pci.total_vfs = 8;
	pf->pci.vf_offset = 128;
	pf->pci.vf_stride = 2;
	pf->autoprobe = true;
	fake_netdev_of(host, pf)->netdev.up = up;
}

void fake_add_nic(struct fake_host *host, const char *address, const char *name)
{
	FAKE_LOCKED(host);
	fake_netdev_of(host, nic_new(host, address, name, "e1000e"))->netdev.up = true;
}

void fake_add_bridge(struct fake_host *host, const char *address)
{
	FAKE_LOCKED(host);
	fake_give_driver(host, device_new(host, address, 0x060400), "pcieport");
}

/* The address of VF INDEX of PF, by routing ids. */
static struct pci_address vf_address(const struct pci_device *pf, uint32_t index)
{
	struct pci_address a = pf->address;
	uint32_t id = (uint32_t)a.bus << 8 | (uint32_t)a.slot << 3 | a.function;
	id += pf->vf_offset + index * pf->vf_stride;
	return (struct pci_address){ a.domain, (uint8_t)(id >> 8), id >> 3 & PCI_SLOT_MAX,
				     id & PCI_FUNCTION_MAX };
}

/* A VF as it is just after its creation. */
static void vf_fresh(struct fake_host *host, struct fake_device *vf)
{
	const struct fake_device *pf = fake_find(host, vf->pci.pf);
	fake_drop_driver(host, vf);
	vf->pci.override[0] = '\0';
	vf->pci.inode = host->next_inode += 16;
	fake_vf_init(vf);
	if (pf && pf->autoprobe)
		fake_give_driver(host, vf, vf->default_driver);
}

void fake_add_vfs(struct fake_host *host, const char *pf_address, unsigned count)
{
	FAKE_LOCKED(host);
	struct fake_device *pf = fake_device(host, pf_address);
	pf->pci.num_vfs = count;
	if (pf->pci.total_vfs < count)
		pf->pci.total_vfs = count;
	for (uint32_t i = 0; i < count; i++) {
		struct fake_device *vf = device_new(host, pci_text(vf_address(&pf->pci, i)).s, 0x020000);
		vf->pci.is_vf = true;
		vf->pci.pf = pf->pci.address;
		vf->index = i;
		strcpy(vf->default_driver, "igbvf");
		snprintf(vf->default_name, sizeof(vf->default_name), "%.10sv%u", pf->default_name, i);
		vf_fresh(host, vf);
	}
}

void fake_add_netdev(struct fake_host *host, const char *address, const char *name, const char *phys_port_name)
{
	FAKE_LOCKED(host);
	struct netdev *netdev =
		&fake_netdev_new(host, fake_device(host, address), name, fake_random_mac(host))->netdev;
	snprintf(netdev->phys_port_name, sizeof(netdev->phys_port_name), "%s", phys_port_name);
}

void fake_set_port_id(struct fake_host *host, const char *name, const char *id)
{
	FAKE_LOCKED(host);
	for (size_t i = 0; i < FAKE_NETDEVS; i++)
		if (host->netdevs[i].netdev.ifindex && strcmp(host->netdevs[i].netdev.name, name) == 0)
			snprintf(host->netdevs[i].port_id.s, sizeof(host->netdevs[i].port_id.s), "%s", id);
}

void fake_remove(struct fake_host *host, const char *address)
{
	FAKE_LOCKED(host);
	struct fake_device *device = fake_device(host, address);
	fake_drop_driver(host, device);
	device->here = false;
}

/* Makes all VFs afresh, those of PF or, where it is NULL, all. */
static void recreate(struct fake_host *host, const struct pci_address *pf)
{
	for (size_t i = 0; i < FAKE_DEVICES; i++) {
		struct fake_device *vf = &host->devices[i];
		if (vf->here && vf->pci.is_vf && (!pf || pci_compare(vf->pci.pf, *pf) == 0))
			vf_fresh(host, vf);
	}
}

void fake_recreate_vfs(struct fake_host *host, const char *pf)
{
	FAKE_LOCKED(host);
	recreate(host, &fake_device(host, pf)->pci.address);
}

void fake_reboot(struct fake_host *host)
{
	FAKE_LOCKED(host);
	host->boot_id.byte[UUID_SIZE - 1]++;
	memset(host->processes, 0, sizeof(host->processes));
	memset(host->holders, 0, sizeof(host->holders));
	for (size_t i = 0; i < FAKE_DEVICES; i++)
		host->devices[i].pci.override[0] = '\0';
	recreate(host, NULL);
}

void fake_add_module(struct fake_host *host, const char *name, enum fake_module state)
{
	FAKE_LOCKED(host);
	struct fake_driver *driver = fake_driver(host, name);
	for (size_t i = 0; !driver && i < FAKE_SMALL; i++)
		if (!host->drivers[i].name[0])
			driver = &host->drivers[i];
	if (!driver)
		fake_fatal("too many modules", name);
	driver->state = state;
	if (!driver->name[0])
		snprintf(driver->name, sizeof(driver->name), "%s", name);
}

void fake_set(struct fake_host *host, const char *address, enum setting which, struct value value)
{
	FAKE_LOCKED(host);
	struct fake_device *device = fake_device(host, address);
	struct fake_netdev *netdev = fake_netdev_of(host, device);
	int r = -ENODEV;
	if (which <= SETTING_VF_LAST) {
		r = fake_vf_set(host, device, which, &value);
		device->resetting = 0;
	} else if (which == SETTING_OVERRIDE) {
		strcpy(device->pci.override, value.name);
		r = 0;
	} else if (which == SETTING_DRIVER) {
		fake_drop_driver(host, device);
		if (value.name[0])
			fake_give_driver(host, device, value.name);
		r = 0;
	} else if (netdev) {
		r = fake_netdev_set(host, netdev, which, &value);
	}
	if (r < 0)
		fake_fatal("cannot be set", setting_word(which));
}

struct value fake_get(struct fake_host *host, const char *address, enum setting which)
{
	FAKE_LOCKED(host);
	const struct fake_device *device = fake_device(host, address);
	const struct fake_netdev *netdev = fake_netdev_of(host, device);
	if (which <= SETTING_VF_LAST)
		return device->reported[which];
	if (which == SETTING_OVERRIDE)
		return value_name(device->pci.override);
	if (which == SETTING_DRIVER)
		return value_name(device->pci.driver);
	if (!netdev)
		return (struct value){ 0 };
	const struct value values[] = {
		[SETTING_NETDEV_MAC] = value_mac(netdev->netdev.mac),
		[SETTING_NETDEV_MTU] = value_number(netdev->netdev.mtu),
		[SETTING_NETDEV_NAME] = value_name(netdev->netdev.name),
		[SETTING_NETDEV_UP] = value_flag(netdev->netdev.up),
	};
	return values[which];
}

void fake_set_group(struct fake_host *host, const char *address, int group)
{
	FAKE_LOCKED(host);
	fake_device(host, address)->pci.iommu_group = group;
}

void fake_set_noiommu(struct fake_host *host, const char *address)
{
	FAKE_LOCKED(host);
	fake_device(host, address)->pci.noiommu = true;
}

void fake_set_groupless(struct fake_host *host)
{
	FAKE_LOCKED(host);
	host->groupless = true;
}

void fake_add_vfio_driver(struct fake_host *host, const char *name)
{
	FAKE_LOCKED(host);
	fake_add_module(host, name, FAKE_MODULE_LOADABLE);
	snprintf(host->vfio_driver, sizeof(host->vfio_driver), "%s", name);
}

int fake_group(struct fake_host *host, const char *address)
{
	FAKE_LOCKED(host);
	return fake_device(host, address)->pci.iommu_group;
}

void fake_set_autoprobe(struct fake_host *host, const char *pf, bool on)
{
	FAKE_LOCKED(host);
	fake_device(host, pf)->autoprobe = on;
}

void fake_set_pf_driver(struct fake_host *host, const char *pf, const char *name)
{
	FAKE_LOCKED(host);
	struct fake_device *device = fake_device(host, pf);
	device->pf_driver = fake_pf_driver(name);
	strcpy(device->pci.driver, name);
	strcpy(device->default_driver, name);
	/* Their VFs start without a spoof check. */
	for (size_t i = 0; device->pf_driver->checks_mac && i < FAKE_DEVICES; i++)
		if (pci_compare(host->devices[i].pci.pf, device->pci.address) == 0)
			host->devices[i].reported[SETTING_SPOOFCHK] = value_flag(false);
}

void fake_add_ports(struct fake_host *host, const char *pf)
{
	FAKE_LOCKED(host);
	const struct fake_device *device = fake_device(host, pf);
	for (uint32_t i = 0; i < device->pci.num_vfs; i++)
		fake_vf(host, device->pci.address, i)->reported[SETTING_PORT] = value_port((struct port){ 0 });
}

void fake_answer_port(struct fake_host *host, const char *pf, uint16_t response, unsigned reads)
{
	FAKE_LOCKED(host);
	struct fake_device *device = fake_device(host, pf);
	device->port_answer = response;
	device->port_reads = reads;
}

void fake_set_default_name(struct fake_host *host, const char *vf, const char *name)
{
	FAKE_LOCKED(host);
	struct fake_device *device = fake_device(host, vf);
	snprintf(device->default_name, sizeof(device->default_name), "%s", name);
}

void fake_hide_netdev(struct fake_host *host, const char *vf)
{
	FAKE_LOCKED(host);
	struct fake_netdev *netdev = fake_netdev_of(host, fake_device(host, vf));
	if (!netdev)
		fake_fatal("has no netdev", vf);
	netdev->hidden = true;
}

void fake_use_netdev(struct fake_host *host, const char *vf, const struct netdev_use *use)
{
	FAKE_LOCKED(host);
	struct fake_netdev *netdev = fake_netdev_of(host, fake_device(host, vf));
	if (!netdev)
		fake_fatal("has no netdev", vf);
	netdev->use = *use;
}

void fake_libvirt_state(struct fake_host *host, const char *vf)
{
	FAKE_LOCKED(host);
	fake_device(host, vf)->libvirt = true;
}

void fake_add_process(struct fake_host *host, pid_t pid, uint64_t start, const char *name)
{
	FAKE_LOCKED(host);
	for (size_t i = 0; i < FAKE_SMALL; i++) {
		if (host->processes[i].pid == 0) {
			host->processes[i] = (struct fake_process){ .pid = pid, .start = start };
			snprintf(host->processes[i].name, sizeof(host->processes[i].name), "%s", name);
			return;
		}
	}
	fake_fatal("too many processes", name);
}

void fake_end_process(struct fake_host *host, pid_t pid)
{
	FAKE_LOCKED(host);
	for (size_t i = 0; i < FAKE_SMALL; i++) {
		if (host->processes[i].pid == pid)
			host->processes[i] = (struct fake_process){ 0 };
		if (host->holders[i].held && host->holders[i].pid == pid)
			host->holders[i].held = false;
	}
}

static void hold(struct fake_host *host, struct fake_holder holder)
{
	for (size_t i = 0; i < FAKE_SMALL; i++) {
		if (!host->holders[i].held) {
			host->holders[i] = holder;
			return;
		}
	}
	fake_fatal("too many holders", "");
}

void fake_hold_group(struct fake_host *host, int group, pid_t pid)
{
	FAKE_LOCKED(host);
	hold(host, (struct fake_holder){ .held = true, .group = group, .pid = pid });
}

void fake_hold_for(struct fake_host *host, int group, unsigned tries)
{
	FAKE_LOCKED(host);
	hold(host, (struct fake_holder){ .held = true, .group = group, .tries = tries });
}

void fake_drop_group(struct fake_host *host, int group)
{
	FAKE_LOCKED(host);
	for (size_t i = 0; i < FAKE_SMALL; i++)
		if (host->holders[i].group == group)
			host->holders[i].held = false;
}
