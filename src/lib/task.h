/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A VF that is being given back: what session_restore() knows of it between its rounds. */

#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"
#include "lib/session.h"
#include "plan/step.h"

struct task {
	struct record *record;
	struct device_plan plan; /* of this round */
	char *before;            /* in what it differed before this round; NULL without memory */
	int rounds;
	bool failed, held;      /* what became of the plan */
	struct reports tried;   /* what went wrong in it: nobody's business when it ends well */
	struct reports reports; /* what is to be told */
	bool done;
	int result; /* as in struct restoring */
};

/*
 * How it ends. The VF is as it was, and its record is forgotten; it is no longer the device on record, and nothing is written
 * to it; it is in use, and nothing was changed; it is not as it was, WHY says in what.
 */
void task_forget(struct session *session, struct task *task);
void task_retire(struct session *session, struct task *task);
void task_leave_held(struct task *task);
void task_leave_dirty(struct session *session, struct task *task, const char *why);

/* Does the plans of COUNT tasks, all at a time. */
void tasks_execute(struct session *session, struct task *const *tasks, size_t count);
