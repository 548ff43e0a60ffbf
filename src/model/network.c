/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/network.h"

#include <assert.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/domain.h"
#include "model/tree.h"

/* ---- what it is called ---- */

static bool read_name_text(struct reader *reader, const struct given *given, uint64_t *ret)
{
	*ret = 1;
	if (strchr(given->text, '/'))
		TELL(reader, RULE_NETWORK_NAME_CHAR, given->offset, "/");
	else if (strchr(given->text, '\n'))
		TELL(reader, RULE_NETWORK_NAME_CHAR, given->offset, "a line feed");
	else
		return true;
	return false;
}

/* Of what is empty, libvirt keeps nothing. */
static bool read_uuid(struct reader *reader, const struct given *given, uint64_t *ret)
{
	struct uuid uuid;
	*ret = 1;
	if (!*given->text)
		return false;
	if (uuid_parse(given->text, &uuid) == 0)
		return true;
	TELL(reader, RULE_DOMAIN_UUID, given->offset, given->text);
	return false;
}

static bool read_title(struct reader *reader, const struct given *given, uint64_t *ret)
{
	*ret = 1;
	if (!strchr(given->text, '\n'))
		return *given->text;
	TELL(reader, RULE_NETWORK_TITLE, given->offset);
	return false;
}

static bool read_description(struct reader *reader, const struct given *given, uint64_t *ret)
{
	(void)reader;
	*ret = 1;
	return *given->text;
}

#define CONTENT(name_, read_, ...) \
	static const struct attribute name_##_content = { .name = #name_, .read = (read_), .field = __VA_ARGS__ }

CONTENT(name, read_name_text, TEXT(struct network, name));
CONTENT(uuid, read_uuid, FIELD_WITH(FIELD_UUID, struct network, uuid, has_uuid));
CONTENT(title, read_title, TEXT(struct network, title));
CONTENT(description, read_description, TEXT(struct network, description));

/* ---- <vlan>, <port> and <virtualport> ---- */

enum { PORT_ISOLATED, PORT_ATTRIBUTES };

static const struct attribute port_attributes[] = {
	[PORT_ISOLATED] = YES_NO("isolated", NUMBER(struct interface, isolated)),
	[PORT_ATTRIBUTES] = { 0 },
};

static void apply_port(struct reader *reader, const struct tag *tag)
{
	const struct reading *isolated = &tag->readings[PORT_ISOLATED];
	if (isolated->present && isolated->number)
		TELL(reader, RULE_NETWORK_ISOLATED, isolated->offset);
}

/* Reads NODE by ROW into DRAFT, as if it stood in an interface. */
static void read_draft(struct reader *reader, struct draft *draft, const xmlNode *node,
		       const struct element *row)
{
	void *base = reader->base;
	reader->draft = draft;
	reader->base = &draft->interface;
	grammar_read(reader, node, row);
	reader->base = base;
	reader->draft = NULL;
}

void port_read_vlan(struct reader *reader, const xmlNode *node)
{
	struct interface *port = reader->base;
	struct draft draft = { 0 };
	read_draft(reader, &draft, node, &vlan_row);
	port->vlan = draft.interface.vlan;
}

void port_read_virtualport(struct reader *reader, const xmlNode *node, enum port_use use)
{
	struct interface *port = reader->base;
	struct draft draft = { .port_use = use };
	read_draft(reader, &draft, node, &virtualport_row);
	port->virtualport = draft.interface.virtualport;
	port->profile = draft.interface.profile;
}

static void read_virtualport(struct reader *reader, const xmlNode *node)
{
	port_read_virtualport(reader, node, PORT_USE_TYPED);
}

void network_check_port_type(struct reader *reader, const xmlNode *node, const struct interface *port)
{
	const char *type = port->virtualport;
	if (type && strcmp(type, "802.1Qbg") != 0 && strcmp(type, "802.1Qbh") != 0)
		TELL(reader, RULE_NETWORK_VIRTUALPORT, tree_offset(tree_child(node, "virtualport")), type,
		     reader->network->name);
}

/* ---- <network> ---- */

/* Only "yes" makes a difference. */
static bool read_ipv6(struct reader *reader, const struct given *given, uint64_t *ret)
{
	*ret = strcmp(given->text, "yes") == 0;
	if (*ret || strcmp(given->text, "no") == 0)
		return true;
	TELL(reader, RULE_NETWORK_IPV6, given->offset, given->text, reader->network->name);
	return false;
}

static const struct attribute network_attributes[] = {
	{ .name = "connections" }, /* libvirt counts them for itself */
	{ .name = "ipv6",
	  .read = read_ipv6,
	  .words = no_yes,
	  .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
	  .field = FIELD_BARE(FIELD_U8, struct network, ipv6, PRESENT_BY_VALUE) },
	{ .name = "trustGuestRxFilters",
	  .read = read_word,
	  .words = no_yes,
	  .handling = HANDLING_NO_EFFECT,
	  .field = NUMBER(struct interface, trust_filters) },
	{ 0 },
};

/* In the order in which they are written. */
static const struct element network_children[] = {
	{ .name = "name", .content = &name_content },
	{ .name = "uuid", .content = &uuid_content },
	{ .name = "title", .content = &title_content },
	{ .name = "description", .content = &description_content },
	{ .name = "metadata", .read = network_metadata_read, .whole = TEXT(struct network, metadata) },
	{ .name = "forward", .row = &forward_row },
	{ .name = "bridge", .row = &bridge_row },
	{ .name = "mtu", .row = &bridge_mtu_row },
	{ .name = "mac", .read = bridge_refuse_mac },
	{ .name = "domain", .read = bridge_refuse_domain },
	{ .name = "dns", .handling = HANDLING_NO_EFFECT, .row = &bridge_dns_row },
	{ .name = "vlan", .row = &vlan_row, .read = port_read_vlan },
	{ .name = "bandwidth", .read = bridge_refuse_bandwidth },
	{ .name = "port", .attributes = port_attributes, .apply = apply_port },
	{ .name = "ip", .many = true, .read = bridge_refuse },
	{ .name = "route", .many = true, .read = bridge_refuse },
	{ .name = "virtualport", .row = &virtualport_row, .read = read_virtualport },
	{ .name = "portgroup",
	  .many = true,
	  .row = &portgroup_row,
	  .list = { sizeof(struct portgroup), offsetof(struct network, portgroups),
		    offsetof(struct network, portgroup_count) } },
	{ 0 },
};

static_assert(ARRAY_SIZE(network_children) <= CHILDREN_MAX, "each row has a bit");

static void apply_network(struct reader *reader, const struct tag *tag)
{
	struct network_draft *draft = reader->network;
	const xmlNode *vlan = tree_child(tag->node, "vlan"), *name = tree_child(tag->node, "name");
	if (!draft->has_name)
		TELL(reader, RULE_NETWORK_NAME_MISSING, name ? tree_offset(name) : tag->offset);
	if (vlan && *draft->port_type)
		TELL(reader, RULE_VLAN_VIRTUALPORT, tree_offset(vlan), draft->port_type);
	network_check_port_type(reader, tag->node, &draft->network->port);
	listing_keep_repeated(&draft->groups);
	for (size_t i = 0; i < draft->groups.count; i++)
		TELL(reader, RULE_NETWORK_GROUP_TWICE, draft->groups.items[i].offset,
		     draft->groups.items[i].name, draft->name);
}

const struct element network_row = {
	.name = "network",
	.attributes = network_attributes,
	.children = network_children,
	.apply = apply_network,
};

/* Reads NODE with DRAFT. */
static void read_network(struct reader *reader, struct network_draft *draft, const xmlNode *node)
{
	reader->network = draft;
	if (forward_is_ours(reader, node)) {
		draft->network = reader->document->network = reader_alloc(reader, sizeof(*draft->network));
		reader->base = draft->network;
		if (draft->network)
			grammar_read(reader, node, &network_row);
	}
	reader->base = reader->network = NULL;
}

void network_read(struct reader *reader, const xmlNode *node)
{
	const xmlNode *name_node = tree_child(node, "name"), *port = tree_child(node, "virtualport");
	const char *name = name_node ? tree_content(name_node) : NULL;
	const char *type = port ? tree_value_of(port, "type") : NULL;
	struct network_draft draft = {
		.has_name = name && *name,
		.name = name && *name ? name : "(unnamed)",
		.port_type = type ? type : "",
		.has_vlan = tree_child(node, "vlan"),
		.has_addresses = tree_child(tree_child(node, "forward"), "address"),
	};
	TELL(reader, RULE_NETWORK, tree_offset(node));
	if (reader->purpose != PURPOSE_ACT)
		read_network(reader, &draft, node);
}

const struct portgroup *network_portgroup(const struct network *network, const char *name)
{
	for (size_t i = 0; i < network->portgroup_count; i++) {
		const struct portgroup *group = &network->portgroups[i];
		if (name ? strcmp(group->name, name) == 0 : group->is_default)
			return group;
	}
	return NULL;
}
