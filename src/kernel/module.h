/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Kernel modules, through libkmod: no modprobe child. */

#include <stddef.h>

#include "kernel/device.h"
#include "kernel/kernel.h"

/*
 * Makes PCI driver NAME available: nothing to do when /sys/bus/pci/drivers/NAME is there (with "-" or "_"),
 * else the module of that name is loaded with what it depends on, honouring the host's modprobe blacklist.
 * -ENOENT when there is no such module, -EPERM when it is blacklisted or not permitted.
 */
int module_load_driver(struct kernel *kernel, const char *name);

/*
 * Whether module_load_driver() would find PCI driver NAME: 0 when it is there, 1 when its module can be loaded, -ENOENT and
 * -EPERM as there. -EROFS on a captured host, whose modules nobody knows.
 */
int module_find_driver(struct kernel *kernel, const char *name);

/*
 * The VFIO drivers that the module index of the host knows for the device at ADDRESS, the one that is meant most closely for it
 * first, in new memory. None where there is no index, or its kernel (before 5.16) does not mark them in it.
 */
int module_vfio_drivers(struct kernel *kernel, struct pci_address address, struct vfio_driver **ret,
			size_t *ret_count);
