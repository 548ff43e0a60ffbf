/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "types/address.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

struct pci_text pci_text(struct pci_address address)
{
	struct pci_text text;
	snprintf(text.s, sizeof(text.s), "%04x:%02x:%02x.%x", address.domain, address.bus & 0xffu,
		 address.slot & 0x1fu, address.function & 7u);
	return text;
}

static unsigned digit_value(char hex)
{
	int digit = tolower((unsigned char)hex);
	return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* Reads MIN to MAX hex digits that are followed by END, at *P, which moves behind END. */
static int hex_field(const char **p, size_t min, size_t max, char end, uint32_t *ret)
{
	uint32_t value = 0;
	size_t digits = 0;
	for (; isxdigit((unsigned char)**p); (*p)++) {
		if (++digits > max)
			return -EINVAL;
		value = value << 4 | digit_value(**p);
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

struct mac_text mac_text(struct mac mac)
{
	struct mac_text text = { "" };
	char *p = text.s;
	for (size_t i = 0; i < MAC_SIZE; i++) {
		*p++ = hex_digits[mac.byte[i] >> 4];
		*p++ = hex_digits[mac.byte[i] & 0xf];
		*p++ = i + 1 < MAC_SIZE ? ':' : '\0';
	}
	return text;
}

int mac_parse(const char *text, struct mac *ret)
{
	struct mac mac;
	const char *p = text;
	for (int i = 0; i < MAC_SIZE; i++) {
		if (i > 0 && *p++ != ':')
			return -EINVAL;
		if (!isxdigit((unsigned char)p[0]))
			return -EINVAL;
		mac.byte[i] = (uint8_t)digit_value(*p++);
		if (isxdigit((unsigned char)*p))
			mac.byte[i] = (uint8_t)(mac.byte[i] << 4 | digit_value(*p++));
	}
	if ((unsigned char)*p > 0x20)
		return -EINVAL;
	*ret = mac;
	return 0;
}

bool mac_equal(struct mac a, struct mac b)
{
	return memcmp(a.byte, b.byte, MAC_SIZE) == 0;
}

bool mac_is_zero(struct mac mac)
{
	return mac_equal(mac, (struct mac){ 0 });
}

bool mac_is_multicast(struct mac mac)
{
	return mac.byte[0] & 1;
}
