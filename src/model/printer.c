/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/printer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* LENGTH more bytes at the end of the text, to be written; NULL without memory. */
static char *extend(struct printer *printer, size_t length)
{
	if (printer->room - printer->length < length) {
		size_t room = 2 * (printer->length + length) + 256;
		char *larger = realloc(printer->text, room);
		if (!larger) {
			printer->no_memory = true;
			return NULL;
		}
		printer->text = larger;
		printer->room = room;
	}
	char *end = printer->text + printer->length;
	printer->length += length;
	return end;
}

void printer_add(struct printer *printer, const char *text, size_t length)
{
	char *end = length ? extend(printer, length) : NULL;
	if (end)
		memcpy(end, text, length);
}

void printer_indent(struct printer *printer)
{
	size_t start = printer->length;
	while (start > 0 && printer->text[start - 1] != '\n')
		start--;
	printer->indent = start;
	printer->indent_length = 0;
	while (start + printer->indent_length < printer->length &&
	       strchr(" \t", printer->text[start + printer->indent_length]))
		printer->indent_length++;
}

static void add(struct printer *printer, const char *text)
{
	printer_add(printer, text, strlen(text));
}

/* Blanks but the space would come back as spaces from an attribute, and a CR as a line feed from content. */
#define SPECIAL_IN_ATTRIBUTE "<>&\"'\t\n\r"
#define SPECIAL_IN_CONTENT "<>&\"'\r"

/* Adds TEXT with a reference for each byte that is SPECIAL. */
static void add_escaped(struct printer *printer, const char *text, const char *special)
{
	static const struct {
		char byte;
		const char *reference;
	} rows[] = {
		{ '<', "&lt;" },    { '>', "&gt;" },  { '&', "&amp;" },  { '"', "&quot;" },
		{ '\'', "&apos;" }, { '\t', "&#9;" }, { '\n', "&#10;" }, { '\r', "&#13;" },
	};
	for (;;) {
		size_t plain = strcspn(text, special);
		printer_add(printer, text, plain);
		text += plain;
		if (!*text)
			return;
		size_t row = 0;
		while (rows[row].byte != *text)
			row++;
		add(printer, rows[row].reference);
		text++;
	}
}

static void add_line(struct printer *printer)
{
	size_t blanks = 2 * printer->depth;
	char *line = extend(printer, 1 + printer->indent_length + blanks);
	if (!line)
		return;
	line[0] = '\n';
	memcpy(line + 1, printer->text + printer->indent, printer->indent_length);
	memset(line + 1 + printer->indent_length, ' ', blanks);
}

static const char *value_text(const struct attribute *row, const void *base, struct field_text *room)
{
	if (row->constant)
		return row->constant;
	if (row->words)
		return row->words[field_number(row->field, base)];
	return field_text(row->field, row->style, base, room);
}

static void add_attributes(struct printer *printer, const struct attribute *rows, const void *base)
{
	for (size_t i = 0; rows && rows[i].name; i++) {
		if (!rows[i].constant && !field_is_present(rows[i].field, base))
			continue;
		struct field_text room;
		add(printer, " ");
		add(printer, rows[i].name);
		add(printer, "='");
		add_escaped(printer, value_text(&rows[i], base, &room), SPECIAL_IN_ATTRIBUTE);
		add(printer, "'");
	}
}

static bool has_attribute(const struct attribute *rows, const void *base)
{
	for (size_t i = 0; rows && rows[i].name; i++)
		if (field_is_present(rows[i].field, base))
			return true;
	return false;
}

static bool has_content(const struct attribute *row, const void *base)
{
	return row && field_is_present(row->field, base);
}

static size_t item_count(const struct list *list, const void *base)
{
	size_t count = 0;
	memcpy(&count, (const char *)base + list->count, sizeof(count));
	return count;
}

/* The row that says how ROW is written; NULL when it is not. */
static const struct element *written(const struct element *row, const void *base)
{
	const struct element *rest = row->row ? row->row : row;
	return rest->write ? rest->write(base) : rest;
}

/* NOLINTBEGIN(misc-no-recursion): along the tables, which end */

static bool has_child(const struct element *rows, const void *base);

/* Whether there is anything to write of the element that REST describes. */
static bool says_anything(const struct element *rest, const void *base)
{
	return rest->always || rest->paired || has_attribute(rest->attributes, base) ||
	       has_content(rest->content, base) || has_child(rest->children, base);
}

/* Whether ROW, a child, is written. */
static bool is_written(const struct element *row, const void *base)
{
	if (row->list.size)
		return item_count(&row->list, base);
	if (row->whole.kind != FIELD_NONE)
		return field_is_present(row->whole, base);
	const struct element *rest = written(row, base);
	return rest && says_anything(rest, base);
}

static bool has_child(const struct element *rows, const void *base)
{
	for (size_t i = 0; rows && rows[i].name; i++)
		if (is_written(&rows[i], base))
			return true;
	return false;
}

/* Adds a line with ROW, a child, or with each item of its list. */
static void add_child(struct printer *printer, const struct element *row, const void *base)
{
	const char *items = base;
	size_t count = 1;
	if (row->list.size) {
		memcpy(&items, (const char *)base + row->list.items, sizeof(items));
		count = item_count(&row->list, base);
	}
	for (size_t i = 0; i < count; i++) {
		add_line(printer);
		printer_element(printer, row, items + i * row->list.size);
	}
}

static void add_children(struct printer *printer, const struct element *rows, const void *base)
{
	printer->depth++;
	for (size_t i = 0; rows && rows[i].name; i++)
		if (is_written(&rows[i], base))
			add_child(printer, &rows[i], base);
	printer->depth--;
	add_line(printer);
}

/* Adds what stands between the tags of ROW, and the end of both. */
static void add_inside(struct printer *printer, const struct element *row, const struct element *rest,
		       const void *base)
{
	struct field_text room;
	bool content = has_content(rest->content, base);
	if (!content && !rest->paired && !has_child(rest->children, base)) {
		add(printer, "/>");
		return;
	}
	add(printer, ">");
	if (content)
		add_escaped(printer, value_text(rest->content, base, &room), SPECIAL_IN_CONTENT);
	else
		add_children(printer, rest->children, base);
	add(printer, "</");
	add(printer, row->name);
	add(printer, ">");
}

void printer_element(struct printer *printer, const struct element *row, const void *base)
{
	struct field_text room;
	const struct element *rest = written(row, base);
	if (row->whole.kind != FIELD_NONE) {
		add(printer, field_text(row->whole, STYLE_DECIMAL, base, &room));
		return;
	}
	add(printer, "<");
	add(printer, row->name);
	if (row->ns) {
		add(printer, " xmlns='");
		add(printer, row->ns);
		add(printer, "'");
	}
	add_attributes(printer, rest->attributes, base);
	add_inside(printer, row, rest, base);
}

/* NOLINTEND(misc-no-recursion) */

char *printer_take(struct printer *printer)
{
	printer_add(printer, "", 1);
	cleanup_free char *text = TAKE(printer->text);
	bool whole = !printer->no_memory;
	*printer = (struct printer){ 0 };
	return whole ? TAKE(text) : NULL;
}

void printer_done(struct printer *printer)
{
	free(printer->text);
	*printer = (struct printer){ 0 };
}
