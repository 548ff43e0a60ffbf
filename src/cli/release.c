/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/device.h"
#include "cli/verb.h"

static void show_device(const struct output *out, const struct vfassign_device *device)
{
	if (setting_is_none(device->driver))
		output_info(out, "%s: given back, without a driver as before", device->address);
	else
		output_info(out, "%s: given back to driver %s", device->address, device->driver);
}

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
	const struct vfassign_device *devices;
	size_t count = result ? vfassign_result_devices(result, &devices) : 0;
	for (size_t i = 0; i < count; i++)
		show_device(out, &devices[i]);
	if (result)
		output_devices(out, result);
}
