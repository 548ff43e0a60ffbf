/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The executor: the only caller of functions that change the kernel. It does the steps of one device in
 * order, each with its intent on record first, and stops at the first that fails. It does not walk back: what
 * has to be undone is planned anew, from the record and fresh facts.
 */

#include <stdbool.h>

#include "base/log.h"

struct device_plan;
struct kernel;
struct record;
struct reports;
struct store;

struct executor {
	struct kernel *kernel;
	struct store *store;
	struct log log;
	unsigned timeout_ms; /* the bound of each wait */
	int group;           /* the VFIO group held open between STEP_CLOSED and the unbind, else -1 */
	bool held;           /* the last device was not touched, because somebody has its VFIO group open */
};

/*
 * Does the steps of PLAN. Each intent goes to RECORD first; a plan that restores has one for all of its
 * steps, and goes on where that cannot be written. 0, or a negative errno with a report that names the device
 * and the step.
 */
int execute(struct executor *executor, const struct device_plan *plan, struct record *record,
	    struct reports *reports);
