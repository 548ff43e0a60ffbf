/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/vfio.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
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

/* A descriptor of the group of JOB from another job that holds it open, or -EBUSY. */
static int share_group(const struct work *work, const struct job *job)
{
	for (size_t i = 0; i < work->count; i++)
		if (work->jobs[i].group >= 0 && work->jobs[i].plan->iommu_group == job->plan->iommu_group) {
			int fd = fcntl(work->jobs[i].group, F_DUPFD_CLOEXEC, 0);
			return fd < 0 ? -errno : fd;
		}
	return -EBUSY;
}

/* Opens the group of JOB, or shares it with another device of ours in it. 0, or -EBUSY when somebody else has it open. */
static int group_open(struct work *work, struct job *job)
{
	pthread_mutex_lock(&work->lock);
	int fd = vfio_group_open(work->executor->kernel, job->plan->iommu_group);
	if (fd == -EBUSY)
		fd = share_group(work, job);
	job->group = fd;
	pthread_mutex_unlock(&work->lock);
	return fd < 0 ? fd : 0;
}

void group_close(struct work *work, struct job *job)
{
	pthread_mutex_lock(&work->lock);
	cleanup_close_at(&job->group);
	job->group = -1;
	pthread_mutex_unlock(&work->lock);
}

/* Writing "unbind" to a device that is held would block, and have QEMU asked to unplug it. */
int do_closed(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	int r;
	do
		r = group_open(action->work, action->job);
	while (r == -EBUSY && wait_again(&wait));
	if (r == -EBUSY) {
		action->job->held = true;
		report_held(action);
	}
	return r;
}
