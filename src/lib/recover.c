/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <vfassign.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "lib/context.h"
#include "lib/result.h"
#include "lib/session.h"

/* Whether the device of RECORD is to be given back: nobody can want it any more. */
static bool is_abandoned(struct session *session, const struct record *record)
{
	if (!record->committed || record->dirty)
		return true;
	return record->owner.pid && !session_owner_alive(session, record->owner);
}

/* Why the device was given back, for people. */
static const char *reason(const struct record *record)
{
	if (record->dirty)
		return "an earlier release had not finished";
	return record->committed ? "its process is gone" : "its prepare was cut short";
}

/* A dirty device whose process lives waits for its release: the process may still use it. */
static int leave_to_owner(struct session *session, const struct record *record)
{
	struct pci_text name = pci_text(record->address);
	report_hint(report_error(session->reports, REPORT_DIRTY, name.s,
				 "%s is not as it was (%s), but process %d, to which it belongs, still runs",
				 name.s, record->dirty, record->owner.pid),
		    "vfassign release --assignment %s", uuid_text(record->assignment).s);
	return -EBUSY;
}

/*
 * Whether the device of RECORD, whose lock is ours, is to be given back: nobody can want it any more, or it is gone. 1, 0,
 * or a negative errno with a report.
 */
static int is_due(struct session *session, const struct record *record)
{
	if (session_is_stale(session, record))
		return 1;
	bool alive = record->committed && session_owner_alive(session, record->owner);
	if (alive && record->dirty)
		return leave_to_owner(session, record);
	return !alive && is_abandoned(session, record);
}

/* Locks the devices of SEEN that nobody is at work on, and has their records read and settled. LOCKED says which. */
static int lock_idle(struct session *session, const struct record_list *seen, bool *locked)
{
	int result = 0;
	for (size_t i = 0; i < seen->count; i++) {
		int r = session_try_lock(session, seen->items[i]->address);
		locked[i] = r == 0;
		result = r < 0 && r != -EBUSY ? r : result;
	}
	int r = session_read_records(session);
	for (size_t i = 0; i < seen->count; i++) {
		int one = r < 0 || !locked[i] ? r : session_settle(session, seen->items[i]->address);
		locked[i] = locked[i] && one == 0;
		result = one < 0 ? one : result;
	}
	return result;
}

/* Gives back the COUNT devices of ITEMS; why each is, WHY says. */
static int give_back(struct session *session, struct restoring *items, const char **why, size_t count)
{
	int r = 0;
	session_restore(session, items, count);
	for (size_t i = 0; i < count; i++) {
		const struct record *record = items[i].record;
		struct pci_text name = pci_text(record->address);
		r = items[i].result < 0 ? items[i].result : r;
		/* Of one that is gone there is a note already. */
		if (items[i].result != 0)
			continue;
		result_add_released(session->result, record);
		report_note(session->reports, name.s, "%s of guest %s is as it was again (%s)", name.s,
			    record->guest, why[i]);
	}
	return r;
}

/* Recovers what is due of SEEN. */
static int recover_seen(struct session *session, const struct record_list *seen)
{
	cleanup_free bool *locked = calloc(seen->count + 1, sizeof(*locked));
	cleanup_free struct restoring *items = calloc(seen->count + 1, sizeof(*items));
	cleanup_free const char **why = calloc(seen->count + 1, sizeof(*why));
	size_t count = 0;
	if (!locked || !items || !why)
		return -ENOMEM;
	int r = lock_idle(session, seen, locked);
	for (size_t i = 0; i < seen->count; i++) {
		struct pci_address address = seen->items[i]->address;
		struct record *record = locked[i] ? record_list_find(&session->records, address) : NULL;
		int due = record ? is_due(session, record) : 0;
		r = due < 0 ? due : r;
		if (due > 0) {
			/* Restoring may add a reason of its own. */
			why[count] = reason(record);
			items[count++].record = record;
		} else {
			/* Others may get on with it while we are busy. */
			session_unlock_one(session, address);
		}
	}
	int given = give_back(session, items, why, count);
	return given < 0 ? given : r;
}

static int recover_all(struct session *session)
{
	struct reports *reports = session->reports;
	int r = session_read_records(session);
	if (r < 0)
		return r;
	struct record_list seen = session->records;
	session->records = (struct record_list){ 0 };
	if (seen.unreadable)
		report_error(reports, REPORT_DIRTY, session->context->state_dir,
			     "%zu of the records could not be read: their devices were not recovered",
			     seen.unreadable);
	r = recover_seen(session, &seen);
	record_list_done(&seen);
	return r;
}

int vfassign_recover(struct vfassign *context, struct vfassign_result **ret)
{
	struct vfassign_result *result = result_new();
	struct session session = session_new(context, result);
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	int r = session_act(&session);
	if (r == 0)
		r = recover_all(&session);
	session_done(&session);
	return result_finish(result, r, ret);
}
