/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vmm/qemu.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* "0x1f.0x7" and a NUL. */
#define ADDR_SIZE 9
/* "/dev/bus/usb/4294967295/4294967295" and a NUL. */
#define NODE_SIZE 35

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

/* ---- properties: one each; what is absent is left out. Non-zero without memory. ---- */

static int set_text(json_t *object, const char *key, const char *text)
{
	return text ? json_object_set_new(object, key, json_string(text)) : 0;
}

static int set_number(json_t *object, const char *key, uint32_t number)
{
	return number ? json_object_set_new(object, key, json_integer(number)) : 0;
}

static int set_bool(json_t *object, const char *key, bool present, bool value)
{
	return present ? json_object_set_new(object, key, json_boolean(value)) : 0;
}

/* ---- PCI ---- */

/*
 * What bus 0 is called is QEMU's choice, whatever the user calls its controller. The only other roots are those of pSeries,
 * each with one bus of its own.
 */
static int set_pci_bus(json_t *object, const struct vmm_device *device)
{
	const struct vmm_place *place = &device->place;
	unsigned number = place->pci.bus;
	bool express = place->bus == VMM_BUS_PCIE_ROOT ||
		       (place->bus == VMM_BUS_USUAL && number == 0 && machine_is_express(device->machine));
	const char *suffix = place->bus == VMM_BUS_PCI_ROOT ? ".0" : "";
	cleanup_free char *bus = NULL;
	int n;
	if (express || number == 0)
		n = asprintf(&bus, express ? "pcie.0" : "pci.0");
	else if (place->bus_alias)
		n = asprintf(&bus, "%s%s", place->bus_alias, suffix);
	else
		n = asprintf(&bus, "pci.%u%s", number, suffix);
	if (n < 0)
		bus = NULL;
	return bus ? set_text(object, "bus", bus) : -ENOMEM;
}

static int set_pci_place(json_t *object, const struct vmm_device *device)
{
	const struct vmm_place *place = &device->place;
	char addr[ADDR_SIZE];
	int n = snprintf(addr, sizeof(addr), "0x%x", (unsigned)place->pci.slot & PCI_SLOT_MAX);
	if (place->pci.function)
		snprintf(addr + n, sizeof(addr) - (size_t)n, ".0x%x",
			 (unsigned)place->pci.function & PCI_FUNCTION_MAX);
	int r = place->present ? set_pci_bus(object, device) : 0;
	r |= set_bool(object, "multifunction", place->has_multifunction, place->multifunction);
	return r | set_text(object, "addr", place->present ? addr : NULL);
}

/* The order of the properties is the order of the calls, here and below. */
static int add_pci(json_t *object, const struct vmm_device *device)
{
	int r = set_text(object, "driver", device->ramfb ? "vfio-pci-nohotplug" : "vfio-pci");
	r |= set_text(object, "host", pci_text(device->host).s);
	r |= set_text(object, "id", device->id);
	r |= set_number(object, "bootindex", device->bootindex);
	r |= set_text(object, "failover_pair_id", device->failover);
	r |= set_text(object, "display", device->has_display ? (device->display ? "on" : "off") : NULL);
	r |= set_bool(object, "ramfb", device->ramfb, true);
	r |= set_pci_place(object, device);
	r |= set_number(object, "acpi-index", device->acpi_index);
	if (device->has_rombar)
		r |= json_object_set_new(object, "rombar", json_integer(device->rombar));
	return r | set_text(object, "romfile", device->romfile);
}

/* ---- USB ---- */

static int set_usb_bus(json_t *object, const struct vmm_place *place)
{
	cleanup_free char *bus = NULL;
	int n;
	if (place->bus_alias)
		n = asprintf(&bus, "%s.0", place->bus_alias);
	else if (place->usb_bus)
		n = asprintf(&bus, "usb%u.0", place->usb_bus);
	else
		n = asprintf(&bus, "usb.0");
	if (n < 0)
		bus = NULL;
	return bus ? set_text(object, "bus", bus) : -ENOMEM;
}

static int add_usb(json_t *object, const struct vmm_device *device)
{
	char node[NODE_SIZE];
	snprintf(node, sizeof(node), "/dev/bus/usb/%03u/%03u", device->host_bus, device->host_device);
	int r = set_text(object, "driver", "usb-host");
	r |= set_text(object, "hostdevice", node);
	r |= set_text(object, "id", device->id);
	r |= set_number(object, "bootindex", device->bootindex);
	r |= set_bool(object, "guest-reset", device->reset, device->reset != VMM_RESET_OFF);
	r |= set_bool(object, "guest-resets-all", device->reset > VMM_RESET_OFF, device->reset == VMM_RESET_ON);
	if (device->place.present)
		r |= set_usb_bus(object, &device->place);
	return r | set_text(object, "port", device->place.usb_port);
}

int qemu_argument(const struct vmm_device *device, char **ret, struct reports *reports)
{
	cleanup(cleanup_json_at) json_t *object = json_object();
	(void)reports;
	if (!object || (device->usb ? add_usb(object, device) : add_pci(object, device)) != 0)
		return -ENOMEM;
	/* Plain ASCII: the same value to QEMU, and nothing that a terminal or a log could trip over. */
	*ret = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII);
	return *ret ? 0 : -ENOMEM;
}
