/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What fuzz targets share. With clang and -fsanitize=fuzzer each is a fuzz target; with FUZZ_STANDALONE it gets a main() that
 * runs the files and folders that it is given, once each, with any compiler.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program with WHAT unless TRUTH. */
static inline void require(bool truth, const char *what)
{
	if (truth)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

#ifdef FUZZ_STANDALONE

#include <ftw.h>
#include <sys/stat.h>

static int run_file(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type != FTW_F)
		return 0;
	FILE *file = fopen(path, "re");
	uint8_t *data = malloc((size_t)status->st_size + 1);
	require(file && data, path);
	/* A block of exactly this size: reading past its end is found. */
	size_t size = fread(data, 1, (size_t)status->st_size, file);
	fclose(file);
	data = realloc(data, size ? size : 1);
	require(data, path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		require(nftw(argv[i], run_file, 16, FTW_PHYS) == 0, argv[i]);
	return 0;
}

#endif
