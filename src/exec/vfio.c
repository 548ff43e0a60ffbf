/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/vfio.h"

#include <errno.h>

#include "base/report.h"
#include "exec/action.h"
#include "exec/execute.h"
#include "exec/wait.h"
#include "plan/step.h"

int do_group_node(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	while (!vfio_group_exists(action->executor->kernel, action->plan->iommu_group))
		if (!wait_again(&wait))
			return -ETIMEDOUT;
	return 0;
}

static void report_held(struct action *action)
{
	struct pci_text name = pci_text(action->plan->address);
	int group = action->plan->iommu_group;
	struct vfio_holder holder = { 0 };
	vfio_group_holder(action->executor->kernel, group, &holder);
	if (holder.pid)
		report_hint(report_error(action->reports, REPORT_BUSY, name.s,
					 "%s is in use: process %d (%s) has /dev/vfio/%d open", name.s,
					 holder.pid, holder.name, group),
			    "end that process, or take the device out of its guest, first");
	else
		report_hint(report_error(action->reports, REPORT_BUSY, name.s,
					 "%s is in use: a process that is not visible from here has /dev/vfio/%d open",
					 name.s, group),
			    "look for it in the host's PID namespace: fuser /dev/vfio/%d", group);
	action->reported = true;
}

/* Writing "unbind" to a device that is held would block, and have QEMU asked to unplug it. */
int do_closed(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	int fd;
	do
		fd = vfio_group_open(action->executor->kernel, action->plan->iommu_group);
	while (fd == -EBUSY && wait_again(&wait));
	if (fd == -EBUSY) {
		action->executor->held = true;
		report_held(action);
	}
	if (fd < 0)
		return fd;
	action->executor->group = fd;
	return 0;
}
