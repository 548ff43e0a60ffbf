/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vmm/qmp_reader.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define SIZE_FIRST 4096

/* The member that makes an object a message of this kind. */
static const char *const keys[] = {
	[QMP_GREETING] = "QMP", [QMP_RETURN] = "return", [QMP_ERROR] = "error", [QMP_EVENT] = "event"
};

static_assert(ARRAY_SIZE(keys) == QMP_KIND_COUNT, "each kind of message has a key");

/* Makes room for SIZE bytes behind the end. */
static int make_room(struct qmp_reader *reader, size_t size)
{
	size_t kept = reader->end - reader->start, larger = reader->size ? reader->size : SIZE_FIRST;
	if (size > QMP_LINE_MAX || kept > QMP_LINE_MAX - size)
		return -EMSGSIZE;
	if (reader->start > 0) {
		memmove(reader->buffer, reader->buffer + reader->start, kept);
		reader->scanned -= reader->start;
		reader->start = 0;
		reader->end = kept;
	}
	while (larger < kept + size)
		larger *= 2;
	if (larger == reader->size)
		return 0;
	char *buffer = realloc(reader->buffer, larger);
	if (!buffer)
		return -ENOMEM;
	reader->buffer = buffer;
	reader->size = larger;
	return 0;
}

int qmp_reader_add(struct qmp_reader *reader, const void *data, size_t size)
{
	int r = make_room(reader, size);
	if (r < 0 || size == 0)
		return r;
	memcpy(reader->buffer + reader->end, data, size);
	reader->end += size;
	return 0;
}

/* Whether MESSAGE, of which everything but the value's own members is known, has those that its kind needs. */
static bool is_whole(const struct qmp_message *message)
{
	switch (message->kind) {
	case QMP_GREETING:
		return json_is_object(message->value);
	case QMP_ERROR:
		return json_is_string(json_object_get(message->value, "class")) &&
		       json_is_string(json_object_get(message->value, "desc"));
	case QMP_EVENT:
		return json_is_string(message->value);
	default:
		return true;
	}
}

/* What kind of message its json makes MESSAGE; false when it is none. */
static bool classify(struct qmp_message *message)
{
	const json_t *id = json_object_get(message->json, "id");
	size_t found = 0;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		json_t *value = json_object_get(message->json, keys[i]);
		if (!value)
			continue;
		message->kind = (enum qmp_kind)i;
		message->value = value;
		found++;
	}
	message->has_id = id != NULL;
	message->id = json_integer_value(id);
	return found == 1 && (!id || json_is_integer(id)) && is_whole(message);
}

static void keep_excerpt(struct qmp_reader *reader, const char *line, size_t size)
{
	size_t kept = size < QMP_EXCERPT_SIZE - 1 ? size : QMP_EXCERPT_SIZE - 1;
	memcpy(reader->excerpt, line, kept);
	reader->excerpt[kept] = '\0';
}

int qmp_reader_next(struct qmp_reader *reader, struct qmp_message *ret)
{
	if (reader->scanned == reader->end)
		return 0;
	const char *line = reader->buffer + reader->start;
	const char *feed = memchr(reader->buffer + reader->scanned, '\n', reader->end - reader->scanned);
	if (!feed) {
		reader->scanned = reader->end;
		return 0;
	}
	size_t size = (size_t)(feed - line);
	*ret = (struct qmp_message){ .json = json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL),
				     .size = size };
	reader->start += size + 1;
	reader->scanned = reader->start;
	if (classify(ret))
		return 1;
	keep_excerpt(reader, line, size);
	json_decref(ret->json);
	ret->json = NULL;
	ret->value = NULL;
	return -EBADMSG;
}

void qmp_reader_done(struct qmp_reader *reader)
{
	free(reader->buffer);
	*reader = (struct qmp_reader){ 0 };
}
