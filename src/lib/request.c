/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lib/request.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "lib/context.h"
#include "lib/session.h"
#include "model/document.h"

int request_allowed(const struct session *session, const struct document *document)
{
	const struct vfassign *context = session->context;
	int r = 0;
	for (size_t i = 0; context->limited && i < document->interface_count; i++) {
		const struct interface *interface = &document->interfaces[i];
		bool allowed = interface->source != SOURCE_PCI;
		for (size_t k = 0; k < context->allowed_count; k++)
			allowed |= pci_compare(context->allowed[k], interface->host) == 0;
		struct pci_text name = pci_text(interface->host);
		if (allowed)
			continue;
		report_error(session->reports, REPORT_DENIED, name.s,
			     "%s is not among the devices of --allow", name.s);
		r = -EPERM;
	}
	return r;
}

/* The PCI devices that DOCUMENT names, in new memory. */
int request_addresses(const struct document *document, struct pci_address **ret, size_t *ret_count)
{
	struct pci_address *addresses = calloc(document->interface_count + 1, sizeof(*addresses));
	if (!addresses)
		return -ENOMEM;
	size_t count = 0;
	for (size_t i = 0; i < document->interface_count; i++)
		if (document->interfaces[i].source == SOURCE_PCI)
			addresses[count++] = document->interfaces[i].host;
	*ret = addresses;
	*ret_count = count;
	return 0;
}

bool request_memory(const struct document *document, uint64_t *ret)
{
	if (document->has_memory)
		*ret = document->memory;
	return document->has_memory;
}
