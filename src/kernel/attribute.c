/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/attribute.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include <libmnl/libmnl.h>

int attribute_next(struct span *span, uint16_t *ret_type, struct span *ret_payload)
{
	struct nlattr header;
	if (span->length == 0)
		return 0;
	if (span->length < sizeof(header))
		return -EBADMSG;
	memcpy(&header, span->at, sizeof(header));
	if (header.nla_len < sizeof(header) || header.nla_len > span->length)
		return -EBADMSG;
	*ret_type = header.nla_type & NLA_TYPE_MASK;
	*ret_payload = (struct span){ span->at + sizeof(header), header.nla_len - sizeof(header) };
	size_t step = NLA_ALIGN(header.nla_len);
	/* The last one may lack its padding. */
	step = step < span->length ? step : span->length;
	span->at += step;
	span->length -= step;
	return 1;
}

int attribute_find(struct span span, uint16_t type, struct span *ret)
{
	struct span found = { 0 }, payload;
	uint16_t each;
	int r;
	while ((r = attribute_next(&span, &each, &payload)) > 0)
		if (each == type)
			found = payload;
	if (r == 0)
		*ret = found;
	return r;
}

int attribute_link(struct span message, uint16_t message_type, struct span *ret)
{
	struct nlmsghdr header;
	const size_t start = NLMSG_SPACE(sizeof(struct ifinfomsg));
	if (message.length < start)
		return -EBADMSG;
	memcpy(&header, message.at, sizeof(header));
	if (header.nlmsg_type != message_type || header.nlmsg_len > message.length || header.nlmsg_len < start)
		return -EBADMSG;
	*ret = (struct span){ message.at + start, header.nlmsg_len - start };
	return 0;
}

int attribute_find_in_link(struct span message, uint16_t message_type, uint16_t type, struct span *ret)
{
	struct span attributes;
	int r = attribute_link(message, message_type, &attributes);
	return r < 0 ? r : attribute_find(attributes, type, ret);
}
