/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "lib/assignment.h"
#include "lib/request.h"
#include "lib/session.h"
#include "plan/step.h"
#include "record/store.h"

void assignment_done(struct assignment *assignment)
{
	for (size_t i = 0; i < assignment->record_count; i++)
		record_free(assignment->records[i]);
	free(assignment->records);
	plan_done(&assignment->plan);
	*assignment = (struct assignment){ 0 };
}

static int compare_addresses(const void *a, const void *b)
{
	return pci_compare(*(const struct pci_address *)a, *(const struct pci_address *)b);
}

/*
 * Locks every device that DOCUMENT names, sorted, so that two commands can never wait for each other
 * crosswise.
 */
static int lock_devices(struct session *session, const struct document *document)
{
	size_t count = 0;
	cleanup_free struct pci_address *addresses = NULL;
	int r = request_addresses(document, &addresses, &count);
	if (r == 0)
		qsort(addresses, count, sizeof(*addresses), compare_addresses);
	/* All that are busy are named. */
	for (size_t i = 0; r != -ENOMEM && i < count; i++) {
		int one = session_lock(session, addresses[i]);
		r = one < 0 ? one : r;
	}
	return r;
}

/* The record of one device, before anything happened to it. NULL without memory. */
static struct record *record_new(const struct assignment *assignment, const struct device_plan *plan)
{
	struct record *record = calloc(1, sizeof(*record));
	char *guest = strdup(assignment->guest);
	if (!record || !guest) {
		free(record);
		free(guest);
		return NULL;
	}
	*record = (struct record){
		.address = plan->address,
		.inode = plan->inode,
		.boot_id = assignment->plan.boot_id,
		.assignment = assignment->uuid,
		.leader = assignment->plan.devices[0].address,
		.guest = guest,
		.pf = plan->pf,
		.vf_index = plan->vf_index,
		.iommu_group = plan->iommu_group,
		.before = plan->before,
		.after = plan->after,
	};
	/* All intents at once: whether a setting really was changed is read from the host anyway. */
	for (size_t i = 0; i < plan->step_count; i++)
		if (step_changes(plan->steps[i].kind))
			record->touched[plan->steps[i].setting] = true;
	return record;
}

/*
 * Puts the device of PLAN on record. Unless there was a record before, it then is the assignment's to remove,
 * whatever failed.
 */
static int create_record(struct session *session, struct assignment *assignment, const struct device_plan *plan)
{
	struct record *record = record_new(assignment, plan);
	int r = record ? store_create(session->store, record) : -ENOMEM;
	if (record && r != -EEXIST && r != -EXDEV)
		assignment->records[assignment->record_count++] = record;
	else
		record_free(record);
	struct pci_text name = pci_text(plan->address);
	if (r == -EEXIST)
		report_error(session->reports, REPORT_BUSY, name.s,
			     "there is a record of %s that cannot be read", name.s);
	else if (r == -EXDEV)
		report_hint(report_error(session->reports, REPORT_BUSY, name.s,
					 "%s is on record in another state folder", name.s),
			    "/run/vfassign/lock/%s names it; see --state-dir", name.s);
	else if (r < 0)
		report_cause(report_error(session->reports, REPORT_HOST, name.s,
					  "cannot write the record of %s", name.s),
			     r, NULL);
	return r;
}

/* Puts every device on record, before any of them changes. */
static int create_records(struct session *session, struct assignment *assignment)
{
	size_t count = assignment->plan.count;
	int r = uuid_generate(&assignment->uuid);
	assignment->records = calloc(count, sizeof(*assignment->records));
	if (!assignment->records)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = create_record(session, assignment, &assignment->plan.devices[i]);
	return r;
}

int assignment_undo(struct session *session, struct assignment *assignment)
{
	size_t count = assignment->record_count;
	cleanup_free struct restoring *items = calloc(count ? count : 1, sizeof(*items));
	int r = 0;
	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		items[i].record = assignment->records[i];
	session_restore(session, items, count);
	for (size_t i = 0; i < count; i++) {
		struct pci_text name = pci_text(items[i].record->address);
		r = items[i].result < 0 ? items[i].result : r;
		/*
		 * Elsewhere a device in use is just left as it is; this one is nobody's, and must not stay
		 * so.
		 */
		if (items[i].result == -EBUSY)
			report_hint(report_error(session->reports, REPORT_DIRTY, name.s,
						 "%s could not be given back, because it is in use", name.s),
				    "vfassign recover, when nobody uses it any more");
	}
	return r;
}

int assignment_make(struct session *session, const struct document *document,
		    const struct vfassign_request *request, struct assignment *ret)
{
	struct assignment assignment = { 0 };
	int r = request_require_guest(document, request, &assignment.guest, session->reports);
	if (r == 0)
		r = request_allowed(session, document);
	if (r == 0)
		r = lock_devices(session, document);
	if (r == 0)
		r = session_read_records(session);
	if (r == 0)
		r = request_plan(session, document, request, LOOK_LOCKED, &assignment.plan);
	if (r == 0)
		r = session_load_drivers(session, &assignment.plan);
	if (r == 0) {
		r = create_records(session, &assignment);
		if (r == 0)
			r = session_execute(session, &assignment.plan, assignment.records);
		if (r == 0)
			r = request_verify(session, document, &assignment.plan);
		if (r < 0)
			assignment_undo(session, &assignment);
	}
	if (r < 0)
		assignment_done(&assignment);
	else
		*ret = assignment;
	return r;
}

int assignment_commit(struct session *session, struct assignment *assignment, struct owner owner)
{
	int r = 0;
	for (size_t i = 0; r == 0 && owner.pid && i < assignment->record_count; i++)
		r = store_owner(session->store, assignment->records[i], owner);
	/* The one moment in which the whole assignment becomes valid: the leader's line. */
	if (r == 0)
		r = store_commit(session->store, assignment->records[0]);
	if (r < 0) {
		report_cause(report_error(session->reports, REPORT_HOST, NULL, "cannot commit the assignment"),
			     r, NULL);
		assignment_undo(session, assignment);
		return r;
	}
	/*
	 * So that the others stay valid when the leader is given back before them; recover makes up for a
	 * crash here.
	 */
	for (size_t i = 1; i < assignment->record_count; i++)
		store_commit(session->store, assignment->records[i]);
	return 0;
}
