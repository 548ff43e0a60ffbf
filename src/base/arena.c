/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct piece {
	struct piece *before;
	max_align_t data[];
};

struct arena {
	struct piece *last;
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

/* SIZE bytes, whatever they are. */
static void *allocate(struct arena *arena, size_t size)
{
	struct piece *piece = size < SIZE_MAX / 2 ? malloc(sizeof(*piece) + size) : NULL;
	if (!piece)
		return NULL;
	piece->before = arena->last;
	arena->last = piece;
	return piece->data;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *memory = allocate(arena, size);
	return memory ? memset(memory, 0, size) : NULL;
}

char *arena_copy(struct arena *arena, const char *text)
{
	size_t size = text ? strlen(text) + 1 : 0;
	char *copy = text ? allocate(arena, size) : NULL;
	return copy ? memcpy(copy, text, size) : NULL;
}

/* The room is the power of two that suffices. What the array was before stays until the end. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size)
{
	char *larger = items;
	if ((count & (count - 1)) == 0) {
		larger = count < SIZE_MAX / 4 / size ? allocate(arena, (count ? 2 * count : 1) * size) : NULL;
		if (larger && count)
			memcpy(larger, items, count * size);
	}
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
