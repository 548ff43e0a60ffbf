/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vfassign.h>

#include "base/cleanup.h"
#include "lib/context.h"
#include "lib/request.h"
#include "lib/result.h"
#include "model/document.h"

#define STATE_DIR "/run/vfassign"
#define TIMEOUT_MS 5000
/* Work on a device is mostly waiting for its driver: as many as a host usually gives to one guest. */
#define JOBS 32

void vfassign_free(struct vfassign *context)
{
	if (!context)
		return;
	free(context->root);
	free(context->state_dir);
	free(context->allowed);
	free(context);
}

static void context_free_at(struct vfassign **context)
{
	vfassign_free(*context);
}

/* Reads "PCI[,PCI]…" into new memory. 0, -EINVAL with a report, -ENOMEM. */
int parse_addresses(const char *text, struct pci_address **ret, size_t *ret_count, struct reports *reports)
{
	cleanup_free char *copy = strdup(text);
	cleanup_free struct pci_address *list = calloc(strlen(text) / 2 + 1, sizeof(*list));
	if (!copy || !list)
		return -ENOMEM;
	size_t count = 0;
	char *rest = copy;
	for (char *item; (item = strsep(&rest, ",")); count++) {
		if (pci_parse(item, &list[count]) == 0)
			continue;
		report_hint(report_error(reports, REPORT_USAGE, item, "'%s' is not a PCI address", item),
			    "write it like 0000:01:10.2; vfassign list shows them");
		return -EINVAL;
	}
	*ret = TAKE(list);
	*ret_count = count;
	return 0;
}

/*
 * A state folder is given whole: "..", or a path that depends on where one stands, would be a different store
 * each time.
 */
static int check_state_dir(const char *path, struct reports *reports)
{
	if (path[0] == '/' && path[1])
		return 0;
	report_error(reports, REPORT_USAGE, path, "the state folder '%s' is not an absolute path", path);
	return -EINVAL;
}

static int set_root(struct vfassign *context, const char *root, struct reports *reports)
{
	struct stat st;
	if (stat(root, &st) < 0 || !S_ISDIR(st.st_mode)) {
		report_cause(report_error(reports, REPORT_USAGE, root, "there is no root folder %s", root),
			     errno, NULL);
		return -ENOENT;
	}
	context->root = strdup(root);
	if (!context->root)
		return -ENOMEM;
	for (size_t n = strlen(context->root); n > 0 && context->root[n - 1] == '/'; n--)
		context->root[n - 1] = '\0';
	return 0;
}

static int set_options(struct vfassign *context, const struct vfassign_options *options, struct reports *reports)
{
	const char *state_dir = options->state_dir ? options->state_dir : STATE_DIR;
	int r = check_state_dir(state_dir, reports);
	if (r == 0)
		r = set_root(context, options->root ? options->root : "/", reports);
	if (r == 0 && options->allow)
		r = parse_addresses(options->allow, &context->allowed, &context->allowed_count, reports);
	if (r < 0)
		return r;
	context->limited = options->allow;
	context->timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_MS;
	context->jobs = options->jobs ? options->jobs : JOBS;
	context->log = (struct log){ options->log, options->log_data };
	context->state_dir = strdup(state_dir);
	return context->state_dir ? 0 : -ENOMEM;
}

int vfassign_new(const struct vfassign_options *options, struct vfassign **ret,
		 struct vfassign_result **ret_result)
{
	static const struct vfassign_options usual = { 0 };
	cleanup(context_free_at) struct vfassign *context = calloc(1, sizeof(*context));
	struct vfassign_result *result = result_new();
	if (ret_result)
		*ret_result = NULL;
	if (!context || !result) {
		vfassign_result_free(result);
		return -ENOMEM;
	}
	int r = set_options(context, options ? options : &usual, &result->reports);
	if (r < 0 && ret_result)
		return result_finish(result, r, ret_result);
	vfassign_result_free(result);
	if (r == 0)
		*ret = TAKE(context);
	return r;
}

int vfassign_document_parse(const struct vfassign_source *source, struct vfassign_document **ret,
			    struct vfassign_result **ret_result)
{
	static const enum purpose purposes[] = {
		[VFASSIGN_ACT] = PURPOSE_ACT,
		[VFASSIGN_CHECK] = PURPOSE_CHECK,
		[VFASSIGN_ARGUMENTS] = PURPOSE_ARGUMENTS,
	};
	struct document_text text = { source->file, source->xml, source->length, purposes[source->purpose] };
	struct vfassign_document *document = calloc(1, sizeof(*document));
	struct vfassign_result *result = result_new();
	*ret = NULL;
	*ret_result = NULL;
	if (!document || !result) {
		free(document);
		vfassign_result_free(result);
		return -ENOMEM;
	}
	int r = document_parse(&text, source->strict, &document->model, &result->reports);
	if (r < 0)
		vfassign_document_free(document);
	else
		*ret = document;
	return result_finish(result, r, ret_result);
}

void vfassign_document_free(struct vfassign_document *document)
{
	if (document)
		document_free(document->model);
	free(document);
}

size_t vfassign_document_devices(const struct vfassign_document *document)
{
	return document->model->interface_count + document->model->hostdev_count;
}
