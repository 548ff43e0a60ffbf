/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lib/assignment.h"
#include "lib/request.h"
#include "lib/result.h"
#include "lib/session.h"
#include "plan/step.h"

void assignment_show(struct session *session, const struct assignment *assignment,
		     const struct document *document, const struct vfassign_request *request)
{
	struct vfassign_result *result = session->result;
	result->assignment = result_text(result, uuid_text(assignment->uuid).s);
	result->guest = result_text(result, assignment->guest);
	for (size_t i = 0; i < assignment->plan.count; i++)
		result_add_prepared(result, &assignment->plan.devices[i], request_qemu(document, request, i));
}
