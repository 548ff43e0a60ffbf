/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "types/setting.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"

static const struct {
	const char *key;
	const char *word;
	enum setting_type type;
} table[] = {
	[SETTING_MAC] = { "mac", "MAC", SETTING_TYPE_MAC },
	[SETTING_VLAN] = { "vlan", "VLAN", SETTING_TYPE_VLAN },
	[SETTING_OVERRIDE] = { "driverOverride", "driver_override", SETTING_TYPE_NAME },
	[SETTING_DRIVER] = { "driver", "driver", SETTING_TYPE_NAME },
	[SETTING_NETDEV_MAC] = { "netdevMac", "netdev MAC", SETTING_TYPE_MAC },
	[SETTING_NETDEV_MTU] = { "netdevMtu", "netdev MTU", SETTING_TYPE_NUMBER },
	[SETTING_NETDEV_NAME] = { "netdevName", "netdev name", SETTING_TYPE_NAME },
	[SETTING_NETDEV_UP] = { "netdevUp", "netdev up", SETTING_TYPE_FLAG },
};

static_assert(ARRAY_SIZE(table) == SETTING_COUNT, "each setting has a row");

static const struct {
	uint16_t proto;
	const char *text;
} protocols[] = {
	{ VLAN_PROTO_8021Q, "802.1Q" },
	{ VLAN_PROTO_8021AD, "802.1ad" },
};

const char *setting_key(enum setting setting)
{
	return table[setting].key;
}

const char *setting_word(enum setting setting)
{
	return table[setting].word;
}

enum setting_type setting_type(enum setting setting)
{
	return table[setting].type;
}

enum setting setting_by_key(const char *key)
{
	enum setting setting = 0;
	while (setting < SETTING_COUNT && strcmp(table[setting].key, key) != 0)
		setting++;
	return setting;
}

struct value value_mac(struct mac mac)
{
	return (struct value){ .present = true, .mac = mac };
}

struct value value_vlan(struct vlan vlan)
{
	return (struct value){ .present = true, .vlan = vlan };
}

struct value value_name(const char *name)
{
	struct value value = { 0 };
	if (strlen(name) < NAME_SIZE) {
		value.present = true;
		strcpy(value.name, name);
	}
	return value;
}

struct value value_number(uint32_t number)
{
	return (struct value){ .present = true, .number = number };
}

struct value value_flag(bool flag)
{
	return (struct value){ .present = true, .flag = flag };
}

/* No VLAN is no VLAN, whatever priority or protocol a driver reports beside it. */
static bool vlan_equal(struct vlan a, struct vlan b)
{
	if (a.id == 0 && a.qos == 0 && b.id == 0 && b.qos == 0)
		return true;
	return a.id == b.id && a.qos == b.qos && a.proto == b.proto;
}

bool value_equal(enum setting setting, const struct value *a, const struct value *b)
{
	if (!a->present || !b->present)
		return a->present == b->present;
	switch (table[setting].type) {
	case SETTING_TYPE_MAC:
		return mac_equal(a->mac, b->mac);
	case SETTING_TYPE_VLAN:
		return vlan_equal(a->vlan, b->vlan);
	case SETTING_TYPE_NAME:
		return strcmp(a->name, b->name) == 0;
	case SETTING_TYPE_NUMBER:
		return a->number == b->number;
	case SETTING_TYPE_FLAG:
		return a->flag == b->flag;
	}
	return false;
}

static const char *protocol_text(uint16_t proto)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (protocols[i].proto == proto)
			return protocols[i].text;
	return "unknown";
}

static struct value_text vlan_text(struct vlan vlan)
{
	struct value_text text;
	bool plain = vlan.proto == VLAN_PROTO_8021Q || vlan_equal(vlan, (struct vlan){ 0 });
	int n = snprintf(text.s, sizeof(text.s), "%u", vlan.id);
	if (vlan.qos || !plain)
		n += snprintf(text.s + n, sizeof(text.s) - (size_t)n, " qos %u", vlan.qos);
	if (!plain)
		snprintf(text.s + n, sizeof(text.s) - (size_t)n, " proto %s", protocol_text(vlan.proto));
	return text;
}

struct value_text value_text(enum setting setting, const struct value *value)
{
	struct value_text text = { "" };
	if (!value->present)
		return text;
	switch (table[setting].type) {
	case SETTING_TYPE_MAC:
		snprintf(text.s, sizeof(text.s), "%s", mac_text(value->mac).s);
		break;
	case SETTING_TYPE_VLAN:
		return vlan_text(value->vlan);
	case SETTING_TYPE_NAME:
		snprintf(text.s, sizeof(text.s), "%s", value->name);
		break;
	case SETTING_TYPE_NUMBER:
		snprintf(text.s, sizeof(text.s), "%u", value->number);
		break;
	case SETTING_TYPE_FLAG:
		snprintf(text.s, sizeof(text.s), "%s", value->flag ? "yes" : "no");
		break;
	}
	return text;
}

/* Whether VALUE stands for "nothing set". */
static bool value_is_none(enum setting setting, const struct value *value)
{
	switch (table[setting].type) {
	case SETTING_TYPE_MAC:
		return mac_is_zero(value->mac);
	case SETTING_TYPE_VLAN:
		return vlan_equal(value->vlan, (struct vlan){ 0 });
	case SETTING_TYPE_NAME:
		return value->name[0] == '\0';
	default:
		return false;
	}
}

struct value_text value_show(enum setting setting, const struct value *value)
{
	if (!value->present)
		return (struct value_text){ "-" };
	return value_is_none(setting, value) ? (struct value_text){ "none" } : value_text(setting, value);
}

/* Reads "ID[ qos N[ proto P]]". */
static int vlan_parse(const char *text, struct vlan *ret)
{
	unsigned id = 0, qos = 0;
	char proto[16] = "802.1Q";
	int end = -1;
	sscanf(text, "%4u%n qos %1u%n proto %15s%n", &id, &end, &qos, &end, proto, &end);
	if (end < 0 || text[end] || id > VLAN_ID_MAX || qos > 7)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (strcmp(protocols[i].text, proto) == 0) {
			*ret = (struct vlan){ (uint16_t)id, (uint8_t)qos, protocols[i].proto };
			return 0;
		}
	}
	return -EINVAL;
}

int value_parse(enum setting setting, const char *text, struct value *ret)
{
	struct value value = { .present = true };
	uint64_t number = 0;
	int r = 0;
	switch (table[setting].type) {
	case SETTING_TYPE_MAC:
		r = mac_parse(text, &value.mac);
		break;
	case SETTING_TYPE_VLAN:
		r = vlan_parse(text, &value.vlan);
		break;
	case SETTING_TYPE_NAME:
		value = value_name(text);
		r = value.present ? 0 : -EINVAL;
		break;
	case SETTING_TYPE_NUMBER:
		r = number_parse(text, 10, UINT32_MAX, &number);
		value.number = (uint32_t)number;
		break;
	case SETTING_TYPE_FLAG:
		value.flag = strcmp(text, "yes") == 0;
		r = value.flag || strcmp(text, "no") == 0 ? 0 : -EINVAL;
		break;
	}
	if (r == 0)
		*ret = value;
	return r;
}
