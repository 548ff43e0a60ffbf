/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* PCI devices through sysfs: /sys/bus/pci. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernel.h"
#include "types/pci.h"
#include "types/setting.h"

/* Class codes, upper 16 bits of the "class" file. */
#define PCI_CLASS_NETWORK 0x02 /* upper 8 bits: any network controller */
#define PCI_CLASS_BRIDGE \
	0x06 /* upper 8 bits: bridges are never given out and never stand in the way of a group */

struct pci_device {
	struct pci_address address;
	uint64_t inode; /* of the device's folder: new when VFs are re-created, kept when they are re-bound */
	uint32_t class; /* 24 bits */
	char driver[NAME_SIZE];   /* "" when none is bound */
	char override[NAME_SIZE]; /* driver_override, "" when none (the kernel shows "(null)") */
	bool vfio;       /* the driver is vfio-pci, or one that made a vfio-dev folder (a variant driver) */
	int iommu_group; /* -1 when the device is in none */
	bool is_vf;      /* it has a physfn link */
	struct pci_address pf; /* then: the PF */
	uint32_t total_vfs;    /* sriov_totalvfs; 0 when the device is not a PF */
	uint32_t num_vfs;      /* sriov_numvfs */
	uint32_t vf_offset;    /* sriov_offset: routing id of VF 0 minus that of the PF */
	uint32_t vf_stride;    /* sriov_stride: between neighbouring VFs */
};

/* The facts of the device at ADDRESS. -ENOENT when there is none; a missing file counts as its "none" value. */
int pci_read(struct kernel *kernel, struct pci_address address, struct pci_device *ret);

/* The addresses of all PCI devices, sorted, in new memory. */
int pci_list(struct kernel *kernel, struct pci_address **ret, size_t *ret_count);

/* The addresses of all devices of IOMMU group GROUP, sorted, in new memory. */
int pci_group_list(struct kernel *kernel, int group, struct pci_address **ret, size_t *ret_count);

/* The address of VF INDEX of PF (its virtfnINDEX link). -ENOENT when there is no such VF. */
int pci_virtfn(struct kernel *kernel, struct pci_address pf, uint32_t index, struct pci_address *ret);

/* Whether the host has any IOMMU group at all. */
bool pci_has_iommu(struct kernel *kernel);

/* Sets driver_override to NAME; "" clears it. */
int pci_set_override(struct kernel *kernel, struct pci_address address, const char *name);

/*
 * Takes the device from its driver. Blocks for as long as a VFIO user holds the device (and has QEMU asked to unplug it):
 * callers prove first that nobody does. -ENODEV when no driver is bound.
 */
int pci_unbind(struct kernel *kernel, struct pci_address address);

/*
 * Has the kernel look for a driver (drivers_probe). Success says nothing: callers read the driver back. With a
 * driver_override set this binds even where sriov_drivers_autoprobe is 0.
 */
int pci_probe(struct kernel *kernel, struct pci_address address);
