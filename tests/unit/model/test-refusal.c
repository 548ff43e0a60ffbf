/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Documents with something wrong in them: what is said about it, and where. */

#include "parse.h"

struct refusal {
	const char *xml;
	const char *found; /* all findings, one a line */
};

/* Each with exactly the findings that its row has. */
static void check(const struct refusal *rows, size_t count, bool strict)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		struct parsed parsed = parse(rows[i].xml, strict);
		char *text = parsed_text(&parsed);
		if (strcmp(text, rows[i].found) != 0) {
			print_error("%s\nexpected:\n%s\nfound:\n%s\n\n", rows[i].xml, rows[i].found, text);
			wrong++;
		}
		free(text);
		parsed_done(&parsed);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(rows, strict) check(rows, sizeof(rows) / sizeof((rows)[0]), strict)
#define CFG "error config-unsupported f:"
#define XML "error xml f:"
#define NO_EFFECT "warning config-unsupported f:"
#define UNKNOWN "warning xml f:"

static void test_root(void **state)
{
	static const struct refusal rows[] = {
		{ "<network><name>n</name></network>",
		  CFG "1:1: a <network> is a pool of VFs, and names none to assign" },
		{ "\n <hostdev/>", CFG "2:2: <hostdev> is not supported by this version" },
		{ "<interface/>", CFG "1:1: an interface of type 'user' has no VF to assign" },
		{ "<interface type='bridge'/>", CFG "1:1: an interface of type 'bridge' has no VF to assign" },
		{ "<interface type='network'><source network='n'/></interface>",
		  CFG "1:1: an interface of type 'network' is not supported by this version" },
		{ "<interface type='hostdef'/>",
		  XML "1:12: Invalid value for attribute 'type' in element 'interface': 'hostdef'." },
		{ "<interface type=''/>",
		  XML "1:12: Invalid value for attribute 'type' in element 'interface': ''." },
		{ "<domainsnapshot/>",
		  XML "1:1: the document is neither a <domain> nor an <interface>, but <domainsnapshot>" },
		{ "<domain xmlns='urn:x'/>", XML
		  "1:1: the document is neither a <domain> nor an <interface>, but <domain> of namespace urn:x" },
		{ "<domain/>",
		  CFG "1:1: the domain has no <interface type='hostdev'>: there is nothing to assign" },
		{ "<x:domain/>",
		  XML "1:1: the document is neither a <domain> nor an <interface>, but <x:domain>" },
	};
	CHECK(rows, false);
}

static void test_domain(void **state)
{
	static const struct refusal rows[] = {
		{ DOMAIN("<interface/>"),
		  CFG "1:1: the domain has no <interface type='hostdev'>: there is nothing to assign" },
		{ DOMAIN("<interface type='network'/>"),
		  CFG "3:1: an interface of type 'network' is not supported by this version" },
		{ DOMAIN("<interface type='hostdev '/>"),
		  XML "3:12: Invalid value for attribute 'type' in element 'interface': 'hostdev '." },
		{ DOMAIN("<hostdev mode='subsystem'/>"),
		  NO_EFFECT "3:1: <hostdev> is left alone by this version\n" CFG
			    "1:1: the domain has no <interface type='hostdev'>: there is nothing to assign" },
		{ "<domain>\n<name>a/b</name><devices>" INTERFACE("") "</devices></domain>",
		  XML "2:1: the name of a domain must not contain '/'" },
		{ "<domain>\n<name>a\nb</name><devices>" INTERFACE("") "</devices></domain>",
		  XML "2:1: the name of a domain must not contain a line feed" },
		{ "<domain>\n<uuid>12</uuid><devices>" INTERFACE("") "</devices></domain>",
		  XML "2:1: malformed uuid element: '12' is not 32 hex digits" },
		{ "<domain>\n<memory unit='Kib '>1</memory><devices>" INTERFACE("") "</devices></domain>",
		  XML "2:9: unknown unit 'Kib ' of memory" },
		{ "<domain>\n<memory unit='Ki'>1</memory><devices>" INTERFACE("") "</devices></domain>",
		  XML "2:9: unknown unit 'Ki' of memory" },
		{ "<domain>\n<memory>-1</memory><devices>" INTERFACE("") "</devices></domain>",
		  XML "2:1: Invalid value for element 'memory': '-1'. Expected non-negative integer value" },
		{ "<domain>\n<memory unit='EiB'>16</memory><devices>" INTERFACE("") "</devices></domain>",
		  XML "2:1: the memory of the domain is larger than 64 bits can say" },
		{ "<domain>\n<memory Unit='KiB'>16</memory><devices>" INTERFACE("") "</devices></domain>",
		  UNKNOWN "2:9: unknown attribute 'Unit' in element 'memory'" },
		{ "<domain>\n<name>a</name>\n<name>b</name><devices>" INTERFACE("") "</devices></domain>",
		  UNKNOWN "3:1: only the first <name> in <domain> counts" },
	};
	CHECK(rows, false);
}

#define SOURCE_OF(x) "<interface type='hostdev'>\n" x "\n</interface>"
#define ADDRESS(x) SOURCE_OF("<source><address type='pci' " x "/></source>")

static void test_source(void **state)
{
	static const struct refusal rows[] = {
		{ SOURCE_OF(""), CFG "1:1: unknown host device source address type '(null)'" },
		{ SOURCE_OF("<source/>"), CFG "2:1: unknown host device source address type '(null)'" },
		{ SOURCE_OF("<source dev='eth0'/>"),
		  CFG "2:1: unknown host device source address type '(null)'" },
		{ SOURCE_OF("<source><address bus='1'/></source>"),
		  CFG "2:9: unknown host device source address type '(null)'" },
		{ SOURCE_OF("<source><address type='' bus='1'/></source>"),
		  CFG "2:9: unknown host device source address type '(null)'" },
		{ SOURCE_OF("<source><address type='PCI'/></source>"),
		  CFG "2:9: unknown host device source address type 'PCI'" },
		{ SOURCE_OF("<source><address type='mdev'/></source>"),
		  CFG "2:9: unknown host device source address type 'mdev'" },
		{ ADDRESS("bus='0x100'"), XML "2:29: Invalid PCI address bus='0x100', must be <= 0xFF" },
		{ ADDRESS("slot='32'"), XML "2:29: Invalid PCI address slot='0x20', must be <= 0x1F" },
		{ ADDRESS("bus='1' function='8'"), XML "2:37: Invalid PCI address function=0x8, must be <= 7" },
		{ ADDRESS("function='9'"), XML "2:29: Invalid PCI address function=0x9, must be <= 7" },
		{ ADDRESS("bus='08'"), XML "2:29: Invalid value for attribute 'bus' in element 'address': '08'. "
					   "Expected non-negative integer value" },
		{ ADDRESS("domain='-1'"),
		  XML "2:29: Invalid value for attribute 'domain' in element 'address': '-1'. "
		      "Expected non-negative integer value" },
		{ ADDRESS("domain='0x100000000'"),
		  XML "2:29: Invalid value for attribute 'domain' in element 'address': '0x100000000'. "
		      "Expected non-negative integer value" },
		{ ADDRESS("slot='1 '"), XML "2:29: Invalid value for attribute 'slot' in element 'address': '1 '. "
					    "Expected non-negative integer value" },
		{ ADDRESS("bus=''"), XML "2:29: Invalid value for attribute 'bus' in element 'address': ''. "
					 "Expected non-negative integer value" },
		{ ADDRESS("multifunction='yes'"),
		  XML "2:29: Invalid value for attribute 'multifunction' in element 'address': 'yes'." },
		{ ADDRESS("device='1'"), UNKNOWN "2:29: unknown attribute 'device' in element 'address'" },
		{ SOURCE_OF("<source writeFiltering='no'><address type='pci'/></source>"),
		  CFG "2:9: Write filtering of PCI device configuration space is not supported by qemu" },
		{ SOURCE_OF("<source writeFiltering='0'><address type='pci'/></source>"),
		  XML "2:9: Invalid value for attribute 'writeFiltering' in element 'source': '0'." },
		{ SOURCE_OF("<source startupPolicy='optional'><address type='pci'/></source>"),
		  CFG "2:9: Setting startupPolicy is only allowed for USB devices" },
		{ SOURCE_OF("<source guestReset='on'><address type='pci'/></source>"),
		  UNKNOWN "2:9: attribute 'guestReset' in element 'source' is not for a PCI device" },
		{ SOURCE_OF("<source><address type='pci'/><ip address='1.2.3.4'/></source>"), CFG
		  "2:30: Invalid attempt to set network interface host-side IP route and/or address info on "
		  "interface of type 'hostdev'. This is only supported on interfaces of type 'ethernet'" },
		{ SOURCE_OF("<source><address type='pci'><zpci uid='1'/></address></source>\n"
			    "<source><address type='pci' bus='x'/></source>"),
		  UNKNOWN "3:1: only the first <source> in <interface> counts" },
	};
	CHECK(rows, false);
}

static void test_usb_source(void **state)
{
	static const struct refusal rows[] = {
		{ SOURCE_OF("<source><vendor id='1'/></source>"), XML "2:1: missing product" },
		{ SOURCE_OF("<source><address type='usb' bus='1' device='1'/><product id='1'/></source>"),
		  XML "2:1: missing vendor" },
		{ SOURCE_OF("<source><product id='1'/></source>"),
		  CFG "2:1: unknown host device source address type '(null)'" },
		{ SOURCE_OF("<source><vendor id='0'/><product id='1'/></source>"),
		  XML "2:17: Invalid value for attribute 'id' in element 'vendor': Zero is not permitted" },
		{ SOURCE_OF("<source><vendor/><product id='1'/></source>"),
		  XML "2:9: Missing required attribute 'id' in element 'vendor'" },
		{ SOURCE_OF("<source><address type='usb' bus='1'/></source>"),
		  XML "2:9: Missing required attribute 'device' in element 'address'" },
		{ SOURCE_OF("<source startupPolicy='never'><address type='usb' bus='1' device='1'/></source>"),
		  XML "2:9: Invalid value for attribute 'startupPolicy' in element 'source': 'never'." },
		{ USB_INTERFACE("<address type='pci'/>"),
		  CFG "3:10: USB host device must use 'usb' address type" },
		{ USB_INTERFACE("<address type='usb' port='1.2.3.4.5'/>"),
		  XML "3:21: Cannot parse <address> 'port' attribute" },
		{ USB_INTERFACE("<address type='usb' port='1.'/>"),
		  XML "3:21: Cannot parse <address> 'port' attribute" },
		{ USB_INTERFACE("<address type='usb' port=''/>"),
		  XML "3:21: Cannot parse <address> 'port' attribute" },
		{ USB_INTERFACE("<rom bar='on'/><address type='usb'/>"),
		  CFG "3:1: ROM tuning is only supported for PCI devices" },
	};
	CHECK(rows, false);
}

static void test_settings(void **state)
{
	static const struct refusal rows[] = {
		{ INTERFACE("<mac address='00:11:22:33:44'/>"),
		  XML "3:6: unable to parse mac address '00:11:22:33:44'" },
		{ INTERFACE("<mac address=''/>"), XML "3:6: unable to parse mac address ''" },
		{ INTERFACE("<mac address='00-11-22-33-44-55'/>"),
		  XML "3:6: unable to parse mac address '00-11-22-33-44-55'" },
		{ INTERFACE("<mac address='01:11:22:33:44:55'/>"),
		  XML "3:6: expected unicast mac address, found multicast '01:11:22:33:44:55'" },
		{ INTERFACE("<mac address='ff:ff:ff:ff:ff:ff'/>"),
		  XML "3:6: expected unicast mac address, found multicast 'ff:ff:ff:ff:ff:ff'" },
		{ INTERFACE("<mac type='random'/>"),
		  XML "3:6: Invalid value for attribute 'type' in element 'mac': 'random'." },
		{ INTERFACE("<mac check='1'/>"),
		  XML "3:6: Invalid value for attribute 'check' in element 'mac': '1'." },
		{ INTERFACE("<vlan/>"),
		  XML "3:1: missing tag id - each <vlan> must have at least one <tag id='n'/> subelement" },
		{ INTERFACE("<vlan><tag/></vlan>"),
		  XML "3:7: Missing required attribute 'id' in element 'tag'" },
		{ INTERFACE("<vlan><tag id='4096'/></vlan>"),
		  XML "3:12: vlan tag id 4096 too large (maximum 4095)" },
		{ INTERFACE("<vlan><tag id='0x1'/></vlan>"),
		  XML "3:12: Invalid value for attribute 'id' in element 'tag': '0x1'. "
		      "Expected non-negative integer value" },
		{ INTERFACE("<vlan><tag id='1'/><tag id='2'/></vlan>"),
		  CFG "3:1: vlan trunking is not supported by SR-IOV network devices" },
		{ INTERFACE("<vlan trunk='YES'><tag id='1'/></vlan>"),
		  CFG "3:1: vlan trunking is not supported by SR-IOV network devices" },
		{ INTERFACE("<vlan trunk='no'><tag id='1'/><tag id='2'/></vlan>"), XML
		  "3:7: invalid \"trunk='no'\" in <vlan> - trunk='yes' is required for more than one vlan tag" },
		{ INTERFACE("<vlan trunk='no'><tag id='1' nativeMode='tagged'/></vlan>"), XML
		  "3:7: invalid configuration in <vlan> - \"trunk='no'\" is not allowed with a native vlan id" },
		{ INTERFACE("<vlan trunk='maybe'><tag id='1'/></vlan>"),
		  XML "3:7: invalid \"trunk='maybe'\" in <vlan> - must be yes or no" },
		{ INTERFACE("<vlan><tag id='1' nativeMode='x'/></vlan>"),
		  XML "3:19: Invalid value for attribute 'nativeMode' in element 'tag': 'x'." },
		{ INTERFACE("<vlan><tag id='1' nativeMode='tagged'/><tag id='2' nativeMode='tagged'/></vlan>"),
		  XML "3:52: duplicate native vlan setting\n" CFG
		      "3:1: vlan trunking is not supported by SR-IOV network devices" },
		{ INTERFACE("<virtualport/>"), XML "3:1: missing required virtualport type" },
		{ INTERFACE("<virtualport type='none'/>"), CFG "3:14: unknown virtualport type none" },
		{ INTERFACE("<virtualport type='802.1qbh'/>"), CFG "3:14: unknown virtualport type 802.1qbh" },
		{ INTERFACE("<vlan><tag id='1'/></vlan>\n<virtualport type='802.1Qbh'><parameters profileid='p'/></virtualport>"),
		  CFG
		  "3:1: direct setting of the vlan tag is not allowed for hostdev devices using 802.1Qbh mode" },
	};
	CHECK(rows, false);
}

static void test_device(void **state)
{
	static const struct refusal rows[] = {
		{ INTERFACE("<driver name='kvm'/>"), CFG "3:9: pci backend driver type 'kvm' is not supported" },
		{ INTERFACE("<driver name='xen'/>"), CFG "3:9: pci backend driver type 'xen' is not supported" },
		{ INTERFACE("<driver name='default'/>"),
		  XML "3:9: Invalid value for attribute 'name' in element 'driver': 'default'." },
		{ INTERFACE("<driver model='../x'/>"),
		  XML "3:9: Invalid value for attribute 'model' in element 'driver': '../x'. "
		      "Expected letters, digits, '_' and '-'" },
		{ INTERFACE("<driver model=''/>"),
		  XML "3:9: Invalid value for attribute 'model' in element 'driver': ''. "
		      "Expected letters, digits, '_' and '-'" },
		{ INTERFACE("<driver model='abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl'/>"),
		  XML "3:9: the name of the driver is longer than 63 bytes" },
		{ INTERFACE("<driver iommu='on'/>"),
		  CFG "3:9: iommu driver option is only supported for virtio devices" },
		{ INTERFACE("<driver page_per_vq='on'/>"),
		  CFG "3:9: page_per_vq driver option is only supported for virtio devices" },
		{ INTERFACE("<driver ats='1'/>"),
		  XML "3:9: Invalid value for attribute 'ats' in element 'driver': '1'." },
		{ INTERFACE("<boot/>"), XML "3:1: Missing required attribute 'order' in element 'boot'" },
		{ INTERFACE("<boot order='0'/>"),
		  XML "3:7: Invalid value for attribute 'order' in element 'boot': Zero is not permitted" },
		{ INTERFACE("<boot order='a'/>"),
		  XML "3:7: Invalid value for attribute 'order' in element 'boot': 'a'. "
		      "Expected non-negative integer value" },
		{ INTERFACE("<rom enabled='no' bar='on'/>"),
		  CFG "3:1: ROM tuning is not supported when ROM is disabled" },
		{ INTERFACE("<rom enabled='no' file=''/>"),
		  CFG "3:1: ROM tuning is not supported when ROM is disabled" },
		{ INTERFACE("<rom bar='yes'/>"),
		  XML "3:6: Invalid value for attribute 'bar' in element 'rom': 'yes'." },
		{ INTERFACE("<address/>"), XML "3:1: Missing required attribute 'type' in element 'address'" },
		{ INTERFACE("<address type='x'/>"),
		  XML "3:10: Invalid value for attribute 'type' in element 'address': 'x'." },
		{ INTERFACE("<address type='unassigned'/>"),
		  CFG "3:10: address of type 'unassigned' is supported only for hostdevs" },
		{ INTERFACE("<address type='usb' bus='0' port='1'/>"),
		  XML "3:10: PCI host devices must use 'pci' or 'unassigned' address type" },
		{ INTERFACE("<rom bar='on'/>\n<address type='ccw' cssid='0xfe'/>"),
		  XML "4:10: PCI host devices must use 'pci' or 'unassigned' address type\n" CFG
		      "3:1: ROM tuning is only supported for PCI devices" },
		{ INTERFACE("<address type='pci' function='8'/>"),
		  XML "3:21: Invalid PCI address function=0x8, must be <= 7" },
		{ INTERFACE("<address type='pci' slot='1'><zpci uid='1'/></address>"),
		  CFG "3:30: <zpci> is not supported by this version" },
		{ "<interface type='hostdev'\nmanaged='true'>" SOURCE "</interface>",
		  UNKNOWN "2:1: Invalid value for attribute 'managed' in element 'interface': 'true'." },
		{ "<interface type='hostdev'\nmodel='x'>" SOURCE "</interface>",
		  XML "2:1: 'model' attribute in <hostdev> is only supported when type='pci'" },
		{ "<interface type='hostdev'\nsgio='filtered'>" SOURCE "</interface>",
		  XML "2:1: sgio is only supported for scsi host device" },
		{ "<interface type='hostdev'\nrawio='no'>" SOURCE "</interface>",
		  XML "2:1: rawio is only supported for scsi host device" },
	};
	CHECK(rows, false);
}

/* What libvirt refuses on a VF, and what this version cannot do. */
static void test_unsupported(void **state)
{
	static const struct refusal rows[] = {
		{ INTERFACE("<mtu size='1500'/>"),
		  CFG "3:1: setting MTU on interface type hostdev is not supported yet" },
		{ INTERFACE("<mtu size='big'/>"), XML "3:6: malformed mtu size" },
		{ INTERFACE("<coalesce><rx><frames max='7'/></rx></coalesce>"),
		  CFG "3:23: coalesce settings on interface type hostdev are not supported" },
		{ INTERFACE("<ip address='192.0.2.1'/>"), CFG
		  "3:1: Invalid attempt to set network interface guest-side IP address info, not supported by QEMU" },
		{ INTERFACE("<route gateway='192.0.2.1'/>"), CFG
		  "3:1: Invalid attempt to set network interface guest-side IP route, not supported by QEMU" },
		{ INTERFACE("<portForward proto='tcp'/>"),
		  CFG "3:1: The <portForward> element can only be used with the 'passt' backend of interface "
		      "type='user' or type='vhostuser'" },
		{ INTERFACE("<backend type='passt'/>"), CFG
		  "3:10: The 'passt' backend can only be used with interface type='user' or type='vhostuser'" },
		{ INTERFACE("<backend tap='/dev/net/tun'/>"), CFG
		  "3:10: custom tap device path is not supported for network interfaces of type hostdev" },
		{ INTERFACE("<port isolated='yes'/>"), NO_EFFECT
		  "3:1: <port> has no effect on a VF\n" CFG
		  "3:7: <port isolated='yes'/> is not supported for network interfaces with type='hostdev'" },
		{ INTERFACE("<target managed='no'/>"),
		  NO_EFFECT "3:1: <target> has no effect on a VF\n" CFG
			    "3:9: unmanaged target dev is not supported on interfaces of type 'hostdev'" },
		{ INTERFACE("<model type='e1000/x'/>"), NO_EFFECT
		  "3:1: <model> has no effect on a VF\n" XML "3:8: Model name contains invalid characters" },
		{ INTERFACE("<tune><sndbuf>x</sndbuf></tune>"), NO_EFFECT
		  "3:1: <tune> has no effect on a VF\n" XML "3:7: sndbuf must be a positive integer" },
	};
	CHECK(rows, false);
}

static void test_no_effect(void **state)
{
	static const struct refusal rows[] = {
		{ INTERFACE("<model type='virtio'/>"), NO_EFFECT "3:1: <model> has no effect on a VF" },
		{ INTERFACE("<target dev='vnet0'/>"), NO_EFFECT "3:1: <target> has no effect on a VF" },
		{ INTERFACE("<tune><sndbuf>0</sndbuf></tune>"), NO_EFFECT "3:1: <tune> has no effect on a VF" },
		{ INTERFACE("<port isolated='no'/>"), NO_EFFECT "3:1: <port> has no effect on a VF" },
		{ INTERFACE("<script path='/bin/true'/>"), NO_EFFECT "3:1: <script> has no effect on a VF" },
		{ INTERFACE("<downscript path='/bin/true'/>"),
		  NO_EFFECT "3:1: <downscript> has no effect on a VF" },
		{ INTERFACE("<backenddomain name='b'/>"),
		  NO_EFFECT "3:1: <backenddomain> has no effect on a VF" },
		{ INTERFACE("<guest dev='eth0'/>"), NO_EFFECT "3:1: <guest> has no effect on a VF" },
		{ INTERFACE("<filterref filter='f'><parameter name='a' value='b'/></filterref>"),
		  NO_EFFECT "3:1: <filterref> has no effect on a VF" },
		{ INTERFACE("<backend logFile='/x'/>"),
		  NO_EFFECT "3:10: attribute 'logFile' in element 'backend' has no effect on a VF" },
		{ INTERFACE("<driver queues='4'/>"),
		  NO_EFFECT "3:9: attribute 'queues' in element 'driver' has no effect on a VF" },
		{ INTERFACE("<driver packed='on'/><model type='Virtio'/>"),
		  NO_EFFECT "3:9: attribute 'packed' in element 'driver' has no effect on a VF\n" NO_EFFECT
			    "3:22: <model> has no effect on a VF" },
		{ INTERFACE("<boot order='1' loadparm='2'/>"),
		  NO_EFFECT "3:17: attribute 'loadparm' in element 'boot' has no effect on a VF" },
		{ INTERFACE("<alias name='net0'/>"), NO_EFFECT "3:8: alias 'net0' is not used" },
		{ INTERFACE("<alias name='ua-a b'/>"), NO_EFFECT "3:8: alias 'ua-a b' is not used" },
		{ "<interface type='hostdev'\ntrustGuestRxFilters='yes'>" SOURCE "</interface>", NO_EFFECT
		  "2:1: attribute 'trustGuestRxFilters' in element 'interface' has no effect on a VF" },
	};
	CHECK(rows, false);
	/* They stay warnings. */
	CHECK(rows, true);
}

static void test_unknown(void **state)
{
	static const struct {
		const char *xml;
		const char *found; /* behind the severity */
		const char *hint;
	} rows[] = {
		{ INTERFACE("<vlna/>"), "xml f:3:1: unknown element <vlna> in <interface>",
		  "did you mean <vlan>?" },
		{ INTERFACE("<Mac/>"), "xml f:3:1: unknown element <Mac> in <interface>",
		  "did you mean <mac>?" },
		{ INTERFACE("<privateData/>"), "xml f:3:1: unknown element <privateData> in <interface>", NULL },
		{ INTERFACE("<x:mac/>"), "xml f:3:1: unknown element <x:mac> in <interface>",
		  "did you mean <mac>?" },
		{ INTERFACE("<mac xmlns='urn:x'/>"),
		  "xml f:3:1: unknown element <mac> of namespace urn:x in <interface>", NULL },
		{ INTERFACE("<vf/>"), "xml f:3:1: unknown element <vf> in <interface>",
		  "did you mean <vf xmlns='urn:vfassign:1'>?" },
		{ INTERFACE("<mac adress='x'/>"), "xml f:3:6: unknown attribute 'adress' in element 'mac'",
		  "did you mean 'address'?" },
		{ INTERFACE("<mac xmlns:a='urn:a' a:address='x'/>"),
		  "xml f:3:22: unknown attribute 'a:address' in element 'mac'", NULL },
		{ INTERFACE("<mac xml:space='preserve'/>"),
		  "xml f:3:6: unknown attribute 'xml:space' in element 'mac'", NULL },
		{ INTERFACE("<rom><x/></rom>"), "xml f:3:6: unknown element <x> in <rom>", NULL },
		{ INTERFACE("<vlan><tag id='1'/><tga id='2'/></vlan>"),
		  "xml f:3:20: unknown element <tga> in <vlan>", "did you mean <tag>?" },
		{ INTERFACE("<mac/><mac address='bad'/>"),
		  "xml f:3:7: only the first <mac> in <interface> counts", NULL },
		{ INTERFACE("<virtualport type='802.1Qbh'><parameters profileid='p' profile='x'/></virtualport>"),
		  "xml f:3:56: unknown attribute 'profile' in element 'parameters'",
		  "did you mean 'profileid'?" },
	};
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		bool strict = i % 2;
		struct parsed parsed = parse(rows[i / 2].xml, strict);
		char *text = parsed_text(&parsed);
		char expected[256];
		snprintf(expected, sizeof(expected), "%s %s", strict ? "error" : "warning", rows[i / 2].found);
		assert_string_equal(text, expected);
		const char *hint = parsed.reports.items[0].hint;
		assert_string_equal(hint ? hint : "none", rows[i / 2].hint ? rows[i / 2].hint : "none");
		free(text);
		parsed_done(&parsed);
	}
}

#define PCI(bus, x) \
	"<interface type='hostdev'><source><address type='pci' bus='" #bus "'/></source>" x "</interface>\n"
#define USB(x) "<interface type='hostdev'><source>" x "</source></interface>\n"

/* What no two devices can have. */
static void test_claims(void **state)
{
	static const struct refusal rows[] = {
		{ DOMAIN(PCI(1, "") PCI(2, "") PCI(1, "") PCI(1, "")),
		  XML "5:35: Hostdev already exists in the domain configuration: 0000:01:00.0\n" XML
		      "6:35: Hostdev already exists in the domain configuration: 0000:01:00.0" },
		{ DOMAIN(PCI(1, "") "<hostdev type='pci'><source><address bus='0x1'/></source></hostdev>"),
		  NO_EFFECT "4:1: <hostdev> is left alone by this version\n" XML
			    "4:29: Hostdev already exists in the domain configuration: 0000:01:00.0" },
		{ DOMAIN(USB("<address type='usb' bus='1' device='2'/>")
				 USB("<address type='usb' bus='1' device='2'/>")),
		  XML "4:27: Hostdev already exists in the domain configuration: USB bus 1 device 2" },
		{ DOMAIN(USB("<vendor id='1'/><product id='2'/>") USB(
			  "<address type='usb' bus='1' device='2'/><vendor id='1'/><product id='2'/>")),
		  XML "4:27: Hostdev already exists in the domain configuration: USB 0001:0002" },
		{ DOMAIN(PCI(1, "<address type='pci' slot='5'/>") PCI(2, "<address type='pci' slot='0x5'/>")),
		  XML "4:73: Attempted double use of PCI Address 0000:00:05.0" },
		{ DOMAIN("<disk><address type='pci' slot='5'/></disk>\n" PCI(1, "<address type='pci' slot='5'/>")),
		  XML "4:73: Attempted double use of PCI Address 0000:00:05.0" },
		{ DOMAIN(PCI(1, "<address type='pci' slot='5'/>") "<disk><address type='pci' slot='5'/></disk>"),
		  XML "4:7: Attempted double use of PCI Address 0000:00:05.0" },
		{ DOMAIN(PCI(1, "<boot order='1'/>") PCI(2, "<boot order='01'/>")),
		  CFG "4:79: boot order '1' used for more than one device" },
		{ DOMAIN("<disk><boot order='1'/></disk>\n" PCI(2, "<boot order='1'/>")),
		  CFG "4:79: boot order '1' used for more than one device" },
		{ DOMAIN(PCI(1, "<alias name='ua-a'/>") PCI(2, "<alias name='ua-a'/>")),
		  CFG "4:80: non unique alias detected: ua-a" },
		{ DOMAIN("<interface type='user'><alias name='ua-a'/></interface>\n" PCI(2,
											 "<alias name='ua-a'/>")),
		  CFG "4:80: non unique alias detected: ua-a" },
		{ "<domain><os><boot dev='hd'/></os><devices>\n" PCI(2, "<boot order='1'/>") "</devices></domain>",
		  CFG "2:79: per-device boot elements cannot be used together with os/boot elements" },
	};
	CHECK(rows, false);
}

/* All that is wrong is said, not only the first thing. */
static void test_all(void **state)
{
	static const struct refusal rows[] = {
		{ DOMAIN("<interface type='hostdev' managd='yes'>\n"
			 "  <mac address='x'/><vlan><tag id='5000'/><tag/></vlan>\n"
			 "</interface>\n"
			 "<interface type='network'/>"),
		  XML "3:27: unknown attribute 'managd' in element 'interface'\n" XML
		      "4:8: unable to parse mac address 'x'\n" XML
		      "4:32: vlan tag id 5000 too large (maximum 4095)\n" XML
		      "4:43: Missing required attribute 'id' in element 'tag'\n" CFG
		      "4:21: vlan trunking is not supported by SR-IOV network devices\n" CFG
		      "3:1: unknown host device source address type '(null)'\n" CFG
		      "6:1: an interface of type 'network' is not supported by this version" },
	};
	CHECK(rows, true);
}

/* What the XML library finds, in words and at columns that are its own, which differ from one version to the next. */
static void test_ill_formed(void **state)
{
	static const struct refusal rows[] = {
		{ "<a>\n<b x='&e;'/></a>", XML "2:" }, { "<a>\n<b x='1' x='2'/></a>", XML "2:" },
		{ "<a>\n</a>\n<b/>", XML "3:" },       { "<a>\n&#0;</a>", XML "2:" },
		{ "<a>\n\x01</a>", XML "2:" },         { "<a>\n<1/></a>", XML "2:" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct parsed parsed = parse(rows[i].xml, false);
		char *text = parsed_text(&parsed);
		assert_int_equal(parsed.reports.count, 1);
		assert_memory_equal(text, rows[i].found, strlen(rows[i].found));
		for (const char *c = text; *c; c++)
			assert_true((unsigned char)*c >= ' ');
		free(text);
		parsed_done(&parsed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root),        cmocka_unit_test(test_domain),
		cmocka_unit_test(test_source),      cmocka_unit_test(test_usb_source),
		cmocka_unit_test(test_settings),    cmocka_unit_test(test_device),
		cmocka_unit_test(test_unsupported), cmocka_unit_test(test_no_effect),
		cmocka_unit_test(test_unknown),     cmocka_unit_test(test_claims),
		cmocka_unit_test(test_all),         cmocka_unit_test(test_ill_formed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
