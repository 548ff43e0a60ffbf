/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "types/port.h"

#define LONGEST "a name of thirty-nine characters, all o"
#define A "11111111-2222-3333-4444-555555555555"
#define B "66666666-7777-8888-9999-aaaaaaaaaaaa"

/* What is written can be read, and is the same. */
static const struct {
	const char *text, *show;
} rows[] = {
	{ "", "none" },
	{ "802.1Qbh " A " " B " gold", "802.1Qbh gold, instance " A },
	{ "802.1Qbh " A " " B " " LONGEST, "802.1Qbh " LONGEST ", instance " A },
	{ "802.1Qbh " A " " B " ", "802.1Qbh , instance " A },
	{ "802.1Qbg " A " 0 0 0 00:00:00:00:00:00 0 0", "802.1Qbg manager 0 type 0 version 0, instance " A },
	{ "802.1Qbg " A " 255 16777215 255 02:11:22:33:44:55 4095 7",
	  "802.1Qbg manager 255 type 16777215 version 255, instance " A },
};

static void test_texts(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct port port, again;
		char buf[160];
		assert_int_equal(port_parse(rows[i].text, &port), 0);
		port_text(&port, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].text);
		assert_int_equal(port_parse(buf, &again), 0);
		assert_true(port_equal(&port, &again));
		port_show(&port, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].show);
	}
}

static void test_bad_texts(void **state)
{
	static const char *const bad[] = {
		"none",
		"802.1Qbh",
		"802.1Qbh gold",
		"802.1Qbh " A,
		"802.1Qbh " A " " B,
		"802.1Qbh " A " " B " " LONGEST "x",
		"802.1Qbh 11111111222233334444555555555555 " B " gold",
		"802.1Qbg " A,
		"802.1Qbg " A " 1 2 3",
		"802.1Qbg " A " 1 2 3 02:11:22:33:44:55 42",
		"802.1Qbg " A " 1 2 3 02:11:22:33:44:55 42 0 0",
		"802.1Qbg " A " 256 2 3 02:11:22:33:44:55 42 0",
		"802.1Qbg " A " 1 16777216 3 02:11:22:33:44:55 42 0",
		"802.1Qbg " A " 1 2 256 02:11:22:33:44:55 42 0",
		"802.1Qbg " A " 1 2 3 02:11:22:33:44 42 0",
		"802.1Qbg " A " 1 2 3 02:11:22:33:44:55 4096 0",
		"802.1Qbg " A " 1 2 3 02:11:22:33:44:55 42 8",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct port port = { .vlan = 77 };
		assert_int_equal(port_parse(bad[i], &port), -EINVAL);
		assert_int_equal(port.vlan, 77);
	}
}

static void test_responses(void **state)
{
	struct port port;
	char buf[160];
	assert_int_equal(port_parse(rows[1].text, &port), 0);
	port.response = PORT_IN_PROGRESS;
	port_show(&port, buf, sizeof(buf));
	assert_string_equal(buf, "802.1Qbh gold, instance " A ": in progress");
	port.response = 0x1234;
	port_show(&port, buf, sizeof(buf));
	assert_string_equal(buf, "802.1Qbh gold, instance " A ": response 0x1234");
	/* All that the kernel defines, and no other. */
	for (uint16_t i = 0; i <= 0x200; i++) {
		bool defined = i <= 6 || (i > 0x100 && i <= 0x105) || i == PORT_PREASSOCIATED;
		assert_int_equal(port_response_word(i) != NULL, defined);
	}
	/* The longest fits where values are shown. */
	assert_int_equal(port_parse(rows[2].text, &port), 0);
	port.response = 5;
	port_show(&port, buf, sizeof(buf));
	assert_non_null(strstr(buf, "not allowed here"));
}

static void test_equal(void **state)
{
	struct port a, b;
	assert_int_equal(port_parse(rows[1].text, &a), 0);
	b = a;
	memset(&b.host, 0, sizeof(b.host));
	assert_true(port_equal(&a, &b));
	b.response = PORT_IN_PROGRESS;
	assert_false(port_equal(&a, &b));
	b = a;
	strcpy(b.profile, "golf");
	assert_false(port_equal(&a, &b));
	b = a;
	b.instance.byte[15]++;
	assert_false(port_equal(&a, &b));
	struct port none = { .kind = PORT_KIND_NONE }, ending = { .response = PORT_IN_PROGRESS };
	assert_false(port_equal(&a, &none));
	assert_false(port_equal(&none, &ending));
	assert_int_equal(port_parse(rows[5].text, &a), 0);
	b = a;
	b.version--;
	assert_false(port_equal(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_bad_texts),
		cmocka_unit_test(test_responses),
		cmocka_unit_test(test_equal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
