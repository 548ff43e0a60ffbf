/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Reports: how failures are told.
 *
 * A function without a "struct reports *" parameter returns 0 or a negative errno and says nothing else. A
 * function with one returns 0 or a negative errno too, and has added at least one error report before it
 * returns negative. The text is written once, where the failure is understood; callers above pass it on and
 * add nothing.
 */

#include <stdbool.h>
#include <stddef.h>

/* What kind of failure it is: decides the text prefix, the JSON name and the exit status of the command. */
enum report_class {
	REPORT_USAGE,
	REPORT_XML,
	REPORT_CONFIG_UNSUPPORTED,
	REPORT_DEVICE_MISSING,
	REPORT_HOST_UNREADY,
	REPORT_DENIED,
	REPORT_BUSY,
	REPORT_HOST,
	REPORT_VMM,
	REPORT_TIMEOUT,
	REPORT_DIRTY,
	REPORT_PENDING,
	REPORT_CLASS_COUNT
};

enum report_severity {
	REPORT_ERROR,
	REPORT_WARNING,
	REPORT_NOTE,
};

struct report {
	enum report_severity severity;
	enum report_class class;
	char *message; /* what is wrong with which object, one sentence, without prefix */
	char *object;  /* PCI address, FILE:LINE:COLUMN, path, …; NULL where there is none */
	int errnum;    /* positive errno, 0 where there is none */
	char *kernel;  /* the kernel's extended-ack text or the VMM's own words, or NULL */
	char *hint;    /* the command or setting that fixes it, or NULL */
	const char *rule; /* the rule of the model, or the check of the plan, that is broken: "vlan-trunk"; static, or NULL */
};

/* A growing list of reports. All zero is the empty list. */
struct reports {
	struct report *items;
	size_t count;
	size_t limit;       /* no more than so many are kept; 0: no limit */
	size_t more;        /* how many that were not */
	struct report lost; /* takes them, and what did not fit into memory */
	size_t errors;      /* how many of all ever added are errors */
};

/*
 * Adds an error of CLASS about OBJECT (copied; may be NULL) with a printf-style message, and returns it so
 * that the other parts can be added at once. The pointer is never NULL and holds until the next report is
 * added.
 */
struct report *report_error(struct reports *reports, enum report_class class, const char *object,
			    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for a warning: the work goes on. */
struct report *report_warning(struct reports *reports, enum report_class class, const char *object,
			      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for a note: something done that the user wants to hear of. */
struct report *report_note(struct reports *reports, const char *object, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets the hint of REPORT, printf style; an earlier one is replaced. Returns REPORT. */
struct report *report_hint(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Sets the errno (given positive or negative) and the kernel's own words (copied; NULL or "" for none).
 * Returns REPORT.
 */
struct report *report_cause(struct report *report, int errnum, const char *kernel);

/* Moves all reports of FROM behind those of TO; FROM is empty afterwards. */
void reports_move(struct reports *to, struct reports *from);

/* Frees what REPORTS holds and leaves it empty. */
void reports_done(struct reports *reports);

/* The name of CLASS in JSON ("config-unsupported"), in texts ("Unsupported Config"), and its exit status. */
const char *report_class_name(enum report_class class);
const char *report_class_text(enum report_class class);
int report_class_exit(enum report_class class);

/* The exit status for REPORTS as a whole: the highest of its errors, 0 without any. */
int reports_exit(const struct reports *reports);
