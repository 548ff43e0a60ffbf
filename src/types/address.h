/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * PCI addresses: DOMAIN:BUS:SLOT.FUNCTION, as the kernel, lspci and libvirt write them; and Ethernet MAC
 * addresses.
 */

#include <stdbool.h>
#include <stdint.h>

/* "ffffffff:ff:1f.7" and a NUL. */
#define PCI_TEXT_SIZE 17

#define PCI_BUS_MAX 0xff
#define PCI_SLOT_MAX 0x1f
#define PCI_FUNCTION_MAX 7

struct pci_address {
	uint32_t domain; /* above 0xffff for some virtual domains (VMD) */
	uint8_t bus;
	uint8_t slot;
	uint8_t function;
};

/* The text form of a PCI address, by value so that it can be used inside a call. */
struct pci_text {
	char s[PCI_TEXT_SIZE];
};

/* ADDRESS as the kernel writes it: %04x:%02x:%02x.%x. */
struct pci_text pci_text(struct pci_address address);

/*
 * Reads "dddd:bb:ss.f" (4 to 8 hex digits of domain, lower or upper case), or "bb:ss.f" for domain 0. 0 or
 * -EINVAL.
 */
int pci_parse(const char *text, struct pci_address *ret);

/* Less than, equal to, or greater than 0 as A sorts before, with or behind B. */
int pci_compare(struct pci_address a, struct pci_address b);

#define MAC_SIZE 6
#define MAC_TEXT_SIZE 18

struct mac {
	uint8_t byte[MAC_SIZE];
};

/* The text form, by value so that it can be used inside a call. */
struct mac_text {
	char s[MAC_TEXT_SIZE];
};

/* MAC as "aa:bb:cc:dd:ee:ff". */
struct mac_text mac_text(struct mac mac);

/*
 * Reads six groups of one or two hex digits joined by ":", as libvirt does: what stands behind a byte of 0x20
 * or less after the sixth group is ignored. 0 or -EINVAL.
 */
int mac_parse(const char *text, struct mac *ret);

/* Whether A and B are the same, byte for byte; whether MAC is 00:00:00:00:00:00. */
bool mac_equal(struct mac a, struct mac b);
bool mac_is_zero(struct mac mac);

/* Whether the group bit is set; broadcast is such a MAC. */
bool mac_is_multicast(struct mac mac);
