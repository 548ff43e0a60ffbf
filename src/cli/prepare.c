/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/device.h"
#include "cli/verb.h"

static void show_device(const struct output *out, const struct vfassign_device *device)
{
	output_line(out, "%s: VF %u of %s, driver %s, IOMMU group %d", device->address, device->vf_index,
		    device->pf, device->driver, device->iommu_group);
	output_line(out, "  MAC:  %s", device->mac);
	output_line(out, "  VLAN: %s", device->vlan);
	output_line(out, "  node: %s", device->node);
	output_line(out, "  QEMU: -device '%s'", device->qemu);
}

void verb_prepare(struct session *session)
{
	struct output *out = &session->out;
	cleanup_document struct vfassign_document *document = session_document(session, session->words[0],
									       VFASSIGN_ACT);
	cleanup_context struct vfassign *context = document ? session_context(session) : NULL;
	if (!context)
		return;
	struct vfassign_request request = session_request(session);
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_prepare(context, document, &request, &result);
	if (!output_result(out, result, r))
		return;
	output_line(out, "assignment: %s", vfassign_result_assignment(result));
	output_line(out, "guest:      %s", vfassign_result_guest(result));
	const struct vfassign_device *devices;
	size_t count = vfassign_result_devices(result, &devices);
	for (size_t i = 0; i < count; i++)
		show_device(out, &devices[i]);
	output_assignment(out, result);
	out->reports_may_miss = true;
}
