/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Claims: what each device of a document takes for itself, so that two that take the same are found. The
 * other devices of a domain (disks, controllers, …) claim too, but they only matter where they disagree with
 * one of ours.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/grammar.h"
#include "types/address.h"

enum claim_kind {
	CLAIM_HOST_PCI,    /* a PCI device of the host: pci_key() */
	CLAIM_HOST_USB,    /* a USB device of the host, by bus and device */
	CLAIM_HOST_USB_ID, /* the same, by vendor and product */
	CLAIM_GUEST_PCI,   /* a PCI address of the guest: pci_key() */
	CLAIM_GUEST_USB,   /* a port of a USB bus of the guest: bus, and port as name */
	CLAIM_BOOT_ORDER,
	CLAIM_ALIAS,   /* name */
	CLAIM_RAMFB,   /* the one frame buffer of a virtual GPU */
	CLAIM_DISPLAY, /* a graphics device: not a thing that only one can have */
	CLAIM_KIND_COUNT
};

struct claim {
	enum claim_kind kind;
	uint64_t key;
	const char *name; /* for the kinds that say so, the document's or the tree's; else NULL */
	size_t offset;    /* where it stands in the document */
	bool ours;        /* of a device that this program assigns */
	bool late;        /* libvirt looks at it behind all others of its kind that are not */
	bool yields;      /* only taken against an earlier claim, never against a later one */
};

struct claims {
	struct claim *items;
	size_t count;
	bool has_graphics; /* there is a <graphics> */
};

/* ADDRESS as a key: equal for equal addresses. */
uint64_t claims_pci_key(struct pci_address address);

/* Remembers CLAIM. */
void claims_add(struct reader *reader, struct claim claim);

/* Remembers what NODE, a device that is not ours, claims. Whatever is wrong there is not ours to tell. */
void claims_add_other(struct reader *reader, const struct _xmlNode *node);

/* Reports what two devices claim. */
void claims_check(struct reader *reader);
