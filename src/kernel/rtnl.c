/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/rtnl.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <libmnl/libmnl.h>

#include "base/cleanup.h"

#define TIMEOUT_MS 2000
#define TRIES 3
/* Room for a full list of VFs (64 KiB) and what stands beside it. */
#define BUFFER_SIZE (128 << 10)

void rtnl_init(struct rtnl *rtnl)
{
	*rtnl = (struct rtnl){ .lock = PTHREAD_MUTEX_INITIALIZER };
}

void rtnl_done(struct rtnl *rtnl)
{
	if (rtnl->socket)
		mnl_socket_close(rtnl->socket);
	free(rtnl->buf);
	pthread_mutex_destroy(&rtnl->lock);
}

struct nlmsghdr *rtnl_message(void *buf, uint16_t type, uint16_t flags, int ifindex)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	message->nlmsg_type = type;
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	link->ifi_family = AF_UNSPEC;
	link->ifi_index = ifindex;
	return message;
}

static int buffer_grow(struct rtnl *rtnl, size_t size)
{
	if (size <= rtnl->size)
		return 0;
	uint8_t *buf = realloc(rtnl->buf, size);
	if (!buf)
		return -ENOMEM;
	rtnl->buf = buf;
	rtnl->size = size;
	return 0;
}

static int socket_open(struct rtnl *rtnl)
{
	if (rtnl->socket)
		return 0;
	int r = buffer_grow(rtnl, BUFFER_SIZE);
	if (r < 0)
		return r;
	struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!s)
		return -errno;
	int on = 1;
	/* Both only make answers better; kernels that lack them answer all the same. */
	mnl_socket_setsockopt(s, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(s, NETLINK_CAP_ACK, &on, sizeof(on));
	if (mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) < 0) {
		r = -errno;
		mnl_socket_close(s);
		return r;
	}
	rtnl->socket = s;
	/* Not 0: that is what messages nobody asked for carry. */
	rtnl->sequence = 1;
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until FD can be read. */
static int wait_readable(int fd, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - now_ms();
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int n = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (n > 0)
			return 0;
		if (n == 0)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

/*
 * Reads the next datagram from the kernel into the buffer. Its length or a negative errno: -ENOBUFS when it was too long for
 * the buffer, which now has room for it. It is looked for before it is waited for: rtnetlink answers within the sending call.
 */
static ssize_t receive(struct rtnl *rtnl, int64_t deadline)
{
	int fd = mnl_socket_get_fd(rtnl->socket);
	for (;;) {
		struct sockaddr_nl from = { 0 };
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(fd, rtnl->buf, rtnl->size, MSG_TRUNC | MSG_DONTWAIT,
				     (struct sockaddr *)&from, &size);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		int r = n < 0 ? wait_readable(fd, deadline) : 0;
		if (r < 0)
			return r;
		if (n < 0 || from.nl_pid != 0)
			continue;
		if ((size_t)n <= rtnl->size)
			return n;
		r = buffer_grow(rtnl, (size_t)n);
		return r < 0 ? r : -ENOBUFS;
	}
}

static int keep_words(const struct nlattr *attribute, void *data)
{
	struct kernel_words *words = data;
	if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG)
		snprintf(words->s, sizeof(words->s), "%.*s", mnl_attr_get_payload_len(attribute),
			 (const char *)mnl_attr_get_payload(attribute));
	return MNL_CB_OK;
}

int rtnl_error(const struct nlmsghdr *message, struct kernel_words *words)
{
	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct nlmsgerr))
		return -EBADMSG;
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);
	size_t offset = sizeof(*error);
	/* Without NETLINK_CAP_ACK the whole request stands between the errno and the attributes. */
	if (!(message->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len > sizeof(error->msg))
		offset += error->msg.nlmsg_len - sizeof(error->msg);
	if (message->nlmsg_flags & NLM_F_ACK_TLVS && offset < mnl_nlmsg_get_payload_len(message))
		mnl_attr_parse(message, (unsigned)offset, keep_words, words);
	/* Some kernel paths have returned positive numbers; only 0 means done. */
	return error->error > 0 ? -error->error : error->error;
}

/* Keeps MESSAGE if it is the link that is wanted. */
static int keep_link(const struct nlmsghdr *message, struct rtnl_link *link)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) || info->ifi_index != link->ifindex ||
	    link->message)
		return 0;
	link->message = malloc(message->nlmsg_len);
	if (!link->message)
		return -ENOMEM;
	memcpy(link->message, message, message->nlmsg_len);
	link->length = message->nlmsg_len;
	return 0;
}

/* The errno with which a dump ended. */
static int dump_end(const struct nlmsghdr *message, const struct rtnl_answer *answer)
{
	int error = 0;
	if (mnl_nlmsg_get_payload_len(message) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(message), sizeof(error));
	if (error == 0 && answer->interrupted)
		error = -EINTR;
	return error > 0 ? -error : error;
}

/* Takes in one message; as rtnl_take_in(). */
static int take_in(struct rtnl_answer *answer, const struct nlmsghdr *message)
{
	bool more = message->nlmsg_flags & NLM_F_MULTI;
	int r = 0;
	/* The kernel says so in one message of the dump only, and not necessarily in that of our link. */
	answer->interrupted |= (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
	switch (message->nlmsg_type) {
	case NLMSG_ERROR:
		r = rtnl_error(message, answer->words);
		return r < 0 ? r : 1;
	case NLMSG_DONE:
		r = dump_end(message, answer);
		return r < 0 ? r : 1;
	case NLMSG_OVERRUN:
		return -ENOBUFS;
	case RTM_NEWLINK:
		if (answer->link)
			r = keep_link(message, answer->link);
		return r < 0 ? r : !more && answer->link && answer->link->message;
	default:
		return 0;
	}
}

int rtnl_take_in(struct rtnl_answer *answer, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	int r = 0;
	/* Not mnl_nlmsg_ok(): it takes lengths beyond INT_MAX for negative ones, which fit everywhere. */
	while (r == 0 && length > 0) {
		const struct nlmsghdr *message = (const void *)at;
		/* Of a message that is longer than what was received nothing more will come. */
		if (length < sizeof(*message) || message->nlmsg_len < sizeof(*message) ||
		    message->nlmsg_len > length)
			return -EBADMSG;
		/* An answer that came too late for its request is not the answer to the next one. */
		if (message->nlmsg_seq == answer->sequence)
			r = take_in(answer, message);
		size_t step = NLMSG_ALIGN((size_t)message->nlmsg_len);
		step = step < length ? step : length;
		at += step;
		length -= step;
	}
	return r;
}

/* One request and its answer. -ENOBUFS when the answer was lost, -EINTR when links changed while they were dumped. */
static int exchange(struct rtnl *rtnl, struct nlmsghdr *request, struct rtnl_link *link,
		    struct kernel_words *words)
{
	int r = socket_open(rtnl);
	if (r < 0)
		return r;
	request->nlmsg_seq = ++rtnl->sequence;
	struct rtnl_answer answer = { .sequence = request->nlmsg_seq, .link = link, .words = words };
	ssize_t n;
	do
		n = mnl_socket_sendto(rtnl->socket, request, request->nlmsg_len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	for (int64_t deadline = now_ms() + TIMEOUT_MS; r == 0;) {
		n = receive(rtnl, deadline);
		r = n < 0 ? (int)n : rtnl_take_in(&answer, rtnl->buf, (size_t)n);
	}
	return r < 0 ? r : 0;
}

int rtnl_request(struct rtnl *rtnl, struct nlmsghdr *request, struct rtnl_link *link, struct kernel_words *words)
{
	int r, tries = 0;
	words->s[0] = '\0';
	pthread_mutex_lock(&rtnl->lock);
	/* Asking again is harmless: what is set here is always a value, never a difference. */
	do {
		if (link)
			free(TAKE(link->message));
		r = exchange(rtnl, request, link, words);
	} while ((r == -ENOBUFS || r == -EINTR) && ++tries < TRIES);
	pthread_mutex_unlock(&rtnl->lock);
	/* A host whose links never stay as they are for as long as it takes: a moment later they may. */
	if (r == -EINTR)
		r = -EAGAIN;
	if (r == 0 && link && !link->message)
		return -ENODEV;
	if (r < 0 && link)
		free(TAKE(link->message));
	return r;
}
