/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "types/uuid.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct uuid_text uuid_text(struct uuid uuid)
{
	struct uuid_text text;
	char *to = text.s;
	for (size_t i = 0; i < UUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		to += sprintf(to, "%02x", uuid.byte[i]);
	}
	return text;
}

int uuid_parse(const char *text, struct uuid *ret)
{
	struct uuid uuid;
	const char *p = text;
	while (isspace((unsigned char)*p))
		p++;
	for (size_t i = 0; i < UUID_SIZE; i++) {
		while (*p == '-' || *p == ' ')
			p++;
		if (!isxdigit((unsigned char)p[0]) || !isxdigit((unsigned char)p[1]))
			return -EINVAL;
		char pair[3] = { p[0], p[1], '\0' };
		uuid.byte[i] = (uint8_t)strtoul(pair, NULL, 16);
		p += 2;
	}
	while (isspace((unsigned char)*p))
		p++;
	if (*p)
		return -EINVAL;
	*ret = uuid;
	return 0;
}

bool uuid_equal(struct uuid a, struct uuid b)
{
	return memcmp(a.byte, b.byte, UUID_SIZE) == 0;
}

int uuid_generate(struct uuid *ret)
{
	struct uuid uuid;
	/* The kernel gives up to 256 bytes whole, never part of them. */
	if (getrandom(uuid.byte, UUID_SIZE, 0) != UUID_SIZE)
		return errno ? -errno : -EIO;
	uuid.byte[6] = (uuid.byte[6] & 0x0f) | 0x40;
	uuid.byte[8] = (uuid.byte[8] & 0x3f) | 0x80;
	*ret = uuid;
	return 0;
}
