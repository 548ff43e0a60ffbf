/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Facts: a snapshot of the host, as far as a set of PCI devices needs it. Read once, never changed. Each PF
 * is read with one RTM_GETLINK, however many of its VFs are named.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kernel/device.h"
#include "types/uuid.h"

struct kernel;

struct pf_facts {
	struct pci_device device;
	struct netdev netdev;  /* its uplink; ifindex 0 when none is visible in this network namespace */
	struct vf_report *vfs; /* as the PF reports them */
	size_t vf_count;
	int vfs_error; /* why they could not be read: a negative errno, 0 when they could */
	struct kernel_words words;
	struct vfio_driver *drivers; /* asked for by FACTS_DRIVERS: of its VFs, the best first */
	size_t driver_count;
	struct port_id port_id; /* of that netdev, if the PF has netdevs at several ports; "" else */
	bool switchdev; /* its VFs have representors: they are ports of a switch that the host rules */
	struct switch_port *ports; /* of that switch */
	size_t port_count;
};

struct device_facts {
	struct pci_address address;
	bool exists;
	struct pci_device device;
	struct pci_device *group; /* the other devices of its IOMMU group */
	size_t group_count;
	bool held; /* asked for by FACTS_HOLDERS or FACTS_SEEN: its VFIO group is open somewhere */
	struct vfio_holder holder;
	/* Only for a VF: */
	const struct pf_facts *pf;
	bool has_index;
	uint32_t vf_index;
	const struct vf_report *report; /* what the PF says of it; NULL when it says nothing */
	struct netdev netdev;           /* the VF's own; ifindex 0 when it has none here */
	bool other_port;                /* it stands at another port than the netdev of its PF */
	const char *representor; /* the netdev that stands for it on a PF in switchdev mode; NULL: none */
	struct netdev_use use;   /* asked for by FACTS_USE: how the host uses that */
	bool libvirt;            /* the same: libvirt has state for the VF */
	/*
	 * All of its settings as they are now: the before-image. Under MAC stands only what an administrator
	 * set: a MAC that the VF's own netdev chose (own MAC, docs/ARCHITECTURE.md) is none.
	 */
	struct settings settings;
};

struct facts {
	struct uuid boot_id;
	bool has_iommu; /* the host has IOMMU groups */
	bool groupless; /* VFIO has no group nodes: none of its devices can be proven to be closed */
	struct pf_facts **pfs;
	size_t pf_count;
	struct device_facts *devices;
	size_t device_count;
};

enum facts_flags {
	FACTS_HOLDERS = 1, /* try to open the VFIO groups: only under their devices' locks, it is exclusive */
	FACTS_USE = 2,     /* find out whether the host, or libvirt, uses the VFs */
	FACTS_DRIVERS = 4, /* find out which VFIO drivers there are for the VFs */
	FACTS_SEEN = 8,    /* look for holders without disturbing anybody: not all can be seen */
	FACTS_BRIEF = 16,  /* leave out what else is in the IOMMU groups */
};

/*
 * The facts of COUNT devices, in the given order. What does not exist is a fact too. 0 or a negative errno.
 */
int facts_read(struct kernel *kernel, const struct pci_address *addresses, size_t count,
	       enum facts_flags flags, struct facts **ret);

/* The facts of all VFs of all PFs of the host, by PF and VF index; PFs without VFs are in pfs as well. */
int facts_read_host(struct kernel *kernel, enum facts_flags flags, struct facts **ret);

/* Frees FACTS; NULL is allowed. */
void facts_free(struct facts *facts);

/* The facts of the device at ADDRESS, or NULL when it was not asked for. */
const struct device_facts *facts_find(const struct facts *facts, struct pci_address address);

/* Writes FACTS as stable text, one item a line, for tests and bug reports. */
void facts_write(const struct facts *facts, FILE *to);
