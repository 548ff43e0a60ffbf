/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Settings of VFs taken apart, as people ask for them. */

#include <assert.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "types/setting.h"

static const struct {
	enum setting setting;
	const char *key;
	const char *word;
} parts[] = {
	[PART_MAC] = { SETTING_MAC, "mac", "MAC" },
	[PART_VLAN] = { SETTING_VLAN, "vlan", "VLAN" },
	[PART_VLAN_QOS] = { SETTING_VLAN, "vlanQos", "VLAN qos" },
	[PART_VLAN_PROTO] = { SETTING_VLAN, "vlanProto", "VLAN proto" },
	[PART_SPOOFCHK] = { SETTING_SPOOFCHK, "spoofchk", "spoof check" },
	[PART_TRUST] = { SETTING_TRUST, "trust", "trust" },
	[PART_LINK] = { SETTING_LINK, "linkState", "link state" },
	[PART_MIN_RATE] = { SETTING_RATE, "minTxRate", "min tx rate" },
	[PART_MAX_RATE] = { SETTING_RATE, "maxTxRate", "max tx rate" },
	[PART_RSS] = { SETTING_RSS, "queryRss", "RSS query" },
	[PART_PORT] = { SETTING_PORT, "portProfile", "port profile" },
};

static_assert(ARRAY_SIZE(parts) == PART_COUNT, "each part has a row");

const char *part_key(enum setting_part part)
{
	return parts[part].key;
}

const char *part_word(enum setting_part part)
{
	return parts[part].word;
}

enum setting part_setting(enum setting_part part)
{
	return parts[part].setting;
}

/* NUMBER; 0 is none. */
static struct value_text number_show(uint32_t number)
{
	struct value_text text = { "none" };
	if (number)
		snprintf(text.s, sizeof(text.s), "%u", number);
	return text;
}

static struct value_text protocol_show(struct vlan vlan)
{
	struct value_text text = { "none" };
	if (vlan.id || vlan.qos)
		snprintf(text.s, sizeof(text.s), "%s", protocol_text(vlan.proto));
	return text;
}

struct value_text part_show(enum setting_part part, const struct value *value)
{
	if (!value->present)
		return value_show(parts[part].setting, value);
	switch (part) {
	case PART_VLAN:
		return number_show(value->vlan.id);
	case PART_VLAN_QOS:
		return number_show(value->vlan.qos);
	case PART_VLAN_PROTO:
		return protocol_show(value->vlan);
	case PART_MIN_RATE:
		return number_show(value->rate.min);
	case PART_MAX_RATE:
		return number_show(value->rate.max);
	default:
		return value_show(parts[part].setting, value);
	}
}
