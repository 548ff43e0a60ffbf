/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/scan.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "model/lines.h"
#include "model/place.h"

struct scanner {
	struct scan scan;
	size_t at; /* the next byte */
	struct {
		uint32_t element;    /* its index */
		uint32_t namespaces; /* that it declares */
	} open[SCAN_DEPTH_MAX];      /* the elements that have no end yet */
	size_t depth;
	uint32_t namespaces; /* declared here, on all of them */
	size_t skipped;      /* comments, CDATA sections, processing instructions */
	size_t element_room;
	size_t attribute_room;
	const char *file;
	struct reports *reports;
};

__attribute__((format(printf, 3, 4))) static struct report *scan_error(struct scanner *s, size_t offset,
								       const char *format, ...)
{
	cleanup_free char *message = NULL;
	cleanup_free char *place = place_text(s->file, scan_position(&s->scan, offset));
	va_list args;
	va_start(args, format);
	if (vasprintf(&message, format, args) < 0)
		message = NULL;
	va_end(args);
	return report_error(s->reports, REPORT_XML, place, "%s", message ? message : format);
}

static int no_memory(struct scanner *s)
{
	report_error(s->reports, REPORT_HOST, s->file, "not enough memory to read the document");
	return -ENOMEM;
}

/* Makes room for one more item of SIZE bytes in the array at ITEMS. */
static int make_room(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return 0;
	size_t more = *room ? *room * 2 : 64;
	void *larger = reallocarray(*(void **)items, more, size);
	if (!larger)
		return -ENOMEM;
	*(void **)items = larger;
	*room = more;
	return 0;
}

static bool starts_with(const struct scanner *s, const char *text)
{
	size_t length = strlen(text);
	return s->scan.length - s->at >= length && memcmp(s->scan.data + s->at, text, length) == 0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct scanner *s)
{
	while (s->at < s->scan.length && is_space(s->scan.data[s->at]))
		s->at++;
}

/* Moves behind a name: everything up to white space or one of the bytes that end it. */
static size_t skip_name(struct scanner *s)
{
	static const bool ends[UCHAR_MAX + 1] = {
		[' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true, ['/'] = true,
		['>'] = true, ['='] = true,  ['<'] = true,  ['"'] = true,  ['\''] = true,
	};
	size_t start = s->at;
	while (s->at < s->scan.length && !ends[(unsigned char)s->scan.data[s->at]])
		s->at++;
	return s->at - start;
}

/* The byte at the cursor; NUL, which no document contains, at the end. */
static char current(const struct scanner *s)
{
	if (s->at >= s->scan.length)
		return '\0';
	return s->scan.data[s->at];
}

static int count_node(struct scanner *s, size_t offset)
{
	if (s->scan.element_count + s->scan.attribute_count + s->skipped < SCAN_NODES_MAX)
		return 0;
	scan_error(s, offset, "the document has more than %d elements, attributes and comments",
		   SCAN_NODES_MAX);
	return -EINVAL;
}

/* Moves behind the END of what starts with BEGIN here. */
static int skip_until(struct scanner *s, const char *begin, const char *end, const char *what)
{
	size_t start = s->at;
	if (count_node(s, start) < 0)
		return -EINVAL;
	s->skipped++;
	s->at += strlen(begin);
	const char *found = memmem(s->scan.data + s->at, s->scan.length - s->at, end, strlen(end));
	if (!found) {
		scan_error(s, start, "this %s has no end (%s)", what, end);
		return -EINVAL;
	}
	s->at = (size_t)(found - s->scan.data) + strlen(end);
	return 0;
}

/* Whether ATTRIBUTE is "xmlns" or "xmlns:PREFIX". */
static bool is_namespace(const struct scanner *s, const struct scan_attribute *attribute)
{
	const char *name = s->scan.data + attribute->name;
	return attribute->name_length >= 5 && memcmp(name, "xmlns", 5) == 0 &&
	       (attribute->name_length == 5 || name[5] == ':');
}

static int count_namespace(struct scanner *s, const struct scan_attribute *attribute)
{
	if (!is_namespace(s, attribute) || s->namespaces++ < SCAN_NAMESPACES_MAX)
		return 0;
	scan_error(s, attribute->name, "more than %d namespaces are declared here", SCAN_NAMESPACES_MAX);
	return -EINVAL;
}

static int attribute_add(struct scanner *s, struct scan_element *element, struct scan_attribute attribute)
{
	if (element->attribute_count == SCAN_ATTRIBUTES_MAX) {
		scan_error(s, attribute.name, "the element has more than %d attributes", SCAN_ATTRIBUTES_MAX);
		return -EINVAL;
	}
	if (count_node(s, attribute.name) < 0 || count_namespace(s, &attribute) < 0)
		return -EINVAL;
	if (make_room(&s->scan.attributes, s->scan.attribute_count, &s->attribute_room, sizeof(attribute)) < 0)
		return no_memory(s);
	s->scan.attributes[s->scan.attribute_count++] = attribute;
	element->attribute_count++;
	return 0;
}

/* Reads one NAME="VALUE". */
static int scan_one_attribute(struct scanner *s, struct scan_element *element)
{
	struct scan_attribute attribute = { .name = (uint32_t)s->at };
	attribute.name_length = (uint32_t)skip_name(s);
	if (attribute.name_length == 0) {
		scan_error(s, s->at, "there should be an attribute, '/>' or '>' here");
		return -EINVAL;
	}
	skip_space(s);
	bool has_equals = current(s) == '=';
	s->at += has_equals;
	skip_space(s);
	char quote = current(s);
	if (!has_equals || (quote != '"' && quote != '\'')) {
		scan_error(s, attribute.name, "the attribute has no quoted value (name='value')");
		return -EINVAL;
	}
	s->at++;
	while (current(s) && current(s) != quote && current(s) != '<')
		s->at++;
	if (current(s) != quote) {
		scan_error(s, attribute.name, "the value of the attribute has no closing quote before %s",
			   current(s) ? "the next '<'" : "the end of the document");
		return -EINVAL;
	}
	s->at++;
	return attribute_add(s, element, attribute);
}

/* Reads the attributes of ELEMENT and the end of its start tag. */
static int scan_attributes(struct scanner *s, struct scan_element *element, bool *ret_empty)
{
	for (;;) {
		skip_space(s);
		if (current(s) == '\0') {
			scan_error(s, element->start, "this start tag has no end ('>')");
			return -EINVAL;
		}
		bool empty = starts_with(s, "/>");
		if (empty || current(s) == '>') {
			s->at += empty ? 2 : 1;
			*ret_empty = empty;
			return 0;
		}
		int r = scan_one_attribute(s, element);
		if (r < 0)
			return r;
	}
}

static int scan_start_tag(struct scanner *s)
{
	struct scan_element element = { .start = (uint32_t)s->at++,
					.attribute = (uint32_t)s->scan.attribute_count };
	element.name_length = (uint32_t)skip_name(s);
	if (element.name_length == 0) {
		report_hint(scan_error(s, element.start, "'<' does not start an element here"),
			    "write &lt; for '<'");
		return -EINVAL;
	}
	if (s->depth == SCAN_DEPTH_MAX) {
		scan_error(s, element.start, "elements stand more than %d deep inside each other",
			   SCAN_DEPTH_MAX);
		return -EINVAL;
	}
	if (count_node(s, element.start) < 0)
		return -EINVAL;
	if (make_room(&s->scan.elements, s->scan.element_count, &s->element_room, sizeof(element)) < 0)
		return no_memory(s);
	size_t index = s->scan.element_count++;
	s->scan.elements[index] = element;
	bool empty = false;
	uint32_t namespaces = s->namespaces;
	int r = scan_attributes(s, &s->scan.elements[index], &empty);
	if (r < 0)
		return r;
	s->scan.elements[index].tag_end = s->scan.elements[index].end = (uint32_t)s->at;
	if (empty) {
		s->namespaces = namespaces;
		return 0;
	}
	s->open[s->depth].element = (uint32_t)index;
	s->open[s->depth++].namespaces = s->namespaces - namespaces;
	return 0;
}

static int scan_end_tag(struct scanner *s)
{
	size_t start = s->at;
	s->at += 2;
	const char *name = s->scan.data + s->at;
	int length = (int)skip_name(s);
	if (s->depth == 0) {
		scan_error(s, start, "</%.*s> ends an element that was not begun", length, name);
		return -EINVAL;
	}
	s->namespaces -= s->open[--s->depth].namespaces;
	struct scan_element *element = &s->scan.elements[s->open[s->depth].element];
	const char *open = s->scan.data + element->start + 1;
	if ((uint32_t)length != element->name_length || memcmp(name, open, element->name_length) != 0) {
		struct position position = scan_position(&s->scan, element->start);
		scan_error(s, start, "</%.*s> stands where <%.*s> of line %u should end", length, name,
			   (int)element->name_length, open, position.line);
		return -EINVAL;
	}
	skip_space(s);
	if (current(s) != '>') {
		scan_error(s, start, "this end tag has no end ('>')");
		return -EINVAL;
	}
	element->end = (uint32_t)++s->at;
	return 0;
}

/* <!…>: comments and CDATA are skipped. A document type could define entities and name other files. */
static int scan_declaration(struct scanner *s)
{
	if (starts_with(s, "<!--"))
		return skip_until(s, "<!--", "-->", "comment");
	if (starts_with(s, "<![CDATA["))
		return skip_until(s, "<![CDATA[", "]]>", "CDATA section");
	if (starts_with(s, "<!DOCTYPE")) {
		struct report *report = scan_error(s, s->at,
						   "a document type declaration (<!DOCTYPE>) is not accepted");
		report_hint(report, "remove it: entities and other files are never read");
		return -EINVAL;
	}
	scan_error(s, s->at, "'<!' starts neither a comment nor a CDATA section here");
	return -EINVAL;
}

/*
 * Refuses what the XML declaration, whose bytes are from START to the cursor, says if it names an encoding
 * but UTF-8.
 */
static int check_encoding(struct scanner *s, size_t start)
{
	struct scanner inside = *s;
	inside.at = start + strlen("<?xml");
	inside.scan.length = s->at - strlen("?>");
	const char *found = memmem(inside.scan.data + inside.at, inside.scan.length - inside.at, "encoding", 8);
	if (!found)
		return 0;
	size_t name = (size_t)(found - inside.scan.data);
	inside.at = name + strlen("encoding");
	skip_space(&inside);
	inside.at += current(&inside) == '=';
	skip_space(&inside);
	char quote = current(&inside);
	size_t value = ++inside.at;
	while (current(&inside) && current(&inside) != quote)
		inside.at++;
	int length = inside.at < inside.scan.length ? (int)(inside.at - value) : 0;
	const char *encoding = inside.scan.data + value;
	if ((length == 5 && strncasecmp(encoding, "UTF-8", 5) == 0) ||
	    (length == 4 && strncasecmp(encoding, "UTF8", 4) == 0))
		return 0;
	struct report *report = scan_error(s, name, "the encoding '%.*s' is not accepted, only UTF-8", length,
					   length ? encoding : "");
	report_hint(report, "convert the document with iconv -t UTF-8, and change or remove its encoding='…'");
	return -EINVAL;
}

static int scan_instruction(struct scanner *s)
{
	size_t start = s->at;
	int r = skip_until(s, "<?", "?>", "processing instruction");
	const char *head = s->scan.data + start;
	if (r < 0 || s->at - start < 8 || strncmp(head, "<?xml", 5) != 0 || !is_space(head[5]))
		return r;
	return check_encoding(s, start);
}

/* Reads what starts with the '<' at the cursor. */
static int scan_markup(struct scanner *s)
{
	static const struct {
		const char *begin;
		int (*scan)(struct scanner *s);
	} kinds[] = {
		{ "</", scan_end_tag },
		{ "<!", scan_declaration },
		{ "<?", scan_instruction },
		{ "<", scan_start_tag },
	};
	size_t kind = 0;
	while (!starts_with(s, kinds[kind].begin))
		kind++;
	return kinds[kind].scan(s);
}

static int scan_content(struct scanner *s)
{
	for (;;) {
		const char *next = memchr(s->scan.data + s->at, '<', s->scan.length - s->at);
		if (!next)
			break;
		s->at = (size_t)(next - s->scan.data);
		int r = scan_markup(s);
		if (r < 0)
			return r;
	}
	if (s->depth > 0) {
		const struct scan_element *element = &s->scan.elements[s->open[s->depth - 1].element];
		scan_error(s, element->start, "<%.*s> has no end tag", (int)element->name_length,
			   s->scan.data + element->start + 1);
		return -EINVAL;
	}
	if (s->scan.element_count == 0) {
		scan_error(s, 0, "the document has no element");
		return -EINVAL;
	}
	return 0;
}

/* What can be said of the bytes before looking for markup. */
static int check_bytes(struct scanner *s)
{
	size_t bad = lines_first_bad_byte(s->scan.data, s->scan.length);
	if (bad == s->scan.length)
		return 0;
	unsigned char byte = (unsigned char)s->scan.data[bad];
	if (byte == 0) {
		scan_error(s, bad, "a NUL byte is not text");
		return -EINVAL;
	}
	struct report *report = scan_error(s, bad, "byte 0x%02x is not UTF-8 text", byte);
	report_hint(report, "convert the document with iconv -t UTF-8");
	return -EINVAL;
}

static int scan_all(struct scanner *s, const struct document_text *text)
{
	/* Nothing past the limit is looked at, but the limit has a position. */
	bool too_long = text->length > SCAN_SIZE_MAX;
	s->scan.data = text->length ? text->data : "";
	s->scan.length = too_long ? SCAN_SIZE_MAX : text->length;
	s->scan.line_count = lines_find(s->scan.data, s->scan.length, &s->scan.lines);
	if (s->scan.line_count == 0)
		return no_memory(s);
	if (too_long) {
		scan_error(s, SCAN_SIZE_MAX, "the document is longer than %zu MiB", SCAN_SIZE_MAX >> 20);
		return -EINVAL;
	}
	int r = check_bytes(s);
	return r < 0 ? r : scan_content(s);
}

int scan_text(const struct document_text *text, struct scan *ret, struct reports *reports)
{
	struct scanner s = { .file = text->file, .reports = reports };
	int r = scan_all(&s, text);
	if (r < 0) {
		scan_done(&s.scan);
		return r;
	}
	*ret = s.scan;
	return 0;
}

void scan_done(struct scan *scan)
{
	free(scan->elements);
	free(scan->attributes);
	free(scan->lines);
	*scan = (struct scan){ 0 };
}

struct position scan_position(const struct scan *scan, size_t offset)
{
	size_t line = lines_index(scan->lines, scan->line_count, offset);
	size_t start = scan->lines[line];
	return (struct position){ .line = (unsigned)line + 1,
				  .column = offset < start ? 1 : (unsigned)(offset - start) + 1 };
}
