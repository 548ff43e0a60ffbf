/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exec/wait.h"

#include <errno.h>
#include <time.h>

#define INTERVAL_FIRST_MS 1
#define INTERVAL_MAX_MS 100

struct wait wait_start(unsigned timeout_ms)
{
	return (struct wait){ .left_ms = timeout_ms, .next_ms = INTERVAL_FIRST_MS };
}

bool wait_again(struct wait *wait)
{
	if (wait->left_ms == 0)
		return false;
	unsigned ms = wait->next_ms < wait->left_ms ? wait->next_ms : wait->left_ms;
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	while (nanosleep(&time, &time) < 0 && errno == EINTR) {
		/* The rest of the time is left in it. */
	}
	wait->left_ms -= ms;
	wait->next_ms = wait->next_ms * 2 < INTERVAL_MAX_MS ? wait->next_ms * 2 : INTERVAL_MAX_MS;
	return true;
}

bool is_try_again(int r)
{
	return r == -EAGAIN || r == -EBUSY;
}
