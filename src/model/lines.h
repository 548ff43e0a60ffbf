/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Bytes as lines of text. */

#include <stddef.h>
#include <stdint.h>

/*
 * Where each line of DATA starts: 0 (behind a byte order mark, if there is one) and behind every line feed.
 * Returns their number and the new array; 0 without memory.
 */
size_t lines_find(const char *data, size_t length, uint32_t **ret);

/* The index of the line that holds OFFSET; in the time of a binary search. */
size_t lines_index(const uint32_t *lines, size_t count, size_t offset);

/* The length of the UTF-8 byte order mark that DATA starts with: 3 or 0. */
size_t lines_mark_length(const char *data, size_t length);

/* The offset of the first byte of DATA that is NUL or not part of valid UTF-8; LENGTH when there is none. */
size_t lines_first_bad_byte(const char *data, size_t length);
