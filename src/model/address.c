/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* <address>: where the guest sees the device. */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/claims.h"
#include "model/interface.h"
#include "model/pci.h"

/* ---- PCI addresses ---- */

/*
 * libvirt does not look at slot and function when domain, bus and slot are zero; we always do: nothing on a
 * bus has such an address.
 */
bool pci_of(struct reader *reader, const struct tag *tag, struct pci_address *ret)
{
	static const struct {
		size_t part;
		uint64_t max;
		enum rule rule;
	} rows[] = {
		{ PCI_BUS, PCI_BUS_MAX, RULE_PCI_BUS },
		{ PCI_SLOT, PCI_SLOT_MAX, RULE_PCI_SLOT },
		{ PCI_FUNCTION, PCI_FUNCTION_MAX, RULE_PCI_FUNCTION },
	};
	const struct reading *readings = tag->readings;
	bool good = tag->valid;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct reading *part = &readings[rows[i].part];
		if (part->number <= rows[i].max)
			continue;
		TELL(reader, rows[i].rule, part->offset, number_hex(part->number).s);
		good = false;
	}
	if (good)
		*ret = (struct pci_address){ (uint32_t)readings[PCI_DOMAIN].number,
					     (uint8_t)readings[PCI_BUS].number,
					     (uint8_t)readings[PCI_SLOT].number,
					     (uint8_t)readings[PCI_FUNCTION].number };
	return good;
}

#define GUEST(kind, part) FIELD_WITH(kind, struct interface, address.pci.part, address.present)

static const struct attribute pci_attributes[] = {
	[PCI_TYPE] = { .name = "type", .constant = "pci" },
	PCI_ROWS(GUEST),
	[PCI_MULTIFUNCTION] = ON_OFF("multifunction",
				     FIELD_WITH(FIELD_U8, struct interface, address.multifunction,
						address.has_multifunction)),
	[PCI_ATTRIBUTES] = { 0 },
};

#define ZPCI(name_, member, style_) \
	{ \
		.name = (name_), .read = read_number, \
		.field = FIELD_WITH(FIELD_U32, struct interface, address.zpci.member, address.zpci.present), \
		.style = (style_) \
	}

/* Either stands for both. */
static const struct attribute zpci_attributes[] = {
	ZPCI("uid", uid, STYLE_HEX4),
	ZPCI("fid", fid, STYLE_HEX8),
	{ 0 },
};

static const struct element pci_children[] = {
	{ .name = "zpci", .handling = HANDLING_LATER, .attributes = zpci_attributes },
	{ 0 },
};

static void apply_pci(struct reader *reader, const struct tag *tag)
{
	struct guest_address *address = &reader->draft->interface.address;
	struct pci_address pci;
	if (!pci_of(reader, tag, &pci) || (!pci.domain && !pci.bus && !pci.slot))
		return;
	address->present = true;
	address->pci = pci;
	claims_add(reader, (struct claim){ .kind = CLAIM_GUEST_PCI,
					   .key = claims_pci_key(pci),
					   .offset = tag->offset,
					   .ours = true });
}

static const struct element pci_row = {
	.always = true,
	.attributes = pci_attributes,
	.children = pci_children,
	.apply = apply_pci,
};

/* ---- USB addresses ---- */

enum { USB_TYPE, USB_BUS, USB_PORT, USB_ATTRIBUTES };

#define PORT_LEVELS 4

/* "1", "1.2", at most four levels. */
static bool read_port(struct reader *reader, const struct given *given, uint64_t *ret)
{
	cleanup_free char *copy = strdup(given->text);
	bool good = copy;
	*ret = 0;
	for (char *rest = copy; good && rest; ++*ret) {
		uint64_t number;
		good = number_parse(strsep(&rest, "."), 10, UINT32_MAX, &number) == 0 && *ret < PORT_LEVELS;
	}
	if (good)
		return true;
	TELL(reader, RULE_ADDRESS_PORT, given->offset);
	return false;
}

static const struct attribute usb_attributes[] = {
	[USB_TYPE] = { .name = "type", .constant = "usb" },
	[USB_BUS] = { .name = "bus",
		      .read = read_decimal,
		      .max = INT32_MAX,
		      .field = NUMBER(struct interface, address.usb_bus) },
	[USB_PORT] = { .name = "port",
		       .read = read_port,
		       .flags = ATTRIBUTE_APPLIED,
		       .field = TEXT(struct interface, address.usb_port) },
	[USB_ATTRIBUTES] = { 0 },
};

/*
 * PORT, which is one, without leading zeros, up to the first level that is zero; NULL when that is all of it.
 */
static const char *canonical_port(struct reader *reader, const char *port)
{
	char text[PORT_LEVELS * sizeof("4294967295.")];
	size_t length = 0;
	char *end = NULL;
	for (unsigned long level; (level = strtoul(port, &end, 10)); port = end + 1) {
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%lu", length ? "." : "",
					   level);
		if (!*end)
			break;
	}
	return length ? reader_copy(reader, text) : NULL;
}

static void apply_usb(struct reader *reader, const struct tag *tag)
{
	struct guest_address *address = &reader->draft->interface.address;
	const char *port = tag->readings[USB_PORT].text;
	address->usb_bus.present = true;
	address->usb_port = port ? canonical_port(reader, port) : NULL;
	if (address->usb_port)
		claims_add(reader, (struct claim){ .kind = CLAIM_GUEST_USB,
						   .key = address->usb_bus.value,
						   .name = address->usb_port,
						   .offset = tag->offset,
						   .ours = true });
}

static const struct element usb_row = { .always = true, .attributes = usb_attributes, .apply = apply_usb };

/* ---- which of them it is ---- */

static const struct attribute unassigned_attributes[] = { { .name = "type", .constant = "unassigned" }, { 0 } };

static const struct element unassigned_row = {
	.always = true,
	.open = true,
	.attributes = unassigned_attributes,
};

static const char *const address_types[] = {
	[GUEST_PCI] = "pci",
	[GUEST_USB] = "usb",
	[GUEST_UNASSIGNED] = "unassigned",
	[GUEST_OTHER] = "drive",
	"virtio-serial",
	"ccid",
	"spapr-vio",
	"virtio-s390",
	"ccw",
	"virtio-mmio",
	"isa",
	"dimm",
	NULL,
};

/* The rows of the types that a device of ours can have. */
static const struct element *const address_rows[] = {
	[GUEST_PCI] = &pci_row, [GUEST_USB] = &usb_row, [GUEST_UNASSIGNED] = &unassigned_row
};

static const struct attribute address_attributes[] = {
	{ .name = "type",
	  .read = read_word,
	  .flags = ATTRIBUTE_REQUIRED,
	  .words = address_types,
	  .field = NUMBER(struct interface, address.type) },
	{ 0 },
};

/* Whether the type fits the source is said when both are known. */
static void apply_address(struct reader *reader, const struct tag *tag)
{
	const struct reading *type = &tag->readings[0];
	if (!type->present)
		return;
	reader->draft->address_offset = type->offset;
	if (type->number < ARRAY_SIZE(address_rows))
		grammar_read(reader, tag->node, address_rows[type->number]);
}

static const struct element *write_address(const void *base)
{
	const struct number *type = &((const struct interface *)base)->address.type;
	return type->present && type->value < ARRAY_SIZE(address_rows) ? address_rows[type->value] : NULL;
}

const struct element address_row = {
	.name = "address",
	.open = true,
	.attributes = address_attributes,
	.apply = apply_address,
	.write = write_address,
};
