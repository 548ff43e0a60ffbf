/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Network interfaces of the host. Read through sysfs (as unprivileged users can), changed through rtnetlink,
 * and always addressed by ifindex: names change.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/device.h"
#include "kernel/kernel.h"

/*
 * The netdevs of the PCI device at ADDRESS that are visible in this network namespace, sorted by ifindex, in
 * new memory. No driver, no net folder or an empty one gives none.
 */
int netdev_list(struct kernel *kernel, struct pci_address address, struct netdev **ret, size_t *ret_count);

/* The phys_port_id of NETDEV: PF and VF netdevs at the same port of a card have the same. */
struct port_id netdev_port_id(struct kernel *kernel, const struct netdev *netdev);

/*
 * The netdevs that stand for ports of the switch that NETDEV is a port of, NETDEV among them, sorted by name, in new
 * memory. None where it is a port of no switch.
 */
int netdev_switch_ports(struct kernel *kernel, const struct netdev *netdev, struct switch_port **ret,
			size_t *ret_count);

/*
 * Changes one thing of the netdev IFINDEX: WHICH is one of the SETTING_NETDEV_ settings. The kernel's own
 * words go to WORDS. -ENODEV when there is no such netdev.
 */
int netdev_set(struct kernel *kernel, int ifindex, enum setting which, const struct value *value,
	       struct kernel_words *words);

/*
 * Whether the host uses NETDEV: it has an address other than a link-local one, a route other than those that the
 * kernel made for link-local and multicast, or another netdev (bridge, bond, VLAN) stands on it. Of a captured host
 * only the last is known. 0 and the use, or a negative errno.
 */
int netdev_use(struct kernel *kernel, const struct netdev *netdev, struct netdev_use *ret);

/* Whether libvirt has state for VF INDEX of the PF whose netdev is called PF: a guest of its may have the VF. */
bool netdev_libvirt_state(struct kernel *kernel, const char *pf, uint32_t index);

/*
 * Whether udev has finished with netdev IFINDEX: its database has an entry, or udev does not run on this
 * host. Before that, what is set may be overwritten (names, MACAddressPolicy).
 */
bool netdev_udev_settled(struct kernel *kernel, int ifindex);
