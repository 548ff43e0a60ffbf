/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <assert.h>

#include "cli/verb.h"

static const char *const words[] = {
	[VFASSIGN_PASS] = "PASS",
	[VFASSIGN_WARN] = "WARN",
	[VFASSIGN_FAIL] = "FAIL",
};

static_assert(ARRAY_SIZE(words) == VFASSIGN_FAIL + 1, "each status has a word");

static json_t *check_json(const struct vfassign_check *check)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o}", "check", check->check, "status", words[check->status],
			 "object", output_json_text(check->object), "message",
			 output_json_text(check->message), "hint", output_json_text(check->hint));
}

static void show_check(const struct output *out, const struct vfassign_check *check)
{
	if (out->quiet && check->status == VFASSIGN_PASS)
		return;
	output_line(out, "%s  %-9s  %s%s%s", words[check->status], check->check, check->message,
		    check->hint ? "; fix: " : "", check->hint ? check->hint : "");
}

static void show(struct output *out, const struct vfassign_result *result)
{
	const struct vfassign_check *checks;
	size_t count = vfassign_result_checks(result, &checks);
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		show_check(out, &checks[i]);
		output_json_append(&array, check_json(&checks[i]));
	}
	output_set(out, "checks", array);
}

void verb_doctor(struct session *session)
{
	struct output *out = &session->out;
	bool has_file = session->word_count;
	cleanup_document struct vfassign_document *document =
		has_file ? session_document(session, session->words[0], VFASSIGN_ACT) : NULL;
	cleanup_context struct vfassign *context = document || !has_file ? session_context(session) : NULL;
	if (!context)
		return;
	struct vfassign_request request = session_request(session);
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_doctor(context, document, &request, &result);
	if (!output_result(out, result, r))
		return;
	show(out, result);
}
