/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/device.h"
#include "cli/verb.h"

void verb_release(struct session *session)
{
	struct output *out = &session->out;
	const struct options *options = &session->options;
	struct vfassign_selection selection = {
		.assignment = options->assignment,
		.guest = options->guest,
		.devices = options->device,
	};
	if (!!selection.assignment + !!selection.guest + !!selection.devices != 1) {
		output_usage(out, "'vfassign list' shows what is assigned to whom",
			     "release needs one of --assignment, --guest and --device");
		return;
	}
	cleanup_context struct vfassign *context = session_context(session);
	if (!context)
		return;
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_release(context, &selection, &result);
	output_result(out, result, r);
	/* Even when it failed for some: what came back is worth knowing. */
	if (result)
		output_released(out, result);
}
