/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What users hear of steps: exec/action.h. */

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "exec/action.h"
#include "exec/execute.h"
#include "plan/step.h"

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

/* What drivers mean by the errors that they have for lack of better ones. */
static void hint_vf_set(struct report *report, enum setting setting, int error)
{
	if (error == -EOPNOTSUPP || error == -EPROTONOSUPPORT)
		report_hint(report,
			    "the PF's driver cannot do that: leave it out of the document, or take a VF of "
			    "another card");
	else if (error == -EINVAL && setting == SETTING_RATE)
		report_hint(report,
			    "most drivers take a rate only while the PF has a link, up to its speed, and no "
			    "minTxRate");
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
		report_hint(report, "run it as root, or with CAP_NET_ADMIN and write access to sysfs%s",
			    step->kind == STEP_VF_SET ? "; if it was, the PF's driver forbids that" : "");
	else if (step->kind == STEP_VF_SET)
		hint_vf_set(report, step->setting, error);
	if (class == REPORT_HOST_UNREADY)
		report_hint(report, "modprobe %s says more", step->to.name);
}

static void log_step(const struct action *action, int result)
{
	struct work *work = action->work;
	const struct step *step = action->step;
	cleanup_free char *text = step_text(action->plan, step);
	bool sets = step->setting != SETTING_COUNT;
	pthread_mutex_lock(&work->lock);
	log_debug(work->executor->log, "%s: %s%s%s: %s", pci_text(action->plan->address).s, text ? text : "",
		  sets ? ": " : "", sets ? value_show(step->setting, &step->to).s : "",
		  result < 0 ? strerror(-result) : "done");
	pthread_mutex_unlock(&work->lock);
}

void tell_step(const struct action *action, int result)
{
	log_step(action, result);
	if (result < 0 && !action->reported)
		report_step(action, result);
}

void tell_intent(const struct action *action, int error)
{
	struct pci_text name = pci_text(action->plan->address);
	report_cause(report_error(action->reports, REPORT_HOST, name.s, "cannot write to the record of %s",
				  name.s),
		     error, NULL);
}
