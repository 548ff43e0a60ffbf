/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "exec/execute.h"
#include "lib/context.h"
#include "lib/session.h"
#include "plan/plan.h"
#include "plan/step.h"

void session_run(struct session *session, struct job *jobs, size_t count)
{
	struct executor executor = {
		.kernel = session->kernel,
		.store = session->store,
		.log = &session->context->log,
		.timeout_ms = session->context->timeout_ms,
		.jobs = session->context->jobs,
	};
	execute(&executor, jobs, count);
}

/* Does the steps of JOBS, and tells what went wrong in their order. The first error. */
static int run_all(struct session *session, struct job *jobs, size_t count)
{
	int r = 0;
	session_run(session, jobs, count);
	for (size_t i = 0; i < count; i++) {
		reports_move(session->reports, &jobs[i].reports);
		/* One that was only not gone on with has no report. */
		if (jobs[i].result < 0 && (r == 0 || r == -ECANCELED))
			r = jobs[i].result;
	}
	return r;
}

int session_load_drivers(struct session *session, const struct plan *plan)
{
	int r = 0;
	for (size_t i = 0; i < plan->count; i++) {
		struct device_plan load = plan->devices[i];
		load.step_count = load.steps[0].kind == STEP_LOAD;
		struct job job = { .plan = &load };
		int one = run_all(session, &job, 1);
		r = one < 0 ? one : r;
	}
	return r;
}

int session_execute(struct session *session, const struct plan *plan, struct record *const *records)
{
	cleanup_free struct job *jobs = calloc(plan->count, sizeof(*jobs));
	if (!jobs)
		return -ENOMEM;
	for (size_t i = 0; i < plan->count; i++)
		jobs[i] = (struct job){ .plan = &plan->devices[i], .record = records[i] };
	return run_all(session, jobs, plan->count);
}
