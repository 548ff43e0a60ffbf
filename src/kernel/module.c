/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <libkmod.h>

#include "kernel/internal.h"
#include "types/setting.h"

static void cleanup_kmod_at(struct kmod_ctx **kmod)
{
	kmod_unref(*kmod);
}

static void cleanup_modules_at(struct kmod_list **modules)
{
	kmod_module_unref_list(*modules);
}

static void cleanup_module_at(struct kmod_module **module)
{
	kmod_module_unref(*module);
}

/* Whether there is a PCI driver NAME with each FROM in it written as TO. */
static bool driver_exists(struct kernel *kernel, const char *name, char from, char to)
{
	struct kernel_path path;
	int prefix = snprintf(path.s, sizeof(path.s), "sys/bus/pci/drivers/");
	snprintf(path.s + prefix, sizeof(path.s) - (size_t)prefix, "%s", name);
	for (char *c = path.s + prefix; *c; c++)
		if (*c == from)
			*c = to;
	return faccessat(kernel->root, path.s, F_OK, 0) == 0;
}

/*
 * Modules are always called with "_", drivers as their authors like it: vfio-pci, mlx5_vfio_pci,
 * hisi-acc-vfio-pci.
 */
static bool driver_available(struct kernel *kernel, const char *name)
{
	return driver_exists(kernel, name, 0, 0) || driver_exists(kernel, name, '-', '_') ||
	       driver_exists(kernel, name, '_', '-');
}

/* Loads all of MODULES. */
static int load(struct kmod_list *modules)
{
	struct kmod_list *each;
	int r = modules ? 0 : -ENOENT;
	kmod_list_foreach(each, modules) {
		cleanup(cleanup_module_at) struct kmod_module *module = kmod_module_get_module(each);
		r = kmod_module_probe_insert_module(module, KMOD_PROBE_APPLY_BLACKLIST, NULL, NULL, NULL, NULL);
		/* It returns the flag when the blacklist was what kept the module out. */
		if (r > 0)
			r = -EPERM;
		if (r < 0)
			break;
	}
	return r;
}

/* The modules that NAME stands for: *RET_KMOD holds them. 0 or a negative errno. */
static int look_up(const char *name, struct kmod_ctx **ret_kmod, struct kmod_list **ret_modules)
{
	/* One for each call: the configuration is the host's of now, and threads share nothing. */
	*ret_kmod = kmod_new(NULL, NULL);
	if (!*ret_kmod)
		return -ENOMEM;
	/* It would write its errors to standard error; a library does not. */
	kmod_set_log_priority(*ret_kmod, LOG_EMERG);
	return kmod_module_new_from_lookup(*ret_kmod, name, ret_modules);
}

int module_load_driver(struct kernel *kernel, const char *name)
{
	cleanup(cleanup_kmod_at) struct kmod_ctx *kmod = NULL;
	cleanup(cleanup_modules_at) struct kmod_list *modules = NULL;
	if (!driver_name_valid(name))
		return -EINVAL;
	if (driver_available(kernel, name))
		return 0;
	int r = kernel_may_change(kernel);
	if (r == 0)
		r = look_up(name, &kmod, &modules);
	if (r == 0)
		r = load(modules);
	if (r == 0 && !driver_available(kernel, name))
		r = -ENOENT;
	return r;
}

int module_find_driver(struct kernel *kernel, const char *name)
{
	cleanup(cleanup_kmod_at) struct kmod_ctx *kmod = NULL;
	cleanup(cleanup_modules_at) struct kmod_list *modules = NULL;
	cleanup(cleanup_modules_at) struct kmod_list *allowed = NULL;
	if (!driver_name_valid(name))
		return -EINVAL;
	if (driver_available(kernel, name))
		return 0;
	int r = kernel_may_change(kernel);
	if (r == 0)
		r = look_up(name, &kmod, &modules);
	if (r < 0)
		return r;
	if (!modules)
		return -ENOENT;
	r = kmod_module_apply_filter(kmod, KMOD_FILTER_BLACKLIST, modules, &allowed);
	return r < 0 ? r : allowed ? 1 : -EPERM;
}
