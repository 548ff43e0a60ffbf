/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * QEMU's -device argument for a VFIO PCI device, with the properties and in the order in which libvirt
 * gives them.
 */

#include <stdbool.h>
#include <stdint.h>

#include "types/address.h"

/* Where the device sits in the guest, and what it is called there. */
struct qemu_device {
	struct pci_address host;
	const char *id;     /* the alias */
	uint32_t bootindex; /* 0: none */
	bool has_address;   /* else QEMU chooses, and bus and addr are left out */
	struct pci_address guest;
	bool has_multifunction;
	bool multifunction;
	bool has_rombar;
	bool rombar;
	const char *romfile; /* NULL: none; "": no ROM */
};

/*
 * The JSON object for DEVICE, compact, in new memory. MACHINE is the guest's machine type: it decides what
 * guest bus 0 is called ("pcie.0" for q35 and its versions, "pci.0" for pc, i440fx and theirs); bus N is
 * "pci.N". NULL without memory.
 */
char *qemu_device_json(const struct qemu_device *device, const char *machine);
