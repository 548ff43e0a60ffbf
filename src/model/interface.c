/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * <interface type='hostdev'> and <hostdev>: what stands in them, in which order, and the rules about several
 * of their parts.
 */

#include "model/interface.h"

#include <assert.h>

#include "base/cleanup.h"
#include "model/claims.h"

/* ---- attributes ---- */

enum {
	DEVICE_TYPE,
	DEVICE_MANAGED,
	DEVICE_MODEL,
	DEVICE_SGIO,
	DEVICE_RAWIO,
	DEVICE_DISPLAY,
	DEVICE_RAMFB,
	DEVICE_ATTRIBUTES, /* and each of the two has more */
	INTERFACE_TRUST_FILTERS = DEVICE_ATTRIBUTES,
	INTERFACE_ATTRIBUTES,
};

static const char *const sgio_words[] = { "filtered", "unfiltered", NULL };

/* A device is scsi or mdev only where libvirt refuses it anyway. */
#define OTHER_ROWS \
	[DEVICE_MODEL] = { .name = "model" }, \
	[DEVICE_SGIO] = { .name = "sgio", \
			  .read = read_word, \
			  .words = sgio_words, \
			  .handling = HANDLING_BROKEN, \
			  .rule = RULE_SGIO }, \
	[DEVICE_RAWIO] = { .name = "rawio", \
			   .read = read_word, \
			   .words = no_yes, \
			   .handling = HANDLING_BROKEN, \
			   .rule = RULE_RAWIO }

#define MANAGED(presence) \
	[DEVICE_MANAGED] = { .name = "managed", \
			     .read = read_word, \
			     .flags = ATTRIBUTE_BAD_IS_ABSENT, \
			     .words = no_yes, \
			     .field = FIELD_BARE(FIELD_U8, struct interface, managed, presence) }

/* libvirt honours display and ramfb of an interface until it has been written once. */
static const struct attribute interface_attributes[] = {
	[DEVICE_TYPE] = { .name = "type", .constant = "hostdev" },
	MANAGED(PRESENT_BY_VALUE),
	[INTERFACE_TRUST_FILTERS] = { .name = "trustGuestRxFilters",
				      .read = read_word,
				      .handling = HANDLING_BROKEN,
				      .rule = RULE_TRUST_FILTERS,
				      .words = no_yes,
				      .field = NUMBER(struct interface, trust_filters) },
	OTHER_ROWS,
	[DEVICE_DISPLAY] = { .name = "display",
			     .read = read_word,
			     .flags = ATTRIBUTE_OF_PCI,
			     .handling = HANDLING_NO_EFFECT,
			     .words = off_on },
	[DEVICE_RAMFB] = { .name = "ramfb",
			   .read = read_word,
			   .flags = ATTRIBUTE_OF_PCI,
			   .handling = HANDLING_NO_EFFECT,
			   .words = off_on },
	[INTERFACE_ATTRIBUTES] = { 0 },
};

enum { HOSTDEV_MODE = DEVICE_ATTRIBUTES, HOSTDEV_ATTRIBUTES };

static const char *const source_types[] = { [SOURCE_PCI] = "pci", [SOURCE_USB] = "usb", NULL };

static_assert(sizeof(enum source_type) == sizeof(uint32_t), "its field is read as such");

static const struct attribute hostdev_attributes[] = {
	[DEVICE_TYPE] = { .name = "type",
			  .flags = ATTRIBUTE_APPLIED,
			  .words = source_types,
			  .field = FIELD_BARE(FIELD_U32, struct interface, source, PRESENT_ALWAYS) },
	MANAGED(PRESENT_ALWAYS),
	OTHER_ROWS,
	[DEVICE_DISPLAY] = { .name = "display",
			     .read = read_word,
			     .flags = ATTRIBUTE_OF_PCI,
			     .words = off_on,
			     .field = NUMBER(struct interface, display) },
	[DEVICE_RAMFB] = { .name = "ramfb",
			   .read = read_word,
			   .flags = ATTRIBUTE_OF_PCI,
			   .words = off_on,
			   .field = NUMBER(struct interface, ramfb) },
	[HOSTDEV_MODE] = { .name = "mode" },
	[HOSTDEV_ATTRIBUTES] = { 0 },
};

/* In the order in which libvirt writes them. */
static const struct attribute hostdev_written[] = {
	{ .name = "mode", .constant = "subsystem" },
	{ .name = "type",
	  .words = source_types,
	  .field = FIELD_BARE(FIELD_U32, struct interface, source, PRESENT_ALWAYS) },
	{ .name = "managed",
	  .words = no_yes,
	  .field = FIELD_BARE(FIELD_U8, struct interface, managed, PRESENT_ALWAYS) },
	{ .name = "display", .words = off_on, .field = NUMBER(struct interface, display) },
	{ .name = "ramfb", .words = off_on, .field = NUMBER(struct interface, ramfb) },
	{ 0 },
};

static void check_attributes(struct reader *reader, const struct tag *tag)
{
	const struct reading *model = &tag->readings[DEVICE_MODEL], *ramfb = &tag->readings[DEVICE_RAMFB];
	const struct reading *display = &tag->readings[DEVICE_DISPLAY];
	if (model->present)
		TELL(reader, RULE_MODEL_ATTRIBUTE, model->offset, reader->usb ? "usb" : "pci");
	if (ramfb->number)
		claims_add(reader,
			   (struct claim){ .kind = CLAIM_RAMFB, .offset = ramfb->offset, .ours = true });
	if (display->number)
		claims_add(reader,
			   (struct claim){ .kind = CLAIM_DISPLAY, .offset = display->offset, .ours = true });
}

/* ---- children ---- */

#define NOTHING(element, row_) \
	{ \
		.name = (element), .handling = HANDLING_NO_EFFECT, .row = &(row_) \
	}

/* In the order in which libvirt writes them; "vf" is ours. Rows with a function to write stand here whole. */
static const struct element interface_children[] = {
	{ .name = "mac", .row = &mac_row },
	{ .name = "driver", .row = &driver_row },
	{ .name = "source", .read = source_read, .write = source_write },
	{ .name = "vlan", .row = &vlan_row },
	{ .name = "virtualport", .row = &virtualport_row },
	{ .name = "bandwidth", .row = &bandwidth_row },
	NOTHING("port", port_row),
	BROKEN("ip", RULE_GUEST_IP),
	BROKEN("route", RULE_GUEST_ROUTE),
	BROKEN("portForward", RULE_PORT_FORWARD),
	NOTHING("script", script_row),
	NOTHING("downscript", downscript_row),
	NOTHING("backenddomain", backend_domain_row),
	NOTHING("target", target_row),
	NOTHING("guest", guest_row),
	NOTHING("model", model_row),
	{ .name = "driver", .row = &driver_virtio_row }, /* only written: the first of them is found */
	{ .name = "backend", .row = &backend_row },
	NOTHING("tune", tune_row),
	{ .name = "teaming", .row = &teaming_row },
	{ .name = "link", .row = &link_row },
	{ .name = "mtu", .row = &mtu_row },
	{ .name = "coalesce", .row = &coalesce_row },
	{ .name = "boot", .row = &boot_row },
	{ .name = "alias", .row = &alias_row },
	{ .name = "rom", .row = &rom_row },
	{ .name = "acpi", .row = &acpi_row },
	{ .name = "address", .row = &address_row },
	{ .name = "filterref",
	  .handling = HANDLING_NO_EFFECT,
	  .open = true,
	  .hint = "nothing filters the traffic of a VF on the host" },
	{ .name = "vf", .ns = "urn:vfassign:1", .row = &vf_row },
	{ 0 },
};

static_assert(ARRAY_SIZE(interface_children) <= CHILDREN_MAX, "each row has a bit");

static const struct element hostdev_children[] = {
	{ .name = "driver", .row = &driver_plain_row },
	{ .name = "source", .read = source_read, .write = source_write_plain },
	{ .name = "teaming", .row = &teaming_row },
	{ .name = "readonly", .handling = HANDLING_NO_EFFECT, .open = true },
	{ .name = "shareable", .handling = HANDLING_NO_EFFECT, .open = true },
	{ .name = "boot", .row = &boot_row },
	{ .name = "alias", .row = &alias_row },
	{ .name = "rom", .row = &rom_row },
	{ .name = "acpi", .row = &acpi_row },
	{ .name = "address", .row = &address_row },
	{ 0 },
};

/* ---- the rules about several elements ---- */

void interface_check_address(struct reader *reader)
{
	const struct draft *draft = reader->draft;
	enum guest_type type = (enum guest_type)draft->interface.address.type.value;
	size_t offset = draft->address_offset;
	bool pci = draft->source_known && !reader->usb, usb = draft->source_known && reader->usb;
	if (!draft->interface.address.type.present)
		return;
	if (type == GUEST_UNASSIGNED && !draft->plain)
		TELL(reader, RULE_ADDRESS_UNASSIGNED, offset);
	else if (pci && type != GUEST_PCI && type != GUEST_UNASSIGNED)
		TELL(reader, RULE_ADDRESS_PCI, offset);
	else if (usb && type != GUEST_USB)
		TELL(reader, RULE_ADDRESS_USB, offset);
	if (type == GUEST_PCI || type == GUEST_UNASSIGNED)
		return;
	if (draft->rom_offset)
		TELL(reader, RULE_ROM_PCI, draft->rom_offset);
	if (draft->acpi_offset)
		TELL(reader, RULE_ACPI_PCI, draft->acpi_offset);
}

static void apply_interface(struct reader *reader, const struct tag *tag)
{
	const struct draft *draft = reader->draft;
	check_attributes(reader, tag);
	if (!draft->has_source)
		TELL(reader, RULE_SOURCE_TYPE, tag->offset, "(null)");
	interface_check_address(reader);
	if (draft->vlan_offset && draft->interface.virtualport)
		TELL(reader, RULE_VLAN_VIRTUALPORT, draft->vlan_offset, draft->interface.virtualport);
	vf_wish(reader);
	if (draft->source_known && reader->usb)
		TELL(reader, RULE_USB_INTERFACE, draft->source_offset);
}

const struct element interface_row = {
	.name = "interface",
	.always = true,
	.attributes = interface_attributes,
	.children = interface_children,
	.apply = apply_interface,
};

static void apply_hostdev(struct reader *reader, const struct tag *tag)
{
	check_attributes(reader, tag);
	if (!reader->draft->has_source)
		TELL(reader, RULE_SOURCE_MISSING, tag->offset);
	interface_check_address(reader);
}

static const struct element hostdev_as_written = {
	.always = true,
	.attributes = hostdev_written,
	.children = hostdev_children,
};

static const struct element *write_hostdev(const void *base)
{
	return &hostdev_as_written;
}

const struct element hostdev_row = {
	.name = "hostdev",
	.attributes = hostdev_attributes,
	.children = hostdev_children,
	.apply = apply_hostdev,
	.write = write_hostdev,
};
