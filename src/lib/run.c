/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest's whole life: prepare, put the VMM on record as the owner, start it, wait, release. The VMM exists,
 * stopped at its gate, before the assignment is committed; so at no time is there a VMM that nobody knows of,
 * nor an assignment whose owner never was. Whatever ends us, a record is left from which recover goes on.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <vfassign.h>

#include "base/report.h"
#include "lib/assignment.h"
#include "lib/request.h"
#include "lib/result.h"
#include "lib/session.h"
#include "lib/supervise.h"

#define STATUS_RELEASE_FAILED 124
#define STATUS_NOT_STARTED 125
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND 127

/*
 * What a VMM locks beside the guest's memory: its own tables and the devices' mappings, as libvirt reckons.
 */
#define MEMLOCK_EXTRA (UINT64_C(1) << 30)

struct run {
	struct session *session;
	const struct document *document;
	const struct vfassign_request *request;
	char *const *argv;
	char **command;      /* argv, and behind it the arguments of the devices, NULL at its end */
	size_t command_size; /* without the NULL */
	size_t argv_size;    /* how much of it is argv: the rest is ours to free */
	struct assignment assignment;
	struct child child;
	int status;
};

/* A VMM that goes into the background would look like one that ended. */
static int check_arguments(struct run *run)
{
	struct reports *reports = &run->session->result->reports;
	if (!run->argv[0]) {
		report_hint(report_error(reports, REPORT_USAGE, NULL, "no VMM was named"),
			    "vfassign run FILE -- qemu-system-x86_64 …");
		return -EINVAL;
	}
	for (size_t i = 1; run->argv[i]; i++) {
		if (strcmp(run->argv[i], "-daemonize") != 0 && strcmp(run->argv[i], "--daemonize") != 0)
			continue;
		report_hint(report_error(reports, REPORT_USAGE, run->argv[i],
					 "%s: the VMM has to stay in the foreground, or its devices would be released at once",
					 run->argv[i]),
			    "put vfassign run itself into the background, as a service for example");
		return -EINVAL;
	}
	return 0;
}

/* The VMM's arguments: what the caller gave, and a -device for each device. */
static int build_command(struct run *run)
{
	const struct vfassign_result *result = run->session->result;
	while (run->argv[run->argv_size])
		run->argv_size++;
	run->command = calloc(run->argv_size + 2 * result->device_count + 1, sizeof(char *));
	if (!run->command)
		return -ENOMEM;
	memcpy(run->command, run->argv, run->argv_size * sizeof(char *));
	run->command_size = run->argv_size;
	for (size_t i = 0; i < 2 * result->device_count; i++) {
		char *text = strdup(i % 2 == 0 ? "-device" : result->devices[i / 2].qemu);
		if (!text)
			return -ENOMEM;
		run->command[run->command_size++] = text;
	}
	return 0;
}

static void run_done(struct run *run)
{
	child_done(&run->child);
	for (size_t i = run->argv_size; i < run->command_size; i++)
		free(run->command[i]);
	free(run->command);
	assignment_done(&run->assignment);
}

static uint64_t memlock_limit(struct run *run)
{
	uint64_t memory;
	if (request_memory(run->document, &memory))
		return memory + MEMLOCK_EXTRA;
	report_hint(report_warning(&run->session->result->reports, REPORT_USAGE, NULL,
				   "the guest's memory is not known: RLIMIT_MEMLOCK of the VMM is left as it is"),
		    "give the document as a <domain> with <memory>");
	return 0;
}

static void report_start(struct run *run, int error)
{
	report_cause(report_error(&run->session->result->reports, REPORT_VMM, run->argv[0], "cannot start %s",
				  run->argv[0]),
		     error, NULL);
}

/*
 * Creates the VMM's process, stopped at its gate, and commits the assignment to it. On failure everything is
 * undone.
 */
static int start(struct run *run, const struct child_signals *signals)
{
	struct session *session = run->session;
	struct owner owner = { 0 };
	int r = build_command(run);
	if (r == 0)
		r = child_start(run->command, memlock_limit(run), signals, &run->child);
	if (r == 0)
		r = session_owner(session, run->child.pid, &owner);
	if (r < 0) {
		report_start(run, r);
		assignment_undo(session, &run->assignment);
		return r;
	}
	return assignment_commit(session, &run->assignment, owner);
}

/* Lets the VMM go and waits for its end. */
static int supervise(struct run *run)
{
	int wait_status = 0;
	int r = child_go(&run->child);
	if (r == 0)
		r = child_wait(&run->child, &wait_status);
	else
		run->status = r == -ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
	if (r < 0) {
		report_start(run, r);
		return r;
	}
	run->status = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
	return 0;
}

static int run_prepared(struct run *run, const struct child_signals *signals)
{
	assignment_show(run->session, &run->assignment, run->document, run->request);
	int r = start(run, signals);
	if (r < 0)
		return r;
	/*
	 * From here on anybody may look at the devices, and recover may give them back once the VMM is gone.
	 */
	session_unlock(run->session);
	r = supervise(run);
	int released = session_release_assignment(run->session, run->assignment.uuid,
						  run->assignment.record_count);
	if (released < 0)
		run->status = STATUS_RELEASE_FAILED;
	return released < 0 ? released : r;
}

static int run_all(struct run *run)
{
	struct child_signals signals;
	int r = check_arguments(run);
	if (r == 0)
		r = session_act(run->session);
	if (r == 0)
		r = child_block_signals(&signals);
	if (r < 0)
		return r;
	r = assignment_make(run->session, run->document, run->request, &run->assignment);
	if (r == 0)
		r = run_prepared(run, &signals);
	run_done(run);
	/* They were for the VMM: now they must not end us before it is told how all went. */
	child_drop_signals();
	child_restore_signals(&signals);
	return r;
}

int vfassign_run(struct vfassign *context, const struct vfassign_document *document,
		 const struct vfassign_request *request, char *const argv[], struct vfassign_result **ret)
{
	static const struct vfassign_request usual = { 0 };
	struct vfassign_result *result = result_new();
	struct session session = session_new(context, result);
	struct run run = {
		.session = &session,
		.document = document->model,
		.request = request ? request : &usual,
		.argv = argv,
		.child = CHILD_NONE,
		.status = STATUS_NOT_STARTED,
	};
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	int r = run_all(&run);
	session_done(&session);
	result->status = run.status;
	return result_finish(result, r, ret);
}
