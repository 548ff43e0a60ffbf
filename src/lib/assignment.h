/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* An assignment being made: its devices are prepared and on record, but it is not committed yet. */

#include <stddef.h>

#include "plan/plan.h"

struct document;
struct owner;
struct record;
struct session;
struct vfassign_request;

/* All zero is none. */
struct assignment {
	struct uuid uuid;
	const char *guest; /* the document's or the request's */
	struct plan plan;
	struct record **records; /* one for each device of the plan */
	size_t record_count;
};

/*
 * Locks, plans and executes what DOCUMENT asks for: all devices, or none. On success all are ready, on record
 * as preparing, and still locked. 0 or a negative errno with reports.
 */
int assignment_make(struct session *session, const struct document *document,
		    const struct vfassign_request *request, struct assignment *ret);

/*
 * Commits the assignment, owned by OWNER: from here on it stays. On failure it is undone. 0 or a negative
 * errno.
 */
int assignment_commit(struct session *session, struct assignment *assignment, struct owner owner);

/* Gives back what assignment_make() made. */
int assignment_undo(struct session *session, struct assignment *assignment);

/* Frees what ASSIGNMENT holds; the devices stay as they are. */
void assignment_done(struct assignment *assignment);

/* Puts the devices of ASSIGNMENT into the session's result. */
void assignment_show(struct session *session, const struct assignment *assignment,
		     const struct document *document, const struct vfassign_request *request);
