/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vfassign.h>

#include "base/cleanup.h"
#include "exec/wait.h"
#include "lib/context.h"
#include "lib/result.h"
#include "lib/session.h"

/* What the caller selected, read. */
struct selected {
	const struct vfassign_selection *as;
	struct uuid assignment;
	struct pci_address *addresses;
	size_t address_count;
	bool given_back;   /* it is no error that something is not there any more */
	size_t found;      /* how many records it selected */
	size_t unreadable; /* how many it could not look at */
};

static int read_selection(const struct vfassign_selection *selection, struct selected *ret,
			  struct reports *reports)
{
	*ret = (struct selected){ .as = selection };
	int given = !!selection->assignment + !!selection->guest + !!selection->devices;
	if (given != 1) {
		report_hint(report_error(reports, REPORT_USAGE, NULL, "say what to release: %s",
					 given ? "only one of assignment, guest and devices" :
						 "nothing was named"),
			    "use --assignment UUID, --guest NAME or --device PCI");
		return -EINVAL;
	}
	if (selection->devices)
		return parse_addresses(selection->devices, &ret->addresses, &ret->address_count, reports);
	if (selection->assignment && uuid_parse(selection->assignment, &ret->assignment) < 0) {
		report_error(reports, REPORT_USAGE, selection->assignment,
			     "'%s' is not the UUID of an assignment", selection->assignment);
		return -EINVAL;
	}
	return 0;
}

static bool is_selected(const struct selected *selected, const struct record *record)
{
	if (selected->as->guest)
		return strcmp(record->guest, selected->as->guest) == 0;
	if (selected->as->assignment)
		return uuid_equal(record->assignment, selected->assignment);
	for (size_t i = 0; i < selected->address_count; i++)
		if (pci_compare(record->address, selected->addresses[i]) == 0)
			return true;
	return false;
}

/* Whether the address at INDEX stands in the list before, too. */
static bool is_named_before(const struct selected *selected, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (pci_compare(selected->addresses[i], selected->addresses[index]) == 0)
			return true;
	return false;
}

/* Reports what was named but is not assigned: not among the records SEEN. */
static void report_missing(struct session *session, const struct selected *selected,
			   const struct record_list *seen)
{
	static const char hint[] = "vfassign list shows what is assigned";
	struct reports *reports = session->reports;
	if (selected->given_back)
		return;
	for (size_t i = 0; i < selected->address_count; i++) {
		struct pci_text name = pci_text(selected->addresses[i]);
		if (!record_list_find(seen, selected->addresses[i]) && !is_named_before(selected, i))
			report_hint(report_error(reports, REPORT_DEVICE_MISSING, name.s, "%s is not assigned",
						 name.s),
				    "%s", hint);
	}
	if (selected->found == 0 && selected->as->guest)
		report_hint(report_error(reports, REPORT_DEVICE_MISSING, selected->as->guest,
					 "no device is assigned to guest %s", selected->as->guest),
			    "%s", hint);
	if (selected->found == 0 && selected->as->assignment)
		report_hint(report_error(reports, REPORT_DEVICE_MISSING, selected->as->assignment,
					 "there is no assignment %s", selected->as->assignment),
			    "%s", hint);
}

static int refuse_owned(struct session *session, const struct record *record)
{
	struct pci_text name = pci_text(record->address);
	report_hint(report_error(session->reports, REPORT_BUSY, name.s,
				 "%s belongs to guest %s, and its process %d still runs", name.s,
				 record->guest, record->owner.pid),
		    "end that process first, or: vfassign release --assignment %s",
		    uuid_text(record->assignment).s);
	return -EBUSY;
}

/* Locks all that is selected of SEEN, within one bound for all, and says in LOCKED which are ours now. */
static int lock_seen(struct session *session, struct selected *selected, const struct record_list *seen,
		     bool *locked)
{
	struct wait wait = wait_start(session_timeout(session));
	int r = 0;
	for (size_t i = 0; i < seen->count; i++) {
		if (!is_selected(selected, seen->items[i]))
			continue;
		int one = session_wait_lock(session, seen->items[i]->address, &wait);
		locked[i] = one == 0;
		/* What could not be looked at is not missing. */
		selected->found += one < 0;
		r = one < 0 ? one : r;
	}
	return r;
}

/* Makes the records of those that are LOCKED ready to be given back one without the other. */
static int settle_seen(struct session *session, struct selected *selected, const struct record_list *seen,
		       bool *locked)
{
	int r = session_read_records(session), result = r;
	for (size_t i = 0; i < seen->count; i++) {
		if (!locked[i])
			continue;
		int one = r < 0 ? r : session_settle(session, seen->items[i]->address);
		locked[i] = one == 0;
		selected->found += one < 0;
		result = one < 0 ? one : result;
	}
	return result;
}

/*
 * Collects what is to be given back: until the locks were ours the records may have changed. Only what is still the same
 * assignment is given back, never what has since been given to somebody else.
 */
static int collect(struct session *session, struct selected *selected, const struct record *seen,
		   struct restoring *items, size_t *count)
{
	struct record *record = record_list_find(&session->records, seen->address);
	if (!record || !is_selected(selected, record) || !uuid_equal(record->assignment, seen->assignment))
		return 0;
	selected->found++;
	if (!selected->as->assignment && session_owner_alive(session, record->owner))
		return refuse_owned(session, record);
	items[(*count)++].record = record;
	return 0;
}

/* Gives back all of SEEN that is selected. */
static int release_seen(struct session *session, struct selected *selected, const struct record_list *seen)
{
	cleanup_free bool *locked = calloc(seen->count + 1, sizeof(*locked));
	cleanup_free struct restoring *items = calloc(seen->count + 1, sizeof(*items));
	size_t count = 0;
	if (!locked || !items)
		return -ENOMEM;
	int r = lock_seen(session, selected, seen, locked);
	int one = settle_seen(session, selected, seen, locked);
	r = one < 0 ? one : r;
	for (size_t i = 0; i < seen->count; i++) {
		one = locked[i] ? collect(session, selected, seen->items[i], items, &count) : 0;
		r = one < 0 ? one : r;
	}
	session_restore(session, items, count);
	for (size_t i = 0; i < count; i++) {
		/* Of one that is gone a note tells. */
		if (items[i].result == 0)
			result_add_released(session->result, items[i].record);
		r = items[i].result < 0 ? items[i].result : r;
	}
	return r;
}

/* Gives back all that is selected; what cannot be is reported, and the rest goes on. */
static int release_selected(struct session *session, struct selected *selected)
{
	int r = session_read_records(session);
	if (r < 0)
		return r;
	struct record_list seen = session->records;
	session->records = (struct record_list){ 0 };
	selected->unreadable = seen.unreadable;
	r = release_seen(session, selected, &seen);
	report_missing(session, selected, &seen);
	record_list_done(&seen);
	return r;
}

int session_release_assignment(struct session *session, struct uuid assignment, size_t count)
{
	struct uuid_text text = uuid_text(assignment);
	struct vfassign_selection selection = { .assignment = text.s };
	/* That none is left is no error here: somebody else gave them back. */
	struct selected selected = { .as = &selection, .assignment = assignment, .given_back = true };
	int r = release_selected(session, &selected);
	if (r < 0 || selected.found >= count || selected.unreadable == 0)
		return r;
	report_hint(report_error(session->reports, REPORT_DIRTY, text.s,
				 "not all devices of assignment %s were given back: there are records that cannot be read",
				 text.s),
		    "vfassign recover names them");
	return -EIO;
}

int vfassign_release(struct vfassign *context, const struct vfassign_selection *selection,
		     struct vfassign_result **ret)
{
	struct vfassign_result *result = result_new();
	struct session session = session_new(context, result);
	struct selected selected = { 0 };
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	int r = read_selection(selection, &selected, &result->reports);
	if (r == 0)
		r = session_act(&session);
	if (r == 0)
		r = release_selected(&session, &selected);
	free(selected.addresses);
	session_done(&session);
	return result_finish(result, r, ret);
}
