/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* <interface type='hostdev'> and what stands in it. */

#include <stdbool.h>
#include <stddef.h>

#include "model/grammar.h"

/* Types of the guest's <address>, as far as they make a difference here. */
enum guest_type { GUEST_PCI, GUEST_USB, GUEST_UNASSIGNED, GUEST_OTHER };

/* An interface while it is being read: the model, and what rules need beyond it. */
struct draft {
	struct interface interface;
	bool has_source;
	bool source_known; /* and it says what kind of device it names */
	bool has_rom;
	size_t rom_offset;
	/* The guest's <address>. */
	bool has_address_type;
	enum guest_type address_type;
	size_t address_offset; /* of the attribute */
	/* <vlan>; libvirt's rules look at all tags, the model holds one. */
	bool has_vlan;
	size_t vlan_offset;
	size_t tag_count;
	size_t native_count;
	uint32_t tag_id; /* of the first */
};

/* The row of <interface type='hostdev'>, to be read with a draft. */
extern const struct element interface_row;

/* Frees what INTERFACE holds. */
void interface_done(struct interface *interface);

/* Reads <source>, whose rows depend on what kind of device it names. */
void source_read(struct reader *reader, const struct _xmlNode *node);

/* Reports at OFFSET that the source names no device: its address has TYPE (NULL: none). */
void source_missing(struct reader *reader, size_t offset, const char *type);

/* The guest's <address>, <mac>, <vlan> and <virtualport>. */
extern const struct element address_row;
extern const struct element mac_row;
extern const struct element vlan_row;
extern const struct element virtualport_row;
