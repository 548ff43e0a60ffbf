/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <vfassign.h>

#include "lib/request.h"
#include "lib/result.h"
#include "lib/session.h"
#include "plan/plan.h"
#include "plan/step.h"

/* The steps of DEVICE, behind those that RESULT has; it has room for them. */
static void show_steps(struct vfassign_result *result, const struct device_plan *device)
{
	for (size_t i = 0; i < device->step_count; i++) {
		const struct step *step = &device->steps[i];
		struct vfassign_step *shown = &result->steps[result->step_count++];
		shown->address = result_text(result, pci_text(device->address).s);
		shown->action = result_own(result, step_text(device, step));
		if (step->setting == SETTING_COUNT)
			continue;
		shown->key = setting_key(step->setting);
		shown->before = result_text(result, value_show(step->setting, &step->from).s);
		shown->after = result_text(result, value_show(step->setting, &step->to).s);
	}
}

static int show_plan(struct vfassign_result *result, const struct plan *plan)
{
	result->steps = result_array(result, plan->count * STEPS_MAX, sizeof(*result->steps));
	for (size_t i = 0; result->steps && i < plan->count; i++)
		show_steps(result, &plan->devices[i]);
	return result->steps ? 0 : -ENOMEM;
}

int vfassign_plan(struct vfassign *context, const struct vfassign_document *document,
		  const struct vfassign_request *request, struct vfassign_result **ret)
{
	static const struct vfassign_request usual = { 0 };
	struct vfassign_result *result = result_new();
	struct session session = session_new(context, result);
	struct plan plan = { 0 };
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	int r = session_look(&session);
	if (r == 0)
		r = request_plan(&session, document->model, request ? request : &usual, LOOK_ONLY, &plan);
	if (r == 0)
		r = show_plan(result, &plan);
	plan_done(&plan);
	session_done(&session);
	return result_finish(result, r, ret);
}
