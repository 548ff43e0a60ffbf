/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/process.h"
#include "lib/internal.h"

static int open_kernel(struct session *session)
{
	const char *root = session->context->root[0] ? session->context->root : "/";
	int r = kernel_open(root, &session->kernel);
	if (r < 0)
		report_cause(report_error(&session->result->reports, REPORT_HOST, root,
					  "cannot open /sys, /proc, /dev and /run below %s: %s", root, strerror(-r)),
			     r, NULL);
	return r;
}

static int open_store(struct session *session, bool create, struct reports *reports)
{
	struct store_place place = { session->context->root, session->context->state_dir };
	int r = store_open(&place, create, &session->store, reports);
	if (r < 0 && reports->errors == 0)
		report_cause(report_error(reports, REPORT_HOST, place.state_dir, "cannot open the state folder %s: %s",
					  place.state_dir, strerror(-r)),
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
		report_warning(&session->result->reports, REPORT_DENIED, session->context->state_dir,
			       "cannot read the records in %s: what is assigned is not shown%s",
			       session->context->state_dir, r == -EACCES ? " (only root can read them)" : "");
	reports_done(&reports);
	return r == -ENOMEM ? r : 0;
}

int session_act(struct session *session)
{
	struct reports *reports = &session->result->reports;
	int r = open_kernel(session);
	if (r < 0)
		return r;
	if (!kernel_is_live(session->kernel)) {
		report_error(reports, REPORT_USAGE, session->context->root,
			     "--root %s is a captured host: only the running one can be changed", session->context->root);
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
	int fd = store_lock(session->store, address, &session->result->reports);
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
		report_hint(report_error(&session->result->reports, REPORT_BUSY, name.s,
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
	int r = store_read(session->store, &session->records, &session->result->reports);
	if (r < 0)
		report_cause(report_error(&session->result->reports, REPORT_HOST, session->context->state_dir,
					  "cannot read the records in %s: %s", session->context->state_dir, strerror(-r)),
			     r, NULL);
	return r;
}

int request_guest(const struct document *document, const struct vfassign_request *request, const char **ret,
		  struct reports *reports)
{
	const char *given = request->guest;
	if (given && document->name && strcmp(given, document->name) != 0) {
		report_error(reports, REPORT_USAGE, given, "the guest is called '%s' in the document, but --guest says '%s'",
			     document->name, given);
		return -EINVAL;
	}
	*ret = given ? given : document->name;
	return 0;
}

/* --allow: what the author of the XML may name. All that is forbidden is reported. */
static int check_allowed(const struct session *session, const struct document *document)
{
	const struct vfassign *context = session->context;
	int r = 0;
	for (size_t i = 0; context->limited && i < document->interface_count; i++) {
		const struct interface *interface = &document->interfaces[i];
		bool allowed = interface->source != SOURCE_PCI;
		for (size_t k = 0; k < context->allowed_count; k++)
			allowed |= pci_compare(context->allowed[k], interface->host) == 0;
		struct pci_text name = pci_text(interface->host);
		if (allowed)
			continue;
		report_error(&session->result->reports, REPORT_DENIED, name.s, "%s is not among the devices of --allow",
			     name.s);
		r = -EPERM;
	}
	return r;
}

/* The PCI devices that DOCUMENT names, in new memory. */
static int document_addresses(const struct document *document, struct pci_address **ret, size_t *ret_count)
{
	struct pci_address *addresses = calloc(document->interface_count + 1, sizeof(*addresses));
	if (!addresses)
		return -ENOMEM;
	size_t count = 0;
	for (size_t i = 0; i < document->interface_count; i++)
		if (document->interfaces[i].source == SOURCE_PCI)
			addresses[count++] = document->interfaces[i].host;
	*ret = addresses;
	*ret_count = count;
	return 0;
}

static int read_facts(struct session *session, const struct pci_address *addresses, size_t count,
		      enum facts_flags flags, struct facts **ret)
{
	int r = facts_read(session->kernel, addresses, count, flags, ret);
	if (r < 0)
		report_cause(report_error(&session->result->reports, REPORT_HOST, NULL, "cannot read the host's devices: %s",
					  strerror(-r)),
			     r, NULL);
	return r;
}

int session_plan(struct session *session, const struct document *document, const struct vfassign_request *request,
		 enum facts_flags flags, struct plan *ret)
{
	cleanup_free struct pci_address *addresses = NULL;
	size_t count = 0;
	struct facts *facts = NULL;
	struct uuid machine_id;
	struct prepare_request prepare = {
		.document = document,
		.machine_id = kernel_machine_id(session->kernel, &machine_id) == 0 ? &machine_id : NULL,
		.records = session->records.items,
		.record_count = session->records.count,
	};
	int r = request_guest(document, request, &prepare.guest, &session->result->reports);
	if (r == 0)
		r = check_allowed(session, document);
	if (r == 0)
		r = document_addresses(document, &addresses, &count);
	if (r == 0)
		r = read_facts(session, addresses, count, flags, &facts);
	if (r == 0)
		r = plan_prepare(&prepare, facts, ret, &session->result->reports);
	facts_free(facts);
	return r;
}

bool owner_alive(struct kernel *kernel, struct owner owner)
{
	struct process process;
	return owner.pid > 0 && process_read(kernel, owner.pid, &process) == 0 && process.start == owner.start;
}
