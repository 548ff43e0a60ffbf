/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Session: one call of the command, as its verb sees it. */

#include <vfassign.h>

#include "base/cleanup.h"
#include "cli/options.h"
#include "cli/output.h"

struct session {
	struct options options;
	char **words; /* the arguments of the verb: word_count of them */
	size_t word_count;
	char **command; /* what stands behind "--", NULL at its end; NULL without "--" */
	struct output out;
};

/* Releases what *P holds when it goes out of scope; NULL is allowed. */
static inline void cleanup_context_at(struct vfassign **p)
{
	vfassign_free(*p);
}
static inline void cleanup_document_at(struct vfassign_document **p)
{
	vfassign_document_free(*p);
}
static inline void cleanup_result_at(struct vfassign_result **p)
{
	vfassign_result_free(*p);
}

#define cleanup_context cleanup(cleanup_context_at)
#define cleanup_document cleanup(cleanup_document_at)
#define cleanup_result cleanup(cleanup_result_at)

/* A context as the options want it; NULL when there is none, which the user was told. */
struct vfassign *session_context(struct session *session);

/*
 * The bytes of FILE ("-": standard input), for SOURCE, which points into them, in new memory. NULL when they
 * cannot be read, which the user was told.
 */
char *session_read(struct session *session, const char *file, struct vfassign_source *source);

/*
 * Document FILE, parsed for PURPOSE and its findings told; to act, unknown elements and attributes are
 * errors, else when the options say so. NULL when it is no good.
 */
struct vfassign_document *session_document(struct session *session, const char *file,
					   enum vfassign_purpose purpose);

/* The request that the options make. */
struct vfassign_request session_request(const struct session *session);
