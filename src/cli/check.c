/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verb.h"

/* One file; what is said about it on the side of the object. */
static json_t *check_file(struct session *session, const char *file)
{
	struct output *out = &session->out;
	cleanup_document struct vfassign_document *document = session_document(session, file, VFASSIGN_CHECK);
	size_t devices = document ? vfassign_document_devices(document) : 0;
	if (document)
		output_info(out, "%s: OK, %zu device%s", out->document, devices, devices == 1 ? "" : "s");
	return json_pack("{s:o, s:b, s:o}", "file", output_json_text(out->document), "ok", document != NULL,
			 "devices", document ? json_integer((json_int_t)devices) : json_null());
}

void verb_check(struct session *session)
{
	json_t *files = json_array();
	for (size_t i = 0; i < session->word_count; i++)
		output_json_append(&files, check_file(session, session->words[i]));
	output_set(&session->out, "files", files);
}
