/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/cleanup.h"

void text_list_add(struct text_list *list, const char *format, ...)
{
	cleanup_free char *before = TAKE(list->text);
	cleanup_free char *item = NULL;
	va_list args;
	va_start(args, format);
	if (vasprintf(&item, format, args) < 0)
		item = NULL;
	va_end(args);
	list->count++;
	if (!item || asprintf(&list->text, "%s%s%s", before ? before : "", before ? "; " : "", item) < 0)
		list->text = NULL;
}
