/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "facts/pf.h"
#include "facts/resolve.h"
#include "kernel/kernel.h"
#include "kernel/netdev.h"
#include "kernel/pci.h"
#include "kernel/vfio.h"

void facts_free(struct facts *facts)
{
	if (!facts)
		return;
	for (size_t i = 0; i < facts->pf_count; i++)
		pf_facts_free(facts->pfs[i]);
	for (size_t i = 0; i < facts->device_count; i++)
		free(facts->devices[i].group);
	free(facts->pfs);
	free(facts->devices);
	free(facts);
}

static void facts_free_at(struct facts **facts)
{
	facts_free(*facts);
}

const struct device_facts *facts_find(const struct facts *facts, struct pci_address address)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (pci_compare(facts->devices[i].address, address) == 0)
			return &facts->devices[i];
	return NULL;
}

/* Reads the other members of the device's IOMMU group. */
static int device_read_group(struct kernel *kernel, struct device_facts *device)
{
	if (device->device.iommu_group < 0)
		return 0;
	cleanup_free struct pci_address *members = NULL;
	size_t count = 0;
	int r = pci_group_list(kernel, device->device.iommu_group, &members, &count);
	if (r < 0)
		return r;
	device->group = calloc(count ? count : 1, sizeof(*device->group));
	if (!device->group)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (pci_compare(members[i], device->address) == 0)
			continue;
		r = pci_read(kernel, members[i], &device->group[device->group_count]);
		if (r == 0)
			device->group_count++;
		else if (r != -ENOENT)
			return r;
	}
	return 0;
}

/* Whether the MAC that the PF reports is one that the VF's own netdev chose. */
static bool is_own_mac(const struct device_facts *device, struct mac mac)
{
	return device->netdev.ifindex != 0 && device->netdev.addr_assign_type != 0 &&
	       mac_equal(device->netdev.mac, mac);
}

/* Gathers the before-image from what was read. */
static void device_settings(struct device_facts *device)
{
	struct value *of = device->settings.of;
	if (device->report)
		device->settings = device->report->settings;
	if (of[SETTING_MAC].present && is_own_mac(device, of[SETTING_MAC].mac))
		of[SETTING_MAC] = value_mac((struct mac){ 0 });
	of[SETTING_OVERRIDE] = value_name(device->device.override);
	of[SETTING_DRIVER] = value_name(device->device.driver);
	if (device->netdev.ifindex == 0)
		return;
	of[SETTING_NETDEV_NAME] = value_name(device->netdev.name);
	of[SETTING_NETDEV_MAC] = value_mac(device->netdev.mac);
	of[SETTING_NETDEV_MTU] = value_number(device->netdev.mtu);
	of[SETTING_NETDEV_UP] = value_flag(device->netdev.up);
}

/* Whether one of NETDEVS stands at PORT, or does not tell where it does. */
static bool stands_at(struct kernel *kernel, const struct netdev *netdevs, size_t count,
		      const struct port_id *port)
{
	bool found = false;
	for (size_t i = 0; i < count && !found; i++) {
		struct port_id id = netdev_port_id(kernel, &netdevs[i]);
		found = !id.s[0] || strcmp(id.s, port->s) == 0;
	}
	return found;
}

static int vf_read(struct kernel *kernel, struct facts *facts, struct device_facts *device)
{
	struct pf_facts *pf = NULL;
	int r = pf_facts_get(kernel, facts, device->device.pf, &pf);
	if (r < 0)
		return r;
	device->pf = pf;
	device->has_index = resolve_vf_index(kernel, &pf->device, device->address, &device->vf_index) == 0;
	for (size_t i = 0; device->has_index && i < pf->vf_count; i++)
		if (pf->vfs[i].index == device->vf_index)
			device->report = &pf->vfs[i];
	device->representor = device->has_index ? resolve_representor(pf, device->vf_index) : NULL;
	cleanup_free struct netdev *netdevs = NULL;
	size_t count = 0;
	r = netdev_list(kernel, device->address, &netdevs, &count);
	if (r < 0)
		return r;
	if (count > 0)
		device->netdev = netdevs[0];
	device->other_port = pf->port_id.s[0] && count > 0 && !stands_at(kernel, netdevs, count, &pf->port_id);
	/* What is reported there is about another VF of this index, or nobody. */
	if (device->other_port)
		device->report = NULL;
	device_settings(device);
	return 0;
}

static void device_read_holder(struct kernel *kernel, struct device_facts *device, enum facts_flags flags)
{
	if (device->device.iommu_group < 0)
		return;
	if (!(flags & FACTS_HOLDERS)) {
		device->held = vfio_group_holder(kernel, device->device.iommu_group, &device->holder) == 0 &&
			       device->holder.pid != 0;
		return;
	}
	/*
	 * Also for a device that is not on VFIO: another one of its group may be, and in use. No node: nobody
	 * is.
	 */
	cleanup_close int fd = vfio_group_open(kernel, device->device.iommu_group);
	device->held = fd == -EBUSY;
	if (device->held)
		vfio_group_holder(kernel, device->device.iommu_group, &device->holder);
}

static int device_read_use(struct kernel *kernel, struct device_facts *device)
{
	device->libvirt = device->has_index && device->pf->netdev.ifindex &&
			  netdev_libvirt_state(kernel, device->pf->netdev.name, device->vf_index);
	return device->netdev.ifindex ? netdev_use(kernel, &device->netdev, &device->use) : 0;
}

static int device_read(struct kernel *kernel, struct facts *facts, struct device_facts *device,
		       enum facts_flags flags)
{
	int r = pci_read(kernel, device->address, &device->device);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	device->exists = true;
	r = flags & FACTS_BRIEF ? 0 : device_read_group(kernel, device);
	if (r == 0 && device->device.is_vf)
		r = vf_read(kernel, facts, device);
	if (r == 0 && (flags & FACTS_DRIVERS) && device->device.is_vf)
		r = pf_facts_drivers(kernel, facts, device);
	if (r == 0 && (flags & FACTS_USE))
		r = device_read_use(kernel, device);
	if (r == 0 && (flags & (FACTS_HOLDERS | FACTS_SEEN)))
		device_read_holder(kernel, device, flags);
	/* It went away while it was read: the same as never there. */
	if (r == -ENOENT) {
		device->exists = false;
		return 0;
	}
	return r;
}

static int facts_new(struct kernel *kernel, struct facts **ret)
{
	struct facts *facts = calloc(1, sizeof(*facts));
	if (!facts)
		return -ENOMEM;
	facts->has_iommu = pci_has_iommu(kernel);
	facts->groupless = vfio_is_groupless(kernel);
	int r = kernel_boot_id(kernel, &facts->boot_id);
	/*
	 * A captured machine need not carry its boot id; here, records could not be told from those of
	 * another boot.
	 */
	if (r < 0 && (r != -ENOENT || kernel_is_live(kernel))) {
		facts_free(facts);
		return r;
	}
	*ret = facts;
	return 0;
}

static int facts_read_devices(struct kernel *kernel, struct facts *facts, const struct pci_address *addresses,
			      size_t count, enum facts_flags flags)
{
	facts->devices = calloc(count ? count : 1, sizeof(*facts->devices));
	if (!facts->devices)
		return -ENOMEM;
	for (; facts->device_count < count; facts->device_count++) {
		struct device_facts *device = &facts->devices[facts->device_count];
		device->address = addresses[facts->device_count];
		int r = device_read(kernel, facts, device, flags);
		if (r < 0) {
			facts->device_count++;
			return r;
		}
	}
	return 0;
}

int facts_read(struct kernel *kernel, const struct pci_address *addresses, size_t count,
	       enum facts_flags flags, struct facts **ret)
{
	cleanup(facts_free_at) struct facts *facts = NULL;
	int r = facts_new(kernel, &facts);
	if (r == 0)
		r = facts_read_devices(kernel, facts, addresses, count, flags);
	if (r == 0)
		*ret = TAKE(facts);
	return r;
}

/* Appends the VFs of PF, by VF index, to the COUNT addresses at *VFS. */
static int append_vfs(struct kernel *kernel, const struct pci_device *pf, struct pci_address **vfs,
		      size_t *count)
{
	struct pci_address *more = reallocarray(*vfs, *count + pf->num_vfs + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	*vfs = more;
	for (uint32_t i = 0; i < pf->num_vfs; i++)
		if (pci_virtfn(kernel, pf->address, i, &more[*count]) == 0)
			(*count)++;
	return 0;
}

int facts_read_host(struct kernel *kernel, enum facts_flags flags, struct facts **ret)
{
	cleanup(facts_free_at) struct facts *facts = NULL;
	cleanup_free struct pci_address *all = NULL;
	cleanup_free struct pci_address *vfs = NULL;
	size_t all_count = 0, vf_count = 0;
	int r = facts_new(kernel, &facts);
	if (r == 0)
		r = pci_list(kernel, &all, &all_count);
	for (size_t i = 0; r == 0 && i < all_count; i++) {
		struct pci_device device;
		struct pf_facts *pf = NULL;
		/* Most are not, and there may be very many. */
		if (!pci_is_pf(kernel, all[i]))
			continue;
		if (pci_read(kernel, all[i], &device) < 0 || device.total_vfs == 0 ||
		    !resolve_is_network(&device))
			continue;
		r = pf_facts_get(kernel, facts, all[i], &pf);
		if (r == 0)
			r = append_vfs(kernel, &device, &vfs, &vf_count);
	}
	if (r == 0)
		r = facts_read_devices(kernel, facts, vfs, vf_count, flags);
	if (r == 0)
		*ret = TAKE(facts);
	return r;
}
