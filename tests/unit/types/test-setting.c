/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "types/setting.h"

static const struct mac mac = { { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 } };

/* What is written can be read, and is the same. */
static const struct {
	enum setting setting;
	struct value value;
	const char *text, *show;
} rows[] = {
	{ SETTING_MAC,
	  { true, { .mac = { { 2, 17, 34, 51, 68, 85 } } } },
	  "02:11:22:33:44:55",
	  "02:11:22:33:44:55" },
	{ SETTING_MAC, { true, { .mac = { { 0 } } } }, "00:00:00:00:00:00", "none" },
	{ SETTING_VLAN, { true, { .vlan = { 42, 0, VLAN_PROTO_8021Q } } }, "42", "42" },
	{ SETTING_VLAN, { true, { .vlan = { 42, 3, VLAN_PROTO_8021Q } } }, "42 qos 3", "42 qos 3" },
	{ SETTING_VLAN,
	  { true, { .vlan = { 4095, 7, VLAN_PROTO_8021AD } } },
	  "4095 qos 7 proto 802.1ad",
	  "4095 qos 7 proto 802.1ad" },
	{ SETTING_VLAN,
	  { true, { .vlan = { 1, 0, VLAN_PROTO_8021AD } } },
	  "1 qos 0 proto 802.1ad",
	  "1 qos 0 proto 802.1ad" },
	{ SETTING_VLAN, { true, { .vlan = { 0, 0, VLAN_PROTO_8021Q } } }, "0", "none" },
	{ SETTING_VLAN, { true, { .vlan = { 0, 5, VLAN_PROTO_8021Q } } }, "0 qos 5", "0 qos 5" },
	{ SETTING_SPOOFCHK, { true, { .flag = true } }, "on", "on" },
	{ SETTING_TRUST, { true, { .flag = false } }, "off", "off" },
	{ SETTING_LINK, { true, { .link = VF_LINK_AUTO } }, "auto", "auto" },
	{ SETTING_LINK, { true, { .link = VF_LINK_ENABLE } }, "enable", "enable" },
	{ SETTING_LINK, { true, { .link = VF_LINK_DISABLE } }, "disable", "disable" },
	{ SETTING_RATE, { true, { .rate = { 0, 0 } } }, "min 0 max 0", "none" },
	{ SETTING_RATE, { true, { .rate = { 0, 100 } } }, "min 0 max 100", "min 0 max 100" },
	{ SETTING_RATE,
	  { true, { .rate = { UINT32_MAX, UINT32_MAX } } },
	  "min 4294967295 max 4294967295",
	  "min 4294967295 max 4294967295" },
	{ SETTING_RSS, { true, { .flag = true } }, "on", "on" },
	{ SETTING_OVERRIDE, { true, { .name = "vfio-pci" } }, "vfio-pci", "vfio-pci" },
	{ SETTING_OVERRIDE, { true, { .name = "" } }, "", "none" },
	{ SETTING_DRIVER, { true, { .name = "igbvf" } }, "igbvf", "igbvf" },
	{ SETTING_NETDEV_MAC, { true, { .mac = { { 0 } } } }, "00:00:00:00:00:00", "none" },
	{ SETTING_NETDEV_MTU, { true, { .number = 1500 } }, "1500", "1500" },
	{ SETTING_NETDEV_MTU, { true, { .number = UINT32_MAX } }, "4294967295", "4294967295" },
	{ SETTING_NETDEV_NAME, { true, { .name = "enp1s0f0v3" } }, "enp1s0f0v3", "enp1s0f0v3" },
	{ SETTING_NETDEV_UP, { true, { .flag = true } }, "yes", "yes" },
	{ SETTING_NETDEV_UP, { true, { .flag = false } }, "no", "no" },
};

static void test_texts(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct value again = { 0 };
		assert_string_equal(value_text(rows[i].setting, &rows[i].value).s, rows[i].text);
		assert_string_equal(value_show(rows[i].setting, &rows[i].value).s, rows[i].show);
		assert_int_equal(value_parse(rows[i].setting, rows[i].text, &again), 0);
		assert_true(again.present);
		assert_true(value_equal(rows[i].setting, &again, &rows[i].value));
	}
}

static void test_absent(void **state)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		struct value absent = { 0 }, present = { .present = true };
		assert_string_equal(value_text(i, &absent).s, "");
		assert_string_equal(value_show(i, &absent).s, "-");
		assert_true(value_equal(i, &absent, &absent));
		/* Never the same as zero or empty. */
		assert_false(value_equal(i, &absent, &present));
		assert_false(value_equal(i, &present, &absent));
	}
}

static void test_bad_texts(void **state)
{
	static const struct {
		enum setting setting;
		const char *text;
	} bad[] = {
		{ SETTING_MAC, "" },
		{ SETTING_MAC, "none" },
		{ SETTING_VLAN, "" },
		{ SETTING_VLAN, "none" },
		{ SETTING_VLAN, "4096" },
		{ SETTING_VLAN, "-1" },
		{ SETTING_VLAN, "42 " },
		{ SETTING_VLAN, "42 qos" },
		{ SETTING_VLAN, "42 qos 8" },
		{ SETTING_VLAN, "42 qos 33" },
		{ SETTING_VLAN, "42 qos 3 proto" },
		{ SETTING_VLAN, "42 qos 3 proto 802.1x" },
		{ SETTING_VLAN, "42 qos 3 proto 802.1ad x" },
		{ SETTING_VLAN, "42 proto 802.1ad" },
		{ SETTING_SPOOFCHK, "" },
		{ SETTING_SPOOFCHK, "yes" },
		{ SETTING_TRUST, "on " },
		{ SETTING_LINK, "" },
		{ SETTING_LINK, "up" },
		{ SETTING_RATE, "" },
		{ SETTING_RATE, "100" },
		{ SETTING_RATE, "min 1" },
		{ SETTING_RATE, "min 1 max" },
		{ SETTING_RATE, "min 1 max " },
		{ SETTING_RATE, "min -1 max 2" },
		{ SETTING_RATE, "min 1 max 2 " },
		{ SETTING_RATE, "max 2 min 1" },
		{ SETTING_NETDEV_MTU, "" },
		{ SETTING_NETDEV_MTU, "-1" },
		{ SETTING_NETDEV_MTU, "1500 " },
		{ SETTING_NETDEV_UP, "" },
		{ SETTING_NETDEV_UP, "true" },
		{ SETTING_NETDEV_UP, "yes " },
		{ SETTING_DRIVER, "a23456789-123456789-123456789-123456789-123456789-123456789-1234" },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct value value = { .number = 77 };
		if (value_parse(bad[i].setting, bad[i].text, &value) == 0)
			print_error("accepted: \"%s\"\n", bad[i].text);
		assert_true(value_parse(bad[i].setting, bad[i].text, &value) < 0);
		assert_false(value.present);
		assert_int_equal(value.number, 77);
	}
	struct value number;
	assert_int_equal(value_parse(SETTING_NETDEV_MTU, "4294967296", &number), -ERANGE);
}

static void test_equal(void **state)
{
	struct value zero = value_mac((struct mac){ 0 }), set = value_mac(mac);
	assert_false(value_equal(SETTING_MAC, &zero, &set));
	/* Without an id there is no VLAN, whatever stands beside it. */
	struct value none = value_vlan((struct vlan){ 0, 0, VLAN_PROTO_8021Q });
	struct value also_none = value_vlan((struct vlan){ 0, 0, 0 });
	struct value priority = value_vlan((struct vlan){ 0, 3, VLAN_PROTO_8021Q });
	struct value plain = value_vlan((struct vlan){ 42, 0, VLAN_PROTO_8021Q });
	struct value service = value_vlan((struct vlan){ 42, 0, VLAN_PROTO_8021AD });
	assert_true(value_equal(SETTING_VLAN, &none, &also_none));
	assert_false(value_equal(SETTING_VLAN, &none, &priority));
	assert_false(value_equal(SETTING_VLAN, &none, &plain));
	assert_false(value_equal(SETTING_VLAN, &plain, &service));
	struct value a = value_name("a"), b = value_name("b"), yes = value_flag(true), no = value_flag(false);
	assert_false(value_equal(SETTING_DRIVER, &a, &b));
	assert_false(value_equal(SETTING_NETDEV_UP, &yes, &no));
	assert_false(value_equal(SETTING_TRUST, &yes, &no));
	assert_true(value_equal(SETTING_TRUST, &yes, &yes));
	struct value automatic = value_link(VF_LINK_AUTO), disabled = value_link(VF_LINK_DISABLE);
	assert_false(value_equal(SETTING_LINK, &automatic, &disabled));
	struct value rate = value_rate((struct rate){ 1, 2 }), other_min = value_rate((struct rate){ 0, 2 });
	struct value other_max = value_rate((struct rate){ 1, 3 });
	assert_false(value_equal(SETTING_RATE, &rate, &other_min));
	assert_false(value_equal(SETTING_RATE, &rate, &other_max));
}

/* What people ask for by a name of its own. */
static void test_parts(void **state)
{
	static const struct {
		enum setting_part part;
		struct value value;
		const char *show;
	} parts[] = {
		{ PART_VLAN, { true, { .vlan = { 42, 3, VLAN_PROTO_8021AD } } }, "42" },
		{ PART_VLAN_QOS, { true, { .vlan = { 42, 3, VLAN_PROTO_8021AD } } }, "3" },
		{ PART_VLAN_PROTO, { true, { .vlan = { 42, 3, VLAN_PROTO_8021AD } } }, "802.1ad" },
		{ PART_VLAN, { true, { .vlan = { 0, 3, VLAN_PROTO_8021Q } } }, "none" },
		{ PART_VLAN_PROTO, { true, { .vlan = { 0, 3, VLAN_PROTO_8021Q } } }, "802.1Q" },
		{ PART_VLAN_QOS, { true, { .vlan = { 0, 0, VLAN_PROTO_8021Q } } }, "none" },
		{ PART_VLAN_PROTO, { true, { .vlan = { 0, 0, VLAN_PROTO_8021Q } } }, "none" },
		{ PART_MIN_RATE, { true, { .rate = { 1, 2 } } }, "1" },
		{ PART_MAX_RATE, { true, { .rate = { 1, 2 } } }, "2" },
		{ PART_MAX_RATE, { true, { .rate = { 1, 0 } } }, "none" },
		{ PART_TRUST, { true, { .flag = true } }, "on" },
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_string_equal(part_show(parts[i].part, &parts[i].value).s, parts[i].show);
	bool there[SETTING_VF_LAST + 1] = { 0 };
	for (enum setting_part part = 0; part < PART_COUNT; part++) {
		assert_string_equal(part_show(part, &(struct value){ 0 }).s, "-");
		assert_in_range(part_setting(part), 0, SETTING_VF_LAST);
		there[part_setting(part)] = true;
		assert_true(strlen(part_key(part)) > 0 && strlen(part_word(part)) > 0);
	}
	for (enum setting i = 0; i <= SETTING_VF_LAST; i++)
		assert_true(there[i]);
}

static void test_names(void **state)
{
	char longest[NAME_SIZE + 1];
	memset(longest, 'x', sizeof(longest));
	longest[NAME_SIZE] = '\0';
	assert_false(value_name(longest).present);
	longest[NAME_SIZE - 1] = '\0';
	struct value value = value_name(longest);
	assert_true(value.present);
	assert_string_equal(value_text(SETTING_DRIVER, &value).s, longest);
}

static void test_keys(void **state)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		assert_int_equal(setting_by_key(setting_key(i)), i);
		assert_true(strlen(setting_word(i)) > 0);
	}
	assert_int_equal(setting_by_key(""), SETTING_COUNT);
	assert_int_equal(setting_by_key("MAC"), SETTING_COUNT);
	assert_int_equal(setting_by_key("macs"), SETTING_COUNT);
	assert_int_equal(setting_type(SETTING_VLAN), SETTING_TYPE_VLAN);
}

/* The place of SETTING in the order in which settings are set. */
static size_t place(enum setting setting)
{
	size_t i = 0;
	while (setting_order[i] != setting)
		i++;
	return i;
}

static void test_order(void **state)
{
	bool there[SETTING_VF_LAST + 1] = { 0 };
	for (size_t i = 0; i <= SETTING_VF_LAST; i++) {
		assert_in_range(setting_order[i], 0, SETTING_VF_LAST);
		assert_false(there[setting_order[i]]);
		there[setting_order[i]] = true;
	}
	/* What drivers insist on. */
	assert_true(place(SETTING_TRUST) < place(SETTING_MAC));
	assert_true(place(SETTING_MAC) < place(SETTING_SPOOFCHK));
	assert_true(place(SETTING_VLAN) < place(SETTING_RATE));
	assert_int_equal(place(SETTING_PORT), SETTING_VF_LAST);
}

static void test_guarded(void **state)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++)
		assert_int_equal(setting_is_guarded(i), i == SETTING_MAC || i == SETTING_VLAN ||
								i == SETTING_TRUST || i == SETTING_PORT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts), cmocka_unit_test(test_absent), cmocka_unit_test(test_bad_texts),
		cmocka_unit_test(test_equal), cmocka_unit_test(test_names),  cmocka_unit_test(test_keys),
		cmocka_unit_test(test_order), cmocka_unit_test(test_parts),  cmocka_unit_test(test_guarded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
