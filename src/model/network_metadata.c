/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* <metadata> of a network: the XML of others, kept with new indentation. */

#include <libxml/xmlsave.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/network.h"
#include "model/tree.h"

static void free_xml(xmlDoc **xml)
{
	if (*xml)
		xmlFreeDoc(*xml);
}

static void free_buffer(xmlBuffer **buffer)
{
	if (*buffer)
		xmlBufferFree(*buffer);
}

static bool is_blank(const xmlNode *node)
{
	return node->type == XML_TEXT_NODE && xmlIsBlankNode(node);
}

/* Whether all text directly in NODE is blank, and there are elements between. */
static bool is_only_indented(const xmlNode *node)
{
	bool has_elements = false;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_TEXT_NODE && !xmlIsBlankNode(child))
			return false;
		has_elements |= child->type == XML_ELEMENT_NODE;
	}
	return has_elements;
}

/* NOLINTBEGIN(misc-no-recursion): along the document, which is at most SCAN_DEPTH_MAX deep */

/* Removes the blanks between elements, so that they can be indented anew. */
static void remove_indentation(xmlNode *node)
{
	bool indented = is_only_indented(node);
	for (xmlNode *child = node->children, *next; child; child = next) {
		next = child->next;
		if (indented && is_blank(child)) {
			xmlUnlinkNode(child);
			xmlFreeNode(child);
		} else if (child->type == XML_ELEMENT_NODE) {
			remove_indentation(child);
		}
	}
}

/* NOLINTEND(misc-no-recursion) */

/* NODE as text, as it stands in an element of the outermost level; NULL without memory. */
static const char *text_of(struct reader *reader, const xmlNode *node)
{
	cleanup(free_xml) xmlDoc *xml = xmlNewDoc((const xmlChar *)"1.0");
	cleanup(free_buffer) xmlBuffer *buffer = xmlBufferCreate();
	/* The library copies what it can change: the same node, as its neighbours know it. */
	xmlNode *self = node->next ? node->next->prev : node->parent->last;
	xmlNode *copy = xml ? xmlDocCopyNode(self, xml, 1) : NULL;
	if (!copy || !buffer)
		return NULL;
	xmlDocSetRootElement(xml, copy);
	remove_indentation(copy);
	/* Else the library would write what is not ASCII as references, in attributes alone. */
	xml->encoding = xmlStrdup((const xmlChar *)"UTF-8");
	if (!xml->encoding || xmlNodeDump(buffer, xml, copy, 1, 1) < 0)
		return NULL;
	return reader_copy(reader, (const char *)xmlBufferContent(buffer));
}

void network_metadata_read(struct reader *reader, const xmlNode *node)
{
	struct network *network = reader->base;
	if (!tree_first(node))
		return;
	network->metadata = text_of(reader, node);
	if (!network->metadata)
		reader->no_memory = true;
}
