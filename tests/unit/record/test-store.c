/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The store on a real disk: what survives, what is refused, and what is not believed. */

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "record/line.h"
#include "record/store.h"
#include "sample.h"

#define VF0 "0000:01:10.0"
#define VF1 "0000:01:10.2"

/* Somebody who is not root. */
#define NOBODY 65534

struct fixture {
	char root[64];
	struct store *store;
	struct reports reports;
	struct record_list list;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char run[80];
	assert_non_null(f);
	strcpy(f->root, "/tmp/vfassign-store-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(run, sizeof(run), "%s/run", f->root);
	assert_int_equal(mkdir(run, 0755), 0);
	*state = f;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	record_list_done(&f->list);
	reports_done(&f->reports);
	store_close(f->store);
	nftw(f->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

static int open_store(struct fixture *f, bool create)
{
	struct store_place place = { f->root, "/run/vfassign" };
	store_close(f->store);
	f->store = NULL;
	reports_done(&f->reports);
	return store_open(&place, create, &f->store, &f->reports);
}

static const char *path(const struct fixture *f, const char *name)
{
	static char text[128];
	snprintf(text, sizeof(text), "%s/run/vfassign/%s", f->root, name);
	return text;
}

static size_t read_store(struct fixture *f)
{
	record_list_done(&f->list);
	reports_done(&f->reports);
	assert_int_equal(store_read(f->store, &f->list, &f->reports), 0);
	assert_int_equal(f->reports.errors, 0);
	return f->list.count;
}

/* An open store with a record of VF1 in it. */
static struct record stored(struct fixture *f, char *guest)
{
	struct record record = sample(VF1, guest);
	record.leader = record.address;
	assert_int_equal(open_store(f, true), 0);
	assert_int_equal(store_create(f->store, &record), 0);
	return record;
}

/* A file NAME in the state folder, with TEXT. */
static void make_file(struct fixture *f, const char *name, const char *text, size_t length)
{
	int fd = open(path(f, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
}

/* What stands in file NAME, in new memory. */
static char *contents(struct fixture *f, const char *name)
{
	char *text = calloc(1, 100000);
	int fd = open(path(f, name), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && read(fd, text, 99999) >= 0);
	close(fd);
	return text;
}

/* Nothing is read, one file is told of, and the file is still there. */
static void assert_unreadable(struct fixture *f, const char *name, const char *why)
{
	assert_int_equal(read_store(f), 0);
	assert_int_equal(f->list.unreadable, 1);
	assert_int_equal(f->reports.count, 1);
	assert_int_equal(f->reports.items[0].severity, REPORT_WARNING);
	assert_string_equal(f->reports.items[0].object, name);
	/* Why stands in the text, or is the errno. */
	const struct report *report = &f->reports.items[0];
	assert_true(strstr(report->message, why) || strstr(strerror(report->errnum), why) ||
		    report->errnum == EPERM);
	struct stat st;
	assert_int_equal(lstat(path(f, name), &st), 0);
}

static void test_round_trip(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g \"1\"";
	struct record record = stored(f, guest), other = sample(VF0, guest);
	assert_int_equal(store_create(f->store, &other), 0);
	assert_int_equal(store_create(f->store, &other), -EEXIST);
	for (enum setting setting = 0; setting < SETTING_COUNT; setting += 2)
		assert_int_equal(store_intent(f->store, &record, setting), 0);
	assert_int_equal(store_owner(f->store, &record, (struct owner){ 4711, 99 }), 0);
	assert_int_equal(store_commit(f->store, &record), 0);
	assert_int_equal(store_dirty(f->store, &record, "why"), 0);
	assert_true(record.committed);
	assert_string_equal(record.dirty, "why");
	/* In another process, as it were. */
	assert_int_equal(open_store(f, false), 0);
	assert_int_equal(read_store(f), 2);
	assert_same_head(f->list.items[0], &other);
	const struct record *read = record_list_find(&f->list, record.address);
	assert_same_head(read, &record);
	assert_true(read->committed);
	assert_false(read->by_leader);
	assert_int_equal(read->owner.pid, 4711);
	assert_int_equal(read->owner.start, 99);
	assert_string_equal(read->dirty, "why");
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		assert_int_equal(read->touched[setting], setting % 2 == 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(store_remove(f->store, read), 0);
	assert_int_equal(read_store(f), 1);
	free(record.dirty);
}

/* An intent is written once. */
static void test_intent_once(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g";
	struct record record = stored(f, guest);
	char *text[2];
	for (size_t i = 0; i < ARRAY_SIZE(text); i++) {
		assert_int_equal(store_intent(f->store, &record, SETTING_MAC), 0);
		text[i] = contents(f, VF1 ".record");
	}
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
}

static void test_missing_folder(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(open_store(f, false), 0);
	assert_int_equal(read_store(f), 0);
	struct stat st;
	assert_int_equal(lstat(path(f, ""), &st), -1);
	assert_int_equal(open_store(f, true), 0);
	assert_int_equal(lstat(path(f, ""), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(lstat(path(f, "lock"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

/* The last line was torn by a crash, and the next one is written behind it: both files stay readable. */
static void test_torn(void **state)
{
	static const struct {
		const char *tail;
		size_t length;
	} tails[] = { { "{\"comm", 6 }, { "{\"committed\":true}", 18 }, { "\0\0\0\0", 4 }, { "x", 1 } };
	struct fixture *f = *state;
	char guest[] = "g";
	struct record record = stored(f, guest);
	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		int fd = open(path(f, VF1 ".record"), O_WRONLY | O_APPEND | O_CLOEXEC);
		assert_int_equal(write(fd, tails[i].tail, tails[i].length), tails[i].length);
		close(fd);
		assert_int_equal(read_store(f), 1);
		assert_false(f->list.items[0]->committed);
		assert_int_equal(store_intent(f->store, &record, (enum setting)i), 0);
		assert_int_equal(read_store(f), 1);
		assert_false(f->list.items[0]->committed);
		assert_true(f->list.items[0]->touched[i]);
	}
}

/* What a crash left of the making of a record is nobody's, and in nobody's way. */
static void test_draft(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g";
	struct record record = sample(VF1, guest);
	assert_int_equal(open_store(f, true), 0);
	make_file(f, VF1 ".record.new", "{\"vers", 6);
	assert_int_equal(read_store(f), 0);
	assert_int_equal(f->list.unreadable, 0);
	/* Not even a link that somebody put there. */
	assert_int_equal(unlink(path(f, VF1 ".record.new")), 0);
	char target[128];
	snprintf(target, sizeof(target), "%s/victim", f->root);
	assert_int_equal(symlink(target, path(f, VF1 ".record.new")), 0);
	assert_int_equal(store_create(f->store, &record), 0);
	assert_int_equal(access(target, F_OK), -1);
	assert_int_equal(read_store(f), 1);
	struct stat st;
	assert_int_equal(lstat(path(f, VF1 ".record"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* Files that are no records of ours: told of, left alone, and the others are read all the same. */
static void test_damaged(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g";
	struct record record = stored(f, guest);
	char *good = contents(f, VF1 ".record");
	assert_int_equal(store_remove(f->store, &record), 0);
	static char big[70000];
	memset(big, 'x', sizeof(big));
	const struct {
		const char *name, *text;
		size_t length;
		const char *why;
	} cases[] = {
		{ VF1 ".record", "", 0, "damaged" },
		{ VF1 ".record", "{}\n", 3, "damaged" },
		{ VF1 ".record", "garbage\n", 8, "damaged" },
		{ VF1 ".record", "{\"version\":2}\n", 14, "another version" },
		{ VF1 ".record", big, sizeof(big), "too large" },
		{ VF1 ".record", good, strlen(good) - 1, "damaged" },
		{ VF0 ".record", good, strlen(good), "damaged" },
		{ "x.record", good, strlen(good), "damaged" },
		{ ".record", good, strlen(good), "damaged" },
		{ "0000:01:10.02.record", good, strlen(good), "damaged" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		make_file(f, cases[i].name, cases[i].text, cases[i].length);
		assert_unreadable(f, cases[i].name, cases[i].why);
		assert_int_equal(unlink(path(f, cases[i].name)), 0);
	}
	/* Zeros in the middle, where they would hide what comes behind them. */
	size_t length = strlen(good);
	char *text = memcpy(malloc(length + 20), good, length);
	memcpy(text + length, "\0{\"committed\":true}\n", 20);
	make_file(f, VF1 ".record", text, length + 20);
	assert_unreadable(f, VF1 ".record", "damaged");
	free(text);
	struct record other = sample(VF0, guest);
	assert_int_equal(store_create(f->store, &other), 0);
	assert_int_equal(read_store(f), 1);
	assert_int_equal(f->list.unreadable, 1);
	free(good);
}

static void as_symlink(struct fixture *f, const char *name)
{
	char other[128];
	snprintf(other, sizeof(other), "%s", path(f, "elsewhere"));
	assert_int_equal(rename(path(f, name), other), 0);
	assert_int_equal(symlink("elsewhere", path(f, name)), 0);
}

static void as_hard_link(struct fixture *f, const char *name)
{
	char other[128];
	snprintf(other, sizeof(other), "%s", path(f, "elsewhere"));
	assert_int_equal(link(path(f, name), other), 0);
}

static void as_writable(struct fixture *f, const char *name)
{
	assert_int_equal(chmod(path(f, name), 0620), 0);
}

static void as_theirs(struct fixture *f, const char *name)
{
	if (geteuid() == 0)
		assert_int_equal(chown(path(f, name), NOBODY, NOBODY), 0);
	else
		as_writable(f, name);
}

static void as_fifo(struct fixture *f, const char *name)
{
	assert_int_equal(unlink(path(f, name)), 0);
	assert_int_equal(mkfifo(path(f, name), 0600), 0);
}

static void as_folder(struct fixture *f, const char *name)
{
	assert_int_equal(unlink(path(f, name)), 0);
	assert_int_equal(mkdir(path(f, name), 0700), 0);
}

/* A record that somebody else could have written, or can write, is not believed and not written to, nor waited for. */
static void test_hostile(void **state)
{
	static void (*const tricks[])(struct fixture * f, const char *name) = { as_symlink,  as_hard_link,
										as_writable, as_theirs,
										as_fifo,     as_folder };
	for (size_t i = 0; i < ARRAY_SIZE(tricks); i++) {
		void *own = NULL;
		setup(&own);
		struct fixture *f = own;
		char guest[] = "g";
		struct record record = stored(f, guest);
		tricks[i](f, VF1 ".record");
		assert_unreadable(f, VF1 ".record", "symbolic link");
		assert_true(store_commit(f->store, &record) < 0);
		assert_false(record.committed);
		assert_int_equal(store_create(f->store, &record), -EEXIST);
		teardown(&own);
	}
}

/* So is a folder. */
static void test_hostile_folder(void **state)
{
	struct fixture *f = *state;
	static const char *const folders[] = { "", "lock" };
	assert_int_equal(open_store(f, true), 0);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		assert_int_equal(chmod(path(f, folders[i]), 0770), 0);
		assert_int_equal(open_store(f, true), -EPERM);
		assert_int_equal(f->reports.errors, 1);
		assert_int_equal(f->reports.items[0].class, REPORT_DENIED);
		assert_non_null(strstr(f->reports.items[0].hint, "chmod 0700"));
		assert_int_equal(chmod(path(f, folders[i]), 0707), 0);
		assert_int_equal(open_store(f, true), -EPERM);
		assert_int_equal(chmod(path(f, folders[i]), 0700), 0);
		if (geteuid() != 0)
			continue;
		assert_int_equal(chown(path(f, folders[i]), NOBODY, NOBODY), 0);
		assert_int_equal(open_store(f, true), -EPERM);
		assert_int_equal(chown(path(f, folders[i]), 0, 0), 0);
	}
	assert_int_equal(chmod(path(f, ""), 0770), 0);
	assert_int_equal(open_store(f, false), -EPERM);
	assert_int_equal(chmod(path(f, ""), 0700), 0);
	/* A link in its place. */
	char other[128];
	snprintf(other, sizeof(other), "%s/elsewhere", f->root);
	assert_int_equal(rename(path(f, ""), other), 0);
	char link[128];
	snprintf(link, sizeof(link), "%s/run/vfassign", f->root);
	assert_int_equal(symlink(other, link), 0);
	assert_true(open_store(f, true) < 0);
	assert_true(open_store(f, false) < 0);
}

/* Members are committed when their leader is, and only with it. */
static void test_leader(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g";
	struct record leader = stored(f, guest), member = sample(VF0, guest);
	member.leader = leader.address;
	assert_int_equal(store_create(f->store, &member), 0);
	assert_int_equal(read_store(f), 2);
	assert_false(f->list.items[0]->committed);
	assert_false(f->list.items[1]->committed);
	assert_int_equal(store_commit(f->store, &leader), 0);
	assert_int_equal(read_store(f), 2);
	assert_true(f->list.items[0]->committed);
	assert_true(f->list.items[0]->by_leader);
	assert_true(f->list.items[1]->committed);
	assert_false(f->list.items[1]->by_leader);
	/* Once it says so itself, it does not need its leader. */
	assert_int_equal(store_commit(f->store, f->list.items[0]), 0);
	assert_int_equal(store_remove(f->store, &leader), 0);
	assert_int_equal(read_store(f), 1);
	assert_true(f->list.items[0]->committed);
	assert_false(f->list.items[0]->by_leader);
}

/* The leader's place is taken by another assignment: that one commits nobody else. */
static void test_other_leader(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g";
	struct record leader = stored(f, guest), member = sample(VF0, guest);
	member.leader = leader.address;
	member.assignment.byte[0]++;
	assert_int_equal(store_create(f->store, &member), 0);
	assert_int_equal(store_commit(f->store, &leader), 0);
	assert_int_equal(read_store(f), 2);
	assert_false(f->list.items[0]->committed);
	assert_true(f->list.items[1]->committed);
	/* Nor does a member commit its leader. */
	assert_int_equal(store_remove(f->store, &leader), 0);
	struct record again = sample(VF1, guest);
	again.leader = again.address;
	again.assignment = member.assignment;
	assert_int_equal(store_create(f->store, &again), 0);
	assert_int_equal(store_commit(f->store, &member), 0);
	assert_int_equal(read_store(f), 2);
	assert_true(f->list.items[0]->committed);
	assert_false(f->list.items[1]->committed);
}

/* One lock a VF, until its holder closes it or ends, however it ends. */
static void test_lock(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(open_store(f, true), 0);
	int fd = store_lock(f->store, address(VF0), &f->reports);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(store_lock(f->store, address(VF0), &f->reports), -EBUSY);
	assert_int_equal(f->reports.count, 0);
	int other = store_lock(f->store, address(VF1), &f->reports);
	assert_true(other >= 0);
	close(other);
	close(fd);
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	if (pid == 0) {
		char byte = store_lock(f->store, address(VF0), &f->reports) >= 0;
		_exit(write(ready[1], &byte, 1) == 1 ? pause() : 1);
	}
	char byte = 0;
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 1);
	assert_int_equal(store_lock(f->store, address(VF0), &f->reports), -EBUSY);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	fd = store_lock(f->store, address(VF0), &f->reports);
	assert_true(fd >= 0);
	close(fd);
	close(ready[0]);
	close(ready[1]);
	assert_int_equal(f->reports.count, 0);
	/* A link in the place of a lock is not followed. */
	assert_int_equal(unlink(path(f, "lock/" VF0)), 0);
	assert_int_equal(symlink("/dev/null", path(f, "lock/" VF0)), 0);
	assert_true(store_lock(f->store, address(VF0), &f->reports) < 0);
	assert_int_equal(f->reports.errors, 1);
}

/* Runs BODY in a child whose files cannot grow over SIZE bytes. */
static void with_limit(struct fixture *f, size_t size, void (*body)(struct fixture *f))
{
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		struct rlimit limit = { size, size };
		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit) == 0)
			body(f);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void append_in_vain(struct fixture *f)
{
	char guest[] = "g";
	struct record record = sample(VF1, guest);
	if (store_commit(f->store, &record) == 0 || record.committed)
		_exit(1);
	if (store_dirty(f->store, &record, "a reason that is rather long, longer than any room there is") == 0)
		_exit(2);
	if (!record.dirty)
		_exit(3);
	free(record.dirty);
}

static void create_in_vain(struct fixture *f)
{
	char guest[] = "g";
	struct record record = sample(VF0, guest);
	if (store_create(f->store, &record) == 0)
		_exit(1);
}

/* A disk that is full in the middle of a line: the line does not count, and the record is what it was. */
static void test_full(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g";
	struct record record = stored(f, guest);
	char *before = contents(f, VF1 ".record");
	for (size_t room = 0; room < strlen("{\"committed\":true}\n"); room += 3) {
		with_limit(f, strlen(before) + room, append_in_vain);
		char *after = contents(f, VF1 ".record");
		assert_string_equal(after, before);
		free(after);
	}
	for (size_t room = 0; room < 300; room += 50)
		with_limit(f, room, create_in_vain);
	assert_int_equal(read_store(f), 1);
	assert_int_equal(f->list.unreadable, 0);
	struct stat st;
	assert_int_equal(lstat(path(f, VF0 ".record.new"), &st), -1);
	assert_int_equal(store_commit(f->store, &record), 0);
	free(before);
}

/* A folder that cannot be written: no record, and one that is there cannot be removed, and both are said. */
static void read_only(struct fixture *f)
{
	char guest[] = "g";
	struct record there = sample(VF1, guest), wanted = sample(VF0, guest);
	if (geteuid() == 0 && seteuid(NOBODY) < 0)
		_exit(1);
	if (store_create(f->store, &wanted) != -EACCES)
		_exit(2);
	if (store_remove(f->store, &there) != -EACCES)
		_exit(3);
}

static void test_read_only(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g";
	stored(f, guest);
	assert_int_equal(chmod(path(f, ""), 0500), 0);
	with_limit(f, 1000000, read_only);
	assert_int_equal(chmod(path(f, ""), 0700), 0);
	assert_int_equal(read_store(f), 1);
}

/* However much is written to a record, it can be read back; what would be too much is refused. */
static void test_growth(void **state)
{
	struct fixture *f = *state;
	char guest[] = "g", why[200];
	struct record record = stored(f, guest);
	int r = 0;
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(why, sizeof(why), "reason %u, padded to %120s", i, "");
		r = store_dirty(f->store, &record, why);
		assert_true(r == 0 || r == -EFBIG);
		/* The same again is no new line. */
		assert_int_equal(store_dirty(f->store, &record, why), 0);
	}
	assert_int_equal(r, -EFBIG);
	assert_int_equal(read_store(f), 1);
	assert_non_null(f->list.items[0]->dirty);
	assert_int_equal(store_remove(f->store, &record), 0);
	free(record.dirty);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_intent_once),
		TEST(test_missing_folder),
		TEST(test_torn),
		TEST(test_draft),
		TEST(test_damaged),
		cmocka_unit_test(test_hostile),
		TEST(test_hostile_folder),
		TEST(test_leader),
		TEST(test_other_leader),
		TEST(test_lock),

		TEST(test_full),
		TEST(test_read_only),
		TEST(test_growth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
