/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the host does with a netdev: kernel/netdev.h. */

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "kernel/internal.h"
#include "kernel/netdev.h"

/* "upper_br0" is the link of a netdev that stands on br0. */
#define UPPER "upper_"

/* Finds what the netdev is a part of: a bridge, a bond, a VLAN device on it. */
static int find_upper(struct kernel *kernel, const struct netdev *netdev, struct netdev_use *ret)
{
	struct kernel_path path;
	cleanup_folder DIR *folder = NULL;
	snprintf(path.s, sizeof(path.s), "sys/class/net/%s", netdev->name);
	int r = kernel_open_folder(kernel->root, path.s, &folder);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (const struct dirent *entry; (entry = readdir(folder));)
		if (strncmp(entry->d_name, UPPER, strlen(UPPER)) == 0)
			snprintf(ret->s, sizeof(ret->s), "%.64s stands on it", entry->d_name + strlen(UPPER));
	return 0;
}

/* ADDRESS as text, unless the kernel or the link gave it without anybody's asking: those are "". */
static void address_text(const struct sockaddr *address, char *buf, socklen_t size)
{
	buf[0] = '\0';
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof(in));
		if (ntohl(in.sin_addr.s_addr) >> 16 != 0xa9fe)
			inet_ntop(AF_INET, &in.sin_addr, buf, size);
	} else if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, address, sizeof(in6));
		if (!IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr))
			inet_ntop(AF_INET6, &in6.sin6_addr, buf, size);
	}
}

static int find_address(const struct netdev *netdev, struct netdev_use *ret)
{
	struct ifaddrs *all = NULL;
	if (getifaddrs(&all) < 0)
		return -errno;
	for (const struct ifaddrs *each = all; each; each = each->ifa_next) {
		char text[INET6_ADDRSTRLEN];
		if (!each->ifa_addr || strcmp(each->ifa_name, netdev->name) != 0)
			continue;
		address_text(each->ifa_addr, text, sizeof(text));
		if (text[0])
			snprintf(ret->s, sizeof(ret->s), "it has the address %s", text);
	}
	freeifaddrs(all);
	return 0;
}

int netdev_use(struct kernel *kernel, const struct netdev *netdev, struct netdev_use *ret)
{
	ret->s[0] = '\0';
	int r = find_upper(kernel, netdev, ret);
	/* The addresses of a captured host were not captured. */
	if (r == 0 && !ret->s[0] && kernel_is_live(kernel))
		r = find_address(netdev, ret);
	return r;
}
