/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/parallel.h"

#define COUNT 100

static void mark(void *data, size_t i)
{
	atomic_fetch_add(&((atomic_int *)data)[i], 1);
}

static void assert_once_each(size_t count, unsigned threads)
{
	atomic_int calls[COUNT] = { 0 };
	parallel(count, threads, mark, calls);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(calls[i], i < count);
}

/* Whatever the numbers are, each is called once. */
static void test_once_each(void **state)
{
	static const unsigned threads[] = { 0, 1, 2, 7, 64, 1000 };
	static const size_t counts[] = { 0, 1, 2, 99, COUNT };
	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++)
		for (size_t k = 0; k < sizeof(counts) / sizeof(counts[0]); k++)
			assert_once_each(counts[k], threads[i]);
}

static void meet(void *data, size_t i)
{
	pthread_barrier_wait(data);
}

/* They are there at the same time: else they would wait for each other for ever. */
static void test_together(void **state)
{
	pthread_barrier_t barrier;
	pthread_barrier_init(&barrier, NULL, 14);
	parallel(14, 14, meet, &barrier);
	pthread_barrier_destroy(&barrier);
}

static void count_self(void *data, size_t i)
{
	((pthread_t *)data)[i] = pthread_self();
}

/* One at a time is no other thread than the caller's, in order. */
static void test_alone(void **state)
{
	pthread_t threads[5] = { 0 };
	parallel(5, 1, count_self, threads);
	for (size_t i = 0; i < 5; i++)
		assert_true(pthread_equal(threads[i], pthread_self()));
}

struct masks {
	pthread_t caller;
	pthread_barrier_t barrier;
	atomic_int open; /* threads but the caller's that could be interrupted */
};

static void look_at_mask(void *data, size_t i)
{
	struct masks *masks = data;
	sigset_t set;
	pthread_barrier_wait(&masks->barrier);
	pthread_sigmask(SIG_BLOCK, NULL, &set);
	if (!pthread_equal(pthread_self(), masks->caller))
		atomic_fetch_add(&masks->open, !sigismember(&set, SIGTERM));
}

/* The caller's signals are the caller's, and its mask is as it was. */
static void test_signals(void **state)
{
	struct masks masks = { .caller = pthread_self() };
	sigset_t set;
	pthread_barrier_init(&masks.barrier, NULL, 4);
	parallel(4, 4, look_at_mask, &masks);
	assert_int_equal(masks.open, 0);
	pthread_barrier_destroy(&masks.barrier);
	pthread_sigmask(SIG_BLOCK, NULL, &set);
	assert_false(sigismember(&set, SIGTERM));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once_each),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_signals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
