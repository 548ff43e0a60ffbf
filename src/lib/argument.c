/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The VMM's arguments for devices: from the document's words to those of all VMMs, and of one. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <vfassign.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "lib/request.h"
#include "lib/result.h"
#include "lib/vmm.h"
#include "model/document.h"

#define MACHINE_DEFAULT "q35"

/* Arguments in the making. */
struct telling {
	const struct vmm *vmm;
	const struct document *document;
	const char *machine;
	size_t numbered; /* how many devices had no alias: they are called by their number */
	struct vfassign_result *result;
};

static struct telling telling_new(const struct document *document, const struct vfassign_request *request)
{
	const char *machine = document->machine ? document->machine : request->machine;
	return (struct telling){ .vmm = vmm_find(NULL, NULL),
				 .document = document,
				 .machine = machine ? machine : MACHINE_DEFAULT };
}

/* What the device of INTERFACE is called: its own alias, else hostdevN, where the <hostdev> follow the interfaces. */
static char *device_id(struct telling *telling, const struct interface *interface)
{
	char *id = NULL;
	if (interface->alias)
		return strdup(interface->alias);
	return asprintf(&id, "hostdev%zu", interface->strangers + telling->numbered++) < 0 ? NULL : id;
}

/* In which place of the boot order the device of INTERFACE is; by <os>, only the first interface of a domain can be. */
static uint32_t boot_index(const struct document *document, const struct interface *interface)
{
	bool leads = document->leads && interface == document->interfaces;
	return leads && document->os_boots ? document->network_boot : interface->boot_order;
}

static struct vmm_place place_of(const struct document *document, const struct interface *interface)
{
	static const enum vmm_bus buses[] = {
		[CONTROLLER_PCI_ROOT] = VMM_BUS_PCI_ROOT, [CONTROLLER_PCIE_ROOT] = VMM_BUS_PCIE_ROOT, [CONTROLLER_USB] = VMM_BUS_USUAL
	};
	const struct guest_address *address = &interface->address;
	bool usb = interface->source == SOURCE_USB;
	uint32_t number = usb ? (uint32_t)address->usb_bus.value : address->pci.bus;
	const struct controller *bus = document_bus(document, interface->source, number);
	return (struct vmm_place){
		.present = usb ? address->usb_bus.present : address->present,
		.bus = bus ? buses[bus->kind] : VMM_BUS_USUAL,
		.bus_alias = bus ? bus->alias : NULL,
		.pci = address->pci,
		.has_multifunction = address->has_multifunction,
		.multifunction = address->multifunction,
		.usb_bus = number,
		.usb_port = address->usb_port,
	};
}

/* INTERFACE in the words that all VMMs have in common, but for its name and where it is written. */
static struct vmm_device device_of(const struct telling *telling, const struct interface *interface)
{
	const struct rom *rom = &interface->rom;
	const struct number *reset = &interface->usb.guest_reset;
	bool transient = interface->teaming.type.value == TEAMING_TRANSIENT;
	return (struct vmm_device){
		.machine = telling->machine,
		.bootindex = boot_index(telling->document, interface),
		.place = place_of(telling->document, interface),
		.usb = interface->source == SOURCE_USB,
		.host = interface->host,
		.failover = transient ? interface->teaming.persistent : NULL,
		.has_display = interface->display.present,
		.display = interface->display.value,
		.ramfb = interface->ramfb.value,
		.acpi_index = interface->acpi_index,
		.has_rombar = rom->has_bar,
		.rombar = rom->bar,
		.romfile = rom->has_enabled && !rom->enabled ? "" : rom->file,
		.host_bus = interface->usb.bus,
		.host_device = interface->usb.device,
		.reset = reset->present ? VMM_RESET_OFF + (enum vmm_reset)reset->value : VMM_RESET_ABSENT,
	};
}

/* Only the host could tell which device it is. */
static int refuse_usb_id(const struct vmm_device *device, const struct usb_source *usb, struct reports *reports)
{
	report_hint(report_error(reports, REPORT_CONFIG_UNSUPPORTED, device->where,
				 "the USB device %s is named by vendor and product alone, which does not tell where it is",
				 device->id),
		    "add <address bus='…' device='…'/> to its <source>; find them with: lsusb -d %04x:%04x",
		    usb->vendor, usb->product);
	return -EINVAL;
}

/* The argument for INTERFACE, which can be a <hostdev>, in new memory. */
static int make_argument(struct telling *telling, const struct interface *interface, char **ret,
			 struct reports *reports)
{
	struct vmm_device device = device_of(telling, interface);
	cleanup_free char *id = device_id(telling, interface);
	cleanup_free char *where = document_where(telling->document, interface->position);
	device.id = id;
	device.where = where;
	if (!id || !where)
		return -ENOMEM;
	if (device.usb && !interface->usb.has_address)
		return refuse_usb_id(&device, &interface->usb, reports);
	return telling->vmm->argument(&device, ret, reports);
}

char *request_qemu(const struct document *document, const struct vfassign_request *request, size_t index)
{
	struct telling telling = telling_new(document, request);
	struct reports none = { 0 };
	char *text = NULL;
	for (size_t i = 0; i < index; i++)
		telling.numbered += document->interfaces[i].alias == NULL;
	make_argument(&telling, &document->interfaces[index], &text, &none);
	reports_done(&none);
	return text;
}

/* Adds the arguments for INTERFACE to the result. A device that the guest does not get has none, but its number. */
static int add_argument(struct telling *telling, const struct interface *interface)
{
	struct vfassign_result *result = telling->result;
	const struct number *type = &interface->address.type;
	char *text = NULL;
	if (type->present && type->value == GUEST_UNASSIGNED) {
		telling->numbered += interface->alias == NULL;
		return 0;
	}
	int r = make_argument(telling, interface, &text, &result->reports);
	if (r < 0)
		return r;
	const char *argument = result_own(result, text);
	if (result->argument_count == 0 || !telling->vmm->once)
		result->arguments[result->argument_count++] = telling->vmm->option;
	result->arguments[result->argument_count++] = argument;
	return 0;
}

/* Adds those of COUNT devices; all that cannot be told is reported. */
static int add_arguments(struct telling *telling, const struct interface *interfaces, size_t count)
{
	int result = 0;
	for (size_t i = 0; i < count; i++) {
		int r = add_argument(telling, &interfaces[i]);
		result = r < 0 ? r : result;
	}
	return result;
}

int request_arguments(const struct document *document, const struct vfassign_request *request,
		      struct vfassign_result *result)
{
	struct telling telling = telling_new(document, request);
	size_t count = document->interface_count + document->hostdev_count;
	telling.result = result;
	telling.vmm = vmm_find(request->vmm, &result->reports);
	if (!telling.vmm)
		return -EINVAL;
	result->arguments = result_array(result, 2 * count, sizeof(*result->arguments));
	if (!result->arguments)
		return -ENOMEM;
	int interfaces = add_arguments(&telling, document->interfaces, document->interface_count);
	int hostdevs = add_arguments(&telling, document->hostdevs, document->hostdev_count);
	return interfaces < 0 ? interfaces : hostdevs;
}
