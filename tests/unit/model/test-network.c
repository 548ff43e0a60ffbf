/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Networks: what is wrong with them, where, and their canonical form. */

#include <errno.h>

#include "rows.h"

/* The lines of X are the third or fourth and following. */
#define PF "<forward mode='hostdev'><pf dev='e'/></forward>\n"
#define NETWORK(x) "<network>\n<name>n</name>\n" x "</network>"
#define IN_NETWORK(x) NETWORK(PF x)
#define FORWARD(x) NETWORK("<forward mode='hostdev'>" x "</forward>")
#define GROUP(x) IN_NETWORK("<portgroup name='g'>" x "</portgroup>")

#define CANONICAL_FORWARD(x) "<network>\n  <name>n</name>\n" x "</network>\n"
#define CANONICAL(x) \
	CANONICAL_FORWARD("  <forward mode='hostdev' managed='no'>\n    <pf dev='e'/>\n  </forward>\n" x)

static const struct row root_rows[] = {
	{ "<network/>", CFG "1:1: a network with forward mode 'none' has no VFs to assign" },
	{ "<network><forward mode='hostdev'><pf dev='e'/></forward></network>",
	  XML "1:1: missing name information" },
	{ "<network xmlns='urn:x'/>",
	  XML "1:1: the document is neither a <domain> nor an <interface>, but <network> of "
	      "namespace urn:x" },
	{ "<network>\n<name>n</name></network>",
	  CFG "1:1: a network with forward mode 'none' has no VFs to assign" },
	{ "<network>\n<name>n</name><forward/></network>",
	  CFG "2:15: a network with forward mode 'nat' has no VFs to assign" },
	{ "<network>\n<name>n</name><forward mode=''/></network>",
	  CFG "2:15: a network with forward mode 'nat' has no VFs to assign" },
	{ "<network>\n<name>n</name><forward mode='nat'/></network>",
	  CFG "2:24: a network with forward mode 'nat' has no VFs to assign" },
	{ "<network>\n<name>n</name><forward dev='e' mode='bridge'/></network>",
	  CFG "2:32: a network with forward mode 'bridge' has no VFs to assign" },
	{ "<network>\n<name>n</name><forward mode='Hostdev'/></network>",
	  CFG "2:24: unknown forwarding type 'Hostdev'" },
	{ "<network>\n<forward mode='x'/><forward mode='hostdev'/></network>",
	  CFG "2:10: unknown forwarding type 'x'" },
	{ "<network ipv6='x'>\n"
	  "<name>n</name><forward mode='hostdev'><pf dev='e'/></forward>\n</network>",
	  XML "1:10: Invalid ipv6 setting 'x' in network 'n'" },
	{ "<network trustGuestRxFilters='x'>\n"
	  "<name>n</name><forward mode='hostdev'><pf dev='e'/></forward>\n</network>",
	  XML "1:10: Invalid value for attribute 'trustGuestRxFilters' in element 'network': "
	      "'x'." },
	{ "<network trustGuestRxFilters='yes' connections='3'>\n"
	  "<name>n</name><forward mode='hostdev'><pf dev='e'/></forward>\n</network>",
	  NO_EFFECT "1:10: attribute 'trustGuestRxFilters' in element 'network' has no effect on a "
		    "VF" },
	{ "<network mode='hostdev'>\n"
	  "<name>n</name><forward mode='hostdev'><pf dev='e'/></forward>\n</network>",
	  UNKNOWN "1:10: unknown attribute 'mode' in element 'network'" },
};

static void test_root(void **state)
{
	FINDINGS(root_rows);
}

static const struct row name_rows[] = {
	{ "<network>\n<name/>\n<forward mode='hostdev'><pf dev='e'/></forward>\n</network>",
	  XML "2:1: missing name information" },
	{ "<network>\n<name>a/b</name>\n<forward mode='hostdev'><pf dev='e'/></forward>\n"
	  "</network>",
	  XML "2:1: invalid char in name: /" },
	{ "<network>\n<name>a\nb</name><forward mode='hostdev'><pf dev='e'/></forward>\n"
	  "</network>",
	  XML "2:1: invalid char in name: a line feed" },
	{ "<network>\n"
	  "<name>a</name><name>b</name><forward mode='hostdev'><pf dev='e'/></forward>\n"
	  "</network>",
	  UNKNOWN "2:15: only the first <name> in <network> counts" },
	{ IN_NETWORK("<uuid>12</uuid>"), XML "4:1: malformed uuid element: '12' is not 32 hex digits" },
	{ IN_NETWORK("<uuid> </uuid>"), XML "4:1: malformed uuid element: ' ' is not 32 hex digits" },
	{ IN_NETWORK("<title>a\nb</title>"), XML "4:1: Network title can't contain newlines" },
	{ IN_NETWORK("<titel>a</titel>"), UNKNOWN "4:1: unknown element <titel> in <network>" },
	{ IN_NETWORK("<metadata><x/></metadata>\n<metadata/>"),
	  UNKNOWN "5:1: only the first <metadata> in <network> counts" },
};

static void test_name(void **state)
{
	FINDINGS(name_rows);
}

static const struct row bridge_rows[] = {
	{ IN_NETWORK("<bridge name='b'/>"), XML "4:9: bridge name not allowed in hostdev mode (network 'n')" },
	{ IN_NETWORK("<bridge zone='z'/>"), XML "4:9: bridge zone not allowed in hostdev mode (network 'n')" },
	{ IN_NETWORK("<bridge macTableManager='kernel'/>"),
	  XML "4:9: bridge macTableManager setting not allowed in hostdev mode (network 'n')" },
	{ IN_NETWORK("<bridge macTableManager='x'/>"),
	  XML "4:9: Invalid macTableManager setting 'x' in network 'n'" },
	{ IN_NETWORK("<bridge stp='off'/>"),
	  XML "4:9: bridge delay/stp/zone options only allowed in open, route, nat, and "
	      "isolated mode, not in hostdev (network 'n')" },
	{ IN_NETWORK("<bridge delay='1'/>"),
	  XML "4:9: bridge delay/stp/zone options only allowed in open, route, nat, and "
	      "isolated mode, not in hostdev (network 'n')" },
	{ IN_NETWORK("<bridge delay='x'/>"), XML "4:9: Invalid delay value in network 'n'" },
	{ IN_NETWORK("<bridge name='' zone='' stp='' delay='0'/>"), "" },
	{ IN_NETWORK("<bridge xname='b'/>"), UNKNOWN "4:9: unknown attribute 'xname' in element 'bridge'" },
	{ IN_NETWORK("<mtu size='1500'/>"),
	  XML "4:6: mtu size only allowed in open, route, nat, and isolated mode, not in "
	      "hostdev (network 'n')" },
	{ IN_NETWORK("<mtu size='x'/>"), XML "4:6: Invalid mtu size 'x' in network 'n'" },
	{ IN_NETWORK("<mtu size=''/>"), "" },
	{ IN_NETWORK("<mac address='00:11:22:33:44:55'/>"),
	  CFG "4:1: Unsupported <mac> element in network n with forward mode='hostdev'" },
	{ IN_NETWORK("<mac/>"), NO_EFFECT "4:1: <mac> has no effect on a VF" },
	{ IN_NETWORK("<ip address='192.0.2.1'/>\n<ip/>"),
	  CFG "4:1: Unsupported <ip> element in network n with forward mode='hostdev'\n" CFG
	      "5:1: Unsupported <ip> element in network n with forward mode='hostdev'" },
	{ IN_NETWORK("<route/>"),
	  CFG "4:1: Unsupported <route> element in network n with forward mode='hostdev'" },
	{ IN_NETWORK("<domain name='d'/>"),
	  CFG "4:1: Unsupported <domain> element in network n with forward mode='hostdev'" },
	{ IN_NETWORK("<domain/>"), NO_EFFECT "4:1: <domain> has no effect on a VF" },
	{ IN_NETWORK("<dns><host ip='192.0.2.1'/></dns>"),
	  NO_EFFECT "4:1: <dns> has no effect on a VF\n" CFG
		    "4:6: Unsupported <dns> element in network n with forward mode='hostdev'" },
	{ IN_NETWORK("<dns><txt name='a'/></dns>"),
	  NO_EFFECT "4:1: <dns> has no effect on a VF\n" CFG
		    "4:6: Unsupported <dns> element in network n with forward mode='hostdev'" },
	{ IN_NETWORK("<dns><srv/><forwarder/></dns>"),
	  NO_EFFECT "4:1: <dns> has no effect on a VF\n" CFG
		    "4:6: Unsupported <dns> element in network n with forward mode='hostdev'\n" CFG
		    "4:12: Unsupported <dns> element in network n with forward mode='hostdev'" },
	{ IN_NETWORK("<dns enable='x'/>"),
	  NO_EFFECT "4:1: <dns> has no effect on a VF\n" XML
		    "4:6: Invalid value for attribute 'enable' in element 'dns': 'x'." },
	{ IN_NETWORK("<dns forwardPlainNames='no'/>"), NO_EFFECT "4:1: <dns> has no effect on a VF" },
	{ IN_NETWORK("<bandwidth/>"), "" },
	{ IN_NETWORK("<bandwidth><inbound average='1'/></bandwidth>"),
	  CFG "4:1: Unsupported network-wide <bandwidth> element in network n with forward "
	      "mode='hostdev'" },
};

static void test_bridge(void **state)
{
	FINDINGS(bridge_rows);
}

static const struct row forward_rows[] = {
	{ FORWARD(""), XML "3:1: network 'n' requires exclusive access to interfaces, but none are "
			   "available" },
	{ FORWARD("<driver name='vfio'/>"),
	  XML "3:1: network 'n' requires exclusive access to interfaces, but none are "
	      "available" },
	{ FORWARD("<driver name='kvm'/><pf dev='e'/>"),
	  CFG "3:33: pci backend driver type 'kvm' is not supported" },
	{ FORWARD("<driver name='default'/><pf dev='e'/>"),
	  XML "3:33: Invalid value for attribute 'name' in element 'driver': 'default'." },
	{ FORWARD("<driver model='a b'/><pf dev='e'/>"),
	  XML "3:33: Invalid value for attribute 'model' in element 'driver': 'a b'. "
	      "Expected letters, digits, '_' and '-'" },
	{ FORWARD("<driver iommu='on'/><pf dev='e'/>"),
	  UNKNOWN "3:33: unknown attribute 'iommu' in element 'driver'" },
	{ FORWARD("<driver model='mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"
		  "m'/><pf dev='e'/>"),
	  XML "3:33: the name of the driver is longer than 63 bytes" },
	{ FORWARD("<nat/><pf dev='e'/>"),
	  XML "3:25: The <nat> element can only be used when <forward> 'mode' is 'nat' in "
	      "network n" },
	{ FORWARD("<driver/>\n<driver name='kvm'/><pf dev='e'/>"),
	  UNKNOWN "4:1: only the first <driver> in <forward> counts" },
	{ FORWARD("<port/><pf dev='e'/>"), UNKNOWN "3:25: unknown element <port> in <forward>" },
	{ FORWARD("<pf/>"), XML "3:25: Missing required dev attribute in <pf> element of network 'n'" },
	{ FORWARD("<pf dev=''/>"), XML "3:29: the <pf> of network 'n' names no network device" },
	{ FORWARD("<pf dev='a'/>\n<pf dev='b'/>"),
	  XML "4:1: Only one <pf> element is allowed in <forward> of network n" },
	{ FORWARD("<pf dev='a' name='b'/>"), UNKNOWN "3:37: unknown attribute 'name' in element 'pf'" },
	{ FORWARD("<pf dev='a'/>\n<address type='pci' bus='1'/>\n<pf/>"),
	  UNKNOWN "3:25: <pf> does not count beside <address> in network 'n'\n" UNKNOWN
		  "5:1: <pf> does not count beside <address> in network 'n'" },
	{ FORWARD("<interface dev='a'/>\n<interface dev='a'/>"),
	  CFG "3:25: hostdev network 'n' lists 'a' in the device pool, but hostdev networks "
	      "require all devices to be listed by PCI address, not network device name\n" CFG
	      "4:1: hostdev network 'n' lists 'a' in the device pool, but hostdev networks "
	      "require all devices to be listed by PCI address, not network device name" },
	{ FORWARD("<interface/>"), XML "3:25: Missing required dev attribute in <forward> <interface> element of "
				       "network n" },
	{ FORWARD("<interface dev='a' connections='1'/>\n<pf dev='a'/>"),
	  CFG "3:25: hostdev network 'n' lists 'a' in the device pool, but hostdev networks "
	      "require all devices to be listed by PCI address, not network device name" },
	{ FORWARD("<address/>"), XML "3:25: missing address type in network n" },
	{ FORWARD("<address bus='1'/>"), XML "3:25: missing address type in network n" },
	{ FORWARD("<address type=''/>"), CFG "3:34: unknown address type '' in network n" },
	{ FORWARD("<address type='usb'/>"), CFG "3:34: unknown address type 'usb' in network n" },
	{ FORWARD("<address type='none'/>"), XML "3:34: unsupported address type 'none' in network n" },
	{ FORWARD("<address type='netdev'/>"), XML "3:34: unsupported address type 'netdev' in network n" },
	{ FORWARD("<address type='pci' bus='0x100'/>"),
	  XML "3:45: Invalid PCI address bus='0x100', must be <= 0xFF" },
	{ FORWARD("<address type='pci' slot='32'/>"),
	  XML "3:45: Invalid PCI address slot='0x20', must be <= 0x1F" },
	{ FORWARD("<address type='pci' bus='1' function='8'/>"),
	  XML "3:53: Invalid PCI address function=0x8, must be <= 7" },
	{ FORWARD("<address type='pci' bus='08'/>"),
	  XML "3:45: Invalid value for attribute 'bus' in element 'address': '08'. Expected "
	      "non-negative integer value" },
	{ FORWARD("<address type='pci' multifunction='yes'/>"),
	  XML "3:45: Invalid value for attribute 'multifunction' in element 'address': 'yes'." },
	{ FORWARD("<address type='pci' bus='1' connections='x'/>"), "" },
	{ FORWARD("<address type='pci' bus='1'/>\n<address type='pci' bus='2'/>\n"
		  "<address type='pci' bus='01'/>\n<address type='pci' bus='0x1'/>"),
	  XML "5:1: PCI device '0000:01:00.0' can only be listed once in network n\n" XML
	      "6:1: PCI device '0000:01:00.0' can only be listed once in network n" },
	{ NETWORK("<forward mode='hostdev' dev='e'/>"),
	  CFG "3:25: hostdev network 'n' lists 'e' in the device pool, but hostdev networks "
	      "require all devices to be listed by PCI address, not network device name" },
	{ NETWORK("<forward mode='hostdev' dev='e'>\n<interface dev='f'/></forward>"),
	  CFG "4:1: hostdev network 'n' lists 'f' in the device pool, but hostdev networks "
	      "require all devices to be listed by PCI address, not network device name\n" XML
	      "3:25: <forward dev='e'> must match first <interface dev='f'/> in network n" },
	{ NETWORK("<forward mode='hostdev' dev='e'><pf dev='e'/></forward>"),
	  XML "3:25: the <forward> 'dev' attribute cannot be used when <address> or <pf> "
	      "sub-elements are present in network n" },
	{ NETWORK("<forward mode='hostdev' dev='e'><address type='pci'/></forward>"),
	  XML "3:25: the <forward> 'dev' attribute cannot be used when <address> or <pf> "
	      "sub-elements are present in network n" },
	{ NETWORK("<forward mode='hostdev' managed='true'><pf dev='e'/></forward>"),
	  UNKNOWN "3:25: Invalid value for attribute 'managed' in element 'forward': 'true'." },
	{ NETWORK("<forward mode='hostdev' managed='NO'><pf dev='e'/></forward>"), "" },
	{ NETWORK("<forward mode='hostdev'><pf dev='e'/></forward>\n<forward mode='nat'/>"),
	  UNKNOWN "4:1: only the first <forward> in <network> counts" },
};

static void test_forward(void **state)
{
	FINDINGS(forward_rows);
}

static const struct row port_rows[] = {
	{ IN_NETWORK("<port isolated='x'/>"),
	  XML "4:7: Invalid value for attribute 'isolated' in element 'port': 'x'." },
	{ IN_NETWORK("<port isolated='yes'/>"),
	  NO_EFFECT "4:7: <port isolated='yes'/> is not supported for network interfaces with "
		    "type='hostdev'" },
	{ IN_NETWORK("<port isolated='no'/>"), "" },
	{ IN_NETWORK("<vlan/>"), XML "4:1: missing tag id - each <vlan> must have at least one <tag id='n'/> "
				     "subelement" },
	{ IN_NETWORK("<vlan trunk='yes'><tag id='1'/></vlan>"),
	  CFG "4:1: vlan trunking is not supported by SR-IOV network devices" },
	{ IN_NETWORK("<vlan><tag id='4096'/></vlan>"), XML "4:12: vlan tag id 4096 too large (maximum 4095)" },
	{ IN_NETWORK("<virtualport/>"), XML "4:1: missing required virtualport type" },
	{ IN_NETWORK("<virtualport type='x'/>"), CFG "4:14: unknown virtualport type x" },
	{ IN_NETWORK("<virtualport type='openvswitch'/>"),
	  CFG "4:1: <virtualport type='openvswitch'> not supported for network 'n' which "
	      "uses an SR-IOV Virtual Function via PCI passthrough" },
	{ IN_NETWORK("<virtualport type='midonet'/>"),
	  CFG "4:1: <virtualport type='midonet'> not supported for network 'n' which uses an "
	      "SR-IOV Virtual Function via PCI passthrough" },
	{ IN_NETWORK("<virtualport type='802.1Qbg'/>"), "" },
	{ IN_NETWORK("<virtualport type='802.1Qbh'/>"), "" },
	{ IN_NETWORK("<virtualport type='802.1Qbh'><parameters managerid='1'/></virtualport>"),
	  XML "4:42: extra managerid unsupported in <virtualport type='802.1Qbh'>" },
	{ IN_NETWORK("<virtualport type='802.1Qbg'><parameters typeid='-'/></virtualport>"),
	  XML "4:42: cannot parse value of typeid parameter" },
	{ IN_NETWORK("<vlan><tag id='1'/></vlan>\n<virtualport type='802.1Qbh'/>"),
	  CFG "4:1: direct setting of the vlan tag is not allowed for hostdev devices using "
	      "802.1Qbh mode" },
};

static void test_port(void **state)
{
	FINDINGS(port_rows);
}

static const struct row group_rows[] = {
	{ IN_NETWORK("<portgroup/>"), XML "4:1: Missing required name attribute in portgroup" },
	{ IN_NETWORK("<portgroup name=''/>"), XML "4:1: Missing required name attribute in portgroup" },
	{ IN_NETWORK("<portgroup name='g' default='on'/>"),
	  UNKNOWN "4:21: Invalid value for attribute 'default' in element 'portgroup': 'on'." },
	{ IN_NETWORK("<portgroup name='g' trustGuestRxFilters='on'/>"),
	  XML "4:21: Invalid value for attribute 'trustGuestRxFilters' in element "
	      "'portgroup': 'on'." },
	{ IN_NETWORK("<portgroup name='g' trustGuestRxFilters='no'/>"),
	  NO_EFFECT "4:21: attribute 'trustGuestRxFilters' in element 'portgroup' has no effect on "
		    "a VF" },
	{ IN_NETWORK("<portgroup name='g'/>\n<portgroup name='h'/>\n<portgroup name='g'/>"),
	  CFG "6:1: multiple <portgroup> elements with the same name (g) in network 'n'" },
	{ IN_NETWORK("<portgroup name='g' default='yes'/>\n<portgroup name='h' default='yes'/>"),
	  CFG "5:21: network 'n' has multiple default <portgroup> elements (g and h), but "
	      "only one default is allowed" },
	{ IN_NETWORK("<vlan><tag id='1'/></vlan>\n<portgroup name='g'><virtualport/></portgroup>"),
	  CFG "5:21: <vlan> element specified for network n, whose type doesn't support vlan "
	      "configuration" },
	{ IN_NETWORK("<virtualport type='802.1Qbg'/>\n"
		     "<portgroup name='g'><vlan><tag id='1'/></vlan></portgroup>"),
	  CFG "5:21: direct setting of the vlan tag is not allowed for hostdev devices using "
	      "802.1Qbg mode" },
	{ GROUP("<bandwidth><outbound average='1'/></bandwidth>"),
	  CFG "4:21: Unsupported <bandwidth> element in network 'n' in portgroup 'g' with "
	      "forward mode='hostdev'" },
	{ GROUP("<bandwidth/>"), "" },
	{ GROUP("<vlan><tag id='1'/></vlan><virtualport type='802.1Qbg'/>"),
	  CFG "4:21: <vlan> element specified for network n, whose type doesn't support vlan "
	      "configuration" },
	{ GROUP("<virtualport type='x'/>"), CFG "4:34: unknown virtualport type x" },
	{ GROUP("<virtualport type='openvswitch'/>"),
	  CFG "4:21: <virtualport type='openvswitch'> not supported for network 'n' which "
	      "uses an SR-IOV Virtual Function via PCI passthrough" },
	{ GROUP("<virtualport type='802.1Qbh'><parameters interfaceid='x'/></virtualport>"),
	  XML "4:62: cannot parse interfaceid parameter as a uuid\n" XML
	      "4:62: extra interfaceid unsupported in <virtualport type='802.1Qbh'>" },
	{ GROUP("<virtualport type='midonet'><parameters managerid='1'/></virtualport>"),
	  UNKNOWN "4:61: managerid has no meaning in <virtualport type='midonet'>\n" CFG
		  "4:21: <virtualport type='midonet'> not supported for network 'n' which uses "
		  "an SR-IOV Virtual Function via PCI passthrough" },
	{ GROUP("<vlan/>"), XML "4:21: missing tag id - each <vlan> must have at least one <tag id='n'/> "
				"subelement" },
	{ GROUP("<port isolated='yes'/>"), UNKNOWN "4:21: unknown element <port> in <portgroup>" },
};

static void test_group(void **state)
{
	FINDINGS(group_rows);
}

static const struct row forms[] = {
	{ "<network><name>n</name><forward mode='hostdev'/></network>", "<network>\n"
									"  <name>n</name>\n"
									"  <forward mode='hostdev' managed='no'/>\n"
									"</network>\n" },
	{ "<network ipv6='yes' trustGuestRxFilters='no' connections='2'><name> n&amp;m "
	  "</name><uuid>00112233445566778899AABBCCDDEEFF</uuid><title>t&lt;</title><descr"
	  "iption>a\n\tb</description><forward mode='hostdev' managed='YES'><pf "
	  "dev='e&apos;f'/></forward></network>",
	  "<network ipv6='yes' trustGuestRxFilters='no'>\n"
	  "  <name> n&amp;m </name>\n"
	  "  <uuid>00112233-4455-6677-8899-aabbccddeeff</uuid>\n"
	  "  <title>t&lt;</title>\n"
	  "  <description>a\n"
	  "\tb</description>\n"
	  "  <forward mode='hostdev' managed='yes'>\n"
	  "    <pf dev='e&apos;f'/>\n"
	  "  </forward>\n"
	  "</network>\n" },
	{ "<network ipv6='no' trustGuestRxFilters='yes'><uuid/><title/><description/><met"
	  "adata> x </metadata><forward mode='hostdev'><pf dev='e'/></forward>\n"
	  "<name>n</name></network>",
	  "<network trustGuestRxFilters='yes'>\n"
	  "  <name>n</name>\n"
	  "  <forward mode='hostdev' managed='no'>\n"
	  "    <pf dev='e'/>\n"
	  "  </forward>\n"
	  "</network>\n" },
	{ "<network xmlns:a='urn:a'><name>n</name><metadata><a:b c='\"ü'>  <a:d/>\n"
	  "<a:e> f </a:e></a:b>\n\n"
	  "<g xmlns='urn:g'>t<h> <i/></h></g></metadata><forward mode='hostdev'><pf "
	  "dev='e'/></forward>\n</network>",
	  "<network>\n"
	  "  <name>n</name>\n"
	  "  <metadata xmlns:a=\"urn:a\">\n"
	  "    <a:b c=\"&quot;ü\">\n"
	  "      <a:d/>\n"
	  "      <a:e> f </a:e>\n"
	  "    </a:b>\n"
	  "    <g xmlns=\"urn:g\">t<h><i/></h></g>\n"
	  "  </metadata>\n"
	  "  <forward mode='hostdev' managed='no'>\n"
	  "    <pf dev='e'/>\n"
	  "  </forward>\n"
	  "</network>\n" },
	{ FORWARD("<driver name='vfio'/>"), CANONICAL_FORWARD("  <forward mode='hostdev' managed='no'>\n"
							      "    <driver name='vfio'/>\n"
							      "  </forward>\n") },
	{ FORWARD("<driver model='m'/>"), CANONICAL_FORWARD("  <forward mode='hostdev' managed='no'>\n"
							    "    <driver model='m'/>\n"
							    "  </forward>\n") },
	{ FORWARD("<driver name='xen' model='m'/><pf dev=''/>"),
	  CANONICAL_FORWARD("  <forward mode='hostdev' managed='no'>\n"
			    "    <driver name='xen' model='m'/>\n"
			    "    <pf dev=''/>\n"
			    "  </forward>\n") },
	{ FORWARD("<driver/>"), CANONICAL_FORWARD("  <forward mode='hostdev' managed='no'/>\n") },
	{ FORWARD("<address type='pci' domain='0x10000' bus='0xff' slot='31' function='07'/>\n"
		  "<address type='pci'/>"),
	  CANONICAL_FORWARD("  <forward mode='hostdev' managed='no'>\n"
			    "    <address type='pci' domain='0x10000' bus='0xff' slot='0x1f' "
			    "function='0x7'/>\n"
			    "    <address type='pci' domain='0x0000' bus='0x00' slot='0x00' "
			    "function='0x0'/>\n"
			    "  </forward>\n") },
	{ FORWARD("<pf dev='a'/><address type='pci' bus='1' multifunction='on'><zpci "
		  "uid='1'/></address>"),
	  CANONICAL_FORWARD("  <forward mode='hostdev' managed='no'>\n"
			    "    <address type='pci' domain='0x0000' bus='0x01' slot='0x00' "
			    "function='0x0'/>\n"
			    "  </forward>\n") },
	{ IN_NETWORK("<vlan><tag id='0'/></vlan>"), CANONICAL("  <vlan>\n"
							      "    <tag id='0'/>\n"
							      "  </vlan>\n") },
	{ IN_NETWORK("<vlan trunk='YES'><tag id='1' nativeMode='untagged'/></vlan>"),
	  CANONICAL("  <vlan trunk='yes'>\n"
		    "    <tag id='1' nativeMode='untagged'/>\n"
		    "  </vlan>\n") },
	{ IN_NETWORK("<vlan><tag id='1'/><tag id='010'/></vlan>"), CANONICAL("  <vlan trunk='yes'>\n"
									     "    <tag id='1'/>\n"
									     "    <tag id='10'/>\n"
									     "  </vlan>\n") },
	{ IN_NETWORK("<port isolated='yes'/>"), CANONICAL("  <port isolated='yes'/>\n") },
	{ IN_NETWORK("<port/>"), CANONICAL("") },
	{ IN_NETWORK("<dns enable='no' forwardPlainNames='yes'/>"),
	  CANONICAL("  <dns enable='no' forwardPlainNames='yes'/>\n") },
	{ IN_NETWORK("<dns/>"), CANONICAL("") },
	{ IN_NETWORK("<virtualport type='802.1Qbg'/>"), CANONICAL("  <virtualport type='802.1Qbg'/>\n") },
	{ IN_NETWORK("<virtualport type='802.1Qbg'><parameters managerid='0xb' typeid='1193047' "
		     "typeidversion='-4294967295' instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/"
		     "></virtualport>"),
	  CANONICAL("  <virtualport type='802.1Qbg'>\n"
		    "    <parameters managerid='11' typeid='1193047' typeidversion='1' "
		    "instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>\n"
		    "  </virtualport>\n") },
	{ IN_NETWORK("<virtualport type='802.1Qbh'><parameters "
		     "profileid='a&lt;b&amp;&apos;c'/></virtualport>"),
	  CANONICAL("  <virtualport type='802.1Qbh'>\n"
		    "    <parameters profileid='a&lt;b&amp;&apos;c'/>\n"
		    "  </virtualport>\n") },
	{ IN_NETWORK("<virtualport type='openvswitch'><parameters "
		     "interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' "
		     "profileid='p'/></virtualport>"),
	  CANONICAL("  <virtualport type='openvswitch'>\n"
		    "    <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' "
		    "profileid='p'/>\n"
		    "  </virtualport>\n") },
	{ IN_NETWORK("<virtualport type='midonet'><parameters managerid='1' "
		     "interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>"),
	  CANONICAL("  <virtualport type='midonet'>\n"
		    "    <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>\n"
		    "  </virtualport>\n") },
	{ IN_NETWORK("<portgroup name='g'/>"), CANONICAL("  <portgroup name='g'>\n"
							 "  </portgroup>\n") },
	{ IN_NETWORK("<portgroup name='a&quot;b' default='YES' trustGuestRxFilters='no'/>\n"
		     "<portgroup name='h' default='no'/>"),
	  CANONICAL("  <portgroup name='a&quot;b' default='yes' trustGuestRxFilters='no'>\n"
		    "  </portgroup>\n"
		    "  <portgroup name='h'>\n"
		    "  </portgroup>\n") },
	{ IN_NETWORK("<portgroup name='g'><virtualport type='802.1Qbh'><parameters "
		     "profileid='p'/></virtualport></portgroup>\n<port isolated='no'/>\n"
		     "<virtualport type='802.1Qbh'/>\n"
		     "<portgroup name='h'><virtualport><parameters profileid='q' "
		     "managerid='1'/></virtualport></portgroup>\n"
		     "<portgroup name='i'><virtualport/></portgroup>"),
	  CANONICAL("  <port isolated='no'/>\n"
		    "  <virtualport type='802.1Qbh'/>\n"
		    "  <portgroup name='g'>\n"
		    "    <virtualport type='802.1Qbh'>\n"
		    "      <parameters profileid='p'/>\n"
		    "    </virtualport>\n"
		    "  </portgroup>\n"
		    "  <portgroup name='h'>\n"
		    "    <virtualport>\n"
		    "      <parameters managerid='1' profileid='q'/>\n"
		    "    </virtualport>\n"
		    "  </portgroup>\n"
		    "  <portgroup name='i'>\n"
		    "  </portgroup>\n") },
	{ IN_NETWORK("<portgroup name='g'><vlan><tag id='5'/></vlan><bandwidth/></portgroup>\n"
		     "<vlan><tag id='6'/></vlan>"),
	  CANONICAL("  <vlan>\n"
		    "    <tag id='6'/>\n"
		    "  </vlan>\n"
		    "  <portgroup name='g'>\n"
		    "    <vlan>\n"
		    "      <tag id='5'/>\n"
		    "    </vlan>\n"
		    "  </portgroup>\n") },
	{ IN_NETWORK("<bandwidth/><mtu/><mac/><domain/>"), CANONICAL("") },
};

static void test_form(void **state)
{
	FORMS(forms);
}

/* None of the VFs is named, so nothing can be done with one. */
static void test_act(void **state)
{
	static const char xml[] = IN_NETWORK("");
	struct parsed parsed = parse_for(xml, PURPOSE_ACT);
	char *found = parsed_text(&parsed);
	assert_int_equal(parsed.result, -EINVAL);
	assert_string_equal(found, CFG "1:1: a <network> is a pool of VFs, and names none to assign");
	free(found);
	parsed_done(&parsed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root),    cmocka_unit_test(test_name), cmocka_unit_test(test_bridge),
		cmocka_unit_test(test_forward), cmocka_unit_test(test_port), cmocka_unit_test(test_group),
		cmocka_unit_test(test_form),    cmocka_unit_test(test_act),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
