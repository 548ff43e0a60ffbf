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
					  "%s is as it was, but its record cannot be removed: %s", name.s,
					  strerror(-r)),
			     r, NULL);
	return r;
}

/* The device is not the one on record: there is nothing to restore, and nothing of it may be written to another. */
static int retire(struct session *session, const struct record *record)
{
	struct pci_text name = pci_text(record->address);
	report_note(session->reports, name.s,
		    "%s is no longer the device that was given to guest %s (removed, re-created, or another boot): "
		    "its record is dropped, nothing else is done",
		    name.s, record->guest);
	return forget(session, record);
}

/* Keeps the record, says why, and tells the user. */
static int leave_dirty(struct session *session, struct record *record, const char *why)
{
	struct pci_text name = pci_text(record->address);
	if (store_dirty(session->store, record, why) < 0)
		report_warning(session->reports, REPORT_HOST, name.s,
			       "the record of %s cannot say why it is dirty", name.s);
	report_hint(report_error(session->reports, REPORT_DIRTY, name.s, "%s is not as it was: %s", name.s, why),
		    "put right what is named above, then: vfassign recover");
	return -EIO;
}

/* What one round of restoring found and did. */
struct round {
	char *why; /* what differed before it; NULL when nothing did */
	bool held; /* the device is in use, and was left alone */
};

static void round_done(struct round *round)
{
	free(round->why);
}

/* One round: read facts, do what is left to do. -ESTALE when RECORD speaks of a device that is gone. */
static int restore_once(struct session *session, struct record *record, struct round *ret)
{
	struct facts *facts = NULL;
	struct device_plan plan;
	int r = facts_read(session->kernel, &record->address, 1, 0, &facts);
	if (r < 0)
		return r;
	const struct device_facts *now = &facts->devices[0];
	ret->why = plan_differences(record, now);
	plan_release(record, now, &plan);
	if (!plan_same_device(record, now, facts->boot_id))
		r = -ESTALE;
	else if (ret->why)
		r = session_execute(session, &plan, record, &ret->held);
	facts_free(facts);
	return r;
}

int session_restore(struct session *session, struct record *record)
{
	/* The last round only looks: everything is as it was when it finds nothing to do. */
	for (int attempt = 0;; attempt++) {
		cleanup(round_done) struct round round = { 0 };
		int r = restore_once(session, record, &round);
		if (r == -ESTALE)
			return retire(session, record);
		if (r == 0 && !round.why)
			return forget(session, record);
		if (round.held)
			return -EBUSY;
		if (r < 0 || attempt == ATTEMPTS)
			return leave_dirty(session, record, round.why ? round.why : "it could not be read");
	}
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
