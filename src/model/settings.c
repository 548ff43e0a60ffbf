/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is set on a VF before a guest gets it: <mac>, <vlan>. */

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "model/interface.h"

/* ---- <mac> ---- */

enum { MAC_ADDRESS, MAC_TYPE, MAC_CHECK, MAC_CURRENT, MAC_ATTRIBUTES };

static const char *const mac_types[] = { "generated", "static", NULL };

/* type and check speak of VMware guests; currentAddress is output only. */
static const struct attribute mac_attributes[] = {
	[MAC_ADDRESS] = { .name = "address",
			  .flags = ATTRIBUTE_APPLIED,
			  .field = FIELD_WITH(FIELD_MAC, struct interface, settings.of[SETTING_MAC].mac,
					      settings.of[SETTING_MAC].present) },
	[MAC_TYPE] = { .name = "type",
		       .read = read_word,
		       .words = mac_types,
		       .field = NUMBER(struct interface, mac_type) },
	[MAC_CHECK] = YES_NO("check", NUMBER(struct interface, mac_check)),
	[MAC_CURRENT] = { .name = "currentAddress" },
	[MAC_ATTRIBUTES] = { 0 },
};

static void apply_mac(struct reader *reader, const struct tag *tag)
{
	const struct reading *address = &tag->readings[MAC_ADDRESS];
	struct mac mac;
	if (!address->present)
		return;
	if (mac_parse(address->text, &mac) < 0)
		TELL(reader, RULE_MAC_FORM, address->offset, address->text);
	else if (mac_is_multicast(mac))
		TELL(reader, RULE_MAC_MULTICAST, address->offset, address->text);
	else if (!mac_is_zero(mac)) /* to libvirt, all zero is no address */
		reader->draft->interface.settings.of[SETTING_MAC] = value_mac(mac);
}

const struct element mac_row = {
	.name = "mac",
	.attributes = mac_attributes,
	.apply = apply_mac,
};

/* ---- <vlan> ---- */

enum { TAG_ID, TAG_NATIVE, TAG_ATTRIBUTES };

static const char *const native_modes[] = { "tagged", "untagged", NULL };

static const struct attribute tag_attributes[] = {
	[TAG_ID] = { .name = "id",
		     .read = read_decimal,
		     .flags = ATTRIBUTE_REQUIRED,
		     .field = NUMBER(struct vlan_tag, id) },
	[TAG_NATIVE] = { .name = "nativeMode",
			 .read = read_word,
			 .words = native_modes,
			 .field = NUMBER(struct vlan_tag, native_mode) },
	[TAG_ATTRIBUTES] = { 0 },
};

static void apply_tag(struct reader *reader, const struct tag *tag)
{
	const struct reading *id = &tag->readings[TAG_ID], *native = &tag->readings[TAG_NATIVE];
	if (id->present && id->number > VLAN_ID_MAX)
		TELL(reader, RULE_VLAN_TAG_RANGE, id->offset, number_decimal(id->number).s);
	if (native->present && reader->draft->native_count++ > 0)
		TELL(reader, RULE_VLAN_NATIVE_TWICE, native->offset);
}

static const struct element vlan_children[] = {
	{ .name = "tag",
	  .many = true,
	  .attributes = tag_attributes,
	  .apply = apply_tag,
	  .list = { sizeof(struct vlan_tag), offsetof(struct interface, vlan.items),
		    offsetof(struct interface, vlan.count) } },
	{ 0 },
};

enum { VLAN_TRUNK, VLAN_ATTRIBUTES };

static const struct attribute vlan_attributes[] = {
	[VLAN_TRUNK] = { .name = "trunk",
			 .flags = ATTRIBUTE_EMPTY_IS_ABSENT | ATTRIBUTE_APPLIED,
			 .words = no_yes,
			 .field = FIELD_BARE(FIELD_U8, struct interface, vlan.trunk, PRESENT_BY_VALUE) },
	[VLAN_ATTRIBUTES] = { 0 },
};

/*
 * Whether TRUNK can be said of the tags, which are a trunk already when there are several: libvirt takes
 * "yes" always, and "no" for one tag without a native mode.
 */
static bool check_trunk(struct reader *reader, const struct reading *trunk)
{
	const struct draft *draft = reader->draft;
	if (!trunk->present || strcasecmp(trunk->text, "yes") == 0)
		return true;
	if (draft->interface.vlan.count > 1)
		TELL(reader, RULE_VLAN_TRUNK_NEEDED, trunk->offset, trunk->text);
	else if (draft->native_count > 0)
		TELL(reader, RULE_VLAN_TRUNK_NATIVE, trunk->offset);
	else if (strcasecmp(trunk->text, "no") != 0)
		TELL(reader, RULE_VLAN_TRUNK_WORD, trunk->offset, trunk->text);
	else
		return true;
	return false;
}

static void apply_vlan(struct reader *reader, const struct tag *tag)
{
	struct draft *draft = reader->draft;
	struct vlan_tags *tags = &draft->interface.vlan;
	const struct reading *trunk = &tag->readings[VLAN_TRUNK];
	draft->vlan_offset = tag->offset;
	if (tags->count == 0)
		TELL(reader, RULE_VLAN_TAG_MISSING, tag->offset);
	if (!check_trunk(reader, trunk) || tags->count == 0)
		return;
	tags->trunk = tags->count > 1 || (trunk->present && strcasecmp(trunk->text, "yes") == 0);
	if (tags->trunk) {
		if (!draft->pool)
			TELL(reader, RULE_VLAN_TRUNK, tag->offset);
		return;
	}
	/*
	 * A native mode means nothing without a trunk. The 802.1Q header is what libvirt's <tag> stands for.
	 */
	struct vlan vlan = { .id = (uint16_t)tags->items[0].id.value, .proto = VLAN_PROTO_8021Q };
	draft->interface.settings.of[SETTING_VLAN] = value_vlan(vlan);
}

const struct element vlan_row = {
	.name = "vlan",
	.attributes = vlan_attributes,
	.children = vlan_children,
	.apply = apply_vlan,
};
