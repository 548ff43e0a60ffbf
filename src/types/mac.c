/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "types/mac.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mac_text mac_text(struct mac mac)
{
	struct mac_text text;
	snprintf(text.s, sizeof(text.s), "%02x:%02x:%02x:%02x:%02x:%02x", mac.byte[0], mac.byte[1], mac.byte[2],
		 mac.byte[3], mac.byte[4], mac.byte[5]);
	return text;
}

int mac_parse(const char *text, struct mac *ret)
{
	struct mac mac;
	const char *p = text;
	for (int i = 0; i < MAC_SIZE; i++) {
		if (i > 0 && *p++ != ':')
			return -EINVAL;
		if (!isxdigit((unsigned char)p[0]))
			return -EINVAL;
		char group[3] = { p[0], isxdigit((unsigned char)p[1]) ? p[1] : '\0', '\0' };
		mac.byte[i] = (uint8_t)strtoul(group, NULL, 16);
		p += strlen(group);
	}
	if ((unsigned char)*p > 0x20)
		return -EINVAL;
	*ret = mac;
	return 0;
}

bool mac_equal(struct mac a, struct mac b)
{
	return memcmp(a.byte, b.byte, MAC_SIZE) == 0;
}

bool mac_is_zero(struct mac mac)
{
	return mac_equal(mac, (struct mac){ 0 });
}

bool mac_is_multicast(struct mac mac)
{
	return mac.byte[0] & 1;
}
