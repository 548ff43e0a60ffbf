/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Waiting for what the kernel gives no event for: looking again, at growing intervals, up to a bound. */

#include <stdbool.h>

struct wait {
	unsigned left_ms;
	unsigned next_ms;
};

/* A wait of at most TIMEOUT_MS in all. */
struct wait wait_start(unsigned timeout_ms);

/* Sleeps for the next interval. False, without sleeping, when the time is up. */
bool wait_again(struct wait *wait);

/* Whether R says so: drivers that are being reset do, and the same message is right a moment later. */
bool is_try_again(int r);
