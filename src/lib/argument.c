/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The VMM's argument for a device: from the document's words to QEMU's. */

#include <stdio.h>
#include <vfassign.h>

#include "lib/request.h"
#include "model/document.h"
#include "vmm/qemu.h"

#define MACHINE_DEFAULT "q35"

/* The id of interface INDEX: its own alias, else hostdevN, counted over those without one. */
static void device_id(const struct document *document, size_t index, char *buf, size_t size)
{
	size_t number = 0;
	for (size_t i = 0; i < index; i++)
		number += document->interfaces[i].alias == NULL;
	snprintf(buf, size, "hostdev%zu", number);
}

char *request_qemu(const struct document *document, const struct vfassign_request *request, size_t index)
{
	const struct interface *interface = &document->interfaces[index];
	const char *machine = document->machine ? document->machine : request->machine;
	char id[32];
	device_id(document, index, id, sizeof(id));
	struct qemu_device device = {
		.host = interface->host,
		.id = interface->alias ? interface->alias : id,
		.bootindex = interface->boot_order,
		.has_address = interface->address.present,
		.guest = interface->address.pci,
		.has_multifunction = interface->address.has_multifunction,
		.multifunction = interface->address.multifunction,
		.has_rombar = interface->rom.has_bar,
		.rombar = interface->rom.bar,
		.romfile = interface->rom.has_enabled && !interface->rom.enabled ? "" : interface->rom.file,
	};
	return qemu_device_json(&device, machine ? machine : MACHINE_DEFAULT);
}
