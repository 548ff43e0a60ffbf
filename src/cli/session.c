/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* One byte more than the library accepts: it is the library that refuses. */
#define DOCUMENT_SIZE (4 * 1024 * 1024 + 1)

struct vfassign *session_context(struct session *session)
{
	const struct options *options = &session->options;
	struct vfassign *context = NULL;
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_new(&(struct vfassign_options){ .root = options->root,
							 .state_dir = options->state_dir,
							 .jobs = options->jobs,
							 .timeout_ms = options->timeout_ms,
							 .allow = options->allow,
							 .log = options->verbose ? output_log : NULL,
							 .log_data = &session->out },
			     &context, &result);
	return output_result(&session->out, result, r) ? context : NULL;
}

/*
 * Reads FILE or standard input to its end or to DOCUMENT_SIZE bytes, into BUF. The length, or a negative
 * errno.
 */
static ssize_t read_document(const char *file, bool is_stdin, char *buf)
{
	cleanup_close int opened = is_stdin ? -1 : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (!is_stdin && opened < 0)
		return -errno;
	size_t length = 0;
	while (length < DOCUMENT_SIZE) {
		ssize_t n = read(is_stdin ? STDIN_FILENO : opened, buf + length, DOCUMENT_SIZE - length);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		if (n > 0)
			length += (size_t)n;
	}
	return (ssize_t)length;
}

char *session_read(struct session *session, const char *file, struct vfassign_source *source)
{
	struct output *out = &session->out;
	bool is_stdin = strcmp(file, "-") == 0;
	out->document = is_stdin ? "<stdin>" : file;
	cleanup_free char *xml = malloc(DOCUMENT_SIZE);
	ssize_t length = xml ? read_document(file, is_stdin, xml) : -ENOMEM;
	if (length < 0) {
		output_file_error(out, out->document, "read", (int)-length);
		return NULL;
	}
	*source = (struct vfassign_source){
		.file = out->document, .xml = xml, .length = (size_t)length, .strict = session->options.strict
	};
	return TAKE(xml);
}

struct vfassign_document *session_document(struct session *session, const char *file,
					   enum vfassign_purpose purpose)
{
	struct vfassign_source source;
	cleanup_free char *xml = session_read(session, file, &source);
	if (!xml)
		return NULL;
	struct vfassign_document *document = NULL;
	cleanup_result struct vfassign_result *result = NULL;
	source.purpose = purpose;
	source.strict |= purpose != VFASSIGN_CHECK;
	int r = vfassign_document_parse(&source, &document, &result);
	return output_result(&session->out, result, r) ? document : NULL;
}

struct vfassign_request session_request(const struct session *session)
{
	const struct options *options = &session->options;
	return (struct vfassign_request){ .guest = options->guest,
					  .machine = options->machine,
					  .pid = options->pid,
					  .force = options->force,
					  .vmm = options->vmm };
}
