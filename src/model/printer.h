/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Writing: the tables of the grammar, walked along the model instead of a document. */

#include <stdbool.h>
#include <stddef.h>

#include "model/grammar.h"

/* Text that grows. All zero is the empty text. */
struct printer {
	char *text; /* LENGTH bytes, without NUL */
	size_t length;
	size_t room;
	bool no_memory; /* something is missing in it */
	size_t indent; /* the part of the text that stands in front of each line but the first: where it is, */
	size_t indent_length; /* and how long */
	size_t depth;         /* of the element that is written */
};

/* From here on, further lines are indented as the last line of the text is. */
void printer_indent(struct printer *printer);

/* Adds LENGTH bytes of TEXT as they are. */
void printer_add(struct printer *printer, const char *text, size_t length);

/*
 * Adds the element that ROW describes, from the struct at BASE, without a line feed at its end. Elements in
 * it without attributes and children are left out, unless their rows say otherwise.
 */
void printer_element(struct printer *printer, const struct element *row, const void *base);

/* The text with a NUL at its end, which is the caller's; PRINTER is empty afterwards. NULL without memory. */
char *printer_take(struct printer *printer);

/* Frees the text. */
void printer_done(struct printer *printer);
