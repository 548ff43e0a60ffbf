/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <vfassign.h>

#include "lib/request.h"
#include "lib/result.h"
#include "plan/check.h"

int vfassign_vmm_arguments(const struct vfassign_document *document, const struct vfassign_request *request,
			   struct vfassign_result **ret)
{
	static const struct vfassign_request usual = { 0 };
	struct vfassign_result *result = result_new();
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	request = request ? request : &usual;
	int r = request_check_machine(document->model, request, &result->reports);
	if (r == 0)
		r = check_document(document->model, &result->reports);
	if (r == 0)
		r = request_arguments(document->model, request, result);
	return result_finish(result, r, ret);
}
