/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a caller of the library holds: where things are. */

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"

struct pci_address;
struct reports;

struct vfassign {
	char *root; /* "" or a folder without trailing slash */
	char *state_dir;
	unsigned timeout_ms;
	unsigned jobs; /* how many devices are worked on at a time */
	bool limited;  /* --allow was given: only these devices may be named */
	struct pci_address *allowed;
	size_t allowed_count;
	struct log log;
};

/* Reads "PCI[,PCI]…" into new memory. 0, -EINVAL with a report, -ENOMEM. */
int parse_addresses(const char *text, struct pci_address **ret, size_t *ret_count, struct reports *reports);
