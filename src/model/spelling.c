/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/spelling.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Longer names are not compared: nothing in the grammar is as long. */
#define NAME_MAX_LENGTH 31
#define DISTANCE_MAX 2

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t smaller = a < b ? a : b;
	return smaller < c ? smaller : c;
}

/*
 * How many letters must be put in, left out or replaced to make B of A; more than DISTANCE_MAX for long
 * names.
 */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LENGTH + 1];
	size_t length_a = strlen(a), length_b = strlen(b);
	if (length_a > NAME_MAX_LENGTH || length_b > NAME_MAX_LENGTH)
		return DISTANCE_MAX + 1;
	for (size_t j = 0; j <= length_b; j++)
		row[j] = j;
	for (size_t i = 1; i <= length_a; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= length_b; j++) {
			size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			row[j] = smallest(row[j] + 1, row[j - 1] + 1, replaced);
		}
	}
	return row[length_b];
}

/* Whether two letters next to each other have changed places, and nothing else. */
static bool is_swapped(const char *a, const char *b)
{
	size_t i = 0;
	while (a[i] && a[i] == b[i])
		i++;
	return a[i] && b[i] && a[i] == b[i + 1] && a[i + 1] == b[i] && strcmp(a + i + 2, b + i + 2) == 0;
}

static size_t distance_of(const char *written, const char *candidate)
{
	if (strcasecmp(written, candidate) == 0)
		return 0;
	return is_swapped(written, candidate) ? 1 : distance(written, candidate);
}

const char *spelling_nearer(const char *written, const char *candidate, const char *best)
{
	size_t away = distance_of(written, candidate);
	if (away > DISTANCE_MAX || away * 2 >= strlen(written))
		return best;
	return best && distance_of(written, best) <= away ? best : candidate;
}
