/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the user asks for: the devices of one XML document, validated, as plain structs. Reading it does no
 * I/O and knows no host. What the document does not mention is absent here, never zero.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types/address.h"
#include "types/setting.h"
#include "types/uuid.h"

struct arena;
struct reports;

/* Where something stands in the document; both count from 1, columns in bytes. */
struct position {
	unsigned line;
	unsigned column;
};

/* The bytes of something in the document: from START to before END. */
struct span {
	size_t start;
	size_t end;
};

/* A number; yes and on (1), no and off (0); or one of several words, by its place in their table. */
struct number {
	bool present;
	uint64_t value;
};

struct uuid_value {
	bool present;
	struct uuid uuid;
};

enum source_type { SOURCE_PCI, SOURCE_USB };

/* <source> of a USB device: by address, by vendor and product, or both. */
struct usb_source {
	bool has_address;
	uint32_t bus;
	uint32_t device;
	bool has_id;
	uint32_t vendor;
	uint32_t product;
	struct number startup_policy; /* mandatory, requisite, optional */
	struct number guest_reset;    /* off, uninitialized, on */
};

/* Types of the guest's <address>, as far as they make a difference here. */
enum guest_type { GUEST_PCI, GUEST_USB, GUEST_UNASSIGNED, GUEST_OTHER };

/* <zpci>: what a PCI device of an s390 guest has beside its address. */
struct zpci {
	bool present;
	uint32_t uid;
	uint32_t fid;
};

/*
 * <address> in the guest. Domain, bus and slot zero is libvirt's "please assign one": no address is present
 * then, though the type is, and multifunction can be given beside it.
 */
struct guest_address {
	bool present;
	struct pci_address pci;
	bool has_multifunction;
	bool multifunction;
	struct number type; /* enum guest_type */
	struct zpci zpci;
	struct number usb_bus;
	const char *usb_port; /* "1.2" */
};

/* <rom>. */
struct rom {
	bool has_enabled;
	bool enabled;
	bool has_bar;
	bool bar;
	const char *file; /* NULL when absent; "" means no ROM */
};

enum backend { BACKEND_VFIO, BACKEND_KVM, BACKEND_XEN };

/* <driver>, but for the model; the options of virtio are kept for a <model> that has them. */
struct driver {
	struct number name; /* enum backend */
	struct number iommu;
	struct number ats;
	struct number packed;
	struct number page_per_vq;
};

struct vlan_tag {
	struct number id;
	struct number native_mode; /* tagged, untagged */
};

/* <vlan> as it is written; what follows from it for a VF is a setting. */
struct vlan_tags {
	bool trunk;
	struct vlan_tag *items;
	size_t count;
};

/* <parameters> of <virtualport>: those that its type has. */
struct port_profile {
	struct number manager_id;
	struct number type_id;
	struct number type_version;
	struct uuid_value instance_id;
	struct uuid_value interface_id;
	const char *profile_id;
};

/* <inbound>, <outbound>: kilobytes a second, and kilobytes; zero is absent. */
struct rates {
	uint64_t average;
	uint64_t peak;
	uint64_t burst;
	uint64_t floor; /* of <inbound>, and only where the device comes from a network */
};

enum teaming_type { TEAMING_PERSISTENT, TEAMING_TRANSIENT };

struct teaming {
	struct number type;     /* enum teaming_type */
	const char *persistent; /* the alias of the other device */
};

enum link_state { LINK_UP, LINK_DOWN };

/* What <vf xmlns='urn:vfassign:1'> says. */
struct vf_element {
	struct number spoofchk;
	struct number trust;
	struct number link_state; /* auto, enable, disable */
	struct number min_tx_rate;
	struct number max_tx_rate;
	struct number vlan_qos;
	struct number vlan_proto; /* 802.1Q, 802.1ad */
	struct number query_rss;
};

/* <parameter> of <filterref>. */
struct filter_parameter {
	const char *name;
	const char *value;
};

/* What <interface type='network'> has alone: where its device comes from, and what a VF cannot have. */
struct pool_member {
	const char *network;
	const char *portgroup; /* NULL when absent */
	uint32_t mtu;          /* 0 when absent, as the next */
	uint32_t frames;       /* <coalesce> */
	const char *filter;    /* <filterref>: NULL when absent */
	struct filter_parameter *parameters;
	size_t parameter_count;
};

/* One <interface type='hostdev'>, or <hostdev>, which has some of its parts. */
struct interface {
	struct position position; /* of its '<' */
	struct span span;
	enum source_type source;
	struct pci_address host; /* SOURCE_PCI */
	struct usb_source usb;   /* SOURCE_USB */
	bool managed;
	/*
	 * What is asked of the VF, from whatever elements: up to SETTING_VF_LAST, but for the rates, which stand in
	 * "wish" alone, because one can be asked for without the other.
	 */
	struct settings settings;
	struct vf_element wish;
	char driver_model[NAME_SIZE]; /* <driver model>: the host driver to bind; "" when absent */
	const char *virtualport;      /* its type, or NULL */
	const char *alias;            /* as QEMU's id: only user aliases ("ua-…"), else NULL */
	size_t strangers;    /* of <hostdev>: those of other kinds before it that have no user alias */
	uint32_t boot_order; /* 0 when absent */
	struct rom rom;
	struct guest_address address;
	struct driver driver;
	struct vlan_tags vlan;
	struct port_profile profile; /* of the virtualport */
	struct rates inbound;
	struct rates outbound;
	struct teaming teaming;
	struct number link; /* enum link_state */
	struct vf_element vf;
	uint32_t acpi_index;  /* 0 when absent */
	const char *loadparm; /* <boot loadparm> */
	struct pool_member pool;
	/* Kept for libvirt: nothing follows from them for a VF. */
	struct number mac_type; /* generated, static */
	struct number mac_check;
	struct number trust_filters;
	struct number display; /* of <hostdev> alone */
	struct number ramfb;   /* the same */
	struct number isolated;
	struct number sndbuf;
	struct number target_managed;
	const char *script;
	const char *downscript;
	const char *backend_domain;
	const char *target;
	const char *guest_name;
	const char *guest_actual;
	const char *model;
	const char *tap;
	const char *log_file;
};

struct network;

enum controller_kind { CONTROLLER_PCI, CONTROLLER_PCI_ROOT, CONTROLLER_PCIE_ROOT, CONTROLLER_USB };

/* <controller> of a domain: a bus of the guest. */
struct controller {
	enum controller_kind kind;
	uint32_t index;    /* the number of the bus */
	const char *alias; /* only user aliases, else NULL */
};

/* <vf> in the <metadata> of a domain. */
struct document_vf {
	struct vf_element settings;
	const char *alias; /* names the interface: an alias, */
	const char *mac;   /* or a MAC address */
	size_t offset;     /* in the document */
	size_t interface;  /* the index of the interface that it names */
};

/* An <interface> or a <hostdev> alone, or a <domain> with those that it has, each kind in document order. */
struct document {
	struct arena *arena; /* which it is in, and whatever it points to */
	const char *file;    /* the name it was read under, for messages */
	bool is_domain;
	const char *name; /* the domain's name, or NULL */
	bool has_uuid;
	struct uuid uuid;
	bool has_memory;
	uint64_t memory;       /* <memory> in bytes */
	const char *machine;   /* <os><type machine>, or NULL */
	uint32_t os_boots;     /* how many <boot> there are in <os>, */
	uint32_t network_boot; /* and which of them, from 1, is the network's; 0 when none is */
	struct interface *interfaces;
	size_t interface_count;
	struct interface *pool_interfaces; /* of type 'network': acting verbs refuse them */
	size_t pool_interface_count;
	bool has_interface;         /* there is an <interface>, whatever its type, */
	bool leads;                 /* and the first of them is the first of interfaces */
	struct interface *hostdevs; /* <hostdev>: acting verbs leave them alone, they are not read then */
	size_t hostdev_count;
	size_t stranger_count; /* <hostdev> of other kinds that have no user alias */
	struct controller *controllers;
	size_t controller_count;
	struct network *network; /* <network> */
	struct document_vf *vfs;
	size_t vf_count;
};

/* What a document is read for: which of the rules count. */
enum purpose {
	PURPOSE_ACT,       /* to assign its devices: what this version cannot do yet is refused, too */
	PURPOSE_ARGUMENTS, /* to tell a VMM of them: the same, but for <hostdev>, which are read */
	PURPOSE_CHECK,     /* to say what is wrong: all that would keep a guest from starting */
	PURPOSE_DEFINE,    /* to keep it: what libvirt refuses when it defines */
};

#define DOCUMENT_LIST_MAX 8192     /* devices of a document, items of any list in it */
#define DOCUMENT_FINDINGS_MAX 1000 /* that are told; of others, only how many there are */

/* The bytes to parse. */
struct document_text {
	const char *file; /* the name in messages: "guest.xml", "-" is shown as "<stdin>" */
	const char *data;
	size_t length;
	enum purpose purpose;
};

/*
 * Parses TEXT and applies every rule that its purpose asks for and that can be decided from it. Everything
 * wrong is reported, each with FILE:LINE:COLUMN; unknown elements and attributes are warnings, errors with
 * STRICT (acting verbs: a mistyped <vlan> would lose isolation). Returns 0 and the document, or -EINVAL
 * (reports has errors), -ENOMEM.
 */
int document_parse(const struct document_text *text, bool strict, struct document **ret,
		   struct reports *reports);

/*
 * DOCUMENT, which was made from TEXT, in canonical form, in new memory: a device alone; or the domain, whose
 * devices of ours are replaced by their canonical form, with every other byte as it was. NULL without memory.
 */
char *document_format(const struct document *document, const struct document_text *text);

/* The controller of the guest's PCI or USB bus NUMBER, NULL when DOCUMENT does not show one. */
const struct controller *document_bus(const struct document *document, enum source_type type, uint32_t number);

/* Frees DOCUMENT; NULL is allowed. */
void document_free(struct document *document);

/* "FILE:LINE:COLUMN" of POSITION in DOCUMENT, in new memory, for reports about it. NULL without memory. */
char *document_where(const struct document *document, struct position position);
