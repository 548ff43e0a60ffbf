/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/escape.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The length of the printable UTF-8 character at P, 0 when there is none (control characters, C1 included, are not). */
static size_t printable_length(const unsigned char *p)
{
	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f;
	size_t length = p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
	if (p[0] >= 0xf5)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	bool c1 = p[0] == 0xc2 && p[1] < 0xa0;
	bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
	bool surrogate = p[0] == 0xed && p[1] >= 0xa0;
	/* U+202A–U+202E and U+2066–U+2069 reorder what a terminal shows. */
	bool bidi = p[0] == 0xe2 && ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
				     (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
	return c1 || overlong || surrogate || bidi ? 0 : length;
}

char *escape_text(const char *text)
{
	char *out = malloc(strlen(text) * 4 + 1);
	if (!out)
		return NULL;
	char *to = out;
	for (const unsigned char *p = (const unsigned char *)text; *p;) {
		size_t length = printable_length(p);
		if (length == 0) {
			to += sprintf(to, "\\x%02x", *p++);
			continue;
		}
		memcpy(to, p, length);
		to += length;
		p += length;
	}
	*to = '\0';
	return out;
}
