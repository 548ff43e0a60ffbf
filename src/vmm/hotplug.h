/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Devices of a running QEMU, over QMP. Whatever it says is its word, no more: whether a device of the host is free
 * again, only the host can tell. All of it takes at most the time that is set for the connection.
 */

#include <stdbool.h>

#include "types/address.h"

struct qmp;
struct reports;

/* The guest's name, in new memory; *RET is NULL when it has none. 0 or a negative errno with a report. */
int hotplug_guest(struct qmp *qmp, char **ret, struct reports *reports);

/* A device of the guest. */
struct hotplug_device {
	bool present;
	/*
	 * Its PCI address; without one as long as the guest has not set up the bridge above the device, and for a USB device.
	 * The bus is the guest's own number.
	 */
	bool has_address;
	struct pci_address address;
};

/* Looks for the device called ID. 0, also when there is none, or a negative errno with a report. */
int hotplug_find(struct qmp *qmp, const char *id, struct hotplug_device *ret, struct reports *reports);

/* Adds the device that DEVICE, the argument of -device as JSON, describes. 0 or a negative errno with a report. */
int hotplug_add(struct qmp *qmp, const char *device, struct reports *reports);

enum hotplug_removal {
	HOTPLUG_REMOVED, /* it is gone, or was not there */
	HOTPLUG_PENDING, /* the guest was asked, and has not let go in time; it may still do so */
};

/*
 * Asks the guest to let go of the device called ID, and waits for that; a guest that is busy is asked again. A removal, or a
 * negative errno with a report: -ECANCELED when the guest refuses.
 */
int hotplug_remove(struct qmp *qmp, const char *id, struct reports *reports);
