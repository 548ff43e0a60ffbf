/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <vfassign.h>

#include "base/report.h"
#include "lib/assignment.h"
#include "lib/request.h"
#include "lib/result.h"
#include "lib/session.h"

/* The owner that REQUEST names, as it is now. */
static int request_owner(struct session *session, const struct vfassign_request *request, struct owner *ret)
{
	*ret = (struct owner){ 0 };
	if (request->pid == 0)
		return 0;
	int r = session_owner(session, request->pid, ret);
	if (r < 0)
		report_cause(report_error(session->reports, REPORT_USAGE, NULL,
					  r == -ESRCH ? "--pid %d: there is no such process" :
							"--pid %d: the process cannot be looked at",
					  request->pid),
			     r == -ESRCH ? 0 : r, NULL);
	return r;
}

int vfassign_prepare(struct vfassign *context, const struct vfassign_document *document,
		     const struct vfassign_request *request, struct vfassign_result **ret)
{
	static const struct vfassign_request usual = { 0 };
	struct vfassign_result *result = result_new();
	struct session session = session_new(context, result);
	struct assignment assignment = { 0 };
	struct owner owner;
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	request = request ? request : &usual;
	int r = session_act(&session);
	if (r == 0)
		r = request_owner(&session, request, &owner);
	if (r == 0)
		r = assignment_make(&session, document->model, request, &assignment);
	if (r == 0)
		r = assignment_commit(&session, &assignment, owner);
	if (r == 0)
		assignment_show(&session, &assignment, document->model, request);
	assignment_done(&assignment);
	session_done(&session);
	return result_finish(result, r, ret);
}
