/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/document.h"

#include <errno.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/claims.h"
#include "model/domain.h"
#include "model/tree.h"

static struct document *document_new(void)
{
	struct arena *arena = arena_new();
	struct document *document = arena ? arena_alloc(arena, sizeof(*document)) : NULL;
	if (document)
		document->arena = arena;
	else
		arena_free(arena);
	return document;
}

static void document_free_at(struct document **document)
{
	document_free(*document);
}

/* Reads TREE into DOCUMENT, in the manner of READER, whose reports are empty. */
static int read_document(const struct tree *tree, struct reader reader, struct document *document)
{
	struct claims claims = { 0 };
	reader.tree = tree;
	reader.document = document;
	reader.claims = &claims;
	document->file = reader_copy(&reader, tree->file);
	domain_read_root(&reader);
	claims_check(&reader);
	if (reader.no_memory) {
		report_error(reader.reports, REPORT_HOST, tree->file, "not enough memory to read the document");
		return -ENOMEM;
	}
	return reader.reports->errors ? -EINVAL : 0;
}

int document_parse(const struct document_text *text, bool strict, struct document **ret, struct reports *reports)
{
	cleanup(tree_done) struct tree tree = { 0 };
	int r = tree_parse(text, &tree, reports);
	if (r < 0)
		return r;
	cleanup(document_free_at) struct document *document = document_new();
	if (!document) {
		report_error(reports, REPORT_HOST, text->file, "not enough memory to read the document");
		return -ENOMEM;
	}
	struct reports found = { .limit = DOCUMENT_FINDINGS_MAX };
	struct reader reader = { .reports = &found, .purpose = text->purpose, .strict = strict };
	r = read_document(&tree, reader, document);
	size_t more = found.more;
	reports_move(reports, &found);
	if (more)
		report_note(reports, text->file, "%zu more findings are not listed", more);
	if (r < 0)
		return r;
	*ret = TAKE(document);
	return 0;
}

void document_free(struct document *document)
{
	if (document)
		arena_free(document->arena);
}
