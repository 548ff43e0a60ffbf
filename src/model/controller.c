/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * <controller>: the buses of the guest, and what the user calls them. They are not ours: whatever is wrong there is
 * passed over.
 */

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/document.h"
#include "model/domain.h"
#include "model/interface.h"
#include "model/tree.h"

#define NO_INDEX UINT32_MAX

static bool kind_of(const char *type, const char *model, enum controller_kind *ret)
{
	if (strcmp(type, "usb") == 0)
		*ret = CONTROLLER_USB;
	else if (strcmp(type, "pci") != 0)
		return false;
	else if (strcmp(model, "pcie-root") == 0)
		*ret = CONTROLLER_PCIE_ROOT;
	else
		*ret = strcmp(model, "pci-root") == 0 ? CONTROLLER_PCI_ROOT : CONTROLLER_PCI;
	return true;
}

/* A USB controller with a <master> is a part of that one, and has no bus of its own. */
void controller_read(struct reader *reader, const xmlNode *node)
{
	struct document *document = reader->document;
	const char *type = tree_value_of(node, "type"), *model = tree_value_of(node, "model");
	const char *index = tree_value_of(node, "index");
	struct controller controller;
	uint64_t number = NO_INDEX;
	if (!type || !kind_of(type, model ? model : "", &controller.kind) || tree_child(node, "master") ||
	    (index && number_parse(index, 10, INT32_MAX, &number) < 0))
		return;
	controller.index = (uint32_t)number;
	controller.alias = reader_copy(reader, alias_of(node));
	struct controller *larger = reader_grow(reader, document->controllers, document->controller_count,
						sizeof(*larger));
	if (!larger)
		return;
	larger[document->controller_count++] = controller;
	document->controllers = larger;
}

static bool is_usb(const struct controller *controller)
{
	return controller->kind == CONTROLLER_USB;
}

/* PCI before USB, and by index. */
static int compare(const void *left, const void *right)
{
	const struct controller *a = left, *b = right;
	if (is_usb(a) != is_usb(b))
		return is_usb(a) - is_usb(b);
	return (a->index > b->index) - (a->index < b->index);
}

/* Gives each without an index the smallest one that no other of its type has. USED has SIZE places for each type. */
static void fill_indexes(struct document *document, bool *used, size_t size)
{
	size_t next[2] = { 0, size };
	for (size_t i = 0; i < document->controller_count; i++) {
		const struct controller *controller = &document->controllers[i];
		if (controller->index < size)
			used[next[is_usb(controller)] + controller->index] = true;
	}
	for (size_t i = 0; i < document->controller_count; i++) {
		struct controller *controller = &document->controllers[i];
		bool usb = is_usb(controller);
		if (controller->index != NO_INDEX)
			continue;
		while (used[next[usb]])
			next[usb]++;
		controller->index = (uint32_t)(next[usb]++ - (usb ? size : 0));
	}
}

void controllers_number(struct reader *reader)
{
	struct document *document = reader->document;
	size_t size = document->controller_count + 1;
	cleanup_free bool *used = calloc(2 * size, sizeof(*used));
	if (!used) {
		reader->no_memory = true;
		return;
	}
	fill_indexes(document, used, size);
	if (document->controllers)
		qsort(document->controllers, document->controller_count, sizeof(*document->controllers),
		      compare);
}

const struct controller *document_bus(const struct document *document, enum source_type type, uint32_t number)
{
	struct controller wanted = { type == SOURCE_USB ? CONTROLLER_USB : CONTROLLER_PCI, number, NULL };
	if (!document->controllers)
		return NULL;
	return bsearch(&wanted, document->controllers, document->controller_count, sizeof(wanted), compare);
}
