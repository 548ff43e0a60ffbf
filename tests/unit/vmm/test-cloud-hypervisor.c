/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "vmm/cloud_hypervisor.h"

#define PCI .id = "hostdev0", .where = "f:1:1", .host = { 0, 0x06, 0x12, 1 }
#define PLAIN "path=/sys/bus/pci/devices/0000:06:12.1/,id=hostdev0"
#define LOST "Cloud Hypervisor cannot be told this of hostdev0: "

static const struct {
	struct vmm_device device;
	const char *argument; /* NULL: refused */
	const char *message;  /* NULL: none */
} cases[] = {
	{ { PCI }, PLAIN, NULL },
	{ { .id = "ua-vf", .host = { 0x10000, 0xff, 0x1f, 7 } },
	  "path=/sys/bus/pci/devices/10000:ff:1f.7/,id=ua-vf",
	  NULL },
	{ { PCI, .place = { true, .pci = { 1, 0, 0, 0 } } }, PLAIN ",pci_segment=1", NULL },
	{ { PCI, .place = { true, .pci = { UINT32_MAX, 0, 0, 0 } } }, PLAIN ",pci_segment=4294967295", NULL },
	{ { PCI, .has_display = true }, PLAIN, NULL },
	{ { PCI, .bootindex = 1 }, PLAIN, LOST "a place in the boot order" },
	{ { PCI, .ramfb = true }, PLAIN, LOST "a display" },
	{ { PCI, .place = { true, .pci = { 0, 1, 0, 0 } } }, PLAIN, LOST "a PCI slot" },
	{ { PCI, .place = { true, .pci = { 0, 0, 1, 0 } } }, PLAIN, LOST "a PCI slot" },
	{ { PCI, .place = { .has_multifunction = true, .multifunction = true } }, PLAIN, LOST "a PCI slot" },
	{ { PCI, .acpi_index = 1, .romfile = "" }, PLAIN, LOST "an ACPI index; a ROM" },
	{ { PCI, .has_rombar = true }, PLAIN, LOST "a ROM" },
	{ { PCI, .failover = "ua-net" },
	  NULL,
	  "Cloud Hypervisor has no failover pairs: hostdev0 cannot be one half of one" },
	{ { .id = "hostdev0", .where = "f:1:1", .usb = true, .host_bus = 1, .host_device = 2 },
	  NULL,
	  "Cloud Hypervisor has no USB: hostdev0 cannot be given to it" },
};

static void test_argument(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_free char *argument = NULL;
		struct reports reports = { 0 };
		int r = cloud_hypervisor_argument(&cases[i].device, &argument, &reports);
		assert_int_equal(r, cases[i].argument ? 0 : -EINVAL);
		assert_int_equal(reports.errors, cases[i].argument ? 0 : 1);
		assert_int_equal(reports.count, cases[i].message ? 1 : 0);
		if (cases[i].argument)
			assert_string_equal(argument, cases[i].argument);
		if (cases[i].message) {
			assert_string_equal(reports.items[0].message, cases[i].message);
			assert_string_equal(reports.items[0].object, "f:1:1");
			assert_int_equal(reports.items[0].class, REPORT_CONFIG_UNSUPPORTED);
		}
		reports_done(&reports);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_argument) };
	return cmocka_run_group_tests_name("vmm/cloud-hypervisor", tests, NULL, NULL);
}
