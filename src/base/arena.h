/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Memory with one owner and one end: whatever belongs to something large is allocated from its arena, and
 * freed with it. Each piece is an allocation of its own, so that sanitizers see where it ends.
 */

#include <stddef.h>

struct arena;

/* A new arena without anything in it; NULL without memory. */
struct arena *arena_new(void);

/* SIZE bytes, all zero; NULL without memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of TEXT, which may be NULL; NULL without memory. */
char *arena_copy(struct arena *arena, const char *text);

/*
 * ITEMS, an array of COUNT items of SIZE bytes (NULL for none) that this function has made, with room for one
 * more, which is all zero. The array may move. NULL without memory: ITEMS holds then.
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size);

/* Frees ARENA, and all that is in it; NULL is allowed. */
void arena_free(struct arena *arena);
