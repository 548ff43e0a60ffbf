/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The linear scan: one pass over the bytes of a document before the XML library sees any of them. It bounds
 * what the library is given to do (size, depth, counts, no document type declaration), and remembers where
 * every element and attribute stands, in document order, so that findings have a line and column, and bytes
 * can be replaced in place.
 *
 * It is no XML parser: what passes here can still be ill-formed, and the library says so.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "model/document.h"

#define SCAN_SIZE_MAX ((size_t)4 << 20) /* bytes of a document */
#define SCAN_DEPTH_MAX 64               /* elements inside each other */
#define SCAN_ATTRIBUTES_MAX 256         /* attributes of an element, namespace declarations among them */
/*
 * Namespace declarations that hold at one place. The XML library looks through all of them for each name that
 * has a prefix: without this limit, a document that keeps all the others takes it most of a minute.
 */
#define SCAN_NAMESPACES_MAX 64
/* Elements, attributes, comments, CDATA sections and processing instructions of a document. */
#define SCAN_NODES_MAX 100000

/* All offsets count bytes from the start of the document. */
struct scan_attribute {
	uint32_t name;
	uint32_t name_length;
};

struct scan_element {
	uint32_t start;   /* its '<' */
	uint32_t tag_end; /* behind the '>' of its start tag */
	uint32_t end;     /* behind the '>' of its end tag; tag_end for <empty/> */
	uint32_t name_length;
	uint32_t attribute; /* index of its first */
	uint32_t attribute_count;
};

struct scan {
	const char *data;
	size_t length;
	struct scan_element *elements; /* in the order of their start tags */
	size_t element_count;
	struct scan_attribute *attributes;
	size_t attribute_count;
	uint32_t *lines; /* where each line starts; a byte order mark is no part of the first */
	size_t line_count;
};

/*
 * Scans TEXT, whose data the result points into. Returns 0, or with one report -EINVAL (a limit is broken, or
 * the text is not what an XML document looks like) or -ENOMEM.
 */
int scan_text(const struct document_text *text, struct scan *ret, struct reports *reports);

/* Frees what SCAN holds and leaves it empty. */
void scan_done(struct scan *scan);

/* The line and column of OFFSET. */
struct position scan_position(const struct scan *scan, size_t offset);
