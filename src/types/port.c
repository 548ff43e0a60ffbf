/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "types/port.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"

static const char *const kind_names[] = {
	[PORT_KIND_NONE] = "none",
	[PORT_KIND_8021QBH] = "802.1Qbh",
	[PORT_KIND_8021QBG] = "802.1Qbg",
};

/* Those of VDP (IEEE 802.1Qbg), up to 0xff, and those of port profiles behind them. */
static const struct {
	uint16_t response;
	const char *word;
} responses[] = {
	{ PORT_SUCCESS, "success" },
	{ 0x01, "invalid format" },
	{ 0x02, "insufficient resources" },
	{ 0x03, "unknown VSI type" },
	{ 0x04, "VSI type not allowed here" },
	{ 0x05, "version of the VSI type not allowed here" },
	{ 0x06, "out of sync" },
	{ PORT_IN_PROGRESS, "in progress" },
	{ 0x102, "invalid" },
	{ 0x103, "bad state" },
	{ 0x104, "insufficient resources" },
	{ 0x105, "error" },
	{ PORT_PREASSOCIATED, "only preassociated" },
};

const char *port_kind_name(enum port_kind kind)
{
	return kind_names[kind];
}

enum port_kind port_kind_by_name(const char *name)
{
	enum port_kind kind = PORT_KIND_8021QBG;
	while (kind != PORT_KIND_NONE && (!name || strcmp(kind_names[kind], name) != 0))
		kind--;
	return kind;
}

const char *port_response_word(uint16_t response)
{
	for (size_t i = 0; i < ARRAY_SIZE(responses); i++)
		if (responses[i].response == response)
			return responses[i].word;
	return NULL;
}

bool port_equal(const struct port *a, const struct port *b)
{
	if (a->kind != b->kind || a->response != b->response)
		return false;
	if (a->kind == PORT_KIND_NONE)
		return true;
	return uuid_equal(a->instance, b->instance) && strcmp(a->profile, b->profile) == 0 &&
	       a->manager == b->manager && a->type_id == b->type_id && a->version == b->version;
}

void port_text(const struct port *port, char *buf, size_t size)
{
	const char *kind = port_kind_name(port->kind);
	struct uuid_text instance = uuid_text(port->instance);
	buf[0] = '\0';
	if (port->kind == PORT_KIND_8021QBH)
		snprintf(buf, size, "%s %s %s %s", kind, instance.s, uuid_text(port->host).s, port->profile);
	if (port->kind == PORT_KIND_8021QBG)
		snprintf(buf, size, "%s %s %u %u %u %s %u %u", kind, instance.s, port->manager, port->type_id,
			 port->version, mac_text(port->mac).s, port->vlan, port->qos);
}

/* The next word of *REST as a number; -1 when it is none of those up to MAX. */
static int64_t next_number(char **rest, uint64_t max)
{
	uint64_t number;
	const char *word = strsep(rest, " ");
	return word && number_parse(word, 10, max, &number) == 0 ? (int64_t)number : -1;
}

static int next_uuid(char **rest, struct uuid *ret)
{
	const char *word = strsep(rest, " ");
	return word && strlen(word) == UUID_TEXT_SIZE - 1 ? uuid_parse(word, ret) : -EINVAL;
}

/* What stands behind the instance in the text of an 802.1Qbh association: the profile's name is the rest. */
static int parse_8021qbh(char *rest, struct port *port)
{
	if (next_uuid(&rest, &port->host) < 0 || !rest || strlen(rest) >= PORT_PROFILE_SIZE)
		return -EINVAL;
	memcpy(port->profile, rest, strlen(rest));
	return 0;
}

static int parse_8021qbg(char *rest, struct port *port)
{
	int64_t manager = next_number(&rest, UINT8_MAX), type = next_number(&rest, PORT_TYPE_ID_MAX);
	int64_t version = next_number(&rest, UINT8_MAX);
	const char *mac = strsep(&rest, " ");
	int64_t vlan = next_number(&rest, VLAN_ID_MAX), qos = next_number(&rest, VLAN_QOS_MAX);
	if (manager < 0 || type < 0 || version < 0 || !mac || mac_parse(mac, &port->mac) < 0 || vlan < 0 ||
	    qos < 0 || rest)
		return -EINVAL;
	port->manager = (uint8_t)manager;
	port->type_id = (uint32_t)type;
	port->version = (uint8_t)version;
	port->vlan = (uint16_t)vlan;
	port->qos = (uint8_t)qos;
	return 0;
}

int port_parse(const char *text, struct port *ret)
{
	struct port port = { .kind = PORT_KIND_NONE };
	cleanup_free char *copy = strdup(text);
	char *rest = copy;
	if (!copy)
		return -ENOMEM;
	port.kind = port_kind_by_name(strsep(&rest, " "));
	if (port.kind == PORT_KIND_NONE && text[0])
		return -EINVAL;
	int r = port.kind == PORT_KIND_NONE ? 0 : next_uuid(&rest, &port.instance);
	if (r == 0 && port.kind == PORT_KIND_8021QBH)
		r = parse_8021qbh(rest, &port);
	if (r == 0 && port.kind == PORT_KIND_8021QBG)
		r = parse_8021qbg(rest, &port);
	if (r == 0)
		*ret = port;
	return r;
}

void port_show(const struct port *port, char *buf, size_t size)
{
	const char *kind = port_kind_name(port->kind);
	struct uuid_text instance = uuid_text(port->instance);
	const char *word = port_response_word(port->response);
	int n;
	if (port->kind == PORT_KIND_8021QBH)
		n = snprintf(buf, size, "%s %s, instance %s", kind, port->profile, instance.s);
	else if (port->kind == PORT_KIND_8021QBG)
		n = snprintf(buf, size, "%s manager %u type %u version %u, instance %s", kind, port->manager,
			     port->type_id, port->version, instance.s);
	else
		n = snprintf(buf, size, "%s", kind);
	if (port->response == PORT_SUCCESS || (size_t)n >= size)
		return;
	if (word)
		snprintf(buf + n, size - (size_t)n, ": %s", word);
	else
		snprintf(buf + n, size - (size_t)n, ": response 0x%x", port->response);
}
