/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/port_message.h"

#include <assert.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "base/cleanup.h"
#include "kernel/rtnl.h"

static_assert((int)PORT_ASSOCIATE == (int)PORT_REQUEST_ASSOCIATE, "the kernel's numbers");
static_assert((int)PORT_DISASSOCIATE == (int)PORT_REQUEST_DISASSOCIATE, "the kernel's numbers");

static_assert(PORT_PROFILE_SIZE == PORT_PROFILE_MAX, "the kernel's size of a profile's name");
static_assert(PORT_IN_PROGRESS == (int)PORT_PROFILE_RESPONSE_INPROGRESS, "the kernel's word for it");

static bool is_nil(struct uuid uuid)
{
	return uuid_equal(uuid, (struct uuid){ 0 });
}

/* enic takes no name that is not exactly as long as it can be, NULs included; and the end with nothing beside it. */
static void put_8021qbh(struct nlmsghdr *message, uint32_t vf, enum port_request request,
			const struct port *port)
{
	struct nlattr *ports = mnl_attr_nest_start(message, IFLA_VF_PORTS);
	struct nlattr *one = mnl_attr_nest_start(message, IFLA_VF_PORT);
	mnl_attr_put_u32(message, IFLA_PORT_VF, vf);
	if (request != PORT_DISASSOCIATE) {
		mnl_attr_put(message, IFLA_PORT_PROFILE, sizeof(port->profile), port->profile);
		mnl_attr_put(message, IFLA_PORT_INSTANCE_UUID, UUID_SIZE, port->instance.byte);
		if (!is_nil(port->host))
			mnl_attr_put(message, IFLA_PORT_HOST_UUID, UUID_SIZE, port->host.byte);
	}
	mnl_attr_put_u8(message, IFLA_PORT_REQUEST, (uint8_t)request);
	mnl_attr_nest_end(message, one);
	mnl_attr_nest_end(message, ports);
}

/* lldpad finds an association by all of its numbers, so the end names them, too. */
static void put_8021qbg(struct nlmsghdr *message, enum port_request request, const struct port *port)
{
	struct ifla_vf_mac mac = { .vf = (uint32_t)PORT_SELF_VF };
	struct ifla_vf_vlan vlan = { .vf = (uint32_t)PORT_SELF_VF, .vlan = port->vlan, .qos = port->qos };
	struct ifla_port_vsi type = {
		.vsi_mgr_id = port->manager,
		.vsi_type_id = { (uint8_t)port->type_id, (uint8_t)(port->type_id >> 8),
				 (uint8_t)(port->type_id >> 16) },
		.vsi_type_version = port->version,
	};
	memcpy(mac.mac, port->mac.byte, MAC_SIZE);
	struct nlattr *list = mnl_attr_nest_start(message, IFLA_VFINFO_LIST);
	struct nlattr *info = mnl_attr_nest_start(message, IFLA_VF_INFO);
	mnl_attr_put(message, IFLA_VF_MAC, sizeof(mac), &mac);
	mnl_attr_put(message, IFLA_VF_VLAN, sizeof(vlan), &vlan);
	mnl_attr_nest_end(message, info);
	mnl_attr_nest_end(message, list);
	struct nlattr *ports = mnl_attr_nest_start(message, IFLA_VF_PORTS);
	struct nlattr *one = mnl_attr_nest_start(message, IFLA_VF_PORT);
	mnl_attr_put(message, IFLA_PORT_VSI_TYPE, sizeof(type), &type);
	mnl_attr_put(message, IFLA_PORT_INSTANCE_UUID, UUID_SIZE, port->instance.byte);
	mnl_attr_put_u8(message, IFLA_PORT_REQUEST, (uint8_t)request);
	mnl_attr_nest_end(message, one);
	mnl_attr_nest_end(message, ports);
}

int port_encode(void *buf, struct vf_target target, enum port_request request, const struct port *port)
{
	if (port->kind == PORT_KIND_NONE)
		return -EINVAL;
	/* What stands between a byte and the next attribute must not be what stood there before. */
	memset(buf, 0, PORT_MESSAGE_SIZE);
	struct nlmsghdr *message = rtnl_message(buf, RTM_SETLINK, NLM_F_ACK, target.ifindex);
	if (port->kind == PORT_KIND_8021QBH)
		put_8021qbh(message, target.index, request, port);
	else
		put_8021qbg(message, request, port);
	return 0;
}

/* The attributes of one port; .at is NULL for those that are not there. */
struct attributes {
	struct span of[IFLA_PORT_MAX + 1];
};

static int find_all(struct span port, struct attributes *ret)
{
	struct span payload;
	uint16_t type;
	int r;
	while ((r = attribute_next(&port, &type, &payload)) > 0)
		if (type <= IFLA_PORT_MAX)
			ret->of[type] = payload;
	return r;
}

/* A number of whatever size it was sent in: enic's request has two bytes where one is defined. */
static int number(struct span payload, uint32_t *ret)
{
	uint8_t one;
	uint16_t two;
	switch (payload.length) {
	case sizeof(one):
		*ret = *payload.at;
		return 0;
	case sizeof(two):
		memcpy(&two, payload.at, sizeof(two));
		*ret = two;
		return 0;
	case sizeof(*ret):
		memcpy(ret, payload.at, sizeof(*ret));
		return 0;
	default:
		return -EBADMSG;
	}
}

static struct uuid uuid_from(struct span payload)
{
	struct uuid uuid = { 0 };
	if (payload.at && payload.length == UUID_SIZE)
		memcpy(uuid.byte, payload.at, UUID_SIZE);
	return uuid;
}

/* Drivers and lldpad have each their word for success. */
static uint16_t response_from(uint32_t response, uint32_t request)
{
	if (response != PORT_PROFILE_RESPONSE_SUCCESS && response != PORT_VDP_RESPONSE_SUCCESS)
		return (uint16_t)response;
	return request < PORT_ASSOCIATE ? PORT_PREASSOCIATED : PORT_SUCCESS;
}

static void profile_from(struct span payload, char profile[PORT_PROFILE_SIZE])
{
	size_t most = payload.length < PORT_PROFILE_SIZE ? payload.length : PORT_PROFILE_SIZE - 1;
	if (payload.at)
		memcpy(profile, payload.at, strnlen((const char *)payload.at, most));
}

static int decode_one(struct span port, struct port_report *ret)
{
	struct attributes attributes = { 0 };
	const struct span *of = attributes.of;
	/* lldpad names no request, because it lists what is associated; and no response while there is none. */
	uint32_t request = PORT_ASSOCIATE, response = PORT_IN_PROGRESS;
	*ret = (struct port_report){ 0 };
	int r = find_all(port, &attributes);
	if (r == 0)
		r = of[IFLA_PORT_VF].at ? number(of[IFLA_PORT_VF], &ret->vf) : -EBADMSG;
	if (r == 0 && of[IFLA_PORT_REQUEST].at)
		r = number(of[IFLA_PORT_REQUEST], &request);
	if (r == 0 && of[IFLA_PORT_RESPONSE].at)
		r = number(of[IFLA_PORT_RESPONSE], &response);
	if (r < 0)
		return r;
	ret->port.response = response_from(response, request);
	if (request == PORT_DISASSOCIATE)
		return 0;
	ret->port.kind = ret->vf == (uint32_t)PORT_SELF_VF ? PORT_KIND_8021QBG : PORT_KIND_8021QBH;
	ret->port.instance = uuid_from(of[IFLA_PORT_INSTANCE_UUID]);
	ret->port.host = uuid_from(of[IFLA_PORT_HOST_UUID]);
	profile_from(of[IFLA_PORT_PROFILE], ret->port.profile);
	return 0;
}

int port_decode(struct span ports, struct port_report **ret, size_t *ret_count)
{
	cleanup_free struct port_report *list = NULL;
	size_t count = 0;
	struct span port;
	uint16_t type;
	int r;
	while ((r = attribute_next(&ports, &type, &port)) > 0) {
		if (type != IFLA_VF_PORT)
			continue;
		struct port_report *more = reallocarray(list, count + 1, sizeof(*list));
		if (!more)
			return -ENOMEM;
		list = more;
		r = decode_one(port, &list[count++]);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	*ret = TAKE(list);
	*ret_count = count;
	return 0;
}
