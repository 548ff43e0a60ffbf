/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Processes as owners: a pid alone is re-used, a pid with its start time is not. */

#include <stdint.h>
#include <sys/types.h>

#include "kernel/kernel.h"

struct process {
	pid_t pid;
	uint64_t start; /* clock ticks since boot: field 22 of /proc/PID/stat */
};

/* The process PID as it is now. -ESRCH when there is none; a zombie is none. */
int process_read(struct kernel *kernel, pid_t pid, struct process *ret);
