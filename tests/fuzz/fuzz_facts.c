/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Any bytes as a captured host, which is made in a temporary folder: "f PATH TEXT" is a file, "l PATH TARGET" a link and "x PATH
 * HEX" a file of bytes, one a line. No crash, no leak, and the same facts twice.
 */

#include <errno.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "facts/facts.h"
#include "kernel/kernel.h"
#include "standalone.h"

/* The root stands so deep that links lead up from it to nothing but more of these folders. */
#define DEPTH 8
#define UPS_MAX 6

struct host {
	char top[64];
	char root[256];
};

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status, (void)type, (void)ftw;
	remove(path);
	return 0;
}

static void host_new(struct host *host)
{
	const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(host->top, sizeof(host->top), "%s/vfassign-fuzz-XXXXXX", folder);
	require(mkdtemp(host->top) != NULL, "no temporary folder");
	int used = snprintf(host->root, sizeof(host->root), "%s", host->top);
	for (int i = 0; i < DEPTH; i++) {
		used += snprintf(host->root + used, sizeof(host->root) - (size_t)used, "/d");
		require(mkdir(host->root, 0700) == 0, "no folder");
	}
}

static void host_done(const struct host *host)
{
	nftw(host->top, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Whether PATH stays below where it starts from, or, for the target of a link, goes up a little at most. */
static bool is_tame(const char *path, int ups)
{
	if (path[0] == '/' || !path[0] || strlen(path) > 200)
		return false;
	for (const char *at = path; (at = strstr(at, "..")); at += 2)
		if (ups-- == 0)
			return false;
	return true;
}

/* Opens PATH below HOST for writing, its folders made. NULL when that cannot be. */
static FILE *host_file(const struct host *host, char *full, size_t size, const char *path)
{
	snprintf(full, size, "%s/%s", host->root, path);
	FILE *file = fopen(full, "wex");
	if (file || errno != ENOENT)
		return file;
	for (char *slash = full + strlen(host->root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(full, 0700);
		*slash = '/';
	}
	return fopen(full, "wex");
}

static void write_hex(FILE *file, const char *hex)
{
	unsigned byte;
	for (; sscanf(hex, "%2x", &byte) == 1 && hex[1]; hex += 2)
		fputc((int)byte, file);
}

static void host_line(const struct host *host, char *line)
{
	char full[512], kind = line[0], *rest = NULL;
	const char *path = line[0] && line[1] == ' ' ? strtok_r(line + 2, " ", &rest) : NULL;
	if (!path || !is_tame(path, 0) || !strchr("flx", kind))
		return;
	cleanup_file FILE *file = host_file(host, full, sizeof(full), path);
	if (!file)
		return;
	if (kind == 'f')
		fprintf(file, "%s\n", rest);
	if (kind == 'x')
		write_hex(file, rest);
	if (kind == 'l' && is_tame(rest, UPS_MAX) && unlink(full) == 0 && symlink(rest, full) < 0)
		return;
}

static char *facts_text(const struct facts *facts)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	require(out != NULL, "no memory");
	facts_write(facts, out);
	fclose(out);
	return text;
}

/* What is to be found of all VFs, and then of each. */
static char *look(struct kernel *kernel)
{
	struct facts *facts = NULL, *again = NULL;
	int r = facts_read_host(kernel, FACTS_USE | FACTS_SEEN, &facts);
	require(r <= 0 && (r == 0) == (facts != NULL), "the result and the facts disagree");
	if (!facts)
		return strdup("");
	char *text = facts_text(facts);
	for (size_t i = 0; i < facts->device_count && i < 4; i++) {
		r = facts_read(kernel, &facts->devices[i].address, 1, FACTS_USE | FACTS_HOLDERS, &again);
		require(r <= 0 && (r == 0) == (again != NULL), "the result and the facts disagree");
		facts_free(again);
		again = NULL;
	}
	facts_free(facts);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct host host;
	struct kernel *kernel = NULL;
	char *text = strndup((const char *)data, size), *rest = NULL;
	require(text != NULL, "no memory");
	host_new(&host);
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		host_line(&host, line);
	free(text);
	if (kernel_open(host.root, &kernel) == 0) {
		char *once = look(kernel), *twice = look(kernel);
		require(once && twice && strcmp(once, twice) == 0, "the same host looks different");
		free(once);
		free(twice);
	}
	kernel_close(kernel);
	host_done(&host);
	return 0;
}
