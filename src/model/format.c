/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Documents as text: the devices of ours in canonical form, every other byte as it was. */

#include "base/cleanup.h"
#include "model/document.h"
#include "model/interface.h"
#include "model/network.h"
#include "model/printer.h"

/* Devices of one kind, in document order. */
struct kind {
	const struct element *row;
	const struct interface *items;
	size_t count;
};

enum { KIND_COUNT = 3 };

/* The next device in document order, which leaves its KINDS, and its row; NULL at the end. */
static const struct interface *next_device(struct kind kinds[KIND_COUNT], const struct element **ret)
{
	struct kind *first = NULL;
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (kinds[i].count && (!first || kinds[i].items->span.start < first->items->span.start))
			first = &kinds[i];
	if (!first)
		return NULL;
	*ret = first->row;
	first->count--;
	return first->items++;
}

char *document_format(const struct document *document, const struct document_text *text)
{
	cleanup(printer_done) struct printer printer = { 0 };
	if (document->network) {
		printer_element(&printer, &network_row, document->network);
		printer_add(&printer, "\n", 1);
		return printer_take(&printer);
	}
	struct kind kinds[KIND_COUNT] = {
		{ &interface_row, document->interfaces, document->interface_count },
		{ &pool_interface_row, document->pool_interfaces, document->pool_interface_count },
		{ &hostdev_row, document->hostdevs, document->hostdev_count },
	};
	const struct element *row = NULL;
	size_t at = 0;
	for (const struct interface *device; (device = next_device(kinds, &row)); at = device->span.end) {
		if (document->is_domain) {
			printer_add(&printer, text->data + at, device->span.start - at);
			printer_indent(&printer);
		}
		printer_element(&printer, row, device);
	}
	if (document->is_domain)
		printer_add(&printer, text->data + at, text->length - at);
	else
		printer_add(&printer, "\n", 1);
	return printer_take(&printer);
}
