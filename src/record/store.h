/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The store: a private folder (design: /run/vfassign, 0700) with one record file for each assigned VF, named
 * by its PCI address, and lock/ with one lock file for each VF that was ever worked on.
 *
 * A record file is lines of JSON, each written with one write(2) and synced: first what the record is
 * (written whole or not at all, by rename), then what happened: {"intent":"vlan"}, {"owner":{…}},
 * {"committed":true}, {"dirty":"why"}. A last line without its newline was torn by a crash and counts as not
 * written. A lock is a flock(2): the kernel drops it when its holder ends, however it ends.
 */

#include <stdbool.h>
#include <stddef.h>

#include "types/setting.h"

struct owner;
struct pci_address;
struct record;
struct record_list;
struct reports;
struct store;

/* Where the store is. */
struct store_place {
	const char *root; /* prefix of state_dir and of the lock folder, "" or a folder without trailing slash */
	const char *state_dir; /* "/run/vfassign" */
};

/*
 * Opens the store. With CREATE it and its lock folder are made when missing; without, a missing one is an
 * empty store, and nothing can be locked or written. Folders that others may write, or that are not ours, are
 * refused. 0 or a negative errno.
 */
int store_open(const struct store_place *place, bool create, struct store **ret, struct reports *reports);

/* Closes STORE, keeping locks that were taken; NULL is allowed. */
void store_close(struct store *store);

/*
 * Locks the VF at ADDRESS: returns a descriptor that holds the lock until it is closed. Does not wait: -EBUSY
 * (without a report) when somebody else is at work on it. Other failures have a report.
 */
int store_lock(struct store *store, struct pci_address address, struct reports *reports);

/*
 * Reads all records. Records of an assignment whose leader's record is committed are committed. A file that
 * is no record (or of a newer version) is reported as a warning and left alone; those that could be read are
 * in RET all the same. 0 or a negative errno.
 */
int store_read(struct store *store, struct record_list *ret, struct reports *reports);

/*
 * Writes a new record, with an intent for each setting that it says is touched: durable when this returns 0. The caller has locked its VF. -EEXIST when there is one
 * already; after any other failure it may be there all the same, and is to be removed. -EXDEV, and it is not there, when the
 * VF is on record in another state folder.
 */
int store_create(struct store *store, const struct record *record);

/*
 * What happened to a record, each durable when this returns 0; RECORD is changed alike. 0 or a negative
 * errno.
 */
int store_intent(struct store *store, struct record *record, enum setting setting);
int store_owner(struct store *store, struct record *record, struct owner owner);
int store_commit(struct store *store, struct record *record);
int store_dirty(struct store *store, struct record *record, const char *why);

/*
 * Forgets RECORD: its before-image has been read back, or its device is gone. One that is not there is no
 * error.
 */
int store_remove(struct store *store, const struct record *record);
