/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A VMM as a child process: started in two moves, so that its pid can be on record before it runs, and
 * waited for with signals passed on.
 *
 *	child_block_signals(&signals)      from here on a signal waits instead of ending us half-way
 *	child_start(…, &signals, &child)   the child exists, and waits at its gate
 *	child_go(&child)                   the child becomes the VMM
 *	child_wait(&child, &status)
 *	child_done(&child)
 *	child_restore_signals(&signals)    after the last thing that must not be cut short
 *
 * If we die while the child waits at its gate, the gate closes and the child ends itself. Once it is let go
 * it is a process of its own: it outlives us, and its record names it as the owner.
 */

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

/* How signals were treated before child_block_signals(). */
struct child_signals {
	sigset_t mask;
	struct sigaction chld;
};

struct child {
	pid_t pid; /* 0: none, or reaped */
	int pidfd;
	/*
	 * Our end of a socket, open while the child waits at the other: a byte lets it go. Then it answers
	 * with exec's errno, or exec closes its end.
	 */
	int gate;
	int signals; /* tells of the signals to pass on */
	/* What was pending for us when the child came into being: it has not seen these. */
	sigset_t early;
};

#define CHILD_NONE ((struct child){ .pidfd = -1, .gate = -1, .signals = -1 })

/*
 * Blocks SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2, those that the caller ignores (nohup)
 * excepted, and makes sure that an ended child can be waited for. RET_SAVED says how it was. 0 or a
 * negative errno.
 */
int child_block_signals(struct child_signals *ret_saved);

/* Forgets the signals that are pending: they were for a child that has ended. */
void child_drop_signals(void);

/* Puts back how signals were treated; one that is still pending then takes its effect. */
void child_restore_signals(const struct child_signals *saved);

/*
 * Forks a child that waits at its gate and will become ARGV (NULL at its end, searched in PATH). It will
 * have the signal mask that SAVED tells, the dispositions that we were started with (SIGPIPE and SIGCHLD:
 * default), RLIMIT_MEMLOCK raised to MEMLOCK bytes (0: left alone; never lowered), and of our descriptors
 * those without FD_CLOEXEC. 0 or a negative errno and then there is no child; -EPERM: the limit may not be
 * raised that far.
 */
int child_start(char *const argv[], uint64_t memlock, const struct child_signals *saved, struct child *ret);

/*
 * Lets the child go and waits until exec has worked. 0, or the negative errno of exec (-ENOENT: not found)
 * and then the child is reaped. A child that was killed meanwhile is not an error here: child_wait() tells
 * of it.
 */
int child_go(struct child *child);

/*
 * Waits until the child ends, reaps it and gives its wait status (see wait(2)). Meanwhile the signals
 * blocked by child_block_signals() are passed on to it, earlier ones included; not so an interrupt or quit
 * from the terminal, which the child has already had. 0 or a negative errno.
 */
int child_wait(struct child *child, int *ret_status);

/*
 * Ends and reaps a child that was never let go, and closes what CHILD holds; it is CHILD_NONE afterwards,
 * and may be before.
 */
void child_done(struct child *child);
