/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "vmm/qemu.h"

#define PCI .id = "hostdev0", .host = { 0, 0x06, 0x12, 1 }
#define START "{\"driver\":\"vfio-pci\",\"host\":\"0000:06:12.1\",\"id\":\"hostdev0\""
#define AT(...) .place = { .present = true, .pci = { __VA_ARGS__ } }
#define ON(number, ...) .place = { .present = true, .pci = { 0, number, 1, 0 }, __VA_ARGS__ }

#define USB .id = "hostdev0", .usb = true, .host_bus = 1, .host_device = 20
#define USB_START "{\"driver\":\"usb-host\",\"hostdevice\":\"/dev/bus/usb/001/020\",\"id\":\"hostdev0\""

/* Property names, their order and their types are what QEMU and libvirt agreed on: compared byte for byte. */
static const struct {
	const char *machine;
	struct vmm_device device;
	const char *json;
} cases[] = {
	{ "q35", { PCI }, START "}" },
	{ "q35",
	  { .host = { 0x10000, 0xff, 0x1f, 7 }, .id = "ua-vf" },
	  "{\"driver\":\"vfio-pci\",\"host\":\"10000:ff:1f.7\",\"id\":\"ua-vf\"}" },
	/* Slot and function: hex, without padding, and no function 0. */
	{ "pc", { PCI, AT(0, 0, 2, 0) }, START ",\"bus\":\"pci.0\",\"addr\":\"0x2\"}" },
	{ "pc", { PCI, AT(0, 0, 0x1f, 7) }, START ",\"bus\":\"pci.0\",\"addr\":\"0x1f.0x7\"}" },
	{ "pc", { PCI, AT(0, 0, 0, 0) }, START ",\"bus\":\"pci.0\",\"addr\":\"0x0\"}" },
	/* The name of bus 0 is the machine's, that of the others is not. */
	{ "q35", { PCI, AT(0, 0, 7, 0) }, START ",\"bus\":\"pcie.0\",\"addr\":\"0x7\"}" },
	{ "pc-q35-7.2", { PCI, AT(0, 0, 7, 0) }, START ",\"bus\":\"pcie.0\",\"addr\":\"0x7\"}" },
	{ "virt-7.2", { PCI, AT(0, 0, 7, 0) }, START ",\"bus\":\"pcie.0\",\"addr\":\"0x7\"}" },
	{ "pc-i440fx-7.2", { PCI, AT(0, 0, 7, 0) }, START ",\"bus\":\"pci.0\",\"addr\":\"0x7\"}" },
	{ "q35like", { PCI, AT(0, 0, 7, 0) }, START ",\"bus\":\"pci.0\",\"addr\":\"0x7\"}" },
	{ "q35", { PCI, AT(0, 255, 0, 1) }, START ",\"bus\":\"pci.255\",\"addr\":\"0x0.0x1\"}" },
	{ "pc", { PCI, AT(0, 3, 7, 0) }, START ",\"bus\":\"pci.3\",\"addr\":\"0x7\"}" },
	/* A controller knows better than the machine what bus 0 is, and its alias names every other bus. */
	{ "pc", { PCI, ON(0, .bus = VMM_BUS_PCIE_ROOT) }, START ",\"bus\":\"pcie.0\",\"addr\":\"0x1\"}" },
	{ "q35", { PCI, ON(0, .bus = VMM_BUS_PCI_ROOT) }, START ",\"bus\":\"pci.0\",\"addr\":\"0x1\"}" },
	{ "q35", { PCI, ON(0, .bus_alias = "ua-0") }, START ",\"bus\":\"pcie.0\",\"addr\":\"0x1\"}" },
	{ "pc",
	  { PCI, ON(0, .bus_alias = "ua-0", .bus = VMM_BUS_PCI_ROOT) },
	  START ",\"bus\":\"pci.0\",\"addr\":\"0x1\"}" },
	{ "q35", { PCI, ON(4, .bus_alias = "ua-port") }, START ",\"bus\":\"ua-port\",\"addr\":\"0x1\"}" },
	/* pSeries has more than one root. */
	{ "pseries", { PCI, ON(2, .bus = VMM_BUS_PCI_ROOT) }, START ",\"bus\":\"pci.2.0\",\"addr\":\"0x1\"}" },
	{ "pseries",
	  { PCI, ON(2, .bus = VMM_BUS_PCI_ROOT, .bus_alias = "ua-p") },
	  START ",\"bus\":\"ua-p.0\",\"addr\":\"0x1\"}" },
	/* multifunction stands between bus and addr, is a boolean, and does not need them. */
	{ "q35",
	  { PCI, .place = { true, .pci = { 0, 1, 0, 1 }, .has_multifunction = true, .multifunction = true } },
	  START ",\"bus\":\"pci.1\",\"multifunction\":true,\"addr\":\"0x0.0x1\"}" },
	{ "q35",
	  { PCI, .place = { true, .pci = { 0, 1, 0, 0 }, .has_multifunction = true } },
	  START ",\"bus\":\"pci.1\",\"multifunction\":false,\"addr\":\"0x0\"}" },
	{ "q35",
	  { PCI, .place = { .has_multifunction = true, .multifunction = true } },
	  START ",\"multifunction\":true}" },
	/* Numbers are numbers. */
	{ "q35", { PCI, .bootindex = 1 }, START ",\"bootindex\":1}" },
	{ "q35", { PCI, .bootindex = UINT32_MAX }, START ",\"bootindex\":4294967295}" },
	{ "q35", { PCI, .acpi_index = UINT32_MAX }, START ",\"acpi-index\":4294967295}" },
	{ "q35", { PCI, .has_rombar = true, .rombar = true }, START ",\"rombar\":1}" },
	{ "q35", { PCI, .has_rombar = true }, START ",\"rombar\":0}" },
	{ "q35", { PCI, .rombar = true }, START "}" },
	/* Texts are texts, and escaped. */
	{ "q35", { PCI, .romfile = "" }, START ",\"romfile\":\"\"}" },
	{ "q35", { PCI, .romfile = "/a \"b\"\n,c\xc3\xa4" }, START ",\"romfile\":\"/a \\\"b\\\"\\n,c\\u00E4\"}" },
	{ "q35", { PCI, .failover = "ua-net0" }, START ",\"failover_pair_id\":\"ua-net0\"}" },
	/* A frame buffer is of another driver. */
	{ "q35", { PCI, .has_display = true }, START ",\"display\":\"off\"}" },
	{ "q35",
	  { PCI, .has_display = true, .display = true, .ramfb = true },
	  "{\"driver\":\"vfio-pci-nohotplug\",\"host\":\"0000:06:12.1\",\"id\":\"hostdev0\",\"display\":\"on\",\"ramfb\":true}" },
	/* Everything at once, in order. */
	{ "q35",
	  { PCI, .bootindex = 2, .failover = "ua-b", .has_display = true, .acpi_index = 3, .has_rombar = true,
	    .romfile = "/rom", .place = { true, .pci = { 0, 0, 7, 1 }, .has_multifunction = true } },
	  START
	  ",\"bootindex\":2,\"failover_pair_id\":\"ua-b\",\"display\":\"off\",\"bus\":\"pcie.0\","
	  "\"multifunction\":false,\"addr\":\"0x7.0x1\",\"acpi-index\":3,\"rombar\":0,\"romfile\":\"/rom\"}" },
	/* USB: nothing of what a PCI device has. */
	{ "q35", { USB }, USB_START "}" },
	{ "q35",
	  { .id = "ua-u", .usb = true, .host_bus = 1000, .host_device = UINT32_MAX },
	  "{\"driver\":\"usb-host\",\"hostdevice\":\"/dev/bus/usb/1000/4294967295\",\"id\":\"ua-u\"}" },
	{ "q35", { USB, .bootindex = 4 }, USB_START ",\"bootindex\":4}" },
	{ "q35", { USB, .reset = VMM_RESET_OFF }, USB_START ",\"guest-reset\":false}" },
	{ "q35",
	  { USB, .reset = VMM_RESET_UNINITIALIZED },
	  USB_START ",\"guest-reset\":true,\"guest-resets-all\":false}" },
	{ "q35", { USB, .reset = VMM_RESET_ON }, USB_START ",\"guest-reset\":true,\"guest-resets-all\":true}" },
	{ "q35", { USB, .place = { .present = true } }, USB_START ",\"bus\":\"usb.0\"}" },
	{ "q35",
	  { USB, .place = { .present = true, .usb_bus = 2, .usb_port = "1.2" } },
	  USB_START ",\"bus\":\"usb2.0\",\"port\":\"1.2\"}" },
	{ "q35",
	  { USB, .place = { .present = true, .usb_bus = 2, .bus_alias = "ua-xhci" } },
	  USB_START ",\"bus\":\"ua-xhci.0\"}" },
	{ "q35",
	  { USB, .bootindex = 1, .reset = VMM_RESET_OFF, .place = { .present = true, .usb_port = "4" } },
	  USB_START ",\"bootindex\":1,\"guest-reset\":false,\"bus\":\"usb.0\",\"port\":\"4\"}" },
};

static void test_json(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_free char *json = NULL;
		struct vmm_device device = cases[i].device;
		struct reports reports = { 0 };
		device.machine = cases[i].machine;
		assert_int_equal(qemu_argument(&device, &json, &reports), 0);
		assert_int_equal(reports.count, 0);
		assert_string_equal(json, cases[i].json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_json) };
	return cmocka_run_group_tests_name("vmm/qemu", tests, NULL, NULL);
}
