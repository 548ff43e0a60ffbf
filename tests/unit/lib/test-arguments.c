/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Documents, and exactly the arguments by which a VMM is told of their devices. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <vfassign.h>

#include "base/cleanup.h"

#define DOMAIN(os, ...) "<domain><name>g</name><os>" os "</os><devices>" __VA_ARGS__ "</devices></domain>"
#define Q35 "<type machine='pc-q35-9.0'>hvm</type>"
#define VF(bus, ...) \
	"<interface type='hostdev'><source><address type='pci' bus='" #bus "'/></source>" __VA_ARGS__ \
	"</interface>"
#define PCI(bus, ...) \
	"<hostdev type='pci'><source><address bus='" #bus "'/></source>" __VA_ARGS__ "</hostdev>"
#define USB(device, ...) \
	"<hostdev type='usb'><source><address bus='1' device='" #device "'/></source>" __VA_ARGS__ "</hostdev>"
#define AT(bus) "<address type='pci' bus='" #bus "' slot='1'/>"
#define CONTROLLER(type, more) "<controller type='" type "' " more "/>"
#define CALLED(type, more, alias) \
	"<controller type='" type "' " more "><alias name='" alias "'/></controller>"

/* What comes out; single quotes stand for double ones. */
#define IS(bus, id, more) "-device {'driver':'vfio-pci','host':'0000:0" #bus ":00.0','id':'" id "'" more "}\n"
#define IS_USB(device, id, more) \
	"-device {'driver':'usb-host','hostdevice':'/dev/bus/usb/001/00" #device "','id':'" id "'" more "}\n"
#define ON(name) ",'bus':'" name "','addr':'0x1'"

struct row {
	const char *xml;
	const char *expected; /* arguments, or reports */
};

static const struct row qemu[] = {
	/* One device alone. */
	{ VF(1), IS(1, "hostdev0", "") },
	{ PCI(1), IS(1, "hostdev0", "") },
	{ USB(2), IS_USB(2, "hostdev0", "") },
	{ VF(1, "<alias name='ua-a'/>"), IS(1, "ua-a", "") },
	/* What libvirt called it is another one's. */
	{ VF(1, "<alias name='hostdev7'/>"), IS(1, "hostdev0", "") },
	{ VF(1, "<mac address='52:54:00:00:00:01'/><vlan><tag id='5'/></vlan>"), IS(1, "hostdev0", "") },
	{ VF(1, "<boot order='3'/>"), IS(1, "hostdev0", ",'bootindex':3") },
	{ VF(1, "<acpi index='3'/>"), IS(1, "hostdev0", ",'acpi-index':3") },
	{ VF(1, "<rom bar='off'/>"), IS(1, "hostdev0", ",'rombar':0") },
	{ VF(1, "<rom bar='on' file='/r'/>"), IS(1, "hostdev0", ",'rombar':1,'romfile':'/r'") },
	{ VF(1, "<rom enabled='yes' file='/r'/>"), IS(1, "hostdev0", ",'romfile':'/r'") },
	{ VF(1, "<rom enabled='yes'/>"), IS(1, "hostdev0", "") },
	{ VF(1, "<rom enabled='no'/>"), IS(1, "hostdev0", ",'romfile':''") },
	{ VF(1, "<rom file=''/>"), IS(1, "hostdev0", ",'romfile':''") },
	{ VF(1, "<teaming type='transient' persistent='ua-n'/>"),
	  IS(1, "hostdev0", ",'failover_pair_id':'ua-n'") },
	{ VF(1, "<model type='virtio'/><teaming type='persistent'/>"), IS(1, "hostdev0", "") },
	{ VF(1, AT(0)), IS(1, "hostdev0", ON("pcie.0")) },
	{ VF(1, "<address type='pci' bus='0xff' slot='0x1f' function='7' multifunction='on'/>"),
	  IS(1, "hostdev0", ",'bus':'pci.255','multifunction':true,'addr':'0x1f.0x7'") },
	/* Zeros ask for any address; multifunction is asked for all the same. */
	{ VF(1, "<address type='pci' multifunction='off'/>"), IS(1, "hostdev0", ",'multifunction':false") },
	{ PCI(1, "<boot order='2'/><rom bar='off'/><acpi index='5'/><teaming type='transient' persistent='p'/>" AT(
			 2)),
	  IS(1, "hostdev0",
	     ",'bootindex':2,'failover_pair_id':'p','bus':'pci.2','addr':'0x1','acpi-index':5,'rombar':0") },
	{ "<hostdev type='pci' display='on' ramfb='on'><source><address bus='1'/></source></hostdev>",
	  "-device {'driver':'vfio-pci-nohotplug','host':'0000:01:00.0','id':'hostdev0','display':'on','ramfb':true}\n" },
	{ "<hostdev type='pci' display='off' ramfb='off'><source><address bus='1'/></source></hostdev>",
	  IS(1, "hostdev0", ",'display':'off'") },
	{ USB(2, "<boot order='4'/><alias name='ua-u'/>"), IS_USB(2, "ua-u", ",'bootindex':4") },
	{ USB(2, "<address type='usb' bus='0' port='1.2'/>"),
	  IS_USB(2, "hostdev0", ",'bus':'usb.0','port':'1.2'") },
	{ USB(2, "<address type='usb' bus='3'/>"), IS_USB(2, "hostdev0", ",'bus':'usb3.0'") },
	{ "<hostdev type='usb'><source guestReset='off'><address bus='1' device='3'/></source></hostdev>",
	  IS_USB(3, "hostdev0", ",'guest-reset':false") },
	{ "<hostdev type='usb'><source guestReset='uninitialized'><address bus='1' device='3'/></source></hostdev>",
	  IS_USB(3, "hostdev0", ",'guest-reset':true,'guest-resets-all':false") },
	{ "<hostdev type='usb'><source guestReset='on'><address bus='1' device='3'/></source></hostdev>",
	  IS_USB(3, "hostdev0", ",'guest-reset':true,'guest-resets-all':true") },
	{ "<hostdev type='usb'><source><vendor id='1'/><product id='2'/><address bus='1' device='3'/></source></hostdev>",
	  IS_USB(3, "hostdev0", "") },
	/* Interfaces come first, wherever they stand; names are counted in this order. */
	{ DOMAIN(Q35, PCI(1) VF(2) USB(3) VF(4)),
	  IS(2, "hostdev0", "") IS(4, "hostdev1", "") IS(1, "hostdev2", "") IS_USB(3, "hostdev3", "") },
	{ DOMAIN(Q35, VF(1, "<alias name='ua-a'/>") VF(2) PCI(3, "<alias name='ua-hostdev0'/>") PCI(4)),
	  IS(1, "ua-a", "") IS(2, "hostdev0", "") IS(3, "ua-hostdev0", "") IS(4, "hostdev1", "") },
	/* Those of other kinds have numbers, too, and one that is kept from the guest. */
	{ DOMAIN(Q35,
		 "<hostdev type='scsi'/>" VF(1) PCI(
			 2) "<hostdev type='mdev'><alias name='ua-m'/></hostdev><hostdev type='mdev'/>" PCI(3)),
	  IS(1, "hostdev0", "") IS(2, "hostdev2", "") IS(3, "hostdev4", "") },
	{ DOMAIN(Q35, PCI(1, "<address type='unassigned'/>") PCI(2)), IS(2, "hostdev1", "") },
	{ DOMAIN(Q35, PCI(1, "<address type='unassigned'/>")), "" },
	/* A domain needs no interface here. */
	{ DOMAIN(Q35, "<disk/>" USB(2)), IS_USB(2, "hostdev0", "") },
	/* The machine type names bus 0, unless a controller does. */
	{ DOMAIN(Q35, VF(1, AT(0))), IS(1, "hostdev0", ON("pcie.0")) },
	{ DOMAIN("<type machine='pc-i440fx-9.0'>hvm</type>", VF(1, AT(0))), IS(1, "hostdev0", ON("pci.0")) },
	{ DOMAIN("<type machine='virt-9.0'>hvm</type>", VF(1, AT(0))), IS(1, "hostdev0", ON("pcie.0")) },
	{ DOMAIN("<type machine='other'>hvm</type>",
		 CONTROLLER("pci", "index='0' model='pcie-root'") VF(1, AT(0))),
	  IS(1, "hostdev0", ON("pcie.0")) },
	{ DOMAIN("", CONTROLLER("pci", "index='0' model='pci-root'") VF(1, AT(0))),
	  IS(1, "hostdev0", ON("pci.0")) },
	{ DOMAIN(Q35, CONTROLLER("pci", "index='0'") VF(1, AT(0))), IS(1, "hostdev0", ON("pcie.0")) },
	{ DOMAIN(Q35, CALLED("pci", "index='0' model='pcie-root'", "ua-root") VF(1, AT(0))),
	  IS(1, "hostdev0", ON("pcie.0")) },
	/* Controllers of all kinds are called alike, wherever they stand. */
	{ DOMAIN(Q35, CONTROLLER("pci", "index='1' model='pcie-root-port'") VF(1, AT(1))),
	  IS(1, "hostdev0", ON("pci.1")) },
	{ DOMAIN(Q35, CONTROLLER("pci", "index='1' model='pcie-expander-bus'") VF(1, AT(1))),
	  IS(1, "hostdev0", ON("pci.1")) },
	{ DOMAIN(Q35, VF(1, AT(9)) CALLED("pci", "index='9' model='pcie-root-port'", "ua-port")),
	  IS(1, "hostdev0", ON("ua-port")) },
	{ DOMAIN(Q35, CALLED("pci", "index='9' model='pcie-expander-bus'", "ua-numa1") VF(1, AT(9))),
	  IS(1, "hostdev0", ON("ua-numa1")) },
	{ DOMAIN(Q35, CALLED("pci", "index='9'", "pci.77") VF(1, AT(9))), IS(1, "hostdev0", ON("pci.9")) },
	{ DOMAIN(Q35, CALLED("usb", "index='9'", "ua-usb") VF(1, AT(9))), IS(1, "hostdev0", ON("pci.9")) },
	{ DOMAIN(Q35, CALLED("pci", "index='x'", "ua-x") CALLED("pci", "index='-1'", "ua-y") VF(1, AT(1))),
	  IS(1, "hostdev0", ON("pci.1")) },
	/* One without a number has the smallest that is free. */
	{ DOMAIN(Q35, CALLED("pci", "model='pcie-root-port'", "ua-b") CALLED("pci", "", "ua-c")
			      CONTROLLER("pci", "index='0' model='pcie-root'") CONTROLLER("pci", "index='2'")
				      VF(1, AT(1)) VF(2, AT(2)) VF(3, AT(3)) VF(4, AT(4))),
	  IS(1, "hostdev0", ON("ua-b")) IS(2, "hostdev1", ON("pci.2")) IS(3, "hostdev2", ON("ua-c"))
		  IS(4, "hostdev3", ON("pci.4")) },
	/* pSeries: a root of its own. */
	{ DOMAIN("<type machine='pseries'>hvm</type>",
		 CONTROLLER("pci", "index='0' model='pci-root'")
			 CONTROLLER("pci", "index='1' model='pci-root'") VF(1, AT(0)) VF(2, AT(1))),
	  IS(1, "hostdev0", ON("pci.0")) IS(2, "hostdev1", ON("pci.1.0")) },
	/* USB: a controller with a master is a part of that one. */
	{ DOMAIN(Q35,
		 "<controller type='usb' index='0'><alias name='ua-part'/><master startport='0'/></controller>" CALLED(
			 "usb", "index='0'", "ua-ehci") CONTROLLER("usb", "index='1'")
			 USB(1, "<address type='usb' bus='0'/>") USB(2, "<address type='usb' bus='1'/>")),
	  IS_USB(1, "hostdev0", ",'bus':'ua-ehci.0'") IS_USB(2, "hostdev1", ",'bus':'usb1.0'") },
	/* <os><boot> is for the first interface of all, if that is ours. */
	{ DOMAIN(Q35 "<boot dev='hd'/><boot dev='network'/>", VF(1) VF(2) PCI(3)),
	  IS(1, "hostdev0", ",'bootindex':2") IS(2, "hostdev1", "") IS(3, "hostdev2", "") },
	{ DOMAIN(Q35 "<boot dev='network'/>", PCI(3) VF(1)),
	  IS(1, "hostdev0", ",'bootindex':1") IS(3, "hostdev1", "") },
	{ DOMAIN(Q35 "<boot dev='network'/>", "<interface type='user'/>" VF(1)), IS(1, "hostdev0", "") },
	{ DOMAIN(Q35 "<boot dev='network'/>", VF(1) "<interface type='user'/>"),
	  IS(1, "hostdev0", ",'bootindex':1") },
	{ DOMAIN(Q35 "<boot dev='hd'/>", VF(1)), IS(1, "hostdev0", "") },
	{ DOMAIN(Q35 "<boot dev='network'/>", PCI(1)), IS(1, "hostdev0", "") },
};

#define CH(bus, id) "path=/sys/bus/pci/devices/0000:0" #bus ":00.0/,id=" id "\n"

static const struct row cloud_hypervisor[] = {
	{ VF(1), "--device " CH(1, "hostdev0") },
	{ DOMAIN("", PCI(1) VF(2, "<alias name='ua-n'/>") VF(3)),
	  "--device " CH(2, "ua-n") CH(3, "hostdev0") CH(1, "hostdev1") },
	{ VF(1, "<address type='pci' domain='2'/>"),
	  "--device path=/sys/bus/pci/devices/0000:01:00.0/,id=hostdev0,pci_segment=2\n" },
	{ VF(1, "<boot order='1'/>" AT(0)),
	  "--device " CH(1, "hostdev0") "warning: t:1:1: Cloud Hypervisor cannot be told this of hostdev0: a place in the "
					"boot order; a PCI slot\n" },
};

static const struct row refused[] = {
	{ "<hostdev type='usb'><source><vendor id='0x46d'/><product id='0xc52b'/></source></hostdev>",
	  "error: t:1:1: the USB device hostdev0 is named by vendor and product alone, which does not tell where it is\n" },
	{ "<interface type='hostdev'><source><address type='usb' bus='1' device='2'/></source></interface>",
	  "error: t:1:1: a USB device cannot be assigned as <interface type='hostdev'>: that works with SR-IOV Virtual "
	  "Functions only\n" },
	{ DOMAIN(Q35, "<disk/>"),
	  "error: t:1:1: the domain has no <interface type='hostdev'>: there is nothing to assign\n" },
	{ "<hostdev type='scsi'/>",
	  "error: t:1:1: a <hostdev> of mode 'subsystem' and type 'scsi' is not a PCI or USB device\n" },
	{ VF(1, "<address type='pci' bus='1'><zpci uid='1'/></address>"),
	  "error: t:1:101: <zpci> is not supported by this version\n" },
	/* All that is wrong. */
	{ DOMAIN("",
		 "<hostdev type='usb'><source><vendor id='1'/><product id='2'/></source></hostdev>\n" VF(
			 1) "\n"
			    "<hostdev type='usb'><source><vendor id='3'/><product id='4'/></source></hostdev>"),
	  "error: t:1:41: the USB device hostdev1 is named by vendor and product alone, which does not tell where it is\n"
	  "error: t:3:1: the USB device hostdev2 is named by vendor and product alone, which does not tell where it is\n" },
};

static const struct row cloud_hypervisor_refused[] = {
	{ USB(2), "error: t:1:1: Cloud Hypervisor has no USB: hostdev0 cannot be given to it\n" },
	{ VF(1, "<teaming type='transient' persistent='ua-n'/>"),
	  "error: t:1:1: Cloud Hypervisor has no failover pairs: hostdev0 cannot be one half of one\n" },
};

static void write_reports(const struct vfassign_result *result, FILE *stream)
{
	const struct vfassign_report *reports;
	size_t count = result ? vfassign_result_reports(result, &reports) : 0;
	for (size_t i = 0; i < count; i++)
		/* What reading it says of aliases is said elsewhere. */
		if (reports[i].severity == VFASSIGN_ERROR || strstr(reports[i].message, "Cloud"))
			fprintf(stream, "%s: %s: %s\n",
				reports[i].severity == VFASSIGN_ERROR ? "error" : "warning",
				reports[i].object ? reports[i].object : "-", reports[i].message);
}

/* An option stands in a line with what belongs to it. */
static void write_arguments(const struct vfassign_result *result, FILE *stream)
{
	const char *const *arguments;
	size_t count = vfassign_result_arguments(result, &arguments);
	for (size_t i = 0; i < count; i++)
		fprintf(stream, "%s%s", arguments[i], arguments[i][0] == '-' ? " " : "\n");
}

/* What comes out for XML: arguments, if all went well, and reports. */
static char *tell(const char *xml, const char *vmm)
{
	struct vfassign_source source = { "t", xml, strlen(xml), false, VFASSIGN_ARGUMENTS };
	struct vfassign_request request = { .vmm = vmm };
	struct vfassign_document *document = NULL;
	struct vfassign_result *parsed = NULL, *result = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	assert_non_null(stream);
	if (vfassign_document_parse(&source, &document, &parsed) == 0 &&
	    vfassign_vmm_arguments(document, &request, &result) == 0)
		write_arguments(result, stream);
	write_reports(parsed, stream);
	write_reports(result, stream);
	vfassign_result_free(parsed);
	vfassign_result_free(result);
	vfassign_document_free(document);
	fclose(stream);
	for (char *p = text; *p; p++)
		*p = *p == '"' ? '\'' : *p;
	return text;
}

static void check_rows(const struct row *rows, size_t count, const char *vmm)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		cleanup_free char *found = tell(rows[i].xml, vmm);
		if (strcmp(found, rows[i].expected) == 0)
			continue;
		print_error("%s\nexpected:\n%sfound:\n%s\n", rows[i].xml, rows[i].expected, found);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void test_qemu(void **state)
{
	check_rows(qemu, ARRAY_SIZE(qemu), NULL);
	check_rows(qemu, ARRAY_SIZE(qemu), "qemu");
}

static void test_cloud_hypervisor(void **state)
{
	check_rows(cloud_hypervisor, ARRAY_SIZE(cloud_hypervisor), "cloud-hypervisor");
	check_rows(cloud_hypervisor_refused, ARRAY_SIZE(cloud_hypervisor_refused), "cloud-hypervisor");
}

static void test_refused(void **state)
{
	check_rows(refused, ARRAY_SIZE(refused), NULL);
}

static void test_unknown_vmm(void **state)
{
	cleanup_free char *found = tell(VF(1), "xen");
	assert_string_equal(found, "error: -: there is no VMM called 'xen'\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_qemu),
		cmocka_unit_test(test_cloud_hypervisor),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unknown_vmm),
	};
	return cmocka_run_group_tests_name("lib/arguments", tests, NULL, NULL);
}
