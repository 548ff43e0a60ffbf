/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A list of findings as one text: "this is so; that is so". */

#include <stddef.h>

/* All zero is the empty list. The text is freed by whoever takes it. */
struct text_list {
	char *text;   /* NULL while it is empty, and where memory did not suffice */
	size_t count; /* of what was added, whether there was memory for its text or not */
};

/* Adds one item, printf style. */
void text_list_add(struct text_list *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
