/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exec/execute.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parallel.h"
#include "exec/action.h"
#include "plan/record.h"
#include "plan/step.h"
#include "record/store.h"

/* What was seen when all were looked at. */
static int do_vf_check(struct action *action)
{
	int seen = action->job->seen;
	action->job->seen = JOB_NOT_SEEN;
	return seen;
}

static int (*const doers[])(struct action *) = {
	[STEP_LOAD] = do_load,         [STEP_VF_SET] = do_vf_set,         [STEP_PORT] = do_port,
	[STEP_VF_CHECK] = do_vf_check, [STEP_OVERRIDE] = do_override,     [STEP_UNBIND] = do_unbind,
	[STEP_BIND] = do_bind,         [STEP_GROUP_NODE] = do_group_node, [STEP_CLOSED] = do_closed,
	[STEP_NETDEV] = do_netdev,     [STEP_NETDEV_SET] = do_netdev_set,
};

static_assert(ARRAY_SIZE(doers) == STEP_KIND_COUNT, "each kind of step can be done");

/*
 * The intent goes on record before the change, unless it is there already, as those of prepare are. Giving back a device that was assigned has one intent for all
 * of its steps: cut short, it shows as dirty, and recover finishes it. It must work where nothing can be
 * written, too.
 */
static int write_intent(struct action *action, struct record *record)
{
	struct store *store = action->executor->store;
	if (!step_changes(action->step->kind))
		return 0;
	if (action->plan->restores) {
		if (record->committed && !record->dirty)
			store_dirty(store, record, "it is being given back, or that was cut short");
		return 0;
	}
	int r = store_intent(store, record, action->step->setting);
	if (r < 0)
		tell_intent(action, r);
	return r;
}

/*
 * Giving a device back goes on without what a driver refuses, so that all else is as it was: what is not is found
 * when it is read back. Not so with what no host driver may meet.
 */
static bool goes_on_without(const struct action *action)
{
	return action->plan->restores && action->step->kind == STEP_VF_SET &&
	       !setting_is_guarded(action->step->setting);
}

/* Does the next step of JOB. */
static void execute_step(struct work *work, struct job *job)
{
	struct action action = {
		.work = work,
		.executor = work->executor,
		.job = job,
		.plan = job->plan,
		.step = &job->plan->steps[job->next],
		.reports = &job->reports,
	};
	int r = write_intent(&action, job->record);
	if (r == 0) {
		r = doers[action.step->kind](&action);
		tell_step(&action, r);
	}
	if (r < 0 && !job->plan->restores)
		atomic_store(&work->stop, true);
	job->result = goes_on_without(&action) ? 0 : r;
	job->next++;
}

/* Whether JOB is to go on: with its next step; but not with a check before it was looked. */
static bool goes_on(const struct job *job)
{
	return job->result == 0 && job->next < job->plan->step_count &&
	       (job->plan->steps[job->next].kind != STEP_VF_CHECK || job->seen != JOB_NOT_SEEN);
}

/* Does the steps of one device, to their end or to where it waits for the others. */
static void execute_job(void *data, size_t i)
{
	struct work *work = data;
	struct job *job = &work->jobs[i];
	while (goes_on(job)) {
		if (atomic_load(&work->stop) && !job->plan->restores)
			job->result = -ECANCELED;
		else
			execute_step(work, job);
	}
}

void execute(const struct executor *executor, struct job *jobs, size_t count)
{
	struct work work = { executor, jobs, count, false, PTHREAD_MUTEX_INITIALIZER };
	for (size_t i = 0; i < count; i++) {
		jobs[i].next = 0;
		jobs[i].group = -1;
		jobs[i].netdev = NULL;
		jobs[i].seen = JOB_NOT_SEEN;
	}
	do
		parallel(count, executor->jobs, execute_job, &work);
	while (check_all(&work));
	for (size_t i = 0; i < count; i++) {
		group_close(&work, &jobs[i]);
		forget_netdev(&jobs[i]);
	}
}
