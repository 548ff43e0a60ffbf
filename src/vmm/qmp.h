/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * QMP: a connection to the monitor of a running VMM. Nothing takes longer than the time that is set, and nothing that the
 * VMM sends takes more than a few megabytes, whatever it does. After a failure that leaves it unknown where in
 * the conversation the two are, the connection is closed, and every later call fails.
 */

#include <stdbool.h>
#include <sys/types.h>

#include <jansson.h>

struct qmp;
struct reports;

/* What the VMM answered. */
struct qmp_reply {
	json_t *value; /* NULL when it refused */
	char *class;   /* of its error: "DeviceNotFound", "GenericError", … */
	char *text;    /* its own words */
};

/*
 * Connects to the socket at PATH, takes the greeting and leaves negotiation mode, all within TIMEOUT_MS. 0 or a negative
 * errno with a report.
 */
int qmp_connect(const char *path, unsigned timeout_ms, struct qmp **ret, struct reports *reports);

/* The same for FD, which is connected, and closed whatever happens; PATH is what reports call it. */
int qmp_start(int fd, const char *path, unsigned timeout_ms, struct qmp **ret, struct reports *reports);

/* Closes QMP and frees it; NULL is allowed. */
void qmp_free(struct qmp *qmp);

/* The process that listens at the other end; 0 when the kernel does not tell, as for one in another PID namespace. */
pid_t qmp_peer(const struct qmp *qmp);

/* All that is done with QMP from now on, until the next call of this, takes at most TIMEOUT_MS. */
void qmp_set_timeout(struct qmp *qmp, unsigned timeout_ms);

/*
 * Has the VMM execute command NAME with ARGUMENTS (an object, which stays the caller's; NULL for none), and waits for its
 * answer. 0, also when the VMM refuses, which *RET tells; or a negative errno with a report: -ETIMEDOUT when it did
 * not answer in time (a late answer is dropped, and the connection stays good). *RET is to be freed by qmp_reply_done().
 */
int qmp_command(struct qmp *qmp, const char *name, json_t *arguments, struct qmp_reply *ret,
		struct reports *reports);

/* Frees what REPLY holds. */
void qmp_reply_done(struct qmp_reply *reply);

/* Reports that the VMM refused command NAME, with its own words. */
void qmp_report_refusal(const struct qmp *qmp, const char *name, const struct qmp_reply *reply,
			struct reports *reports);

/* Whether the time that was set is not up yet. */
bool qmp_has_time(const struct qmp *qmp);

/* Drops the events that came up to now: they are not about what is done next. */
void qmp_forget_events(struct qmp *qmp);

/* An event that is looked for. */
struct qmp_match {
	/* Whether event NAME is it; VALUE is its data, NULL when it has none. */
	bool (*function)(const struct qmp_match *match, const char *name, const json_t *value);
	const void *data;
	unsigned within_ms; /* how long it is waited for; 0: as long as there is time */
};

/*
 * Waits for the first event that MATCH accepts, of those that came since the last one was taken, too; earlier
 * ones are dropped. Of those that nobody waits for, only the last few are kept. 1, and the whole event in *RET (the
 * caller's); 0 when none came in time; a negative errno with a report.
 */
int qmp_wait_event(struct qmp *qmp, const struct qmp_match *match, json_t **ret, struct reports *reports);
