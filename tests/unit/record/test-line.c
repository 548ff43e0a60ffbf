/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The lines of a record: what is written is read back, and nothing else is taken for a record. */

#include <errno.h>

#include "base/cleanup.h"
#include "record/line.h"
#include "sample.h"

#define VF "0000:01:10.2"

/* A whole line that is one, whatever is in its strings. */
static char *checked(char *line)
{
	assert_non_null(line);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	return line;
}

static char *head(void)
{
	char guest[] = "guest \"1\" \\ \xc3\xa9\n";
	struct record record = sample(VF, guest);
	return checked(record_line(&record));
}

/* HEAD and what comes behind it, parsed: 0 or an errno, and the record. */
static int parse(const char *first, const char *rest, struct record **ret)
{
	char *text;
	assert_true(asprintf(&text, "%s%s", first, rest) >= 0);
	*ret = NULL;
	int r = record_parse(text, ret);
	free(text);
	return r;
}

static void test_round_trip(void **state)
{
	char guest[] = "guest \"1\" \\ \xc3\xa9\n";
	struct record record = sample(VF, guest), *read = NULL;
	char *line = checked(record_line(&record));
	assert_int_equal(record_parse(line, &read), 0);
	assert_same_head(read, &record);
	assert_false(read->committed);
	assert_null(read->dirty);
	assert_int_equal(read->owner.pid, 0);
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		assert_false(read->touched[setting]);
	record_free(read);
	free(line);
}

/* A new record with the intents of all that is to be changed. */
static void test_new(void **state)
{
	for (unsigned touched = 0; touched < 1U << SETTING_COUNT; touched += 7) {
		char guest[] = "g";
		struct record record = sample(VF, guest), *read = NULL;
		for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
			record.touched[setting] = touched >> setting & 1;
		char *text = record_text(&record);
		assert_non_null(text);
		assert_int_equal(record_parse(text, &read), 0);
		assert_same_head(read, &record);
		for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
			assert_int_equal(read->touched[setting], touched >> setting & 1);
		record_free(read);
		free(text);
	}
}

/* Each setting alone, present and absent: absent stays absent, and is never an empty value. */
static void test_settings_alone(void **state)
{
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
		char guest[] = "g";
		struct record record = sample(VF, guest), *read = NULL;
		if (setting != SETTING_DRIVER && setting != SETTING_OVERRIDE)
			record.before.of[setting].present = false;
		record.after = (struct settings){ 0 };
		record.after.of[setting] = sample(VF, guest).before.of[setting];
		char *line = checked(record_line(&record));
		assert_int_equal(record_parse(line, &read), 0);
		assert_same_head(read, &record);
		record_free(read);
		free(line);
	}
}

static void test_events(void **state)
{
	struct record *read;
	char *first = head();
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
		char *line = checked(record_intent_line(setting));
		assert_int_equal(parse(first, line, &read), 0);
		for (enum setting other = 0; other < SETTING_COUNT; other++)
			assert_int_equal(read->touched[other], other == setting);
		record_free(read);
		free(line);
	}
	char *owner = checked(record_owner_line((struct owner){ 4194304, 0x7fffffffffffffff }));
	char *commit = checked(record_commit_line());
	char *dirty = checked(record_dirty_line("first \"reason\"\n\x1b"));
	char *again = checked(record_dirty_line("second"));
	assert_int_equal(parse(first, owner, &read), 0);
	assert_int_equal(read->owner.pid, 4194304);
	assert_true(read->owner.start == 0x7fffffffffffffff);
	assert_string_equal(record_state(read), "preparing");
	record_free(read);
	assert_int_equal(parse(first, commit, &read), 0);
	assert_string_equal(record_state(read), "assigned");
	record_free(read);
	char *all;
	assert_true(asprintf(&all, "%s%s%s%s", owner, commit, dirty, again) >= 0);
	assert_int_equal(parse(first, all, &read), 0);
	assert_true(read->committed);
	assert_string_equal(read->dirty, "second");
	assert_string_equal(record_state(read), "dirty");
	record_free(read);
	assert_int_equal(parse(first, dirty, &read), 0);
	assert_string_equal(read->dirty, "first \"reason\"\n\x1b");
	record_free(read);
	char *const lines[] = { first, owner, commit, dirty, again, all };
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		free(lines[i]);
}

/* A crash in the middle of a line: wherever it was, what stood before it holds. */
static void test_torn(void **state)
{
	char *first = head(), *commit = record_commit_line(), *text;
	struct record *read;
	size_t head_size = strlen(first);
	assert_true(asprintf(&text, "%s%s%s", first, commit, commit) >= 0);
	for (size_t length = strlen(text) - 1; length > 0; length--) {
		text[length] = '\0';
		read = NULL;
		int r = record_parse(text, &read);
		assert_int_equal(r, length < head_size ? -EBADMSG : 0);
		if (r == 0)
			assert_int_equal(read->committed, length >= head_size + strlen(commit));
		record_free(read);
	}
	free(text);
	free(commit);
	free(first);
}

static void test_refused_events(void **state)
{
	static const char *const events[] = {
		"\n",
		"x\n",
		"[]\n",
		"{}\n",
		"null\n",
		"{\"frobnicated\":true}\n",
		"{\"intent\":\"colour\"}\n",
		"{\"intent\":1}\n",
		"{\"intent\":\"mac\",\"intent\":\"vlan\"}\n",
		"{\"owner\":1}\n",
		"{\"owner\":{\"pid\":1}}\n",
		"{\"owner\":{\"pid\":\"1\",\"start\":2}}\n",
		"{\"committed\":false}\n",
		"{\"committed\":\"yes\"}\n",
		"{\"dirty\":null}\n",
		"{\"owner\":{\"pid\":4294967297,\"start\":1}}\n",
		"{\"owner\":{\"pid\":0,\"start\":1}}\n",
		"{\"committed\":true}garbage\n",
		"{\"committed\":true\n",
		"{\"dirty\":\"\xff\"}\n",
	};
	char *first = head();
	struct record *read;
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		if (parse(first, events[i], &read) != -EBADMSG)
			fail_msg("this was accepted: %s", events[i]);
		assert_null(read);
	}
	/* A second head is no event. */
	assert_int_equal(parse(first, first, &read), -EBADMSG);
	free(first);
}

#define HEAD(more) NUMBERS("1", "1", "8", more)
#define NUMBERS(version, index, group, more) \
	"{\"version\":" version \
	",\"address\":\"0000:01:10.2\",\"inode\":5,\"bootId\":\"00000000-0000-0000-0000-000000000001\"," \
	"\"assignment\":\"00000000-0000-0000-0000-000000000002\",\"leader\":\"0000:01:10.0\",\"guest\":\"g\"," \
	"\"pf\":\"0000:01:00.0\",\"vfIndex\":" index ",\"iommuGroup\":" group "," more "}\n"
#define BEFORE(more) "\"before\":{\"driver\":\"igbvf\",\"driverOverride\":\"\"" more "},\"after\":{}"

static void test_heads(void **state)
{
	static const struct {
		const char *text;
		int expected;
	} cases[] = {
		{ HEAD(BEFORE("")), 0 },
		{ HEAD(BEFORE(",\"vlan\":\"42 qos 3 proto 802.1ad\"")), 0 },
		{ HEAD(BEFORE("") ",\"more\":1"), 0 },
		{ NUMBERS("1", "4294967295", "-1", BEFORE("")), 0 },
		{ NUMBERS("4294967297", "1", "8", BEFORE("")), -ENOTSUP },
		{ NUMBERS("1", "-1", "8", BEFORE("")), -EBADMSG },
		{ NUMBERS("1", "4294967296", "8", BEFORE("")), -EBADMSG },
		{ NUMBERS("1", "1", "-2", BEFORE("")), -EBADMSG },
		{ NUMBERS("1", "1", "2147483648", BEFORE("")), -EBADMSG },
		{ "", -EBADMSG },
		{ "{\"version\":2}\n", -ENOTSUP },
		{ "{\"version\":0}\n", -ENOTSUP },
		{ "{\"version\":\"1\"}\n", -EBADMSG },
		{ "{}\n", -EBADMSG },
		{ HEAD("\"before\":3,\"after\":{}"), -EBADMSG },
		{ HEAD("\"before\":{},\"after\":{}"), -EBADMSG },
		{ HEAD("\"before\":{\"driver\":\"igbvf\"},\"after\":{}"), -EBADMSG },
		{ HEAD("\"before\":{\"driver\":\"igbvf\",\"driverOverride\":\"\"},\"after\":[]"), -EBADMSG },
		{ HEAD("\"before\":{\"driver\":\"igbvf\",\"driverOverride\":\"\"}"), -EBADMSG },
		{ HEAD(BEFORE("") ",\"pf\":\"0000:02:00.0\""), -EBADMSG },
		{ HEAD(BEFORE(",\"colour\":\"red\"")), -EBADMSG },
		{ HEAD(BEFORE(",\"mac\":\"x\"")), -EBADMSG },
		{ HEAD(BEFORE(",\"mac\":1")), -EBADMSG },
		{ HEAD(BEFORE(",\"vlan\":\"4096\"")), -EBADMSG },
		{ HEAD(BEFORE(",\"vlan\":\"1 qos 8\"")), -EBADMSG },
		{ HEAD(BEFORE(",\"netdevMtu\":\"-1\"")), -EBADMSG },
		{ HEAD(BEFORE(",\"netdevMtu\":\"4294967296\"")), -EBADMSG },
		{ HEAD(BEFORE(",\"netdevUp\":\"maybe\"")), -EBADMSG },
		{ HEAD(BEFORE(
			  ",\"netdevName\":\"a name that is much too long to be the name of any network interface\"")),
		  -EBADMSG },
		{ HEAD("\"before\":{\"driver\":\"../x\",\"driverOverride\":\"\"},\"after\":{}"), -EBADMSG },
		{ HEAD("\"before\":{\"driver\":\"igbvf\",\"driverOverride\":\"a b\"},\"after\":{}"), -EBADMSG },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record *read = NULL;
		if (record_parse(cases[i].text, &read) != cases[i].expected)
			fail_msg("not %d: %s", cases[i].expected, cases[i].text);
		record_free(read);
	}
}

/* What is no text cannot be written: better no record, and no change, than one that cannot be read. */
static void test_no_text(void **state)
{
	char guest[] = "\xff";
	struct record record = sample(VF, guest);
	assert_null(record_line(&record));
	char fine[] = "g";
	record.guest = fine;
	record.before.of[SETTING_NETDEV_NAME] = value_name("\xff");
	assert_null(record_line(&record));
	record.before = sample(VF, fine).before;
	record.after.of[SETTING_NETDEV_NAME] = value_name("\xc3");
	assert_null(record_line(&record));
	assert_null(record_dirty_line("\xff"));
}

/* A fixed sequence of numbers, so that what it finds can be found again. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Bytes changed, cut out, doubled: no crash, no leak, and what is accepted can be written again. */
static void test_mutations(void **state)
{
	char *first = head(), *dirty = record_dirty_line("why"), *intent = record_intent_line(SETTING_VLAN);
	char *owner = record_owner_line((struct owner){ 12, 34 }), *base;
	uint32_t seed = 20260;
	assert_true(asprintf(&base, "%s%s%s%s", first, intent, owner, dirty) >= 0);
	size_t size = strlen(base), accepted = 0;
	char *text = malloc(2 * size + 1);
	for (int round = 0; round < 20000; round++) {
		size_t at = next_random(&seed) % size, length = next_random(&seed) % 8 + 1;
		length = at + length > size ? size - at : length;
		memcpy(text, base, size + 1);
		if (round % 3 == 0)
			text[at] = (char)next_random(&seed);
		else if (round % 3 == 1)
			memmove(text + at, text + at + length, size - at - length + 1);
		else
			memmove(text + at + length, text + at, size - at + 1);
		struct record *read = NULL;
		if (record_parse(text, &read) == 0) {
			char *line = record_line(read);
			assert_non_null(line);
			free(line);
			accepted++;
		} else {
			assert_null(read);
		}
		record_free(read);
	}
	assert_in_range(accepted, 100, 19000);
	char *const lines[] = { first, dirty, intent, owner, base, text };
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		free(lines[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),     cmocka_unit_test(test_new),
		cmocka_unit_test(test_settings_alone), cmocka_unit_test(test_events),
		cmocka_unit_test(test_torn),           cmocka_unit_test(test_heads),
		cmocka_unit_test(test_refused_events), cmocka_unit_test(test_no_text),
		cmocka_unit_test(test_mutations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
