/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/printer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

void printer_add(struct printer *printer, const char *text, size_t length)
{
	if (length == 0)
		return;
	if (printer->room - printer->length < length) {
		size_t room = 2 * (printer->length + length) + 256;
		char *larger = realloc(printer->text, room);
		if (!larger) {
			printer->no_memory = true;
			return;
		}
		printer->text = larger;
		printer->room = room;
	}
	memcpy(printer->text + printer->length, text, length);
	printer->length += length;
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
	add(printer, "\n");
	/* The text moves as it grows. */
	for (size_t i = 0; i < printer->indent_length && !printer->no_memory; i++) {
		char blank = printer->text[printer->indent + i];
		printer_add(printer, &blank, 1);
	}
	for (size_t i = 0; i < printer->depth; i++)
		add(printer, "  ");
}

static const char *value_text(const struct attribute *row, const void *base, struct field_text *room)
{
	if (row->constant)
		return row->constant;
	if (row->words)
		return row->words[field_number(row->field, base)];
	return field_text(row->field, row->style, base, room);
}

/* Returns whether there was any attribute but constant ones. */
static bool add_attributes(struct printer *printer, const struct attribute *rows, const void *base)
{
	bool any = false;
	for (size_t i = 0; rows && rows[i].name; i++) {
		bool present = field_is_present(rows[i].field, base);
		if (!present && !rows[i].constant)
			continue;
		struct field_text room;
		any |= present;
		add(printer, " ");
		add(printer, rows[i].name);
		add(printer, "='");
		add_escaped(printer, value_text(&rows[i], base, &room), SPECIAL_IN_ATTRIBUTE);
		add(printer, "'");
	}
	return any;
}

static bool add_content(struct printer *printer, const struct attribute *row, const void *base)
{
	struct field_text room;
	if (!row || !field_is_present(row->field, base))
		return false;
	add(printer, ">");
	add_escaped(printer, value_text(row, base, &room), SPECIAL_IN_CONTENT);
	return true;
}

/* NOLINTBEGIN(misc-no-recursion): along the tables, which end */

static void add_items(struct printer *printer, const struct element *row, const void *base)
{
	const char *items = NULL;
	size_t count = 0;
	memcpy(&items, (const char *)base + row->list.items, sizeof(items));
	memcpy(&count, (const char *)base + row->list.count, sizeof(count));
	struct element item = *row;
	item.list = (struct list){ 0 };
	for (size_t i = 0; i < count; i++) {
		add_line(printer);
		printer_element(printer, &item, items + i * row->list.size);
	}
}

/* Returns whether there were any. */
static bool add_children(struct printer *printer, const struct element *rows, const void *base)
{
	size_t before = printer->length;
	add(printer, ">");
	size_t start = printer->length;
	printer->depth++;
	for (size_t i = 0; rows && rows[i].name; i++) {
		size_t line = printer->length;
		if (rows[i].list.size) {
			add_items(printer, &rows[i], base);
			continue;
		}
		add_line(printer);
		size_t element = printer->length;
		printer_element(printer, &rows[i], base);
		if (printer->length == element)
			printer->length = line;
	}
	printer->depth--;
	bool any = printer->length > start;
	if (!any)
		printer->length = before;
	return any;
}

void printer_element(struct printer *printer, const struct element *row, const void *base)
{
	size_t start = printer->length;
	const struct element *rest = row->row ? row->row : row;
	if (rest->write)
		rest = rest->write(base);
	if (!rest)
		return;
	if (row->whole.kind != FIELD_NONE) {
		struct field_text room;
		if (field_is_present(row->whole, base)) /* rest->whole */
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
	bool attributes = add_attributes(printer, rest->attributes, base);
	bool content = add_content(printer, rest->content, base);
	bool children = !content && add_children(printer, rest->children, base);
	if (!children && rest->paired) {
		add(printer, ">");
		children = true;
	}
	if (children)
		add_line(printer);
	add(printer, children || content ? "</" : "/>");
	if (children || content) {
		add(printer, row->name);
		add(printer, ">");
	}
	if (!attributes && !content && !children && !rest->always)
		printer->length = start;
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
