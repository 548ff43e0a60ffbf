/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/place.h"

#include <stdio.h>
#include <string.h>

char *place_text(const char *file, struct position position)
{
	char *text = NULL;
	const char *name = strcmp(file, "-") == 0 ? "<stdin>" : file;
	return asprintf(&text, "%s:%u:%u", name, position.line, position.column) < 0 ? NULL : text;
}

char *document_where(const struct document *document, struct position position)
{
	return place_text(document->file, position);
}
