/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Ethernet MAC addresses. */

#include <stdbool.h>
#include <stdint.h>

#define MAC_SIZE 6
#define MAC_TEXT_SIZE 18

struct mac {
	uint8_t byte[MAC_SIZE];
};

/* The text form, by value so that it can be used inside a call. */
struct mac_text {
	char s[MAC_TEXT_SIZE];
};

/* MAC as "aa:bb:cc:dd:ee:ff". */
struct mac_text mac_text(struct mac mac);

/*
 * Reads six groups of one or two hex digits joined by ":", as libvirt does: what stands behind a byte of 0x20 or less
 * after the sixth group is ignored. 0 or -EINVAL.
 */
int mac_parse(const char *text, struct mac *ret);

bool mac_equal(struct mac a, struct mac b);  /* byte for byte */
bool mac_is_zero(struct mac mac);            /* 00:00:00:00:00:00 */
bool mac_is_multicast(struct mac mac);       /* the group bit is set; broadcast is one of them */
