/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vmm/cloud_hypervisor.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "base/text.h"

/* Without what follows, the guest would not be what its document says. */
static int refuse(const struct vmm_device *device, struct reports *reports)
{
	if (device->usb)
		report_hint(report_error(reports, REPORT_CONFIG_UNSUPPORTED, device->where,
					 "Cloud Hypervisor has no USB: %s cannot be given to it", device->id),
			    "use QEMU for this guest");
	else if (device->failover)
		report_hint(report_error(reports, REPORT_CONFIG_UNSUPPORTED, device->where,
					 "Cloud Hypervisor has no failover pairs: %s cannot be one half of one",
					 device->id),
			    "remove <teaming>, or use QEMU for this guest");
	else
		return 0;
	return -EINVAL;
}

/* What the guest can do without, but whoever wrote it should know. */
static void warn(const struct vmm_device *device, struct reports *reports)
{
	const struct pci_address *pci = &device->place.pci;
	const struct {
		bool is_there;
		const char *name;
	} lost[] = {
		{ device->bootindex, "a place in the boot order" },
		{ device->display || device->ramfb, "a display" },
		{ pci->bus || pci->slot || pci->function || device->place.multifunction, "a PCI slot" },
		{ device->acpi_index, "an ACPI index" },
		{ device->has_rombar || device->romfile, "a ROM" },
	};
	struct text_list list = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(lost); i++)
		if (lost[i].is_there)
			text_list_add(&list, "%s", lost[i].name);
	cleanup_free char *text = list.text;
	if (list.count)
		report_warning(reports, REPORT_CONFIG_UNSUPPORTED, device->where,
			       "Cloud Hypervisor cannot be told this of %s: %s", device->id, text ? text : "");
}

int cloud_hypervisor_argument(const struct vmm_device *device, char **ret, struct reports *reports)
{
	char segment[sizeof(",pci_segment=4294967295")] = "";
	int r = refuse(device, reports);
	if (r < 0)
		return r;
	warn(device, reports);
	if (device->place.pci.domain)
		snprintf(segment, sizeof(segment), ",pci_segment=%u", device->place.pci.domain);
	r = asprintf(ret, "path=/sys/bus/pci/devices/%s/,id=%s%s", pci_text(device->host).s, device->id,
		     segment);
	return r < 0 ? -ENOMEM : 0;
}
