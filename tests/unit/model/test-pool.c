/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* <interface type='network'>: what is wrong with it, where, and its canonical form. */

#include "rows.h"

/* The lines of X are the third and following. */
#define MEMBER(x) "<interface type='network'>\n<source network='n'/>\n" x "\n</interface>"
#define CANONICAL_MEMBER(x) "<interface type='network'>\n  <source network='n'/>\n" x "</interface>\n"

static const struct row findings[] = {
	{ "<interface type='network'/>", XML "1:1: interface type='network' requires a 'source' element" },
	{ "<interface type='network'>\n<source/></interface>",
	  XML "2:1: Missing required attribute 'network' in element 'source'" },
	{ "<interface type='network'>\n<source network='n' bridge='b'/></interface>",
	  UNKNOWN "2:21: unknown attribute 'bridge' in element 'source'" },
	{ "<interface type='network' managed='yes'>\n<source network='n'/></interface>",
	  NO_EFFECT "1:27: attribute 'managed' in element 'interface' has no effect on a VF" },
	{ "<interface type='network'>\n"
	  "<source network='n'><ip address='192.0.2.1'/></source></interface>",
	  CFG "2:21: Invalid attempt to set network interface host-side IP route and/or "
	      "address info on interface of type 'network'. This is only supported on "
	      "interfaces of type 'ethernet'" },
	{ "<interface type='network' trustGuestRxFilters='x'>\n"
	  "<source network='n'/></interface>",
	  XML "1:27: Invalid value for attribute 'trustGuestRxFilters' in element "
	      "'interface': 'x'." },
	{ MEMBER("<mac address='x'/>"), XML "3:6: unable to parse mac address 'x'" },
	{ MEMBER("<virtualport type='x'/>"), CFG "3:14: unknown virtualport type x" },
	{ MEMBER("<virtualport type='802.1Qbh'><parameters managerid='1'/></virtualport>"),
	  XML "3:42: extra managerid unsupported in <virtualport type='802.1Qbh'>" },
	{ MEMBER("<virtualport><parameters managerid='x'/></virtualport>"),
	  XML "3:26: cannot parse value of managerid parameter" },
	{ MEMBER("<vlan/>"), XML "3:1: missing tag id - each <vlan> must have at least one <tag id='n'/> "
				 "subelement" },
	{ MEMBER("<bandwidth><outbound floor='1'/></bandwidth>"),
	  CFG "3:22: floor attribute is not supported for this config" },
	{ MEMBER("<bandwidth classID='1'><inbound average='1'/></bandwidth>"),
	  XML "3:12: classID attribute not supported on <bandwidth> in this usage context" },
	{ MEMBER("<bandwidth><inbound/></bandwidth>"),
	  XML "3:12: Missing mandatory average or floor attributes" },
	{ MEMBER("<ip address='192.0.2.1'/>"),
	  CFG "3:1: Invalid attempt to set network interface guest-side IP address info, not "
	      "supported by QEMU" },
	{ MEMBER("<route/>"), CFG "3:1: Invalid attempt to set network interface guest-side IP route, not "
				  "supported by QEMU" },
	{ MEMBER("<portForward/>"),
	  CFG "3:1: The <portForward> element can only be used with the 'passt' backend of "
	      "interface type='user' or type='vhostuser'" },
	{ MEMBER("<target managed='no'/>"),
	  CFG "3:9: unmanaged target dev is not supported on interfaces of type 'network'" },
	{ MEMBER("<driver iommu='on'/>"),
	  NO_EFFECT "3:1: <driver> has no effect on a VF\n" CFG
		    "3:9: iommu driver option is only supported for virtio devices" },
	{ MEMBER("<driver name='vhost' queues='2'/><model type='virtio'/>"),
	  NO_EFFECT "3:1: <driver> has no effect on a VF" },
	{ MEMBER("<backend type='passt'/>"),
	  CFG "3:10: The 'passt' backend can only be used with interface type='user' or "
	      "type='vhostuser'" },
	{ MEMBER("<address type='unassigned'/>"),
	  CFG "3:10: address of type 'unassigned' is supported only for hostdevs" },
	{ MEMBER("<address type='drive'/>"),
	  XML "3:10: PCI host devices must use 'pci' or 'unassigned' address type" },
	{ MEMBER("<address type='usb' bus='0' port='1'/>"),
	  XML "3:10: PCI host devices must use 'pci' or 'unassigned' address type" },
	{ MEMBER("<teaming type='transient'/>"),
	  CFG "3:1: teaming persistent attribute must be set if teaming type is 'transient'" },
	{ MEMBER("<boot order='0'/>"),
	  XML "3:7: Invalid value for attribute 'order' in element 'boot': Zero is not "
	      "permitted" },
	{ MEMBER("<mtu size='x'/>"), XML "3:6: malformed mtu size" },
	{ MEMBER("<coalesce><rx><frames max='x'/></rx></coalesce>"),
	  XML "3:23: cannot parse value 'x' for coalesce parameter" },
	{ MEMBER("<vlna/>"), UNKNOWN "3:1: unknown element <vlna> in <interface>" },
};

static void test_findings(void **state)
{
	FINDINGS(findings);
}

static const struct row forms[] = {
	{ MEMBER(""), CANONICAL_MEMBER("") },
	{ MEMBER("<virtualport/>"), CANONICAL_MEMBER("") },
	{ MEMBER("<virtualport type='802.1Qbh'/>"), CANONICAL_MEMBER("  <virtualport type='802.1Qbh'/>\n") },
	{ MEMBER("<virtualport><parameters profileid='p' managerid='3'/></virtualport>"),
	  CANONICAL_MEMBER("  <virtualport>\n"
			   "    <parameters managerid='3' profileid='p'/>\n"
			   "  </virtualport>\n") },
	{ MEMBER("<vlan><tag id='1'/><tag id='2' nativeMode='tagged'/></vlan>"),
	  CANONICAL_MEMBER("  <vlan trunk='yes'>\n"
			   "    <tag id='1'/>\n"
			   "    <tag id='2' nativeMode='tagged'/>\n"
			   "  </vlan>\n") },
	{ MEMBER("<bandwidth><inbound average='1' burst='3' floor='5' peak='2'/><outbound "
		 "average='3'/></bandwidth>"),
	  CANONICAL_MEMBER("  <bandwidth>\n"
			   "    <inbound average='1' peak='2' floor='5' burst='3'/>\n"
			   "    <outbound average='3'/>\n"
			   "  </bandwidth>\n") },
	{ MEMBER("<bandwidth><inbound floor='5'/></bandwidth>"), CANONICAL_MEMBER("  <bandwidth>\n"
										  "    <inbound floor='5'/>\n"
										  "  </bandwidth>\n") },
	{ MEMBER("<port isolated='yes'/>"), CANONICAL_MEMBER("  <port isolated='yes'/>\n") },
	{ MEMBER("<mtu size='1400'/>"), CANONICAL_MEMBER("  <mtu size='1400'/>\n") },
	{ MEMBER("<mtu size='0'/>"), CANONICAL_MEMBER("") },
	{ MEMBER("<coalesce><rx><frames max='7'/></rx></coalesce>"), CANONICAL_MEMBER("  <coalesce>\n"
										      "    <rx>\n"
										      "      <frames max='7'/>\n"
										      "    </rx>\n"
										      "  </coalesce>\n") },
	{ MEMBER("<filterref filter='f'><parameter name='B' value='2'/><parameter name='A' "
		 "value='1'/><parameter name='C'/></filterref>"),
	  CANONICAL_MEMBER("  <filterref filter='f'>\n"
			   "    <parameter name='A' value='1'/>\n"
			   "    <parameter name='B' value='2'/>\n"
			   "  </filterref>\n") },
	{ MEMBER("<filterref/>"), CANONICAL_MEMBER("") },
	{ MEMBER("<filterref><parameter name='B' value='2'/></filterref>"), CANONICAL_MEMBER("") },
	{ MEMBER("<target dev='vnet0'/><model type='VIRTIO'/>"),
	  CANONICAL_MEMBER("  <model type='virtio'/>\n") },
	{ MEMBER("<backend tap='/a//b' logFile='/l'/>"),
	  CANONICAL_MEMBER("  <backend tap='/a/b' logFile='/l'/>\n") },
	{ MEMBER("<alias name='ua-a'/><boot order='1'/><address type='pci' bus='1' "
		 "slot='2'/><acpi index='3'/><rom bar='on'/><link state='down'/><teaming "
		 "type='transient' persistent='ua-b'/><guest dev='e'/><script "
		 "path='/s'/><tune><sndbuf>5</sndbuf></tune><vf xmlns='urn:vfassign:1' "
		 "trust='on'/>"),
	  CANONICAL_MEMBER("  <script path='/s'/>\n"
			   "  <guest dev='e'/>\n"
			   "  <tune>\n"
			   "    <sndbuf>5</sndbuf>\n"
			   "  </tune>\n"
			   "  <teaming type='transient' persistent='ua-b'/>\n"
			   "  <link state='down'/>\n"
			   "  <boot order='1'/>\n"
			   "  <alias name='ua-a'/>\n"
			   "  <rom bar='on'/>\n"
			   "  <acpi index='3'/>\n"
			   "  <address type='pci' domain='0x0000' bus='0x01' slot='0x02' function='0x0'/>\n"
			   "  <vf xmlns='urn:vfassign:1' trust='on'/>\n") },
	{ "<interface type='network' trustGuestRxFilters='yes'><source network='' "
	  "portgroup=''/></interface>",
	  "<interface type='network' trustGuestRxFilters='yes'>\n"
	  "  <source network='' portgroup=''/>\n"
	  "</interface>\n" },
	{ "<interface type='network'><mac address='52:54:0:1:2:3'/><source "
	  "network='a&amp;b' portgroup='g&lt;' portid='x'/></interface>",
	  "<interface type='network'>\n"
	  "  <mac address='52:54:00:01:02:03'/>\n"
	  "  <source network='a&amp;b' portgroup='g&lt;'/>\n"
	  "</interface>\n" },
};

static void test_form(void **state)
{
	FORMS(forms);
}

/* In a domain they stand among the others; one whose address no VF can have is left as it is. */
static void test_domain(void **state)
{
	static const struct row rows[] = {
		{ "<domain>\n  <devices>\n    " MEMBER(
			  "<boot order='3'/>") "<a/>\n    "
					       "<interface type='network'><source network='n'/><address type='ccw'/></interface>\n"
					       "    <interface type='hostdev'><source><address type='pci'/></source></interface>\n"
					       "  </devices>\n</domain>",
		  "<domain>\n  <devices>\n    <interface type='network'>\n      <source network='n'/>\n"
		  "      <boot order='3'/>\n    </interface><a/>\n    "
		  "<interface type='network'><source network='n'/><address type='ccw'/></interface>\n"
		  "    <interface type='hostdev'>\n      <source>\n"
		  "        <address type='pci' domain='0x0000' bus='0x00' slot='0x00' function='0x0'/>\n"
		  "      </source>\n    </interface>\n  </devices>\n</domain>" },
	};
	FORMS(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_domain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
