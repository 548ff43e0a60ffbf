/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "types/pci.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pci_text pci_text(struct pci_address address)
{
	struct pci_text text;
	snprintf(text.s, sizeof(text.s), "%04x:%02x:%02x.%x", address.domain, address.bus & 0xffu, address.slot & 0x1fu,
		 address.function & 7u);
	return text;
}

/* Reads MIN to MAX hex digits that are followed by END, at *P, which moves behind END. */
static int hex_field(const char **p, size_t min, size_t max, char end, uint32_t *ret)
{
	uint32_t value = 0;
	size_t digits = 0;
	for (; isxdigit((unsigned char)**p); (*p)++) {
		if (++digits > max)
			return -EINVAL;
		char digit = (char)tolower((unsigned char)**p);
		value = value << 4 | (uint32_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
	}
	if (digits < min || **p != end)
		return -EINVAL;
	if (end)
		(*p)++;
	*ret = value;
	return 0;
}

int pci_parse(const char *text, struct pci_address *ret)
{
	const char *first = strchr(text, ':');
	uint32_t domain = 0, bus, slot, function;
	if (first && strchr(first + 1, ':') && hex_field(&text, 4, 8, ':', &domain) < 0)
		return -EINVAL;
	if (hex_field(&text, 2, 2, ':', &bus) < 0 || hex_field(&text, 2, 2, '.', &slot) < 0 ||
	    hex_field(&text, 1, 1, '\0', &function) < 0)
		return -EINVAL;
	if (slot > PCI_SLOT_MAX || function > PCI_FUNCTION_MAX)
		return -EINVAL;
	*ret = (struct pci_address){ domain, (uint8_t)bus, (uint8_t)slot, (uint8_t)function };
	return 0;
}

int pci_compare(struct pci_address a, struct pci_address b)
{
	if (a.domain != b.domain)
		return a.domain < b.domain ? -1 : 1;
	int left = a.bus << 8 | a.slot << 3 | a.function;
	int right = b.bus << 8 | b.slot << 3 | b.function;
	return left - right;
}
