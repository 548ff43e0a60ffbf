/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A record: the durable memory of one assigned VF. It is written before the first change, says which changes
 * were begun, and goes only when the before-image has been read back. The file format is record/store.h's
 * business.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "types/address.h"
#include "types/setting.h"
#include "types/uuid.h"

/* A process: the pid alone is re-used, with its start time (clock ticks since boot) it is not. */
struct owner {
	pid_t pid; /* 0: no process owns the device, it stays until it is released */
	uint64_t start;
};

struct record {
	/* Identity: a VF that was re-created has another inode. */
	struct pci_address address;
	uint64_t inode;
	struct uuid boot_id;
	/*
	 * The assignment: committed as a whole, by the record of its leader (its first device in document
	 * order).
	 */
	struct uuid assignment;
	struct pci_address leader;
	bool committed;
	bool by_leader; /* committed, but only the leader's record says so yet */
	char *guest;
	struct owner owner;
	/* Where it is set. */
	struct pci_address pf;
	uint32_t vf_index;
	int iommu_group;
	struct settings before;      /* the before-image */
	struct settings after;       /* what was wanted */
	bool touched[SETTING_COUNT]; /* the intent to change it is on record */
	char *dirty;                 /* why restoring failed last time, or NULL */
};

/* Records, sorted by address. All zero is the empty list. */
struct record_list {
	struct record **items;
	size_t count;
	size_t unreadable; /* files that were no record */
};

/* Frees what LIST holds. */
void record_list_done(struct record_list *list);

/* The record of ADDRESS in LIST, or NULL. */
struct record *record_list_find(const struct record_list *list, struct pci_address address);

/* Frees RECORD; NULL is allowed. */
void record_free(struct record *record);

/* What a record is to the user: "preparing", "assigned" or "dirty". */
const char *record_state(const struct record *record);
