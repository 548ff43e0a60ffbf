/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "types/setting.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "types/port.h"

static const struct {
	const char *key;
	const char *word;
	enum setting_type type;
} table[] = {
	[SETTING_MAC] = { "mac", "MAC", SETTING_TYPE_MAC },
	[SETTING_VLAN] = { "vlan", "VLAN", SETTING_TYPE_VLAN },
	[SETTING_SPOOFCHK] = { "spoofchk", "spoof check", SETTING_TYPE_SWITCH },
	[SETTING_TRUST] = { "trust", "trust", SETTING_TYPE_SWITCH },
	[SETTING_LINK] = { "linkState", "link state", SETTING_TYPE_LINK },
	[SETTING_RATE] = { "txRate", "tx rate", SETTING_TYPE_RATE },
	[SETTING_RSS] = { "queryRss", "RSS query", SETTING_TYPE_SWITCH },
	[SETTING_PORT] = { "portProfile", "port profile", SETTING_TYPE_PORT },
	[SETTING_OVERRIDE] = { "driverOverride", "driver_override", SETTING_TYPE_NAME },
	[SETTING_DRIVER] = { "driver", "driver", SETTING_TYPE_NAME },
	[SETTING_NETDEV_MAC] = { "netdevMac", "netdev MAC", SETTING_TYPE_MAC },
	[SETTING_NETDEV_MTU] = { "netdevMtu", "netdev MTU", SETTING_TYPE_NUMBER },
	[SETTING_NETDEV_NAME] = { "netdevName", "netdev name", SETTING_TYPE_NAME },
	[SETTING_NETDEV_UP] = { "netdevUp", "netdev up", SETTING_TYPE_FLAG },
};

static_assert(ARRAY_SIZE(table) == SETTING_COUNT, "each setting has a row");

/*
 * What drivers insist on, on the way in and, in the opposite order, on the way back. Where nothing is said, no
 * driver is known to care.
 */
const enum setting setting_order[] = {
	/*
	 * Before the MAC: qed forces a MAC upon a VF, or merely suggests it, as the VF is trusted at that moment.
	 */
	SETTING_TRUST,
	/*
	 * Before the spoof check: mlx4 and older mlx5 refuse (EPERM) to take the MAC from a VF that is checked, and
	 * older mlx5 to check one that has none.
	 */
	SETTING_MAC,
	/*
	 * Before the rate: mlx4 refuses to take a VF from its VLAN and priority as long as it has a rate.
	 */
	SETTING_VLAN,
	SETTING_RATE,
	SETTING_LINK,
	SETTING_RSS,
	SETTING_SPOOFCHK,
	/*
	 * Last, and first on the way back: the switch asks the card for the MAC, and lets the VF's frames in from here on.
	 */
	SETTING_PORT,
};

static_assert(ARRAY_SIZE(setting_order) == SETTING_VF_LAST + 1, "each VF setting has its place");

static const char *const switches[] = { "off", "on" };

static const char *const links[] = {
	[VF_LINK_AUTO] = "auto",
	[VF_LINK_ENABLE] = "enable",
	[VF_LINK_DISABLE] = "disable",
};

static_assert(ARRAY_SIZE(links) == VF_LINK_COUNT, "each link state has its word");

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

bool setting_is_guarded(enum setting setting)
{
	return setting == SETTING_MAC || setting == SETTING_VLAN || setting == SETTING_TRUST ||
	       setting == SETTING_PORT;
}

enum setting setting_by_key(const char *key)
{
	enum setting setting = 0;
	while (setting < SETTING_COUNT && strcmp(table[setting].key, key) != 0)
		setting++;
	return setting;
}

bool driver_name_valid(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t length = strspn(name, allowed);
	return length > 0 && length < NAME_SIZE && name[length] == '\0';
}

struct value value_mac(struct mac mac)
{
	return (struct value){ .present = true, .mac = mac };
}

struct value value_vlan(struct vlan vlan)
{
	return (struct value){ .present = true, .vlan = vlan };
}

struct value value_port(struct port port)
{
	return (struct value){ .present = true, .port = port };
}

struct value value_name(const char *name)
{
	struct value value = { .present = strlen(name) < NAME_SIZE };
	if (value.present)
		memcpy(value.name, name, strlen(name) + 1);
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

struct value value_link(enum vf_link link)
{
	return (struct value){ .present = true, .link = link };
}

struct value value_rate(struct rate rate)
{
	return (struct value){ .present = true, .rate = rate };
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
	case SETTING_TYPE_PORT:
		return port_equal(&a->port, &b->port);
	case SETTING_TYPE_NAME:
		return strcmp(a->name, b->name) == 0;
	case SETTING_TYPE_NUMBER:
		return a->number == b->number;
	case SETTING_TYPE_FLAG:
	case SETTING_TYPE_SWITCH:
		return a->flag == b->flag;
	case SETTING_TYPE_LINK:
		return a->link == b->link;
	case SETTING_TYPE_RATE:
		return a->rate.min == b->rate.min && a->rate.max == b->rate.max;
	}
	return false;
}

const char *protocol_text(uint16_t proto)
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
	case SETTING_TYPE_PORT:
		port_text(&value->port, text.s, sizeof(text.s));
		break;
	case SETTING_TYPE_NAME:
		snprintf(text.s, sizeof(text.s), "%s", value->name);
		break;
	case SETTING_TYPE_NUMBER:
		snprintf(text.s, sizeof(text.s), "%u", value->number);
		break;
	case SETTING_TYPE_FLAG:
		snprintf(text.s, sizeof(text.s), "%s", value->flag ? "yes" : "no");
		break;
	case SETTING_TYPE_SWITCH:
		snprintf(text.s, sizeof(text.s), "%s", switches[value->flag]);
		break;
	case SETTING_TYPE_LINK:
		snprintf(text.s, sizeof(text.s), "%s", links[value->link]);
		break;
	case SETTING_TYPE_RATE:
		snprintf(text.s, sizeof(text.s), "min %u max %u", value->rate.min, value->rate.max);
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
	case SETTING_TYPE_RATE:
		return value->rate.min == 0 && value->rate.max == 0;
	default:
		return false;
	}
}

struct value_text value_show(enum setting setting, const struct value *value)
{
	struct value_text text = { "-" };
	if (!value->present)
		return text;
	if (table[setting].type == SETTING_TYPE_PORT)
		port_show(&value->port, text.s, sizeof(text.s));
	else
		text = value_is_none(setting, value) ? (struct value_text){ "none" } :
						       value_text(setting, value);
	return text;
}

static int protocol_parse(const char *text, uint16_t *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (strcmp(protocols[i].text, text) != 0)
			continue;
		*ret = protocols[i].proto;
		return 0;
	}
	return -EINVAL;
}

/* What stands behind WORD at the start of TEXT (which may be NULL); NULL when it does not start so. */
static char *skip_word(char *text, const char *word)
{
	return text && strncmp(text, word, strlen(word)) == 0 ? text + strlen(word) : NULL;
}

/* Reads "ID[ qos N[ proto P]]". */
static int vlan_parse(const char *text, struct vlan *ret)
{
	char copy[VALUE_TEXT_SIZE];
	uint64_t id, number = 0;
	if ((size_t)snprintf(copy, sizeof(copy), "%s", text) >= sizeof(copy))
		return -EINVAL;
	char *rest = copy;
	const char *first = strsep(&rest, " ");
	char *qos = skip_word(rest, "qos ");
	rest = qos;
	strsep(&rest, " ");
	const char *proto = skip_word(rest, "proto ");
	bool whole = strlen(first) == strlen(text) || (qos && (!rest || proto));
	struct vlan vlan = { .proto = VLAN_PROTO_8021Q };
	if (!whole || number_parse(first, 10, VLAN_ID_MAX, &id) < 0 ||
	    (qos && number_parse(qos, 10, VLAN_QOS_MAX, &number) < 0) ||
	    (proto && protocol_parse(proto, &vlan.proto) < 0))
		return -EINVAL;
	vlan.id = (uint16_t)id;
	vlan.qos = (uint8_t)number;
	*ret = vlan;
	return 0;
}

/* The place of TEXT among the COUNT WORDS. 0 or -EINVAL. */
static int word_parse(const char *text, const char *const *words, size_t count, size_t *ret)
{
	for (*ret = 0; *ret < count; ++*ret)
		if (strcmp(words[*ret], text) == 0)
			return 0;
	return -EINVAL;
}

/* Reads "min N max N". */
static int rate_parse(const char *text, struct rate *ret)
{
	char copy[VALUE_TEXT_SIZE];
	uint64_t min, max;
	if ((size_t)snprintf(copy, sizeof(copy), "%s", text) >= sizeof(copy))
		return -EINVAL;
	char *first = skip_word(copy, "min ");
	char *rest = first;
	strsep(&rest, " ");
	const char *second = skip_word(rest, "max ");
	if (!second || number_parse(first, 10, UINT32_MAX, &min) < 0 ||
	    number_parse(second, 10, UINT32_MAX, &max) < 0)
		return -EINVAL;
	*ret = (struct rate){ (uint32_t)min, (uint32_t)max };
	return 0;
}

int value_parse(enum setting setting, const char *text, struct value *ret)
{
	struct value value = { .present = true };
	uint64_t number = 0;
	size_t place = 0;
	int r = 0;
	switch (table[setting].type) {
	case SETTING_TYPE_MAC:
		r = mac_parse(text, &value.mac);
		break;
	case SETTING_TYPE_VLAN:
		r = vlan_parse(text, &value.vlan);
		break;
	case SETTING_TYPE_PORT:
		r = port_parse(text, &value.port);
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
	case SETTING_TYPE_SWITCH:
		r = word_parse(text, switches, ARRAY_SIZE(switches), &place);
		value.flag = place == 1;
		break;
	case SETTING_TYPE_LINK:
		r = word_parse(text, links, ARRAY_SIZE(links), &place);
		value.link = (enum vf_link)place;
		break;
	case SETTING_TYPE_RATE:
		r = rate_parse(text, &value.rate);
		break;
	}
	if (r == 0)
		*ret = value;
	return r;
}
