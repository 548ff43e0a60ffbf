/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "vmm/qemu.h"

#define HOST \
	{ \
		0, 0x06, 0x12, 1 \
	}
#define START "{\"driver\":\"vfio-pci\",\"host\":\"0000:06:12.1\",\"id\":\"hostdev0\""
#define AT(...) .has_address = true, .guest = { __VA_ARGS__ }

/* Property names, their order and their types are what QEMU and libvirt agreed on: compared byte for byte. */
static const struct {
	struct qemu_device device;
	const char *machine;
	const char *json;
} cases[] = {
	{ { HOST, "hostdev0", .bootindex = 0 }, "q35", START "}" },
	{ { { 0x10000, 0xff, 0x1f, 7 }, "ua-vf", .bootindex = 0 },
	  "q35",
	  "{\"driver\":\"vfio-pci\",\"host\":\"10000:ff:1f.7\",\"id\":\"ua-vf\"}" },
	/* Slot and function: hex, without padding, and no function 0. */
	{ { HOST, "hostdev0", AT(0, 0, 2, 0) }, "pc", START ",\"bus\":\"pci.0\",\"addr\":\"0x2\"}" },
	{ { HOST, "hostdev0", AT(0, 0, 0x1f, 7) }, "pc", START ",\"bus\":\"pci.0\",\"addr\":\"0x1f.0x7\"}" },
	{ { HOST, "hostdev0", AT(0, 0, 0, 0) }, "pc", START ",\"bus\":\"pci.0\",\"addr\":\"0x0\"}" },
	/* The name of bus 0 is the machine's, that of the others is not. */
	{ { HOST, "hostdev0", AT(0, 0, 7, 0) }, "q35", START ",\"bus\":\"pcie.0\",\"addr\":\"0x7\"}" },
	{ { HOST, "hostdev0", AT(0, 0, 7, 0) }, "pc-q35-7.2", START ",\"bus\":\"pcie.0\",\"addr\":\"0x7\"}" },
	{ { HOST, "hostdev0", AT(0, 0, 7, 0) }, "virt-7.2", START ",\"bus\":\"pcie.0\",\"addr\":\"0x7\"}" },
	{ { HOST, "hostdev0", AT(0, 0, 7, 0) }, "pc-i440fx-7.2", START ",\"bus\":\"pci.0\",\"addr\":\"0x7\"}" },
	{ { HOST, "hostdev0", AT(0, 0, 7, 0) }, "q35like", START ",\"bus\":\"pci.0\",\"addr\":\"0x7\"}" },
	{ { HOST, "hostdev0", AT(0, 255, 0, 1) }, "q35", START ",\"bus\":\"pci.255\",\"addr\":\"0x0.0x1\"}" },
	{ { HOST, "hostdev0", AT(0, 3, 7, 0) }, "pc", START ",\"bus\":\"pci.3\",\"addr\":\"0x7\"}" },
	/* multifunction stands between bus and addr, is a boolean, and means nothing without an address. */
	{ { HOST, "hostdev0", AT(0, 1, 0, 1), .has_multifunction = true, .multifunction = true },
	  "q35",
	  START ",\"bus\":\"pci.1\",\"multifunction\":true,\"addr\":\"0x0.0x1\"}" },
	{ { HOST, "hostdev0", AT(0, 1, 0, 0), .has_multifunction = true },
	  "q35",
	  START ",\"bus\":\"pci.1\",\"multifunction\":false,\"addr\":\"0x0\"}" },
	{ { HOST, "hostdev0", .has_multifunction = true, .multifunction = true }, "q35", START "}" },
	/* Numbers are numbers. */
	{ { HOST, "hostdev0", .bootindex = 1 }, "q35", START ",\"bootindex\":1}" },
	{ { HOST, "hostdev0", .bootindex = UINT32_MAX }, "q35", START ",\"bootindex\":4294967295}" },
	{ { HOST, "hostdev0", .has_rombar = true, .rombar = true }, "q35", START ",\"rombar\":1}" },
	{ { HOST, "hostdev0", .has_rombar = true }, "q35", START ",\"rombar\":0}" },
	{ { HOST, "hostdev0", .rombar = true }, "q35", START "}" },
	{ { HOST, "hostdev0", .romfile = "" }, "q35", START ",\"romfile\":\"\"}" },
	{ { HOST, "hostdev0", .romfile = "/a \"b\"\n,c\xc3\xa4" },
	  "q35",
	  START ",\"romfile\":\"/a \\\"b\\\"\\n,c\\u00E4\"}" },
	/* Everything at once, in order. */
	{ { HOST, "hostdev0", 2, true, { 0, 0, 7, 1 }, true, true, true, true, "/rom" },
	  "q35",
	  START ",\"bootindex\":2,\"bus\":\"pcie.0\",\"multifunction\":true,\"addr\":\"0x7.0x1\",\"rombar\":1,"
		"\"romfile\":\"/rom\"}" },
};

static void test_json(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_free char *json = qemu_device_json(&cases[i].device, cases[i].machine);
		assert_non_null(json);
		assert_string_equal(json, cases[i].json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_json) };
	return cmocka_run_group_tests_name("vmm/qemu", tests, NULL, NULL);
}
