/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Settings: everything about a VF that this program changes, as data. A set of settings is what a request
 * wants, what the host has (the before-image), and what must be there again at the end; steps, records,
 * comparisons and texts are all made from the one table in setting.c. A setting that is not present was not
 * mentioned, or is not reported: that is never the same as zero or empty.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types/address.h"
#include "types/uuid.h"

enum setting {
	/* Set through the PF, in the order of setting_order. */
	SETTING_MAC,  /* the VF's MAC on its PF; all zero: none set by the administrator */
	SETTING_VLAN, /* id 0: none */
	SETTING_SPOOFCHK,
	SETTING_TRUST,
	SETTING_LINK, /* what the VF is told of its link */
	SETTING_RATE, /* what it may send, and is promised */
	SETTING_RSS,  /* whether it may read the RSS table and key that it shares with the PF */
	SETTING_PORT, /* what the adjacent switch was asked for */
	SETTING_VF_LAST = SETTING_PORT,
	/* The PCI device. */
	SETTING_OVERRIDE, /* driver_override; "" is none */
	SETTING_DRIVER,   /* the bound driver; "" is none */
	/*
	 * The VF's own netdev on the host: absent where it has none. In the order in which they are restored.
	 */
	SETTING_NETDEV_MAC,
	SETTING_NETDEV_MTU,
	SETTING_NETDEV_NAME,
	SETTING_NETDEV_UP, /* IFF_UP */
	SETTING_COUNT
};

enum setting_type {
	SETTING_TYPE_MAC,
	SETTING_TYPE_VLAN,
	SETTING_TYPE_PORT,
	SETTING_TYPE_NAME,
	SETTING_TYPE_NUMBER,
	SETTING_TYPE_FLAG,   /* yes, no */
	SETTING_TYPE_SWITCH, /* on, off */
	SETTING_TYPE_LINK,
	SETTING_TYPE_RATE
};

/* Driver and netdev names, with their NUL. */
#define NAME_SIZE 64

/*
 * Whether NAME can be a driver's: 1 to NAME_SIZE - 1 of A-Z, a-z, 0-9, "_" and "-". Others are never put into
 * a path or written to sysfs.
 */
bool driver_name_valid(const char *name);

#define VLAN_PROTO_8021Q 0x8100
#define VLAN_PROTO_8021AD 0x88a8
#define VLAN_ID_MAX 4095
#define VLAN_QOS_MAX 7

/* VLAN id, priority and protocol are one setting: drivers take them as one. */
struct vlan {
	uint16_t id;
	uint8_t qos;
	uint16_t proto; /* ETH_P_8021Q or ETH_P_8021AD, host byte order */
};

/* As the kernel numbers them (IFLA_VF_LINK_STATE_…). */
enum vf_link { VF_LINK_AUTO, VF_LINK_ENABLE, VF_LINK_DISABLE, VF_LINK_COUNT };

/* Both rates are one setting: there is one message for them. In Mbit/s; 0 is no promise, and no limit. */
struct rate {
	uint32_t min;
	uint32_t max;
};

/* A profile's name, with its NUL: what the kernel takes. */
#define PORT_PROFILE_SIZE 40
#define PORT_TYPE_ID_MAX 0xffffff

/*
 * What the adjacent switch is told about a guest's interface before the guest starts: a port profile by its
 * name (802.1Qbh), or the type of a virtual station interface by its numbers (802.1Qbg).
 */
enum port_kind { PORT_KIND_NONE, PORT_KIND_8021QBH, PORT_KIND_8021QBG };

/*
 * The answer to the last request, as the kernel's drivers and lldpad give it; both words of theirs for success
 * are PORT_SUCCESS. An answer that is still to come is PORT_IN_PROGRESS.
 */
#define PORT_SUCCESS 0
#define PORT_IN_PROGRESS 0x101
/* No answer of theirs, but a success that is less than what is wanted: the switch only prepared for it. */
#define PORT_PREASSOCIATED 0x1ff

struct port {
	enum port_kind kind;
	uint16_t response;
	struct uuid instance; /* of the guest (802.1Qbh), or of its interface (802.1Qbg) */
	/* 802.1Qbh. */
	char profile[PORT_PROFILE_SIZE];
	struct uuid host; /* which host it is; all zero: not known */
	/* 802.1Qbg. */
	uint8_t manager;
	uint8_t version;
	uint32_t type_id;
	struct mac mac; /* whose frames the switch is to let in, */
	uint16_t vlan;  /* and in which VLAN; 0: in none */
	uint8_t qos;
};

struct value {
	bool present;
	union {
		struct mac mac;
		struct vlan vlan;
		struct rate rate;
		enum vf_link link;
		struct port port;
		char name[NAME_SIZE];
		uint32_t number;
		bool flag;
	};
};

struct settings {
	struct value of[SETTING_COUNT];
};

/* At longest a port profile. */
#define VALUE_TEXT_SIZE 160
struct value_text {
	char s[VALUE_TEXT_SIZE];
};

/* The key in records and JSON ("vlan"), and the word in texts ("VLAN"). */
const char *setting_key(enum setting setting);
const char *setting_word(enum setting setting);
enum setting_type setting_type(enum setting setting); /* which member of struct value it uses */

/*
 * The settings that are set through the PF, in the order in which they are set; the way back is the opposite
 * one.
 */
extern const enum setting setting_order[SETTING_VF_LAST + 1];

/* Whether a VF with a guest's value of SETTING must not meet a host driver. */
bool setting_is_guarded(enum setting setting);

/* The setting that KEY names, or SETTING_COUNT. */
enum setting setting_by_key(const char *key);

/* Values of each type, present. A name that does not fit gives an absent value. */
struct value value_mac(struct mac mac);
struct value value_vlan(struct vlan vlan);
struct value value_port(struct port port);
struct value value_name(const char *name);
struct value value_number(uint32_t number);
struct value value_flag(bool flag); /* also a switch */
struct value value_link(enum vf_link link);
struct value value_rate(struct rate rate);

/* Whether A and B are the same value of SETTING: both absent, or both present and equal. */
bool value_equal(enum setting setting, const struct value *a, const struct value *b);

/*
 * VALUE as records hold it: "00:11:22:33:44:55", "42", "42 qos 3 proto 802.1ad", "igbvf", "1500", "yes", "on",
 * "disable", "min 0 max 100".
 * Empty for an empty name and for an absent value.
 */
struct value_text value_text(enum setting setting, const struct value *value);

/*
 * VALUE for people: as value_text(), but a zero MAC, VLAN 0, no rates and an empty name are "none", and an
 * absent value is "-".
 */
struct value_text value_show(enum setting setting, const struct value *value);

/*
 * The settings of a VF as XML and JSON call them: where one setting is several things to people, each has its name.
 */
enum setting_part {
	PART_MAC,
	PART_VLAN,
	PART_VLAN_QOS,
	PART_VLAN_PROTO,
	PART_SPOOFCHK,
	PART_TRUST,
	PART_LINK,
	PART_MIN_RATE,
	PART_MAX_RATE,
	PART_RSS,
	PART_PORT,
	PART_COUNT
};

/* Its key in JSON ("vlanQos"), its word in texts ("VLAN qos"), and the setting that it is a part of. */
const char *part_key(enum setting_part part);
const char *part_word(enum setting_part part);
enum setting part_setting(enum setting_part part);

/* PART of VALUE for people: as value_show(). */
struct value_text part_show(enum setting_part part, const struct value *value);

/* The name of a VLAN's protocol: "802.1Q", "802.1ad". */
const char *protocol_text(uint16_t proto);

/* Reads back what value_text() wrote. 0 or -EINVAL. */
int value_parse(enum setting setting, const char *text, struct value *ret);
