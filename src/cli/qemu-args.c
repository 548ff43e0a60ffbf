/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verb.h"

void verb_qemu_args(struct session *session)
{
	struct output *out = &session->out;
	cleanup_document struct vfassign_document *document = session_document(session, session->words[0],
									       VFASSIGN_ARGUMENTS);
	if (!document)
		return;
	struct vfassign_request request = session_request(session);
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_vmm_arguments(document, &request, &result);
	if (!output_result(out, result, r))
		return;
	const char *const *arguments;
	size_t count = vfassign_result_arguments(result, &arguments);
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		output_line(out, "%s", arguments[i]);
		output_json_append(&array, output_json_text(arguments[i]));
	}
	output_set(out, "args", array);
}
