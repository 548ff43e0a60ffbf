/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

/* A folder that each test finds empty. */
struct fixture {
	char path[64];
	int dir;
};

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));
	assert_non_null(f);
	strcpy(f->path, "/tmp/vfassign-file-XXXXXX");
	assert_non_null(mkdtemp(f->path));
	f->dir = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(f->dir >= 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = { "file", "other", "file.new", "link" };
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlinkat(f->dir, names[i], 0);
	close(f->dir);
	assert_int_equal(rmdir(f->path), 0);
	free(f);
	return 0;
}

static void make(const struct fixture *f, const char *name, const char *text)
{
	int fd = openat(f->dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void check(const struct fixture *f, const char *name, const char *text)
{
	char buf[64];
	assert_int_equal(file_read(f->dir, name, buf, sizeof(buf)), strlen(text));
	assert_string_equal(buf, text);
}

static void test_read(void **state)
{
	static const struct {
		const char *text, *read;
	} rows[] = {
		{ "", "" },         { "\n", "" },           { "one", "one" },
		{ "one\n", "one" }, { "one\n\n", "one\n" }, { "two words\nof text", "two words\nof text" },
	};
	const struct fixture *f = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make(f, "file", rows[i].text);
		check(f, "file", rows[i].read);
	}
}

static void test_read_limits(void **state)
{
	const struct fixture *f = *state;
	char buf[4];
	make(f, "file", "123");
	assert_int_equal(file_read(f->dir, "file", buf, sizeof(buf)), 3);
	make(f, "file", "1234");
	assert_int_equal(file_read(f->dir, "file", buf, sizeof(buf)), -EFBIG);
	assert_int_equal(file_read(f->dir, "other", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(file_read(f->dir, ".", buf, sizeof(buf)), -EISDIR);
	assert_int_equal(file_read(-1, "file", buf, sizeof(buf)), -EBADF);
}

static void test_write(void **state)
{
	const struct fixture *f = *state;
	assert_int_equal(file_write(f->dir, "file", "x"), -ENOENT);
	make(f, "file", "");
	assert_int_equal(file_write(f->dir, "file", "text"), 0);
	check(f, "file", "text");
	assert_int_equal(file_write(f->dir, "file", ""), 0);
	/* What a full device answers. */
	int dev = open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(file_write(dev, "full", "x"), -ENOSPC);
	close(dev);
}

static void test_link(void **state)
{
	static const struct {
		const char *target, *name;
	} rows[] = {
		{ "../../bus/pci/drivers/igbvf", "igbvf" },
		{ "plain", "plain" },
		{ "/absolute/name", "name" },
	};
	const struct fixture *f = *state;
	char buf[8];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unlinkat(f->dir, "link", 0);
		assert_int_equal(symlinkat(rows[i].target, f->dir, "link"), 0);
		assert_int_equal(file_link_name(f->dir, "link", buf, sizeof(buf)), 0);
		assert_string_equal(buf, rows[i].name);
	}
	assert_int_equal(file_link_name(f->dir, "link", buf, 5), 0);
	assert_int_equal(file_link_name(f->dir, "link", buf, 4), -ENAMETOOLONG);
	assert_int_equal(file_link_name(f->dir, "other", buf, sizeof(buf)), -ENOENT);
	make(f, "file", "");
	assert_int_equal(file_link_name(f->dir, "file", buf, sizeof(buf)), -EINVAL);
}

static void test_replace(void **state)
{
	const struct fixture *f = *state;
	struct stat st;
	mode_t mask = umask(0);
	assert_int_equal(file_replace(f->dir, "file", "first", 5), 0);
	umask(mask);
	check(f, "file", "first");
	assert_int_equal(fstatat(f->dir, "file", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(file_replace(f->dir, "file", "", 0), 0);
	check(f, "file", "");
	assert_int_equal(fstatat(f->dir, "file.new", &st, 0), -1);
}

/* A draft that was left behind is not in the way; and if it is a link, what it points to is not written. */
static void test_replace_draft(void **state)
{
	const struct fixture *f = *state;
	make(f, "file.new", "left behind");
	assert_int_equal(file_replace(f->dir, "file", "second", 6), 0);
	check(f, "file", "second");
	make(f, "other", "kept");
	assert_int_equal(symlinkat("other", f->dir, "file.new"), 0);
	assert_int_equal(file_replace(f->dir, "file", "third", 5), 0);
	check(f, "file", "third");
	check(f, "other", "kept");
}

/* A failure leaves what was there. */
static void test_replace_fails(void **state)
{
	const struct fixture *f = *state;
	char name[300];
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(file_replace(f->dir, name, "x", 1), -ENAMETOOLONG);
	assert_int_equal(mkdirat(f->dir, "file", 0700), 0);
	assert_int_equal(file_replace(f->dir, "file", "x", 1), -EISDIR);
	struct stat st;
	assert_int_equal(fstatat(f->dir, "file.new", &st, 0), -1);
	assert_int_equal(unlinkat(f->dir, "file", AT_REMOVEDIR), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_read),    TEST(test_read_limits),   TEST(test_write),         TEST(test_link),
		TEST(test_replace), TEST(test_replace_draft), TEST(test_replace_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
