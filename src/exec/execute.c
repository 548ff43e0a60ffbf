/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exec/execute.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "exec/action.h"
#include "plan/record.h"
#include "plan/step.h"
#include "record/store.h"

static int (*const doers[])(struct action *) = {
	[STEP_LOAD] = do_load,
	[STEP_VF_SET] = do_vf_set,
	[STEP_VF_CHECK] = do_vf_check,
	[STEP_OVERRIDE] = do_override,
	[STEP_UNBIND] = do_unbind,
	[STEP_BIND] = do_bind,
	[STEP_GROUP_NODE] = do_group_node,
	[STEP_CLOSED] = do_closed,
	[STEP_NETDEV] = do_netdev,
	[STEP_NETDEV_SET] = do_netdev_set,
};

static_assert(ARRAY_SIZE(doers) == STEP_KIND_COUNT, "each kind of step can be done");

static enum report_class failure_class(const struct step *step, int error)
{
	/*
	 * Comes before any change, and is for the administrator to see to: no such module, or a blacklisted
	 * one.
	 */
	if (step->kind == STEP_LOAD)
		return REPORT_HOST_UNREADY;
	if (error == -EPERM || error == -EACCES)
		return REPORT_DENIED;
	return error == -ETIMEDOUT ? REPORT_TIMEOUT : REPORT_HOST;
}

/* "cannot set VLAN through PF 0000:01:00.0 vf 1 to 42". */
static void report_step(const struct action *action, int error)
{
	const struct step *step = action->step;
	struct pci_text name = pci_text(action->plan->address);
	cleanup_free char *text = step_text(action->plan, step);
	bool set = step->kind == STEP_VF_SET || step->kind == STEP_OVERRIDE || step->kind == STEP_NETDEV_SET;
	enum report_class class = failure_class(step, error);
	struct report *report = report_error(action->reports, class, name.s, "%s: cannot %s%s%s", name.s,
					     text ? text : "do a step", set ? " to " : "",
					     set ? value_show(step->setting, &step->to).s : "");
	report_cause(report, error, action->words.s);
	if (class == REPORT_DENIED)
		report_hint(report, "run it as root, or with CAP_NET_ADMIN and write access to sysfs");
	if (class == REPORT_HOST_UNREADY)
		report_hint(report, "modprobe %s says more", step->to.name);
}

static void log_step(const struct action *action, int result)
{
	const struct step *step = action->step;
	cleanup_free char *text = step_text(action->plan, step);
	bool sets = step->setting != SETTING_COUNT;
	log_debug(&action->executor->log, "%s: %s%s%s: %s", pci_text(action->plan->address).s,
		  text ? text : "", sets ? ": " : "", sets ? value_show(step->setting, &step->to).s : "",
		  result < 0 ? strerror(-result) : "done");
}

static void report_intent(const struct action *action, int error)
{
	struct pci_text name = pci_text(action->plan->address);
	report_cause(report_error(action->reports, REPORT_HOST, name.s, "cannot write to the record of %s",
				  name.s),
		     error, NULL);
}

/*
 * The intent goes on record before the change. Giving back a device that was assigned has one intent for all
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
		report_intent(action, r);
	return r;
}

static int execute_step(struct action *action, struct record *record)
{
	int r = write_intent(action, record);
	if (r < 0)
		return r;
	r = doers[action->step->kind](action);
	log_step(action, r);
	if (r < 0 && !action->reported)
		report_step(action, r);
	return r;
}

int execute(struct executor *executor, const struct device_plan *plan, struct record *record,
	    struct reports *reports)
{
	int r = 0;
	executor->held = false;
	for (size_t i = 0; r == 0 && i < plan->step_count; i++) {
		struct action action = { executor, plan, &plan->steps[i], { "" }, reports, false };
		r = execute_step(&action, record);
	}
	cleanup_close_at(&executor->group);
	executor->group = -1;
	return r;
}
