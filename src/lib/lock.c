/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "exec/wait.h"
#include "lib/session.h"
#include "record/store.h"

void session_unlock(struct session *session)
{
	for (size_t i = 0; i < session->lock_count; i++)
		cleanup_close_at(&session->locks[i].fd);
	free(session->locks);
	session->locks = NULL;
	session->lock_count = 0;
}

void session_unlock_one(struct session *session, struct pci_address address)
{
	for (size_t i = 0; i < session->lock_count; i++) {
		if (pci_compare(session->locks[i].address, address) != 0)
			continue;
		cleanup_close_at(&session->locks[i].fd);
		session->locks[i] = session->locks[--session->lock_count];
		return;
	}
}

int session_try_lock(struct session *session, struct pci_address address)
{
	for (size_t i = 0; i < session->lock_count; i++)
		if (pci_compare(session->locks[i].address, address) == 0)
			return 0;
	struct session_lock *locks = reallocarray(session->locks, session->lock_count + 1, sizeof(*locks));
	if (!locks)
		return -ENOMEM;
	session->locks = locks;
	int fd = store_lock(session->store, address, session->reports);
	if (fd < 0)
		return fd;
	locks[session->lock_count++] = (struct session_lock){ address, fd };
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

int session_wait_lock(struct session *session, struct pci_address address, struct wait *wait)
{
	int r;
	do
		r = session_try_lock(session, address);
	while (r == -EBUSY && wait_again(wait));
	return r == -EBUSY ? session_lock(session, address) : r;
}

/* Whether RECORD is committed by LEADER's record alone. */
static bool hangs_on(const struct record *record, struct pci_address leader)
{
	return record->by_leader && pci_compare(record->leader, leader) == 0;
}

/* Locks the records that hang on LEADER: until then somebody else may be giving them back. */
static int lock_members(struct session *session, struct pci_address leader, size_t *ret_count)
{
	struct wait wait = wait_start(session_timeout(session));
	size_t count = 0;
	int r = 0;
	for (size_t i = 0; r == 0 && i < session->records.count; i++) {
		if (!hangs_on(session->records.items[i], leader))
			continue;
		r = session_wait_lock(session, session->records.items[i]->address, &wait);
		count++;
	}
	*ret_count = count;
	return r;
}

int session_settle(struct session *session, struct pci_address leader)
{
	size_t count = 0;
	int r = lock_members(session, leader, &count);
	if (r == 0 && count)
		r = session_read_records(session);
	for (size_t i = 0; r == 0 && count && i < session->records.count; i++) {
		struct record *record = session->records.items[i];
		if (!hangs_on(record, leader))
			continue;
		r = store_commit(session->store, record);
		struct pci_text name = pci_text(record->address);
		if (r < 0)
			report_cause(report_error(session->reports, REPORT_HOST, name.s,
						  "cannot write to the record of %s, which %s hangs on",
						  name.s, pci_text(leader).s),
				     r, NULL);
	}
	return r;
}
