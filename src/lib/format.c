/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <vfassign.h>

#include "lib/result.h"
#include "model/document.h"

int vfassign_document_format(const struct vfassign_source *source, struct vfassign_result **ret)
{
	struct document_text text = { source->file, source->xml, source->length, PURPOSE_DEFINE };
	struct document *document = NULL;
	struct vfassign_result *result = result_new();
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	int r = document_parse(&text, source->strict, &document, &result->reports);
	if (r == 0) {
		char *xml = document_format(document, &text);
		r = xml ? 0 : -ENOMEM;
		result->xml = xml ? result_own(result, xml) : NULL;
	}
	document_free(document);
	return result_finish(result, r, ret);
}

const char *vfassign_result_xml(const struct vfassign_result *result)
{
	return result->xml;
}
