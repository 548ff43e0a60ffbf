/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Devices: which of them are ours. */

#include <string.h>

#include "model/claims.h"
#include "model/document.h"
#include "model/domain.h"
#include "model/interface.h"
#include "model/tree.h"

static bool is_alone(const struct reader *reader, const xmlNode *node)
{
	return node == tree_root(reader->tree);
}

/* Whether NODE, a device of ours, may be read, too. */
static bool has_room(struct reader *reader, const xmlNode *node)
{
	const struct document *document = reader->document;
	return reader_has_room(reader,
			       document->interface_count + document->pool_interface_count +
				       document->hostdev_count,
			       node);
}

/* Adds INTERFACE to the COUNT of LIST. */
static void add_device(struct reader *reader, const struct interface *interface, struct interface **list,
		       size_t *count)
{
	struct interface *larger = reader_grow(reader, *list, *count, sizeof(*larger));
	if (!larger)
		return;
	larger[(*count)++] = *interface;
	*list = larger;
}

/* Reads NODE, a device of ours, into DRAFT, by ROW. */
static void read_draft(struct reader *reader, struct draft *draft, const xmlNode *node,
		       const struct element *row)
{
	draft->interface.position = tree_position(reader->tree, tree_offset(node));
	draft->interface.span = tree_span(node);
	reader->draft = draft;
	reader->base = &draft->interface;
	reader->usb = draft->interface.source == SOURCE_USB;
	grammar_read(reader, node, row);
	reader->draft = NULL;
	reader->base = NULL;
	reader->usb = false;
}

/* ---- <interface> ---- */

static const char *const interface_types[] = { "user",     "ethernet", "vhostuser", "server",
					       "client",   "mcast",    "network",   "bridge",
					       "internal", "direct",   "hostdev",   "udp",
					       "vdpa",     "null",     "vds",       NULL };

static const struct attribute type_attributes[] = {
	{ .name = "type", .read = read_word, .words = interface_types },
	{ 0 },
};

static void read_hostdev_interface(struct reader *reader, const xmlNode *node)
{
	struct document *document = reader->document;
	struct draft draft = { 0 };
	if (!has_room(reader, node))
		return;
	draft.source_known = source_find(node, &draft.interface.source);
	read_draft(reader, &draft, node, &interface_row);
	add_device(reader, &draft.interface, &document->interfaces, &document->interface_count);
}

static void read_pool_interface(struct reader *reader, const xmlNode *node)
{
	struct document *document = reader->document;
	struct draft draft = { .pool = true, .port_use = PORT_USE_LOOSE };
	if (!has_room(reader, node))
		return;
	read_draft(reader, &draft, node, &pool_interface_row);
	add_device(reader, &draft.interface, &document->pool_interfaces, &document->pool_interface_count);
}

/* What cannot have a VF is not ours. */
static void read_network_interface(struct reader *reader, const xmlNode *node)
{
	TELL(reader, RULE_INTERFACE_NETWORK, tree_offset(node));
	if (reader->purpose != PURPOSE_ACT && (is_alone(reader, node) || pool_can_have(node)))
		read_pool_interface(reader, node);
	else
		claims_add_other(reader, node);
}

/* Does what the type of the interface says; TAG holds no more than that. */
static void apply_any_interface(struct reader *reader, const struct tag *tag)
{
	const struct reading *type = &tag->readings[0];
	bool first = !reader->document->has_interface;
	reader->document->has_interface = true;
	/* libvirt's default. A wrong type has been told already. */
	const char *name = type->present ? type->text : "user";
	if (!tag->valid)
		return;
	if (strcmp(name, "hostdev") == 0)
		read_hostdev_interface(reader, tag->node);
	else if (strcmp(name, "network") == 0)
		read_network_interface(reader, tag->node);
	else if (is_alone(reader, tag->node))
		TELL(reader, RULE_INTERFACE_OTHER, tag->offset, name);
	else
		claims_add_other(reader, tag->node);
	reader->document->leads |= first && reader->document->interface_count;
}

static const struct element any_interface_row = {
	.name = "interface",
	.open = true,
	.attributes = type_attributes,
	.apply = apply_any_interface,
};

void device_read_interface(struct reader *reader, const xmlNode *node)
{
	grammar_read(reader, node, &any_interface_row);
}

/* ---- <hostdev> ---- */

enum { HOSTDEV_MODE, HOSTDEV_TYPE, HOSTDEV_ATTRIBUTES };

static const char *const hostdev_modes[] = { "subsystem", "capabilities", NULL };

/* Those of a subsystem first. */
enum { SUBSYSTEM_PCI, SUBSYSTEM_USB, SUBSYSTEM_OTHER, SUBSYSTEM_COUNT = 5 };

static const char *const hostdev_types[] = { [SUBSYSTEM_PCI] = "pci",
					     [SUBSYSTEM_USB] = "usb",
					     "scsi",
					     "scsi_host",
					     "mdev",
					     "storage",
					     "misc",
					     "net",
					     NULL };

static const struct attribute kind_attributes[] = {
	[HOSTDEV_MODE] = { .name = "mode", .read = read_word, .words = hostdev_modes },
	[HOSTDEV_TYPE] = { .name = "type", .read = read_word, .flags = ATTRIBUTE_REQUIRED, .words = hostdev_types },
	[HOSTDEV_ATTRIBUTES] = { 0 },
};

static void read_plain_hostdev(struct reader *reader, const xmlNode *node, enum source_type source)
{
	struct document *document = reader->document;
	struct draft draft = { .plain = true, .source_known = true };
	if (!has_room(reader, node))
		return;
	draft.interface.source = source;
	draft.interface.strangers = document->stranger_count;
	read_draft(reader, &draft, node, &hostdev_row);
	add_device(reader, &draft.interface, &document->hostdevs, &document->hostdev_count);
}

/* Remembers NODE, which is another kind of <hostdev>: libvirt gives it a number like those of ours. */
static void add_stranger(struct reader *reader, const xmlNode *node)
{
	reader->document->stranger_count += alias_of(node) == NULL;
	claims_add_other(reader, node);
}

/* Does what mode and type say; TAG holds no more than that. */
static void apply_any_hostdev(struct reader *reader, const struct tag *tag)
{
	const struct reading *mode = &tag->readings[HOSTDEV_MODE], *type = &tag->readings[HOSTDEV_TYPE];
	bool subsystem = mode->number == 0, of_subsystem = type->number < SUBSYSTEM_COUNT;
	if (!tag->valid)
		return;
	if (subsystem != of_subsystem) {
		struct given given = { &kind_attributes[HOSTDEV_TYPE], "hostdev", type->text, type->offset };
		reader_invalid(reader, &given, RULE_INVALID_VALUE);
	} else if (subsystem && type->number < SUBSYSTEM_OTHER) {
		read_plain_hostdev(reader, tag->node, type->number == SUBSYSTEM_USB ? SOURCE_USB : SOURCE_PCI);
	} else if (is_alone(reader, tag->node)) {
		TELL(reader, RULE_HOSTDEV_OTHER, tag->offset, hostdev_modes[mode->number], type->text);
	} else {
		add_stranger(reader, tag->node);
	}
}

static const struct element any_hostdev_row = {
	.name = "hostdev",
	.open = true,
	.attributes = kind_attributes,
	.apply = apply_any_hostdev,
};

void device_read_hostdev(struct reader *reader, const xmlNode *node)
{
	if (reader->purpose != PURPOSE_ACT) {
		grammar_read(reader, node, &any_hostdev_row);
		return;
	}
	TELL(reader, is_alone(reader, node) ? RULE_HOSTDEV : RULE_HOSTDEV_SKIPPED, tree_offset(node));
	claims_add_other(reader, node);
}

/* ---- <devices> ---- */

/* Devices that have no row are not ours, but they claim addresses. */
void devices_read(struct reader *reader, const xmlNode *node)
{
	for (const xmlNode *device = tree_first(node); device; device = tree_next(device)) {
		if (tree_namespace(device))
			continue;
		if (strcmp(tree_name(device), "graphics") == 0)
			reader->claims->has_graphics = true;
		if (strcmp(tree_name(device), "interface") == 0)
			device_read_interface(reader, device);
		else if (strcmp(tree_name(device), "hostdev") == 0)
			device_read_hostdev(reader, device);
		else
			claims_add_other(reader, device);
		if (strcmp(tree_name(device), "controller") == 0)
			controller_read(reader, device);
	}
}
