/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct piece {
	struct piece *before, *after;
	max_align_t data[];
};

struct arena {
	struct piece *last;
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

/* MEMORY, NULL for none yet, with SIZE bytes instead; those that it had not are whatever they are. It may move. */
static void *resize(struct arena *arena, void *memory, size_t size)
{
	char *start = memory ? (char *)memory - offsetof(struct piece, data) : NULL;
	struct piece *piece = size < SIZE_MAX / 2 ? realloc(start, sizeof(*piece) + size) : NULL;
	if (!piece)
		return NULL;
	if (!memory)
		*piece = (struct piece){ .before = arena->last };
	if (piece->before)
		piece->before->after = piece;
	if (piece->after)
		piece->after->before = piece;
	else
		arena->last = piece;
	return piece->data;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *memory = resize(arena, NULL, size);
	return memory ? memset(memory, 0, size) : NULL;
}

char *arena_copy(struct arena *arena, const char *text)
{
	size_t size = text ? strlen(text) + 1 : 0;
	char *copy = text ? resize(arena, NULL, size) : NULL;
	return copy ? memcpy(copy, text, size) : NULL;
}

/* The room is the power of two that suffices. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size)
{
	char *larger = items;
	if ((count & (count - 1)) == 0)
		larger = count < SIZE_MAX / 4 / size ? resize(arena, items, (count ? 2 * count : 1) * size) :
						       NULL;
	if (larger)
		memset(larger + count * size, 0, size);
	return larger;
}

void arena_free(struct arena *arena)
{
	while (arena && arena->last) {
		struct piece *piece = arena->last;
		arena->last = piece->before;
		free(piece);
	}
	free(arena);
}
