/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Any bytes as a record: no crash, no leak, and what is taken for one can be written and read again. With clang and
 * -fsanitize=fuzzer this is a fuzz target; with FUZZ_STANDALONE it runs the files and folders that it is given, once each.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth, const char *what)
{
	if (truth)
		return;
	fprintf(stderr, "fuzz_record: %s\n", what);
	abort();
}

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

#ifdef FUZZ_STANDALONE

#include <ftw.h>
#include <sys/stat.h>

static int run_file(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	if (type != FTW_F)
		return 0;
	FILE *file = fopen(path, "re");
	uint8_t *data = malloc((size_t)status->st_size + 1);
	require(file && data, path);
	size_t size = fread(data, 1, (size_t)status->st_size, file);
	fclose(file);
	(void)ftw;
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		require(nftw(argv[i], run_file, 8, FTW_PHYS) == 0, argv[i]);
	return 0;
}

#endif
