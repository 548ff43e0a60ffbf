/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which VFIO drivers there are for a device: kernel/module.h. */

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <syslog.h>

#include <libkmod.h>

#include "base/file.h"
#include "kernel/internal.h"
#include "kernel/module.h"

/*
 * The kernel's modalias of a device starts with "pci:"; VFIO drivers name the devices that they are for in the same way, behind
 * this. They have these aliases since Linux 5.16, vfio-pci one for all devices.
 */
#define ALIAS_PREFIX "vfio_pci:"
#define MODALIAS_PREFIX "pci:"

struct alias {
	char s[128];
};

static void cleanup_kmod_at(struct kmod_ctx **kmod)
{
	kmod_unref(*kmod);
}

static void cleanup_modules_at(struct kmod_list **modules)
{
	kmod_module_unref_list(*modules);
}

/* What a VFIO driver for the device at ADDRESS has as alias, or a pattern of it. */
static int read_alias(struct kernel *kernel, struct pci_address address, struct alias *ret)
{
	struct alias modalias;
	ssize_t n = file_read(kernel->root, kernel_pci_path(address, "/modalias").s, modalias.s,
			      sizeof(modalias.s));
	if (n < 0)
		return (int)n;
	if (strncmp(modalias.s, MODALIAS_PREFIX, strlen(MODALIAS_PREFIX)) != 0)
		return -EBADMSG;
	int length = snprintf(ret->s, sizeof(ret->s), ALIAS_PREFIX "%s", modalias.s + strlen(MODALIAS_PREFIX));
	return length < (int)sizeof(ret->s) ? 0 : -EBADMSG;
}

/*
 * The index of the host's modules, without its configuration: what is blacklisted is no less a VFIO driver. NULL when there is
 * none.
 */
static struct kmod_ctx *open_index(struct kernel *kernel)
{
	static const char *const no_configuration[] = { NULL };
	struct kernel_path path;
	char release[NAME_SIZE];
	struct kmod_ctx *kmod = NULL;
	if (kernel->live) {
		kmod = kmod_new(NULL, no_configuration);
	} else if (file_read(kernel->root, "proc/sys/kernel/osrelease", release, sizeof(release)) > 0 &&
		   !strchr(release, '/')) {
		snprintf(path.s, sizeof(path.s), "/proc/self/fd/%d/lib/modules/%s", kernel->root, release);
		kmod = kmod_new(path.s, no_configuration);
	}
	/* It would write its errors to standard error; a library does not. */
	if (kmod)
		kmod_set_log_priority(kmod, LOG_EMERG);
	return kmod;
}

/* Modules are always called with "_"; the one driver that is called otherwise is the general one. */
static struct vfio_driver driver_of(const char *module)
{
	struct vfio_driver driver = { .wildcards = strcmp(module, "vfio_pci") == 0 ? UINT_MAX : 0 };
	snprintf(driver.name, sizeof(driver.name), "%s", driver.wildcards ? "vfio-pci" : module);
	return driver;
}

static int append_driver(const char *module, struct vfio_driver **list, size_t *count)
{
	struct vfio_driver *more = reallocarray(*list, *count + 1, sizeof(**list));
	if (!more)
		return -ENOMEM;
	*list = more;
	more[*count] = driver_of(module);
	*count += driver_name_valid(more[*count].name);
	return 0;
}

/* Notes of the driver that LINE ("alias PATTERN MODULE") is about how general the pattern is by which it has ALIAS. */
static void note_pattern(char *line, const struct alias *alias, struct vfio_driver *list, size_t count)
{
	char *rest = NULL;
	const char *word = strtok_r(line, " \n", &rest), *pattern = strtok_r(NULL, " \n", &rest);
	const char *module = strtok_r(NULL, " \n", &rest);
	if (!word || !module || fnmatch(pattern, alias->s, 0) != 0)
		return;
	unsigned wildcards = 1;
	for (const char *c = pattern; *c; c++)
		wildcards += *c == '*';
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, module) == 0 && (!list[i].wildcards || wildcards < list[i].wildcards))
			list[i].wildcards = wildcards;
}

/* Finds out how closely each driver of LIST is meant for ALIAS: libkmod says only which ones there are. */
static int weigh(struct kmod_ctx *kmod, const struct alias *alias, struct vfio_driver *list, size_t count)
{
	cleanup_close int fd = memfd_create("aliases", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	int r = kmod_dump_index(kmod, KMOD_INDEX_MODULES_ALIAS, fd);
	if (r < 0)
		return r;
	cleanup_file FILE *file = fdopen(fd, "r");
	if (!file)
		return -errno;
	(void)TAKE_FD(fd);
	rewind(file);
	cleanup_free char *line = NULL;
	size_t room = 0;
	while (getline(&line, &room, file) > 0)
		if (strstr(line, " " ALIAS_PREFIX))
			note_pattern(line, alias, list, count);
	return 0;
}

static int compare_drivers(const void *a, const void *b)
{
	const struct vfio_driver *left = a, *right = b;
	if (left->wildcards != right->wildcards)
		return left->wildcards < right->wildcards ? -1 : 1;
	return strcmp(left->name, right->name);
}

int module_vfio_drivers(struct kernel *kernel, struct pci_address address, struct vfio_driver **ret,
			size_t *ret_count)
{
	struct alias alias;
	cleanup_free struct vfio_driver *list = NULL;
	cleanup(cleanup_modules_at) struct kmod_list *modules = NULL;
	size_t count = 0;
	*ret = NULL;
	*ret_count = 0;
	int r = read_alias(kernel, address, &alias);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	cleanup(cleanup_kmod_at) struct kmod_ctx *kmod = open_index(kernel);
	/* A host without an index can still have all it needs built in. */
	if (!kmod || kmod_module_new_from_lookup(kmod, alias.s, &modules) < 0)
		return 0;
	struct kmod_list *each;
	kmod_list_foreach(each, modules) {
		struct kmod_module *module = kmod_module_get_module(each);
		r = append_driver(kmod_module_get_name(module), &list, &count);
		kmod_module_unref(module);
		if (r < 0)
			return r;
	}
	/* The general one and another: there is nothing to compare. */
	if (count > 2)
		r = weigh(kmod, &alias, list, count);
	if (r == 0 && count > 0)
		qsort(list, count, sizeof(*list), compare_drivers);
	if (r < 0)
		return r;
	*ret = TAKE(list);
	*ret_count = count;
	return 0;
}
