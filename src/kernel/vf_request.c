/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* VF settings asked for and set: kernel/vf.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "kernel/internal.h"
#include "kernel/port_message.h"
#include "kernel/vf.h"
#include "kernel/vf_message.h"

/* No kernel sends more about one link: its longest attribute has 64 KiB, and few of them are long. */
#define CAPTURE_MAX 0x100000

/* Reads what was captured of the link; as it would come from the kernel. */
static int read_captured(struct kernel *kernel, struct rtnl_link *link)
{
	struct kernel_path path;
	struct stat st;
	snprintf(path.s, sizeof(path.s), "vfassign/%d.rtnl", link->ifindex);
	cleanup_close int fd = openat(kernel->root, path.s, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > CAPTURE_MAX)
		return -EBADMSG;
	cleanup_free void *message = malloc((size_t)st.st_size + 1);
	if (!message)
		return -ENOMEM;
	ssize_t n = read(fd, message, (size_t)st.st_size);
	if (n < 0)
		return -errno;
	link->message = TAKE(message);
	link->length = (size_t)n;
	return 0;
}

/* Asks the kernel about the link. */
static int read_live(struct kernel *kernel, struct rtnl_link *link, struct kernel_words *words)
{
	_Alignas(struct nlmsghdr) char buf[VF_MESSAGE_SIZE];
	struct nlmsghdr *request = (struct nlmsghdr *)buf;
	vf_encode_list(buf, link->ifindex);
	int r = rtnl_request(&kernel->rtnl, request, link, words);
	if (r != -EMSGSIZE)
		return r;
	/*
	 * For a single link some kernels reckon too small an answer (InfiniBand, many VFs); in a dump there
	 * is room.
	 */
	request->nlmsg_flags |= NLM_F_DUMP;
	return rtnl_request(&kernel->rtnl, request, link, words);
}

int vf_list(struct kernel *kernel, int ifindex, struct vf_report **ret, size_t *ret_count,
	    struct kernel_words *words)
{
	words->s[0] = '\0';
	if (ifindex <= 0)
		return -ENODEV;
	struct rtnl_link link = { .ifindex = ifindex };
	int r = kernel->live ? read_live(kernel, &link, words) : read_captured(kernel, &link);
	cleanup_free void *message = link.message;
	return r < 0 ? r : vf_decode(message, link.length, ret, ret_count);
}

int vf_set(struct kernel *kernel, struct vf_target target, enum setting which, const struct value *value,
	   struct kernel_words *words)
{
	words->s[0] = '\0';
	int r = kernel_may_change(kernel);
	if (r < 0)
		return r;
	if (target.ifindex <= 0)
		return -ENODEV;
	_Alignas(struct nlmsghdr) char buf[VF_MESSAGE_SIZE];
	r = vf_encode(buf, target, which, value);
	return r < 0 ? r : rtnl_request(&kernel->rtnl, (struct nlmsghdr *)buf, NULL, words);
}

int port_set(struct kernel *kernel, struct vf_target target, enum port_request request,
	     const struct port *port, struct kernel_words *words)
{
	_Alignas(struct nlmsghdr) char buf[PORT_MESSAGE_SIZE];
	words->s[0] = '\0';
	int r = kernel_may_change(kernel);
	if (r == 0)
		r = target.ifindex > 0 ? port_encode(buf, target, request, port) : -ENODEV;
	return r < 0 ? r : rtnl_request(&kernel->rtnl, (struct nlmsghdr *)buf, NULL, words);
}
