/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A VMM as a child process: started in two moves, so that its pid can be on record before it runs, and waited for with
 * signals passed on.
 */

#include <stdint.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int gate;      /* our end: one byte lets the child go, closing it makes the child exit */
	int failure;   /* our end: the errno of a failed exec, or end of file once exec worked */
	int pidfd;
};

#define CHILD_NONE ((struct child){ .pid = 0, .gate = -1, .failure = -1, .pidfd = -1 })

/*
 * Forks a child that waits at its gate. It will have default signal dispositions and the caller's original mask,
 * RLIMIT_MEMLOCK raised to MEMLOCK bytes (0: left alone; never lowered), no descriptor of ours but 0, 1 and 2 and those the
 * caller itself was started with, and it dies with SIGKILL if we die before it is let go (its gate closes). 0 or a negative
 * errno.
 */
int child_start(char *const argv[], uint64_t memlock, struct child *ret);

/* Lets the child go and waits until exec has worked. 0, or the negative errno of exec (-ENOENT: not found); then the child is reaped. */
int child_go(struct child *child);

/*
 * Waits until the child ends, passing SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 on to it (block them with
 * child_block_signals() before child_start() so that none is lost). Returns its wait status in *RET.
 */
int child_wait(struct child *child, int *ret);

/* Blocks the signals that child_wait() passes on; child_restore_signals() puts the mask back. */
int child_block_signals(void);
void child_restore_signals(void);

/* Ends a child that was never let go, and closes what CHILD holds. CHILD_NONE is allowed. */
void child_done(struct child *child);
