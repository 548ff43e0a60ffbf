/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The switches in network cards, and whose ports netdevs are: kernel/netdev.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/folder.h"
#include "kernel/internal.h"
#include "kernel/netdev.h"

#define NET "sys/class/net"

/* Reads FILE of netdev NAME: "" where the driver knows nothing of the kind (EOPNOTSUPP), or the netdev is gone. */
static void read_text(int net, const char *name, const char *file, char *buf, size_t size)
{
	struct kernel_path path;
	snprintf(path.s, sizeof(path.s), "%.*s/%s", NAME_SIZE - 1, name, file);
	if (file_read(net, path.s, buf, size) < 0)
		buf[0] = '\0';
}

/* Appends netdev NAME when it belongs to switch ID. */
static int append_port(int net, const char *name, const char *id, struct switch_port **list, size_t *count)
{
	struct port_id its = { "" };
	read_text(net, name, "phys_switch_id", its.s, sizeof(its.s));
	if (strcmp(its.s, id) != 0 || strlen(name) >= sizeof((*list)->netdev))
		return 0;
	struct switch_port *more = reallocarray(*list, *count + 1, sizeof(**list));
	if (!more)
		return -ENOMEM;
	*list = more;
	struct switch_port *port = &more[(*count)++];
	memcpy(port->netdev, name, strlen(name) + 1);
	read_text(net, name, "phys_port_name", port->name, sizeof(port->name));
	return 0;
}

static int compare_ports(const void *a, const void *b)
{
	return strcmp(((const struct switch_port *)a)->netdev, ((const struct switch_port *)b)->netdev);
}

/* All netdevs of switch ID. */
static int scan_ports(struct kernel *kernel, const char *id, struct switch_port **ret, size_t *ret_count)
{
	cleanup_folder struct folder folder = FOLDER_NONE;
	cleanup_free struct switch_port *list = NULL;
	size_t count = 0;
	int r = folder_open(kernel->root, NET, &folder);
	if (r < 0)
		return r;
	for (const char *name; (name = folder_next(&folder));) {
		r = append_port(folder.fd, name, id, &list, &count);
		if (r < 0)
			return r;
	}
	if (count > 0)
		qsort(list, count, sizeof(*list), compare_ports);
	*ret = TAKE(list);
	*ret_count = count;
	return 0;
}

struct port_id netdev_port_id(struct kernel *kernel, const struct netdev *netdev)
{
	struct port_id id = { "" };
	cleanup_close int net = openat(kernel->root, NET, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (net >= 0)
		read_text(net, netdev->name, "phys_port_id", id.s, sizeof(id.s));
	return id;
}

int netdev_switch_ports(struct kernel *kernel, const struct netdev *netdev, struct switch_port **ret,
			size_t *ret_count)
{
	struct port_id id = { "" };
	*ret = NULL;
	*ret_count = 0;
	cleanup_close int net = openat(kernel->root, NET, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (net < 0)
		return errno == ENOENT ? 0 : -errno;
	read_text(net, netdev->name, "phys_switch_id", id.s, sizeof(id.s));
	/* Most cards have no switch that tells of itself: then no other netdev is looked at. */
	return id.s[0] ? scan_ports(kernel, id.s, ret, ret_count) : 0;
}
