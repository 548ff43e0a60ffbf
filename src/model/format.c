/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Documents as text: the devices of ours in canonical form, every other byte as it was. */

#include <string.h>

#include "base/cleanup.h"
#include "model/document.h"
#include "model/interface.h"
#include "model/printer.h"

/* The devices of a document, of which each kind has an order of its own. */
struct walk {
	const struct document *document;
	size_t interface;
	size_t hostdev;
};

/* The next device in document order and its row; NULL at the end. */
static const struct interface *next_device(struct walk *walk, const struct element **ret)
{
	const struct document *document = walk->document;
	const struct interface *interface = NULL, *hostdev = NULL;
	if (walk->interface < document->interface_count)
		interface = &document->interfaces[walk->interface];
	if (walk->hostdev < document->hostdev_count)
		hostdev = &document->hostdevs[walk->hostdev];
	if (!interface && !hostdev)
		return NULL;
	if (!hostdev || (interface && interface->span.start < hostdev->span.start)) {
		walk->interface++;
		*ret = &interface_row;
		return interface;
	}
	walk->hostdev++;
	*ret = &hostdev_row;
	return hostdev;
}

/* The blanks in front of what stands at OFFSET are the indentation of its further lines. */
static void take_indent(struct printer *printer, const char *data, size_t offset)
{
	size_t start = offset;
	while (start > 0 && data[start - 1] != '\n')
		start--;
	printer->indent = data + start;
	printer->indent_length = 0;
	while (start + printer->indent_length < offset && strchr(" \t", printer->indent[printer->indent_length]))
		printer->indent_length++;
}

char *document_format(const struct document *document, const struct document_text *text)
{
	cleanup(printer_done) struct printer printer = { 0 };
	struct walk walk = { .document = document };
	const struct element *row = NULL;
	size_t at = 0;
	for (const struct interface *device; (device = next_device(&walk, &row)); at = device->span.end) {
		if (document->is_domain) {
			take_indent(&printer, text->data, device->span.start);
			printer_add(&printer, text->data + at, device->span.start - at);
		}
		printer_element(&printer, row, device);
	}
	if (document->is_domain)
		printer_add(&printer, text->data + at, text->length - at);
	else
		printer_add(&printer, "\n", 1);
	return printer_take(&printer);
}
