/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The executor: the only caller of functions that change the kernel. It does the steps of each device in order,
 * several devices at a time, each step with its intent on record first, and stops a device at its first step that
 * fails (but for settings that no host driver minds, where it restores). It does not walk back: what has to be undone is planned anew, from the record and fresh facts.
 *
 * What is set through a PF is set one at a time: the kernel handle has one socket. STEP_VF_CHECK is where devices wait for
 * each other, so that one read of a PF serves all of its VFs.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"

struct device_plan;
struct kernel;
struct log;
struct netdev;
struct record;
struct store;

struct executor {
	struct kernel *kernel;
	struct store *store;
	const struct log *log; /* is called by one thread at a time */
	unsigned timeout_ms;   /* the bound of each wait */
	unsigned jobs;         /* how many devices at a time, at most */
};

/* The steps of one device, and what became of them. */
struct job {
	const struct device_plan *plan;
	struct record *record; /* where intents go; a plan without steps that change anything needs none */
	/*
	 * 0; a negative errno with a report; or -ECANCELED without one. Where it restores, 0 with a report of an error:
	 * it did without what no host driver minds.
	 */
	int result;
	bool held; /* the device was not touched, because somebody has its VFIO group open */
	struct reports reports;
	/* The executor's own. */
	size_t next;           /* how many of the steps are done */
	int group;             /* the VFIO group held open between STEP_CLOSED and the unbind, else -1 */
	struct netdev *netdev; /* the VF's as it was last looked at; NULL: look again */
	int seen;              /* at a STEP_VF_CHECK: 0, or why it has not taken what was set */
};

/*
 * Does the steps of COUNT devices. Each intent goes to the device's record first, unless it stands there; a plan that restores has one for
 * all of its steps, and goes on where that cannot be written. What restores goes on whatever becomes of other
 * devices; of what prepares, none begins another step once one has failed. Reports name the device and the step.
 */
void execute(const struct executor *executor, struct job *jobs, size_t count);
