/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* PCI devices through sysfs: /sys/bus/pci. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/device.h"
#include "kernel/kernel.h"

/*
 * The facts of the device at ADDRESS. -ENOENT when there is none; a missing file counts as its "none" value.
 */
int pci_read(struct kernel *kernel, struct pci_address address, struct pci_device *ret);

/*
 * Only which driver is bound to the device at ADDRESS, and whether it is a VFIO one: to look whether a change of
 * driver worked. The other members of RET are left as they are.
 */
int pci_read_driver(struct kernel *kernel, struct pci_address address, struct pci_device *ret);

/* The addresses of all PCI devices, sorted, in new memory. */
int pci_list(struct kernel *kernel, struct pci_address **ret, size_t *ret_count);

/* The addresses of all devices of IOMMU group GROUP, sorted, in new memory. */
int pci_group_list(struct kernel *kernel, int group, struct pci_address **ret, size_t *ret_count);

/* The address of VF INDEX of PF (its virtfnINDEX link). -ENOENT when there is no such VF. */
int pci_virtfn(struct kernel *kernel, struct pci_address pf, uint32_t index, struct pci_address *ret);

/* Whether the device at ADDRESS can have VFs. */
bool pci_is_pf(struct kernel *kernel, struct pci_address address);

/* Whether the host has any IOMMU group at all. */
bool pci_has_iommu(struct kernel *kernel);

/* Sets driver_override to NAME; "" clears it. */
int pci_set_override(struct kernel *kernel, struct pci_address address, const char *name);

/*
 * Takes the device from its driver. Blocks for as long as a VFIO user holds the device (and has QEMU asked to
 * unplug it): callers prove first that nobody does. -ENODEV when no driver is bound.
 */
int pci_unbind(struct kernel *kernel, struct pci_address address);

/*
 * Has the kernel look for a driver (drivers_probe). Success says nothing: callers read the driver back. With
 * a driver_override set this binds even where sriov_drivers_autoprobe is 0.
 */
int pci_probe(struct kernel *kernel, struct pci_address address);
