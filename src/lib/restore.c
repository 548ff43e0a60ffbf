/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "facts/facts.h"
#include "lib/task.h"
#include "plan/plan.h"

/* How often what udev or a driver changes behind our back is set again. */
#define ATTEMPTS 3

/* Whether A and B say the same. */
static bool same_text(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/*
 * Looks at the device of TASK as it is NOW, and plans what brings it back, unless that is the end of it.
 *
 * Each round looks first, and the last one only looks: nothing is forgotten that was not read back. A round that
 * failed, but got somewhere, is followed by another: drivers and udev change things behind our back, and a new plan
 * knows of that.
 */
static void plan_round(struct session *session, struct task *task, const struct device_facts *now,
		       struct uuid boot_id)
{
	cleanup_free char *why = NULL;
	if (!plan_same_device(task->record, now, boot_id)) {
		task_retire(session, task);
		return;
	}
	if (!plan_differences(task->record, now, &why)) {
		task_forget(session, task);
		return;
	}
	if ((task->failed && same_text(why, task->before)) || task->rounds++ == ATTEMPTS) {
		task_leave_dirty(session, task, why ? why : "it could not be read");
		return;
	}
	/* What went wrong in the round before, and does not in this, matters to nobody. */
	reports_done(&task->tried);
	free(task->before);
	task->before = TAKE(why);
	plan_release(task->record, now, &task->plan);
}

/* Reads the devices of COUNT tasks: each PF once. */
static int read_all(struct session *session, struct task *const *tasks, size_t count, struct facts **ret)
{
	cleanup_free struct pci_address *addresses = calloc(count, sizeof(*addresses));
	if (!addresses)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		addresses[i] = tasks[i]->record->address;
	return facts_read(session->kernel, addresses, count, 0, ret);
}

/* One round for COUNT tasks, none of which is done; it makes room in their array. A negative errno when nothing could be read. */
static int restore_round(struct session *session, struct task **tasks, size_t count)
{
	struct facts *facts = NULL;
	int r = read_all(session, tasks, count, &facts);
	if (r < 0 && count == 1)
		task_leave_dirty(session, tasks[0], "it could not be read");
	if (r < 0)
		return r;
	size_t planned = 0;
	for (size_t i = 0; i < count; i++) {
		plan_round(session, tasks[i], &facts->devices[i], facts->boot_id);
		if (!tasks[i]->done)
			tasks[planned++] = tasks[i];
	}
	facts_free(facts);
	tasks_execute(session, tasks, planned);
	for (size_t i = 0; i < planned; i++)
		if (tasks[i]->held)
			task_leave_held(tasks[i]);
	return 0;
}

/* Restores the COUNT tasks; OPEN has room for as many. */
static void restore_all(struct session *session, struct task *tasks, struct task **open, size_t count)
{
	size_t left;
	do {
		left = 0;
		for (size_t i = 0; i < count; i++)
			if (!tasks[i].done)
				open[left++] = &tasks[i];
		/* One that cannot be read must not keep the others from being given back. */
		if (left > 0 && restore_round(session, open, left) < 0 && left > 1)
			for (size_t i = 0; i < left; i++)
				restore_round(session, &open[i], 1);
	} while (left > 0);
}

void session_restore(struct session *session, struct restoring *items, size_t count)
{
	cleanup_free struct task *tasks = calloc(count + 1, sizeof(*tasks));
	cleanup_free struct task **open = calloc(count + 1, sizeof(*open));
	bool memory = tasks && open;
	for (size_t i = 0; memory && i < count; i++)
		tasks[i].record = items[i].record;
	if (memory)
		restore_all(session, tasks, open, count);
	for (size_t i = 0; i < count; i++) {
		items[i].result = memory ? tasks[i].result : -ENOMEM;
		if (!memory)
			continue;
		reports_move(session->reports, &tasks[i].reports);
		reports_done(&tasks[i].tried);
		free(tasks[i].before);
	}
}
