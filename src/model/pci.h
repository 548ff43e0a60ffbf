/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* PCI addresses, as <source> and the guest's <address> write them. */

#include "model/grammar.h"

struct pci_address;

enum { PCI_TYPE, PCI_DOMAIN, PCI_BUS, PCI_SLOT, PCI_FUNCTION, PCI_MULTIFUNCTION, PCI_ATTRIBUTES };

#define PCI_PART(name_, style_, ...) \
	{ \
		.name = (name_), .read = read_number, .flags = ATTRIBUTE_APPLIED, .style = (style_), \
		.field = __VA_ARGS__ \
	}

/* The rows of the four parts; AT(KIND, PART) is where they are kept. */
#define PCI_ROWS(AT) \
	[PCI_DOMAIN] = PCI_PART("domain", STYLE_HEX4, AT(FIELD_U32, domain)), \
	[PCI_BUS] = PCI_PART("bus", STYLE_HEX2, AT(FIELD_U8, bus)), \
	[PCI_SLOT] = PCI_PART("slot", STYLE_HEX2, AT(FIELD_U8, slot)), \
	[PCI_FUNCTION] = PCI_PART("function", STYLE_HEX, AT(FIELD_U8, function))

/* The address that TAG, read with such rows, gives, if each part is in its range; what is not is told. */
bool pci_of(struct reader *reader, const struct tag *tag, struct pci_address *ret);
