/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The model: look-ups, and what drivers and the networking core do besides what they are told. */

#include "fake/model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct fake_host *fake_lock(struct fake_host *host)
{
	/* A child that crashed in the middle of a change still holds it. */
	if (pthread_mutex_lock(&host->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&host->lock);
	return host;
}

void fake_unlock_at(struct fake_host **host)
{
	pthread_mutex_unlock(&(*host)->lock);
}

void fake_fatal(const char *message, const char *what)
{
	fprintf(stderr, "fake host: %s: %s\n", message, what);
	abort();
}

struct fake_device *fake_find(const struct fake_host *host, struct pci_address address)
{
	/* The caller knows whether it may change it. */
	struct fake_device *devices = ((struct fake_host *)(uintptr_t)host)->devices;
	for (size_t i = 0; i < FAKE_DEVICES; i++)
		if (devices[i].here && pci_compare(devices[i].pci.address, address) == 0)
			return &devices[i];
	return NULL;
}

struct fake_device *fake_device(struct fake_host *host, const char *address)
{
	struct pci_address parsed;
	struct fake_device *device = pci_parse(address, &parsed) == 0 ? fake_find(host, parsed) : NULL;
	if (!device)
		fake_fatal("no such device", address);
	return device;
}

struct fake_netdev *fake_netdev_of(struct fake_host *host, const struct fake_device *device)
{
	for (size_t i = 0; i < FAKE_NETDEVS; i++)
		if (host->netdevs[i].netdev.ifindex &&
		    pci_compare(host->netdevs[i].device, device->pci.address) == 0)
			return &host->netdevs[i];
	return NULL;
}

struct fake_netdev *fake_netdev_at(struct fake_host *host, int ifindex)
{
	for (size_t i = 0; ifindex > 0 && i < FAKE_NETDEVS; i++)
		if (host->netdevs[i].netdev.ifindex == ifindex)
			return &host->netdevs[i];
	return NULL;
}

static struct fake_netdev *netdev_called(struct fake_host *host, const char *name)
{
	for (size_t i = 0; i < FAKE_NETDEVS; i++)
		if (host->netdevs[i].netdev.ifindex && strcmp(host->netdevs[i].netdev.name, name) == 0)
			return &host->netdevs[i];
	return NULL;
}

/* Whether A and B are the same name where "-" and "_" are the same. */
static bool same_module(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
			return false;
	return *a == *b;
}

struct fake_driver *fake_driver(struct fake_host *host, const char *name)
{
	for (size_t i = 0; i < FAKE_SMALL; i++)
		if (host->drivers[i].name[0] && same_module(host->drivers[i].name, name))
			return &host->drivers[i];
	return NULL;
}

bool fake_driver_is_vfio(const char *name)
{
	return strstr(name, "vfio") != NULL;
}

struct mac fake_random_mac(struct fake_host *host)
{
	unsigned n = ++host->next_mac;
	return (struct mac){ { 0x02, 0xfa, 0x00, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n } };
}

void fake_violation(struct fake_host *host, const char *what, struct pci_address address)
{
	size_t used = strlen(host->violations);
	snprintf(host->violations + used, sizeof(host->violations) - used, "%s: %s\n", pci_text(address).s,
		 what);
}

struct fake_netdev *fake_netdev_new(struct fake_host *host, const struct fake_device *device,
				    const char *name, struct mac mac)
{
	struct fake_netdev *netdev = host->netdevs;
	while (netdev->netdev.ifindex)
		if (++netdev == host->netdevs + FAKE_NETDEVS)
			fake_fatal("too many netdevs", name);
	*netdev = (struct fake_netdev){
		.netdev = { .ifindex = ++host->next_ifindex, .mac = mac, .mtu = 1500 },
		.device = device->pci.address,
		.permanent = mac,
		.delay = device->netdev_delay,
		.udev_reads = device->udev_reads,
		.udev_pending = host->udev,
	};
	/* "" while the entry is new, so that it does not find itself. */
	char text[IFNAME_SIZE];
	snprintf(text, sizeof(text), "%s", name);
	while (!text[0] || netdev_called(host, text))
		snprintf(text, sizeof(text), "eth%u", host->next_name++);
	strcpy(netdev->netdev.name, text);
	return netdev;
}

void fake_drop_driver(struct fake_host *host, struct fake_device *device)
{
	for (struct fake_netdev *netdev; (netdev = fake_netdev_of(host, device));)
		*netdev = (struct fake_netdev){ 0 };
	device->pci.driver[0] = '\0';
	device->pci.vfio = false;
}

/* The VF has a MAC that its driver refused to give back, and has that of its netdev instead. */
static bool has_own_instead(const struct fake_host *host, const struct fake_device *vf)
{
	return !vf->mark_admin && mac_equal(vf->reported[SETTING_MAC].mac, vf->mark_netdev_mac) &&
	       !fake_driver_of(host, vf)->zero_mac;
}

/* Whether the VF has, of the settings that no host driver may meet, those that it had at fake_mark(). */
static bool as_marked(const struct fake_host *host, const struct fake_device *vf)
{
	for (enum setting i = 0; i <= SETTING_VF_LAST; i++) {
		bool own = i == SETTING_MAC &&
			   ((!vf->admin_mac && !vf->mark_admin) || has_own_instead(host, vf));
		if (setting_is_guarded(i) && vf->marked[i].present && !own &&
		    !value_equal(i, &vf->reported[i], &vf->marked[i]))
			return false;
	}
	return true;
}

/*
 * igbvf starts: an admin MAC is the device's; without one it takes a random one, and tells the PF if that listens. A PF that
 * is down goes on reporting what it knew before, be it zero or the MAC of an earlier probe.
 */
static void probe_vf(struct fake_host *host, struct fake_device *vf)
{
	const struct fake_device *pf = fake_find(host, vf->pci.pf);
	const struct fake_netdev *uplink = pf ? fake_netdev_of(host, pf) : NULL;
	if (!as_marked(host, vf))
		fake_violation(host, "a host driver probes it with settings that are not the host's",
			       vf->pci.address);
	struct mac mac = vf->admin_mac ? vf->reported[SETTING_MAC].mac : fake_random_mac(host);
	struct fake_netdev *netdev = fake_netdev_new(host, vf, vf->default_name, mac);
	netdev->netdev.addr_assign_type = vf->admin_mac ? 0 : 1;
	if (uplink && uplink->netdev.up)
		vf->reported[SETTING_MAC] = value_mac(mac);
	vf->netdev_delay = 0;
}

void fake_give_driver(struct fake_host *host, struct fake_device *device, const char *name)
{
	snprintf(device->pci.driver, sizeof(device->pci.driver), "%s", name);
	device->pci.vfio = fake_driver_is_vfio(name);
	device->cut = false;
	if (device->pci.vfio || device->pci.class >> 16 != PCI_CLASS_NETWORK)
		return;
	if (device->pci.is_vf)
		probe_vf(host, device);
	else
		fake_netdev_new(host, device, device->default_name, fake_random_mac(host));
}

/* igbvf asks the PF first, and that insists on an admin MAC; the one that the device started with is always taken. */
static int netdev_set_mac(struct fake_device *device, struct fake_netdev *netdev, struct mac mac)
{
	bool permanent = mac_equal(mac, netdev->permanent);
	if (mac_is_zero(mac) || mac_is_multicast(mac))
		return -EADDRNOTAVAIL;
	if (device->admin_mac && !permanent && !mac_equal(device->reported[SETTING_MAC].mac, mac))
		return -EADDRNOTAVAIL;
	if (device->pci.is_vf && !device->admin_mac)
		device->reported[SETTING_MAC] = value_mac(mac);
	netdev->netdev.mac = mac;
	netdev->netdev.addr_assign_type = 3;
	return 0;
}

static int netdev_set_name(struct fake_host *host, struct netdev *netdev, const char *name)
{
	if (strcmp(netdev->name, name) == 0)
		return 0;
	if (!name[0] || strlen(name) >= IFNAME_SIZE)
		return -EINVAL;
	if (netdev_called(host, name))
		return -EEXIST;
	/* As kernels before 6.2 have it. */
	if (netdev->up)
		return -EBUSY;
	strcpy(netdev->name, name);
	return 0;
}

/* Going up and down, a VF tells its PF the MAC that it has; going down mends what zeroing the admin MAC broke. */
static int netdev_set_up(struct fake_device *device, struct netdev *netdev, bool up)
{
	if (device->pci.is_vf && up != netdev->up && !device->admin_mac)
		device->reported[SETTING_MAC] = value_mac(netdev->mac);
	if (!up)
		device->cut = false;
	netdev->up = up;
	return 0;
}

int fake_netdev_set(struct fake_host *host, struct fake_netdev *netdev, enum setting which,
		    const struct value *value)
{
	struct fake_device *device = fake_find(host, netdev->device);
	if (!device || !value->present)
		return -EINVAL;
	switch (which) {
	case SETTING_NETDEV_MAC:
		return netdev_set_mac(device, netdev, value->mac);
	case SETTING_NETDEV_MTU:
		if (value->number < 68 || value->number > 9216)
			return -EINVAL;
		netdev->netdev.mtu = value->number;
		return 0;
	case SETTING_NETDEV_NAME:
		return netdev_set_name(host, &netdev->netdev, value->name);
	case SETTING_NETDEV_UP:
		return netdev_set_up(device, &netdev->netdev, value->flag);
	default:
		return -EINVAL;
	}
}
