/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What the library needs to give VFs out and back, from the first line of main() to the end: reading the document, all
 * that the verb does, and freeing everything.
 *
 * usage: engine-measure prepare FILE            gives out the devices of FILE
 *        engine-measure release GUEST           gives back what the guest has
 *        engine-measure nothing                 an empty program with the same libraries
 *        engine-measure start COUNT COMMAND…    how long COMMAND takes from its start to its end; the median
 *
 * Prints microseconds, and the most memory that the process had (kB), but of "start" the microseconds alone.
 */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vfassign.h>

#define DOCUMENT_SIZE 65536
#define COUNT_MAX 1000

static long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* Ends the program unless R is a success, with the first report of RESULT, which is freed. */
static void expect(int r, struct vfassign_result *result, const char *what)
{
	const struct vfassign_report *reports = NULL;
	size_t count = result ? vfassign_result_reports(result, &reports) : 0;
	if (r < 0) {
		fprintf(stderr, "engine-measure: %s: %s\n", what, count ? reports[0].message : strerror(-r));
		exit(1);
	}
	vfassign_result_free(result);
}

static void prepare(struct vfassign *context, const char *file)
{
	static char text[DOCUMENT_SIZE];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, text, sizeof(text));
	close(fd);
	struct vfassign_source source = { .file = file, .xml = text, .length = length > 0 ? (size_t)length : 0, .strict = true };
	struct vfassign_document *document = NULL;
	struct vfassign_result *result = NULL;
	int r = vfassign_document_parse(&source, &document, &result);
	expect(r, result, file);
	r = vfassign_prepare(context, document, NULL, &result);
	expect(r, result, "prepare");
	vfassign_document_free(document);
}

static void release(struct vfassign *context, const char *guest)
{
	struct vfassign_selection selection = { .guest = guest };
	struct vfassign_result *result = NULL;
	int r = vfassign_release(context, &selection, &result);
	expect(r, result, "release");
}

/* The most memory that this process had. (What getrusage() says includes whoever executed it.) */
static long peak_kb(void)
{
	char line[256];
	long kb = -1;
	FILE *file = fopen("/proc/self/status", "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmHWM: %ld", &kb) == 1)
			break;
	if (file)
		fclose(file);
	return kb;
}

static int compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;
	return (x > y) - (x < y);
}

static int start(int count, char **command)
{
	extern char **environ;
	long times[COUNT_MAX];
	if (count < 1 || count > COUNT_MAX)
		return 2;
	for (int i = 0; i < count; i++) {
		pid_t pid;
		int status = 0;
		long from = now();
		if (posix_spawnp(&pid, command[0], NULL, NULL, command, environ) != 0)
			return 1;
		waitpid(pid, &status, 0);
		times[i] = now() - from;
		if (status)
			return 1;
	}
	qsort(times, (size_t)count, sizeof(times[0]), compare);
	fprintf(stderr, "%ld\n", times[count / 2]);
	return 0;
}

int main(int argc, char **argv)
{
	long from = now();
	if (argc > 3 && strcmp(argv[1], "start") == 0)
		return start(atoi(argv[2]), argv + 3);
	if (argc > 2) {
		struct vfassign *context = NULL;
		struct vfassign_result *result = NULL;
		int r = vfassign_new(NULL, &context, &result);
		expect(r, result, "context");
		if (strcmp(argv[1], "prepare") == 0)
			prepare(context, argv[2]);
		else
			release(context, argv[2]);
		vfassign_free(context);
	}
	long to = now();
	printf("%ld %ld\n", to - from, peak_kb());
	return 0;
}
