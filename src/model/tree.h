/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The document as the XML library sees it, with the position of everything in it. */

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"
#include "model/document.h"

struct scan;

/* What is outside of all namespaces has none: NULL. */
struct tree {
	const char *file;
	struct scan *scan;
	xmlDoc *xml;
};

/*
 * Scans TEXT and parses it. Nothing but these bytes is read: no network, no other files, no entities. Returns
 * 0, or with a report -EINVAL (a limit, or not well-formed), -ENOMEM. The data of TEXT must outlive the tree.
 */
int tree_parse(const struct document_text *text, struct tree *ret, struct reports *reports);

/* Frees what TREE holds and leaves it empty. */
void tree_done(struct tree *tree);

/* The root element; a tree always has one. */
const xmlNode *tree_root(const struct tree *tree);

/* The first child element of NODE, and the next sibling element; NULL at the end. */
const xmlNode *tree_first(const xmlNode *node);
const xmlNode *tree_next(const xmlNode *node);

/* The first child of NODE called NAME and outside of all namespaces, or NULL. NODE may be NULL. */
const xmlNode *tree_child(const xmlNode *node, const char *name);

/* The name of NODE and its namespace (NULL when it is in none). */
const char *tree_name(const xmlNode *node);
const char *tree_namespace(const xmlNode *node);

/*
 * The value of ATTRIBUTE, and of attribute NAME of NODE (NULL when it is absent). They are the tree's, as all
 * texts here, and NULL without memory.
 */
const char *tree_value(const xmlAttr *attribute);
const char *tree_value_of(const xmlNode *node, const char *name);

/* All text inside NODE. */
const char *tree_content(const xmlNode *node);

/* The bytes of NODE, with its end tag. */
struct span tree_span(const xmlNode *node);

/* The offsets of the '<' of NODE and of the first byte of the name of one of its attributes. */
size_t tree_offset(const xmlNode *node);
size_t tree_attribute_offset(const xmlAttr *attribute);

/* The line and column of OFFSET, and "FILE:LINE:COLUMN" in new memory (NULL without memory). */
struct position tree_position(const struct tree *tree, size_t offset);
char *tree_place(const struct tree *tree, size_t offset);
