/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* <source>, which names the host's device. */

#include <string.h>

#include "model/claims.h"
#include "model/interface.h"
#include "model/pci.h"
#include "model/tree.h"

/* ---- with a PCI device ---- */

#define HOST(kind, part) FIELD_BARE(kind, struct interface, host.part, PRESENT_ALWAYS)
#define HOST_ROWS \
	PCI_ROWS(HOST), [PCI_MULTIFUNCTION] = { .name = "multifunction", .read = read_word, .words = off_on }, \
			[PCI_ATTRIBUTES] = { 0 }

static const struct attribute pci_attributes[] = { [PCI_TYPE] = { .name = "type", .constant = "pci" },
						   HOST_ROWS };
/* <hostdev> has its type itself. */
static const struct attribute plain_pci_attributes[] = { [PCI_TYPE] = { .name = "type" }, HOST_ROWS };

static void claim_pci(struct reader *reader, size_t offset)
{
	claims_add(reader, (struct claim){ .kind = CLAIM_HOST_PCI,
					   .key = claims_pci_key(reader->draft->interface.host),
					   .offset = offset,
					   .ours = true });
}

static void apply_pci(struct reader *reader, const struct tag *tag)
{
	if (pci_of(reader, tag, &reader->draft->interface.host))
		claim_pci(reader, tag->offset);
}

/* Without <address>, which libvirt does not miss, it is device 0000:00:00.0. */
static void apply_plain_pci(struct reader *reader, const struct tag *tag)
{
	if (!tree_child(tag->node, "address"))
		claim_pci(reader, tag->offset);
}

/* libvirt reads them without using them: they are for the guest's address. */
static const struct attribute unused_zpci[] = {
	{ .name = "uid", .read = read_number },
	{ .name = "fid", .read = read_number },
	{ 0 },
};

static const struct element pci_children[] = {
	{ .name = "zpci", .attributes = unused_zpci },
	{ 0 },
};

static const struct element source_pci_children[] = {
	{ .name = "address",
	  .always = true,
	  .attributes = pci_attributes,
	  .children = pci_children,
	  .apply = apply_pci },
	BROKEN("ip", RULE_SOURCE_HOST_SIDE),
	BROKEN("route", RULE_SOURCE_HOST_SIDE),
	{ 0 },
};

/* origstates is what libvirt itself remembers while a guest runs. */
static const struct element plain_pci_children[] = {
	{ .name = "address", .attributes = plain_pci_attributes, .children = pci_children, .apply = apply_pci },
	{ .name = "origstates", .handling = HANDLING_IGNORED },
	{ 0 },
};

static const struct attribute source_pci_attributes[] = {
	{ .name = "writeFiltering",
	  .read = read_word,
	  .words = no_yes,
	  .handling = HANDLING_BROKEN,
	  .rule = RULE_WRITE_FILTERING },
	{ .name = "startupPolicy", .handling = HANDLING_BROKEN, .rule = RULE_STARTUP_POLICY },
	{ .name = "guestReset", .flags = ATTRIBUTE_OF_USB },
	{ .name = "autoAddress", .flags = ATTRIBUTE_OF_USB },
	{ .name = "missing", .handling = HANDLING_IGNORED },
	{ 0 },
};

static const struct element source_pci_row = {
	.always = true,
	.attributes = source_pci_attributes,
	.children = source_pci_children,
};

static const struct element plain_pci_row = {
	.always = true,
	.attributes = source_pci_attributes,
	.children = plain_pci_children,
	.apply = apply_plain_pci,
};

/* ---- with a USB device ---- */

enum { USB_TYPE, USB_BUS, USB_DEVICE, USB_PORT, USB_ATTRIBUTES };

#define USB_ROWS \
	[USB_BUS] = { .name = "bus", \
		      .read = read_number, \
		      .flags = ATTRIBUTE_REQUIRED, \
		      .max = INT32_MAX, \
		      .field = FIELD_WITH(FIELD_U32, struct interface, usb.bus, usb.has_address) }, \
	[USB_DEVICE] = { .name = "device", \
			 .read = read_number, \
			 .flags = ATTRIBUTE_REQUIRED, \
			 .max = INT32_MAX, \
			 .field = FIELD_WITH(FIELD_U32, struct interface, usb.device, usb.has_address) }, \
	[USB_PORT] = { .name = "port", .handling = HANDLING_NO_EFFECT }, [USB_ATTRIBUTES] = { 0 }

static const struct attribute usb_attributes[] = { [USB_TYPE] = { .name = "type", .constant = "usb" },
						   USB_ROWS };
static const struct attribute plain_usb_attributes[] = { [USB_TYPE] = { .name = "type" }, USB_ROWS };

static void apply_usb(struct reader *reader, const struct tag *tag)
{
	struct usb_source *usb = &reader->draft->interface.usb;
	usb->has_address = tag->valid && (usb->bus || usb->device);
	reader->draft->bad_address = !tag->valid;
}

/* Both are kept, or none. */
#define USB_ID(member, more) \
	{ \
		{ .name = "id", \
		  .read = read_number, \
		  .flags = ATTRIBUTE_REQUIRED | (more), \
		  .field = FIELD_WITH(FIELD_U32, struct interface, usb.member, usb.has_id), \
		  .style = STYLE_HEX4 }, \
			{ 0 }, \
	}

static const struct attribute vendor_attributes[] = USB_ID(vendor, ATTRIBUTE_NOT_ZERO);
static const struct attribute product_attributes[] = USB_ID(product, 0);

#define USB_ID_CHILDREN \
	{ .name = "vendor", .attributes = vendor_attributes }, \
	{ \
		.name = "product", .attributes = product_attributes \
	}

static const struct element source_usb_children[] = {
	USB_ID_CHILDREN,
	{ .name = "address", .attributes = usb_attributes, .apply = apply_usb },
	BROKEN("ip", RULE_SOURCE_HOST_SIDE),
	BROKEN("route", RULE_SOURCE_HOST_SIDE),
	{ 0 },
};

static const struct element plain_usb_children[] = {
	USB_ID_CHILDREN,
	{ .name = "address", .attributes = plain_usb_attributes, .apply = apply_usb },
	{ 0 },
};

/*
 * libvirt takes two devices for the same when their bus and device are equal, if the first has both, and else
 * when vendor and product are, which are zero when they are not given. So what is known by bus and device
 * never stands in the way of a later one.
 */
static void claim_usb(struct reader *reader, const struct usb_source *usb, size_t offset)
{
	bool by_address = usb->has_address && usb->bus && usb->device;
	if (by_address)
		claims_add(reader, (struct claim){ .kind = CLAIM_HOST_USB,
						   .offset = offset,
						   .ours = true,
						   .key = (uint64_t)usb->bus << 32 | usb->device });
	claims_add(reader, (struct claim){ .kind = CLAIM_HOST_USB_ID,
					   .offset = offset,
					   .ours = true,
					   .key = (uint64_t)usb->vendor << 32 | usb->product,
					   .late = reader->draft->plain,
					   .yields = by_address });
}

static void apply_source_usb(struct reader *reader, const struct tag *tag)
{
	struct usb_source *usb = &reader->draft->interface.usb;
	bool has_vendor = tree_child(tag->node, "vendor"), has_product = tree_child(tag->node, "product");
	if (has_vendor != has_product)
		TELL(reader, has_vendor ? RULE_USB_PRODUCT : RULE_USB_VENDOR, tag->offset);
	else if (!has_vendor && !usb->has_address && !reader->draft->bad_address)
		/* libvirt takes it, and writes what it cannot read again. */
		TELL(reader, RULE_SOURCE_USB_NOTHING, tag->offset);
	usb->has_id = has_vendor && has_product;
	claim_usb(reader, usb, tag->offset);
}

static const char *const startup_policies[] = { "mandatory", "requisite", "optional", NULL };
static const char *const guest_resets[] = { "off", "uninitialized", "on", NULL };

static const struct attribute source_usb_attributes[] = {
	{ .name = "startupPolicy",
	  .read = read_word,
	  .words = startup_policies,
	  .field = NUMBER(struct interface, usb.startup_policy) },
	{ .name = "guestReset",
	  .read = read_word,
	  .words = guest_resets,
	  .field = NUMBER(struct interface, usb.guest_reset) },
	{ .name = "autoAddress", .read = read_word, .words = no_yes, .handling = HANDLING_NO_EFFECT },
	{ .name = "writeFiltering", .flags = ATTRIBUTE_OF_PCI },
	{ .name = "missing", .handling = HANDLING_IGNORED },
	{ 0 },
};

static const struct element source_usb_row = {
	.always = true,
	.attributes = source_usb_attributes,
	.children = source_usb_children,
	.apply = apply_source_usb,
};

static const struct element plain_usb_row = {
	.always = true,
	.attributes = source_usb_attributes,
	.children = plain_usb_children,
	.apply = apply_source_usb,
};

/* ---- which of them it is ---- */

bool source_find(const xmlNode *node, enum source_type *ret)
{
	const xmlNode *source = tree_child(node, "source"), *address = tree_child(source, "address");
	const char *type = address ? tree_value_of(address, "type") : NULL;
	bool typed = type && *type;
	bool pci = typed && strcmp(type, "pci") == 0;
	bool usb = typed ? strcmp(type, "usb") == 0 : tree_child(source, "vendor") != NULL;
	*ret = usb ? SOURCE_USB : SOURCE_PCI;
	return pci || usb;
}

const struct element *source_write(const void *base)
{
	const struct interface *interface = base;
	return interface->source == SOURCE_USB ? &source_usb_row : &source_pci_row;
}

const struct element *source_write_plain(const void *base)
{
	const struct interface *interface = base;
	return interface->source == SOURCE_USB ? &plain_usb_row : &plain_pci_row;
}

void source_read(struct reader *reader, const xmlNode *node)
{
	struct draft *draft = reader->draft;
	draft->has_source = true;
	draft->source_offset = tree_offset(node);
	if (draft->source_known) {
		const void *base = &draft->interface;
		grammar_read(reader, node, draft->plain ? source_write_plain(base) : source_write(base));
		return;
	}
	const xmlNode *address = tree_child(node, "address");
	const char *type = address ? tree_value_of(address, "type") : NULL;
	TELL(reader, RULE_SOURCE_TYPE, tree_offset(address ? address : node), type && *type ? type : "(null)");
}
