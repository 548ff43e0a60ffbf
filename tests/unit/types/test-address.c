/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "types/address.h"

static void test_pci_good(void **state)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{ "0000:01:10.2", "0000:01:10.2" },         { "01:10.2", "0000:01:10.2" },
		{ "ABCD:EF:1F.7", "abcd:ef:1f.7" },         { "10000:e1:00.0", "10000:e1:00.0" },
		{ "0001:00:00.0", "0001:00:00.0" },         { "00000001:00:00.0", "0001:00:00.0" },
		{ "ffffffff:ff:1f.7", "ffffffff:ff:1f.7" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pci_address address;
		assert_int_equal(pci_parse(rows[i].text, &address), 0);
		assert_string_equal(pci_text(address).s, rows[i].written);
	}
}

static void test_pci_bad(void **state)
{
	static const char *const rows[] = {
		"",
		":",
		"0000:01:10",
		"0000:01:10.",
		"0000:01:10.8",
		"0000:01:20.0",
		"0000:01:10.2 ",
		" 0000:01:10.2",
		"000:01:10.2",
		"000000000:01:10.2",
		"0000:1:10.2",
		"0000:001:10.2",
		"0000:01:1.2",
		"0000:01:10.02",
		"0000:01:10:2",
		"0000.01.10.2",
		"0000:0g:10.2",
		"0x0000:01:10.2",
		"+000:01:10.2",
		"..",
		"virtio0",
		"0000:01:10.2/driver",
		"00:00:01:10.2",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pci_address address = { .bus = 77 };
		if (pci_parse(rows[i], &address) == 0)
			print_error("accepted: \"%s\"\n", rows[i]);
		assert_int_equal(pci_parse(rows[i], &address), -EINVAL);
		assert_int_equal(address.bus, 77);
	}
}

static void test_pci_order(void **state)
{
	static const struct pci_address sorted[] = {
		{ 0, 0, 0, 0 },
		{ 0, 0, 0, 7 },
		{ 0, 0, 1, 0 },
		{ 0, 0, 31, 7 },
		{ 0, 1, 0, 0 },
		{ 0, 255, 31, 7 },
		{ 1, 0, 0, 0 },
		{ 0xffff, 0, 0, 0 },
		{ 0x10000, 0, 0, 0 },
		{ 0x80000000, 0, 0, 0 },
		{ 0xffffffff, 255, 31, 7 },
	};
	const size_t count = sizeof(sorted) / sizeof(sorted[0]);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			int order = pci_compare(sorted[i], sorted[j]);
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
}

static void test_mac_good(void **state)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{ "00:11:22:33:44:55", "00:11:22:33:44:55" },  { "AA:bb:Cc:dD:EE:ff", "aa:bb:cc:dd:ee:ff" },
		{ "2:0:0:0:0:a", "02:00:00:00:00:0a" },        { "00:11:22:33:44:55\n", "00:11:22:33:44:55" },
		{ "00:11:22:33:44:5 x", "00:11:22:33:44:05" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mac mac;
		assert_int_equal(mac_parse(rows[i].text, &mac), 0);
		assert_string_equal(mac_text(mac).s, rows[i].written);
	}
}

static void test_mac_bad(void **state)
{
	static const char *const rows[] = {
		"",
		":",
		"00",
		"00:11:22:33:44",
		"00:11:22:33:44:",
		"00:11:22:33:44:5g",
		"00:11:22:33:44:555",
		"00:11:22:33:44:55:66",
		"000:11:22:33:44:55",
		"00-11-22-33-44-55",
		" 00:11:22:33:44:55",
		"0x0:11:22:33:44:55",
		"00::22:33:44:55",
		"001122334455",
		"00:11:22:33:44:55\x7f",
		"00:11:22:33:44:55\xc2\xa0",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mac mac = { { 77 } };
		assert_int_equal(mac_parse(rows[i], &mac), -EINVAL);
		assert_int_equal(mac.byte[0], 77);
	}
}

static void test_mac_kinds(void **state)
{
	const struct mac zero = { 0 }, last = { { 0, 0, 0, 0, 0, 1 } };
	const struct mac group = { { 1 } }, broadcast = { { 255, 255, 255, 255, 255, 255 } }, local = { { 2 } };
	assert_true(mac_equal(zero, zero));
	assert_false(mac_equal(zero, last));
	assert_true(mac_is_zero(zero));
	assert_false(mac_is_zero(last));
	assert_true(mac_is_multicast(group));
	assert_true(mac_is_multicast(broadcast));
	assert_false(mac_is_multicast(local));
	assert_false(mac_is_multicast(zero));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pci_good),  cmocka_unit_test(test_pci_bad),
		cmocka_unit_test(test_pci_order), cmocka_unit_test(test_mac_good),
		cmocka_unit_test(test_mac_bad),   cmocka_unit_test(test_mac_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
