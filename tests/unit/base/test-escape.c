/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/escape.h"

static const struct {
	const char *text, *escaped;
} rows[] = {
	{ "", "" },
	{ "plain text, <xml attr='1'/> ~", "plain text, <xml attr='1'/> ~" },
	{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
	{ "\xe2\x82\xac \xf0\x9f\x98\x80", "\xe2\x82\xac \xf0\x9f\x98\x80" },
	/* The first and last characters of each length. */
	{ "\xc2\xa0 \xdf\xbf", "\xc2\xa0 \xdf\xbf" },
	{ "\xe0\xa0\x80 \xef\xbf\xbd", "\xe0\xa0\x80 \xef\xbf\xbd" },
	{ "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf" },
	/* Control characters: line ends and tabs too, they forge lines of a log. */
	{ "a\nb\tc\rd", "a\\x0ab\\x09c\\x0dd" },
	{ "\x1b[2J\x07\x7f", "\\x1b[2J\\x07\\x7f" },
	{ "\xc2\x9b"
	  "31m",
	  "\\xc2\\x9b31m" },
	/* What turns text around. */
	{ "\xe2\x80\xae"
	  "fdp",
	  "\\xe2\\x80\\xaefdp" },
	{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
	/* Not UTF-8. */
	{ "\x80", "\\x80" },
	{ "\xc3", "\\xc3" },
	{ "\xc3(", "\\xc3(" },
	{ "\xe2\x82", "\\xe2\\x82" },
	{ "\xf0\x9f\x98", "\\xf0\\x9f\\x98" },
	{ "\xff\xfe", "\\xff\\xfe" },
	/* Too long a spelling, half of a pair, beyond the last character. */
	{ "\xc0\xaf", "\\xc0\\xaf" },
	{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
	{ "\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
	{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
	{ "\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80" },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *escaped = escape_text(rows[i].text);
		assert_non_null(escaped);
		if (strcmp(escaped, rows[i].escaped) != 0)
			print_error("row %zu\n", i);
		assert_string_equal(escaped, rows[i].escaped);
		free(escaped);
	}
}

/* Whatever two bytes there are, in memory of their exact size: no control byte is left, and doing it again changes nothing. */
static void test_pairs(void **state)
{
	for (unsigned pair = 0; pair < 65536; pair++) {
		char *text = calloc(1, 3);
		assert_non_null(text);
		text[0] = (char)(pair >> 8);
		text[1] = (char)pair;
		char *once = escape_text(text);
		char *twice = escape_text(once);
		for (const char *c = once; *c; c++)
			assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
		assert_string_equal(once, twice);
		free(text);
		free(once);
		free(twice);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_pairs) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
