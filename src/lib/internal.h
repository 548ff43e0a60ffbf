/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the verbs of the library share: the context, the result, and a session on the host. */

#include <stdbool.h>
#include <stddef.h>
#include <vfassign.h>

#include "base/log.h"
#include "base/report.h"
#include "facts/facts.h"
#include "model/document.h"
#include "plan/plan.h"
#include "record/store.h"
#include "types/pci.h"

struct vfassign {
	char *root;      /* "" or a folder without trailing slash */
	char *state_dir;
	unsigned timeout_ms;
	bool limited;    /* --allow was given: only these devices may be named */
	struct pci_address *allowed;
	size_t allowed_count;
	struct log log;
};

/* Reads "PCI[,PCI]…" into new memory. 0, -EINVAL with a report, -ENOMEM. */
int parse_addresses(const char *text, struct pci_address **ret, size_t *ret_count, struct reports *reports);

struct vfassign_document {
	struct document *model;
};

struct vfassign_result {
	struct reports reports;
	struct vfassign_report *shown; /* the reports in their public form */
	const char *assignment;
	const char *guest;
	struct vfassign_device *devices;
	size_t device_count;
	struct vfassign_step *steps;
	size_t step_count;
	struct vfassign_pf *pfs;
	size_t pf_count;
	struct vfassign_vf *vfs;
	size_t vf_count;
	const char **arguments;
	size_t argument_count;
	void **owned; /* every string and array above */
	size_t owned_count;
};

/* A new, empty result, or NULL. */
struct vfassign_result *result_new(void);

/* TEXT (from malloc, or NULL for lack of memory), owned by RESULT from here on; "" instead of NULL. */
const char *result_own(struct vfassign_result *result, char *text);

/* A copy of TEXT that RESULT owns; NULL stays NULL. */
const char *result_text(struct vfassign_result *result, const char *text);

/* Room for COUNT zeroed items of SIZE that RESULT owns. NULL without memory. */
void *result_array(struct vfassign_result *result, size_t count, size_t size);

/* Ends a verb: hands RESULT to *RET and returns what the verb returns for it: R, or -EINVAL when R is 0 and there are errors. */
int result_finish(struct vfassign_result *result, int r, struct vfassign_result **ret);

/* Adds the device of PLAN to the prepared devices of RESULT, with the -device argument QEMU (owned from here on). */
void result_add_prepared(struct vfassign_result *result, const struct device_plan *plan, char *qemu);

/* Adds a device that was given back. */
void result_add_released(struct vfassign_result *result, const struct record *record);

/* The -device argument for interface INDEX of DOCUMENT, in new memory. */
char *document_qemu(const struct document *document, const struct vfassign_request *request, size_t index);

/* A verb at work on the host. All zero is a session that was not opened. */
struct session {
	struct vfassign *context;
	struct vfassign_result *result;
	struct kernel *kernel;
	struct store *store;
	struct record_list records;
	int *locks; /* one for each device locked */
	size_t lock_count;
};

/*
 * Opens the host for a verb that only looks: records that cannot be read are a warning. Fills what it could, session_done()
 * closes it. 0 or a negative errno with a report.
 */
int session_look(struct session *session);

/* Opens the host for a verb that changes it: refuses a captured one, makes the state folder. The same otherwise. */
int session_act(struct session *session);

/* Unlocks and closes everything. */
void session_done(struct session *session);

/* Locks the VF at ADDRESS until the session ends. -EBUSY, with a report, when somebody else is at work on it. */
int session_lock(struct session *session, struct pci_address address);

/* The same, but that somebody else is at work is no error: -EBUSY without a report. */
int session_try_lock(struct session *session, struct pci_address address);

/* Drops all locks. */
void session_unlock(struct session *session);

/* Reads the records anew, after locking. 0 or a negative errno with a report. */
int session_read_records(struct session *session);

/*
 * Has each committed record say so itself, not only its leader's: the leader may be given back first. A crash between the two
 * lines is made up for here. 0 or a negative errno.
 */
int session_settle_commits(struct session *session);

/* Plans what DOCUMENT asks for, from facts read now. 0 or a negative errno with reports. */
int session_plan(struct session *session, const struct document *document, const struct vfassign_request *request,
		 enum facts_flags flags, struct plan *ret);

/* The guest's name by DOCUMENT and REQUEST, NULL when nobody names it. Two that differ are reported: -EINVAL. */
int request_guest(const struct document *document, const struct vfassign_request *request, const char **ret,
		  struct reports *reports);

/* Whether the process OWNER still runs. */
bool owner_alive(struct kernel *kernel, struct owner owner);

/*
 * Brings the VF of RECORD back to its before-image, reads that back, and forgets the record. The VF is locked. What could not be
 * restored is on record as dirty and reported; a VF that is still in use is reported, and nothing was changed. 0 or a
 * negative errno.
 */
int session_restore(struct session *session, struct record *record);

/*
 * Gives back all devices of ASSIGNMENT that are still on record; one that somebody else gave back meanwhile is no error.
 * 0 or a negative errno with reports.
 */
int session_release_assignment(struct session *session, struct uuid assignment);

/* An assignment being made: prepared, on record, not yet committed. All zero is none. */
struct assignment {
	struct plan plan;
	struct record **records; /* one for each device of the plan */
	size_t record_count;
	struct uuid uuid;
	const char *guest;
};

/*
 * Locks, plans and executes what DOCUMENT asks for: all devices, or none. On success all are ready, on record as preparing, and
 * still locked. 0 or a negative errno with reports.
 */
int assignment_make(struct session *session, const struct document *document,
		    const struct vfassign_request *request, struct assignment *ret);

/* Commits the assignment, owned by OWNER: from here on it stays. On failure it is undone. 0 or a negative errno. */
int assignment_commit(struct session *session, struct assignment *assignment, struct owner owner);

/* Gives back what assignment_make() made. */
int assignment_undo(struct session *session, struct assignment *assignment);

/* Frees what ASSIGNMENT holds; the devices stay as they are. */
void assignment_done(struct assignment *assignment);

/* Puts the devices of ASSIGNMENT into the session's result. */
void assignment_show(struct session *session, const struct assignment *assignment, const struct document *document,
		     const struct vfassign_request *request);
