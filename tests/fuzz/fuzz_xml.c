/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a document: no crash, no leak, and a result that agrees with its reports. */

#include <string.h>

#include "base/report.h"
#include "model/document.h"
#include "standalone.h"

/* Parses TEXT, which may be refused: NULL. */
static struct document *parse(const struct document_text *text, bool strict)
{
	struct document *document = NULL;
	struct reports reports = { 0 };
	int r = document_parse(text, strict, &document, &reports);
	require((r == 0) == (document != NULL), "the result and the document disagree");
	require((r < 0) == (reports.errors > 0), "the result and the reports disagree");
	for (size_t i = 0; i < reports.count; i++)
		require(reports.items[i].object && *reports.items[i].message,
			"a report without place or words");
	reports_done(&reports);
	return document;
}

/* DOCUMENT, made from TEXT, in canonical form, which has the same form again. Frees DOCUMENT. */
static void format(struct document *document, const struct document_text *text)
{
	char *once = document_format(document, text);
	document_free(document);
	require(once, "a document cannot be written");
	struct document_text again = { "f", once, strlen(once), PURPOSE_DEFINE };
	document = parse(&again, false);
	require(document, "what was written cannot be read");
	char *twice = document_format(document, &again);
	document_free(document);
	require(twice && strcmp(once, twice) == 0, "what was written is written in another way");
	free(once);
	free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int purpose = PURPOSE_ACT; purpose <= PURPOSE_DEFINE; purpose++) {
		struct document_text text = { "f", (const char *)data, size, (enum purpose)purpose };
		struct document *document = parse(&text, purpose <= PURPOSE_ARGUMENTS);
		require(!document || purpose != PURPOSE_ACT || document->interface_count > 0,
			"a document without a device is accepted");
		document_free(document);
		document = parse(&text, false);
		if (document && purpose == PURPOSE_DEFINE)
			format(document, &text);
		else
			document_free(document);
	}
	return 0;
}
