/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

size_t lines_mark_length(const char *data, size_t length)
{
	return length >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Where each line but the first starts, in LINES unless it is NULL. Returns their number. */
static size_t find_feeds(const char *data, size_t length, uint32_t *lines)
{
	size_t count = 0;
	const char *end = data + length;
	for (const char *p = data; (p = memchr(p, '\n', (size_t)(end - p))); p++, count++)
		if (lines)
			lines[count] = (uint32_t)(p - data) + 1;
	return count;
}

size_t lines_find(const char *data, size_t length, uint32_t **ret)
{
	uint32_t *lines = calloc(find_feeds(data, length, NULL) + 1, sizeof(*lines));
	if (!lines)
		return 0;
	lines[0] = (uint32_t)lines_mark_length(data, length);
	*ret = lines;
	return 1 + find_feeds(data, length, lines + 1);
}

size_t lines_index(const uint32_t *lines, size_t count, size_t offset)
{
	size_t low = 0, high = count;
	/* lines[low] <= offset < lines[high], but for a byte order mark before line 0. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * What a first byte beyond ASCII says: how long the character is, and what the second byte may be (the rest is 80 to bf).
 */
static const struct {
	uint8_t first, last;
	uint8_t length;
	uint8_t second_min, second_max;
} forms[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf }, { 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* The length of the character at P, of which LENGTH bytes are there; 0 when it is none. */
static size_t character_length(const unsigned char *p, size_t length)
{
	size_t form = 0;
	while (form < ARRAY_SIZE(forms) && (p[0] < forms[form].first || p[0] > forms[form].last))
		form++;
	if (form == ARRAY_SIZE(forms) || forms[form].length > length)
		return 0;
	for (size_t i = 1; i < forms[form].length; i++) {
		uint8_t min = i == 1 ? forms[form].second_min : 0x80;
		uint8_t max = i == 1 ? forms[form].second_max : 0xbf;
		if (p[i] < min || p[i] > max)
			return 0;
	}
	return forms[form].length;
}

size_t lines_first_bad_byte(const char *data, size_t length)
{
	size_t at = 0, step = 1;
	for (; at < length && step; at += step) {
		while (at < length && data[at] > 0) /* ASCII but NUL, which is nearly all */
			at++;
		step = at < length ? character_length((const unsigned char *)data + at, length - at) : 0;
	}
	return at;
}
