/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Output: everything the command says goes through here, to people or, with --json, as one object to
 * programs. Text for people is escaped, whatever it is made of; what could not be written is noticed at the
 * end.
 */

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include <vfassign.h>

struct output {
	bool json;            /* nothing for people, neither on standard output nor on standard error */
	bool quiet;           /* errors and data only */
	bool acts;            /* the verb changes the host */
	int exit;             /* the exit status so far */
	int own_exit;         /* the exit status of every error, where it is not that of its class; else 0 */
	const char *document; /* what the document that is read is called in messages, or NULL */
	FILE *stream;         /* where the object goes; NULL: no object is wanted */
	json_t *object;
	json_t *reports, *log;
	bool reports_may_miss; /* the object has no member "reports" when there are none */
	bool lost;             /* memory was short: the object is incomplete */
};

/* Starts the object for programs, which goes to STREAM. */
void output_start_object(struct output *out, FILE *stream);

/*
 * Adds VALUE (taken over; NULL: there was no memory for it) to the object as KEY. Without an object VALUE
 * is freed.
 */
void output_set(struct output *out, const char *key, json_t *value);

/* TEXT as JSON: null for NULL, and in its escaped form when it is not UTF-8. */
json_t *output_json_text(const char *text);

/*
 * Adds VALUE (taken over, may be NULL) to *ARRAY. What fails makes *ARRAY NULL, which output_set() notices.
 */
void output_json_append(json_t **array, json_t *value);

/* A line of data for people, printf style, on standard output; newline and escapes are added. */
void output_line(const struct output *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for a line that --quiet suppresses. */
void output_info(const struct output *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whole lines of TEXT as they are, for people; member KEY of the object. */
void output_text(struct output *out, const char *key, const char *text);

/*
 * Tells all reports of what a library call gave: RESULT, and R, which it returned. True when it went well.
 * A NULL result with a negative R is want of memory.
 */
bool output_result(struct output *out, const struct vfassign_result *result, int r);

/* Tells a usage error, printf style, with HINT if it is not NULL. */
void output_usage(struct output *out, const char *hint, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for FILE, which cannot be VERB ("read", "written"), because of ERRNUM (positive). */
void output_file_error(struct output *out, const char *file, const char *verb, int errnum);

/* Tells that something could not be said for want of memory: the exit status will not be 0. */
void output_lost(struct output *out);

/* A line of the log: the callback for struct vfassign_options, with the output as DATA. */
void output_log(void *data, const char *message);

/* Writes the object if there is one, makes sure that all has been written, and returns the exit status. */
int output_finish(struct output *out);
