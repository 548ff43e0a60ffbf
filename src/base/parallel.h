/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Threads for work that mostly waits for the kernel. None outlives the call that needed it. */

#include <stddef.h>

/*
 * Calls WORK(DATA, i) once for each i below COUNT, from up to THREADS threads, the caller's being one of them, and
 * returns when all calls have: where no thread can be had, the caller's does it all. Signals go to the caller's
 * threads only.
 */
void parallel(size_t count, unsigned threads, void (*work)(void *data, size_t i), void *data);
