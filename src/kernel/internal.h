/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of this folder share; nobody else includes it. */

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "kernel/kernel.h"
#include "kernel/rtnl.h"
#include "types/address.h"

struct kernel {
	int root; /* every path is relative to it, so a folder that a captured machine lacks is just ENOENT */
	bool live;              /* the root is "/" */
	struct rtnl rtnl;       /* its socket is opened at the first request */
	struct mnl_socket *use; /* the one of netdev_use(), the same; NULL before */
};

/* A path below the root, by value so that it can be used inside a call. */
struct kernel_path {
	char s[128];
};

/* The folder of the PCI device at ADDRESS, with SUFFIX ("" or "/file") behind it. */
struct kernel_path kernel_pci_path(struct pci_address address, const char *suffix);

/* 0 on the running host, -EROFS on a captured one: each changing function asks first. */
int kernel_may_change(const struct kernel *kernel);

/*
 * Reads file NAME in folder DIR as one number, BASE and MAX as in number_parse(). A file that is not there is
 * 0; a text that is not such a number gives -EBADMSG.
 */
int kernel_read_number(int dir, const char *name, int base, uint64_t max, uint64_t *ret);

/* Closes the socket of netdev_use(), if it was opened. */
void use_close(struct kernel *kernel);
