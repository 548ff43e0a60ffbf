/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files that answer the headers of src/kernel share. */

#include "fake/model.h"

struct kernel {
	struct fake_host *host;
	bool live;
};

/* One changing call: what it is about, and its line in the log. */
struct fake_call {
	char text[256];
	struct pci_address address; /* of the device, or of the PF */
	int ifindex;
	uint32_t index;
	enum setting which;
	const struct value *value;
	const char *name;
	struct kernel_words *words;
};

/* Does CALL as the faults that are set let it: takes EFFECT or not, fails or not, ends the process or not; and logs it. */
int fake_change(struct kernel *kernel, const struct fake_call *call,
		int (*effect)(struct fake_host *host, const struct fake_call *call));

/* VF INDEX of PF, or NULL. */
struct fake_device *fake_vf(struct fake_host *host, struct pci_address pf, uint32_t index);
