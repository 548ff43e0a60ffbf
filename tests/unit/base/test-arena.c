/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Memory that ends together: it is zero, aligned, and arrays keep what is in them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void test_alloc(void **state)
{
	struct arena *arena = arena_new();
	assert_non_null(arena);
	for (size_t size = 0; size < 100; size++) {
		unsigned char *piece = arena_alloc(arena, size);
		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(piece[i], 0);
		memset(piece, 0xff, size);
	}
	assert_null(arena_alloc(arena, SIZE_MAX));
	assert_null(arena_alloc(arena, SIZE_MAX - sizeof(max_align_t)));
	arena_free(arena);
	arena_free(NULL);
}

static void test_copy(void **state)
{
	struct arena *arena = arena_new();
	assert_non_null(arena);
	char text[] = "text";
	char *copy = arena_copy(arena, text);
	text[0] = 'n';
	assert_string_equal(copy, "text");
	assert_string_equal(arena_copy(arena, ""), "");
	assert_null(arena_copy(arena, NULL));
	arena_free(arena);
}

static void test_grow(void **state)
{
	struct arena *arena = arena_new();
	assert_non_null(arena);
	uint32_t *items = NULL;
	for (uint32_t count = 0; count < 1000; count++) {
		items = arena_grow(arena, items, count, sizeof(*items));
		assert_non_null(items);
		assert_int_equal(items[count], 0);
		items[count] = count + 1;
		assert_int_equal(items[count / 2], count / 2 + 1);
	}
	assert_null(arena_grow(arena, items, (size_t)1 << 62, sizeof(*items)));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
