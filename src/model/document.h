/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the user asks for: the devices of one XML document, validated, as plain structs. Reading it does no I/O and knows no
 * host. What the document does not mention is absent here, never zero.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types/address.h"
#include "types/setting.h"
#include "types/uuid.h"

struct reports;

/* Where something stands in the document; both count from 1, columns in bytes. */
struct position {
	unsigned line;
	unsigned column;
};

enum source_type { SOURCE_PCI, SOURCE_USB };

/* <source> of a USB interface: by address, by vendor and product, or both. */
struct usb_source {
	bool has_address;
	uint32_t bus;
	uint32_t device;
	bool has_id;
	uint32_t vendor;
	uint32_t product;
};

/*
 * <address type='pci'> of the guest. Domain, bus and slot zero is libvirt's "please assign one": absent here, though
 * multifunction can be given beside it.
 */
struct guest_address {
	bool present;
	struct pci_address pci;
	bool has_multifunction;
	bool multifunction;
};

/* <rom>. */
struct rom {
	bool has_enabled;
	bool enabled;
	bool has_bar;
	bool bar;
	char *file; /* NULL when absent; "" means no ROM */
};

/* One <interface type='hostdev'>. */
struct interface {
	struct position position; /* of its '<' */
	enum source_type source;
	struct pci_address host; /* SOURCE_PCI */
	struct usb_source usb;   /* SOURCE_USB */
	bool managed;
	struct settings settings;     /* <mac> and <vlan>: up to SETTING_VF_LAST */
	char driver_model[NAME_SIZE]; /* <driver model>: the host driver to bind; "" when absent */
	char *virtualport;            /* its type, or NULL */
	char *alias;                  /* as QEMU's id: only user aliases ("ua-…"), else NULL */
	uint32_t boot_order;          /* 0 when absent */
	struct rom rom;
	struct guest_address address;
};

/* A document: <interface> alone, or a <domain> with its hostdev interfaces in document order. */
struct document {
	char *file; /* the name it was read under, for messages */
	char *name; /* the domain's name, or NULL */
	bool has_uuid;
	struct uuid uuid;
	bool has_memory;
	uint64_t memory; /* <memory> in bytes */
	char *machine;   /* <os><type machine>, or NULL */
	struct interface *interfaces;
	size_t interface_count;
};

/* The bytes to parse. */
struct document_text {
	const char *file; /* the name in messages: "guest.xml", "-" is shown as "<stdin>" */
	const char *data;
	size_t length;
};

/*
 * Parses TEXT and applies every rule that can be decided from it. Everything wrong is reported, each with
 * FILE:LINE:COLUMN; unknown elements and attributes are warnings, errors with STRICT (acting verbs: a mistyped <vlan>
 * would lose isolation). Returns 0 and the document, or -EINVAL (reports has errors), -ENOMEM.
 */
int document_parse(const struct document_text *text, bool strict, struct document **ret,
		   struct reports *reports);

/* Frees DOCUMENT; NULL is allowed. */
void document_free(struct document *document);

/* "FILE:LINE:COLUMN" of POSITION in DOCUMENT, in new memory, for reports about it. NULL without memory. */
char *document_where(const struct document *document, struct position position);
