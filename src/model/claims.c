/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/claims.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/document.h"
#include "model/tree.h"

static char *pci_name(const struct claim *claim)
{
	struct pci_address address = { (uint32_t)(claim->key >> 16), (uint8_t)(claim->key >> 8),
				       claim->key >> 3 & PCI_SLOT_MAX, claim->key & PCI_FUNCTION_MAX };
	return strdup(pci_text(address).s);
}

static char *usb_address_name(const struct claim *claim)
{
	char *name = NULL;
	unsigned bus = (unsigned)(claim->key >> 32), device = (unsigned)claim->key;
	return asprintf(&name, "USB bus %u device %u", bus, device) < 0 ? NULL : name;
}

static char *usb_id_name(const struct claim *claim)
{
	char *name = NULL;
	unsigned vendor = (unsigned)(claim->key >> 32), product = (unsigned)claim->key;
	return asprintf(&name, "USB %04x:%04x", vendor, product) < 0 ? NULL : name;
}

static char *number_name(const struct claim *claim)
{
	char *name = NULL;
	return asprintf(&name, "%u", (unsigned)claim->key) < 0 ? NULL : name;
}

static char *alias_name(const struct claim *claim)
{
	return strdup(claim->name);
}

static char *port_name(const struct claim *claim)
{
	char *name = NULL;
	return asprintf(&name, "bus %u port %s", (unsigned)claim->key, claim->name) < 0 ? NULL : name;
}

static char *no_name(const struct claim *claim)
{
	return strdup("");
}

/* What is said when a thing is claimed twice, about the name of the thing. */
static const struct {
	enum rule rule;
	char *(*name)(const struct claim *claim);
} kinds[] = {
	[CLAIM_HOST_PCI] = { RULE_HOST_DEVICE_TWICE, pci_name },
	[CLAIM_HOST_USB] = { RULE_HOST_DEVICE_TWICE, usb_address_name },
	[CLAIM_HOST_USB_ID] = { RULE_HOST_DEVICE_TWICE, usb_id_name },
	[CLAIM_GUEST_PCI] = { RULE_GUEST_ADDRESS_TWICE, pci_name },
	[CLAIM_GUEST_USB] = { RULE_USB_PORT_TWICE, port_name },
	[CLAIM_BOOT_ORDER] = { RULE_BOOT_ORDER_TWICE, number_name },
	[CLAIM_ALIAS] = { RULE_ALIAS_TWICE, alias_name },
	[CLAIM_RAMFB] = { RULE_RAMFB_TWICE, no_name },
	[CLAIM_DISPLAY] = { RULE_DISPLAY_GRAPHICS, no_name },
};

static_assert(ARRAY_SIZE(kinds) == CLAIM_KIND_COUNT, "each kind of claim has a row");

uint64_t claims_pci_key(struct pci_address address)
{
	return (uint64_t)address.domain << 16 | (uint64_t)address.bus << 8 | (uint64_t)address.slot << 3 |
	       address.function;
}

void claims_add(struct reader *reader, struct claim claim)
{
	struct claims *claims = reader->claims;
	struct claim *items = reader_grow(reader, claims->items, claims->count, sizeof(*items));
	if (!items)
		return;
	claims->items = items;
	claim.name = claim.name ? claim.name : "";
	items[claims->count++] = claim;
}

/* Attribute NAME of NODE as a number of at most MAX, 0 when it is absent; false when it is something else. */
static bool number_of(const xmlNode *node, const char *name, uint64_t max, uint64_t *ret)
{
	const char *text = tree_value_of(node, name);
	*ret = 0;
	return !text || number_parse(text, 0, max, ret) == 0;
}

/* Remembers the PCI address that NODE gives for something of KIND. */
static void add_other_pci(struct reader *reader, const xmlNode *node, enum claim_kind kind)
{
	uint64_t domain, bus, slot, function;
	if (!number_of(node, "domain", UINT32_MAX, &domain) || !number_of(node, "bus", PCI_BUS_MAX, &bus) ||
	    !number_of(node, "slot", PCI_SLOT_MAX, &slot) ||
	    !number_of(node, "function", PCI_FUNCTION_MAX, &function))
		return;
	struct pci_address address = { (uint32_t)domain, (uint8_t)bus, (uint8_t)slot, (uint8_t)function };
	/* A guest address of zeros asks for any free one. */
	if (kind == CLAIM_GUEST_PCI && !domain && !bus && !slot)
		return;
	claims_add(reader,
		   (struct claim){ .kind = kind, .key = claims_pci_key(address), .offset = tree_offset(node) });
}

static bool attribute_is(const xmlNode *node, const char *name, const char *value)
{
	const char *text = node ? tree_value_of(node, name) : NULL;
	return text && strcmp(text, value) == 0;
}

void claims_add_other(struct reader *reader, const xmlNode *node)
{
	const xmlNode *address = tree_child(node, "address");
	const xmlNode *boot = tree_child(node, "boot");
	const xmlNode *alias = tree_child(node, "alias");
	const xmlNode *host = tree_child(tree_child(node, "source"), "address");
	if (attribute_is(address, "type", "pci"))
		add_other_pci(reader, address, CLAIM_GUEST_PCI);
	if (host && strcmp(tree_name(node), "hostdev") == 0 && attribute_is(node, "type", "pci"))
		add_other_pci(reader, host, CLAIM_HOST_PCI);
	uint64_t order;
	if (boot && number_of(boot, "order", UINT32_MAX, &order) && order)
		claims_add(reader, (struct claim){ .kind = CLAIM_BOOT_ORDER,
						   .key = order,
						   .offset = tree_offset(boot) });
	const char *name = alias ? tree_value_of(alias, "name") : NULL;
	if (name && strncmp(name, "ua-", 3) == 0)
		claims_add(reader,
			   (struct claim){ .kind = CLAIM_ALIAS, .name = name, .offset = tree_offset(alias) });
}

static bool same_thing(const struct claim *a, const struct claim *b)
{
	return a->kind == b->kind && a->key == b->key && strcmp(a->name, b->name) == 0;
}

/* Orders claims of the same thing next to each other, in the order in which they stand in the document. */
static int compare_things(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	int names = strcmp(a->name, b->name);
	if (names == 0 && a->late != b->late)
		return a->late ? 1 : -1;
	return names ? names : (a->offset > b->offset) - (a->offset < b->offset);
}

/* A claim that cannot be met, and the earlier one that it disagrees with. */
struct conflict {
	const struct claim *claim;
	const struct claim *earlier;
};

static int compare_offsets(const void *left, const void *right)
{
	const struct conflict *a = left, *b = right;
	return (a->claim->offset > b->claim->offset) - (a->claim->offset < b->claim->offset);
}

static void report_conflict(struct reader *reader, const struct conflict *conflict)
{
	const struct claim *claim = conflict->claim;
	cleanup_free char *name = kinds[claim->kind].name(claim);
	struct report *report = TELL(reader, kinds[claim->kind].rule, claim->offset, name ? name : "");
	report_hint(report, "line %u has it already",
		    tree_position(reader->tree, conflict->earlier->offset).line);
}

/*
 * Collects the conflicts of sorted CLAIMS. A claim disagrees with the first of ours on the same thing, and
 * one of ours with the first of anybody.
 */
static size_t find_conflicts(const struct claims *claims, struct conflict *conflicts)
{
	size_t count = 0;
	const struct claim *first = NULL, *first_ours = NULL;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->items[i];
		if (i == 0 || !same_thing(claim, &claims->items[i - 1]))
			first = first_ours = NULL;
		const struct claim *earlier = claim->ours ? first : first_ours;
		if (earlier && claim->kind != CLAIM_DISPLAY)
			conflicts[count++] = (struct conflict){ claim, earlier };
		if (claim->yields)
			continue;
		first = first ? first : claim;
		if (claim->ours && !first_ours)
			first_ours = claim;
	}
	return count;
}

/* Tells RULE of each device of ours that claims something of KIND. */
static void tell_each(struct reader *reader, enum claim_kind kind, enum rule rule)
{
	const struct claims *claims = reader->claims;
	for (size_t i = 0; i < claims->count; i++)
		if (claims->items[i].kind == kind && claims->items[i].ours)
			TELL(reader, rule, claims->items[i].offset);
}

void claims_check(struct reader *reader)
{
	struct claims *claims = reader->claims;
	if (reader->document->os_boots)
		tell_each(reader, CLAIM_BOOT_ORDER, RULE_BOOT_ORDER_OS);
	if (reader->document->is_domain && !claims->has_graphics)
		tell_each(reader, CLAIM_DISPLAY, RULE_DISPLAY_GRAPHICS);
	cleanup_free struct conflict *conflicts = calloc(claims->count + 1, sizeof(*conflicts));
	if (!conflicts) {
		reader->no_memory = true;
		return;
	}
	if (claims->count > 0)
		qsort(claims->items, claims->count, sizeof(*claims->items), compare_things);
	size_t count = find_conflicts(claims, conflicts);
	qsort(conflicts, count, sizeof(*conflicts), compare_offsets);
	for (size_t i = 0; i < count; i++)
		report_conflict(reader, &conflicts[i]);
}
