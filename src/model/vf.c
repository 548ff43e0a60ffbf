/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * <vf xmlns='urn:vfassign:1'>: the settings of a VF that libvirt has no word for; in an interface, or in the
 * metadata of a domain, where libvirt keeps it. And what they, and the elements that libvirt has, ask together.
 */

#include <assert.h>
#include <string.h>

#include "base/cleanup.h"
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

#define NAMESPACE "urn:vfassign:1"

/* ---- what is asked, from whatever elements ---- */

static const struct attribute wish_attributes[] = { SETTING_ROWS(struct interface, wish), [VF_SETTINGS] = { 0 } };

static_assert(ARRAY_SIZE(link_states) == VF_LINK_COUNT + 1, "words of link states are in the kernel's order");

/* Kilobytes a second, as the whole Mbit/s that suffice. */
static uint64_t megabits(uint64_t kilobytes)
{
	return kilobytes / KILOBYTES_OF_MEGABIT + (kilobytes % KILOBYTES_OF_MEGABIT != 0);
}

/* What <link> and <bandwidth> ask. */
static void wish_standard(struct reader *reader, struct interface *interface)
{
	static const char *const links[] = { [LINK_UP] = "up", [LINK_DOWN] = "down" };
	static const enum vf_link meant[] = { [LINK_UP] = VF_LINK_AUTO, [LINK_DOWN] = VF_LINK_DISABLE };
	size_t offset = reader->draft->vf_offset;
	struct number *state = &interface->wish.link_state, *max = &interface->wish.max_tx_rate;
	uint64_t average = interface->outbound.average, link = interface->link.value;
	if (interface->link.present && state->present && state->value != meant[link])
		TELL(reader, RULE_VF_LINK_TWICE, offset, link_states[state->value], links[link]);
	if (average && max->present && max->value != megabits(average))
		TELL(reader, RULE_VF_RATE_TWICE, offset, number_decimal(max->value).s,
		     number_decimal(megabits(average)).s);
	if (interface->link.present)
		*state = (struct number){ true, meant[link] };
	if (average)
		*max = (struct number){ true, megabits(average) };
}

/* What does not fit together, though each element by itself is right. LAST is the <vf> read last, at OFFSET. */
static void check_wish(struct reader *reader, const struct interface *interface,
		       const struct vf_element *last, size_t offset)
{
	const struct vf_element *wish = &interface->wish;
	const struct number *min = &wish->min_tx_rate, *max = &wish->max_tx_rate;
	const struct value *vlan = &interface->settings.of[SETTING_VLAN];
	bool has_one = last->min_tx_rate.present != last->max_tx_rate.present;
	if (has_one && max->value && min->value > max->value)
		TELL(reader, RULE_VF_RATES, offset, number_decimal(min->value).s, number_decimal(max->value).s);
	if (wish->vlan_proto.present && !interface->virtualport && vlan->vlan.id == 0 && vlan->vlan.qos == 0)
		TELL(reader, RULE_VF_PROTO, offset, vlan_protos[wish->vlan_proto.value]);
}

static void wish_switch(struct interface *interface, enum setting setting, const struct number *wish)
{
	if (wish->present)
		interface->settings.of[setting] = value_flag(wish->value);
}

/* Makes settings of what is asked; <mac> and <vlan> have made theirs already. */
static void wish_settle(struct interface *interface)
{
	static const uint16_t protocols[] = { VLAN_PROTO_8021Q, VLAN_PROTO_8021AD };
	const struct vf_element *wish = &interface->wish;
	struct value *vlan = &interface->settings.of[SETTING_VLAN];
	wish_switch(interface, SETTING_SPOOFCHK, &wish->spoofchk);
	wish_switch(interface, SETTING_TRUST, &wish->trust);
	wish_switch(interface, SETTING_RSS, &wish->query_rss);
	if (wish->link_state.present)
		interface->settings.of[SETTING_LINK] = value_link((enum vf_link)wish->link_state.value);
	if (!vlan->present && (wish->vlan_qos.present || wish->vlan_proto.present))
		*vlan = value_vlan((struct vlan){ .proto = VLAN_PROTO_8021Q });
	if (wish->vlan_qos.present)
		vlan->vlan.qos = (uint8_t)wish->vlan_qos.value;
	if (wish->vlan_proto.present)
		vlan->vlan.proto = protocols[wish->vlan_proto.value];
}

void vf_wish(struct reader *reader)
{
	struct interface *interface = &reader->draft->interface;
	interface->wish = interface->vf;
	wish_standard(reader, interface);
	wish_settle(interface);
	check_wish(reader, interface, &interface->vf, reader->draft->vf_offset);
}

/* ---- <vf> ---- */

static void apply_vf(struct reader *reader, const struct tag *tag)
{
	const struct reading *min = &tag->readings[VF_MIN_TX_RATE], *max = &tag->readings[VF_MAX_TX_RATE];
	if (reader->draft)
		reader->draft->vf_offset = tag->offset;
	if (min->present && max->present && max->number && min->number > max->number)
		TELL(reader, RULE_VF_RATES, min->offset, number_decimal(min->number).s,
		     number_decimal(max->number).s);
}

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
	struct document_vf *vfs = reader_has_room(reader, document->vf_count, node) ?
					  reader_grow(reader, document->vfs, document->vf_count, sizeof(*vfs)) :
					  NULL;
	if (!vfs)
		return;
	document->vfs = vfs;
	struct document_vf *vf = reader->base = &vfs[document->vf_count++];
	vf->offset = tree_offset(node);
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

/* Adds what VF says to what is asked of INTERFACE already. */
static void wish_add(struct reader *reader, const struct document_vf *vf, struct interface *interface)
{
	for (size_t i = 0; i < VF_SETTINGS; i++) {
		struct field here = metadata_attributes[i].field, there = wish_attributes[i].field;
		if (!field_is_present(here, vf))
			continue;
		if (field_is_present(there, interface) &&
		    field_number(here, vf) != field_number(there, interface))
			TELL(reader, RULE_VF_TWICE, vf->offset, wish_attributes[i].name);
		field_set(there, interface, field_number(here, vf), NULL);
	}
	wish_settle(interface);
	check_wish(reader, interface, &vf->settings, vf->offset);
}

/* Finds the interface that VF is about. */
static void find_interface(struct reader *reader, struct document_vf *vf)
{
	struct document *document = reader->document;
	if (!vf->alias && !vf->mac) {
		TELL(reader, RULE_VF_UNNAMED, vf->offset);
		return;
	}
	for (vf->interface = 0; vf->interface < document->interface_count; vf->interface++) {
		if (!names(vf, &document->interfaces[vf->interface]))
			continue;
		wish_add(reader, vf, &document->interfaces[vf->interface]);
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
