/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the host does with a netdev: kernel/netdev.h. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <libmnl/libmnl.h>

#include "base/file.h"
#include "base/folder.h"
#include "kernel/internal.h"
#include "kernel/netdev.h"
#include "kernel/use_message.h"

/* "upper_br0" is the link of a netdev that stands on br0. */
#define UPPER "upper_"

#define TIMEOUT_S 2

/* The kernel puts no more than this into one part of a long answer. */
#define ANSWER_SIZE 32768

/* What is asked, each about one netdev. */
static const struct {
	uint16_t type;
	uint8_t family;
} questions[] = {
	{ RTM_GETADDR, AF_INET },
	{ RTM_GETADDR, AF_INET6 },
	{ RTM_GETROUTE, AF_INET },
	{ RTM_GETROUTE, AF_INET6 },
};

/* Finds what the netdev is a part of: a bridge, a bond, a VLAN device on it. */
static int find_upper(struct kernel *kernel, const struct netdev *netdev, struct netdev_use *ret)
{
	struct kernel_path path;
	char master[NAME_SIZE] = "";
	cleanup_folder struct folder folder = FOLDER_NONE;
	snprintf(path.s, sizeof(path.s), "sys/class/net/%s", netdev->name);
	int r = folder_open(kernel->root, path.s, &folder);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (const char *name; (name = folder_next(&folder));)
		if (strncmp(name, UPPER, strlen(UPPER)) == 0)
			snprintf(ret->upper, sizeof(ret->upper), "%.*s", NAME_SIZE - 1, name + strlen(UPPER));
	ret->has_master = file_link_name(folder.fd, "master", master, sizeof(master)) == 0;
	if (ret->has_master)
		memcpy(ret->upper, master, sizeof(master));
	return 0;
}

/* What the address or route at BYTES is by its first bytes alone. */
static bool is_link_local(uint8_t family, const uint8_t *bytes)
{
	return family == AF_INET ? bytes[0] == 169 && bytes[1] == 254 :
				   bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

static bool is_multicast(uint8_t family, const uint8_t *bytes)
{
	return family == AF_INET ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff;
}

/* The address that ATTRIBUTE holds, when it is whole, else NULL. */
static const uint8_t *address_of(const struct nlattr *attribute, uint8_t family)
{
	size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
	if (!attribute || (family != AF_INET && family != AF_INET6) ||
	    mnl_attr_get_payload_len(attribute) < size)
		return NULL;
	return mnl_attr_get_payload(attribute);
}

/* The attribute TYPE of MESSAGE, whose attributes start behind OFFSET bytes; NULL when there is none. */
static const struct nlattr *find_attribute(const struct nlmsghdr *message, unsigned offset, uint16_t type)
{
	struct nlattr *attribute;
	mnl_attr_for_each(attribute, message, offset) {
		if (mnl_attr_get_type(attribute) == type)
			return attribute;
	}
	return NULL;
}

/* The number in attribute TYPE, or OTHERWISE. */
static uint32_t find_number(const struct nlmsghdr *message, unsigned offset, uint16_t type, uint32_t otherwise)
{
	const struct nlattr *attribute = find_attribute(message, offset, type);
	return attribute && mnl_attr_get_payload_len(attribute) >= sizeof(uint32_t) ?
		       mnl_attr_get_u32(attribute) :
		       otherwise;
}

static void take_address(const struct nlmsghdr *message, int ifindex, struct netdev_use *use)
{
	const struct ifaddrmsg *head = mnl_nlmsg_get_payload(message);
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*head) || (int)head->ifa_index != ifindex)
		return;
	/* Where the peer has an address, too, IFA_ADDRESS is the peer's. */
	const struct nlattr *attribute = find_attribute(message, sizeof(*head), IFA_LOCAL);
	if (!attribute)
		attribute = find_attribute(message, sizeof(*head), IFA_ADDRESS);
	const uint8_t *address = address_of(attribute, head->ifa_family);
	if (address && !is_link_local(head->ifa_family, address))
		inet_ntop(head->ifa_family, address, use->address, sizeof(use->address));
}

/* Writes where the route goes, as ip-route(8) takes it: "default", "10.1.0.0/16". */
static void destination_text(const struct rtmsg *head, const uint8_t *destination, char *buf, size_t size)
{
	char text[INET6_ADDRSTRLEN] = "default";
	if (destination)
		inet_ntop(head->rtm_family, destination, text, sizeof(text));
	if (destination)
		snprintf(buf, size, "%s/%u", text, head->rtm_dst_len);
	else
		snprintf(buf, size, "%s", text);
}

static void take_route(const struct nlmsghdr *message, int ifindex, struct netdev_use *use)
{
	const struct rtmsg *head = mnl_nlmsg_get_payload(message);
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*head))
		return;
	/* A kernel that was asked for one netdev's says so; of a route with several next hops that one counts, too. */
	if (!(message->nlmsg_flags & NLM_F_DUMP_FILTERED) &&
	    find_number(message, sizeof(*head), RTA_OIF, 0) != (uint32_t)ifindex)
		return;
	const uint8_t *destination = address_of(find_attribute(message, sizeof(*head), RTA_DST),
						head->rtm_family);
	bool by_kernel = head->rtm_protocol == RTPROT_KERNEL;
	if (by_kernel && destination &&
	    (is_link_local(head->rtm_family, destination) || is_multicast(head->rtm_family, destination)))
		return;
	/* What somebody asked for says more than what came with it. */
	if (use->route[0] && (by_kernel || !use->route_by_kernel))
		return;
	destination_text(head, destination, use->route, sizeof(use->route));
	use->route_by_kernel = by_kernel;
	use->route_ipv6 = head->rtm_family == AF_INET6;
	use->route_table = find_number(message, sizeof(*head), RTA_TABLE, head->rtm_table);
}

void use_decode(const struct nlmsghdr *message, int ifindex, struct netdev_use *use)
{
	if (message->nlmsg_type == RTM_NEWADDR)
		take_address(message, ifindex, use);
	else if (message->nlmsg_type == RTM_NEWROUTE)
		take_route(message, ifindex, use);
}

struct taking {
	int ifindex;
	struct netdev_use *use;
};

static int take(const struct nlmsghdr *message, void *data)
{
	const struct taking *taking = data;
	use_decode(message, taking->ifindex, taking->use);
	return MNL_CB_OK;
}

/* Starts question WHICH about netdev IFINDEX in BUF. */
static struct nlmsghdr *ask(void *buf, size_t which, int ifindex)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	message->nlmsg_type = questions[which].type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	message->nlmsg_seq = (uint32_t)which + 1;
	if (message->nlmsg_type == RTM_GETADDR) {
		struct ifaddrmsg *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));
		head->ifa_family = questions[which].family;
		head->ifa_index = (uint32_t)ifindex;
	} else {
		struct rtmsg *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));
		head->rtm_family = questions[which].family;
		mnl_attr_put_u32(message, RTA_OIF, (uint32_t)ifindex);
	}
	return message;
}

/* Asks question WHICH on S and takes in the answer. */
static int ask_and_take(struct mnl_socket *s, size_t which, struct taking *taking)
{
	_Alignas(struct nlmsghdr) char request[128], answer[ANSWER_SIZE];
	struct nlmsghdr *message = ask(request, which, taking->ifindex);
	if (mnl_socket_sendto(s, message, message->nlmsg_len) < 0)
		return -errno;
	int r = MNL_CB_OK;
	while (r > MNL_CB_STOP) {
		ssize_t n = mnl_socket_recvfrom(s, answer, sizeof(answer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		r = mnl_cb_run(answer, (size_t)n, (unsigned)which + 1, mnl_socket_get_portid(s), take, taking);
	}
	/* A kernel without a protocol has no addresses and routes of it; nor has a netdev that went away meanwhile. */
	bool none = errno == EOPNOTSUPP || errno == EAFNOSUPPORT || errno == ENODEV;
	return r == MNL_CB_STOP || none ? 0 : -errno;
}

void use_close(struct kernel *kernel)
{
	if (kernel->use)
		mnl_socket_close(kernel->use);
	kernel->use = NULL;
}

/*
 * The socket is one of our own: only on a strict one the kernel itself picks what belongs to the netdev, rather than to
 * send a routing table that may have a million routes.
 */
static int use_open(struct kernel *kernel)
{
	static const int on = 1;
	static const struct timeval limit = { .tv_sec = TIMEOUT_S };
	if (kernel->use)
		return 0;
	kernel->use = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!kernel->use || mnl_socket_bind(kernel->use, 0, MNL_SOCKET_AUTOPID) < 0) {
		int r = -errno;
		use_close(kernel);
		return r;
	}
	setsockopt(mnl_socket_get_fd(kernel->use), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	setsockopt(mnl_socket_get_fd(kernel->use), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return 0;
}

/* Asks the kernel. */
static int find_traffic(struct kernel *kernel, const struct netdev *netdev, struct netdev_use *use)
{
	struct taking taking = { netdev->ifindex, use };
	int r = use_open(kernel);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(questions); i++)
		/* Routes go when their netdev goes down. */
		if (netdev->up || questions[i].type != RTM_GETROUTE)
			r = ask_and_take(kernel->use, i, &taking);
	/* What comes too late must not be taken for the answer to the next question. */
	if (r < 0) {
		use_close(kernel);
		return r;
	}
	/* It goes with the address. */
	if (use->address[0] && use->route_by_kernel)
		use->route[0] = '\0';
	return 0;
}

int netdev_use(struct kernel *kernel, const struct netdev *netdev, struct netdev_use *ret)
{
	*ret = (struct netdev_use){ 0 };
	int r = find_upper(kernel, netdev, ret);
	/* The addresses and routes of a captured host were not captured. */
	return r < 0 || !kernel_is_live(kernel) ? r : find_traffic(kernel, netdev, ret);
}

bool netdev_libvirt_state(struct kernel *kernel, const char *pf, uint32_t index)
{
	char path[64 + NAME_SIZE];
	snprintf(path, sizeof(path), "run/libvirt/hostdevmgr/%s_vf%u", pf, index);
	return faccessat(kernel->root, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
