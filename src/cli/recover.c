/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/device.h"
#include "cli/verb.h"

void verb_recover(struct session *session)
{
	struct output *out = &session->out;
	cleanup_context struct vfassign *context = session_context(session);
	if (!context)
		return;
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_recover(context, &result);
	output_result(out, result, r);
	if (!result)
		return;
	/* What became of each device stands in the reports. */
	output_devices(out, result);
	const struct vfassign_report *reports;
	if (vfassign_result_reports(result, &reports) == 0)
		output_info(out, "nothing to recover");
}
