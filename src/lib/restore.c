/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "exec/execute.h"
#include "lib/internal.h"

/* How often what udev or a driver changes behind our back is set again. */
#define ATTEMPTS 3

/* Forgets a record; one that cannot be removed stays, and is tried again by recover. */
static int forget(struct session *session, const struct record *record)
{
	int r = store_remove(session->store, record);
	struct pci_text name = pci_text(record->address);
	if (r < 0)
		report_cause(report_error(&session->result->reports, REPORT_DIRTY, name.s,
					  "%s is as it was, but its record cannot be removed: %s", name.s, strerror(-r)),
			     r, NULL);
	return r;
}

/* The device is not the one on record: there is nothing to restore, and nothing of it may be written to another. */
static int retire(struct session *session, const struct record *record)
{
	struct pci_text name = pci_text(record->address);
	report_note(&session->result->reports, name.s,
		    "%s is no longer the device that was given to guest %s (removed, re-created, or another boot): "
		    "its record is dropped, nothing else is done",
		    name.s, record->guest);
	return forget(session, record);
}

/* Keeps the record, says why, and tells the user. */
static int leave_dirty(struct session *session, struct record *record, const char *why)
{
	struct reports *reports = &session->result->reports;
	struct pci_text name = pci_text(record->address);
	if (store_dirty(session->store, record, why) < 0)
		report_warning(reports, REPORT_HOST, name.s, "the record of %s cannot say why it is dirty", name.s);
	report_hint(report_error(reports, REPORT_DIRTY, name.s, "%s is not as it was: %s", name.s, why),
		    "put right what is named above, then: vfassign recover");
	return -EIO;
}

/* One round: read facts, do what is left to do. *RET_WHY is what differs before the round, NULL when nothing does. */
static int restore_once(struct session *session, struct executor *executor, const struct record *record,
			char **ret_why)
{
	struct facts *facts = NULL;
	struct device_plan plan;
	*ret_why = NULL;
	int r = facts_read(session->kernel, &record->address, 1, 0, &facts);
	if (r < 0)
		return r;
	const struct device_facts *now = &facts->devices[0];
	if (!plan_same_device(record, now, facts->boot_id)) {
		r = -ESTALE;
	} else {
		*ret_why = plan_differences(record, now);
		plan_release(record, now, &plan);
		r = *ret_why ? execute(executor, &plan, NULL, &session->result->reports) : 0;
	}
	facts_free(facts);
	return r;
}

int session_restore(struct session *session, struct record *record)
{
	struct executor executor = {
		.kernel = session->kernel,
		.store = session->store,
		.log = session->context->log,
		.timeout_ms = session->context->timeout_ms,
		.group = -1,
	};
	cleanup_free char *why = NULL;
	int r = 0;
	/* The last round only looks: everything is as it was when it finds nothing to do. */
	for (int attempt = 0; r == 0 && attempt <= ATTEMPTS; attempt++) {
		free(TAKE(why));
		r = restore_once(session, &executor, record, &why);
		if (r == 0 && !why)
			return forget(session, record);
	}
	if (r == -ESTALE)
		return retire(session, record);
	if (executor.held)
		return r;
	return leave_dirty(session, record, why ? why : "it could not be read");
}
