/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What networks with a bridge of their own have, and a pool of VFs cannot have. */

#include <string.h>

#include "base/number.h"
#include "model/network.h"
#include "model/tree.h"

/* ---- <bridge>, <mtu>, addresses ---- */

enum { BRIDGE_NAME, BRIDGE_ZONE, BRIDGE_MAC_TABLE, BRIDGE_STP, BRIDGE_DELAY, BRIDGE_ATTRIBUTES };

static const struct attribute bridge_attributes[] = {
	[BRIDGE_NAME] = { .name = "name", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[BRIDGE_ZONE] = { .name = "zone", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[BRIDGE_MAC_TABLE] = { .name = "macTableManager", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[BRIDGE_STP] = { .name = "stp", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[BRIDGE_DELAY] = { .name = "delay", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[BRIDGE_ATTRIBUTES] = { 0 },
};

static void check_mac_table(struct reader *reader, const struct reading *table)
{
	const char *name = reader->network->name;
	if (strcmp(table->text, "kernel") == 0 || strcmp(table->text, "libvirt") == 0)
		TELL(reader, RULE_NETWORK_BRIDGE_MAC_TABLE, table->offset, name);
	else
		TELL(reader, RULE_NETWORK_BRIDGE_MAC_TABLE_WORD, table->offset, table->text, name);
}

static void check_delay(struct reader *reader, const struct reading *delay)
{
	const char *name = reader->network->name;
	uint64_t number;
	if (number_parse(delay->text, 10, UINT32_MAX, &number) < 0)
		TELL(reader, RULE_NETWORK_BRIDGE_DELAY, delay->offset, name);
	else if (number)
		TELL(reader, RULE_NETWORK_BRIDGE_OPTIONS, delay->offset, name);
}

static void apply_bridge(struct reader *reader, const struct tag *tag)
{
	const struct reading *readings = tag->readings;
	const char *name = reader->network->name;
	if (readings[BRIDGE_NAME].present)
		TELL(reader, RULE_NETWORK_BRIDGE_NAME, readings[BRIDGE_NAME].offset, name);
	if (readings[BRIDGE_ZONE].present)
		TELL(reader, RULE_NETWORK_BRIDGE_ZONE, readings[BRIDGE_ZONE].offset, name);
	if (readings[BRIDGE_MAC_TABLE].present)
		check_mac_table(reader, &readings[BRIDGE_MAC_TABLE]);
	if (readings[BRIDGE_STP].present)
		TELL(reader, RULE_NETWORK_BRIDGE_OPTIONS, readings[BRIDGE_STP].offset, name);
	if (readings[BRIDGE_DELAY].present)
		check_delay(reader, &readings[BRIDGE_DELAY]);
}

const struct element bridge_row = {
	.name = "bridge",
	.attributes = bridge_attributes,
	.apply = apply_bridge,
};

enum { MTU_SIZE, MTU_ATTRIBUTES };

static const struct attribute mtu_attributes[] = {
	[MTU_SIZE] = { .name = "size", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[MTU_ATTRIBUTES] = { 0 },
};

static void apply_mtu(struct reader *reader, const struct tag *tag)
{
	const struct reading *size = &tag->readings[MTU_SIZE];
	uint64_t number = 0;
	if (size->present && number_parse(size->text, 10, UINT32_MAX, &number) < 0)
		TELL(reader, RULE_NETWORK_MTU_FORM, size->offset, size->text, reader->network->name);
	else if (number)
		TELL(reader, RULE_NETWORK_MTU, size->offset, reader->network->name);
}

const struct element bridge_mtu_row = { .name = "mtu", .attributes = mtu_attributes, .apply = apply_mtu };

/* NODE asks for what a pool does not have: always (ATTRIBUTE is NULL), or if it has ATTRIBUTE. */
static void refuse(struct reader *reader, const xmlNode *node, const char *attribute)
{
	const char *value = attribute ? tree_value_of(node, attribute) : NULL;
	if (attribute && !(value && *value))
		TELL(reader, RULE_NO_EFFECT_ELEMENT, tree_offset(node), tree_name(node));
	else
		TELL(reader, RULE_NETWORK_ELEMENT, tree_offset(node), tree_name(node), reader->network->name);
}

void bridge_refuse(struct reader *reader, const xmlNode *node)
{
	refuse(reader, node, NULL);
}

void bridge_refuse_mac(struct reader *reader, const xmlNode *node)
{
	refuse(reader, node, "address");
}

void bridge_refuse_domain(struct reader *reader, const xmlNode *node)
{
	refuse(reader, node, "name");
}

void bridge_refuse_bandwidth(struct reader *reader, const xmlNode *node)
{
	if (tree_child(node, "inbound") || tree_child(node, "outbound"))
		TELL(reader, RULE_NETWORK_BANDWIDTH, tree_offset(node), reader->network->name);
}

/* ---- <dns>: nobody asks a server of this network ---- */

static const struct attribute dns_attributes[] = {
	YES_NO("enable", NUMBER(struct network, dns_enable)),
	YES_NO("forwardPlainNames", NUMBER(struct network, dns_plain_names)),
	{ 0 },
};

static void refuse_in_dns(struct reader *reader, const xmlNode *node)
{
	TELL(reader, RULE_NETWORK_ELEMENT, tree_offset(node), "dns", reader->network->name);
}

static const struct element dns_children[] = {
	{ .name = "host", .many = true, .read = refuse_in_dns },
	{ .name = "txt", .many = true, .read = refuse_in_dns },
	{ .name = "srv", .many = true, .read = refuse_in_dns },
	{ .name = "forwarder", .many = true, .read = refuse_in_dns },
	{ 0 },
};

const struct element bridge_dns_row = {
	.name = "dns",
	.attributes = dns_attributes,
	.children = dns_children,
};
