/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Options: everything that can be said with "--", as one table for parsing and for the help texts. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cli/output.h"

enum option {
	/* Of every verb. */
	OPTION_JSON,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_STATE_DIR,
	OPTION_ROOT,
	OPTION_JOBS,
	OPTION_TIMEOUT,
	OPTION_ALLOW,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_GLOBAL_COUNT,
	/* Of some verbs. */
	OPTION_STRICT = OPTION_GLOBAL_COUNT,
	OPTION_GUEST,
	OPTION_MACHINE,
	OPTION_PID,
	OPTION_ASSIGNMENT,
	OPTION_DEVICE,
	OPTION_REPORT,
	OPTION_FORCE,
	OPTION_VMM,
	OPTION_COUNT
};

/* Sets of options. */
#define OPTION_BIT(option) (1u << (option))
#define OPTIONS_GLOBAL (OPTION_BIT(OPTION_GLOBAL_COUNT) - 1)

/* What was said; zero where nothing was. */
struct options {
	bool json, quiet, verbose, help, version, strict, force;
	const char *state_dir, *root, *allow, *guest, *machine, *assignment, *device, *report, *vmm;
	unsigned jobs, timeout_ms;
	pid_t pid;
	unsigned given; /* the set of all that were said */
};

/* How OPTION is written without "--", what stands behind it (NULL: nothing), and what it is good for. */
const char *option_name(enum option option);
const char *option_argument(enum option option);
const char *option_help(enum option option);

/*
 * Reads the option at the front of ARGV (NULL at its end), and its argument, into OPTIONS. Returns how many
 * elements of ARGV that took; 0 when there is something wrong with it, which OUT was told.
 */
int option_parse(char *const argv[], struct options *options, struct output *out);
