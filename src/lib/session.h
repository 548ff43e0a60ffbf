/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A verb at work on the host: the kernel, the store and its records, and the locks it holds. */

#include <stdbool.h>
#include <stddef.h>

#include "plan/record.h"

struct job;
struct kernel;
struct plan;
struct reports;
struct store;
struct vfassign;
struct vfassign_result;
struct wait;

/* A device that this session has locked. */
struct session_lock {
	struct pci_address address;
	int fd;
};

/* Made by session_new(); what is not given there is zero until it is opened. */
struct session {
	struct vfassign *context;
	struct vfassign_result *result;
	struct reports *reports;
	struct kernel *kernel;
	struct store *store;
	struct record_list records;
	bool records_hidden;        /* there may be records that we cannot see */
	bool records_read;          /* once, and what was wrong with them is reported */
	struct session_lock *locks; /* one for each device locked */
	size_t lock_count;
};

/* A session that is not opened yet, for a verb that tells RESULT (NULL only to be told so later). */
struct session session_new(struct vfassign *context, struct vfassign_result *result);

/*
 * Opens the host for a verb that only looks: records that cannot be read are a warning. Fills what it could,
 * session_done() closes it. 0 or a negative errno with a report.
 */
int session_look(struct session *session);

/*
 * Opens the host for a verb that changes it: refuses a captured one, makes the state folder. The same
 * otherwise.
 */
int session_act(struct session *session);

/* Unlocks and closes everything. */
void session_done(struct session *session);

/*
 * Locks the VF at ADDRESS until the session ends; one that it has locked already stays so. -EBUSY, with a
 * report, when somebody else is at work on it.
 */
int session_lock(struct session *session, struct pci_address address);

/* The same, but waits for somebody else to finish, for as long as WAIT lets it. */
int session_wait_lock(struct session *session, struct pci_address address, struct wait *wait);

/* The same as session_lock(), but that somebody else is at work is no error: -EBUSY without a report. */
int session_try_lock(struct session *session, struct pci_address address);

/* Drops the lock on ADDRESS, if there is one; all locks. */
void session_unlock_one(struct session *session, struct pci_address address);
void session_unlock(struct session *session);

/* Reads the records anew, after locking. 0 or a negative errno with a report. */
int session_read_records(struct session *session);

/*
 * Before the record of LEADER is given back: has the other records of its assignment say themselves that they
 * are committed. That they were not told is left over from a crash between two lines. Reads the records anew.
 * 0 or a negative errno with a report.
 */
int session_settle(struct session *session, struct pci_address leader);

/* The process PID as an owner. 0, -ESRCH when there is none. */
int session_owner(struct session *session, pid_t pid, struct owner *ret);

/* Whether the process OWNER still runs. */
bool session_owner_alive(struct session *session, struct owner owner);

/* The bound of each wait, in milliseconds. */
unsigned session_timeout(const struct session *session);

/* Does the steps of COUNT devices, as execute() does (exec/execute.h), for the two below and session_restore(). */
void session_run(struct session *session, struct job *jobs, size_t count);

/*
 * Has the drivers loaded that PLAN needs, before anything changes: that one is missing shows here. 0, or a negative errno with
 * reports.
 */
int session_load_drivers(struct session *session, const struct plan *plan);

/*
 * Does the steps of PLAN, all devices at a time; intents go to RECORDS, one for each. 0, or a negative errno with reports in the order
 * of the plan: then some steps were not begun.
 */
int session_execute(struct session *session, const struct plan *plan, struct record *const *records);

/* The record was dropped, because its device is gone: there was nothing to restore. A note says so. */
#define SESSION_DROPPED 1

/* A VF to be given back, and what became of that. */
struct restoring {
	struct record *record;
	int result; /* 0, SESSION_DROPPED or a negative errno; -EBUSY: it is still in use, and nothing was changed */
};

/*
 * Brings the VFs of COUNT records, which are locked, back to their before-images, all at a time, reads those back, and
 * forgets the records. What could not be restored is on record as dirty and reported. Reports come in the order of ITEMS.
 */
void session_restore(struct session *session, struct restoring *items, size_t count);

/*
 * Whether the device of RECORD is gone or was re-created: it is not what the record speaks of. False when
 * that cannot be told.
 */
bool session_is_stale(struct session *session, const struct record *record);

/*
 * Gives back all of the COUNT devices of ASSIGNMENT that are still on record; one that somebody else gave
 * back meanwhile is no error. 0 or a negative errno with reports.
 */
int session_release_assignment(struct session *session, struct uuid assignment, size_t count);
