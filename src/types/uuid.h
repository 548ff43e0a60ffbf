/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* UUIDs. */

#include <stdbool.h>
#include <stdint.h>

#define UUID_SIZE 16
#define UUID_TEXT_SIZE 37

struct uuid {
	uint8_t byte[UUID_SIZE];
};

/* The text form, by value so that it can be used inside a call. */
struct uuid_text {
	char s[UUID_TEXT_SIZE];
};

/* UUID as lower-case 8-4-4-4-12. */
struct uuid_text uuid_text(struct uuid uuid);

/*
 * Reads 32 hex digits as libvirt does: "-" and blanks between pairs of digits, and white space at both ends,
 * do not count. 0 or -EINVAL.
 */
int uuid_parse(const char *text, struct uuid *ret);

/* Whether A and B are the same, byte for byte. */
bool uuid_equal(struct uuid a, struct uuid b);

/* A random (version 4) UUID from the kernel's generator. 0 or a negative errno. */
int uuid_generate(struct uuid *ret);
