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
					  "cannot open /sys, /proc, /dev and /run below %s: %s", root,
					  strerror(-r)),
			     r, NULL);
	return r;
}

static int open_store(struct session *session, bool create, struct reports *reports)
{
	struct store_place place = { session->context->root, session->context->state_dir };
	int r = store_open(&place, create, &session->store, reports);
	if (r < 0 && reports->errors == 0)
		report_cause(report_error(reports, REPORT_HOST, place.state_dir,
					  "cannot open the state folder %s: %s", place.state_dir, strerror(-r)),
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

void session_unlock(struct session *session)
{
	for (size_t i = 0; i < session->lock_count; i++)
		cleanup_close_at(&session->locks[i]);
	free(session->locks);
	session->locks = NULL;
	session->lock_count = 0;
}

void session_done(struct session *session)
{
	session_unlock(session);
	record_list_done(&session->records);
	store_close(session->store);
	kernel_close(session->kernel);
}

int session_try_lock(struct session *session, struct pci_address address)
{
	int *locks = reallocarray(session->locks, session->lock_count + 1, sizeof(*locks));
	if (!locks)
		return -ENOMEM;
	session->locks = locks;
	int fd = store_lock(session->store, address, session->reports);
	if (fd < 0)
		return fd;
	locks[session->lock_count++] = fd;
	return 0;
}

int session_lock(struct session *session, struct pci_address address)
{
	int r = session_try_lock(session, address);
	struct pci_text name = pci_text(address);
	if (r == -EBUSY)
		report_hint(report_error(session->reports, REPORT_BUSY, name.s,
					 "another vfassign command is at work on %s", name.s),
			    "try again when it has ended");
	return r;
}

int session_settle_commits(struct session *session)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < session->records.count; i++)
		if (session->records.items[i]->by_leader)
			r = store_commit(session->store, session->records.items[i]);
	return r;
}

int session_read_records(struct session *session)
{
	record_list_done(&session->records);
	int r = store_read(session->store, &session->records, session->reports);
	if (r < 0)
		report_cause(report_error(session->reports, REPORT_HOST, session->context->state_dir,
					  "cannot read the records in %s: %s", session->context->state_dir,
					  strerror(-r)),
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
	struct owner now;
	return owner.pid > 0 && session_owner(session, owner.pid, &now) == 0 && now.start == owner.start;
}
