/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/tree.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "model/place.h"
#include "model/scan.h"

#if LIBXML_VERSION >= 21200
typedef const xmlError *error_pointer;
#else
typedef xmlError *error_pointer;
#endif

/* The first thing that the XML library finds wrong; what it says after that follows from it. */
struct complaint {
	bool no_memory;
	char *message;
	size_t offset;
};

static void parser_free_at(xmlParserCtxt **context)
{
	if (*context)
		xmlFreeParserCtxt(*context);
}

static void complaint_done(struct complaint *complaint)
{
	free(complaint->message);
}

/*
 * Prefixes without a declaration are no reason to refuse a document: libvirt reads such elements as having
 * the prefix in their name, and so do we, as unknown ones.
 */
static void take_error(void *data, error_pointer error)
{
	xmlParserCtxt *context = data;
	struct complaint *complaint = context->_private;
	if (error->code == XML_ERR_NO_MEMORY)
		complaint->no_memory = true;
	if (complaint->message || error->level < XML_ERR_ERROR || error->domain == XML_FROM_NAMESPACE)
		return;
	complaint->message = escape_text(error->message ? error->message : "not well-formed");
	if (!complaint->message)
		complaint->no_memory = true;
	long offset = xmlByteConsumed(context);
	complaint->offset = offset > 0 ? (size_t)offset : 0;
}

/* What the XML library says ends in a line feed, which is escaped by now. */
static int report_complaint(const struct tree *tree, const struct complaint *complaint, struct reports *reports)
{
	if (complaint->no_memory) {
		report_error(reports, REPORT_HOST, tree->file, "not enough memory to read the document");
		return -ENOMEM;
	}
	size_t offset = complaint->offset < tree->scan->length ? complaint->offset : tree->scan->length;
	cleanup_free char *place = tree_place(tree, offset);
	const char *message = complaint->message ? complaint->message : "not well-formed";
	const char *feed = strstr(message, "\\x0a");
	report_error(reports, REPORT_XML, place, "%.*s", (int)(feed ? feed - message : (long)strlen(message)),
		     message);
	return -EINVAL;
}

static int parse(struct tree *tree, struct reports *reports)
{
	cleanup(complaint_done) struct complaint complaint = { 0 };
	cleanup(parser_free_at) xmlParserCtxt *context = xmlNewParserCtxt();
	if (!context) {
		complaint.no_memory = true;
		return report_complaint(tree, &complaint, reports);
	}
	context->_private = &complaint;
	context->sax->serror = take_error;
	/*
	 * Without XML_PARSE_NOENT, _DTDLOAD and _HUGE: no entities, no other files, the library's own limits.
	 */
	tree->xml = xmlCtxtReadMemory(context, tree->scan->data, (int)tree->scan->length, NULL, NULL,
				      XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
	if (!tree->xml || complaint.no_memory)
		return report_complaint(tree, &complaint, reports);
	return 0;
}

/* The element behind NODE in document order, not leaving the document. */
static xmlNode *next_in_document(xmlNode *node)
{
	xmlNode *next = xmlFirstElementChild(node);
	while (!next && node && node->type == XML_ELEMENT_NODE) {
		next = xmlNextElementSibling(node);
		node = node->parent;
	}
	return next;
}

/* Whether the LENGTH bytes at START are NAME, with its prefix in front if it has a namespace. */
static bool same_name(const char *start, size_t length, const xmlNs *ns, const xmlChar *name)
{
	const char *prefix = ns ? (const char *)ns->prefix : NULL, *local = (const char *)name;
	size_t prefix_length = prefix ? strlen(prefix) + 1 : 0, local_length = strlen(local);
	return length == prefix_length + local_length &&
	       memcmp(start + prefix_length, local, local_length) == 0 &&
	       (!prefix || (memcmp(start, prefix, prefix_length - 1) == 0 && start[prefix_length - 1] == ':'));
}

/* Gives each attribute of NODE its place. Those in the bytes that it does not have declare namespaces. */
static bool connect_attributes(const struct scan *scan, const struct scan_element *element, const xmlNode *node)
{
	xmlAttr *attribute = node->properties;
	for (uint32_t i = 0; attribute && i < element->attribute_count; i++) {
		struct scan_attribute *place = &scan->attributes[element->attribute + i];
		if (!same_name(scan->data + place->name, place->name_length, attribute->ns, attribute->name))
			continue;
		attribute->_private = place;
		attribute = attribute->next;
	}
	return !attribute;
}

static bool connect_element(const struct scan *scan, struct scan_element *element, xmlNode *node)
{
	node->_private = element;
	return same_name(scan->data + element->start + 1, element->name_length, node->ns, node->name) &&
	       connect_attributes(scan, element, node);
}

/*
 * Gives each element of the tree its place in the scan. Both have seen the same elements, or one of them has
 * misunderstood the document, and then it is not for us.
 */
static int connect(struct tree *tree, struct reports *reports)
{
	const struct scan *scan = tree->scan;
	size_t index = 0;
	xmlNode *node = xmlDocGetRootElement(tree->xml);
	for (; node; node = next_in_document(node), index++)
		if (index == scan->element_count || !connect_element(scan, &scan->elements[index], node))
			break;
	if (!node && index == scan->element_count)
		return 0;
	cleanup_free char *place = tree_place(tree,
					      scan->elements[index < scan->element_count ? index : 0].start);
	report_error(reports, REPORT_XML, place, "the elements of the document cannot be told apart");
	return -EINVAL;
}

int tree_parse(const struct document_text *text, struct tree *ret, struct reports *reports)
{
	cleanup(tree_done) struct tree tree = { .file = text->file };
	struct scan scan;
	int r = scan_text(text, &scan, reports);
	if (r < 0)
		return r;
	tree.scan = malloc(sizeof(scan));
	if (!tree.scan) {
		scan_done(&scan);
		report_error(reports, REPORT_HOST, text->file, "not enough memory to read the document");
		return -ENOMEM;
	}
	*tree.scan = scan;
	r = parse(&tree, reports);
	if (r == 0)
		r = connect(&tree, reports);
	if (r < 0)
		return r;
	*ret = tree;
	tree = (struct tree){ 0 };
	return 0;
}

void tree_done(struct tree *tree)
{
	if (tree->xml)
		xmlFreeDoc(tree->xml);
	if (tree->scan)
		scan_done(tree->scan);
	free(tree->scan);
	*tree = (struct tree){ 0 };
}

const xmlNode *tree_root(const struct tree *tree)
{
	return xmlDocGetRootElement(tree->xml);
}

static const xmlNode *element_from(const xmlNode *node)
{
	while (node && node->type != XML_ELEMENT_NODE)
		node = node->next;
	return node;
}

const xmlNode *tree_first(const xmlNode *node)
{
	return element_from(node->children);
}

const xmlNode *tree_next(const xmlNode *node)
{
	return element_from(node->next);
}

const xmlNode *tree_child(const xmlNode *node, const char *name)
{
	const xmlNode *child = node ? tree_first(node) : NULL;
	while (child && (tree_namespace(child) || strcmp(tree_name(child), name) != 0))
		child = tree_next(child);
	return child;
}

const char *tree_name(const xmlNode *node)
{
	return (const char *)node->name;
}

const char *tree_namespace(const xmlNode *node)
{
	return node->ns ? (const char *)node->ns->href : NULL;
}

/* TEXT, which the XML library allocated for us, among the names of XML, which are kept as long as it is. */
static const char *keep_text(const xmlDoc *xml, xmlChar *text)
{
	const xmlChar *kept = text ? xmlDictLookup(xml->dict, text, -1) : NULL;
	xmlFree(text);
	return (const char *)kept;
}

const char *tree_value(const xmlAttr *attribute)
{
	const xmlNode *text = attribute->children;
	if (!text)
		return "";
	if (text->type == XML_TEXT_NODE && !text->next)
		return (const char *)text->content;
	return keep_text(attribute->doc, xmlNodeListGetString(attribute->doc, text, 1));
}

const char *tree_value_of(const xmlNode *node, const char *name)
{
	const xmlAttr *attribute = node->properties;
	while (attribute && (attribute->ns || strcmp((const char *)attribute->name, name) != 0))
		attribute = attribute->next;
	return attribute ? tree_value(attribute) : NULL;
}

const char *tree_content(const xmlNode *node)
{
	return keep_text(node->doc, xmlNodeGetContent(node));
}

struct span tree_span(const xmlNode *node)
{
	const struct scan_element *element = node->_private;
	return (struct span){ element->start, element->end };
}

size_t tree_offset(const xmlNode *node)
{
	return ((const struct scan_element *)node->_private)->start;
}

size_t tree_attribute_offset(const xmlAttr *attribute)
{
	return ((const struct scan_attribute *)attribute->_private)->name;
}

struct position tree_position(const struct tree *tree, size_t offset)
{
	return scan_position(tree->scan, offset);
}

char *tree_place(const struct tree *tree, size_t offset)
{
	return place_text(tree->file, tree_position(tree, offset));
}
