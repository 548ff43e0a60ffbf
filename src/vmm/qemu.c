/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vmm/qemu.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* "0x1f.0x7" and a NUL. */
#define ADDR_SIZE 9
/* "pci.255" and a NUL. */
#define BUS_SIZE 8

/*
 * Machine types whose bus 0 is PCI Express, alone or with a version behind a "-". Every other has a PCI bus
 * there.
 */
static const char *const express_machines[] = { "q35", "pc-q35", "virt" };

static void cleanup_json_at(json_t **json)
{
	json_decref(*json);
}

static bool machine_is_express(const char *machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(express_machines); i++) {
		size_t length = strlen(express_machines[i]);
		if (strncmp(machine, express_machines[i], length) == 0 &&
		    (machine[length] == '\0' || machine[length] == '-'))
			return true;
	}
	return false;
}

/* Where DEVICE sits in the guest. */
static int add_address(json_t *object, const struct qemu_device *device, const char *machine)
{
	char bus[BUS_SIZE], addr[ADDR_SIZE];
	bool express = device->guest.bus == 0 && machine_is_express(machine);
	snprintf(bus, sizeof(bus), "pci.%u", (unsigned)device->guest.bus);
	int n = snprintf(addr, sizeof(addr), "0x%x", (unsigned)device->guest.slot & PCI_SLOT_MAX);
	if (device->guest.function)
		snprintf(addr + n, sizeof(addr) - (size_t)n, ".0x%x",
			 (unsigned)device->guest.function & PCI_FUNCTION_MAX);

	int r = json_object_set_new(object, "bus", json_string(express ? "pcie.0" : bus));
	if (device->has_multifunction)
		r |= json_object_set_new(object, "multifunction", json_boolean(device->multifunction));
	return r | json_object_set_new(object, "addr", json_string(addr));
}

/* The order of the properties is the order of the calls. Non-zero when any of them failed. */
static int add_properties(json_t *object, const struct qemu_device *device, const char *machine)
{
	int r = json_object_set_new(object, "driver", json_string("vfio-pci"));
	r |= json_object_set_new(object, "host", json_string(pci_text(device->host).s));
	r |= json_object_set_new(object, "id", json_string(device->id));
	if (device->bootindex)
		r |= json_object_set_new(object, "bootindex", json_integer(device->bootindex));
	if (device->has_address)
		r |= add_address(object, device, machine);
	if (device->has_rombar)
		r |= json_object_set_new(object, "rombar", json_integer(device->rombar));
	if (device->romfile)
		r |= json_object_set_new(object, "romfile", json_string(device->romfile));
	return r;
}

char *qemu_device_json(const struct qemu_device *device, const char *machine)
{
	cleanup(cleanup_json_at) json_t *object = json_object();
	if (!object || add_properties(object, device, machine) != 0)
		return NULL;
	/* Plain ASCII: the same value to QEMU, and nothing that a terminal or a log could trip over. */
	return json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII);
}
