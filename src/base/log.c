/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/cleanup.h"

void log_debug(const struct log *log, const char *format, ...)
{
	if (!log->print)
		return;
	cleanup_free char *text = NULL;
	va_list args;
	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	if (n >= 0)
		log->print(log->data, text);
	else
		text = NULL;
}
