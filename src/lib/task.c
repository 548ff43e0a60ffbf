/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lib/task.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "exec/execute.h"
#include "record/store.h"

static void end(struct task *task, int result)
{
	task->result = result;
	task->done = true;
}

/* A record that cannot be removed stays, and is tried again by recover. */
void task_forget(struct session *session, struct task *task)
{
	struct pci_text name = pci_text(task->record->address);
	int r = store_remove(session->store, task->record);
	if (r < 0)
		report_cause(report_error(&task->reports, REPORT_DIRTY, name.s,
					  "%s is as it was, but its record cannot be removed", name.s),
			     r, NULL);
	end(task, r);
}

void task_retire(struct session *session, struct task *task)
{
	struct pci_text name = pci_text(task->record->address);
	report_note(&task->reports, name.s,
		    "%s is no longer the device that was given to guest %s (removed, re-created, or another boot): "
		    "its record is dropped, nothing else is done",
		    name.s, task->record->guest);
	task_forget(session, task);
	if (task->result == 0)
		task->result = SESSION_DROPPED;
}

void task_leave_held(struct task *task)
{
	reports_move(&task->reports, &task->tried);
	end(task, -EBUSY);
}

void task_leave_dirty(struct session *session, struct task *task, const char *why)
{
	struct record *record = task->record;
	struct pci_text name = pci_text(record->address);
	reports_move(&task->reports, &task->tried);
	if (store_dirty(session->store, record, why) < 0)
		report_warning(&task->reports, REPORT_HOST, name.s,
			       "the record of %s cannot say why it is dirty", name.s);
	struct report *report = report_error(&task->reports, REPORT_DIRTY, name.s, "%s is not as it was: %s",
					     name.s, why);
	if (session_owner_alive(session, record->owner))
		report_hint(report, "put right what is named above, then: vfassign release --assignment %s",
			    uuid_text(record->assignment).s);
	else
		report_hint(report, "put right what is named above, then: vfassign recover");
	end(task, -EIO);
}

void tasks_execute(struct session *session, struct task *const *tasks, size_t count)
{
	cleanup_free struct job *jobs = calloc(count + 1, sizeof(*jobs));
	for (size_t i = 0; jobs && i < count; i++)
		jobs[i] = (struct job){ .plan = &tasks[i]->plan, .record = tasks[i]->record };
	if (jobs)
		session_run(session, jobs, count);
	for (size_t i = 0; i < count; i++) {
		tasks[i]->failed = !jobs || jobs[i].result < 0 || jobs[i].reports.errors > 0;
		tasks[i]->held = jobs && jobs[i].held;
		if (jobs)
			tasks[i]->tried = jobs[i].reports;
	}
}
