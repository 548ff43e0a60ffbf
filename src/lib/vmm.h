/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The VMMs that there are. */

#include <stdbool.h>

#include "vmm/device.h"

struct vmm {
	const char *name;
	const char *option; /* what stands before the argument of a device, */
	bool once;          /* or before those of all devices */
	vmm_argument *argument;
};

/* The VMM called NAME; NULL when there is none, which is reported. Without a name it is QEMU. */
const struct vmm *vmm_find(const char *name, struct reports *reports);
