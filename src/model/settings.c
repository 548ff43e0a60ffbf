/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is set on a VF before a guest gets it: <mac>, <vlan>, <virtualport>. */

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "model/interface.h"

/* ---- <mac> ---- */

enum { MAC_ADDRESS, MAC_TYPE, MAC_CHECK, MAC_CURRENT, MAC_ATTRIBUTES };

static const char *const mac_types[] = { "generated", "static", NULL };

/* type and check speak of VMware guests; currentAddress is output only. */
static const struct attribute mac_attributes[] = {
	[MAC_ADDRESS] = { .name = "address" },
	[MAC_TYPE] = { .name = "type", .read = read_word, .words = mac_types },
	[MAC_CHECK] = { .name = "check", .read = read_yes_no },
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
		report_hint(reader_error(reader, REPORT_XML, address->offset,
					 "unable to parse mac address '%s'", address->text),
			    "write six groups of two hex digits: 52:54:00:12:34:56");
	else if (mac_is_multicast(mac))
		report_hint(reader_error(reader, REPORT_XML, address->offset,
					 "expected unicast mac address, found multicast '%s'", address->text),
			    "the second hex digit of a unicast MAC address is even");
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
	[TAG_ID] = { .name = "id", .read = read_decimal, .flags = ATTRIBUTE_REQUIRED },
	[TAG_NATIVE] = { .name = "nativeMode", .read = read_word, .words = native_modes },
	[TAG_ATTRIBUTES] = { 0 },
};

static void apply_tag(struct reader *reader, const struct tag *tag)
{
	struct draft *draft = reader->draft;
	const struct reading *id = &tag->readings[TAG_ID];
	if (id->present && id->number > VLAN_ID_MAX)
		reader_error(reader, REPORT_XML, id->offset, "vlan tag id %u too large (maximum %d)",
			     (unsigned)id->number, VLAN_ID_MAX);
	else if (id->present && draft->tag_count == 0)
		draft->tag_id = (uint32_t)id->number;
	if (tag->readings[TAG_NATIVE].present && draft->native_count++ > 0)
		reader_error(reader, REPORT_XML, tag->readings[TAG_NATIVE].offset,
			     "duplicate native vlan setting");
	draft->tag_count++;
}

static const struct element vlan_children[] = {
	{ .name = "tag", .many = true, .attributes = tag_attributes, .apply = apply_tag },
	{ 0 },
};

enum { VLAN_TRUNK, VLAN_ATTRIBUTES };

static const struct attribute vlan_attributes[] = {
	[VLAN_TRUNK] = { .name = "trunk", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[VLAN_ATTRIBUTES] = { 0 },
};

/*
 * Whether trunk='TEXT' can be said of the tags, which are a trunk already when there are several: libvirt takes "yes" always, and
 * "no" for one tag without a native mode.
 */
static bool check_trunk(struct reader *reader, const struct reading *trunk)
{
	const struct draft *draft = reader->draft;
	if (!trunk->present || strcasecmp(trunk->text, "yes") == 0)
		return true;
	if (draft->tag_count > 1)
		reader_error(reader, REPORT_XML, trunk->offset,
			     "invalid \"trunk='%s'\" in <vlan> - trunk='yes' is required for more than one vlan tag",
			     trunk->text);
	else if (draft->native_count > 0)
		reader_error(reader, REPORT_XML, trunk->offset,
			     "invalid configuration in <vlan> - \"trunk='no'\" is not allowed with a native vlan id");
	else if (strcasecmp(trunk->text, "no") != 0)
		reader_error(reader, REPORT_XML, trunk->offset,
			     "invalid \"trunk='%s'\" in <vlan> - must be yes or no", trunk->text);
	else
		return true;
	return false;
}

static void apply_vlan(struct reader *reader, const struct tag *tag)
{
	struct draft *draft = reader->draft;
	const struct reading *trunk = &tag->readings[VLAN_TRUNK];
	draft->has_vlan = true;
	draft->vlan_offset = tag->offset;
	if (draft->tag_count == 0)
		reader_error(reader, REPORT_XML, tag->offset,
			     "missing tag id - each <vlan> must have at least one <tag id='n'/> subelement");
	bool good = check_trunk(reader, trunk) && draft->tag_count > 0;
	if (!good)
		return;
	if (draft->tag_count > 1 || (trunk->present && strcasecmp(trunk->text, "yes") == 0)) {
		struct report *report = reader_error(reader, REPORT_CONFIG_UNSUPPORTED, tag->offset,
						     "vlan trunking is not supported by SR-IOV network devices");
		report_hint(report, "give the VF exactly one <tag>, without trunk='yes'");
		return;
	}
	/* A native mode means nothing without a trunk. The 802.1Q header is what libvirt's <tag> stands for. */
	struct vlan vlan = { .id = (uint16_t)draft->tag_id, .proto = VLAN_PROTO_8021Q };
	draft->interface.settings.of[SETTING_VLAN] = value_vlan(vlan);
}

const struct element vlan_row = {
	.name = "vlan",
	.attributes = vlan_attributes,
	.children = vlan_children,
	.apply = apply_vlan,
};

/* ---- <virtualport> ---- */

static const char *const port_types[] = { "802.1Qbg", "802.1Qbh", "openvswitch", "midonet", NULL };

/* Kept by no field of the model yet: plans refuse every virtualport. */
static const struct attribute parameter_attributes[] = {
	{ .name = "managerid" },
	{ .name = "typeid" },
	{ .name = "typeidversion" },
	{ .name = "instanceid" },
	{ .name = "profileid" },
	{ .name = "interfaceid" },
	{ 0 },
};

static const struct element virtualport_children[] = {
	{ .name = "parameters", .attributes = parameter_attributes },
	{ 0 },
};

enum { PORT_TYPE, PORT_ATTRIBUTES };

static const struct attribute virtualport_attributes[] = {
	[PORT_TYPE] = { .name = "type" },
	[PORT_ATTRIBUTES] = { 0 },
};

static void apply_virtualport(struct reader *reader, const struct tag *tag)
{
	const struct reading *type = &tag->readings[PORT_TYPE];
	if (!type->present) {
		reader_error(reader, REPORT_XML, tag->offset, "missing required virtualport type");
		return;
	}
	size_t i = 0;
	while (port_types[i] && strcmp(port_types[i], type->text) != 0)
		i++;
	if (port_types[i])
		reader->draft->interface.virtualport = reader_copy(reader, port_types[i]);
	else
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, type->offset, "unknown virtualport type %s",
			     type->text);
}

const struct element virtualport_row = {
	.name = "virtualport",
	.attributes = virtualport_attributes,
	.children = virtualport_children,
	.apply = apply_virtualport,
};
