/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"

static const char *const severities[] = {
	[VFASSIGN_ERROR] = "error",
	[VFASSIGN_WARNING] = "warning",
	[VFASSIGN_NOTE] = "note",
};

/* ---- for programs ------------------------------------------------------------------------------------ */

void output_start_object(struct output *out, FILE *stream)
{
	out->stream = stream;
	out->object = json_pack("{s:i}", "version", 1);
	out->reports = json_array();
	out->lost = !out->object || !out->reports;
}

void output_set(struct output *out, const char *key, json_t *value)
{
	if (!out->stream)
		json_decref(value);
	else if (json_object_set_new(out->object, key, value) < 0)
		out->lost = true;
}

json_t *output_json_text(const char *text)
{
	if (!text)
		return json_null();
	json_t *json = json_string(text);
	if (json)
		return json;
	cleanup_free char *escaped = escape_text(text);
	return escaped ? json_string(escaped) : NULL;
}

void output_json_append(json_t **array, json_t *value)
{
	if (json_array_append_new(*array, value) < 0) {
		json_decref(*array);
		*array = NULL;
	}
}

static json_t *report_json(const struct vfassign_report *report)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "severity", severities[report->severity],
			 "class", vfassign_class_name(report->class_), "message",
			 output_json_text(report->message), "object", output_json_text(report->object),
			 "errno", report->errnum ? json_integer(report->errnum) : json_null(), "kernel",
			 output_json_text(report->kernel), "hint", output_json_text(report->hint));
}

/* ---- for people -------------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 0))) static void print(FILE *stream, const char *format, va_list args)
{
	char *line = NULL;
	if (vasprintf(&line, format, args) < 0)
		line = NULL;
	cleanup_free char *raw = line;
	cleanup_free char *safe = raw ? escape_text(raw) : NULL;
	fprintf(stream, "%s\n", safe ? safe : "(out of memory)");
}

/* One line on standard error. */
__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	print(stderr, format, args);
	va_end(args);
}

void output_line(const struct output *out, const char *format, ...)
{
	if (out->json)
		return;
	va_list args;
	va_start(args, format);
	print(stdout, format, args);
	va_end(args);
}

void output_info(const struct output *out, const char *format, ...)
{
	if (out->json || out->quiet)
		return;
	va_list args;
	va_start(args, format);
	print(stdout, format, args);
	va_end(args);
}

void output_text(struct output *out, const char *key, const char *text)
{
	output_set(out, key, output_json_text(text));
	if (!out->json)
		fputs(text, stdout);
}

/* Whether OBJECT is a place in the document: its name, and ":LINE:COLUMN". */
static bool is_place(const struct output *out, const char *object)
{
	size_t length = out->document ? strlen(out->document) : 0;
	if (!object || !length || strncmp(object, out->document, length) != 0)
		return false;
	int end = -1;
	sscanf(object + length, ":%*u:%*u%n", &end);
	return end > 0 && object[length + (size_t)end] == '\0';
}

/* What the system and the kernel or VMM said about it, as it stands behind a message; in new memory. */
static char *cause_text(const struct vfassign_report *report)
{
	const char *meaning = report->errnum ? strerror(report->errnum) : "";
	/* Some messages tell it in their own words. */
	if (report->message && strstr(report->message, meaning))
		meaning = "";
	const char *who = report->class_ == VFASSIGN_VMM ? "VMM" : "kernel";
	bool words = report->kernel && *report->kernel;
	char *text = NULL;
	if (asprintf(&text, "%s%s%s%s%s%s%s", *meaning ? ": " : "", meaning, words ? " (" : "",
		     words ? who : "", words ? ": \"" : "", words ? report->kernel : "", words ? "\")" : "") < 0)
		return NULL;
	return text;
}

/*
 * "vfassign: error: Device busy: …", or "guest.xml:12:7: error: XML error: …" when it stands in the
 * document.
 */
static void tell_report(const struct output *out, const struct vfassign_report *report)
{
	if (out->quiet && report->severity != VFASSIGN_ERROR)
		return;
	bool is_error = report->severity == VFASSIGN_ERROR;
	cleanup_free char *cause = cause_text(report);
	tell("%s: %s: %s%s%s%s", is_place(out, report->object) ? report->object : "vfassign",
	     severities[report->severity], is_error ? vfassign_class_text(report->class_) : "",
	     is_error ? ": " : "", report->message ? report->message : "(out of memory)", cause ? cause : "");
	if (report->hint)
		tell("vfassign: hint: %s", report->hint);
}

/* ---- reports ----------------------------------------------------------------------------------------- */

/* Statuses of errors that arise here; those of the library's errors come from the library. */
#define EXIT_USAGE 1
#define EXIT_HOST 4

static void raise_exit(struct output *out, int status)
{
	if (out->own_exit && status && !out->exit)
		out->exit = out->own_exit;
	else if (!out->own_exit && status > out->exit)
		out->exit = status;
}

static void report(struct output *out, const struct vfassign_report *report)
{
	if (out->stream)
		output_json_append(&out->reports, report_json(report));
	if (!out->json)
		tell_report(out, report);
}

bool output_result(struct output *out, const struct vfassign_result *result, int r)
{
	if (!result && r < 0) {
		report(out, &(struct vfassign_report){ .class_ = VFASSIGN_HOST, .message = "out of memory" });
		raise_exit(out, EXIT_HOST);
		return false;
	}
	const struct vfassign_report *reports = NULL;
	size_t count = result ? vfassign_result_reports(result, &reports) : 0;
	for (size_t i = 0; i < count; i++)
		report(out, &reports[i]);
	raise_exit(out, result ? vfassign_result_exit(result) : 0);
	return r >= 0;
}

void output_usage(struct output *out, const char *hint, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *message = NULL;
	if (vasprintf(&message, format, args) < 0)
		message = NULL;
	va_end(args);
	report(out, &(struct vfassign_report){ .class_ = VFASSIGN_USAGE, .message = message, .hint = hint });
	free(message);
	raise_exit(out, EXIT_USAGE);
}

void output_file_error(struct output *out, const char *file, const char *verb, int errnum)
{
	cleanup_free char *message = NULL;
	if (asprintf(&message, "%s cannot be %s", file, verb) < 0)
		message = NULL;
	report(out, &(struct vfassign_report){
			    .class_ = VFASSIGN_USAGE, .message = message, .object = file, .errnum = errnum });
	raise_exit(out, EXIT_USAGE);
}

void output_lost(struct output *out)
{
	out->lost = true;
}

void output_log(void *data, const char *message)
{
	struct output *out = data;
	if (!out->json) {
		tell("vfassign: debug: %s", message);
		return;
	}
	if (!out->log)
		out->log = json_array();
	output_json_append(&out->log, output_json_text(message));
}

/* ---- the end ----------------------------------------------------------------------------------------- */

static void write_object(struct output *out)
{
	if (out->log)
		output_set(out, "log", out->log);
	if (json_array_size(out->reports) || !out->reports_may_miss)
		output_set(out, "reports", out->reports);
	else
		json_decref(out->reports);
	/* ASCII, and control characters escaped: it can do no harm in a terminal either. */
	if (!out->lost && json_dumpf(out->object, out->stream, JSON_COMPACT | JSON_ENSURE_ASCII) == 0)
		fputc('\n', out->stream);
	json_decref(out->object);
}

/*
 * Closes STREAM, called NAME in messages. What was not written is told on standard error: there is no other
 * place left.
 */
static void close_stream(struct output *out, FILE *stream, const char *name)
{
	bool failed = ferror(stream);
	errno = 0;
	if (fclose(stream) == 0 && !failed && !out->lost)
		return;
	const char *why = out->lost ? "out of memory" : errno ? strerror(errno) : "some of it is lost";
	tell("vfassign: error: %s: cannot write to %s: %s", vfassign_class_text(VFASSIGN_HOST), name, why);
	if (out->acts)
		tell("vfassign: hint: what was done stays done; 'vfassign list' shows it");
	raise_exit(out, EXIT_HOST);
}

int output_finish(struct output *out)
{
	if (out->stream)
		write_object(out);
	if (out->stream && out->stream != stdout)
		close_stream(out, out->stream, "the file of --report");
	close_stream(out, stdout, "standard output");
	return out->exit;
}
