/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Messages about links, made by hand. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/vf.h"

/* The bytes below are those of a little-endian machine, which all test machines are; values are in host order. */
#define U16(n) (n) & 0xff, (n) >> 8
#define U32(n) (n) & 0xff, (n) >> 8 & 0xff, (n) >> 16 & 0xff, (n) >> 24

#define NESTED 0x8000

/* struct nlmsghdr: length, type, flags, sequence (set when it is sent), port. */
#define HEADER(length, type, flags) U32(length), U16(type), U16(flags), U32(0), U32(0)
/* struct ifinfomsg: family (none), padding, device type, index, flags, which flags to change. */
#define LINK(ifindex) 0, 0, U16(0), U32(ifindex), U32(0), U32(0)
/* struct nlattr: length with this header, type. */
#define ATTR(length, type) U16(length), U16(type)

/* A message that grows; attributes nest by hand. */
struct builder {
	uint8_t *bytes;
	size_t length;
	size_t room;
};

static inline void put(struct builder *b, const void *bytes, size_t length)
{
	/* Twice as much each time: sanitizers copy it whenever it grows. */
	if (!b->bytes || b->room < b->length + length + 4) {
		b->room = 2 * (b->length + length + 4);
		b->bytes = realloc(b->bytes, b->room);
		assert_non_null(b->bytes);
	}
	memcpy(b->bytes + b->length, bytes, length);
	b->length += length;
	while (b->length % 4)
		b->bytes[b->length++] = 0;
}

static inline size_t attribute_start(struct builder *b, uint16_t type)
{
	uint16_t header[] = { 0, type };
	size_t at = b->length;
	put(b, header, sizeof(header));
	return at;
}

static inline void attribute_end(struct builder *b, size_t at)
{
	uint16_t length = (uint16_t)(b->length - at);
	memcpy(b->bytes + at, &length, sizeof(length));
}

static inline void attribute(struct builder *b, uint16_t type, const void *payload, size_t length)
{
	uint16_t header[] = { (uint16_t)(length + 4), type };
	put(b, header, sizeof(header));
	put(b, payload, length);
}

/* RTM_NEWLINK with an IFLA_IFNAME, as every link has one. */
static inline struct builder message_start(void)
{
	static const uint8_t start[] = { HEADER(0, 16, 0), LINK(7) };
	struct builder b = { 0 };
	put(&b, start, sizeof(start));
	attribute(&b, 3, "eth0", 5);
	return b;
}

/* Writes the length into the header. */
static inline void message_end(struct builder *b)
{
	uint32_t length = (uint32_t)b->length;
	memcpy(b->bytes, &length, sizeof(length));
}

static inline void put_mac(struct builder *b, uint32_t vf, uint8_t last)
{
	struct {
		uint32_t vf;
		uint8_t mac[32];
	} payload = { vf, { 0x02, 0, 0, 0, 0, last } };
	attribute(b, 1, &payload, sizeof(payload));
}

static inline void put_vlan(struct builder *b, uint32_t vf, uint32_t id, uint32_t qos)
{
	uint32_t payload[] = { vf, id, qos };
	attribute(b, 2, payload, sizeof(payload));
}

static inline void put_vlan_list(struct builder *b, const uint32_t vlan[3], uint8_t proto_high,
				 uint8_t proto_low)
{
	struct {
		uint32_t vlan[3];
		uint8_t proto[4];
	} payload = { { vlan[0], vlan[1], vlan[2] }, { proto_high, proto_low } };
	size_t list = attribute_start(b, 12);
	attribute(b, 1, &payload, sizeof(payload));
	attribute_end(b, list);
}

static inline void put_number(struct builder *b, uint16_t type, uint32_t vf, uint32_t number)
{
	uint32_t payload[] = { vf, number };
	attribute(b, type, payload, sizeof(payload));
}

static inline void put_rate(struct builder *b, uint32_t vf, uint32_t min, uint32_t max)
{
	uint32_t payload[] = { vf, min, max };
	attribute(b, 6, payload, sizeof(payload));
}

/* One VF as kernels report it: all settings, the largest rate once more, and things that are not known here. */
static inline void put_vf(struct builder *b, uint32_t vf, uint16_t vlan)
{
	size_t info = attribute_start(b, 1);
	put_mac(b, vf, (uint8_t)vf);
	attribute(b, 13, "\0\0\0\0", 4);
	put_vlan(b, vf, vlan, 3);
	put_rate(b, vf, 10, 2000);
	put_number(b, 3, vf, 2000); /* IFLA_VF_TX_RATE */
	put_number(b, 4, vf, 1);
	put_number(b, 5, vf, 2);
	put_number(b, 7, vf, 0);
	put_number(b, 9, vf, 1);
	put_vlan_list(b, (uint32_t[]){ vf, vlan, 3 }, 0x88, 0xa8);
	attribute_end(b, info);
}

/* Decodes B from memory of its exact size, not aligned, and frees it; LIST may be NULL. */
static inline int decode(struct builder *b, struct vf_report **list, size_t *count)
{
	uint8_t *exact = malloc(b->length + 1);
	struct vf_report *found = NULL;
	assert_non_null(exact);
	memcpy(exact + 1, b->bytes, b->length);
	int r = vf_decode(exact + 1, b->length, &found, count);
	free(exact);
	free(b->bytes);
	if (r == 0 && list)
		*list = found;
	else
		free(found);
	return r;
}
