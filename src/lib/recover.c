/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <vfassign.h>

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

/* Recovers one device, whose lock is ours. */
static int recover_locked(struct session *session, struct record *record)
{
	if (!session_is_stale(session, record)) {
		bool alive = record->committed && session_owner_alive(session, record->owner);
		if (alive && record->dirty)
			return leave_to_owner(session, record);
		if (alive || !is_abandoned(session, record))
			return 0;
	}
	/* Restoring may add a reason of its own. */
	const char *why = reason(record);
	int r = session_restore(session, record);
	if (r != 0)
		return r < 0 ? r : 0;
	struct pci_text name = pci_text(record->address);
	result_add_released(session->result, record);
	report_note(session->reports, name.s, "%s of guest %s is as it was again (%s)", name.s, record->guest,
		    why);
	return 0;
}

/* Recovers the device on record at ADDRESS, unless somebody is at work on it. */
static int recover_one(struct session *session, struct pci_address address)
{
	int r = session_try_lock(session, address);
	if (r == -EBUSY)
		return 0;
	if (r == 0)
		r = session_read_records(session);
	if (r == 0)
		r = session_settle(session, address);
	struct record *record = r == 0 ? record_list_find(&session->records, address) : NULL;
	if (record)
		r = recover_locked(session, record);
	session_unlock(session);
	return r;
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
	for (size_t i = 0; i < seen.count; i++) {
		int one = recover_one(session, seen.items[i]->address);
		r = one < 0 ? one : r;
	}
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
