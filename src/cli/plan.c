/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/device.h"
#include "cli/verb.h"

static json_t *step_json(const struct vfassign_step *step)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "address", output_json_text(step->address), "action",
			 output_json_text(step->action), "setting", output_json_text(step->key), "before",
			 setting_json(step->before), "after", setting_json(step->after));
}

static void show_step(const struct output *out, size_t number, const struct vfassign_step *step)
{
	if (step->before && step->after)
		output_line(out, "%2zu. %s  %s: %s → %s", number, step->address, step->action, step->before,
			    step->after);
	else
		output_line(out, "%2zu. %s  %s", number, step->address, step->action);
}

void verb_plan(struct session *session)
{
	struct output *out = &session->out;
	cleanup_document struct vfassign_document *document = session_document(session, session->words[0],
									       VFASSIGN_ACT);
	cleanup_context struct vfassign *context = document ? session_context(session) : NULL;
	if (!context)
		return;
	struct vfassign_request request = session_request(session);
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_plan(context, document, &request, &result);
	if (!output_result(out, result, r))
		return;
	const struct vfassign_step *steps;
	size_t count = vfassign_result_steps(result, &steps);
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		show_step(out, i + 1, &steps[i]);
		output_json_append(&array, step_json(&steps[i]));
	}
	output_set(out, "steps", array);
	output_info(out, count ? "Nothing has been changed: 'prepare' and 'run' take these steps." :
				 "Nothing has to change.");
}
