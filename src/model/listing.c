/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/network.h"

#include <stdlib.h>
#include <string.h>

void listing_add(struct reader *reader, struct listing *listing, const char *name, size_t offset)
{
	if (listing->count == listing->room) {
		size_t room = listing->room ? listing->room * 2 : 16;
		struct listed *items = reallocarray(listing->items, room, sizeof(*items));
		if (!items) {
			reader->no_memory = true;
			return;
		}
		listing->items = items;
		listing->room = room;
	}
	char *copy = reader_copy(reader, name);
	if (copy)
		listing->items[listing->count++] = (struct listed){ copy, offset };
}

static int compare_offsets(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* By name, and those of one name as they stand in the document. */
static int compare_names(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	int names = strcmp(a->name, b->name);
	return names ? names : compare_offsets(left, right);
}

void listing_keep_repeated(struct listing *listing)
{
	if (listing->count == 0)
		return;
	qsort(listing->items, listing->count, sizeof(*listing->items), compare_names);
	size_t kept = 0;
	char *first = listing->items[0].name;
	for (size_t i = 1; i < listing->count; i++) {
		struct listed item = listing->items[i];
		if (strcmp(first, item.name) == 0) {
			listing->items[kept++] = item;
			continue;
		}
		free(first);
		first = item.name;
	}
	free(first);
	listing->count = kept;
	qsort(listing->items, kept, sizeof(*listing->items), compare_offsets);
}

void listing_done(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		free(listing->items[i].name);
	free(listing->items);
	*listing = (struct listing){ 0 };
}
