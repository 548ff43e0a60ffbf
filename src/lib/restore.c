/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "facts/facts.h"
#include "lib/session.h"
#include "plan/plan.h"
#include "plan/step.h"
#include "record/store.h"

/* How often what udev or a driver changes behind our back is set again. */
#define ATTEMPTS 3

/* Forgets a record; one that cannot be removed stays, and is tried again by recover. */
static int forget(struct session *session, const struct record *record)
{
	int r = store_remove(session->store, record);
	struct pci_text name = pci_text(record->address);
	if (r < 0)
		report_cause(report_error(session->reports, REPORT_DIRTY, name.s,
					  "%s is as it was, but its record cannot be removed", name.s),
			     r, NULL);
	return r;
}

/*
 * The device is not the one on record: there is nothing to restore, and nothing of it may be written to
 * another.
 */
static int retire(struct session *session, const struct record *record)
{
	struct pci_text name = pci_text(record->address);
	report_note(session->reports, name.s,
		    "%s is no longer the device that was given to guest %s (removed, re-created, or another boot): "
		    "its record is dropped, nothing else is done",
		    name.s, record->guest);
	int r = forget(session, record);
	return r < 0 ? r : SESSION_DROPPED;
}

/* Keeps the record, says why, and tells the user. */
static int leave_dirty(struct session *session, struct record *record, const char *why)
{
	struct pci_text name = pci_text(record->address);
	if (store_dirty(session->store, record, why) < 0)
		report_warning(session->reports, REPORT_HOST, name.s,
			       "the record of %s cannot say why it is dirty", name.s);
	struct report *report = report_error(session->reports, REPORT_DIRTY, name.s,
					     "%s is not as it was: %s", name.s, why);
	if (session_owner_alive(session, record->owner))
		report_hint(report, "put right what is named above, then: vfassign release --assignment %s",
			    uuid_text(record->assignment).s);
	else
		report_hint(report, "put right what is named above, then: vfassign recover");
	return -EIO;
}

/* What a look at a device on record shows. */
struct look {
	bool differs;
	char *why;               /* in what; NULL without memory */
	struct device_plan plan; /* what brings it back */
};

static void look_done(struct look *look)
{
	free(look->why);
}

/* Looks at the device of RECORD. -ESTALE when the record speaks of one that is gone. */
static int look(struct session *session, const struct record *record, struct look *ret)
{
	struct facts *facts = NULL;
	int r = facts_read(session->kernel, &record->address, 1, 0, &facts);
	if (r < 0)
		return r;
	const struct device_facts *now = &facts->devices[0];
	if (!plan_same_device(record, now, facts->boot_id))
		r = -ESTALE;
	ret->differs = plan_differences(record, now, &ret->why);
	plan_release(record, now, &ret->plan);
	facts_free(facts);
	return r;
}

/*
 * Does the steps of LOOK; what goes wrong is told to TRIED. *RET_HELD: the device is in use, and was left
 * alone.
 */
static int try_restore(struct session *session, struct record *record, const struct look *look,
		       struct reports *tried, bool *ret_held)
{
	struct reports *reports = session->reports;
	session->reports = tried;
	int r = session_execute(session, &look->plan, record, ret_held);
	session->reports = reports;
	return r;
}

/* Whether A and B say the same. */
static bool same_text(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Restores in rounds; what went wrong on the way goes to TRIED. As session_restore(). */
static int restore(struct session *session, struct record *record, struct reports *tried)
{
	cleanup_free char *before = NULL;
	bool failed = false, held = false;
	/*
	 * Each round looks first, and the last one only looks: nothing is forgotten that was not read back. A
	 * round that failed, but got somewhere, is followed by another: drivers and udev change things behind our
	 * back, and a new plan knows of that.
	 */
	for (int attempt = 0;; attempt++) {
		cleanup(look_done) struct look now = { 0 };
		int r = look(session, record, &now);
		if (r == -ESTALE)
			return retire(session, record);
		if (r == 0 && !now.differs)
			return forget(session, record);
		if (r < 0 || (failed && same_text(now.why, before)) || attempt == ATTEMPTS) {
			reports_move(session->reports, tried);
			return leave_dirty(session, record,
					   r == 0 && now.why ? now.why : "it could not be read");
		}
		failed = try_restore(session, record, &now, tried, &held) < 0;
		if (held) {
			reports_move(session->reports, tried);
			return -EBUSY;
		}
		free(before);
		before = TAKE(now.why);
	}
}

int session_restore(struct session *session, struct record *record)
{
	/* Failures on the way to a device that is as it was are nobody's business. */
	cleanup(reports_done) struct reports tried = { 0 };
	return restore(session, record, &tried);
}

bool session_is_stale(struct session *session, const struct record *record)
{
	struct facts *facts = NULL;
	if (facts_read(session->kernel, &record->address, 1, 0, &facts) < 0)
		return false;
	bool stale = !plan_same_device(record, &facts->devices[0], facts->boot_id);
	facts_free(facts);
	return stale;
}
