/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/network.h"

#include <stdlib.h>
#include <string.h>

void listing_add(struct reader *reader, struct listing *listing, const char *name, size_t offset)
{
	struct listed *items = reader_grow(reader, listing->items, listing->count, sizeof(*items));
	if (!items)
		return;
	listing->items = items;
	items[listing->count++] = (struct listed){ name, offset };
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
	const char *first = listing->items[0].name;
	for (size_t i = 1; i < listing->count; i++) {
		struct listed item = listing->items[i];
		if (strcmp(first, item.name) == 0)
			listing->items[kept++] = item;
		first = item.name;
	}
	listing->count = kept;
	qsort(listing->items, kept, sizeof(*listing->items), compare_offsets);
}
