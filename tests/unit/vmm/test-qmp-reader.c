/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "vmm/qmp_reader.h"

/* What is sent, and one character for each message that is read: of its kind, and its id. "!" is none of QMP. */
static const struct {
	const char *bytes;
	const char *messages;
} cases[] = {
	{ "", "" },
	{ "{\"return\":{}", "" },
	{ "{\"return\":{}}", "" },
	{ "{\"return\":{}}\n", "r" },
	{ "{\"return\": {}, \"id\": 7}\r\n", "r7" },
	{ "{\"return\":null,\"id\":0}\n{\"return\":[1,\"\\u00e4\"],\"id\":-1}\n", "r0r-1" },
	{ "{\"QMP\":{\"version\":{},\"capabilities\":[]}}\n", "g" },
	{ "{\"error\":{\"class\":\"GenericError\",\"desc\":\"no\"},\"id\":3}\n", "x3" },
	{ "{\"timestamp\":{},\"event\":\"STOP\"}\n{\"event\":\"X\",\"data\":{}}\n", "ee" },
	{ "{\"event\":\"X\"}\n{\"ret", "e" },
	/* Not JSON; not an object; not one object. */
	{ "\n", "!" },
	{ "hello\n", "!" },
	{ "[]\n", "!" },
	{ "1\n", "!" },
	{ "{\"return\":{}}{\"return\":{}}\n", "!" },
	{ "{\"return\":{\n}}\n", "!" },
	{ "{\"return\":\"\xff\"}\n", "!" },
	{ "{\"return\":\"\\u0000\"}\n", "!" },
	{ "{\"return\":1e999}\n", "!" },
	/* No message, or more than one. */
	{ "{}\n", "!" },
	{ "{\"id\":1}\n", "!" },
	{ "{\"return\":{},\"event\":\"X\"}\n", "!" },
	{ "{\"return\":{},\"return\":{}}\n", "!" },
	/* Members of other kinds than those that QMP says. */
	{ "{\"return\":{},\"id\":\"1\"}\n", "!" },
	{ "{\"return\":{},\"id\":99999999999999999999}\n", "!" },
	{ "{\"QMP\":1}\n", "!" },
	{ "{\"event\":1}\n", "!" },
	{ "{\"error\":{}}\n", "!" },
	{ "{\"error\":{\"class\":\"X\"}}\n", "!" },
	{ "{\"error\":{\"class\":\"X\",\"desc\":1}}\n", "!" },
	{ "{\"error\":\"no\"}\n", "!" },
};

/* Reads BYTES, in pieces of STEP, to the end or to what is no message. */
static char *read_all(const char *bytes, size_t size, size_t step)
{
	static const char letters[] = {
		[QMP_GREETING] = 'g', [QMP_RETURN] = 'r', [QMP_ERROR] = 'x', [QMP_EVENT] = 'e'
	};
	struct qmp_reader reader = { 0 };
	struct qmp_message message;
	char *text = NULL;
	size_t length = 0;
	int r = 0;
	FILE *stream = open_memstream(&text, &length);
	assert_non_null(stream);
	for (size_t i = 0; r == 0 && i < size; i += step) {
		assert_int_equal(qmp_reader_add(&reader, bytes + i, step < size - i ? step : size - i), 0);
		while ((r = qmp_reader_next(&reader, &message)) > 0) {
			assert_non_null(message.value);
			fputc(letters[message.kind], stream);
			if (message.has_id)
				fprintf(stream, "%d", (int)message.id);
			json_decref(message.json);
		}
	}
	if (r < 0)
		fputc('!', stream);
	assert_true(r == 0 || r == -EBADMSG);
	fclose(stream);
	qmp_reader_done(&reader);
	return text;
}

static void test_messages(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t size = strlen(cases[i].bytes);
		for (size_t step = 1; step <= size + 1; step++) {
			cleanup_free char *found = read_all(cases[i].bytes, size, step);
			assert_string_equal(found, cases[i].messages);
		}
	}
	/* A NUL is no end. */
	cleanup_free char *found = read_all("{\"return\":1}\0\n", 14, 14);
	assert_string_equal(found, "!");
}

static void test_excerpt(void **state)
{
	struct qmp_reader reader = { 0 };
	struct qmp_message message;
	char line[200];
	memset(line, 'a', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	assert_int_equal(qmp_reader_add(&reader, line, sizeof(line)), 0);
	assert_int_equal(qmp_reader_next(&reader, &message), -EBADMSG);
	assert_null(message.json);
	assert_int_equal(strlen(reader.excerpt), QMP_EXCERPT_SIZE - 1);
	assert_int_equal(qmp_reader_next(&reader, &message), 0);
	assert_int_equal(qmp_reader_add(&reader, "x\n", 2), 0);
	assert_int_equal(qmp_reader_next(&reader, &message), -EBADMSG);
	assert_string_equal(reader.excerpt, "x");
	qmp_reader_done(&reader);
}

/* A line of SIZE bytes, with its line feed. */
static char *long_line(size_t size)
{
	static const char head[] = "{\"return\":\"", tail[] = "\"}\n";
	char *line = malloc(size + 1);
	assert_non_null(line);
	memset(line, 'x', size);
	memcpy(line, head, sizeof(head) - 1);
	memcpy(line + size - (sizeof(tail) - 1), tail, sizeof(tail));
	return line;
}

/* The longest line is read, however it comes; one byte more is refused, and nothing grows beyond it. */
static void test_limit(void **state)
{
	for (size_t more = 0; more < 2; more++) {
		struct qmp_reader reader = { 0 };
		struct qmp_message message;
		size_t size = QMP_LINE_MAX + more;
		cleanup_free char *line = long_line(size);
		int r = 0;
		for (size_t i = 0; r == 0 && i < size; i += 1000) {
			assert_int_equal(qmp_reader_next(&reader, &message), 0);
			r = qmp_reader_add(&reader, line + i, size - i < 1000 ? size - i : 1000);
		}
		assert_int_equal(r, more ? -EMSGSIZE : 0);
		assert_int_equal(qmp_reader_next(&reader, &message), !more);
		if (!more)
			json_decref(message.json);
		assert_true(reader.size <= QMP_LINE_MAX);
		assert_int_equal(qmp_reader_add(&reader, line, QMP_LINE_MAX + 1), -EMSGSIZE);
		qmp_reader_done(&reader);
	}
}

/* Many messages in a row do not add up. */
static void test_many(void **state)
{
	static const char start[] = "{\"ev", rest[] = "ent\":\"RTC_CHANGE\",\"data\":{\"offset\":1}}\n{\"ev";
	struct qmp_reader reader = { 0 };
	struct qmp_message message;
	size_t count = 0;
	assert_int_equal(qmp_reader_add(&reader, start, strlen(start)), 0);
	for (size_t i = 0; i < 100000; i++) {
		assert_int_equal(qmp_reader_add(&reader, rest, strlen(rest)), 0);
		while (qmp_reader_next(&reader, &message) > 0) {
			json_decref(message.json);
			count++;
		}
	}
	assert_int_equal(count, 100000);
	assert_true(reader.size <= 4096);
	qmp_reader_done(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_excerpt),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests_name("vmm/qmp-reader", tests, NULL, NULL);
}
