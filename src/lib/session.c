/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "kernel/kernel.h"
#include "kernel/process.h"
#include "lib/context.h"
#include "lib/session.h"
#include "record/store.h"

static int open_kernel(struct session *session)
{
	const char *root = session->context->root[0] ? session->context->root : "/";
	int r = kernel_open(root, &session->kernel);
	if (r < 0)
		report_cause(report_error(session->reports, REPORT_HOST, root,
					  "cannot open /sys, /proc, /dev and /run below %s", root),
			     r, NULL);
	return r;
}

static int open_store(struct session *session, bool create, struct reports *reports)
{
	struct store_place place = { session->context->root, session->context->state_dir };
	int r = store_open(&place, create, &session->store, reports);
	if (r < 0 && reports->errors == 0)
		report_cause(report_error(reports, REPORT_HOST, place.state_dir,
					  "cannot open the state folder %s", place.state_dir),
			     r, NULL);
	return r;
}

int session_look(struct session *session)
{
	struct reports reports = { 0 };
	int r = open_kernel(session);
	if (r < 0)
		return r;
	r = open_store(session, false, &reports);
	session->records_hidden = r < 0;
	if (r == 0)
		r = session_read_records(session);
	else
		report_warning(session->reports, REPORT_DENIED, session->context->state_dir,
			       "cannot read the records in %s: what is assigned is not shown%s",
			       session->context->state_dir, r == -EACCES ? " (only root can read them)" : "");
	reports_done(&reports);
	return r == -ENOMEM ? r : 0;
}

int session_act(struct session *session)
{
	struct reports *reports = session->reports;
	int r = open_kernel(session);
	if (r < 0)
		return r;
	if (!kernel_is_live(session->kernel)) {
		report_error(reports, REPORT_USAGE, session->context->root,
			     "--root %s is a captured host: only the running one can be changed",
			     session->context->root);
		return -EINVAL;
	}
	return open_store(session, true, reports);
}

void session_done(struct session *session)
{
	session_unlock(session);
	record_list_done(&session->records);
	store_close(session->store);
	kernel_close(session->kernel);
}

int session_read_records(struct session *session)
{
	/* What cannot be read is said once, not each time. */
	struct reports again = { 0 };
	record_list_done(&session->records);
	int r = store_read(session->store, &session->records,
			   session->records_read ? &again : session->reports);
	reports_done(&again);
	session->records_read = true;
	if (r < 0)
		report_cause(report_error(session->reports, REPORT_HOST, session->context->state_dir,
					  "cannot read the records in %s", session->context->state_dir),
			     r, NULL);
	return r;
}

unsigned session_timeout(const struct session *session)
{
	return session->context->timeout_ms;
}

int session_owner(struct session *session, pid_t pid, struct owner *ret)
{
	struct process process;
	int r = process_read(session->kernel, pid, &process);
	if (r == 0)
		*ret = (struct owner){ process.pid, process.start };
	return r;
}

bool session_owner_alive(struct session *session, struct owner owner)
{
	struct owner now = { 0 };
	if (owner.pid <= 0)
		return false;
	int r = session_owner(session, owner.pid, &now);
	/* Only "there is no such process" says that it is dead: it may also be that we cannot see. */
	return r < 0 ? r != -ESRCH : now.start == owner.start;
}
