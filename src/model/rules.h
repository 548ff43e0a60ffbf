/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The rules that a document can break, as one table: what they are called, when they count, and what is said.
 */

#include "base/report.h"

/* When a rule counts, and how much. */
enum phase {
	PHASE_DEFINE, /* libvirt refuses it when it defines, or we do: always an error */
	PHASE_START, /* libvirt refuses it when the guest starts: an error unless the document is only to be kept */
	PHASE_ACT,     /* this version cannot do it: an error for what acts on the document */
	PHASE_STRICT,  /* libvirt passes over it silently: a warning, an error when strict */
	PHASE_CHECK,   /* what acts refuses it elsewhere: a warning for who only asks */
	PHASE_WARNING, /* it has no effect, and whoever wrote it may think otherwise: a warning */
	PHASE_COUNT
};

enum rule {
	/* Of any element and attribute. */
	RULE_UNKNOWN_ELEMENT,
	RULE_UNKNOWN_ATTRIBUTE,
	RULE_REPEATED_ELEMENT,
	RULE_MISSING_ATTRIBUTE,
	RULE_INVALID_VALUE,
	RULE_INVALID_NUMBER,
	RULE_INVALID_NAME,
	RULE_IGNORED_VALUE,
	RULE_ZERO_VALUE,
	RULE_OTHER_KIND,
	RULE_NO_EFFECT_ELEMENT,
	RULE_NO_EFFECT_ATTRIBUTE,
	RULE_LATER_ELEMENT,
	/* The document. */
	RULE_ROOT,
	RULE_NETWORK,
	RULE_INTERFACE_NETWORK,
	RULE_INTERFACE_OTHER,
	RULE_HOSTDEV,
	RULE_HOSTDEV_SKIPPED,
	RULE_HOSTDEV_OTHER,
	RULE_NO_DEVICE,
	RULE_DOMAIN_NAME,
	RULE_DOMAIN_UUID,
	RULE_MEMORY_UNIT,
	RULE_MEMORY_NUMBER,
	RULE_MEMORY_RANGE,
	/* Two devices. */
	RULE_HOST_DEVICE_TWICE,
	RULE_GUEST_ADDRESS_TWICE,
	RULE_USB_PORT_TWICE,
	RULE_BOOT_ORDER_TWICE,
	RULE_BOOT_ORDER_OS,
	RULE_ALIAS_TWICE,
	RULE_RAMFB_TWICE,
	RULE_DISPLAY_GRAPHICS,
	/* <source> and <address>. */
	RULE_SOURCE_TYPE,
	RULE_SOURCE_MISSING,
	RULE_SOURCE_HOST_SIDE,
	RULE_SOURCE_USB_NOTHING,
	RULE_PCI_BUS,
	RULE_PCI_SLOT,
	RULE_PCI_FUNCTION,
	RULE_USB_PRODUCT,
	RULE_USB_VENDOR,
	RULE_STARTUP_POLICY,
	RULE_WRITE_FILTERING,
	RULE_USB_INTERFACE,
	RULE_ADDRESS_UNASSIGNED,
	RULE_ADDRESS_PCI,
	RULE_ADDRESS_USB,
	RULE_ADDRESS_PORT,
	/* Attributes of <interface>. */
	RULE_MODEL_ATTRIBUTE,
	RULE_SGIO,
	RULE_RAWIO,
	RULE_TRUST_FILTERS,
	/* <mac>, <vlan>, <virtualport>. */
	RULE_MAC_FORM,
	RULE_MAC_MULTICAST,
	RULE_VLAN_TAG_MISSING,
	RULE_VLAN_TAG_RANGE,
	RULE_VLAN_NATIVE_TWICE,
	RULE_VLAN_TRUNK_NEEDED,
	RULE_VLAN_TRUNK_NATIVE,
	RULE_VLAN_TRUNK_WORD,
	RULE_VLAN_TRUNK,
	RULE_VLAN_VIRTUALPORT,
	RULE_PORT_TYPE_MISSING,
	RULE_PORT_TYPE,
	RULE_PORT_NUMBER,
	RULE_PORT_RANGE,
	RULE_PORT_RANGE_TYPEID,
	RULE_PORT_UUID,
	RULE_PORT_PROFILE_LONG,
	RULE_PORT_PARAMETER_MISSING,
	RULE_PORT_PARAMETER_EXTRA,
	RULE_PORT_PARAMETER_DROPPED,
	RULE_PORT_START,
	/* The other children. */
	RULE_DRIVER_KIND,
	RULE_DRIVER_MODEL_LONG,
	RULE_DRIVER_VIRTIO,
	RULE_DRIVER_TWICE,
	RULE_LOADPARM_LENGTH,
	RULE_LOADPARM_FORM,
	RULE_ROM_TUNING,
	RULE_ROM_PCI,
	RULE_ACPI_PCI,
	RULE_ALIAS_DROPPED,
	RULE_TEAMING_TYPE,
	RULE_TEAMING_PERSISTENT_MISSING,
	RULE_TEAMING_PERSISTENT_EXTRA,
	RULE_TEAMING_MODEL,
	RULE_TEAMING_HOSTDEV_TYPE,
	RULE_TEAMING_HOSTDEV_PERSISTENT,
	RULE_TEAMING_HOSTDEV_PCI,
	RULE_LINK_STATE,
	RULE_MTU_FORM,
	RULE_MTU,
	RULE_BANDWIDTH_CLASS,
	RULE_BANDWIDTH_AVERAGE,
	RULE_BANDWIDTH_FLOOR,
	RULE_BANDWIDTH_RANGE,
	RULE_BANDWIDTH_INBOUND,
	RULE_BANDWIDTH_PEAK,
	RULE_MODEL_FORM,
	RULE_TARGET_UNMANAGED,
	RULE_COALESCE_FORM,
	RULE_COALESCE_RANGE,
	RULE_COALESCE,
	RULE_PORT_ISOLATED,
	RULE_BACKEND_TAP,
	RULE_BACKEND_PASST,
	RULE_PORT_FORWARD,
	RULE_GUEST_IP,
	RULE_GUEST_ROUTE,
	RULE_SNDBUF,
	/* <vf>. */
	RULE_VF_LINK_TWICE,
	RULE_VF_RATE_TWICE,
	RULE_VF_RATES,
	RULE_VF_UNNAMED,
	RULE_VF_NOBODY,
	RULE_VF_TWICE,
	RULE_COUNT
};

struct rule_row {
	const char *id; /* stays the same for ever: "vlan-trunk" */
	enum phase phase;
	enum report_class class;
	const char *message; /* each %s stands for an argument */
	const char *hint;    /* NULL: none, or one that depends on the document */
};

/* The row of RULE. */
const struct rule_row *rule_row(enum rule rule);

/*
 * The message of RULE with ARGS, as many as it has %s, in their places; in new memory. NULL without memory.
 */
char *rule_text(enum rule rule, const char *const args[]);
