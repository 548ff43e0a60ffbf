/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a record: no crash, no leak, and what is taken for one can be written and read again. */

#include <string.h>

#include "record/line.h"
#include "standalone.h"

static void write_again(const struct record *record)
{
	struct record *again = NULL;
	char *line = record_line(record);
	require(line != NULL, "a record that was read cannot be written");
	require(record_parse(line, &again) == 0, "a record that was written cannot be read");
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		require(value_equal(setting, &record->before.of[setting], &again->before.of[setting]),
			"a value is not what it was");
	require(!again->committed && !again->dirty, "a new record has a history");
	record_free(again);
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record *record = NULL;
	char *text = malloc(size + 1);
	require(text != NULL, "no memory");
	memcpy(text, data, size);
	text[size] = '\0';
	int r = record_parse(text, &record);
	require((r == 0) == (record != NULL), "the result and the record disagree");
	if (record)
		write_again(record);
	record_free(record);
	free(text);
	return 0;
}
