/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/report.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const struct {
	const char *name;
	const char *text;
	int exit;
} classes[] = {
	[REPORT_USAGE] = { "usage", "usage", 1 },
	[REPORT_XML] = { "xml", "XML error", 1 },
	[REPORT_CONFIG_UNSUPPORTED] = { "config-unsupported", "Unsupported Config", 1 },
	[REPORT_DEVICE_MISSING] = { "device-missing", "Device missing", 2 },
	[REPORT_HOST_UNREADY] = { "host-unready", "Host not ready", 2 },
	[REPORT_DENIED] = { "denied", "Permission denied", 2 },
	[REPORT_BUSY] = { "busy", "Device busy", 3 },
	[REPORT_HOST] = { "host", "Host error", 4 },
	[REPORT_VMM] = { "vmm", "VMM error", 4 },
	[REPORT_TIMEOUT] = { "timeout", "Timed out", 4 },
	[REPORT_DIRTY] = { "dirty", "Left dirty", 5 },
	[REPORT_PENDING] = { "pending", "Pending", 6 },
};

static_assert(ARRAY_SIZE(classes) == REPORT_CLASS_COUNT, "each report class has a row");

const char *report_class_name(enum report_class class)
{
	return classes[class].name;
}

const char *report_class_text(enum report_class class)
{
	return classes[class].text;
}

int report_class_exit(enum report_class class)
{
	return classes[class].exit;
}

static void report_done(struct report *report)
{
	free(report->message);
	free(report->object);
	free(report->kernel);
	free(report->hint);
	*report = (struct report){ 0 };
}

/* Room for one more report: a new item, or the one that takes what does not fit. */
static struct report *report_new(struct reports *reports)
{
	bool full = reports->limit && reports->count >= reports->limit;
	struct report *items = full ? NULL : reallocarray(reports->items, reports->count + 1, sizeof(*items));
	if (!items) {
		reports->more++;
		report_done(&reports->lost);
		return &reports->lost;
	}
	reports->items = items;
	items[reports->count] = (struct report){ 0 };
	return &items[reports->count++];
}

/* printf into new memory; NULL when there is none. */
__attribute__((format(printf, 1, 0))) static char *text_print(const char *format, va_list args)
{
	char *text = NULL;
	return vasprintf(&text, format, args) < 0 ? NULL : text;
}

/* Adds a report about OBJECT. */
__attribute__((format(printf, 4, 0))) static struct report *report_add(struct reports *reports,
								       struct report start, const char *object,
								       const char *format, va_list args)
{
	struct report *report = report_new(reports);
	*report = start;
	report->object = object ? strdup(object) : NULL;
	report->message = text_print(format, args);
	if (report->severity == REPORT_ERROR)
		reports->errors++;
	return report;
}

struct report *report_error(struct reports *reports, enum report_class class, const char *object,
			    const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct report start = { .severity = REPORT_ERROR, .class = class };
	struct report *report = report_add(reports, start, object, format, args);
	va_end(args);
	return report;
}

struct report *report_warning(struct reports *reports, enum report_class class, const char *object,
			      const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct report start = { .severity = REPORT_WARNING, .class = class };
	struct report *report = report_add(reports, start, object, format, args);
	va_end(args);
	return report;
}

struct report *report_note(struct reports *reports, const char *object, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct report start = { .severity = REPORT_NOTE, .class = REPORT_HOST };
	struct report *report = report_add(reports, start, object, format, args);
	va_end(args);
	return report;
}

struct report *report_hint(struct report *report, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	free(report->hint);
	report->hint = text_print(format, args);
	va_end(args);
	return report;
}

struct report *report_cause(struct report *report, int errnum, const char *kernel)
{
	report->errnum = abs(errnum);
	free(report->kernel);
	report->kernel = kernel && *kernel ? strdup(kernel) : NULL;
	return report;
}

void reports_move(struct reports *to, struct reports *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct report *report = report_new(to);
		report_done(report);
		*report = from->items[i];
		from->items[i] = (struct report){ 0 };
	}
	to->errors += from->errors;
	reports_done(from);
}

void reports_done(struct reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		report_done(&reports->items[i]);
	report_done(&reports->lost);
	free(reports->items);
	*reports = (struct reports){ 0 };
}

int reports_exit(const struct reports *reports)
{
	/* An error that memory did not suffice to keep is still an error. */
	int status = reports->errors ? 1 : 0;
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *report = &reports->items[i];
		if (report->severity == REPORT_ERROR && classes[report->class].exit > status)
			status = classes[report->class].exit;
	}
	return status;
}
