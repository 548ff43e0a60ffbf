/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <vfassign.h>

#include "lib/context.h"
#include "lib/request.h"
#include "lib/result.h"
#include "model/document.h"
#include "plan/check.h"

static int show_arguments(struct vfassign_result *result, const struct document *document,
			  const struct vfassign_request *request)
{
	const char **arguments = result_array(result, 2 * document->interface_count, sizeof(*arguments));
	if (!arguments)
		return -ENOMEM;
	for (size_t i = 0; i < document->interface_count; i++) {
		char *json = request_qemu(document, request, i);
		if (!json)
			return -ENOMEM;
		arguments[result->argument_count++] = "-device";
		arguments[result->argument_count++] = result_own(result, json);
	}
	result->arguments = arguments;
	return 0;
}

int vfassign_qemu_arguments(const struct vfassign_document *document, const struct vfassign_request *request,
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
		r = show_arguments(result, document->model, request);
	return result_finish(result, r, ret);
}
