/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netdev.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "base/file.h"
#include "base/folder.h"
#include "kernel/internal.h"

/* The number files of a netdev's folder. */
enum number { NUMBER_IFINDEX, NUMBER_MTU, NUMBER_FLAGS, NUMBER_ASSIGN_TYPE, NUMBER_DEV_PORT, NUMBER_COUNT };

/* What is read of a VF's netdev: it is no port of its card. */
#define VF_NUMBERS NUMBER_DEV_PORT

static const struct {
	const char *file;
	int base;
	uint64_t max;
} numbers[] = {
	[NUMBER_IFINDEX] = { "ifindex", 10, INT32_MAX },
	[NUMBER_MTU] = { "mtu", 10, UINT32_MAX },
	[NUMBER_FLAGS] = { "flags", 16, UINT32_MAX },
	[NUMBER_ASSIGN_TYPE] = { "addr_assign_type", 10, UINT8_MAX },
	[NUMBER_DEV_PORT] = { "dev_port", 10, UINT16_MAX },
};

static_assert(ARRAY_SIZE(numbers) == NUMBER_COUNT, "each number has a row");

/* Reads the netdev whose folder is DIR, all but its name. -ENODEV when it is on its way out. */
static int read_netdev(int dir, bool of_vf, struct netdev *ret)
{
	uint64_t number[NUMBER_COUNT] = { 0 };
	char address[128];
	struct netdev netdev = { 0 };
	for (size_t i = 0; i < (of_vf ? VF_NUMBERS : NUMBER_COUNT); i++) {
		int r = kernel_read_number(dir, numbers[i].file, numbers[i].base, numbers[i].max, &number[i]);
		/* sysfs answers EINVAL for a netdev that is being unregistered. */
		if (r < 0)
			return r == -EINVAL ? -ENODEV : r;
	}
	/* A number that is not there reads as 0, and no netdev has that index: the folder went away. */
	if (number[NUMBER_IFINDEX] == 0)
		return -ENODEV;
	/* Longer addresses (InfiniBand) are left out: they are never set here. */
	if (file_read(dir, "address", address, sizeof(address)) >= 0)
		mac_parse(address, &netdev.mac);
	/* EOPNOTSUPP where the driver knows none. */
	if (of_vf || file_read(dir, "phys_port_name", netdev.phys_port_name, sizeof(netdev.phys_port_name)) < 0)
		netdev.phys_port_name[0] = '\0';
	netdev.ifindex = (int)number[NUMBER_IFINDEX];
	netdev.mtu = (uint32_t)number[NUMBER_MTU];
	netdev.up = number[NUMBER_FLAGS] & IFF_UP;
	netdev.addr_assign_type = (uint8_t)number[NUMBER_ASSIGN_TYPE];
	netdev.dev_port = (uint16_t)number[NUMBER_DEV_PORT];
	*ret = netdev;
	return 0;
}

/* The netdevs of one device. */
struct scan {
	bool of_vf;
	struct netdev *list;
	size_t count;
	bool renamed; /* a name was not there any more when it was looked at */
};

/* Appends the netdev NAME of folder NET to SCAN. -ENOENT when it has another name by now, or is gone. */
static int append_netdev(int net, const char *name, struct scan *scan)
{
	struct netdev netdev;
	if (strlen(name) >= sizeof(netdev.name))
		return -ENAMETOOLONG;
	cleanup_close int dir = openat(net, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	int r = read_netdev(dir, scan->of_vf, &netdev);
	if (r < 0)
		return r == -ENODEV ? 0 : r;
	memcpy(netdev.name, name, strlen(name) + 1);
	struct netdev *more = reallocarray(scan->list, scan->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	scan->list = more;
	more[scan->count++] = netdev;
	return 0;
}

static int compare_netdevs(const void *a, const void *b)
{
	int left = ((const struct netdev *)a)->ifindex, right = ((const struct netdev *)b)->ifindex;
	return (left > right) - (left < right);
}

/* One pass over the net folder of DEVICE. */
static int scan_netdevs(int device, struct scan *scan)
{
	cleanup_folder struct folder folder = FOLDER_NONE;
	scan->count = 0;
	scan->renamed = false;
	int r = folder_open(device, "net", &folder);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (const char *name; (name = folder_next(&folder));) {
		r = append_netdev(folder.fd, name, scan);
		if (r < 0 && r != -ENOENT)
			return r;
		scan->renamed |= r == -ENOENT;
	}
	if (scan->count > 0)
		qsort(scan->list, scan->count, sizeof(*scan->list), compare_netdevs);
	return 0;
}

static void scan_done(struct scan *scan)
{
	free(scan->list);
}

int netdev_list(struct kernel *kernel, struct pci_address address, struct netdev **ret, size_t *ret_count)
{
	struct kernel_path path = kernel_pci_path(address, "");
	cleanup_close int device = openat(kernel->root, path.s, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (device < 0)
		return -errno;
	cleanup(scan_done) struct scan scan = { .of_vf = faccessat(device, "physfn", F_OK, 0) == 0,
						.renamed = true };
	/*
	 * udev renames a new netdev while it is being looked at; another name is never a reason to miss it.
	 */
	for (int tries = 0; scan.renamed && tries < 3; tries++) {
		int r = scan_netdevs(device, &scan);
		if (r < 0)
			return r;
	}
	if (faccessat(kernel->root, path.s, F_OK, 0) < 0)
		return -errno;
	*ret = TAKE(scan.list);
	*ret_count = scan.count;
	return 0;
}

static int put_mac(struct nlmsghdr *message, const struct value *value)
{
	mnl_attr_put(message, IFLA_ADDRESS, MAC_SIZE, value->mac.byte);
	return 0;
}

static int put_mtu(struct nlmsghdr *message, const struct value *value)
{
	mnl_attr_put_u32(message, IFLA_MTU, value->number);
	return 0;
}

static int put_name(struct nlmsghdr *message, const struct value *value)
{
	if (value->name[0] == '\0' || strlen(value->name) >= IFNAMSIZ)
		return -EINVAL;
	mnl_attr_put_strz(message, IFLA_IFNAME, value->name);
	return 0;
}

static int put_up(struct nlmsghdr *message, const struct value *value)
{
	struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
	link->ifi_change = IFF_UP;
	link->ifi_flags = value->flag ? IFF_UP : 0;
	return 0;
}

/* How each netdev setting is put into RTM_SETLINK; other settings have no function. */
static int (*const put[])(struct nlmsghdr *, const struct value *) = {
	[SETTING_NETDEV_MAC] = put_mac,
	[SETTING_NETDEV_MTU] = put_mtu,
	[SETTING_NETDEV_NAME] = put_name,
	[SETTING_NETDEV_UP] = put_up,
};

static_assert(ARRAY_SIZE(put) == SETTING_COUNT, "each netdev setting has a row");

int netdev_set(struct kernel *kernel, int ifindex, enum setting which, const struct value *value,
	       struct kernel_words *words)
{
	words->s[0] = '\0';
	int r = kernel_may_change(kernel);
	if (r < 0)
		return r;
	if (which >= SETTING_COUNT || !put[which] || !value->present)
		return -EINVAL;
	if (ifindex <= 0)
		return -ENODEV;
	_Alignas(struct nlmsghdr) char buf[256];
	struct nlmsghdr *message = rtnl_message(buf, RTM_SETLINK, NLM_F_ACK, ifindex);
	r = put[which](message, value);
	return r < 0 ? r : rtnl_request(&kernel->rtnl, message, NULL, words);
}

bool netdev_udev_settled(struct kernel *kernel, int ifindex)
{
	if (faccessat(kernel->root, "run/udev/control", F_OK, 0) < 0)
		return true;
	struct kernel_path path;
	snprintf(path.s, sizeof(path.s), "run/udev/data/n%d", ifindex);
	return faccessat(kernel->root, path.s, F_OK, 0) == 0;
}
