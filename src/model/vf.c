/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * <vf xmlns='urn:vfassign:1'>: the settings of a VF that libvirt has no word for; in an interface, or in the
 * metadata of a domain, where libvirt keeps it.
 */

#include <string.h>

#include "model/document.h"
#include "model/domain.h"
#include "model/interface.h"
#include "model/tree.h"

enum {
	VF_SPOOFCHK,
	VF_TRUST,
	VF_LINK_STATE,
	VF_MIN_TX_RATE,
	VF_MAX_TX_RATE,
	VF_VLAN_QOS,
	VF_VLAN_PROTO,
	VF_QUERY_RSS,
	VF_SETTINGS,
	VF_ALIAS = VF_SETTINGS, /* in metadata */
	VF_MAC,
	VF_METADATA_ATTRIBUTES
};

static const char *const link_states[] = { "auto", "enable", "disable", NULL };
static const char *const vlan_protos[] = { "802.1Q", "802.1ad", NULL };

#define NUMBER_ROW(name_, max_, ...) \
	{ \
		.name = (name_), .read = read_decimal, .max = (max_), .field = __VA_ARGS__ \
	}
#define WORD_ROW(name_, words_, ...) \
	{ \
		.name = (name_), .read = read_word, .words = (words_), .field = __VA_ARGS__ \
	}

/* NOLINTBEGIN(bugprone-macro-parentheses): members of structs cannot stand in parentheses */

/* The settings, in MEMBER of struct TYPE. */
#define SETTING_ROWS(type, member) \
	[VF_SPOOFCHK] = ON_OFF("spoofchk", NUMBER(type, member.spoofchk)), \
	[VF_TRUST] = ON_OFF("trust", NUMBER(type, member.trust)), \
	[VF_LINK_STATE] = WORD_ROW("linkState", link_states, NUMBER(type, member.link_state)), \
	[VF_MIN_TX_RATE] = NUMBER_ROW("minTxRate", UINT32_MAX, NUMBER(type, member.min_tx_rate)), \
	[VF_MAX_TX_RATE] = NUMBER_ROW("maxTxRate", UINT32_MAX, NUMBER(type, member.max_tx_rate)), \
	[VF_VLAN_QOS] = NUMBER_ROW("vlanQos", VLAN_QOS_MAX, NUMBER(type, member.vlan_qos)), \
	[VF_VLAN_PROTO] = WORD_ROW("vlanProto", vlan_protos, NUMBER(type, member.vlan_proto)), \
	[VF_QUERY_RSS] = ON_OFF("queryRss", NUMBER(type, member.query_rss))

/* NOLINTEND(bugprone-macro-parentheses) */

static const struct attribute vf_attributes[] = { SETTING_ROWS(struct interface, vf), [VF_SETTINGS] = { 0 } };

static const struct attribute metadata_attributes[] = {
	SETTING_ROWS(struct document_vf, settings),
	[VF_ALIAS] = { .name = "alias",
		       .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
		       .field = TEXT(struct document_vf, alias) },
	[VF_MAC] = { .name = "mac", .flags = ATTRIBUTE_EMPTY_IS_ABSENT, .field = TEXT(struct document_vf, mac) },
	[VF_METADATA_ATTRIBUTES] = { 0 },
};

static void apply_vf(struct reader *reader, const struct tag *tag)
{
	const struct reading *min = &tag->readings[VF_MIN_TX_RATE], *max = &tag->readings[VF_MAX_TX_RATE];
	if (reader->draft)
		reader->draft->vf_offset = tag->offset;
	if (min->present && max->present && max->number && min->number > max->number)
		TELL(reader, RULE_VF_RATES, min->offset, number_decimal(min->number).s,
		     number_decimal(max->number).s);
}

#define NAMESPACE "urn:vfassign:1"

const struct element vf_row = {
	.name = "vf",
	.ns = NAMESPACE,
	.attributes = vf_attributes,
	.apply = apply_vf,
};

/* ---- <metadata> ---- */

static const struct element metadata_vf_row = {
	.name = "vf",
	.attributes = metadata_attributes,
	.apply = apply_vf,
};

void metadata_read(struct reader *reader, const xmlNode *node)
{
	struct document *document = reader->document;
	struct document_vf *vfs = reader_grow(reader, document->vfs, document->vf_count, sizeof(*vfs));
	if (!vfs)
		return;
	document->vfs = vfs;
	struct document_vf *vf = reader->base = &vfs[document->vf_count++];
	vf->offset = tree_offset(node);
	TELL(reader, RULE_LATER_ELEMENT, tree_offset(node), "vf");
	grammar_read(reader, node, &metadata_vf_row);
	reader->base = NULL;
}

/* Whether VF names INTERFACE. */
static bool names(const struct document_vf *vf, const struct interface *interface)
{
	const struct value *value = &interface->settings.of[SETTING_MAC];
	struct mac mac;
	if (vf->alias && (!interface->alias || strcmp(vf->alias, interface->alias) != 0))
		return false;
	return !vf->mac || (value->present && mac_parse(vf->mac, &mac) == 0 && mac_equal(mac, value->mac));
}

/* Settings that both have, with different values. */
static void check_twice(struct reader *reader, const struct document_vf *vf, const struct interface *interface)
{
	for (size_t i = 0; i < VF_SETTINGS; i++) {
		struct field here = metadata_attributes[i].field, there = vf_attributes[i].field;
		if (field_is_present(here, vf) && field_is_present(there, interface) &&
		    field_number(here, vf) != field_number(there, interface))
			TELL(reader, RULE_VF_TWICE, vf->offset, vf_attributes[i].name);
	}
}

/* Finds the interface that VF is about. */
static void find_interface(struct reader *reader, struct document_vf *vf)
{
	const struct document *document = reader->document;
	if (!vf->alias && !vf->mac) {
		TELL(reader, RULE_VF_UNNAMED, vf->offset);
		return;
	}
	for (vf->interface = 0; vf->interface < document->interface_count; vf->interface++) {
		if (!names(vf, &document->interfaces[vf->interface]))
			continue;
		check_twice(reader, vf, &document->interfaces[vf->interface]);
		return;
	}
	TELL(reader, RULE_VF_NOBODY, vf->offset, vf->alias ? "the alias" : "the MAC address",
	     vf->alias ? vf->alias : vf->mac);
}

void metadata_check(struct reader *reader)
{
	for (size_t i = 0; i < reader->document->vf_count; i++)
		find_interface(reader, &reader->document->vfs[i]);
}
