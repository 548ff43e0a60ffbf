/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* <forward> of a network: which VFs are in the pool. */

#include <string.h>

#include "base/cleanup.h"
#include "model/network.h"
#include "model/pci.h"
#include "model/tree.h"

/* ---- the mode ---- */

/* Those of libvirt that are not ours. */
static const char *const other_modes[] = { "none",    "nat",         "route", "open", "bridge",
					   "private", "passthrough", "vepa",  NULL };

enum { MODE_MODE, MODE_ATTRIBUTES };

static const struct attribute mode_attributes[] = {
	[MODE_MODE] = { .name = "mode", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[MODE_ATTRIBUTES] = { 0 },
};

static void refuse_mode(struct reader *reader, const char *mode, size_t offset)
{
	size_t i = 0;
	while (other_modes[i] && strcmp(other_modes[i], mode) != 0)
		i++;
	TELL(reader, other_modes[i] ? RULE_NETWORK_MODE : RULE_NETWORK_MODE_UNKNOWN, offset, mode);
}

static void apply_mode(struct reader *reader, const struct tag *tag)
{
	const struct reading *mode = &tag->readings[MODE_MODE];
	reader->network->is_ours = mode->present && strcmp(mode->text, "hostdev") == 0;
	if (!reader->network->is_ours) /* without a word, libvirt takes nat */
		refuse_mode(reader, mode->present ? mode->text : "nat",
			    mode->present ? mode->offset : tag->offset);
}

static const struct element mode_row = {
	.name = "forward",
	.open = true,
	.attributes = mode_attributes,
	.apply = apply_mode,
};

bool forward_is_ours(struct reader *reader, const xmlNode *node)
{
	const xmlNode *forward = tree_child(node, "forward");
	if (forward)
		grammar_read(reader, forward, &mode_row);
	else
		refuse_mode(reader, "none", tree_offset(node));
	return reader->network->is_ours;
}

/* ---- <pf> ---- */

enum { PF_DEV, PF_ATTRIBUTES };

static const struct attribute pf_attributes[] = {
	[PF_DEV] = { .name = "dev", .flags = ATTRIBUTE_APPLIED, .field = TEXT(struct network, pf) },
	[PF_ATTRIBUTES] = { 0 },
};

/* A list of addresses takes the place of the <pf>; libvirt would not even look at it. */
static void apply_pf(struct reader *reader, const struct tag *tag)
{
	struct network_draft *draft = reader->network;
	const struct reading *dev = &tag->readings[PF_DEV];
	if (draft->has_addresses)
		TELL(reader, RULE_NETWORK_PF_SKIPPED, tag->offset, draft->name);
	else if (draft->pf_count++ > 0)
		TELL(reader, RULE_NETWORK_PF_TWICE, tag->offset, draft->name);
	else if (!dev->present)
		TELL(reader, RULE_NETWORK_PF_MISSING, tag->offset, draft->name);
	else
		draft->network->pf = reader_copy(reader, dev->text);
	if (dev->present && !*dev->text)
		TELL(reader, RULE_NETWORK_PF_EMPTY, dev->offset, draft->name);
}

/* ---- <address> ---- */

/* The type is never implied. */
static bool read_type(struct reader *reader, const struct given *given, uint64_t *ret)
{
	static const char *const others[] = { "none", "netdev" };
	const char *name = reader->network->name;
	*ret = 1;
	if (strcmp(given->text, "pci") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (strcmp(given->text, others[i]) == 0) {
			TELL(reader, RULE_NETWORK_ADDRESS_TYPE, given->offset, given->text, name);
			return false;
		}
	}
	TELL(reader, RULE_NETWORK_ADDRESS_TYPE_UNKNOWN, given->offset, given->text, name);
	return false;
}

#define PART(kind, member) FIELD_BARE(kind, struct pci_address, member, PRESENT_ALWAYS)

/* libvirt counts connections, for itself. */
static const struct attribute address_attributes[] = {
	[PCI_TYPE] = { .name = "type", .read = read_type, .constant = "pci" },
	PCI_ROWS(PART),
	[PCI_MULTIFUNCTION] = { .name = "multifunction", .read = read_word, .words = off_on },
	[PCI_ATTRIBUTES] = { .name = "connections" },
	{ 0 },
};

static const struct element address_children[] = {
	{ .name = "zpci", .handling = HANDLING_IGNORED },
	{ 0 },
};

static void add_address(struct reader *reader, struct pci_address address, size_t offset)
{
	const char *name = reader_copy(reader, pci_text(address).s);
	if (name)
		listing_add(reader, &reader->network->addresses, name, offset);
}

static void apply_address(struct reader *reader, const struct tag *tag)
{
	struct pci_address *address = reader->base;
	if (!tag->readings[PCI_TYPE].given)
		TELL(reader, RULE_NETWORK_ADDRESS_TYPE_MISSING, tag->offset, reader->network->name);
	else if (pci_of(reader, tag, address))
		add_address(reader, *address, tag->offset);
}

/* ---- netdevs, which a pool of VFs cannot have ---- */

enum { NETDEV_DEV, NETDEV_ATTRIBUTES };

static const struct attribute netdev_attributes[] = {
	[NETDEV_DEV] = { .name = "dev" },
	[NETDEV_ATTRIBUTES] = { .name = "connections" },
	{ 0 },
};

static void apply_netdev(struct reader *reader, const struct tag *tag)
{
	const struct reading *dev = &tag->readings[NETDEV_DEV];
	const char *name = reader->network->name;
	if (dev->present)
		TELL(reader, RULE_NETWORK_NETDEV, tag->offset, name, dev->text);
	else
		TELL(reader, RULE_NETWORK_NETDEV_MISSING, tag->offset, name);
}

static void refuse_nat(struct reader *reader, const xmlNode *node)
{
	TELL(reader, RULE_NETWORK_NAT, tree_offset(node), reader->network->name);
}

/* ---- <forward> ---- */

enum { FORWARD_DEV, FORWARD_MODE, FORWARD_MANAGED, FORWARD_ATTRIBUTES };

static const struct attribute forward_attributes[] = {
	[FORWARD_DEV] = { .name = "dev", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[FORWARD_MODE] = { .name = "mode", .constant = "hostdev" },
	[FORWARD_MANAGED] = { .name = "managed",
			      .read = read_yes,
			      .words = no_yes,
			      .flags = ATTRIBUTE_BAD_IS_ABSENT,
			      .field = FIELD_BARE(FIELD_U8, struct network, managed, PRESENT_ALWAYS) },
	[FORWARD_ATTRIBUTES] = { 0 },
};

static const struct element forward_children[] = {
	{ .name = "driver", .row = &driver_plain_row },
	{ .name = "pf", .many = true, .attributes = pf_attributes, .apply = apply_pf },
	{ .name = "address",
	  .many = true,
	  .attributes = address_attributes,
	  .children = address_children,
	  .list = { sizeof(struct pci_address), offsetof(struct network, addresses),
		    offsetof(struct network, address_count) },
	  .apply = apply_address },
	{ .name = "interface", .many = true, .attributes = netdev_attributes, .apply = apply_netdev },
	{ .name = "nat", .many = true, .read = refuse_nat },
	{ 0 },
};

/* DEV says what the first <interface> of NODE says, and stands beside no other source. */
static void check_dev(struct reader *reader, const xmlNode *node, const struct reading *dev)
{
	const xmlNode *netdev = tree_child(node, "interface");
	const char *first = netdev ? tree_value_of(netdev, "dev") : NULL;
	const char *name = reader->network->name;
	if (tree_child(node, "address") || tree_child(node, "pf"))
		TELL(reader, RULE_NETWORK_DEV, dev->offset, name);
	else if (first && strcmp(first, dev->text) != 0)
		TELL(reader, RULE_NETWORK_DEV_FIRST, dev->offset, dev->text, first, name);
	else if (!netdev)
		TELL(reader, RULE_NETWORK_NETDEV, dev->offset, name, dev->text);
}

static void apply_forward(struct reader *reader, const struct tag *tag)
{
	struct network_draft *draft = reader->network;
	const struct reading *dev = &tag->readings[FORWARD_DEV];
	if (dev->present)
		check_dev(reader, tag->node, dev);
	else if (!draft->has_addresses && draft->pf_count == 0 && !tree_child(tag->node, "interface"))
		TELL(reader, RULE_NETWORK_POOL_EMPTY, tag->offset, draft->name);
	listing_keep_repeated(&draft->addresses);
	for (size_t i = 0; i < draft->addresses.count; i++)
		TELL(reader, RULE_NETWORK_ADDRESS_TWICE, draft->addresses.items[i].offset,
		     draft->addresses.items[i].name, draft->name);
}

const struct element forward_row = {
	.name = "forward",
	.attributes = forward_attributes,
	.children = forward_children,
	.apply = apply_forward,
};
