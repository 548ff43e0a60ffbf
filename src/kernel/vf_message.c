/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/vf_message.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "base/cleanup.h"
#include "kernel/attribute.h"
#include "kernel/port_message.h"
#include "kernel/rtnl.h"

/* A PF has no more: routing ids have 16 bits. */
#define VFS_MAX 0x10000

/* The payloads of all VF attributes handled here; each starts with the VF's index. */
union payload {
	uint32_t vf;
	struct ifla_vf_mac mac;
	struct ifla_vf_vlan vlan;
	struct ifla_vf_vlan_info vlan_info;
	struct ifla_vf_rate rate;
	struct ifla_vf_link_state link;
	struct ifla_vf_spoofchk spoofchk;
	struct ifla_vf_trust trust;
	struct ifla_vf_rss_query_en rss;
};

static bool encode_mac(const struct value *value, union payload *payload)
{
	memcpy(payload->mac.mac, value->mac.byte, MAC_SIZE);
	return true;
}

static bool decode_mac(const union payload *payload, struct value *ret)
{
	memcpy(ret->mac.byte, payload->mac.mac, MAC_SIZE);
	return true;
}

/* 802.1Q goes the old way: there are drivers that refuse the list for it. */
static bool encode_vlan(const struct value *value, union payload *payload)
{
	payload->vlan.vlan = value->vlan.id;
	payload->vlan.qos = value->vlan.qos;
	return value->vlan.proto == VLAN_PROTO_8021Q;
}

/* Values that could never be set again are as good as not reported. */
static bool vlan_from(uint32_t id, uint32_t qos, uint16_t proto, struct value *ret)
{
	if (id > VLAN_ID_MAX || qos > 7)
		return false;
	ret->vlan = (struct vlan){ (uint16_t)id, (uint8_t)qos, proto };
	return proto == VLAN_PROTO_8021Q || proto == VLAN_PROTO_8021AD;
}

static bool decode_vlan(const union payload *payload, struct value *ret)
{
	return vlan_from(payload->vlan.vlan, payload->vlan.qos, VLAN_PROTO_8021Q, ret);
}

static bool encode_vlan_info(const struct value *value, union payload *payload)
{
	payload->vlan_info.vlan = value->vlan.id;
	payload->vlan_info.qos = value->vlan.qos;
	payload->vlan_info.vlan_proto = htons(value->vlan.proto);
	return true;
}

static bool decode_vlan_info(const union payload *payload, struct value *ret)
{
	uint16_t proto = ntohs(payload->vlan_info.vlan_proto);
	/* Drivers that fill in the whole structure and know no protocol leave a zero. */
	return vlan_from(payload->vlan_info.vlan, payload->vlan_info.qos, proto ? proto : VLAN_PROTO_8021Q,
			 ret);
}

/* IFLA_VF_TX_RATE, which older programs use, knows no minimum: drivers would lose it. */
static bool encode_rate(const struct value *value, union payload *payload)
{
	payload->rate.min_tx_rate = value->rate.min;
	payload->rate.max_tx_rate = value->rate.max;
	return true;
}

static bool decode_rate(const union payload *payload, struct value *ret)
{
	ret->rate = (struct rate){ payload->rate.min_tx_rate, payload->rate.max_tx_rate };
	return true;
}

static bool encode_link(const struct value *value, union payload *payload)
{
	payload->link.link_state = (uint32_t)value->link;
	return true;
}

static bool decode_link(const union payload *payload, struct value *ret)
{
	ret->link = (enum vf_link)payload->link.link_state;
	return payload->link.link_state < VF_LINK_COUNT;
}

/* The kernel has all bits set where the driver said nothing. */
static bool decode_switch(uint32_t setting, struct value *ret)
{
	ret->flag = setting == 1;
	return setting <= 1;
}

static bool encode_spoofchk(const struct value *value, union payload *payload)
{
	payload->spoofchk.setting = value->flag;
	return true;
}

static bool decode_spoofchk(const union payload *payload, struct value *ret)
{
	return decode_switch(payload->spoofchk.setting, ret);
}

static bool encode_trust(const struct value *value, union payload *payload)
{
	payload->trust.setting = value->flag;
	return true;
}

static bool decode_trust(const union payload *payload, struct value *ret)
{
	return decode_switch(payload->trust.setting, ret);
}

static bool encode_rss(const struct value *value, union payload *payload)
{
	payload->rss.setting = value->flag;
	return true;
}

static bool decode_rss(const union payload *payload, struct value *ret)
{
	return decode_switch(payload->rss.setting, ret);
}

static_assert((int)VF_LINK_AUTO == IFLA_VF_LINK_STATE_AUTO && (int)VF_LINK_ENABLE == IFLA_VF_LINK_STATE_ENABLE &&
		      (int)VF_LINK_DISABLE == IFLA_VF_LINK_STATE_DISABLE,
	      "link states are numbered as the kernel does");

/*
 * The VF attributes. To set, the first row of the setting that takes the value is sent. To read, the last row
 * of the setting that is there counts: VLAN_LIST knows the protocol, VLAN does not.
 */
static const struct row {
	enum setting setting;
	uint16_t attribute;
	uint16_t nested; /* the payload stands in this attribute within the other; 0: directly */
	size_t size;     /* of the payload; a newer kernel may append to it */
	bool (*encode)(const struct value *value, union payload *payload); /* whether this row takes VALUE */
	bool (*decode)(const union payload *payload, struct value *ret); /* whether it is a value of the setting */
} rows[] = {
	{ SETTING_MAC, IFLA_VF_MAC, 0, sizeof(struct ifla_vf_mac), encode_mac, decode_mac },
	{ SETTING_VLAN, IFLA_VF_VLAN, 0, sizeof(struct ifla_vf_vlan), encode_vlan, decode_vlan },
	{ SETTING_VLAN, IFLA_VF_VLAN_LIST, IFLA_VF_VLAN_INFO, sizeof(struct ifla_vf_vlan_info),
	  encode_vlan_info, decode_vlan_info },
	{ SETTING_SPOOFCHK, IFLA_VF_SPOOFCHK, 0, sizeof(struct ifla_vf_spoofchk), encode_spoofchk,
	  decode_spoofchk },
	{ SETTING_TRUST, IFLA_VF_TRUST, 0, sizeof(struct ifla_vf_trust), encode_trust, decode_trust },
	{ SETTING_LINK, IFLA_VF_LINK_STATE, 0, sizeof(struct ifla_vf_link_state), encode_link, decode_link },
	{ SETTING_RATE, IFLA_VF_RATE, 0, sizeof(struct ifla_vf_rate), encode_rate, decode_rate },
	{ SETTING_RSS, IFLA_VF_RSS_QUERY_EN, 0, sizeof(struct ifla_vf_rss_query_en), encode_rss, decode_rss },
};

/* The VLAN has two; the port profile is no attribute of a VF, see kernel/port_message.h. */
static_assert(ARRAY_SIZE(rows) == SETTING_VF_LAST + 1, "each other VF setting has a row");

/* Puts what ROW says about PAYLOAD behind MESSAGE, in the nests the kernel wants around it. */
static void put_row(struct nlmsghdr *message, const struct row *row, const union payload *payload)
{
	struct nlattr *list = mnl_attr_nest_start(message, IFLA_VFINFO_LIST);
	struct nlattr *info = mnl_attr_nest_start(message, IFLA_VF_INFO);
	struct nlattr *outer = row->nested ? mnl_attr_nest_start(message, row->attribute) : NULL;
	mnl_attr_put(message, row->nested ? row->nested : row->attribute, row->size, payload);
	if (outer)
		mnl_attr_nest_end(message, outer);
	mnl_attr_nest_end(message, info);
	mnl_attr_nest_end(message, list);
}

int vf_encode(void *buf, struct vf_target target, enum setting which, const struct value *value)
{
	for (size_t i = 0; value->present && i < ARRAY_SIZE(rows); i++) {
		union payload payload;
		memset(&payload, 0, sizeof(payload));
		payload.vf = target.index;
		if (rows[i].setting != which || !rows[i].encode(value, &payload))
			continue;
		put_row(rtnl_message(buf, RTM_SETLINK, NLM_F_ACK, target.ifindex), &rows[i], &payload);
		return 0;
	}
	return -EINVAL;
}

void vf_encode_list(void *buf, int ifindex)
{
	struct nlmsghdr *message = rtnl_message(buf, RTM_GETLINK, 0, ifindex);
	/* Statistics of each VF are most of the answer, and slow: some drivers ask their firmware. */
	mnl_attr_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
}

/* Finds the payload of ROW in INFO, the attributes of one VF; .at is NULL without one. */
static int find_payload(struct span info, const struct row *row, struct span *ret)
{
	struct span found;
	int r = attribute_find(info, row->attribute, &found);
	if (r == 0 && row->nested && found.at)
		r = attribute_find(found, row->nested, &found);
	if (r < 0)
		return r;
	if (found.at && found.length < row->size)
		return -EBADMSG;
	*ret = found;
	return 0;
}

/* Decodes one VF. 1, 0 when nothing in it says which VF it is, or -EBADMSG. */
static int decode_info(struct span info, struct vf_report *report)
{
	bool known = false;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct span found;
		union payload payload;
		int r = find_payload(info, &rows[i], &found);
		if (r < 0)
			return r;
		if (!found.at)
			continue;
		memcpy(&payload, found.at, rows[i].size);
		if (known && payload.vf != report->index)
			return -EBADMSG;
		known = true;
		report->index = payload.vf;
		struct value *value = &report->settings.of[rows[i].setting];
		value->present = rows[i].decode(&payload, value);
	}
	return known;
}

/* The header of the attribute that SPAN starts with, all zero when there is none. */
static struct nlattr peek(struct span span)
{
	struct nlattr header = { 0 };
	if (span.length >= sizeof(header))
		memcpy(&header, span.at, sizeof(header));
	header.nla_type &= NLA_TYPE_MASK;
	return header;
}

/*
 * Whether the list of COUNT VFs that SPAN starts with is too long for the 16 bits of its length: the kernel then writes only
 * those, and where the list ends can no longer be told. All VFs of a PF are reported alike, so the first one tells how
 * much room they need.
 */
static bool is_cut_off(struct span span, uint32_t count)
{
	const size_t head = sizeof(struct nlattr);
	if (span.length < 2 * head)
		return false;
	struct nlattr first = peek((struct span){ span.at + head, span.length - head });
	return first.nla_type == IFLA_VF_INFO && head + (uint64_t)count * NLA_ALIGN(first.nla_len) > UINT16_MAX;
}

/* Finds the list of VFs in the message; .at is NULL when it has none. -EOVERFLOW when it is cut off. */
static int find_list(struct span message, struct span *ret)
{
	struct span left, payload, list = { 0 };
	uint32_t count = 0;
	uint16_t type;
	int r = attribute_link(message, RTM_NEWLINK, &left);
	if (r < 0)
		return r;
	do {
		if (peek(left).nla_type == IFLA_VFINFO_LIST && is_cut_off(left, count))
			return -EOVERFLOW;
		r = attribute_next(&left, &type, &payload);
		/* How many VFs there are stands before what they are. */
		if (r > 0 && type == IFLA_NUM_VF && payload.length >= sizeof(count))
			memcpy(&count, payload.at, sizeof(count));
		if (r > 0 && type == IFLA_VFINFO_LIST)
			list = payload;
	} while (r > 0);
	*ret = list;
	return r;
}

static int decode_list(struct span vfs, struct vf_report **ret, size_t *ret_count)
{
	cleanup_free struct vf_report *list = NULL;
	size_t count = 0, room = 0;
	struct span info;
	uint16_t type;
	int r;
	while ((r = attribute_next(&vfs, &type, &info)) > 0) {
		if (type != IFLA_VF_INFO)
			continue;
		if (count == room) {
			room = room ? 2 * room : 16;
			struct vf_report *more = reallocarray(list, room, sizeof(*list));
			if (!more)
				return -ENOMEM;
			list = more;
		}
		list[count] = (struct vf_report){ 0 };
		r = decode_info(info, &list[count]);
		if (r < 0)
			return r;
		count += r > 0;
	}
	if (r < 0)
		return r;
	*ret = TAKE(list);
	*ret_count = count;
	return 0;
}

/* A driver that has port profiles and tells nothing else of its VFs (enic): their number is told. */
static int count_list(struct span message, struct vf_report **ret, size_t *ret_count)
{
	struct span found;
	uint32_t number = 0;
	int r = attribute_find_in_link(message, RTM_NEWLINK, IFLA_NUM_VF, &found);
	if (r < 0 || !found.at)
		return r;
	if (found.length >= sizeof(number))
		memcpy(&number, found.at, sizeof(number));
	if (found.length < sizeof(number) || number > VFS_MAX)
		return -EBADMSG;
	*ret = calloc(number + 1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	for (uint32_t i = 0; i < number; i++)
		(*ret)[i].index = i;
	*ret_count = number;
	return 0;
}

static struct vf_report *find_report(struct vf_report *list, size_t count, uint32_t index)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].index == index)
			return &list[i];
	return NULL;
}

/* Tells the COUNT VFs of LIST their ports in PORTS: a VF that is not among them has none. */
static int apply_ports(struct span ports, struct vf_report *list, size_t count)
{
	cleanup_free struct port_report *reports = NULL;
	size_t report_count = 0;
	int r = port_decode(ports, &reports, &report_count);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		list[i].settings.of[SETTING_PORT] = value_port((struct port){ .kind = PORT_KIND_NONE });
	for (size_t i = 0; i < report_count; i++) {
		struct vf_report *report = find_report(list, count, reports[i].vf);
		if (report)
			report->settings.of[SETTING_PORT].port = reports[i].port;
	}
	return 0;
}

int vf_decode(const void *message, size_t length, struct vf_report **ret, size_t *ret_count)
{
	cleanup_free struct vf_report *list = NULL;
	size_t count = 0;
	struct span whole = { message, length }, vfs, ports = { 0 };
	int r = find_list(whole, &vfs);
	if (r == 0)
		r = decode_list(vfs, &list, &count);
	if (r == 0)
		r = attribute_find_in_link(whole, RTM_NEWLINK, IFLA_VF_PORTS, &ports);
	if (r == 0 && ports.at && !vfs.at)
		r = count_list(whole, &list, &count);
	if (r == 0 && ports.at)
		r = apply_ports(ports, list, count);
	if (r < 0)
		return r;
	*ret = TAKE(list);
	*ret_count = count;
	return 0;
}
