/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "exec/action.h"
#include "exec/execute.h"
#include "exec/wait.h"
#include "kernel/vf.h"
#include "plan/step.h"

/* The check at which JOB stands, or NULL. */
static const struct step *check_of(const struct job *job)
{
	bool stands = job->result == 0 && job->next < job->plan->step_count &&
		      job->plan->steps[job->next].kind == STEP_VF_CHECK;
	return stands ? &job->plan->steps[job->next] : NULL;
}

/* Whether the VF of JOB is among the COUNT reports of its PF, with what was set. */
static int judge(const struct job *job, const struct vf_report *reports, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (reports[i].index == job->plan->vf_index)
			return vf_took_all(job->plan, check_of(job), &reports[i]) ? 0 : -EIO;
	return -ENODEV;
}

/* One read of the PF whose netdev is IFINDEX, for all jobs that want to know of it. */
static void look_at_pf(struct work *work, int ifindex)
{
	cleanup_free struct vf_report *reports = NULL;
	struct kernel_words words;
	size_t count = 0;
	int r = vf_list(work->executor->kernel, ifindex, &reports, &count, &words);
	for (struct job *job = work->jobs; job < work->jobs + work->count; job++)
		if (check_of(job) && job->seen == JOB_NOT_SEEN && job->plan->pf_ifindex == ifindex)
			job->seen = r < 0 ? r : judge(job, reports, count);
}

/* Looks at all jobs at a check that have not been seen to be well. Whether all are now. */
static bool look(struct work *work)
{
	struct job *const end = work->jobs + work->count;
	bool well = true;
	for (struct job *job = work->jobs; job < end; job++)
		if (check_of(job) && job->seen)
			job->seen = JOB_NOT_SEEN;
	for (struct job *job = work->jobs; job < end; job++) {
		if (check_of(job) && job->seen == JOB_NOT_SEEN)
			look_at_pf(work, job->plan->pf_ifindex);
		well &= !check_of(job) || job->seen == 0;
	}
	return well;
}

bool check_all(struct work *work)
{
	struct wait wait = wait_start(work->executor->timeout_ms);
	bool any = false;
	for (size_t i = 0; i < work->count; i++)
		any |= check_of(&work->jobs[i]) != NULL;
	/* Drivers take a setting and do nothing, or do it a moment later. */
	while (any && !look(work) && wait_again(&wait)) {
		/* Once more. */
	}
	return any;
}
