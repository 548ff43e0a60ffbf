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
	output_released(out, result);
	const struct vfassign_report *reports;
	const struct vfassign_device *devices;
	if (vfassign_result_reports(result, &reports) + vfassign_result_devices(result, &devices) == 0)
		output_info(out, "nothing to recover");
}
