/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/grammar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "model/document.h"
#include "model/tree.h"

/* What a broken rule of each phase is, by purpose: an error, a warning, or nothing. */
enum weight { WEIGHT_NONE, WEIGHT_WARNING, WEIGHT_ERROR };

static enum weight weigh(const struct reader *reader, enum phase phase)
{
	switch (phase) {
	case PHASE_START:
		return reader->purpose == PURPOSE_DEFINE ? WEIGHT_NONE : WEIGHT_ERROR;
	case PHASE_ACT:
		return reader->purpose <= PURPOSE_ARGUMENTS ? WEIGHT_ERROR : WEIGHT_NONE;
	case PHASE_STRICT:
		return reader->strict ? WEIGHT_ERROR : WEIGHT_WARNING;
	case PHASE_CHECK:
		return reader->purpose == PURPOSE_CHECK ? WEIGHT_WARNING : WEIGHT_NONE;
	case PHASE_WARNING:
		return WEIGHT_WARNING;
	default:
		return WEIGHT_ERROR;
	}
}

struct report *reader_tell(struct reader *reader, enum rule rule, size_t offset, const char *const args[])
{
	const struct rule_row *row = rule_row(rule);
	enum weight weight = weigh(reader, row->phase);
	if (weight == WEIGHT_NONE)
		return NULL;
	cleanup_free char *place = tree_place(reader->tree, offset);
	cleanup_free char *message = rule_text(rule, args);
	if (!message || !place)
		reader->no_memory = true;
	const char *text = message ? message : "";
	struct report *report = weight == WEIGHT_ERROR ?
					report_error(reader->reports, row->class, place, "%s", text) :
					report_warning(reader->reports, row->class, place, "%s", text);
	report->rule = row->id;
	return row->hint ? report_hint(report, "%s", row->hint) : report;
}

struct field_text number_decimal(uint64_t number)
{
	struct field_text text;
	snprintf(text.s, sizeof(text.s), "%" PRIu64, number);
	return text;
}

struct field_text number_hex(uint64_t number)
{
	struct field_text text;
	snprintf(text.s, sizeof(text.s), "0x%" PRIx64, number);
	return text;
}

void *reader_alloc(struct reader *reader, size_t size)
{
	void *memory = arena_alloc(reader->document->arena, size);
	reader->no_memory |= !memory;
	return memory;
}

char *reader_copy(struct reader *reader, const char *text)
{
	char *copy = arena_copy(reader->document->arena, text);
	reader->no_memory |= text && !copy;
	return copy;
}

void *reader_grow(struct reader *reader, void *items, size_t count, size_t size)
{
	void *larger = arena_grow(reader->document->arena, items, count, size);
	reader->no_memory |= !larger;
	return larger;
}

bool reader_has_room(struct reader *reader, size_t count, const xmlNode *node)
{
	if (count < DOCUMENT_LIST_MAX)
		return true;
	TELL(reader, RULE_LIST_LONG, tree_offset(node), number_decimal(DOCUMENT_LIST_MAX).s, tree_name(node));
	return false;
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

bool reader_invalid(struct reader *reader, const struct given *given, enum rule rule)
{
	struct report *report = TELL(reader, rule, given->offset, given->row->name, given->element,
				     given->text);
	cleanup_free char *words = given->row->words ? join_words(given->row->words) : NULL;
	if (words && report)
		report_hint(report, "it can be %s", words);
	return false;
}

const char *const no_yes[] = { "no", "yes", NULL };
const char *const off_on[] = { "off", "on", NULL };

bool read_word(struct reader *reader, const struct given *given, uint64_t *ret)
{
	const char *const *words = given->row->words;
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], given->text) == 0) {
			*ret = i;
			return true;
		}
	}
	/* libvirt itself passes over some of them. */
	bool passed = given->row->flags & ATTRIBUTE_BAD_IS_ABSENT;
	return reader_invalid(reader, given, passed ? RULE_IGNORED_VALUE : RULE_INVALID_VALUE);
}

bool read_yes(struct reader *reader, const struct given *given, uint64_t *ret)
{
	*ret = strcasecmp(given->text, "yes") == 0;
	return *ret || strcasecmp(given->text, "no") == 0 || reader_invalid(reader, given, RULE_IGNORED_VALUE);
}

static bool read_based(struct reader *reader, const struct given *given, int base, uint64_t *ret)
{
	uint64_t max = given->row->max ? given->row->max : UINT32_MAX;
	if (number_parse(given->text, base, max, ret) == 0)
		return true;
	return reader_invalid(reader, given, RULE_INVALID_NUMBER);
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
	return reader_invalid(reader, given, RULE_INVALID_NAME);
}

bool reader_is_name(const char *text)
{
	return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}
