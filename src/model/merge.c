/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/merge.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* ---- what one of the three has, the first counts ---- */

static struct number first_of(struct number a, struct number b)
{
	return a.present ? a : b;
}

static bool has_bandwidth(const struct interface *port)
{
	static const struct rates none;
	return memcmp(&port->inbound, &none, sizeof(none)) != 0 ||
	       memcmp(&port->outbound, &none, sizeof(none)) != 0;
}

/* A network itself has no bandwidth for a single interface. */
static void choose_bandwidth(const struct merge *merge, struct merged *ret)
{
	const struct interface *port = merge->interface;
	if (!has_bandwidth(port) && merge->group)
		port = &merge->group->port;
	if (!has_bandwidth(port))
		return;
	ret->inbound = &port->inbound;
	ret->outbound = &port->outbound;
}

static void choose_vlan(const struct merge *merge, struct merged *ret)
{
	const struct interface *ports[] = {
		merge->interface,
		merge->group ? &merge->group->port : merge->interface,
		&merge->network->port,
	};
	for (size_t i = 0; i < ARRAY_SIZE(ports) && !ret->vlan; i++)
		if (ports[i]->vlan.count)
			ret->vlan = &ports[i]->vlan;
}

static void choose_flags(const struct merge *merge, struct merged *ret)
{
	const struct interface *interface = merge->interface, *network = &merge->network->port;
	ret->trust_filters = interface->trust_filters;
	if (merge->group)
		ret->trust_filters = first_of(ret->trust_filters, merge->group->port.trust_filters);
	ret->trust_filters = first_of(ret->trust_filters, network->trust_filters);
	ret->isolated = first_of(interface->isolated, network->isolated);
}

/* ---- <virtualport> ---- */

enum port_type { PORT_NONE, PORT_8021QBG, PORT_8021QBH, PORT_OPENVSWITCH, PORT_MIDONET };

static const char *const port_types[] = {
	[PORT_NONE] = "",
	[PORT_8021QBG] = "802.1Qbg",
	[PORT_8021QBH] = "802.1Qbh",
	[PORT_OPENVSWITCH] = "openvswitch",
	[PORT_MIDONET] = "midonet",
};

#define IN(type) (1u << PORT_##type)

/* The parameters, and the types of the merged port with which they are taken from another one. */
static const struct {
	const char *name;
	struct field field;
	unsigned types;
} parameters[] = {
	{ "managerid", NUMBER(struct port_profile, manager_id), IN(NONE) | IN(8021QBG) },
	{ "typeid", NUMBER(struct port_profile, type_id), IN(NONE) | IN(8021QBG) },
	{ "typeidversion", NUMBER(struct port_profile, type_version), IN(NONE) | IN(8021QBG) },
	{ "instanceid", FIELD_WITH(FIELD_UUID, struct port_profile, instance_id.uuid, instance_id.present),
	  IN(NONE) | IN(8021QBG) },
	{ "interfaceid", FIELD_WITH(FIELD_UUID, struct port_profile, interface_id.uuid, interface_id.present),
	  IN(NONE) | IN(OPENVSWITCH) },
	{ "profileid", TEXT(struct port_profile, profile_id), IN(NONE) | IN(8021QBH) | IN(OPENVSWITCH) },
};

static unsigned type_bit(const char *type)
{
	unsigned bit = 1;
	for (size_t i = 0; i < ARRAY_SIZE(port_types); i++, bit <<= 1)
		if (strcmp(port_types[i], type ? type : "") == 0)
			return bit;
	return 0;
}

/* One merge under way. */
struct merging {
	struct merged *merged;
	const char *where;
	struct reports *reports;
	bool no_memory;
	bool mismatched;
};

static void tell_mismatch(struct merging *merging, enum rule rule, const char *const args[])
{
	const struct rule_row *row = rule_row(rule);
	cleanup_free char *text = rule_text(rule, args);
	merging->mismatched = true;
	if (text)
		report_error(merging->reports, row->class, merging->where, "%s", text)->rule = row->id;
	else
		merging->no_memory = true;
}

static void merge_parameter(struct merging *merging, const struct port_profile *other, size_t index)
{
	struct port_profile *profile = &merging->merged->profile;
	struct field field = parameters[index].field;
	struct field_text room[2];
	if (!field_is_present(field, other))
		return;
	const char *theirs = field_text(field, STYLE_DECIMAL, other, &room[1]);
	if (!field_is_present(field, profile)) {
		(void)field_set(field, profile, field_number(field, other), theirs);
		return;
	}
	const char *ours = field_text(field, STYLE_DECIMAL, profile, &room[0]);
	if (strcmp(ours, theirs) != 0)
		tell_mismatch(merging, field.kind == FIELD_U64 ? RULE_MERGE_NUMBER : RULE_MERGE_TEXT,
			      (const char *const[]){ parameters[index].name, ours, theirs, NULL });
}

/* Takes from PORT what the merged virtual port lacks. */
static void merge_port(struct merging *merging, const struct interface *port)
{
	struct merged *merged = merging->merged;
	if (!merged->virtualport)
		merged->virtualport = port->virtualport;
	else if (port->virtualport && strcmp(merged->virtualport, port->virtualport) != 0)
		tell_mismatch(merging, RULE_MERGE_TYPE,
			      (const char *const[]){ merged->virtualport, port->virtualport, NULL });
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		if (parameters[i].types & type_bit(merged->virtualport))
			merge_parameter(merging, &port->profile, i);
}

/* Parameters without a type, wherever they stand, are not worth a merge. */
static void merge_virtualport(struct merging *merging, const struct merge *merge)
{
	const struct interface *network = &merge->network->port;
	const struct interface *group = merge->group ? &merge->group->port : NULL;
	merging->merged->virtualport = merge->interface->virtualport;
	merging->merged->profile = merge->interface->profile;
	if (!merge->interface->virtualport && !network->virtualport && !(group && group->virtualport))
		return;
	merge_port(merging, network);
	if (group)
		merge_port(merging, group);
}

int merge_settings(const struct merge *merge, struct merged *ret, struct reports *reports)
{
	struct merged merged = { 0 };
	struct merging merging = { .merged = &merged, .where = merge->where, .reports = reports };
	choose_bandwidth(merge, &merged);
	choose_vlan(merge, &merged);
	choose_flags(merge, &merged);
	merge_virtualport(&merging, merge);
	if (merging.no_memory) {
		report_error(reports, REPORT_HOST, merge->where, "not enough memory to merge virtual ports");
		return -ENOMEM;
	}
	if (merging.mismatched)
		return -EINVAL;
	*ret = merged;
	return 0;
}
