/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/guess.h"

#include <string.h>

/* Longer words are not guessed at. */
#define WORD_MAX 31

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters must be added, taken out or changed to make A of B, at most WORD_MAX long (Levenshtein).
 */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1];
	size_t length = strlen(b);
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			row[j] = smaller(change, smaller(row[j], row[j - 1]) + 1);
		}
	}
	return row[length];
}

const char *guess_name(const char *word, const char *const names[], size_t count)
{
	if (strlen(word) > WORD_MAX)
		return NULL;
	const char *best = NULL;
	/* Fewer slips than this, and not more than half of the word's letters. */
	size_t limit = smaller(3, strlen(word) / 2 + 1);
	for (size_t i = 0; i < count; i++) {
		size_t slips = distance(word, names[i]);
		if (slips < limit) {
			best = names[i];
			limit = slips;
		}
	}
	return best;
}
