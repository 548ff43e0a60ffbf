/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/derive.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void round_once(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32) + v[3];
	v[2] += v[1];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* LENGTH bytes at DATA as a little-endian number. */
static uint64_t load(const uint8_t *data, size_t length)
{
	uint64_t value = 0;
	for (size_t i = 0; i < length; i++)
		value |= (uint64_t)data[i] << (8 * i);
	return value;
}

/* SipHash-2-4 (Aumasson and Bernstein, 2012). */
static uint64_t siphash(const uint8_t key[16], const uint8_t *data, size_t length)
{
	uint64_t k0 = load(key, 8), k1 = load(key + 8, 8);
	uint64_t v[4] = { k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
			  k1 ^ 0x7465646279746573 };
	size_t whole = length / 8;
	for (size_t i = 0; i <= whole; i++) {
		uint64_t word = load(data + 8 * i, i < whole ? 8 : length % 8);
		if (i == whole)
			word |= (uint64_t)length << 56;
		v[3] ^= word;
		round_once(v);
		round_once(v);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		round_once(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct mac mac_derive(struct uuid machine_id, const char *guest, struct pci_address address, unsigned attempt)
{
	char text[512];
	/* A guest's name too long for the text only means that its end does not count. */
	snprintf(text, sizeof(text), "vfassign mac %s %u %s", pci_text(address).s, attempt, guest);
	uint64_t hash = siphash(machine_id.byte, (const uint8_t *)text, strlen(text));
	struct mac mac = { .byte = { 0x02 } };
	for (size_t i = 1; i < MAC_SIZE; i++)
		mac.byte[i] = (uint8_t)(hash >> (8 * (i - 1)));
	return mac;
}

struct uuid uuid_derive(struct uuid machine_id, const char *what, const char *name)
{
	struct uuid uuid;
	char text[512];
	for (size_t half = 0; half < 2; half++) {
		snprintf(text, sizeof(text), "vfassign uuid %zu %s %s", half, what, name);
		uint64_t hash = siphash(machine_id.byte, (const uint8_t *)text, strlen(text));
		for (size_t i = 0; i < UUID_SIZE / 2; i++)
			uuid.byte[half * UUID_SIZE / 2 + i] = (uint8_t)(hash >> (8 * i));
	}
	uuid.byte[6] = (uuid.byte[6] & 0x0f) | 0x80;
	uuid.byte[8] = (uuid.byte[8] & 0x3f) | 0x80;
	return uuid;
}
