/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "exec/action.h"
#include "exec/execute.h"
#include "exec/wait.h"
#include "kernel/vf.h"
#include "plan/step.h"

/* Sets the step's setting to VALUE. */
static int set_vf(struct action *action, const struct value *value)
{
	struct vf_target target = { action->plan->pf_ifindex, action->plan->vf_index };
	struct wait wait = wait_start(action->executor->timeout_ms);
	int r;
	do
		r = vf_set(action->executor->kernel, target, action->step->setting, value, &action->words);
	while (is_try_again(r) && wait_again(&wait));
	return r;
}

/*
 * Some drivers (be2net) take a MAC, but not that there is to be none. Then the VF gets the one that its netdev had,
 * so that the guest's is gone; that this is not what it was shows when it is read back.
 */
static int set_own_mac(struct action *action)
{
	const struct value *own = &action->plan->after.of[SETTING_NETDEV_MAC];
	return own->present && !mac_is_zero(own->mac) ? set_vf(action, own) : -EINVAL;
}

int do_vf_set(struct action *action)
{
	const struct step *step = action->step;
	if (action->plan->pf_ifindex == 0)
		return -ENODEV;
	int r = set_vf(action, &step->to);
	if (r != -EINVAL || !action->plan->restores || step->setting != SETTING_MAC ||
	    !mac_is_zero(step->to.mac))
		return r;
	/* What comes instead is not what was there: only where it is really refused. */
	r = set_vf(action, &step->to);
	return r == -EINVAL ? set_own_mac(action) : r;
}

/*
 * Whether REPORT shows what STEP set, as far as that matters to a host driver, and it shows it; without an
 * admin MAC, the VF may have any but the last one.
 */
static bool took(const struct step *step, const struct vf_report *report)
{
	const struct value *is = &report->settings.of[step->setting];
	if (step->kind != STEP_VF_SET || !setting_is_guarded(step->setting) || !is->present ||
	    value_equal(step->setting, is, &step->to))
		return true;
	return step->setting == SETTING_MAC && mac_is_zero(step->to.mac) &&
	       !value_equal(step->setting, is, &step->from);
}

/* Whether none of the steps between STEP and END sets the same again. */
static bool is_latest(const struct step *step, const struct step *end)
{
	for (const struct step *later = step + 1; later < end; later++)
		if (later->kind == step->kind && later->setting == step->setting)
			return false;
	return true;
}

bool vf_took_all(const struct device_plan *plan, const struct step *check, const struct vf_report *report)
{
	bool all = true;
	for (const struct step *step = plan->steps; all && step < check; step++)
		all = !is_latest(step, check) || took(step, report);
	return all;
}
