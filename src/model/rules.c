/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/rules.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define XML REPORT_XML
#define CFG REPORT_CONFIG_UNSUPPORTED

#define NAME_THE_VF "name the VF itself in <interface type='hostdev'>"
#define LIST_THE_VFS "list the VFs by <address type='pci' …/>, or name their PF by <pf dev='…'/>"
#define FORWARD_HOSTDEV "only <forward mode='hostdev'> makes a network a pool of VFs"
#define IN_GUEST "configure it inside the guest"

/* Most rules have no hint, which gcc takes for granted and clang misses. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Where libvirt has words for it, they are its. */
static const struct rule_row rows[] = {
	[RULE_UNKNOWN_ELEMENT] = { "unknown-element", PHASE_STRICT, XML, "unknown element <%s>%s%s in <%s>" },
	[RULE_UNKNOWN_ATTRIBUTE] = { "unknown-attribute", PHASE_STRICT, XML,
				     "unknown attribute '%s%s%s' in element '%s'" },
	[RULE_REPEATED_ELEMENT] = { "repeated-element", PHASE_STRICT, XML,
				    "only the first <%s> in <%s> counts" },
	[RULE_MISSING_ATTRIBUTE] = { "missing-attribute", PHASE_DEFINE, XML,
				     "Missing required attribute '%s' in element '%s'" },
	[RULE_INVALID_VALUE] = { "invalid-value", PHASE_DEFINE, XML,
				 "Invalid value for attribute '%s' in element '%s': '%s'." },
	[RULE_INVALID_NUMBER] = { "invalid-number", PHASE_DEFINE, XML,
				  "Invalid value for attribute '%s' in element '%s': '%s'. Expected "
				  "non-negative integer value" },
	[RULE_INVALID_NAME] = { "invalid-name", PHASE_DEFINE, XML,
				"Invalid value for attribute '%s' in element '%s': '%s'. Expected letters, "
				"digits, '_' and '-'" },
	[RULE_IGNORED_VALUE] = { "ignored-value", PHASE_STRICT, XML,
				 "Invalid value for attribute '%s' in element '%s': '%s'." },
	[RULE_ZERO_VALUE] = { "zero-value", PHASE_DEFINE, XML,
			      "Invalid value for attribute '%s' in element '%s': Zero is not permitted" },
	[RULE_OTHER_KIND] = { "other-kind", PHASE_STRICT, XML,
			      "attribute '%s' in element '%s' is not for a %s device" },
	[RULE_NO_EFFECT_ELEMENT] = { "no-effect-element", PHASE_WARNING, CFG, "<%s> has no effect on a VF" },
	[RULE_NO_EFFECT_ATTRIBUTE] = { "no-effect-attribute", PHASE_WARNING, CFG,
				       "attribute '%s' in element '%s' has no effect on a VF" },
	[RULE_LATER_ELEMENT] = { "later-element", PHASE_ACT, CFG, "<%s> is not supported by this version" },
	[RULE_LIST_LONG] = { "list-long", PHASE_DEFINE, XML, "more than %s of these: <%s>" },

	[RULE_ROOT] = { "root", PHASE_DEFINE, XML,
			"the document is neither a <domain> nor an <interface>, but <%s>%s%s",
			"write <domain> as libvirt does, or <interface type='hostdev'> alone" },
	[RULE_NETWORK] = { "network", PHASE_ACT, CFG,
			   "a <network> is a pool of VFs, and names none to assign", NAME_THE_VF },
	[RULE_INTERFACE_NETWORK] = { "interface-network", PHASE_ACT, CFG,
				     "an interface of type 'network' is not supported by this version",
				     NAME_THE_VF },
	[RULE_INTERFACE_OTHER] = { "interface-other", PHASE_DEFINE, CFG,
				   "an interface of type '%s' has no VF to assign", NAME_THE_VF },
	[RULE_HOSTDEV] = { "hostdev", PHASE_ACT, CFG, "<hostdev> is not supported by this version",
			   NAME_THE_VF },
	[RULE_HOSTDEV_SKIPPED] = { "hostdev-skipped", PHASE_WARNING, CFG,
				   "<hostdev> is left alone by this version",
				   "bind the device to its driver by other means; vfassign qemu-args prints its "
				   "argument for the VMM" },
	[RULE_HOSTDEV_OTHER] = { "hostdev-other", PHASE_DEFINE, CFG,
				 "a <hostdev> of mode '%s' and type '%s' is not a PCI or USB device",
				 "write mode='subsystem', and type='pci' or type='usb'" },
	[RULE_NO_DEVICE] = { "no-device", PHASE_ACT, CFG,
			     "the domain has no <interface type='hostdev'>: there is nothing to assign",
			     NAME_THE_VF },
	[RULE_DOMAIN_NAME] = { "domain-name", PHASE_DEFINE, XML, "the name of a domain must not contain %s" },
	[RULE_DOMAIN_UUID] = { "domain-uuid", PHASE_DEFINE, XML,
			       "malformed uuid element: '%s' is not 32 hex digits" },
	[RULE_MEMORY_UNIT] = { "memory-unit", PHASE_DEFINE, XML, "unknown unit '%s' of memory",
			       "use KiB, MiB, GiB or TiB" },
	[RULE_MEMORY_NUMBER] = { "memory-number", PHASE_DEFINE, XML,
				 "Invalid value for element 'memory': '%s'. Expected non-negative integer value" },
	[RULE_MEMORY_RANGE] = { "memory-range", PHASE_DEFINE, XML,
				"the memory of the domain is larger than 64 bits can say" },

	[RULE_HOST_DEVICE_TWICE] = { "host-device-twice", PHASE_DEFINE, XML,
				     "Hostdev already exists in the domain configuration: %s" },
	[RULE_GUEST_ADDRESS_TWICE] = { "guest-address-twice", PHASE_DEFINE, XML,
				       "Attempted double use of PCI Address %s" },
	[RULE_USB_PORT_TWICE] = { "usb-port-twice", PHASE_DEFINE, XML, "Duplicate USB address %s" },
	[RULE_BOOT_ORDER_TWICE] = { "boot-order-twice", PHASE_DEFINE, CFG,
				    "boot order '%s' used for more than one device" },
	[RULE_BOOT_ORDER_OS] = { "boot-order-os", PHASE_DEFINE, CFG,
				 "per-device boot elements cannot be used together with os/boot elements" },
	[RULE_ALIAS_TWICE] = { "alias-twice", PHASE_DEFINE, CFG, "non unique alias detected: %s" },
	[RULE_RAMFB_TWICE] = { "ramfb-twice", PHASE_DEFINE, CFG,
			       "Only one vgpu device can have 'ramfb' enabled" },
	[RULE_DISPLAY_GRAPHICS] = { "display-graphics", PHASE_DEFINE, CFG,
				    "graphics device is needed for attribute value 'display=on' in <hostdev>",
				    "add a <graphics> to the domain, or remove the attribute" },

	[RULE_SOURCE_TYPE] = { "source-type", PHASE_DEFINE, CFG, "unknown host device source address type '%s'",
			       "name the VF: <source><address type='pci' domain='0' bus='1' slot='0x10' "
			       "function='2'/></source>; the type is never implied" },
	[RULE_SOURCE_MISSING] = { "source-missing", PHASE_DEFINE, XML,
				  "Missing <source> element in hostdev device" },
	[RULE_SOURCE_HOST_SIDE] = { "source-host-side", PHASE_DEFINE, CFG,
				    "Invalid attempt to set network interface host-side IP route and/or address "
				    "info on interface of type 'hostdev'. This is only supported on interfaces of "
				    "type 'ethernet'" },
	[RULE_SOURCE_USB_NOTHING] = { "source-usb-nothing", PHASE_DEFINE, XML, "the source names no USB device",
				      "give its bus and device, or its vendor and product" },
	[RULE_PCI_BUS] = { "pci-bus", PHASE_DEFINE, XML, "Invalid PCI address bus='%s', must be <= 0xFF" },
	[RULE_PCI_SLOT] = { "pci-slot", PHASE_DEFINE, XML, "Invalid PCI address slot='%s', must be <= 0x1F" },
	[RULE_PCI_FUNCTION] = { "pci-function", PHASE_DEFINE, XML,
				"Invalid PCI address function=%s, must be <= 7" },
	[RULE_USB_PRODUCT] = { "usb-product", PHASE_DEFINE, XML, "missing product" },
	[RULE_USB_VENDOR] = { "usb-vendor", PHASE_DEFINE, XML, "missing vendor" },
	[RULE_STARTUP_POLICY] = { "startup-policy", PHASE_DEFINE, CFG,
				  "Setting startupPolicy is only allowed for USB devices" },
	[RULE_WRITE_FILTERING] = { "write-filtering", PHASE_DEFINE, CFG,
				   "Write filtering of PCI device configuration space is not supported by qemu" },
	[RULE_USB_INTERFACE] = { "usb-interface", PHASE_CHECK, CFG,
				 "no back end takes a USB device as an interface: its settings would not be made",
				 "use a plain <hostdev mode='subsystem' type='usb'> entry for it" },
	[RULE_ADDRESS_UNASSIGNED] = { "address-unassigned", PHASE_DEFINE, CFG,
				      "address of type 'unassigned' is supported only for hostdevs" },
	[RULE_ADDRESS_PCI] = { "address-pci", PHASE_DEFINE, XML,
			       "PCI host devices must use 'pci' or 'unassigned' address type" },
	[RULE_ADDRESS_USB] = { "address-usb", PHASE_DEFINE, CFG, "USB host device must use 'usb' address type" },
	[RULE_ADDRESS_PORT] = { "address-port", PHASE_DEFINE, XML, "Cannot parse <address> 'port' attribute" },

	[RULE_MODEL_ATTRIBUTE] = { "model-attribute", PHASE_DEFINE, XML,
				   "'model' attribute in <hostdev> is only supported when type='%s'",
				   "remove the attribute" },
	[RULE_SGIO] = { "sgio", PHASE_DEFINE, XML, "sgio is only supported for scsi host device" },
	[RULE_RAWIO] = { "rawio", PHASE_DEFINE, XML, "rawio is only supported for scsi host device" },
	[RULE_TRUST_FILTERS] = { "trust-filters", PHASE_WARNING, CFG,
				 "attribute 'trustGuestRxFilters' in element 'interface' has no effect on a VF",
				 "to trust the VF, add <vf xmlns='urn:vfassign:1' trust='on'/>" },

	[RULE_MAC_FORM] = { "mac-form", PHASE_DEFINE, XML, "unable to parse mac address '%s'",
			    "write six groups of two hex digits: 52:54:00:12:34:56" },
	[RULE_MAC_MULTICAST] = { "mac-multicast", PHASE_DEFINE, XML,
				 "expected unicast mac address, found multicast '%s'",
				 "the second hex digit of a unicast MAC address is even" },
	[RULE_VLAN_TAG_MISSING] = { "vlan-tag-missing", PHASE_DEFINE, XML,
				    "missing tag id - each <vlan> must have at least one <tag id='n'/> subelement" },
	[RULE_VLAN_TAG_RANGE] = { "vlan-tag-range", PHASE_DEFINE, XML,
				  "vlan tag id %s too large (maximum 4095)" },
	[RULE_VLAN_NATIVE_TWICE] = { "vlan-native-twice", PHASE_DEFINE, XML, "duplicate native vlan setting" },
	[RULE_VLAN_TRUNK_NEEDED] = { "vlan-trunk-needed", PHASE_DEFINE, XML,
				     "invalid \"trunk='%s'\" in <vlan> - trunk='yes' is required for more than one "
				     "vlan tag" },
	[RULE_VLAN_TRUNK_NATIVE] = { "vlan-trunk-native", PHASE_DEFINE, XML,
				     "invalid configuration in <vlan> - \"trunk='no'\" is not allowed with a native "
				     "vlan id" },
	[RULE_VLAN_TRUNK_WORD] = { "vlan-trunk-word", PHASE_DEFINE, XML,
				   "invalid \"trunk='%s'\" in <vlan> - must be yes or no" },
	[RULE_VLAN_TRUNK] = { "vlan-trunk", PHASE_START, CFG,
			      "vlan trunking is not supported by SR-IOV network devices",
			      "give the VF exactly one <tag>, without trunk='yes'" },
	[RULE_VLAN_VIRTUALPORT] = { "vlan-virtualport", PHASE_START, CFG,
				    "direct setting of the vlan tag is not allowed for hostdev devices using %s "
				    "mode" },
	[RULE_PORT_TYPE_MISSING] = { "port-type-missing", PHASE_DEFINE, XML,
				     "missing required virtualport type" },
	[RULE_PORT_TYPE] = { "port-type", PHASE_DEFINE, CFG, "unknown virtualport type %s" },
	[RULE_PORT_NUMBER] = { "port-number", PHASE_DEFINE, XML, "cannot parse value of %s parameter" },
	[RULE_PORT_RANGE] = { "port-range", PHASE_DEFINE, XML, "value of %s out of range" },
	[RULE_PORT_RANGE_TYPEID] = { "port-range-typeid", PHASE_DEFINE, XML, "value for %s out of range" },
	[RULE_PORT_UUID] = { "port-uuid", PHASE_DEFINE, XML, "cannot parse %s parameter as a uuid" },
	[RULE_PORT_PROFILE_LONG] = { "port-profile-long", PHASE_DEFINE, XML, "profileid parameter too long",
				     "it has at most 39 bytes" },
	[RULE_PORT_PARAMETER_MISSING] = { "port-parameter-missing", PHASE_DEFINE, XML,
					  "missing %s in <virtualport type='%s'>" },
	[RULE_PORT_PARAMETER_EXTRA] = { "port-parameter-extra", PHASE_DEFINE, XML,
					"extra %s unsupported in <virtualport type='%s'>" },
	[RULE_PORT_PARAMETER_DROPPED] = { "port-parameter-dropped", PHASE_STRICT, XML,
					  "%s has no meaning in <virtualport type='%s'>" },
	[RULE_PORT_START] = { "port-start", PHASE_START, CFG,
			      "virtualport type %s is currently not supported on interfaces of type hostdev",
			      "this type is for ports of a switch in software: a VF can have 802.1Qbh or 802.1Qbg" },

	[RULE_DRIVER_KIND] = { "driver-kind", PHASE_START, CFG, "pci backend driver type '%s' is not supported",
			       "use name='vfio', or leave the name out" },
	[RULE_DRIVER_MODEL_LONG] = { "driver-model-long", PHASE_DEFINE, XML,
				     "the name of the driver is longer than 63 bytes" },
	[RULE_DRIVER_VIRTIO] = { "driver-virtio", PHASE_DEFINE, CFG,
				 "%s driver option is only supported for virtio devices" },
	[RULE_DRIVER_TWICE] = { "driver-twice", PHASE_DEFINE, CFG,
				"a name or model and options of virtio cannot be written as one <driver>",
				"remove what has no effect on a VF: iommu, ats, packed, page_per_vq" },
	[RULE_LOADPARM_LENGTH] = { "loadparm-length", PHASE_DEFINE, XML,
				   "loadparm value '%s' must be between 1 and 8 characters" },
	[RULE_LOADPARM_FORM] = { "loadparm-form", PHASE_DEFINE, XML,
				 "invalid loadparm value '%s', expecting chars in set of [a-zA-Z0-9.] and blank "
				 "spaces" },
	[RULE_ROM_TUNING] = { "rom-tuning", PHASE_DEFINE, CFG,
			      "ROM tuning is not supported when ROM is disabled" },
	[RULE_ROM_PCI] = { "rom-pci", PHASE_DEFINE, CFG, "ROM tuning is only supported for PCI devices" },
	[RULE_ACPI_PCI] = { "acpi-pci", PHASE_DEFINE, CFG, "ACPI index is only supported for PCI devices" },
	[RULE_ALIAS_DROPPED] = { "alias-dropped", PHASE_WARNING, CFG, "alias '%s' is not used",
				 "an alias of the user starts with 'ua-' and has only letters, digits, '_' and '-'" },
	[RULE_TEAMING_TYPE] = { "teaming-type", PHASE_DEFINE, CFG, "unknown teaming type '%s'",
				"it can be 'persistent' or 'transient'" },
	[RULE_TEAMING_PERSISTENT_MISSING] = { "teaming-persistent-missing", PHASE_DEFINE, CFG,
					      "teaming persistent attribute must be set if teaming type is "
					      "'transient'",
					      "name the other interface by its alias" },
	[RULE_TEAMING_PERSISTENT_EXTRA] = { "teaming-persistent-extra", PHASE_DEFINE, CFG,
					    "teaming persistent attribute not allowed if teaming type is "
					    "'persistent'" },
	[RULE_TEAMING_MODEL] = { "teaming-model", PHASE_DEFINE, CFG,
				 "virtio-net teaming persistent interface must be <model type='virtio'/>, not '%s'",
				 "the VF is the transient one of the pair" },
	[RULE_TEAMING_HOSTDEV_TYPE] = { "teaming-hostdev-type", PHASE_DEFINE, CFG,
					"teaming hostdev devices must have type='transient'" },
	[RULE_TEAMING_HOSTDEV_PERSISTENT] = { "teaming-hostdev-persistent", PHASE_DEFINE, CFG,
					      "missing required persistent attribute in hostdev teaming element" },
	[RULE_TEAMING_HOSTDEV_PCI] = { "teaming-hostdev-pci", PHASE_DEFINE, CFG,
				       "teaming is only supported for pci hostdev devices" },
	[RULE_LINK_STATE] = { "link-state", PHASE_DEFINE, CFG, "unknown interface link state '%s'",
			      "it can be 'up' or 'down'" },
	[RULE_MTU_FORM] = { "mtu-form", PHASE_DEFINE, XML, "malformed mtu size" },
	[RULE_MTU] = { "mtu", PHASE_DEFINE, CFG, "setting MTU on interface type hostdev is not supported yet",
		       "set the MTU inside the guest" },
	[RULE_BANDWIDTH_CLASS] = { "bandwidth-class", PHASE_DEFINE, XML,
				   "classID attribute not supported on <bandwidth> in this usage context" },
	[RULE_BANDWIDTH_AVERAGE] = { "bandwidth-average", PHASE_DEFINE, XML,
				     "Missing mandatory average or floor attributes" },
	[RULE_BANDWIDTH_FLOOR] = { "bandwidth-floor", PHASE_DEFINE, CFG,
				   "floor attribute is not supported for this config" },
	[RULE_BANDWIDTH_RANGE] = { "bandwidth-range", PHASE_DEFINE, XML,
				   "value '%s' is too big for '%s' parameter, maximum is '%s'" },
	[RULE_BANDWIDTH_INBOUND] = { "bandwidth-inbound", PHASE_START, CFG,
				     "what a VF receives cannot be limited: <inbound> is not supported",
				     "limit what it sends, with <outbound average='…'/>" },
	[RULE_BANDWIDTH_PEAK] = { "bandwidth-peak", PHASE_START, CFG,
				  "a VF has one limit: '%s' in element 'outbound' is not supported",
				  "keep average alone" },
	[RULE_BANDWIDTH_MEGABITS] = { "bandwidth-megabits", PHASE_START, CFG,
				      "average='%s' kilobytes a second are more than a VF can be limited to",
				      "a VF is limited to at most 4294967295 Mbit/s; leave <bandwidth> out for no limit" },
	[RULE_MODEL_FORM] = { "model-form", PHASE_DEFINE, XML, "Model name contains invalid characters" },
	[RULE_TARGET_UNMANAGED] = { "target-unmanaged", PHASE_DEFINE, CFG,
				    "unmanaged target dev is not supported on interfaces of type 'hostdev'" },
	[RULE_COALESCE_FORM] = { "coalesce-form", PHASE_DEFINE, XML,
				 "cannot parse value '%s' for coalesce parameter" },
	[RULE_COALESCE_RANGE] = { "coalesce-range", PHASE_DEFINE, XML,
				  "value '%s' is too big for coalesce parameter, maximum is '4294967295'" },
	[RULE_COALESCE] = { "coalesce", PHASE_DEFINE, CFG,
			    "coalesce settings on interface type hostdev are not supported" },
	[RULE_PORT_ISOLATED] = { "port-isolated", PHASE_DEFINE, CFG,
				 "<port isolated='yes'/> is not supported for network interfaces with "
				 "type='hostdev'" },
	[RULE_BACKEND_TAP] = { "backend-tap", PHASE_START, CFG,
			       "custom tap device path is not supported for network interfaces of type hostdev" },
	[RULE_BACKEND_PASST] = { "backend-passt", PHASE_DEFINE, CFG,
				 "The 'passt' backend can only be used with interface type='user' or "
				 "type='vhostuser'" },
	[RULE_PORT_FORWARD] = { "port-forward", PHASE_DEFINE, CFG,
				"The <portForward> element can only be used with the 'passt' backend of interface "
				"type='user' or type='vhostuser'" },
	[RULE_GUEST_IP] = { "guest-ip", PHASE_DEFINE, CFG,
			    "Invalid attempt to set network interface guest-side IP address info, not supported by "
			    "QEMU",
			    IN_GUEST },
	[RULE_GUEST_ROUTE] = { "guest-route", PHASE_DEFINE, CFG,
			       "Invalid attempt to set network interface guest-side IP route, not supported by QEMU",
			       IN_GUEST },
	[RULE_SNDBUF] = { "sndbuf", PHASE_DEFINE, XML, "sndbuf must be a positive integer" },

	[RULE_VF_LINK_TWICE] = { "vf-link-twice", PHASE_START, CFG,
				 "the link state is given twice: linkState='%s' of <vf>, and <link state='%s'>" },
	[RULE_VF_RATE_TWICE] = { "vf-rate-twice", PHASE_START, CFG,
				 "the largest rate is given twice: maxTxRate='%s' of <vf>, and %s Mbit/s by "
				 "<bandwidth>" },
	[RULE_VF_RATES] = { "vf-rates", PHASE_START, CFG, "minTxRate='%s' is above maxTxRate='%s'" },
	[RULE_VF_PROTO] = { "vf-proto", PHASE_START, CFG, "vlanProto='%s' means nothing without a VLAN",
			    "add <vlan><tag id='…'/></vlan>" },
	[RULE_VF_UNNAMED] = { "vf-unnamed", PHASE_START, XML,
			      "<vf> in <metadata> does not say which interface it is about",
			      "add the alias or the MAC address of the interface: alias='ua-…' or mac='…'" },
	[RULE_VF_NOBODY] = { "vf-nobody", PHASE_START, XML,
			     "the domain has no <interface type='hostdev'> with %s '%s'" },
	[RULE_VF_TWICE] = { "vf-twice", PHASE_START, CFG,
			    "%s is given twice, with different values: here, and for the interface" },

	[RULE_NETWORK_NAME_MISSING] = { "network-name-missing", PHASE_DEFINE, XML, "missing name information",
					"add <name>" },
	[RULE_NETWORK_NAME_CHAR] = { "network-name-char", PHASE_DEFINE, XML, "invalid char in name: %s" },
	[RULE_NETWORK_TITLE] = { "network-title", PHASE_DEFINE, XML, "Network title can't contain newlines" },
	[RULE_NETWORK_IPV6] = { "network-ipv6", PHASE_DEFINE, XML, "Invalid ipv6 setting '%s' in network '%s'" },
	[RULE_NETWORK_BRIDGE_NAME] = { "network-bridge-name", PHASE_DEFINE, XML,
				       "bridge name not allowed in hostdev mode (network '%s')" },
	[RULE_NETWORK_BRIDGE_ZONE] = { "network-bridge-zone", PHASE_DEFINE, XML,
				       "bridge zone not allowed in hostdev mode (network '%s')" },
	[RULE_NETWORK_BRIDGE_MAC_TABLE] = { "network-bridge-mac-table", PHASE_DEFINE, XML,
					    "bridge macTableManager setting not allowed in hostdev mode (network "
					    "'%s')" },
	[RULE_NETWORK_BRIDGE_MAC_TABLE_WORD] = { "network-bridge-mac-table-word", PHASE_DEFINE, XML,
						 "Invalid macTableManager setting '%s' in network '%s'" },
	[RULE_NETWORK_BRIDGE_OPTIONS] = { "network-bridge-options", PHASE_DEFINE, XML,
					  "bridge delay/stp/zone options only allowed in open, route, nat, and "
					  "isolated mode, not in hostdev (network '%s')" },
	[RULE_NETWORK_BRIDGE_DELAY] = { "network-bridge-delay", PHASE_DEFINE, XML,
					"Invalid delay value in network '%s'" },
	[RULE_NETWORK_MTU] = { "network-mtu", PHASE_DEFINE, XML,
			       "mtu size only allowed in open, route, nat, and isolated mode, not in hostdev "
			       "(network '%s')",
			       "set the MTU inside the guest" },
	[RULE_NETWORK_MTU_FORM] = { "network-mtu-form", PHASE_DEFINE, XML,
				    "Invalid mtu size '%s' in network '%s'" },
	[RULE_NETWORK_ELEMENT] = { "network-element", PHASE_DEFINE, CFG,
				   "Unsupported <%s> element in network %s with forward mode='hostdev'" },
	[RULE_NETWORK_BANDWIDTH] = { "network-bandwidth", PHASE_DEFINE, CFG,
				     "Unsupported network-wide <bandwidth> element in network %s with forward "
				     "mode='hostdev'" },
	[RULE_NETWORK_MODE] = { "network-mode", PHASE_DEFINE, CFG,
				"a network with forward mode '%s' has no VFs to assign", FORWARD_HOSTDEV },
	[RULE_NETWORK_MODE_UNKNOWN] = { "network-mode-unknown", PHASE_DEFINE, CFG,
					"unknown forwarding type '%s'", FORWARD_HOSTDEV },
	[RULE_NETWORK_NAT] = { "network-nat", PHASE_DEFINE, XML,
			       "The <nat> element can only be used when <forward> 'mode' is 'nat' in network %s" },
	[RULE_NETWORK_DEV] = { "network-dev", PHASE_DEFINE, XML,
			       "the <forward> 'dev' attribute cannot be used when <address> or <pf> sub-elements "
			       "are present in network %s",
			       "remove the attribute" },
	[RULE_NETWORK_DEV_FIRST] = { "network-dev-first", PHASE_DEFINE, XML,
				     "<forward dev='%s'> must match first <interface dev='%s'/> in network %s" },
	[RULE_NETWORK_NETDEV] = { "network-netdev", PHASE_DEFINE, CFG,
				  "hostdev network '%s' lists '%s' in the device pool, but hostdev networks require "
				  "all devices to be listed by PCI address, not network device name",
				  LIST_THE_VFS },
	[RULE_NETWORK_NETDEV_MISSING] = { "network-netdev-missing", PHASE_DEFINE, XML,
					  "Missing required dev attribute in <forward> <interface> element of "
					  "network %s",
					  LIST_THE_VFS },
	[RULE_NETWORK_PF_MISSING] = { "network-pf-missing", PHASE_DEFINE, XML,
				      "Missing required dev attribute in <pf> element of network '%s'" },
	[RULE_NETWORK_PF_EMPTY] = { "network-pf-empty", PHASE_START, XML,
				    "the <pf> of network '%s' names no network device" },
	[RULE_NETWORK_PF_TWICE] = { "network-pf-twice", PHASE_DEFINE, XML,
				    "Only one <pf> element is allowed in <forward> of network %s" },
	[RULE_NETWORK_PF_SKIPPED] = { "network-pf-skipped", PHASE_STRICT, XML,
				      "<pf> does not count beside <address> in network '%s'",
				      "the pool has the VFs that are listed and no others: remove the one or the "
				      "other" },
	[RULE_NETWORK_ADDRESS_TYPE_MISSING] = { "network-address-type-missing", PHASE_DEFINE, XML,
						"missing address type in network %s",
						"write <address type='pci' …/>" },
	[RULE_NETWORK_ADDRESS_TYPE] = { "network-address-type", PHASE_DEFINE, XML,
					"unsupported address type '%s' in network %s", "write type='pci'" },
	[RULE_NETWORK_ADDRESS_TYPE_UNKNOWN] = { "network-address-type-unknown", PHASE_DEFINE, CFG,
						"unknown address type '%s' in network %s", "write type='pci'" },
	[RULE_NETWORK_ADDRESS_TWICE] = { "network-address-twice", PHASE_DEFINE, XML,
					 "PCI device '%s' can only be listed once in network %s" },
	[RULE_NETWORK_POOL_EMPTY] = { "network-pool-empty", PHASE_START, XML,
				      "network '%s' requires exclusive access to interfaces, but none are available",
				      LIST_THE_VFS },
	[RULE_NETWORK_GROUP_NAME] = { "network-group-name", PHASE_DEFINE, XML,
				      "Missing required name attribute in portgroup" },
	[RULE_NETWORK_GROUP_TWICE] = { "network-group-twice", PHASE_DEFINE, CFG,
				       "multiple <portgroup> elements with the same name (%s) in network '%s'" },
	[RULE_NETWORK_GROUP_DEFAULT_TWICE] = { "network-group-default-twice", PHASE_DEFINE, CFG,
					       "network '%s' has multiple default <portgroup> elements (%s and %s), "
					       "but only one default is allowed" },
	[RULE_NETWORK_GROUP_BANDWIDTH] = { "network-group-bandwidth", PHASE_DEFINE, CFG,
					   "Unsupported <bandwidth> element in network '%s' in portgroup '%s' with "
					   "forward mode='hostdev'" },
	[RULE_NETWORK_GROUP_VLAN] = { "network-group-vlan", PHASE_DEFINE, CFG,
				      "<vlan> element specified for network %s, whose type doesn't support vlan "
				      "configuration",
				      "a VF has either a <vlan> or a <virtualport>" },
	[RULE_NETWORK_VIRTUALPORT] = { "network-virtualport", PHASE_START, CFG,
				       "<virtualport type='%s'> not supported for network '%s' which uses an SR-IOV "
				       "Virtual Function via PCI passthrough" },
	[RULE_NETWORK_ISOLATED] = { "network-isolated", PHASE_WARNING, CFG,
				    "<port isolated='yes'/> is not supported for network interfaces with "
				    "type='hostdev'",
				    "no guest starts on this network, unless its interface says "
				    "<port isolated='no'/>" },
	[RULE_POOL_SOURCE] = { "pool-source", PHASE_DEFINE, XML,
			       "interface type='network' requires a 'source' element",
			       "name the network: <source network='…'/>" },
	[RULE_POOL_HOST_SIDE] = { "pool-host-side", PHASE_DEFINE, CFG,
				  "Invalid attempt to set network interface host-side IP route and/or address info on "
				  "interface of type 'network'. This is only supported on interfaces of type "
				  "'ethernet'" },
	[RULE_POOL_UNMANAGED] = { "pool-unmanaged", PHASE_DEFINE, CFG,
				  "unmanaged target dev is not supported on interfaces of type 'network'" },
	[RULE_MERGE_TYPE] = { "merge-type", PHASE_START, XML,
			      "attempt to merge virtualports with mismatched types (%s and %s)" },
	[RULE_MERGE_NUMBER] = { "merge-number", PHASE_START, XML,
				"attempt to merge virtualports with mismatched %ss (%s and %s)" },
	[RULE_MERGE_TEXT] = { "merge-text", PHASE_START, XML,
			      "attempt to merge virtualports with mismatched %ss ('%s' and '%s')" },
};

static_assert(ARRAY_SIZE(rows) == RULE_COUNT, "each rule has a row");

const struct rule_row *rule_row(enum rule rule)
{
	return &rows[rule];
}

char *rule_text(enum rule rule, const char *const args[])
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	if (!stream)
		return NULL;
	const char *rest = rows[rule].message;
	for (const char *place; (place = strstr(rest, "%s")); rest = place + 2) {
		(void)fwrite(rest, 1, (size_t)(place - rest), stream);
		assert(*args);
		(void)fputs(*args++, stream);
	}
	(void)fputs(rest, stream);
	if (fclose(stream) == 0)
		return text;
	free(text);
	return NULL;
}
