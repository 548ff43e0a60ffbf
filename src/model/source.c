/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Addresses: <source>, which names the host's device, and <address>, where the guest sees it. */

#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/claims.h"
#include "model/interface.h"
#include "model/tree.h"

/* ---- PCI addresses, of both ---- */

enum { PCI_TYPE, PCI_DOMAIN, PCI_BUS, PCI_SLOT, PCI_FUNCTION, PCI_MULTIFUNCTION, PCI_ATTRIBUTES };

static const struct attribute pci_attributes[] = {
	[PCI_TYPE] = { .name = "type" },
	[PCI_DOMAIN] = { .name = "domain", .read = read_number },
	[PCI_BUS] = { .name = "bus", .read = read_number },
	[PCI_SLOT] = { .name = "slot", .read = read_number },
	[PCI_FUNCTION] = { .name = "function", .read = read_number },
	[PCI_MULTIFUNCTION] = { .name = "multifunction", .read = read_on_off },
	[PCI_ATTRIBUTES] = { 0 },
};

/*
 * The address that TAG gives. libvirt does not look at slot and function when domain, bus and slot are zero; we always do: nothing
 * on a bus has such an address.
 */
static bool pci_of(struct reader *reader, const struct tag *tag, struct pci_address *ret)
{
	const struct reading *bus = &tag->readings[PCI_BUS], *slot = &tag->readings[PCI_SLOT];
	const struct reading *function = &tag->readings[PCI_FUNCTION];
	bool good = tag->valid;
	if (bus->number > PCI_BUS_MAX) {
		reader_error(reader, REPORT_XML, bus->offset,
			     "Invalid PCI address bus='0x%x', must be <= 0xFF", (unsigned)bus->number);
		good = false;
	}
	if (slot->number > PCI_SLOT_MAX) {
		reader_error(reader, REPORT_XML, slot->offset,
			     "Invalid PCI address slot='0x%x', must be <= 0x1F", (unsigned)slot->number);
		good = false;
	}
	if (function->number > PCI_FUNCTION_MAX) {
		reader_error(reader, REPORT_XML, function->offset,
			     "Invalid PCI address function=0x%x, must be <= 7", (unsigned)function->number);
		good = false;
	}
	if (good)
		*ret = (struct pci_address){ (uint32_t)tag->readings[PCI_DOMAIN].number, (uint8_t)bus->number,
					     (uint8_t)slot->number, (uint8_t)function->number };
	return good;
}

/* ---- <source> with a PCI device ---- */

static void apply_source_pci(struct reader *reader, const struct tag *tag)
{
	struct interface *interface = &reader->draft->interface;
	if (!pci_of(reader, tag, &interface->host))
		return;
	claims_add(reader, (struct claim){ .kind = CLAIM_HOST_PCI,
					   .key = claims_pci_key(interface->host),
					   .offset = tag->offset,
					   .ours = true });
}

/* libvirt reads both without using them: they are for the guest's address. */
static const struct element source_zpci[] = {
	{ .name = "zpci", .handling = HANDLING_IGNORED },
	{ 0 },
};

#define HOST_SIDE \
	"Invalid attempt to set network interface host-side IP route and/or address info on interface of type " \
	"'hostdev'. This is only supported on interfaces of type 'ethernet'"

static const struct element source_pci_children[] = {
	{ .name = "address", .attributes = pci_attributes, .children = source_zpci, .apply = apply_source_pci },
	{ .name = "ip", .many = true, .handling = HANDLING_REFUSED, .text = HOST_SIDE },
	{ .name = "route", .many = true, .handling = HANDLING_REFUSED, .text = HOST_SIDE },
	{ 0 },
};

static const char *const startup_policies[] = { "mandatory", "requisite", "optional", NULL };
static const char *const guest_resets[] = { "off", "uninitialized", "on", NULL };

static const struct attribute source_pci_attributes[] = {
	{ .name = "writeFiltering",
	  .read = read_yes_no,
	  .handling = HANDLING_REFUSED,
	  .text = "Write filtering of PCI device configuration space is not supported by qemu" },
	{ .name = "startupPolicy",
	  .read = read_word,
	  .words = startup_policies,
	  .handling = HANDLING_REFUSED,
	  .text = "Setting startupPolicy is only allowed for USB devices" },
	{ .name = "missing", .handling = HANDLING_IGNORED },
	{ 0 },
};

static const struct element source_pci_row = {
	.name = "source",
	.attributes = source_pci_attributes,
	.children = source_pci_children,
};

/* ---- <source> with a USB device ---- */

enum { USB_TYPE, USB_BUS, USB_DEVICE, USB_ATTRIBUTES };

static const struct attribute usb_attributes[] = {
	[USB_TYPE] = { .name = "type" },
	[USB_BUS] = { .name = "bus", .read = read_number, .flags = ATTRIBUTE_REQUIRED },
	[USB_DEVICE] = { .name = "device", .read = read_number, .flags = ATTRIBUTE_REQUIRED },
	[USB_ATTRIBUTES] = { 0 },
};

static void apply_source_usb(struct reader *reader, const struct tag *tag)
{
	struct usb_source *usb = &reader->draft->interface.usb;
	usb->has_address = tag->valid;
	usb->bus = (uint32_t)tag->readings[USB_BUS].number;
	usb->device = (uint32_t)tag->readings[USB_DEVICE].number;
}

enum { ID_ID, ID_ATTRIBUTES };

static const struct attribute vendor_attributes[] = {
	[ID_ID] = { .name = "id", .read = read_number, .flags = ATTRIBUTE_REQUIRED | ATTRIBUTE_NOT_ZERO },
	[ID_ATTRIBUTES] = { 0 },
};

static const struct attribute product_attributes[] = {
	[ID_ID] = { .name = "id", .read = read_number, .flags = ATTRIBUTE_REQUIRED },
	[ID_ATTRIBUTES] = { 0 },
};

static void apply_vendor(struct reader *reader, const struct tag *tag)
{
	reader->draft->interface.usb.vendor = (uint32_t)tag->readings[ID_ID].number;
}

static void apply_product(struct reader *reader, const struct tag *tag)
{
	reader->draft->interface.usb.product = (uint32_t)tag->readings[ID_ID].number;
}

static const struct element source_usb_children[] = {
	{ .name = "address", .attributes = usb_attributes, .apply = apply_source_usb },
	{ .name = "vendor", .attributes = vendor_attributes, .apply = apply_vendor },
	{ .name = "product", .attributes = product_attributes, .apply = apply_product },
	{ .name = "ip", .many = true, .handling = HANDLING_REFUSED, .text = HOST_SIDE },
	{ .name = "route", .many = true, .handling = HANDLING_REFUSED, .text = HOST_SIDE },
	{ 0 },
};

/*
 * libvirt takes two devices for the same when their bus and device are equal, if the first has both, and else when
 * vendor and product are. So what is known by bus and device never stands in the way of a later one.
 */
static void claim_usb(struct reader *reader, const struct usb_source *usb, size_t offset)
{
	bool by_address = usb->has_address && usb->bus && usb->device;
	if (by_address)
		claims_add(reader, (struct claim){ .kind = CLAIM_HOST_USB,
						   .offset = offset,
						   .ours = true,
						   .key = (uint64_t)usb->bus << 32 | usb->device });
	if (usb->has_id)
		claims_add(reader, (struct claim){ .kind = CLAIM_HOST_USB_ID,
						   .offset = offset,
						   .ours = true,
						   .key = (uint64_t)usb->vendor << 32 | usb->product,
						   .yields = by_address });
}

static void apply_source(struct reader *reader, const struct tag *tag)
{
	struct usb_source *usb = &reader->draft->interface.usb;
	bool has_vendor = tree_child(tag->node, "vendor"), has_product = tree_child(tag->node, "product");
	if (has_vendor != has_product)
		reader_error(reader, REPORT_XML, tag->offset,
			     has_vendor ? "missing product" : "missing vendor");
	usb->has_id = has_vendor && has_product;
	claim_usb(reader, usb, tag->offset);
}

static const struct attribute source_usb_attributes[] = {
	{ .name = "startupPolicy", .read = read_word, .words = startup_policies },
	{ .name = "guestReset", .read = read_word, .words = guest_resets },
	{ .name = "autoAddress", .read = read_yes_no },
	{ .name = "missing", .handling = HANDLING_IGNORED },
	{ 0 },
};

static const struct element source_usb_row = {
	.name = "source",
	.attributes = source_usb_attributes,
	.children = source_usb_children,
	.apply = apply_source,
};

/* ---- which of them it is ---- */

void source_missing(struct reader *reader, size_t offset, const char *type)
{
	struct report *report = reader_error(reader, REPORT_CONFIG_UNSUPPORTED, offset,
					     "unknown host device source address type '%s'",
					     type ? type : "(null)");
	report_hint(report, "name the VF: <source><address type='pci' domain='0' bus='1' slot='0x10' "
			    "function='2'/></source>; the type is never implied");
}

/* libvirt goes by the type of the address; without one, a vendor implies USB, but nothing ever implies PCI. */
void source_read(struct reader *reader, const xmlNode *node)
{
	const xmlNode *address = tree_child(node, "address");
	cleanup_free char *type = address ? tree_value_of(address, "type") : NULL;
	bool typed = type && *type;
	struct interface *interface = &reader->draft->interface;
	bool pci = typed && strcmp(type, "pci") == 0;
	bool usb = typed ? strcmp(type, "usb") == 0 : tree_child(node, "vendor") != NULL;
	reader->draft->has_source = true;
	reader->draft->source_known = pci || usb;
	interface->source = usb ? SOURCE_USB : SOURCE_PCI;
	if (pci || usb)
		grammar_read(reader, node, pci ? &source_pci_row : &source_usb_row);
	else
		source_missing(reader, tree_offset(address ? address : node), typed ? type : NULL);
}

/* ---- the guest's <address> ---- */

static const struct element guest_zpci[] = {
	{ .name = "zpci", .handling = HANDLING_LATER },
	{ 0 },
};

static void apply_guest_pci(struct reader *reader, const struct tag *tag)
{
	struct guest_address *address = &reader->draft->interface.address;
	struct pci_address pci;
	if (!pci_of(reader, tag, &pci))
		return;
	address->has_multifunction = tag->readings[PCI_MULTIFUNCTION].present;
	address->multifunction = tag->readings[PCI_MULTIFUNCTION].number;
	if (!pci.domain && !pci.bus && !pci.slot)
		return;
	address->present = true;
	address->pci = pci;
	claims_add(reader, (struct claim){ .kind = CLAIM_GUEST_PCI,
					   .key = claims_pci_key(pci),
					   .offset = tag->offset,
					   .ours = true });
}

static const struct element guest_pci_row = {
	.name = "address",
	.attributes = pci_attributes,
	.children = guest_zpci,
	.apply = apply_guest_pci,
};

/* "1", "1.2", at most four levels. */
static bool read_usb_port(struct reader *reader, const struct given *given, uint64_t *ret)
{
	size_t levels = 1;
	const char *p = given->text;
	for (; *p; p += *p == '.') {
		size_t digits = strspn(p, "0123456789");
		levels += p[digits] == '.';
		if (digits == 0 || digits > 9 || (p[digits] && p[digits] != '.') || levels > 4)
			break;
		p += digits;
	}
	*ret = levels;
	if (!*p && p != given->text && p[-1] != '.')
		return true;
	reader_error(reader, REPORT_XML, given->offset, "Cannot parse <address> 'port' attribute");
	return false;
}

static const struct attribute guest_usb_attributes[] = {
	{ .name = "type" },
	{ .name = "bus", .read = read_decimal },
	{ .name = "port", .read = read_usb_port },
	{ 0 },
};

static const struct element guest_usb_row = { .name = "address", .attributes = guest_usb_attributes };

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
static const struct element *const address_rows[] = { [GUEST_PCI] = &guest_pci_row, [GUEST_USB] = &guest_usb_row };

enum { ADDRESS_TYPE, ADDRESS_ATTRIBUTES };

static const struct attribute address_attributes[] = {
	[ADDRESS_TYPE] = { .name = "type", .read = read_word, .words = address_types, .flags = ATTRIBUTE_REQUIRED },
	[ADDRESS_ATTRIBUTES] = { 0 },
};

/* Whether the type fits the source is said when both are known. */
static void apply_address(struct reader *reader, const struct tag *tag)
{
	const struct reading *type = &tag->readings[ADDRESS_TYPE];
	if (!type->present)
		return;
	reader->draft->has_address_type = true;
	reader->draft->address_type = type->number < GUEST_OTHER ? (enum guest_type)type->number : GUEST_OTHER;
	reader->draft->address_offset = type->offset;
	if (type->number < ARRAY_SIZE(address_rows))
		grammar_read(reader, tag->node, address_rows[type->number]);
}

const struct element address_row = {
	.name = "address",
	.open = true,
	.attributes = address_attributes,
	.apply = apply_address,
};
