/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Netlink attributes as they were received: nothing is assumed of their lengths, order and alignment. */

#include <stddef.h>
#include <stdint.h>

/* Bytes that are still to be read. */
struct span {
	const uint8_t *at;
	size_t length;
};

/* Takes the next attribute off SPAN. 1, 0 at the end, -EBADMSG when its length is impossible. */
int attribute_next(struct span *span, uint16_t *ret_type, struct span *ret_payload);

/*
 * The last attribute TYPE in SPAN, as the kernel's own parser takes it; .at is NULL without one. 0 or
 * -EBADMSG.
 */
int attribute_find(struct span span, uint16_t type, struct span *ret);

/* The attributes of a whole link message (header included) of MESSAGE_TYPE. -EBADMSG when it is another message, or cut off. */
int attribute_link(struct span message, uint16_t message_type, struct span *ret);

/* The attribute TYPE of such a message, found as by attribute_find(). */
int attribute_find_in_link(struct span message, uint16_t message_type, uint16_t type, struct span *ret);
