/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number.h"

static const struct {
	const char *text;
	int base;
	uint64_t max;
	int result;
	uint64_t number;
} rows[] = {
	{ "0", 10, 10, 0, 0 },
	{ "10", 10, 10, 0, 10 },
	{ "11", 10, 10, -ERANGE, 0 },
	{ "0010", 10, 10, 0, 10 },
	{ " \t\n7", 10, 10, 0, 7 },
	{ "+7", 10, 10, 0, 7 },
	{ " +7", 10, 10, 0, 7 },
	{ "18446744073709551615", 10, UINT64_MAX, 0, UINT64_MAX },
	{ "18446744073709551616", 10, UINT64_MAX, -ERANGE, 0 },
	{ "99999999999999999999999999", 10, 10, -ERANGE, 0 },
	/* Not one number. */
	{ "", 10, 10, -EINVAL, 0 },
	{ " ", 10, 10, -EINVAL, 0 },
	{ "+", 10, 10, -EINVAL, 0 },
	{ "-1", 10, 10, -EINVAL, 0 },
	{ "-0", 10, 10, -EINVAL, 0 },
	{ "+-1", 10, 10, -EINVAL, 0 },
	{ "++1", 10, 10, -EINVAL, 0 },
	{ "+ 1", 10, 10, -EINVAL, 0 },
	{ "1 ", 10, 10, -EINVAL, 0 },
	{ "1x", 10, 10, -EINVAL, 0 },
	{ "1.0", 10, 10, -EINVAL, 0 },
	{ "a", 10, 10, -EINVAL, 0 },
	{ "0x1", 10, 10, -EINVAL, 0 },
	/* Hexadecimal. */
	{ "ff", 16, 255, 0, 255 },
	{ "FF", 16, 255, 0, 255 },
	{ "0xFf", 16, 255, 0, 255 },
	{ "0x020000", 16, UINT32_MAX, 0, 0x20000 },
	{ "0x", 16, 255, -EINVAL, 0 },
	{ "g", 16, 255, -EINVAL, 0 },
	{ "100", 16, 255, -ERANGE, 0 },
	/* As the text says. */
	{ "0x10", 0, 255, 0, 16 },
	{ "0X10", 0, 255, 0, 16 },
	{ "010", 0, 255, 0, 8 },
	{ "10", 0, 255, 0, 10 },
	{ "0", 0, 255, 0, 0 },
	{ "08", 0, 255, -EINVAL, 0 },
	{ "a", 0, 255, -EINVAL, 0 },
	{ "x10", 0, 255, -EINVAL, 0 },
};

static void test_parse(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t number = 4711;
		int r = number_parse(rows[i].text, rows[i].base, rows[i].max, &number);
		if (r != rows[i].result)
			print_error("row %zu: \"%s\"\n", i, rows[i].text);
		assert_int_equal(r, rows[i].result);
		assert_int_equal(number, r == 0 ? rows[i].number : 4711);
	}
}

/* errno from elsewhere says nothing. */
static void test_errno(void **state)
{
	uint64_t number;
	errno = ERANGE;
	assert_int_equal(number_parse("1", 10, 1, &number), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_parse), cmocka_unit_test(test_errno) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
