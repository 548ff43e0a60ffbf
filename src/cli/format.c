/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verb.h"

void verb_format(struct session *session)
{
	struct output *out = &session->out;
	struct vfassign_source source;
	cleanup_free char *xml = session_read(session, session->words[0], &source);
	if (!xml)
		return;
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_document_format(&source, &result);
	if (output_result(out, result, r))
		output_text(out, "xml", vfassign_result_xml(result));
}
