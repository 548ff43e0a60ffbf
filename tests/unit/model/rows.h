/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Tables of documents: what is found in each, and what its canonical form is. */

#include "parse.h"

struct row {
	const char *xml;
	const char *expected;
};

#define CFG "error config-unsupported f:"
#define XML "error xml f:"
#define NO_EFFECT "warning config-unsupported f:"
#define UNKNOWN "warning xml f:"

static inline size_t differs(const char *xml, const char *expected, const char *found)
{
	if (found && strcmp(expected, found) == 0)
		return 0;
	print_error("%s\nexpected:\n%s\nfound:\n%s\n\n", xml, expected, found ? found : "(nothing)");
	return 1;
}

/* Parses XML for PURPOSE, as strict as acting verbs are. */
static inline struct parsed parse_for(const char *xml, enum purpose purpose)
{
	struct parsed parsed = { 0 };
	struct document_text text = { .file = "f", .data = xml, .length = strlen(xml), .purpose = purpose };
	parsed.result = document_parse(&text, purpose == PURPOSE_ACT, &parsed.document, &parsed.reports);
	assert_int_equal(parsed.result == 0, parsed.document != NULL);
	return parsed;
}

/* All that is found in each, one a line. */
static inline void check_findings(const struct row *rows, size_t count)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		struct parsed parsed = parse_for(rows[i].xml, PURPOSE_CHECK);
		char *text = parsed_text(&parsed);
		wrong += differs(rows[i].xml, rows[i].expected, text);
		free(text);
		parsed_done(&parsed);
	}
	assert_int_equal(wrong, 0);
}

#define FINDINGS(rows) check_findings(rows, sizeof(rows) / sizeof((rows)[0]))

/* XML in canonical form, in new memory; NULL when it is refused. */
static inline char *canonical(const char *xml)
{
	struct document_text text = { .file = "f", .data = xml, .length = strlen(xml), .purpose = PURPOSE_DEFINE };
	struct document *document = NULL;
	struct reports reports = { 0 };
	char *found = NULL;
	if (document_parse(&text, false, &document, &reports) == 0)
		found = document_format(document, &text);
	document_free(document);
	reports_done(&reports);
	return found;
}

/* Canonical form is a fixed point. */
static inline void check_canonical(const struct row *rows, size_t count)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		char *once = canonical(rows[i].xml);
		char *twice = once ? canonical(once) : NULL;
		wrong += differs(rows[i].xml, rows[i].expected, once);
		if (twice)
			wrong += differs(once, once, twice);
		free(once);
		free(twice);
	}
	assert_int_equal(wrong, 0);
}

#define FORMS(rows) check_canonical(rows, sizeof(rows) / sizeof((rows)[0]))
