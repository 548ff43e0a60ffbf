/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/folder.h"

/* More names than one read of the folder gives. */
#define MANY 300

static void make(int dir, const char *name)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static void test_names(void **state)
{
	char path[] = "/tmp/vfassign-folder-XXXXXX", name[16];
	bool seen[MANY] = { false };
	size_t count = 0, dotted = 0;
	(void)state;
	assert_non_null(mkdtemp(path));
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%u", i);
		make(dir, name);
	}
	/* Only two names are not names of something. */
	make(dir, ".x");
	make(dir, "...");
	struct folder folder;
	assert_int_equal(folder_open(dir, ".", &folder), 0);
	for (const char *each; (each = folder_next(&folder)); count++) {
		if (each[0] == '.')
			dotted++;
		else
			seen[atoi(each)] = true;
		assert_int_equal(unlinkat(folder.fd, each, 0), 0);
	}
	folder_close(&folder);
	assert_int_equal(folder.fd, -1);
	assert_int_equal(count, MANY + 2);
	assert_int_equal(dotted, 2);
	for (unsigned i = 0; i < MANY; i++)
		assert_true(seen[i]);
	close(dir);
	assert_int_equal(rmdir(path), 0);
}

static void test_none(void **state)
{
	struct folder folder;
	(void)state;
	assert_int_equal(folder_open(AT_FDCWD, "/nonexistent", &folder), -ENOENT);
	folder_close(&folder);
	assert_int_equal(folder_open(AT_FDCWD, "/dev/null", &folder), -ENOTDIR);
	folder_close(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
