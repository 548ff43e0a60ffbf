/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The port to the kernel. A handle, and in kernel/pci.h, kernel/netdev.h, kernel/vf.h, kernel/vfio.h,
 * kernel/process.h and kernel/module.h one function for each thing that is read from the kernel or done to
 * it. Nothing in this folder decides anything; functions here return 0 or a negative errno and write no
 * reports. Tests put a model of a host in the place of the whole folder.
 */

#include <stdbool.h>

struct kernel;
struct uuid;

/*
 * A handle on the host below ROOT ("/", or a folder with a captured machine: sys/, proc/, dev/, run/, and VF
 * data in vfassign/IFINDEX.rtnl; of these only sys/ must be there). Sockets are opened at first use. 0 or a
 * negative errno.
 */
int kernel_open(const char *root, struct kernel **ret);

/* Closes KERNEL; NULL is allowed. */
void kernel_close(struct kernel *kernel);

/* Whether this is the running host, not a captured one: only that may be changed. */
bool kernel_is_live(const struct kernel *kernel);

/* The boot id, new at each boot (/proc/sys/kernel/random/boot_id). */
int kernel_boot_id(struct kernel *kernel, struct uuid *ret);

/*
 * The machine id (/etc/machine-id, else /var/lib/dbus/machine-id, below the root). -ENOENT where there is
 * none.
 */
int kernel_machine_id(struct kernel *kernel, struct uuid *ret);

/*
 * The UUID that the firmware has for this machine (SMBIOS, readable by root alone). -ENOENT where it has none, all zeros
 * and all ones being none.
 */
int kernel_firmware_id(struct kernel *kernel, struct uuid *ret);
