/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "types/uuid.h"

#define TEXT "6f4d1c5e-0b2a-4a3b-9c8d-7e6f5a4b3c2d"

static void test_good(void **state)
{
	static const char *const rows[] = {
		TEXT,
		"6F4D1C5E-0B2A-4A3B-9C8D-7E6F5A4B3C2D",
		"6f4d1c5e0b2a4a3b9c8d7e6f5a4b3c2d",
		(" \t" TEXT "\n"),
		"6f-4d-1c-5e 0b2a 4a3b--9c8d-7e6f5a4b3c2d",
		"--" TEXT,
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct uuid uuid;
		assert_int_equal(uuid_parse(rows[i], &uuid), 0);
		assert_string_equal(uuid_text(uuid).s, TEXT);
		assert_int_equal(uuid.byte[0], 0x6f);
		assert_int_equal(uuid.byte[15], 0x2d);
	}
}

static void test_bad(void **state)
{
	static const char *const rows[] = {
		"",
		"-",
		"6f4d1c5e-0b2a-4a3b-9c8d-7e6f5a4b3c2",
		"6f4d1c5e-0b2a-4a3b-9c8d-7e6f5a4b3c2d0",
		"6f4d1c5e-0b2a-4a3b-9c8d-7e6f5a4b3c2g",
		"6-f4d1c5e-0b2a-4a3b-9c8d-7e6f5a4b3c2d",
		TEXT "-",
		TEXT " x",
		"{" TEXT "}",
		"6f4d1c5e\t0b2a-4a3b-9c8d-7e6f5a4b3c2d",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct uuid uuid = { { 77 } };
		assert_int_equal(uuid_parse(rows[i], &uuid), -EINVAL);
		assert_int_equal(uuid.byte[0], 77);
	}
}

static void test_equal(void **state)
{
	struct uuid a = { { 1 } }, b = { { 1 } };
	assert_true(uuid_equal(a, b));
	b.byte[15] = 1;
	assert_false(uuid_equal(a, b));
}

static void test_generate(void **state)
{
	struct uuid first, second;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(uuid_generate(&first), 0);
		assert_int_equal(uuid_generate(&second), 0);
		assert_false(uuid_equal(first, second));
		/* Version 4, variant 10. */
		assert_int_equal(uuid_text(first).s[14], '4');
		assert_non_null(strchr("89ab", uuid_text(first).s[19]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_generate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
