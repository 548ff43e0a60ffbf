/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vfassign.h>

#include "base/cleanup.h"
#include "lib/context.h"
#include "lib/request.h"
#include "lib/result.h"
#include "model/document.h"

/* --machine says what a document without <domain> does not; beside one it would be a second truth. */
static int check_machine(const struct document *document, const struct vfassign_request *request,
			 struct reports *reports)
{
	if (!request->machine || !document->machine || strcmp(request->machine, document->machine) == 0)
		return 0;
	report_error(reports, REPORT_USAGE, NULL,
		     "the document's machine type is '%s', but --machine says '%s'", document->machine,
		     request->machine);
	return -EINVAL;
}

/* QEMU is given host PCI devices here, and nothing else. */
static int check_sources(const struct document *document, struct reports *reports)
{
	int r = 0;
	for (size_t i = 0; i < document->interface_count; i++) {
		if (document->interfaces[i].source == SOURCE_PCI)
			continue;
		cleanup_free char *where = document_where(document, document->interfaces[i].position);
		report_hint(report_error(reports, REPORT_CONFIG_UNSUPPORTED, where,
					 "a USB device cannot be assigned as <interface type='hostdev'>"),
			    "use a plain <hostdev mode='subsystem' type='usb'> entry for it");
		r = -EINVAL;
	}
	return r;
}

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
	int r = check_machine(document->model, request, &result->reports);
	if (r == 0)
		r = check_sources(document->model, &result->reports);
	if (r == 0)
		r = show_arguments(result, document->model, request);
	return result_finish(result, r, ret);
}
