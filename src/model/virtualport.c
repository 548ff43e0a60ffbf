/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* <virtualport>: which port of a switch, outside of the host or in it, the device is connected to. */

#include <assert.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/interface.h"

/* The longest name that the kernel takes. */
#define PROFILE_ID_MAX 39

/* A number that libvirt reads with an older function: a minus sign is taken, and wraps around at 32 bits. */
static bool read_port_number(struct reader *reader, const struct given *given, uint64_t *ret)
{
	const char *text = given->text + strspn(given->text, " \t\n\r\v\f");
	bool minus = *text == '-';
	uint64_t number;
	if (number_parse(text + minus, 0, UINT32_MAX, &number) < 0 ||
	    (minus && strspn(text + 1, "0123456789") == 0)) {
		TELL(reader, RULE_PORT_NUMBER, given->offset, given->row->name);
		return false;
	}
	*ret = minus ? (uint32_t)-number : number;
	if (*ret <= given->row->max)
		return true;
	bool is_type = strcmp(given->row->name, "typeid") == 0;
	TELL(reader, is_type ? RULE_PORT_RANGE_TYPEID : RULE_PORT_RANGE, given->offset, given->row->name);
	return false;
}

static bool read_port_uuid(struct reader *reader, const struct given *given, uint64_t *ret)
{
	struct uuid uuid;
	*ret = 1;
	if (uuid_parse(given->text, &uuid) == 0)
		return true;
	TELL(reader, RULE_PORT_UUID, given->offset, given->row->name);
	return false;
}

static bool read_profile(struct reader *reader, const struct given *given, uint64_t *ret)
{
	*ret = 1;
	if (strlen(given->text) <= PROFILE_ID_MAX)
		return true;
	TELL(reader, RULE_PORT_PROFILE_LONG, given->offset);
	return false;
}

#define PORT_NUMBER(name_, max_, member) \
	{ \
		.name = (name_), .read = read_port_number, .max = (max_), \
		.field = NUMBER(struct interface, profile.member) \
	}
#define PORT_UUID(name_, member) \
	{ \
		.name = (name_), .read = read_port_uuid, \
		.field = FIELD_WITH(FIELD_UUID, struct interface, profile.member.uuid, profile.member.present) \
	}

static const struct attribute parameter_attributes[] = {
	[PARAMETER_MANAGER_ID] = PORT_NUMBER("managerid", 0xff, manager_id),
	[PARAMETER_TYPE_ID] = PORT_NUMBER("typeid", 0xffffff, type_id),
	[PARAMETER_TYPE_VERSION] = PORT_NUMBER("typeidversion", 0xff, type_version),
	[PARAMETER_INSTANCE_ID] = PORT_UUID("instanceid", instance_id),
	[PARAMETER_INTERFACE_ID] = PORT_UUID("interfaceid", interface_id),
	[PARAMETER_PROFILE_ID] = { .name = "profileid",
				   .read = read_profile,
				   .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
				   .field = TEXT(struct interface, profile.profile_id) },
	[PARAMETER_COUNT] = { 0 },
};

static void apply_parameters(struct reader *reader, const struct tag *tag)
{
	reader->draft->parameters_offset = tag->offset;
	for (size_t i = 0; i < PARAMETER_COUNT; i++)
		reader->draft->parameter_offsets[i] = tag->readings[i].given ? tag->readings[i].offset : 0;
}

static const struct element virtualport_children[] = {
	{ .name = "parameters", .attributes = parameter_attributes, .apply = apply_parameters },
	{ 0 },
};

#define BIT(parameter) (1u << PARAMETER_##parameter)

/*
 * What each type has, and whether VFs can have it (a VF on 802.1Qbg is a matter of this program, not of
 * libvirt).
 */
static const struct port_type {
	const char *name;
	unsigned required;
	unsigned kept;
	unsigned extra; /* refused; the rest is passed over */
	bool starts;
} port_types[] = {
	{ .name = "802.1Qbg",
	  .required = BIT(MANAGER_ID) | BIT(TYPE_ID) | BIT(TYPE_VERSION),
	  .kept = BIT(MANAGER_ID) | BIT(TYPE_ID) | BIT(TYPE_VERSION) | BIT(INSTANCE_ID),
	  .extra = BIT(PROFILE_ID) | BIT(INTERFACE_ID),
	  .starts = true },
	{ .name = "802.1Qbh",
	  .required = BIT(PROFILE_ID),
	  .kept = BIT(PROFILE_ID),
	  .extra = BIT(MANAGER_ID) | BIT(TYPE_ID) | BIT(TYPE_VERSION) | BIT(INSTANCE_ID) | BIT(INTERFACE_ID),
	  .starts = true },
	{ .name = "openvswitch",
	  .kept = BIT(INTERFACE_ID) | BIT(PROFILE_ID),
	  .extra = BIT(MANAGER_ID) | BIT(TYPE_ID) | BIT(TYPE_VERSION) | BIT(INSTANCE_ID) },
	{ .name = "midonet", .required = BIT(INTERFACE_ID), .kept = BIT(INTERFACE_ID) },
};

/* Applies what TYPE, which stands at OFFSET, says of parameter INDEX. */
static void check_parameter(struct reader *reader, const struct port_type *type, size_t index, size_t offset)
{
	const struct draft *draft = reader->draft;
	const char *name = parameter_attributes[index].name;
	size_t given = draft->parameter_offsets[index];
	bool must_be_complete = draft->port_use == PORT_USE_COMPLETE;
	if (!given && must_be_complete && type->required & 1u << index)
		TELL(reader, RULE_PORT_PARAMETER_MISSING,
		     draft->parameters_offset ? draft->parameters_offset : offset, name, type->name);
	else if (given && type->extra & 1u << index)
		TELL(reader, RULE_PORT_PARAMETER_EXTRA, given, name, type->name);
	else if (given && !(type->kept & 1u << index))
		TELL(reader, RULE_PORT_PARAMETER_DROPPED, given, name, type->name);
}

enum { PORT_TYPE, PORT_ATTRIBUTES };

static const struct attribute virtualport_attributes[] = {
	[PORT_TYPE] = { .name = "type", .flags = ATTRIBUTE_APPLIED, .field = TEXT(struct interface, virtualport) },
	[PORT_ATTRIBUTES] = { 0 },
};

static const struct port_type *find_type(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(port_types); i++)
		if (strcmp(port_types[i].name, name) == 0)
			return &port_types[i];
	return NULL;
}

static void apply_virtualport(struct reader *reader, const struct tag *tag)
{
	const struct reading *given = &tag->readings[PORT_TYPE];
	const struct port_type *type = given->present ? find_type(given->text) : NULL;
	struct interface *interface = &reader->draft->interface;
	if (!given->present && reader->draft->port_use != PORT_USE_LOOSE)
		TELL(reader, RULE_PORT_TYPE_MISSING, tag->offset);
	else if (!type && given->present)
		TELL(reader, RULE_PORT_TYPE, given->offset, given->text);
	if (!type)
		return;
	interface->virtualport = type->name;
	for (size_t i = 0; i < PARAMETER_COUNT; i++) {
		check_parameter(reader, type, i, tag->offset);
		if (!(type->kept & 1u << i))
			field_clear(parameter_attributes[i].field, interface);
	}
	if (!type->starts && reader->draft->port_use == PORT_USE_COMPLETE)
		TELL(reader, RULE_PORT_START, given->offset, type->name);
}

const struct element virtualport_row = {
	.name = "virtualport",
	.attributes = virtualport_attributes,
	.children = virtualport_children,
	.apply = apply_virtualport,
};
