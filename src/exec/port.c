/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "exec/action.h"
#include "exec/execute.h"
#include "exec/wait.h"
#include "kernel/vf.h"
#include "plan/step.h"

/* Asks for what STEP wants; a driver that is being reset is asked again. */
static int ask(struct action *action, struct wait *wait)
{
	struct vf_target target = { action->plan->pf_ifindex, action->plan->vf_index };
	bool end = action->step->to.port.kind == PORT_KIND_NONE;
	struct port port = end ? action->step->from.port : action->step->to.port;
	/* An end that was asked for before, and hangs, is asked for once more. */
	if (port.kind == PORT_KIND_NONE)
		port.kind = PORT_KIND_8021QBH;
	int r;
	do
		r = port_set(action->executor->kernel, target, end ? PORT_DISASSOCIATE : PORT_ASSOCIATE,
			     &port, &action->words);
	while (is_try_again(r) && wait_again(wait));
	return r;
}

/* What has become of it, as the PF reports it: an answer that is still to come is one that is in progress. */
static int look(struct action *action, struct value *ret)
{
	cleanup_free struct vf_report *all = NULL;
	size_t count = 0;
	*ret = value_port((struct port){ .kind = action->step->to.port.kind, .response = PORT_IN_PROGRESS });
	int r = vf_list(action->executor->kernel, action->plan->pf_ifindex, &all, &count, &action->words);
	for (size_t i = 0; r == 0 && i < count; i++)
		if (all[i].index == action->plan->vf_index && all[i].settings.of[SETTING_PORT].present)
			*ret = all[i].settings.of[SETTING_PORT];
	return r;
}

/* Whether the switch said no. Till then the driver may report a moment longer what was before. */
static bool is_refusal(const struct value *value)
{
	uint16_t response = value->port.response;
	return response != PORT_SUCCESS && response != PORT_IN_PROGRESS;
}

/* The switch said no, or nothing: what is known of its answer is in VALUE. */
static int refuse(struct action *action, const struct value *value)
{
	bool late = !is_refusal(value);
	struct pci_text name = pci_text(action->plan->address);
	cleanup_free char *text = step_text(action->plan, action->step);
	struct report *report = report_error(action->reports, late ? REPORT_TIMEOUT : REPORT_HOST, name.s,
					     "%s: cannot %s: %s%s", name.s, text ? text : "do a step",
					     late ? "no answer in time; what is known is " : "the answer is ",
					     value_show(SETTING_PORT, value).s);
	if (late)
		report_hint(report, "--timeout S waits longer");
	else
		report_hint(report, "ask whoever manages the switch whether it knows that profile");
	action->reported = true;
	return late ? -ETIMEDOUT : -EPROTO;
}

int do_port(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	struct value now;
	if (action->plan->pf_ifindex == 0)
		return -ENODEV;
	int r = ask(action, &wait);
	if (r < 0)
		return r;
	do {
		r = look(action, &now);
		if (r == 0 && value_equal(SETTING_PORT, &now, &action->step->to))
			return 0;
	} while ((r < 0 || !is_refusal(&now)) && wait_again(&wait));
	return r < 0 ? r : refuse(action, &now);
}
