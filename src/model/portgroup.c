/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* <portgroup> of a network: what interfaces get that name it. */

#include "model/network.h"
#include "model/tree.h"

enum { GROUP_NAME, GROUP_DEFAULT, GROUP_TRUST_FILTERS, GROUP_ATTRIBUTES };

static const struct attribute group_attributes[] = {
	[GROUP_NAME] = { .name = "name",
			 .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
			 .field = TEXT(struct portgroup, name) },
	[GROUP_DEFAULT] = { .name = "default",
			    .read = read_yes,
			    .words = no_yes,
			    .flags = ATTRIBUTE_BAD_IS_ABSENT,
			    .field = FIELD_BARE(FIELD_U8, struct portgroup, is_default, PRESENT_BY_VALUE) },
	[GROUP_TRUST_FILTERS] = { .name = "trustGuestRxFilters",
				  .read = read_word,
				  .words = no_yes,
				  .handling = HANDLING_NO_EFFECT,
				  .field = NUMBER(struct interface, trust_filters) },
	[GROUP_ATTRIBUTES] = { 0 },
};

/* Without a limit in it, there is none. */
static void refuse_bandwidth(struct reader *reader, const xmlNode *node)
{
	const struct portgroup *group = reader->base;
	if (tree_child(node, "inbound") || tree_child(node, "outbound"))
		TELL(reader, RULE_NETWORK_GROUP_BANDWIDTH, tree_offset(node), reader->network->name,
		     group->name ? group->name : "");
}

static void read_virtualport(struct reader *reader, const xmlNode *node)
{
	port_read_virtualport(reader, node, PORT_USE_LOOSE);
}

static const struct element group_children[] = {
	{ .name = "vlan", .row = &vlan_row, .read = port_read_vlan },
	{ .name = "virtualport", .row = &virtualport_row, .read = read_virtualport },
	{ .name = "bandwidth", .read = refuse_bandwidth },
	{ 0 },
};

/*
 * A VF has a VLAN or a virtual port. Each may come from the group or from the network: what the group has
 * for itself libvirt looks at when it defines the network.
 */
static void check_vlan(struct reader *reader, const struct tag *tag)
{
	const struct network_draft *draft = reader->network;
	const xmlNode *vlan = tree_child(tag->node, "vlan"), *port = tree_child(tag->node, "virtualport");
	if (port && (vlan || draft->has_vlan))
		TELL(reader, RULE_NETWORK_GROUP_VLAN, tree_offset(vlan ? vlan : port), draft->name);
	else if (vlan && *draft->port_type)
		TELL(reader, RULE_VLAN_VIRTUALPORT, tree_offset(vlan), draft->port_type);
}

static void check_default(struct reader *reader, const struct tag *tag, const char *name)
{
	struct network_draft *draft = reader->network;
	const struct reading *is_default = &tag->readings[GROUP_DEFAULT];
	if (!is_default->present || !is_default->number)
		return;
	if (draft->default_group)
		TELL(reader, RULE_NETWORK_GROUP_DEFAULT_TWICE, is_default->offset, draft->name,
		     draft->default_group, name);
	else
		draft->default_group = name;
}

static void apply_group(struct reader *reader, const struct tag *tag)
{
	const struct portgroup *group = reader->base;
	const struct reading *name = &tag->readings[GROUP_NAME];
	if (name->present)
		listing_add(reader, &reader->network->groups, name->text, tag->offset);
	else
		TELL(reader, RULE_NETWORK_GROUP_NAME, tag->offset);
	check_default(reader, tag, group->name ? group->name : "");
	check_vlan(reader, tag);
	network_check_port_type(reader, tag->node, &group->port);
}

const struct element portgroup_row = {
	.name = "portgroup",
	.paired = true,
	.attributes = group_attributes,
	.children = group_children,
	.apply = apply_group,
};
