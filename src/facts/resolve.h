/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which VF index a VF has, and which netdev of a PF speaks for its VFs. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/device.h"

struct kernel;
struct pf_facts;

/*
 * The VF index of VF: computed from the routing ids (PCIe: RID of VF n = RID of PF + offset + n × stride) and
 * checked against the one virtfnN link; where they disagree, the links are searched, and they win. -ENOENT
 * when no link leads to it.
 */
int resolve_vf_index(struct kernel *kernel, const struct pci_device *pf, struct pci_address vf, uint32_t *ret);

/*
 * The netdev through which a PF's VFs are set: of those that are no representors (no phys_port_name, or "pN",
 * "pNsN") the one with the lowest dev_port. NULL when there is none.
 */
const struct netdev *resolve_uplink(const struct netdev *netdevs, size_t count);

/* How many of a PF's netdevs stand at ports. Cards with one PF for two ports have VFs of either. */
size_t resolve_port_count(const struct netdev *netdevs, size_t count);

/* For resolve_representor(): of whichever VF. */
#define RESOLVE_ANY_VF UINT32_MAX

/*
 * The netdev that represents VF INDEX of PF among the ports of PF's switch, or NULL. Both PFs of a card may be ports of one
 * switch: the number in the name of PF's own port tells whose VF it is, "p1" and "pf1vf0" belong together.
 */
const char *resolve_representor(const struct pf_facts *pf, uint32_t index);

/* Whether the device is a network controller. */
bool resolve_is_network(const struct pci_device *device);
