/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "model/document.h"
#include "plan/check.h"
#include "types/port.h"

static void refuse_usb(const char *where, struct reports *reports)
{
	report_hint(report_error(reports, REPORT_CONFIG_UNSUPPORTED, where,
				 "a USB device cannot be assigned as <interface type='hostdev'>: "
				 "that works with SR-IOV Virtual Functions only"),
		    "use a plain <hostdev mode='subsystem' type='usb'> entry for it");
}

int check_document(const struct document *document, struct reports *reports)
{
	size_t errors = reports->errors;
	for (size_t i = 0; i < document->interface_count; i++) {
		const struct interface *interface = &document->interfaces[i];
		cleanup_free char *where = document_where(document, interface->position);
		if (port_kind_by_name(interface->virtualport) == PORT_KIND_8021QBG)
			report_error(reports, REPORT_CONFIG_UNSUPPORTED, where,
				     "<virtualport type='%s'> is not supported by this version: "
				     "no VSI type is announced to the switch yet",
				     interface->virtualport);
		if (interface->source == SOURCE_USB)
			refuse_usb(where, reports);
	}
	return reports->errors > errors ? -EINVAL : 0;
}
