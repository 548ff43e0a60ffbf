/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/grammar.h"

#include <assert.h>
#include <string.h>

#include "model/spelling.h"
#include "model/tree.h"

static size_t attribute_index(const struct attribute *rows, const char *name)
{
	size_t i = 0;
	while (rows && rows[i].name && strcmp(rows[i].name, name) != 0)
		i++;
	return i;
}

static bool same_namespace(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static size_t element_index(const struct element *rows, const xmlNode *node)
{
	size_t i = 0;
	while (rows && rows[i].name &&
	       (strcmp(rows[i].name, tree_name(node)) != 0 || !same_namespace(rows[i].ns, tree_namespace(node))))
		i++;
	return i;
}

/* Hints at the row that was probably meant; what was written does not count where it has a namespace. */
static void hint_attribute(struct report *report, const char *name, const struct attribute *rows)
{
	const char *best = NULL;
	for (size_t i = 0; rows && rows[i].name; i++)
		best = spelling_nearer(name, rows[i].name, best);
	if (best)
		report_hint(report, "did you mean '%s'?", best);
}

static void hint_element(struct report *report, const char *name, const struct element *rows)
{
	const char *best = NULL, *ns = NULL;
	for (size_t i = 0; rows && rows[i].name; i++) {
		best = spelling_nearer(name, rows[i].name, best);
		if (best == rows[i].name)
			ns = rows[i].ns;
	}
	if (best && ns)
		report_hint(report, "did you mean <%s xmlns='%s'>?", best, ns);
	else if (best)
		report_hint(report, "did you mean <%s>?", best);
}

/* Says what the row of an attribute has to say about its presence. */
static void tell_attribute(struct reader *reader, const struct given *given)
{
	switch (given->row->handling) {
	case HANDLING_NO_EFFECT:
		TELL(reader, RULE_NO_EFFECT_ATTRIBUTE, given->offset, given->row->name, given->element);
		break;
	case HANDLING_BROKEN:
		TELL(reader, given->row->rule, given->offset);
		break;
	case HANDLING_READ:
	case HANDLING_IGNORED:
	case HANDLING_LATER:
		break;
	}
}

/* Whether libvirt looks at the attribute: some only concern one kind of device. */
static bool is_looked_at(const struct reader *reader, const struct attribute *row)
{
	return !(row->flags & (reader->usb ? ATTRIBUTE_OF_PCI : ATTRIBUTE_OF_USB));
}

/* Keeps what was GIVEN and read as NUMBER where its row says. */
static void keep(struct reader *reader, const struct given *given, uint64_t number)
{
	const struct attribute *row = given->row;
	if (row->field.kind == FIELD_NONE || row->flags & ATTRIBUTE_APPLIED || !reader->base)
		return;
	const char *text = given->text;
	if (row->field.kind == FIELD_TEXT)
		text = reader_copy(reader, text);
	(void)field_set(row->field, reader->base, number, text);
}

/* Understands GIVEN, into READING. Returns whether it is as it should be. */
static bool understand(struct reader *reader, const struct given *given, struct reading *reading)
{
	const struct attribute *row = given->row;
	if (!is_looked_at(reader, row)) {
		TELL(reader, RULE_OTHER_KIND, given->offset, row->name, given->element,
		     reader->usb ? "USB" : "PCI");
		return true;
	}
	if (row->read && !row->read(reader, given, &reading->number))
		return row->flags & ATTRIBUTE_BAD_IS_ABSENT;
	if (reading->number == 0 && row->flags & ATTRIBUTE_NOT_ZERO) {
		TELL(reader, RULE_ZERO_VALUE, given->offset, row->name, given->element);
		return false;
	}
	reading->present = true;
	keep(reader, given, reading->number);
	tell_attribute(reader, given);
	return true;
}

/* Reads ATTRIBUTE, which has ROW, into READING. */
static bool read_attribute(struct reader *reader, const xmlAttr *attribute, const struct attribute *row,
			   struct reading *reading)
{
	const char *text = tree_value(attribute);
	if (!text) {
		reader->no_memory = true;
		return false;
	}
	if (*text == '\0' && row->flags & ATTRIBUTE_EMPTY_IS_ABSENT)
		return true;
	reading->given = true;
	reading->offset = tree_attribute_offset(attribute);
	struct given given = { row, tree_name(attribute->parent), text, reading->offset };
	bool good = understand(reader, &given, reading);
	if (reading->present)
		reading->text = text;
	return good;
}

static void unknown_attribute(struct reader *reader, const xmlAttr *attribute, const struct attribute *rows)
{
	const char *name = (const char *)attribute->name;
	size_t offset = tree_attribute_offset(attribute);
	const char *prefix = attribute->ns ? (const char *)attribute->ns->prefix : "";
	struct report *report = TELL(reader, RULE_UNKNOWN_ATTRIBUTE, offset, prefix, *prefix ? ":" : "", name,
				     tree_name(attribute->parent));
	if (!attribute->ns)
		hint_attribute(report, name, rows);
}

/* The attributes that must be there and are not. */
static void find_missing(struct reader *reader, struct tag *tag, const struct attribute *rows)
{
	for (size_t i = 0; rows && rows[i].name; i++) {
		if (tag->readings[i].given || !(rows[i].flags & ATTRIBUTE_REQUIRED))
			continue;
		TELL(reader, RULE_MISSING_ATTRIBUTE, tag->offset, rows[i].name, tree_name(tag->node));
		tag->valid = false;
	}
}

static void read_attributes(struct reader *reader, struct tag *tag, const struct element *row)
{
	const struct attribute *rows = row->attributes;
	for (const xmlAttr *attribute = tag->node->properties; attribute; attribute = attribute->next) {
		size_t index = attribute_index(rows, (const char *)attribute->name);
		if (!attribute->ns && rows && rows[index].name) {
			assert(index < ATTRIBUTES_MAX);
			if (!read_attribute(reader, attribute, &rows[index], &tag->readings[index]))
				tag->valid = false;
		} else if (!row->open) {
			unknown_attribute(reader, attribute, rows);
		}
	}
	find_missing(reader, tag, rows);
}

/* Reads the text inside NODE, whose row has one. Without any, it is absent. */
static void read_content(struct reader *reader, const xmlNode *node, const struct attribute *row)
{
	const char *text = tree_content(node);
	struct given given = { row, tree_name(node), text, tree_offset(node) };
	uint64_t number = 0;
	if (!text)
		reader->no_memory = true;
	else if (*text && row->read(reader, &given, &number))
		keep(reader, &given, number);
}

static void *at(void *base, uint16_t offset)
{
	return (char *)base + offset;
}

/* A new item of LIST in the struct at BASE for NODE, all zero; NULL when there is no room for it. */
static void *add_item(struct reader *reader, const xmlNode *node, const struct list *list, void *base)
{
	char *items = NULL;
	size_t *count = at(base, list->count);
	memcpy(&items, at(base, list->items), sizeof(items));
	char *larger = reader_has_room(reader, *count, node) ? reader_grow(reader, items, *count, list->size) :
							       NULL;
	if (!larger)
		return NULL;
	memcpy(at(base, list->items), &larger, sizeof(larger));
	return larger + (*count)++ * list->size;
}

/* NOLINTBEGIN(misc-no-recursion): along the document, which is at most SCAN_DEPTH_MAX deep */

static void read_item(struct reader *reader, const xmlNode *node, const struct element *row)
{
	void *base = reader->base;
	reader->base = add_item(reader, node, &row->list, base);
	if (reader->base)
		grammar_read(reader, node, row->row ? row->row : row);
	reader->base = base;
}

static void read_element(struct reader *reader, const xmlNode *node, const struct element *row)
{
	if (row->read)
		row->read(reader, node);
	else if (row->list.size)
		read_item(reader, node, row);
	else
		grammar_read(reader, node, row->row ? row->row : row);
}

/* Does what the row of the element says. */
static void handle_element(struct reader *reader, const xmlNode *node, const struct element *row)
{
	size_t offset = tree_offset(node);
	struct report *report = NULL;
	switch (row->handling) {
	case HANDLING_READ:
		read_element(reader, node, row);
		break;
	case HANDLING_IGNORED:
		break;
	case HANDLING_NO_EFFECT:
		report = TELL(reader, RULE_NO_EFFECT_ELEMENT, offset, row->name);
		if (row->hint)
			report_hint(report, "%s", row->hint);
		read_element(reader, node, row);
		break;
	case HANDLING_BROKEN:
		TELL(reader, row->rule, offset);
		break;
	case HANDLING_LATER:
		TELL(reader, RULE_LATER_ELEMENT, offset, row->name);
		read_element(reader, node, row);
		break;
	}
}

static void unknown_element(struct reader *reader, const xmlNode *node, const struct element *rows)
{
	const char *ns = tree_namespace(node);
	struct report *report = TELL(reader, RULE_UNKNOWN_ELEMENT, tree_offset(node), tree_name(node),
				     ns ? " of namespace " : "", ns ? ns : "", tree_name(node->parent));
	if (!ns)
		hint_element(report, tree_name(node), rows);
}

static void read_children(struct reader *reader, const xmlNode *node, const struct element *row)
{
	const struct element *rows = row->children;
	uint64_t seen = 0; /* CHILDREN_MAX bits */
	for (const xmlNode *child = tree_first(node); child; child = tree_next(child)) {
		size_t index = element_index(rows, child);
		if (!rows || !rows[index].name) {
			if (!row->open)
				unknown_element(reader, child, rows);
			continue;
		}
		assert(index < CHILDREN_MAX);
		uint64_t bit = UINT64_C(1) << index;
		if (seen & bit && !rows[index].many)
			TELL(reader, RULE_REPEATED_ELEMENT, tree_offset(child), tree_name(child),
			     tree_name(node));
		else
			handle_element(reader, child, &rows[index]);
		seen |= bit;
	}
}

void grammar_read(struct reader *reader, const xmlNode *node, const struct element *row)
{
	struct tag tag = { .node = node, .offset = tree_offset(node), .valid = true };
	read_attributes(reader, &tag, row);
	if (row->content)
		read_content(reader, node, row->content);
	read_children(reader, node, row);
	if (row->apply)
		row->apply(reader, &tag);
}

/* NOLINTEND(misc-no-recursion) */

bool grammar_read_one_of(struct reader *reader, const xmlNode *node, const struct element *rows)
{
	const struct element *row = &rows[element_index(rows, node)];
	if (row->name)
		handle_element(reader, node, row);
	return row->name;
}
