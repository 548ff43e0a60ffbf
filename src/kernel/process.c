/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "kernel/internal.h"

/* Field numbers of /proc/PID/stat, as proc(5) counts them. */
#define FIELD_STATE 3
#define FIELD_START 22

/*
 * The process whose /proc/PID/stat is TEXT, which is cut up. -ESRCH for a zombie, -EBADMSG for another text.
 */
static int parse_stat(char *text, pid_t pid, struct process *ret)
{
	/* The second field is the name in parentheses, and a name can hold blanks and parentheses. */
	char *field = strrchr(text, ')');
	if (!field)
		return -EBADMSG;
	char *rest = field + 1;
	for (int number = FIELD_STATE; (field = strsep(&rest, " "));) {
		if (!*field)
			continue;
		if (number == FIELD_STATE && (*field == 'Z' || *field == 'X' || *field == 'x'))
			return -ESRCH;
		if (number == FIELD_START)
			break;
		number++;
	}
	uint64_t start;
	if (!field || number_parse(field, 10, UINT64_MAX, &start) < 0)
		return -EBADMSG;
	*ret = (struct process){ pid, start };
	return 0;
}

int process_read(struct kernel *kernel, pid_t pid, struct process *ret)
{
	struct kernel_path path;
	char text[2048];
	if (pid <= 0)
		return -ESRCH;
	snprintf(path.s, sizeof(path.s), "proc/%d/stat", pid);
	ssize_t n = file_read(kernel->root, path.s, text, sizeof(text));
	if (n < 0)
		return n == -ENOENT ? -ESRCH : (int)n;
	return parse_stat(text, pid, ret);
}
