/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <vfassign.h>

#include "base/escape.h"
#include "base/report.h"
#include "lib/request.h"
#include "model/document.h"

int request_guest(const struct document *document, const struct vfassign_request *request, const char **ret,
		  struct reports *reports)
{
	const char *given = request->guest;
	if (given && document->name && strcmp(given, document->name) != 0) {
		report_error(reports, REPORT_USAGE, given,
			     "the guest is called '%s' in the document, but --guest says '%s'",
			     document->name, given);
		return -EINVAL;
	}
	*ret = given ? given : document->name;
	return 0;
}

int request_require_guest(const struct document *document, const struct vfassign_request *request,
			  const char **ret, struct reports *reports)
{
	int r = request_guest(document, request, ret, reports);
	if (r < 0)
		return r;
	if (!*ret || !**ret)
		report_hint(report_error(reports, REPORT_USAGE, NULL,
					 "the guest has no name: the document is not a <domain> with a <name>"),
			    "name it with --guest NAME");
	else if (!escape_is_text(*ret))
		report_error(reports, REPORT_USAGE, NULL,
			     "the guest's name has control characters, or is not UTF-8");
	else
		return 0;
	return -EINVAL;
}

int request_check_machine(const struct document *document, const struct vfassign_request *request,
			  struct reports *reports)
{
	if (!request->machine || !document->machine || strcmp(request->machine, document->machine) == 0)
		return 0;
	report_error(reports, REPORT_USAGE, NULL,
		     "the document's machine type is '%s', but --machine says '%s'", document->machine,
		     request->machine);
	return -EINVAL;
}
