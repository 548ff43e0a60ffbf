/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/domain.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/claims.h"
#include "model/interface.h"
#include "model/tree.h"

/* ---- interfaces ---- */

static const char *const interface_types[] = { "user",     "ethernet", "vhostuser", "server",
					       "client",   "mcast",    "network",   "bridge",
					       "internal", "direct",   "hostdev",   "udp",
					       "vdpa",     "null",     "vds",       NULL };

enum { TYPE_TYPE, TYPE_ATTRIBUTES };

static const struct attribute type_attributes[] = {
	[TYPE_TYPE] = { .name = "type", .read = read_word, .words = interface_types },
	[TYPE_ATTRIBUTES] = { 0 },
};

static void draft_done(struct draft *draft)
{
	interface_done(&draft->interface);
}

/* Adds INTERFACE, which becomes the document's, to it. */
static void add_interface(struct reader *reader, struct interface *interface)
{
	struct document *document = reader->document;
	size_t count = document->interface_count + 1;
	struct interface *interfaces = reallocarray(document->interfaces, count, sizeof(*interfaces));
	if (!interfaces) {
		reader->no_memory = true;
		return;
	}
	interfaces[count - 1] = *interface;
	*interface = (struct interface){ 0 };
	document->interfaces = interfaces;
	document->interface_count = count;
}

static void read_hostdev_interface(struct reader *reader, const xmlNode *node)
{
	cleanup(draft_done) struct draft draft = { 0 };
	draft.interface.position = tree_position(reader->tree, tree_offset(node));
	reader->draft = &draft;
	grammar_read(reader, node, &interface_row);
	reader->draft = NULL;
	add_interface(reader, &draft.interface);
}

#define NAME_THE_VF "name the VF itself in <interface type='hostdev'>"

/* Does what the type of the interface says; TAG holds no more than that. */
static void apply_any_interface(struct reader *reader, const struct tag *tag)
{
	const struct reading *type = &tag->readings[TYPE_TYPE];
	bool alone = tag->node == tree_root(reader->tree);
	/* libvirt's default. A wrong type has been told already. */
	const char *name = type->present ? type->text : "user";
	if (!tag->valid)
		return;
	if (strcmp(name, "hostdev") == 0)
		read_hostdev_interface(reader, tag->node);
	else if (strcmp(name, "network") == 0)
		report_hint(reader_error(reader, REPORT_CONFIG_UNSUPPORTED, tag->offset,
					 "an interface of type 'network' is not supported by this version"),
			    NAME_THE_VF);
	else if (alone)
		report_hint(reader_error(reader, REPORT_CONFIG_UNSUPPORTED, tag->offset,
					 "an interface of type '%s' has no VF to assign", name),
			    NAME_THE_VF);
	else
		claims_add_other(reader, tag->node);
}

static const struct element any_interface_row = {
	.name = "interface",
	.open = true,
	.attributes = type_attributes,
	.apply = apply_any_interface,
};

/* ---- <domain> ---- */

static void apply_name(struct reader *reader, const struct tag *tag)
{
	cleanup_free char *name = tree_content(tag->node);
	if (!name)
		reader->no_memory = true;
	else if (strchr(name, '/') || strchr(name, '\n'))
		reader_error(reader, REPORT_XML, tag->offset, "the name of a domain must not contain %s",
			     strchr(name, '/') ? "'/'" : "a line feed");
	else if (*name)
		reader->document->name = TAKE(name);
}

static void apply_uuid(struct reader *reader, const struct tag *tag)
{
	cleanup_free char *text = tree_content(tag->node);
	struct document *document = reader->document;
	if (!text)
		reader->no_memory = true;
	else if (uuid_parse(text, &document->uuid) < 0)
		reader_error(reader, REPORT_XML, tag->offset,
			     "malformed uuid element: '%s' is not 32 hex digits", text);
	else
		document->has_uuid = true;
}

enum { MEMORY_UNIT, MEMORY_DUMP_CORE, MEMORY_ATTRIBUTES };

static const struct attribute memory_attributes[] = {
	[MEMORY_UNIT] = { .name = "unit", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[MEMORY_DUMP_CORE] = { .name = "dumpCore", .read = read_on_off },
	[MEMORY_ATTRIBUTES] = { 0 },
};

/* Whether TEXT is one of WORDS, which NULL ends; case makes no difference. */
static bool is_one_of(const char *text, const char *const *words)
{
	while (*words && strcasecmp(text, *words) != 0)
		words++;
	return *words;
}

/*
 * How many bytes UNIT has, 0 when it is none: b, byte and bytes; or one of kmgtpe, by itself or with "iB" for powers of
 * 1024, with "B" for powers of 1000. Case makes no difference.
 */
static uint64_t unit_bytes(const char *unit)
{
	static const char letters[] = "kmgtpe";
	static const char *const bytes[] = { "b", "byte", "bytes", NULL };
	static const char *const binary[] = { "", "iB", NULL };
	static const char *const decimal[] = { "B", NULL };
	if (is_one_of(unit, bytes))
		return 1;
	const char *letter = strchr(letters, tolower((unsigned char)*unit));
	if (!*unit || !letter || !(is_one_of(unit + 1, binary) || is_one_of(unit + 1, decimal)))
		return 0;
	uint64_t factor = is_one_of(unit + 1, binary) ? 1024 : 1000, size = 1;
	for (const char *p = letters; p <= letter; p++)
		size *= factor;
	return size;
}

static void apply_memory(struct reader *reader, const struct tag *tag)
{
	const struct reading *unit = &tag->readings[MEMORY_UNIT];
	cleanup_free char *text = tree_content(tag->node);
	uint64_t bytes = unit_bytes(unit->present ? unit->text : "KiB"), count = 0;
	if (!text) {
		reader->no_memory = true;
		return;
	}
	if (!bytes)
		report_hint(reader_error(reader, REPORT_XML, unit->offset, "unknown unit '%s' of memory",
					 unit->text),
			    "use KiB, MiB, GiB or TiB");
	if (number_parse(text, 10, UINT64_MAX, &count) < 0)
		reader_error(reader, REPORT_XML, tag->offset,
			     "Invalid value for element 'memory': '%s'. Expected non-negative integer value",
			     text);
	else if (bytes && count > UINT64_MAX / bytes)
		reader_error(reader, REPORT_XML, tag->offset,
			     "the memory of the domain is larger than 64 bits can say");
	reader->document->has_memory = bytes && count && count <= UINT64_MAX / bytes;
	reader->document->memory = reader->document->has_memory ? count * bytes : 0;
}

enum { OS_TYPE_ARCH, OS_TYPE_MACHINE, OS_TYPE_ATTRIBUTES };

static const struct attribute os_type_attributes[] = {
	[OS_TYPE_ARCH] = { .name = "arch" },
	[OS_TYPE_MACHINE] = { .name = "machine", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[OS_TYPE_ATTRIBUTES] = { 0 },
};

static void apply_os_type(struct reader *reader, const struct tag *tag)
{
	reader->document->machine = reader_copy(reader, tag->readings[OS_TYPE_MACHINE].text);
}

static void apply_os_boot(struct reader *reader, const struct tag *tag)
{
	reader->claims->has_os_boot = true;
}

static const struct element os_children[] = {
	{ .name = "type", .attributes = os_type_attributes, .apply = apply_os_type },
	{ .name = "boot", .many = true, .open = true, .apply = apply_os_boot },
	{ 0 },
};

static void read_hostdev(struct reader *reader, const xmlNode *node)
{
	report_hint(reader_warning(reader, tree_offset(node), "<hostdev> is left alone by this version"),
		    "prepare the device and give it to the VMM by other means");
	claims_add_other(reader, node);
}

/* Devices that have no row are not ours, but they claim addresses. */
static void read_devices(struct reader *reader, const xmlNode *node)
{
	for (const xmlNode *device = tree_first(node); device; device = tree_next(device)) {
		if (tree_namespace(device))
			continue;
		if (strcmp(tree_name(device), "interface") == 0)
			grammar_read(reader, device, &any_interface_row);
		else if (strcmp(tree_name(device), "hostdev") == 0)
			read_hostdev(reader, device);
		else
			claims_add_other(reader, device);
	}
}

static const struct element domain_children[] = {
	{ .name = "name", .apply = apply_name },
	{ .name = "uuid", .apply = apply_uuid },
	{ .name = "memory", .attributes = memory_attributes, .apply = apply_memory },
	{ .name = "os", .open = true, .children = os_children },
	{ .name = "devices", .many = true, .read = read_devices },
	{ 0 },
};

static void apply_domain(struct reader *reader, const struct tag *tag)
{
	if (reader->document->interface_count == 0 && reader->reports->errors == 0)
		report_hint(reader_error(reader, REPORT_CONFIG_UNSUPPORTED, tag->offset,
					 "the domain has no <interface type='hostdev'>: there is nothing to assign"),
			    NAME_THE_VF);
}

/* ---- the document ---- */

static const struct element root_rows[] = {
	{ .name = "interface", .row = &any_interface_row },
	{ .name = "domain", .open = true, .children = domain_children, .apply = apply_domain },
	{ .name = "network",
	  .handling = HANDLING_REFUSED,
	  .text = "<network> is not supported by this version",
	  .hint = NAME_THE_VF },
	{ .name = "hostdev",
	  .handling = HANDLING_REFUSED,
	  .text = "<hostdev> is not supported by this version",
	  .hint = NAME_THE_VF },
	{ 0 },
};

void domain_read_root(struct reader *reader)
{
	const xmlNode *root = tree_root(reader->tree);
	const char *ns = tree_namespace(root);
	if (grammar_read_one_of(reader, root, root_rows))
		return;
	report_hint(reader_error(reader, REPORT_XML, tree_offset(root),
				 "the document is neither a <domain> nor an <interface>, but <%s>%s%s",
				 tree_name(root), ns ? " of namespace " : "", ns ? ns : ""),
		    "write <domain> as libvirt does, or <interface type='hostdev'> alone");
}
