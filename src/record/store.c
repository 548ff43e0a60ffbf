/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/report.h"
#include "plan/record.h"
#include "record/line.h"

/* A record is some 20 short lines; more than this was not written by us. */
#define RECORD_SIZE_MAX 65536

/* Locks live here whatever the state folder is: two stores on one host must not both change a VF. */
#define LOCK_PARENT "/run/vfassign"

struct store {
	char *path;
	int dir; /* -1: there is none, the store is empty */
	int lock;
};

/* "0000:01:10.0.record" */
struct file_name {
	char s[PCI_TEXT_SIZE + sizeof(".record")];
};

static struct file_name record_name(struct pci_address address)
{
	struct file_name name;
	snprintf(name.s, sizeof(name.s), "%s.record", pci_text(address).s);
	return name;
}

/* Only we may be able to put files there: records are trusted when they are read back. */
static int check_private(int dir, const char *path, struct reports *reports)
{
	struct stat st;
	if (fstat(dir, &st) < 0)
		return -errno;
	if (st.st_uid == geteuid() && (st.st_mode & 022) == 0)
		return 0;
	report_hint(report_error(reports, REPORT_DENIED, path,
				 "%s belongs to user %u with mode %04o: others could have put records there",
				 path, st.st_uid, st.st_mode & 07777),
		    "chown %u %s; chmod 0700 %s", geteuid(), path, path);
	return -EPERM;
}

/* What helps against ERROR with a state folder; NULL where nobody knows. */
static const char *folder_hint(int error)
{
	switch (error) {
	case -EACCES:
	case -EPERM:
		return "run it as root";
	case -ENOENT:
		return "make the folder above it first, or name another one with --state-dir";
	case -EROFS:
	case -ENOSPC:
	case -EDQUOT:
		return "nothing is given out without a record: records need a place that can be written (/run, or --state-dir)";
	default:
		return NULL;
	}
}

/* Says that the folder PATH could not be made or opened; returns ERROR. */
static int report_folder(struct reports *reports, const char *path, const char *verb, int error)
{
	bool denied = error == -EACCES || error == -EPERM;
	struct report *report = report_error(reports, denied ? REPORT_DENIED : REPORT_HOST, path,
					     "cannot %s the state folder %s", verb, path);
	report_cause(report, error, NULL);
	if (folder_hint(error))
		report_hint(report, "%s", folder_hint(error));
	return error;
}

/* Says that there is something else than a folder at PATH. */
static int report_no_folder(struct reports *reports, const char *path)
{
	struct stat st;
	bool link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
	report_hint(report_error(reports, REPORT_DENIED, path,
				 link ? "%s is a symbolic link: whoever made it could have records read from anywhere" :
					"%s is no folder: there can be no records in it",
				 path),
		    link ? "put a folder in its place, or name the folder itself with --state-dir" :
			   "remove it if nothing needs it: vfassign makes the folder");
	return -ENOTDIR;
}

/* Opens the folder PATH (making it, and only it, with CREATE), following no link in its last part. */
static int open_folder(const char *path, bool create, int *ret, struct reports *reports)
{
	if (create && mkdir(path, 0700) < 0 && errno != EEXIST)
		return report_folder(reports, path, "make", -errno);
	cleanup_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && !create) {
		*ret = -1;
		return 0;
	}
	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return report_no_folder(reports, path);
	if (fd < 0)
		return report_folder(reports, path, "open", -errno);
	int r = check_private(fd, path, reports);
	if (r == 0)
		*ret = TAKE_FD(fd);
	return r;
}

/* The lock folder is made together with its parent, which may not be the state folder. */
static int open_lock_folder(const struct store_place *place, struct store *store, struct reports *reports)
{
	cleanup_free char *parent = NULL;
	cleanup_free char *lock = NULL;
	cleanup_close int fd = -1;
	if (asprintf(&parent, "%s" LOCK_PARENT, place->root) < 0)
		return -ENOMEM;
	if (asprintf(&lock, "%s/lock", parent) < 0)
		return -ENOMEM;
	int r = open_folder(parent, true, &fd, reports);
	return r < 0 ? r : open_folder(lock, true, &store->lock, reports);
}

int store_open(const struct store_place *place, bool create, struct store **ret, struct reports *reports)
{
	struct store *store = malloc(sizeof(*store));
	if (!store)
		return -ENOMEM;
	*store = (struct store){ .dir = -1, .lock = -1 };
	int r = asprintf(&store->path, "%s%s", place->root, place->state_dir) < 0 ? -ENOMEM : 0;
	if (r == 0 && create)
		r = open_lock_folder(place, store, reports);
	if (r == 0)
		r = open_folder(store->path, create, &store->dir, reports);
	if (r < 0)
		store_close(store);
	else
		*ret = store;
	return r;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	cleanup_close_at(&store->dir);
	cleanup_close_at(&store->lock);
	free(store->path);
	free(store);
}

int store_lock(struct store *store, struct pci_address address, struct reports *reports)
{
	struct pci_text name = pci_text(address);
	cleanup_close int fd = openat(store->lock, name.s,
				      O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return TAKE_FD(fd);
	int r = -errno;
	if (r == -EWOULDBLOCK)
		return -EBUSY;
	report_cause(report_error(reports, REPORT_HOST, name.s, "cannot lock %s", name.s), r, NULL);
	return r;
}

/* Opens a record file that is ours alone: a plain file with one name, following no link. */
static int open_record(const struct store *store, const char *name, int flags)
{
	cleanup_close int fd = openat(store->dir, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_nlink > 1 || st.st_uid != geteuid() || (st.st_mode & 022))
		return -EPERM;
	return TAKE_FD(fd);
}

/* Reads the record in file NAME. */
static int read_record(const struct store *store, const char *name, struct record **ret)
{
	cleanup_close int fd = open_record(store, name, O_RDONLY);
	if (fd < 0)
		return fd;
	cleanup_free char *text = malloc(RECORD_SIZE_MAX + 1);
	if (!text)
		return -ENOMEM;
	size_t length = 0;
	ssize_t n;
	while ((n = read(fd, text + length, RECORD_SIZE_MAX - length)) > 0)
		length += (size_t)n;
	if (n < 0)
		return -errno;
	if (length == RECORD_SIZE_MAX)
		return -EFBIG;
	text[length] = '\0';
	/* Zeros behind the last whole line are torn; before it, they would hide what comes after them. */
	if (memchr(text + strlen(text), '\n', length - strlen(text)))
		return -EBADMSG;
	return record_parse(text, ret);
}

static int compare_records(const void *a, const void *b)
{
	return pci_compare((*(struct record *const *)a)->address, (*(struct record *const *)b)->address);
}

/* Appends RECORD to LIST, which owns it from here on. */
static int list_add(struct record_list *list, struct record *record)
{
	struct record **items = reallocarray(list->items, list->count + 1, sizeof(struct record *));
	if (!items) {
		record_free(record);
		return -ENOMEM;
	}
	list->items = items;
	items[list->count++] = record;
	return 0;
}

/* The one atomic commit of an assignment is the one in its leader's record. */
static void commit_with_leaders(struct record_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct record *record = list->items[i];
		const struct record *leader = record_list_find(list, record->leader);
		if (record->committed || !leader || !leader->committed ||
		    !uuid_equal(leader->assignment, record->assignment))
			continue;
		record->committed = true;
		record->by_leader = true;
	}
}

/* Why a record cannot be read, for people; NULL where the errno says it. */
static const char *read_failure(int error)
{
	switch (error) {
	case -ENOTSUP:
		return "it is of another version of vfassign";
	case -EBADMSG:
		return "it is damaged";
	case -EPERM:
	case -ELOOP:
		return "it is not believed, being a symbolic link, no plain file, or one that others own, can write or have a name for";
	default:
		return NULL;
	}
}

/* Reads the record in file NAME into LIST, unless it is none. */
static int read_into(const struct store *store, const char *name, struct record_list *list,
		     struct reports *reports)
{
	struct record *record = NULL;
	int r = read_record(store, name, &record);
	if (record && strcmp(record_name(record->address).s, name) == 0)
		return list_add(list, record);
	record_free(record);
	/* It was released while the folder was read. */
	if (r == -ENOENT)
		return 0;
	if (r == -ENOMEM)
		return r;
	list->unreadable++;
	r = r < 0 ? r : -EBADMSG;
	const char *why = read_failure(r);
	report_hint(report_cause(report_warning(reports, REPORT_HOST, name, "cannot read the record %s/%s%s%s",
						store->path, name, why ? ": " : "", why ? why : ""),
				 why ? 0 : r, NULL),
		    "put its VF back by hand (ip link set PF vf N mac … vlan 0; driver_override; drivers_probe), then: "
		    "rm %s/%s",
		    store->path, name);
	return 0;
}

int store_read(struct store *store, struct record_list *ret, struct reports *reports)
{
	if (store->dir < 0)
		return 0;
	int fd = openat(store->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return -errno;
	struct record_list list = { 0 };
	int r = 0;
	const struct dirent *entry;
	while (r == 0 && (entry = readdir(dir))) {
		const char *end = strrchr(entry->d_name, '.');
		if (end && strcmp(end, ".record") == 0)
			r = read_into(store, entry->d_name, &list, reports);
	}
	closedir(dir);
	if (list.count > 1)
		qsort(list.items, list.count, sizeof(struct record *), compare_records);
	commit_with_leaders(&list);
	if (r < 0)
		record_list_done(&list);
	else
		*ret = list;
	return r;
}

/*
 * The lock file of a VF says in which state folder its record was made: there may be more than one folder, but only
 * one set of locks. 1 when it is ours, 0 when there is none, -EXDEV when the VF is on record in another one.
 */
static int check_other_store(const struct store *store, struct pci_address address)
{
	char other[PATH_MAX], record[PATH_MAX + sizeof(struct file_name)];
	ssize_t n = file_read(store->lock, pci_text(address).s, other, sizeof(other));
	if (n < 0 && n != -ENOENT)
		return (int)n;
	if (n <= 0 || strcmp(other, store->path) == 0)
		return n > 0;
	snprintf(record, sizeof(record), "%s/%s", other, record_name(address).s);
	return access(record, F_OK) == 0 ? -EXDEV : 0;
}

/* Makes our state folder the one that the lock file of the VF names. */
static int mark_store(const struct store *store, struct pci_address address)
{
	cleanup_close int fd = openat(store->lock, pci_text(address).s,
				      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, store->path, strlen(store->path));
	return n < 0 ? -errno : (size_t)n == strlen(store->path) ? 0 : -ENOSPC;
}

int store_create(struct store *store, const struct record *record)
{
	cleanup_free char *text = record_text(record);
	if (!text)
		return -ENOMEM;
	struct file_name name = record_name(record->address);
	if (faccessat(store->dir, name.s, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	int r = check_other_store(store, record->address);
	if (r == 0)
		r = mark_store(store, record->address);
	return r < 0 ? r : file_replace(store->dir, name.s, text, strlen(text));
}

/*
 * Cuts a line off that a crash tore: behind it, the next one could not be read. Returns the length that is
 * left.
 */
static off_t cut_torn_line(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	off_t end = size;
	char last = '\n';
	while (end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n')
		end--;
	if (size < 0 || (end < size && ftruncate(fd, end) < 0))
		return -errno;
	return end;
}

/* Appends LINE (freed) to the file of RECORD, in one durable write; what does not fit is taken back. */
static int append(const struct store *store, const struct record *record, char *line)
{
	cleanup_free char *text = line;
	if (!text)
		return -ENOMEM;
	cleanup_close int fd = open_record(store, record_name(record->address).s, O_RDWR | O_APPEND);
	if (fd < 0)
		return fd;
	off_t end = cut_torn_line(fd);
	if (end < 0)
		return (int)end;
	/* A record that grew too long could not be read back. */
	if (end + (off_t)strlen(text) >= RECORD_SIZE_MAX)
		return -EFBIG;
	ssize_t n = write(fd, text, strlen(text));
	if (n < 0)
		return -errno;
	if ((size_t)n != strlen(text))
		return ftruncate(fd, end) < 0 ? -errno : -ENOSPC;
	return fdatasync(fd) < 0 ? -errno : 0;
}

int store_intent(struct store *store, struct record *record, enum setting setting)
{
	if (record->touched[setting])
		return 0;
	int r = append(store, record, record_intent_line(setting));
	if (r == 0)
		record->touched[setting] = true;
	return r;
}

int store_owner(struct store *store, struct record *record, struct owner owner)
{
	int r = append(store, record, record_owner_line(owner));
	if (r == 0)
		record->owner = owner;
	return r;
}

int store_commit(struct store *store, struct record *record)
{
	int r = append(store, record, record_commit_line());
	if (r < 0)
		return r;
	record->committed = true;
	record->by_leader = false;
	return 0;
}

int store_dirty(struct store *store, struct record *record, const char *why)
{
	if (record->dirty && strcmp(record->dirty, why) == 0)
		return 0;
	char *copy = strdup(why);
	int r = copy ? append(store, record, record_dirty_line(why)) : -ENOMEM;
	/* The caller shall know why, even where the file cannot. */
	free(record->dirty);
	record->dirty = copy;
	return r;
}

int store_remove(struct store *store, const struct record *record)
{
	if (unlinkat(store->dir, record_name(record->address).s, 0) < 0 && errno != ENOENT)
		return -errno;
	return fsync(store->dir) < 0 ? -errno : 0;
}
