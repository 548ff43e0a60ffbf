/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Verbs: what the command can do, as one table; each verb is a file of its own. */

#include "cli/session.h"

enum verb {
	VERB_CHECK,
	VERB_FORMAT,
	VERB_PLAN,
	VERB_PREPARE,
	VERB_RELEASE,
	VERB_RUN,
	VERB_LIST,
	VERB_RECOVER,
	VERB_DOCTOR,
	VERB_QEMU_ARGS,
	VERB_HELP,
	VERB_COUNT
};

struct verb_row {
	const char *name;
	const char *usage;   /* what stands behind the name */
	const char *summary; /* one line */
	const char *details; /* lines, for its own help */
	unsigned options;    /* the set of those that it takes beside the global ones */
	size_t words_min, words_max;
	bool acts;          /* it changes the host */
	bool takes_command; /* "-- COMMAND ARGUMENTS…" */
	int own_exit;       /* see struct output */
	void (*function)(struct session *session);
};

/* The row of VERB. */
const struct verb_row *verb_row(enum verb verb);

/* The verb called NAME, or VERB_COUNT. */
enum verb verb_find(const char *name);

/* Tells that there is no verb NAME, and which one may be meant. */
void verb_tell_unknown(const char *name, struct output *out);

/* The verbs: each does its work, and tells results and failures through the output of SESSION. */
void verb_check(struct session *session);
void verb_format(struct session *session);
void verb_plan(struct session *session);
void verb_prepare(struct session *session);
void verb_release(struct session *session);
void verb_run(struct session *session);
void verb_list(struct session *session);
void verb_doctor(struct session *session);
void verb_recover(struct session *session);
void verb_qemu_args(struct session *session);
void verb_help(struct session *session);

/* Help for VERB, or for the command as a whole when it is VERB_COUNT. */
void help(enum verb verb, struct output *out);
