/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The command, killed at a step boundary: the linker puts these functions before those that change the kernel or a record
 * (boundary_wraps in meson.build), so that a run with several threads can be killed at each of their calls, too.
 *
 * With VFASSIGN_KILL_AT=N in its environment the program is killed (SIGKILL) at its N-th boundary: there is one before each
 * such call and one after it, counted over all threads. With N beyond the last it just ends, and with 0 it also says how many
 * there were: "boundaries: N" on standard error. Everything else is vfassign.
 */

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"
#include "kernel/module.h"
#include "kernel/netdev.h"
#include "kernel/pci.h"
#include "kernel/vf.h"
#include "plan/record.h"
#include "record/store.h"

/* What stands in for other functions cannot be handed anything in. */
static atomic_uint passed;
static uint64_t kill_at;

__attribute__((constructor)) static void start(void)
{
	const char *text = getenv("VFASSIGN_KILL_AT");
	if (text && number_parse(text, 10, UINT32_MAX, &kill_at) < 0) {
		fprintf(stderr, "VFASSIGN_KILL_AT: '%s' is no number\n", text);
		_exit(EXIT_FAILURE);
	}
}

__attribute__((destructor)) static void end(void)
{
	if (kill_at == 0)
		fprintf(stderr, "boundaries: %u\n", passed);
}

static void boundary(void)
{
	if (atomic_fetch_add(&passed, 1) + 1 == kill_at)
		kill(getpid(), SIGKILL);
}

/* FUNCTION, taking PARAMETERS, with a boundary on either side; ARGUMENTS are the names of these. */
#define WRAP(function, parameters, arguments) \
	int __real_##function parameters; \
	int __wrap_##function parameters; \
	int __wrap_##function parameters \
	{ \
		boundary(); \
		int r = __real_##function arguments; \
		boundary(); \
		return r; \
	}

WRAP(vf_set,
     (struct kernel * kernel, struct vf_target target, enum setting which, const struct value *value,
      struct kernel_words *words),
     (kernel, target, which, value, words))
WRAP(netdev_set,
     (struct kernel * kernel, int ifindex, enum setting which, const struct value *value,
      struct kernel_words *words),
     (kernel, ifindex, which, value, words))
WRAP(module_load_driver, (struct kernel * kernel, const char *name), (kernel, name))
WRAP(pci_set_override, (struct kernel * kernel, struct pci_address address, const char *name),
     (kernel, address, name))
WRAP(pci_unbind, (struct kernel * kernel, struct pci_address address), (kernel, address))
WRAP(pci_probe, (struct kernel * kernel, struct pci_address address), (kernel, address))
WRAP(store_create, (struct store * store, const struct record *record), (store, record))
WRAP(store_intent, (struct store * store, struct record *record, enum setting setting),
     (store, record, setting))
WRAP(store_owner, (struct store * store, struct record *record, struct owner owner), (store, record, owner))
WRAP(store_commit, (struct store * store, struct record *record), (store, record))
WRAP(store_dirty, (struct store * store, struct record *record, const char *why), (store, record, why))
WRAP(store_remove, (struct store * store, const struct record *record), (store, record))
