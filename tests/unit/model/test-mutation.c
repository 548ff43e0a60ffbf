/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Good documents with something broken by chance: whatever comes of it, it is told in order, and nothing crashes. */

#include "parse.h"

#include "base/cleanup.h"

#define MUTATIONS 3000 /* of each document */

static const char *const documents[] = {
	"<?xml version='1.0' encoding='UTF-8'?>\n<!-- c --><domain type='kvm'><name>g</name>\n"
	"<uuid>c7a5fdbd-cdaf-9455-926a-d65c16db1809</uuid><memory unit='MiB'>64</memory>"
	"<os><type machine='q35'>hvm</type></os><devices><disk><boot order='1'/></disk>\n"
	"<interface type='hostdev' managed='yes'><mac address='00:11:22:33:44:55'/><driver name='vfio' model='m'/>\n"
	"<source><address type='pci' domain='0' bus='0xa' slot='0x10' function='2'/></source>\n"
	"<vlan><tag id='42' nativeMode='tagged'/></vlan><boot order='2'/><alias name='ua-x'/>\n"
	"<rom bar='on' file='/x'/><address type='pci' slot='7' multifunction='on'/></interface>\n"
	"<interface type='hostdev'><source><vendor id='1'/><product id='2'/></source></interface>\n"
	"<hostdev type='pci'><source><address bus='5'/></source></hostdev></devices></domain>",
	INTERFACE("<virtualport type='802.1Qbh'><parameters profileid='&lt;&#65;'/></virtualport><![CDATA[x]]>"),
	USB_INTERFACE(
		"<model type='virtio'/><tune><sndbuf>1</sndbuf></tune><vf xmlns='urn:vfassign:1' trust='on'/>"),
};

/* The generator of Marsaglia: the same sequence everywhere. */
static uint32_t random_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void expect_sense(const char *data, size_t length)
{
	struct parsed parsed = parse_bytes(data, length, length % 2);
	for (size_t i = 0; i < parsed.reports.count; i++) {
		const struct report *report = &parsed.reports.items[i];
		unsigned line = 0, column = 0;
		assert_non_null(report->message);
		assert_int_not_equal(report->message[0], '\0');
		assert_int_equal(sscanf(report->object, "f:%u:%u", &line, &column), 2);
		assert_true(line >= 1 && column >= 1);
		assert_true(line + column <= length + 2);
	}
	parsed_done(&parsed);
}

static void test_truncated(void **state)
{
	for (size_t d = 0; d < ARRAY_SIZE(documents); d++)
		for (size_t length = 0; length <= strlen(documents[d]); length++)
			expect_sense(documents[d], length);
}

/* Breaks the LENGTH bytes of DATA, which has room for twice as many. Returns their new number. */
static size_t mutate(char *data, size_t length, uint32_t *state)
{
	static const char bytes[] = "<>/&;='\" \n!-?[]:x0\x80\xff";
	size_t at = random_next(state) % length, other = random_next(state) % length;
	size_t piece = random_next(state) % 32 + 1;
	char byte = bytes[random_next(state) % sizeof(bytes)];
	piece = piece < length - at ? piece : length - at;
	switch (random_next(state) % 5) {
	case 0:
		data[at] = byte;
		return length;
	case 1:
		data[at] = (char)(data[at] ^ 1 << random_next(state) % 8);
		return length;
	case 2: /* a byte more */
		memmove(data + at + 1, data + at, length - at);
		data[at] = byte;
		return length + 1;
	case 3: /* a piece less */
		memmove(data + at, data + at + piece, length - at - piece);
		return length - piece;
	default: /* a piece twice */
		memmove(data + other + piece, data + other, length - other);
		memmove(data + other, data + (at >= other ? at + piece : at), piece);
		return length + piece;
	}
}

static void test_mutated(void **state)
{
	uint32_t seed = 2463534242;
	for (size_t d = 0; d < ARRAY_SIZE(documents); d++) {
		for (size_t i = 0; i < MUTATIONS; i++) {
			size_t length = strlen(documents[d]);
			char data[8192];
			memcpy(data, documents[d], length);
			for (size_t times = random_next(&seed) % 4 + 1; times > 0 && length > 0; times--)
				length = mutate(data, length, &seed);
			expect_sense(data, length);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_mutated),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
