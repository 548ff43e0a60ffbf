/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/grammar.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/tree.h"

/* Adds a report of SEVERITY whose message FORMAT and ARGS make. */
__attribute__((format(printf, 4, 0))) static struct report *found(struct reader *reader, struct report kind,
								  size_t offset, const char *format,
								  va_list args)
{
	cleanup_free char *place = tree_place(reader->tree, offset);
	cleanup_free char *message = NULL;
	if (vasprintf(&message, format, args) < 0)
		message = NULL;
	if (!message || !place)
		reader->no_memory = true;
	const char *text = message ? message : "";
	if (kind.severity == REPORT_ERROR)
		return report_error(reader->reports, kind.class, place, "%s", text);
	return report_warning(reader->reports, kind.class, place, "%s", text);
}

struct report *reader_error(struct reader *reader, enum report_class class, size_t offset, const char *format,
			    ...)
{
	va_list args;
	va_start(args, format);
	struct report *report = found(reader, (struct report){ .class = class }, offset, format, args);
	va_end(args);
	return report;
}

struct report *reader_warning(struct reader *reader, size_t offset, const char *format, ...)
{
	struct report kind = { .severity = REPORT_WARNING, .class = REPORT_CONFIG_UNSUPPORTED };
	va_list args;
	va_start(args, format);
	struct report *report = found(reader, kind, offset, format, args);
	va_end(args);
	return report;
}

struct report *reader_unknown(struct reader *reader, size_t offset, const char *format, ...)
{
	struct report kind = { .severity = reader->strict ? REPORT_ERROR : REPORT_WARNING, .class = REPORT_XML };
	va_list args;
	va_start(args, format);
	struct report *report = found(reader, kind, offset, format, args);
	va_end(args);
	return report;
}

char *reader_copy(struct reader *reader, const char *text)
{
	char *copy = text ? strdup(text) : NULL;
	if (text && !copy)
		reader->no_memory = true;
	return copy;
}

/* What the words of a row are called in a hint: "'a', 'b' or 'c'", in new memory. */
static char *join_words(const char *const *words)
{
	cleanup_free char *text = strdup("");
	for (size_t i = 0; words[i] && text; i++) {
		const char *before = i == 0 ? "" : words[i + 1] ? ", " : " or ";
		char *longer = NULL;
		if (asprintf(&longer, "%s%s'%s'", text, before, words[i]) < 0)
			longer = NULL;
		free(text);
		text = longer;
	}
	return TAKE(text);
}

/* Reports a value that is not what its row says; libvirt itself passes over some of them. Returns false. */
static bool invalid(struct reader *reader, const struct given *given, const char *expected,
		    const char *const *words)
{
	static const char format[] = "Invalid value for attribute '%s' in element '%s': '%s'.%s";
	struct report *report = given->row->flags & ATTRIBUTE_BAD_IS_ABSENT ?
					reader_unknown(reader, given->offset, format, given->row->name,
						       given->element, given->text, expected) :
					reader_error(reader, REPORT_XML, given->offset, format,
						     given->row->name, given->element, given->text, expected);
	cleanup_free char *joined = words ? join_words(words) : NULL;
	if (joined)
		report_hint(report, "it can be %s", joined);
	return false;
}

bool read_word(struct reader *reader, const struct given *given, uint64_t *ret)
{
	const char *const *words = given->row->words;
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], given->text) == 0) {
			*ret = i;
			return true;
		}
	}
	return invalid(reader, given, "", words);
}

/* Reads one of two words: no (0) and yes (1). */
static bool read_either(struct reader *reader, const struct given *given, const char *const words[],
			uint64_t *ret)
{
	*ret = strcmp(given->text, words[1]) == 0;
	return *ret || strcmp(given->text, words[0]) == 0 || invalid(reader, given, "", words);
}

bool read_yes_no(struct reader *reader, const struct given *given, uint64_t *ret)
{
	static const char *const words[] = { "no", "yes", NULL };
	return read_either(reader, given, words, ret);
}

bool read_on_off(struct reader *reader, const struct given *given, uint64_t *ret)
{
	static const char *const words[] = { "off", "on", NULL };
	return read_either(reader, given, words, ret);
}

static bool read_based(struct reader *reader, const struct given *given, int base, uint64_t *ret)
{
	uint64_t max = given->row->max ? given->row->max : UINT32_MAX;
	if (number_parse(given->text, base, max, ret) == 0)
		return true;
	return invalid(reader, given, " Expected non-negative integer value", NULL);
}

bool read_number(struct reader *reader, const struct given *given, uint64_t *ret)
{
	return read_based(reader, given, 0, ret);
}

bool read_decimal(struct reader *reader, const struct given *given, uint64_t *ret)
{
	return read_based(reader, given, 10, ret);
}

bool read_name(struct reader *reader, const struct given *given, uint64_t *ret)
{
	*ret = 1;
	if (*given->text && reader_is_name(given->text))
		return true;
	return invalid(reader, given, " Expected letters, digits, '_' and '-'", NULL);
}

bool reader_is_name(const char *text)
{
	return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}
