/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/domain.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "model/claims.h"
#include "model/document.h"
#include "model/tree.h"

/* ---- <domain> ---- */

static void apply_name(struct reader *reader, const struct tag *tag)
{
	const char *name = tree_content(tag->node);
	if (!name)
		reader->no_memory = true;
	else if (strchr(name, '/') || strchr(name, '\n'))
		TELL(reader, RULE_DOMAIN_NAME, tag->offset, strchr(name, '/') ? "'/'" : "a line feed");
	else if (*name)
		reader->document->name = reader_copy(reader, name);
}

static void apply_uuid(struct reader *reader, const struct tag *tag)
{
	const char *text = tree_content(tag->node);
	struct document *document = reader->document;
	if (!text)
		reader->no_memory = true;
	else if (uuid_parse(text, &document->uuid) < 0)
		TELL(reader, RULE_DOMAIN_UUID, tag->offset, text);
	else
		document->has_uuid = true;
}

enum { MEMORY_UNIT, MEMORY_DUMP_CORE, MEMORY_ATTRIBUTES };

static const struct attribute memory_attributes[] = {
	[MEMORY_UNIT] = { .name = "unit", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[MEMORY_DUMP_CORE] = { .name = "dumpCore", .read = read_word, .words = off_on },
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
 * How many bytes UNIT has, 0 when it is none: b, byte and bytes; or one of kmgtpe, by itself or with "iB" for
 * powers of 1024, with "B" for powers of 1000. Case makes no difference.
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
	const char *text = tree_content(tag->node);
	uint64_t bytes = unit_bytes(unit->present ? unit->text : "KiB"), count = 0;
	if (!text) {
		reader->no_memory = true;
		return;
	}
	if (!bytes)
		TELL(reader, RULE_MEMORY_UNIT, unit->offset, unit->text);
	if (number_parse(text, 10, UINT64_MAX, &count) < 0)
		TELL(reader, RULE_MEMORY_NUMBER, tag->offset, text);
	else if (bytes && count > UINT64_MAX / bytes)
		TELL(reader, RULE_MEMORY_RANGE, tag->offset);
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

static const struct attribute os_boot_attributes[] = { { .name = "dev", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
						       { 0 } };

static void apply_os_boot(struct reader *reader, const struct tag *tag)
{
	const struct reading *dev = &tag->readings[0];
	struct document *document = reader->document;
	document->os_boots++;
	if (dev->present && strcmp(dev->text, "network") == 0)
		document->network_boot = document->os_boots;
}

static const struct element os_children[] = {
	{ .name = "type", .attributes = os_type_attributes, .apply = apply_os_type },
	{ .name = "boot", .many = true, .open = true, .attributes = os_boot_attributes, .apply = apply_os_boot },
	{ 0 },
};

static const struct element metadata_children[] = {
	{ .name = "vf", .ns = "urn:vfassign:1", .many = true, .read = metadata_read },
	{ 0 },
};

static const struct element metadata_row = { .name = "metadata", .open = true, .children = metadata_children };

/* What it holds is anybody's: it is only looked at where something follows from it. */
static void read_metadata(struct reader *reader, const xmlNode *node)
{
	if (reader->purpose != PURPOSE_DEFINE)
		grammar_read(reader, node, &metadata_row);
}

static const struct element domain_children[] = {
	{ .name = "name", .apply = apply_name },
	{ .name = "uuid", .apply = apply_uuid },
	{ .name = "memory", .attributes = memory_attributes, .apply = apply_memory },
	{ .name = "metadata", .read = read_metadata },
	{ .name = "os", .open = true, .children = os_children },
	{ .name = "devices", .many = true, .read = devices_read },
	{ 0 },
};

static void apply_domain(struct reader *reader, const struct tag *tag)
{
	reader->document->is_domain = true;
	metadata_check(reader);
	controllers_number(reader);
	if (reader->document->interface_count == 0 && reader->document->hostdev_count == 0 &&
	    reader->reports->errors == 0)
		TELL(reader, RULE_NO_DEVICE, tag->offset);
}

/* ---- the document ---- */

static const struct element root_rows[] = {
	{ .name = "interface", .read = device_read_interface },
	{ .name = "hostdev", .read = device_read_hostdev },
	{ .name = "domain", .open = true, .children = domain_children, .apply = apply_domain },
	{ .name = "network", .read = network_read },
	{ 0 },
};

void domain_read_root(struct reader *reader)
{
	const xmlNode *root = tree_root(reader->tree);
	const char *ns = tree_namespace(root);
	if (!grammar_read_one_of(reader, root, root_rows))
		TELL(reader, RULE_ROOT, tree_offset(root), tree_name(root), ns ? " of namespace " : "",
		     ns ? ns : "");
}
