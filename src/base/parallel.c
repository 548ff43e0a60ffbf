/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

/* What is done here needs little stack, and a small one is given out again instead of being made anew. */
#define STACK_SIZE 524288
#define THREADS_MAX 64

struct pool {
	void (*work)(void *data, size_t i);
	void *data;
	size_t count;
	atomic_size_t next;
};

static void *pool_work(void *arg)
{
	struct pool *pool = arg;
	for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->count;)
		pool->work(pool->data, i);
	return NULL;
}

/* Starts up to COUNT threads. How many it could. */
static size_t start(struct pool *pool, pthread_t *threads, size_t count)
{
	pthread_attr_t attributes;
	sigset_t all, saved;
	size_t started = 0;
	if (pthread_attr_init(&attributes) != 0)
		return 0;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	while (started < count && pthread_create(&threads[started], &attributes, pool_work, pool) == 0)
		started++;
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	pthread_attr_destroy(&attributes);
	return started;
}

void parallel(size_t count, unsigned threads, void (*work)(void *data, size_t i), void *data)
{
	struct pool pool = { .work = work, .data = data, .count = count };
	pthread_t others[THREADS_MAX];
	size_t wanted = threads < count ? threads : count;
	if (wanted > THREADS_MAX)
		wanted = THREADS_MAX;
	size_t started = wanted > 1 ? start(&pool, others, wanted - 1) : 0;
	pool_work(&pool);
	for (size_t i = 0; i < started; i++)
		pthread_join(others[i], NULL);
}
