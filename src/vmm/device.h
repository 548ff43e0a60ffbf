/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A device of the host as a VMM is told of it, whatever VMM that is. */

#include <stdbool.h>
#include <stdint.h>

#include "types/address.h"

struct reports;

/* PCI buses of a guest; the kind of bus 0 is in the machine type, too. */
enum vmm_bus { VMM_BUS_USUAL, VMM_BUS_PCI_ROOT, VMM_BUS_PCIE_ROOT };

/* Where in the guest the device sits. */
struct vmm_place {
	bool present; /* else the VMM chooses */
	enum vmm_bus bus;
	const char *bus_alias;  /* what the user calls the controller of the bus; NULL: the usual */
	struct pci_address pci; /* of a PCI device; its bus is the number of a controller */
	bool has_multifunction; /* of a PCI device, even without a place */
	bool multifunction;
	uint32_t usb_bus;     /* of a USB device */
	const char *usb_port; /* "1.2", or NULL */
};

/* Whether a guest may reset its USB device. */
enum vmm_reset { VMM_RESET_ABSENT, VMM_RESET_OFF, VMM_RESET_UNINITIALIZED, VMM_RESET_ON };

/* What is NULL, 0 or false is not mentioned. */
struct vmm_device {
	const char *id;
	const char *where;   /* what reports about it have as their object */
	const char *machine; /* the guest's machine type */
	uint32_t bootindex;
	struct vmm_place place;
	bool usb;
	/* A PCI device. */
	struct pci_address host;
	const char *failover; /* the id of the device that stays when this one is taken away */
	bool has_display;
	bool display;
	bool ramfb;
	uint32_t acpi_index;
	bool has_rombar;
	bool rombar;
	const char *romfile; /* "": no ROM */
	/* A USB device. */
	uint32_t host_bus;
	uint32_t host_device;
	enum vmm_reset reset;
};

/*
 * The argument by which a VMM is told of DEVICE, in new memory. 0, -ENOMEM, or -EINVAL when the VMM cannot have it, which
 * is reported.
 */
typedef int vmm_argument(const struct vmm_device *device, char **ret, struct reports *reports);
