/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Any bytes as what a VMM sends: no crash, no leak, no more memory than is promised, and the same messages however the bytes are
 * cut into pieces.
 */

#include <errno.h>

#include "standalone.h"
#include "vmm/qmp_reader.h"

/* What a reading came to. */
struct outcome {
	size_t messages[QMP_KIND_COUNT];
	json_int_t ids;
	int end; /* 0, or the errno that ended it */
};

static void check_message(const struct qmp_message *message)
{
	require(json_is_object(message->json) && message->value, "a message without its value");
	require(message->size <= QMP_LINE_MAX, "a message that is too long");
	if (message->kind == QMP_ERROR)
		require(json_string_value(json_object_get(message->value, "class")) &&
				json_string_value(json_object_get(message->value, "desc")),
			"an error without words");
	if (message->kind == QMP_EVENT)
		require(json_string_value(message->value), "an event without a name");
}

/* Takes the messages that are complete. */
static void take(struct qmp_reader *reader, struct outcome *outcome)
{
	struct qmp_message message;
	int r;
	while ((r = qmp_reader_next(reader, &message)) > 0) {
		check_message(&message);
		outcome->messages[message.kind]++;
		outcome->ids += message.has_id ? message.id % 1000 : 0;
		json_decref(message.json);
	}
	outcome->end = r;
}

static struct outcome read_all(const uint8_t *data, size_t size, size_t step)
{
	struct qmp_reader reader = { 0 };
	struct outcome outcome = { 0 };
	for (size_t i = 0; outcome.end == 0 && i < size; i += step) {
		outcome.end = qmp_reader_add(&reader, data + i, step < size - i ? step : size - i);
		if (outcome.end == 0)
			take(&reader, &outcome);
		require(reader.size <= QMP_LINE_MAX, "a buffer that is too large");
	}
	require(outcome.end == 0 || outcome.end == -EBADMSG || outcome.end == -EMSGSIZE, "another error");
	qmp_reader_done(&reader);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole = read_all(data, size, size ? size : 1);
	struct outcome pieces = read_all(data, size, size ? data[0] % 61 + 1 : 1);
	if (whole.end == -EMSGSIZE || pieces.end == -EMSGSIZE)
		return 0;
	require(whole.end == pieces.end && whole.ids == pieces.ids, "pieces make a difference");
	for (size_t i = 0; i < QMP_KIND_COUNT; i++)
		require(whole.messages[i] == pieces.messages[i], "pieces make a difference");
	return 0;
}
