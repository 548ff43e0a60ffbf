/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "cli/device.h"
#include "cli/verb.h"

/*
 * Opens the file of --report before anything happens, so that a mistyped name costs nothing. False when it
 * cannot be.
 */
static bool open_report(struct session *session)
{
	struct output *out = &session->out;
	const char *file = session->options.report;
	if (!file && out->json)
		output_usage(out, "standard output belongs to the VMM", "run --json needs --report FILE");
	if (!file)
		return !out->json;
	FILE *stream = fopen(file, "we");
	if (!stream) {
		output_file_error(out, file, "written", errno);
		return false;
	}
	if (out->stream)
		out->stream = stream;
	else
		output_start_object(out, stream);
	return true;
}

void verb_run(struct session *session)
{
	struct output *out = &session->out;
	if (!session->command || !session->command[0]) {
		output_usage(out, "vfassign run guest.xml -- qemu-system-x86_64 -M q35 …",
			     "run needs the command of the VMM behind '--'");
		return;
	}
	if (!open_report(session))
		return;
	cleanup_document struct vfassign_document *document = session_document(session, session->words[0],
									       VFASSIGN_ACT);
	cleanup_context struct vfassign *context = document ? session_context(session) : NULL;
	if (!context)
		return;
	struct vfassign_request request = session_request(session);
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_run(context, document, &request, session->command, &result);
	int status = result ? vfassign_result_status(result) : out->own_exit;
	output_result(out, result, r);
	out->exit = status;
	output_set(out, "exitStatus", json_integer(status));
	if (result && vfassign_result_assignment(result))
		output_assignment(out, result);
}
