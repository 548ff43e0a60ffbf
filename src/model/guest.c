/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the guest sees the device: <boot>, <alias>, <rom>, <acpi>. */

#include <ctype.h>
#include <string.h>

#include "model/claims.h"
#include "model/interface.h"
#include "model/tree.h"

/* ---- <boot> ---- */

enum { BOOT_ORDER, BOOT_LOADPARM, BOOT_ATTRIBUTES };

#define LOADPARM_MAX 8

/* What an s390 guest is booted with, in capitals. */
static bool read_loadparm(struct reader *reader, const struct given *given, uint64_t *ret)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789. ";
	size_t length = strlen(given->text);
	*ret = 1;
	if (length < 1 || length > LOADPARM_MAX)
		TELL(reader, RULE_LOADPARM_LENGTH, given->offset, given->text);
	else if (given->text[strspn(given->text, allowed)])
		TELL(reader, RULE_LOADPARM_FORM, given->offset, given->text);
	else
		return true;
	return false;
}

static const struct attribute boot_attributes[] = {
	[BOOT_ORDER] = { .name = "order",
			 .read = read_decimal,
			 .flags = ATTRIBUTE_REQUIRED | ATTRIBUTE_NOT_ZERO,
			 .field = FIELD_BARE(FIELD_U32, struct interface, boot_order, PRESENT_BY_VALUE) },
	[BOOT_LOADPARM] = { .name = "loadparm",
			    .read = read_loadparm,
			    .flags = ATTRIBUTE_APPLIED,
			    .handling = HANDLING_NO_EFFECT,
			    .field = TEXT(struct interface, loadparm) },
	[BOOT_ATTRIBUTES] = { 0 },
};

static void apply_boot(struct reader *reader, const struct tag *tag)
{
	const struct reading *order = &tag->readings[BOOT_ORDER];
	char *loadparm = reader_copy(reader, tag->readings[BOOT_LOADPARM].text);
	for (char *p = loadparm; p && *p; p++)
		*p = (char)toupper((unsigned char)*p);
	reader->draft->interface.loadparm = loadparm;
	if (order->present)
		claims_add(reader, (struct claim){ .kind = CLAIM_BOOT_ORDER,
						   .key = order->number,
						   .offset = order->offset,
						   .ours = true });
}

const struct element boot_row = { .name = "boot", .attributes = boot_attributes, .apply = apply_boot };

/* ---- <rom> ---- */

enum { ROM_ENABLED, ROM_BAR, ROM_FILE, ROM_ATTRIBUTES };

static const struct attribute rom_attributes[] = {
	[ROM_ENABLED] = YES_NO("enabled", FIELD_WITH(FIELD_U8, struct interface, rom.enabled, rom.has_enabled)),
	[ROM_BAR] = ON_OFF("bar", FIELD_WITH(FIELD_U8, struct interface, rom.bar, rom.has_bar)),
	[ROM_FILE] = { .name = "file", .field = TEXT(struct interface, rom.file) },
	[ROM_ATTRIBUTES] = { 0 },
};

static void apply_rom(struct reader *reader, const struct tag *tag)
{
	const struct rom *rom = &reader->draft->interface.rom;
	bool tuned = rom->has_bar || rom->file;
	if (rom->has_enabled || tuned)
		reader->draft->rom_offset = tag->offset;
	if (rom->has_enabled && !rom->enabled && tuned)
		TELL(reader, RULE_ROM_TUNING, tag->offset);
}

const struct element rom_row = { .name = "rom", .attributes = rom_attributes, .apply = apply_rom };

/* ---- <acpi> ---- */

static const struct attribute acpi_attributes[] = {
	{ .name = "index",
	  .read = read_decimal,
	  .flags = ATTRIBUTE_NOT_ZERO,
	  .field = FIELD_BARE(FIELD_U32, struct interface, acpi_index, PRESENT_BY_VALUE) },
	{ 0 },
};

static void apply_acpi(struct reader *reader, const struct tag *tag)
{
	if (tag->readings[0].present)
		reader->draft->acpi_offset = tag->offset;
}

const struct element acpi_row = { .name = "acpi", .attributes = acpi_attributes, .apply = apply_acpi };

/* ---- <alias> ---- */

static const struct attribute alias_attributes[] = {
	{ .name = "name",
	  .flags = ATTRIBUTE_EMPTY_IS_ABSENT | ATTRIBUTE_APPLIED,
	  .field = TEXT(struct interface, alias) },
	{ 0 },
};

/*
 * libvirt names its own devices in the XML of running guests: such a name is dropped, and another one is
 * made.
 */
static bool is_of_user(const char *alias)
{
	return strncmp(alias, "ua-", 3) == 0 && reader_is_name(alias);
}

const char *alias_of(const xmlNode *node)
{
	const xmlNode *alias = tree_child(node, "alias");
	const char *name = alias ? tree_value_of(alias, "name") : NULL;
	return name && is_of_user(name) ? name : NULL;
}

static void apply_alias(struct reader *reader, const struct tag *tag)
{
	const struct reading *name = &tag->readings[0];
	if (!name->present)
		return;
	if (!is_of_user(name->text)) {
		TELL(reader, RULE_ALIAS_DROPPED, name->offset, name->text);
		return;
	}
	reader->draft->interface.alias = reader_copy(reader, name->text);
	claims_add(reader,
		   (struct claim){
			   .kind = CLAIM_ALIAS, .name = name->text, .offset = name->offset, .ours = true });
}

const struct element alias_row = { .name = "alias", .attributes = alias_attributes, .apply = apply_alias };
