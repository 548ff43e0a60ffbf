/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/grammar.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "model/document.h"

static const void *value_of(struct field field, const void *base)
{
	return (const char *)base + field.value;
}

uint64_t field_number(struct field field, const void *base)
{
	uint32_t number = 0;
	uint64_t large = 0;
	switch (field.kind) {
	case FIELD_U8:
		return *(const uint8_t *)value_of(field, base);
	case FIELD_U32:
		memcpy(&number, value_of(field, base), sizeof(number));
		return number;
	case FIELD_U64:
		memcpy(&large, value_of(field, base), sizeof(large));
		return large;
	default:
		return 0;
	}
}

static const char *stored_text(struct field field, const void *base)
{
	const char *text = NULL;
	if (field.kind == FIELD_TEXT)
		memcpy(&text, value_of(field, base), sizeof(text));
	else if (field.kind == FIELD_NAME && *(const char *)value_of(field, base))
		text = value_of(field, base);
	return text;
}

bool field_is_present(struct field field, const void *base)
{
	if (field.kind == FIELD_NONE)
		return false;
	if (field.present == PRESENT_ALWAYS)
		return true;
	if (field.present == PRESENT_BY_VALUE)
		return stored_text(field, base) || field_number(field, base);
	return *((const uint8_t *)base + field.present);
}

/* NUMBER as STYLE wants it, at the end of ROOM. */
static const char *number_text(uint64_t number, enum style style, struct field_text *room)
{
	static const struct {
		unsigned base;
		int digits; /* at least */
	} styles[] = {
		[STYLE_DECIMAL] = { 10, 1 }, [STYLE_HEX] = { 16, 1 },  [STYLE_HEX2] = { 16, 2 },
		[STYLE_HEX4] = { 16, 4 },    [STYLE_HEX8] = { 16, 8 },
	};
	char *p = room->s + sizeof(room->s) - 1;
	*p = '\0';
	for (int digits = styles[style].digits; digits > 0 || number; digits--, number /= styles[style].base)
		*--p = "0123456789abcdef"[number % styles[style].base];
	if (style == STYLE_DECIMAL)
		return p;
	*--p = 'x';
	*--p = '0';
	return p;
}

static_assert(sizeof(struct uuid_text) <= FIELD_TEXT_SIZE && sizeof(struct mac_text) <= FIELD_TEXT_SIZE,
	      "they have room");

const char *field_text(struct field field, enum style style, const void *base, struct field_text *room)
{
	struct uuid uuid;
	struct mac mac;
	switch (field.kind) {
	case FIELD_TEXT:
	case FIELD_NAME:
		return stored_text(field, base);
	case FIELD_UUID:
		memcpy(&uuid, value_of(field, base), sizeof(uuid));
		memcpy(room->s, uuid_text(uuid).s, sizeof(struct uuid_text));
		return room->s;
	case FIELD_MAC:
		memcpy(&mac, value_of(field, base), sizeof(mac));
		memcpy(room->s, mac_text(mac).s, sizeof(struct mac_text));
		return room->s;
	default:
		return number_text(field_number(field, base), style, room);
	}
}

static int set_value(struct field field, void *value, uint64_t number, const char *text)
{
	uint32_t small = (uint32_t)number;
	switch (field.kind) {
	case FIELD_U8:
		*(uint8_t *)value = (uint8_t)number;
		break;
	case FIELD_U32:
		memcpy(value, &small, sizeof(small));
		break;
	case FIELD_U64:
		memcpy(value, &number, sizeof(number));
		break;
	case FIELD_TEXT:
		memcpy(value, &text, sizeof(text));
		break;
	case FIELD_NAME:
		if (strlen(text) >= NAME_SIZE)
			return -EINVAL;
		memcpy(value, text, strlen(text) + 1);
		break;
	case FIELD_UUID:
		return uuid_parse(text, value);
	case FIELD_MAC:
		return mac_parse(text, value);
	case FIELD_NONE:
		break;
	}
	return 0;
}

int field_set(struct field field, void *base, uint64_t number, const char *text)
{
	field_clear(field, base);
	int r = set_value(field, (char *)base + field.value, number, text);
	if (r == 0 && field.kind != FIELD_NONE && field.present < PRESENT_ALWAYS)
		*((bool *)base + field.present) = true;
	return r;
}

void field_clear(struct field field, void *base)
{
	static const size_t sizes[] = {
		[FIELD_U8] = sizeof(uint8_t),     [FIELD_U32] = sizeof(uint32_t),
		[FIELD_U64] = sizeof(uint64_t),   [FIELD_TEXT] = sizeof(char *),
		[FIELD_NAME] = NAME_SIZE,         [FIELD_UUID] = sizeof(struct uuid),
		[FIELD_MAC] = sizeof(struct mac),
	};
	if (field.kind == FIELD_NONE)
		return;
	memset((char *)base + field.value, 0, sizes[field.kind]);
	if (field.present < PRESENT_ALWAYS)
		*((bool *)base + field.present) = false;
}
