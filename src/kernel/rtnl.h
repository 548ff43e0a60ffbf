/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Requests to rtnetlink: one socket, one request at a time, each answer awaited and checked. */

#include <linux/netlink.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/device.h"
#include "kernel/kernel.h"

struct mnl_socket;

struct rtnl {
	pthread_mutex_t lock; /* threads share the socket; the kernel takes its own one lock for each request anyway */
	struct mnl_socket *socket; /* NULL until the first request */
	uint32_t sequence;
	uint8_t *buf; /* for answers; grows */
	size_t size;
};

/* The RTM_NEWLINK of one netdev: what a read request wants. */
struct rtnl_link {
	int ifindex;
	void *message; /* in new memory; NULL until found */
	size_t length;
};

/* Makes RTNL ready. Opens nothing. */
void rtnl_init(struct rtnl *rtnl);

/* Closes and frees what RTNL holds. */
void rtnl_done(struct rtnl *rtnl);

/*
 * Starts a link message of TYPE about IFINDEX in BUF (zeroed as needed); attributes are put behind it with
 * libmnl.
 */
struct nlmsghdr *rtnl_message(void *buf, uint16_t type, uint16_t flags, int ifindex);

/*
 * Sends REQUEST (its sequence number is set here) and awaits its answer: with LINK the message wanted there,
 * which then belongs to the caller, else the acknowledgement. The kernel's own words go to WORDS. 0, the
 * kernel's negative errno, -ETIMEDOUT after two seconds, -ENODEV when a dump has no such link, -EAGAIN when links
 * changed each time that they were dumped.
 */
int rtnl_request(struct rtnl *rtnl, struct nlmsghdr *request, struct rtnl_link *link,
		 struct kernel_words *words);

/* What is awaited, and what of it has come. */
struct rtnl_answer {
	uint32_t sequence;      /* of the request */
	struct rtnl_link *link; /* wanted; NULL: only the acknowledgement is */
	struct kernel_words *words;
	bool interrupted; /* links changed while they were dumped: some may be missing */
};

/*
 * Takes in the LENGTH BYTES of one datagram, aligned as a struct nlmsghdr: a part of ANSWER, or of an older one, which is left
 * out. 1 when the answer is complete, 0 when more is to come, or a negative errno: the kernel's; -EINTR for a complete dump
 * that was interrupted; -EBADMSG for a message that is not whole.
 */
int rtnl_take_in(struct rtnl_answer *answer, const void *bytes, size_t length);

/*
 * What the NLMSG_ERROR message MESSAGE, whole as it was received, says: 0 for an acknowledgement or the
 * negative errno, and the text of its extended ack in WORDS. -EBADMSG when it is too short to say anything.
 */
int rtnl_error(const struct nlmsghdr *message, struct kernel_words *words);
