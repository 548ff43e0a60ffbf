/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The MAC of an interface whose document has none. */

#include "prepare.h"

/* The same document and facts give the same plan, with a derived MAC as well. */
static void test_derived(void **state)
{
	struct fake_host *host = host_new();
	struct prepare_request request = usual;
	char *first = prepare(request, INTERFACE("0", "") INTERFACE("2", ""));
	char *again = prepare(request, INTERFACE("0", "") INTERFACE("2", ""));
	assert_string_equal(first, again);
	free(again);
	request.guest = "g2";
	char *other = prepare(request, INTERFACE("0", "") INTERFACE("2", ""));
	assert_string_not_equal(first, other);
	assert_non_null(strstr(first, "none -> 02:"));
	free(first);
	free(other);
	fake_host_free(host);
}

/* The MAC that prepare derives for VF0; "" when it refuses. */
static char *derived(void)
{
	char *text = prepare(usual, INTERFACE("0", ""));
	char *arrow = strstr(text, "vf 0: ");
	assert_non_null(arrow);
	arrow = strstr(arrow, " -> ");
	char *result = strndup(arrow + 4, 17);
	free(text);
	return result;
}

/* A derived MAC that another VF has gives way; one that the VF has itself, from an earlier run, does not. */
static void test_derived_taken(void **state)
{
	struct fake_host *host = host_new();
	char *usual_mac = derived();
	fake_set(host, VF3, SETTING_MAC, value_mac(mac(usual_mac)));
	char *next = derived();
	assert_string_not_equal(next, usual_mac);
	fake_set(host, VF2, SETTING_MAC, value_mac(mac(next)));
	char *third = derived();
	assert_string_not_equal(third, usual_mac);
	assert_string_not_equal(third, next);
	fake_set(host, VF0, SETTING_MAC, value_mac(mac(usual_mac)));
	char *kept = derived();
	assert_string_equal(kept, usual_mac);
	free(usual_mac);
	free(next);
	free(third);
	free(kept);
	fake_host_free(host);
}

/* A derived MAC gives way to what the document itself gives another device, wherever that stands. */
static void test_derived_document(void **state)
{
	struct fake_host *host = host_new();
	char *own = derived();
	char given[512];
	snprintf(given, sizeof(given), INTERFACE("0", "") INTERFACE("2", "<mac address='%s'/>"), own);
	char *text = prepare(usual, given);
	char *first = strstr(text, own);
	assert_non_null(first);
	assert_null(strstr(first + 1, own));
	free(text);
	free(own);
	fake_host_free(host);
}

/* A given MAC is given, whoever has it: but that another VF of the host has it, too, is said. Its own does not count. */
static void test_given_taken(void **state)
{
	static const char warning[] = "Unsupported Config: MAC 52:54:00:00:00:01 for " VF0
				      " is also that of VF 3 of PF " PF "\n"
				      "hint: give each its own <mac>, unless the two are a pair on purpose\n";
	struct fake_host *host = host_new();
	fake_set(host, VF0, SETTING_MAC, value_mac(mac("52:54:00:00:00:01")));
	char *text = prepare(usual, INTERFACE("0", MAC));
	assert_null(strstr(text, "is also that of"));
	free(text);
	fake_set(host, VF3, SETTING_MAC, value_mac(mac("52:54:00:00:00:01")));
	text = prepare(usual, INTERFACE("0", MAC));
	assert_true(strncmp(text, warning, sizeof(warning) - 1) == 0);
	assert_non_null(strstr(text, "bind it to driver vfio-pci"));
	free(text);
	text = prepare(usual, INTERFACE("0", MAC2) INTERFACE("2", MAC2));
	assert_non_null(strstr(text, "MAC 52:54:00:00:00:02 for " VF1 " is also that of " VF0 "\n"));
	assert_null(strstr(text, "MAC 52:54:00:00:00:02 for " VF0));
	free(text);
	fake_host_free(host);
}

static void test_no_mac(void **state)
{
	static const struct {
		struct prepare_request request;
		const char *expected;
	} cases[] = {
		{ { .machine_id = &machine },
		  "usage: no MAC address is given for " VF0 ", and none can be derived: the guest has no name\n"
		  "hint: add <mac address='…'/>, or name the guest with --guest\n" },
		{ { .guest = "g1" },
		  "usage: no MAC address is given for " VF0
		  ", and none can be derived: this host has no /etc/machine-id\nhint: add <mac address='…'/>\n" },
	};
	struct fake_host *host = host_new();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = prepare(cases[i].request, INTERFACE("0", ""));
		assert_string_equal(text, cases[i].expected);
		free(text);
		text = prepare(cases[i].request, INTERFACE("0", MAC));
		assert_null(strstr(text, "usage"));
		free(text);
	}
	fake_host_free(host);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_derived),          cmocka_unit_test(test_derived_taken),
		cmocka_unit_test(test_derived_document), cmocka_unit_test(test_given_taken),
		cmocka_unit_test(test_no_mac),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
