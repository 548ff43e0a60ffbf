/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The least that giving VFs out and back can be: one thread that makes, one VF after the other, only the calls without
 * which the kernel would not do it. It checks nothing, remembers nothing on disk, reads nothing back, and cannot undo.
 *
 * usage: engine-floor prepare|release PF-IFINDEX:VF-INDEX:PCI-ADDRESS/NETDEV-MAC…
 *
 * prepare sets MAC and VLAN through the PF and moves the VF to vfio-pci. release takes both away, moves it back to igbvf,
 * and gives the new netdev its old MAC, because igbvf invents one at each probe. Prints the microseconds from the start of
 * main() to the end of the last call.
 */

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct vf {
	int pf;
	unsigned index;
	char address[32];
	unsigned char netdev_mac[6];
};

/* Room for one message with one attribute of one VF. */
struct message {
	struct nlmsghdr header;
	struct ifinfomsg link;
	char attributes[128];
};

static int netlink;

static void check(int result, const char *what, const char *object)
{
	if (result >= 0)
		return;
	fprintf(stderr, "engine-floor: %s %s: %s\n", what, object, strerror(errno));
	exit(1);
}

static struct rtattr *add(struct message *message, unsigned short type, const void *data, size_t size)
{
	struct rtattr *attribute = (struct rtattr *)((char *)message + NLMSG_ALIGN(message->header.nlmsg_len));
	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), data, size);
	message->header.nlmsg_len = NLMSG_ALIGN(message->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
	return attribute;
}

static void end(const struct message *message, struct rtattr *nest)
{
	nest->rta_len = (unsigned short)((const char *)message + message->header.nlmsg_len - (char *)nest);
}

static void start(struct message *message, int ifindex)
{
	memset(message, 0, sizeof(*message));
	message->header = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(sizeof(message->link)),
					     .nlmsg_type = RTM_SETLINK,
					     .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK };
	message->link.ifi_index = ifindex;
}

/* Sends it and takes the acknowledgement. */
static void send_message(const struct message *message, const char *what, const char *object)
{
	char answer[1024];
	check((int)send(netlink, message, message->header.nlmsg_len, 0), what, object);
	check((int)recv(netlink, answer, sizeof(answer), 0), what, object);
	errno = -((struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)answer))->error;
	check(errno ? -1 : 0, what, object);
}

static void set_vf(const struct vf *vf, unsigned short type, const void *data, size_t size)
{
	struct message message;
	start(&message, vf->pf);
	struct rtattr *list = add(&message, IFLA_VFINFO_LIST, NULL, 0);
	struct rtattr *info = add(&message, IFLA_VF_INFO, NULL, 0);
	add(&message, type, data, size);
	end(&message, info);
	end(&message, list);
	send_message(&message, "set", vf->address);
}

static void set_mac_and_vlan(const struct vf *vf, const unsigned char mac[6], unsigned id)
{
	struct ifla_vf_mac vf_mac = { .vf = vf->index };
	struct ifla_vf_vlan vlan = { .vf = vf->index, .vlan = id };
	memcpy(vf_mac.mac, mac, 6);
	set_vf(vf, IFLA_VF_MAC, &vf_mac, sizeof(vf_mac));
	set_vf(vf, IFLA_VF_VLAN, &vlan, sizeof(vlan));
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	check(fd, "open", path);
	check((int)write(fd, text, strlen(text)), "write", path);
	close(fd);
}

static void write_device(const struct vf *vf, const char *file, const char *text)
{
	char path[128];
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", vf->address, file);
	write_file(path, text);
}

static void bind_to(const struct vf *vf, const char *driver)
{
	write_device(vf, "driver_override", driver);
	write_device(vf, "driver/unbind", vf->address);
	write_file("/sys/bus/pci/drivers_probe", vf->address);
}

static void set_netdev_mac(const struct vf *vf)
{
	char path[128];
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/net", vf->address);
	DIR *dir = opendir(path);
	check(dir ? 0 : -1, "open", path);
	const struct dirent *entry;
	do
		entry = readdir(dir);
	while (entry && entry->d_name[0] == '.');
	check(entry ? 0 : -1, "find netdev of", vf->address);
	struct message message;
	start(&message, (int)if_nametoindex(entry->d_name));
	closedir(dir);
	add(&message, IFLA_ADDRESS, vf->netdev_mac, sizeof(vf->netdev_mac));
	send_message(&message, "set MAC of the netdev of", vf->address);
}

static void prepare(const struct vf *vf)
{
	unsigned char mac[6] = { 0x02, 0, 0, 0xbe, (unsigned char)vf->pf, (unsigned char)vf->index };
	set_mac_and_vlan(vf, mac, 42);
	bind_to(vf, "vfio-pci");
}

static void release(const struct vf *vf)
{
	static const unsigned char none[6];
	set_mac_and_vlan(vf, none, 0);
	bind_to(vf, "igbvf");
	write_device(vf, "driver_override", "\n");
	set_netdev_mac(vf);
}

static void read_vf(const char *text, struct vf *vf)
{
	unsigned mac[6];
	if (sscanf(text, "%d:%u:%31[^/]/%x:%x:%x:%x:%x:%x", &vf->pf, &vf->index, vf->address, &mac[0],
		   &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]) != 9) {
		fprintf(stderr, "engine-floor: not PF:VF:ADDRESS/MAC: %s\n", text);
		exit(2);
	}
	for (int i = 0; i < 6; i++)
		vf->netdev_mac[i] = (unsigned char)mac[i];
}

int main(int argc, char **argv)
{
	struct timespec from, to;
	clock_gettime(CLOCK_MONOTONIC, &from);
	int prepares = argc > 2 && strcmp(argv[1], "prepare") == 0;
	netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	check(netlink, "open", "rtnetlink");
	for (int i = 2; i < argc; i++) {
		struct vf vf;
		read_vf(argv[i], &vf);
		if (prepares)
			prepare(&vf);
		else
			release(&vf);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%ld\n", (to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000);
	return 0;
}
