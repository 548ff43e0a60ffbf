/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/escape.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes the UTF-8 character that starts with FIRST has; 0 when none starts so. */
static size_t sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

/* Whether the character at P, whose bytes are in the right places, is none that may be shown. */
static bool is_forbidden(const unsigned char *p)
{
	bool control = p[0] < 0x20 || p[0] == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0);
	bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
	bool beyond = (p[0] == 0xed && p[1] >= 0xa0) || (p[0] == 0xf4 && p[1] >= 0x90);
	/* U+202A–U+202E and U+2066–U+2069 reorder what a terminal shows. */
	bool bidi = p[0] == 0xe2 && ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
				     (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
	return control || overlong || beyond || bidi;
}

/* The length of the printable UTF-8 character at P, 0 when there is none. */
static size_t printable_length(const unsigned char *p)
{
	size_t length = sequence_length(p[0]);
	for (size_t i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return length && is_forbidden(p) ? 0 : length;
}

bool escape_is_text(const char *text)
{
	size_t length = 1;
	for (const unsigned char *p = (const unsigned char *)text; length && *p; p += length)
		length = printable_length(p);
	return length;
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
