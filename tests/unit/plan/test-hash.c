/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Derived MACs and UUIDs: the hash against its authors' vectors, and the results, which must never change. */

#include "host.h"
#include "types/uuid.h"

/* For the hash, which is nobody else's business. */
#include "plan/derive.c"

/* Key 00 01 … 0f, message 00 01 … (length - 1): vectors.h of github.com/veorq/SipHash. */
static void test_siphash(void **state)
{
	static const struct {
		size_t length;
		uint64_t expected;
	} vectors[] = {
		{ 0, 0x726fdb47dd0e0e31 },  { 1, 0x74f839c593dc67fd },  { 7, 0xab0200f58b01d137 },
		{ 8, 0x93f5f5799a932462 },  { 15, 0xa129ca6149be45e5 }, { 16, 0x3f2acc7f57c29bdb },
		{ 63, 0x958a324ceb064572 },
	};
	uint8_t key[16], message[64];
	for (uint8_t i = 0; i < sizeof(key); i++)
		key[i] = i;
	for (uint8_t i = 0; i < sizeof(message); i++)
		message[i] = i;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++)
		assert_true(siphash(key, message, vectors[i].length) == vectors[i].expected);
}

/* A guest keeps its MAC over updates of this program. */
static void test_pinned(void **state)
{
	static const struct uuid machine = { { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc,
					       0xba, 0x98, 0x76, 0x54, 0x32, 0x10 } };
	static const struct {
		const char *guest, *address;
		unsigned attempt;
		const char *expected;
	} pinned[] = {
		{ "g1", VF0, 0, "02:6f:bf:b6:a5:a6" },           { "g1", VF0, 1, "02:d7:f4:01:f7:f1" },
		{ "g1", VF1, 0, "02:90:1a:9c:6d:bf" },           { "g2", VF0, 0, "02:48:17:e2:12:e8" },
		{ "", "10000:e1:1f.7", 0, "02:b5:8b:93:65:59" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(pinned); i++) {
		struct mac made = mac_derive(machine, pinned[i].guest, address(pinned[i].address),
					     pinned[i].attempt);
		assert_string_equal(mac_text(made).s, pinned[i].expected);
	}
}

/* Nor do switches see another guest. */
static void test_pinned_uuid(void **state)
{
	static const struct uuid machine = { { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc,
					       0xba, 0x98, 0x76, 0x54, 0x32, 0x10 } };
	static const struct {
		const char *what, *name, *expected;
	} pinned[] = {
		{ "guest", "g1", "14a2ccca-0bb3-8bb6-a471-df4fdc139f5b" },
		{ "guest", "g2", "c112fe27-43dd-85b0-ace7-039c2d0735be" },
		{ "host", "", "dd477aa3-3fb6-8caf-b807-abd8fffa765d" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(pinned); i++) {
		struct uuid made = uuid_derive(machine, pinned[i].what, pinned[i].name);
		assert_string_equal(uuid_text(made).s, pinned[i].expected);
	}
}

/* However long a name is. */
static void test_long_name(void **state)
{
	static char name[5000];
	memset(name, 'x', sizeof(name) - 1);
	struct mac made = mac_derive((struct uuid){ { 0 } }, name, address(VF0), 0);
	assert_int_equal(made.byte[0], 0x02);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_siphash),
		cmocka_unit_test(test_pinned),
		cmocka_unit_test(test_pinned_uuid),
		cmocka_unit_test(test_long_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
