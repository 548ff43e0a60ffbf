/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A captured machine in a temporary folder: sysfs and procfs as plain files and links. */

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/kernel.h"

struct tree {
	char root[64];
	struct kernel *kernel;
};

static inline int tree_remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

/* Ends the program when R, what a call returned, is negative: a test without its files tests nothing. */
static inline void tree_check(int r, const char *path)
{
	if (r < 0) {
		perror(path);
		abort();
	}
}

/* The full path of PATH below TREE, with all folders above it made. */
static inline char *tree_path(const struct tree *tree, const char *path)
{
	static char full[512];
	snprintf(full, sizeof(full), "%s/%s", tree->root, path);
	for (char *slash = full + strlen(tree->root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(full, 0755) < 0 && errno != EEXIST)
			tree_check(-1, full);
		*slash = '/';
	}
	return full;
}

/* Makes file PATH with LENGTH bytes of DATA. */
static inline void tree_data(const struct tree *tree, const char *path, const void *data, size_t length)
{
	FILE *file = fopen(tree_path(tree, path), "w");
	tree_check(file && fwrite(data, 1, length, file) == length && fclose(file) == 0 ? 0 : -1, path);
}

/* Makes file PATH with TEXT and a line end, as sysfs shows it. */
static inline void tree_file(const struct tree *tree, const char *path, const char *text)
{
	char line[1024];
	int length = snprintf(line, sizeof(line), "%s\n", text);
	tree_data(tree, path, line, (size_t)length);
}

/* Makes PATH a link to TARGET. */
static inline void tree_link(const struct tree *tree, const char *path, const char *target)
{
	tree_check(symlink(target, tree_path(tree, path)), path);
}

/* Makes folder PATH, which ends in "/". */
static inline void tree_folder(const struct tree *tree, const char *path)
{
	tree_path(tree, path);
}

/* An empty machine. */
static inline struct tree tree_new(void)
{
	struct tree tree = { .root = "/tmp/vfassign-tree-XXXXXX" };
	tree_check(mkdtemp(tree.root) ? 0 : -1, tree.root);
	tree_folder(&tree, "sys/bus/pci/devices/");
	tree_check(kernel_open(tree.root, &tree.kernel), tree.root);
	return tree;
}

/* Removes the machine. */
static inline void tree_done(struct tree *tree)
{
	kernel_close(tree->kernel);
	nftw(tree->root, tree_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}
