/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Any bytes as an answer of rtnetlink: first as a datagram, then, if the wanted link is in it, that one as a link with VFs; and
 * all of it as such a link. No crash, no leak, and what is made of a VF can be sent again.
 */

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "kernel/rtnl.h"
#include "kernel/vf.h"
#include "kernel/vf_message.h"
#include "standalone.h"

static void check_report(const struct vf_report *report)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		_Alignas(struct nlmsghdr) uint8_t buf[VF_MESSAGE_SIZE];
		const struct value *value = &report->settings.of[i];
		struct value again = { 0 };
		if (!value->present)
			continue;
		require(i <= SETTING_VF_LAST, "a setting that no PF reports");
		require(vf_encode(buf, (struct vf_target){ 7, report->index }, i, value) == 0,
			"a reported value cannot be set again");
		require(value_parse(i, value_text(i, value).s, &again) == 0 && value_equal(i, value, &again),
			"a reported value cannot be recorded");
	}
}

static void decode(const void *message, size_t size)
{
	struct vf_report *list = NULL;
	size_t count = 0;
	int r = vf_decode(message, size, &list, &count);
	require(r == 0 || r == -EBADMSG || r == -EOVERFLOW, "an unexpected result");
	require(r == 0 || (!list && count == 0), "an error and a list");
	for (size_t i = 0; i < count; i++)
		check_report(&list[i]);
	free(list);
}

/* The first message decides what was asked for. */
static void take_in(const uint8_t *data, size_t size)
{
	struct nlmsghdr header = { 0 };
	struct ifinfomsg info = { 0 };
	struct kernel_words words = { "" };
	if (size >= sizeof(header))
		memcpy(&header, data, sizeof(header));
	if (size >= sizeof(header) + sizeof(info))
		memcpy(&info, data + sizeof(header), sizeof(info));
	struct rtnl_link link = { .ifindex = info.ifi_index };
	struct rtnl_answer answer = { .sequence = header.nlmsg_seq, .link = &link, .words = &words };
	int r = rtnl_take_in(&answer, data, size);
	require(r <= 1, "more than complete");
	require(memchr(words.s, '\0', sizeof(words.s)) != NULL, "words without end");
	if (link.message)
		decode(link.message, link.length);
	free(link.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of exactly this size, and aligned as the buffer of a socket is. */
	uint8_t *bytes = malloc(size ? size : 1);
	require(bytes, "no memory");
	memcpy(bytes, data, size);
	take_in(bytes, size);
	decode(bytes, size);
	free(bytes);
	return 0;
}
