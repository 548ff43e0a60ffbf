/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the tests of the model share: documents around a piece of XML, and findings as text. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/report.h"
#include "model/document.h"

/* The lines of X are the third and following. */
#define SOURCE "<source><address type='pci' domain='0' bus='1' slot='0x10' function='2'/></source>\n"
#define INTERFACE(x) "<interface type='hostdev'>\n" SOURCE x "\n</interface>"
#define USB_INTERFACE(x) \
	"<interface type='hostdev'>\n<source><address type='usb' bus='1' device='2'/></source>\n" x \
	"\n</interface>"
#define DOMAIN(x) "<domain>\n<devices>\n" x "\n</devices>\n</domain>"

struct parsed {
	int result;
	struct document *document; /* NULL when it was refused */
	struct reports reports;
};

/* Parses XML as file "f". The bytes are a copy of their own, so that reading past their end is found. */
static inline struct parsed parse_bytes(const char *xml, size_t length, bool strict)
{
	struct parsed parsed = { 0 };
	char *copy = malloc(length ? length : 1);
	assert_non_null(copy);
	memcpy(copy, xml, length);
	struct document_text text = { .file = "f", .data = copy, .length = length };
	parsed.result = document_parse(&text, strict, &parsed.document, &parsed.reports);
	free(copy);
	/* What every parse keeps to. */
	assert_int_equal(parsed.result == 0, parsed.document != NULL);
	assert_int_equal(parsed.result<0, parsed.reports.errors> 0);
	return parsed;
}

static inline struct parsed parse(const char *xml, bool strict)
{
	return parse_bytes(xml, strlen(xml), strict);
}

static inline void parsed_done(struct parsed *parsed)
{
	document_free(parsed->document);
	reports_done(&parsed->reports);
}

/* All reports, one a line: "error xml f:3:6: message", in new memory. */
static inline char *parsed_text(const struct parsed *parsed)
{
	static const char *const severities[] = { "error", "warning", "note" };
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	assert_non_null(stream);
	for (size_t i = 0; i < parsed->reports.count; i++) {
		const struct report *report = &parsed->reports.items[i];
		fprintf(stream, "%s%s %s %s: %s", i ? "\n" : "", severities[report->severity],
			report_class_name(report->class), report->object, report->message);
	}
	fclose(stream);
	return text;
}
