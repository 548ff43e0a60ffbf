/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the host as a whole is ready for: which IOMMU, and how VFIO is set. */

#include <stdbool.h>

#include "kernel/kernel.h"
#include "types/setting.h"

/* The node that every user of VFIO opens, /dev/vfio/vfio, as the calling process sees it. */
enum host_node { HOST_NODE_NONE, HOST_NODE_DENIED, HOST_NODE_USABLE };

struct host {
	char iommu[NAME_SIZE]; /* one, as the kernel calls it: "dmar0" (Intel), "ivhd0" (AMD); "" when none is told */
	char cpu[NAME_SIZE]; /* who made the processor: "GenuineIntel"; "" when that is not told */
	bool noiommu;        /* VFIO gives out devices without an IOMMU, too */
	enum host_node node;
};

/* Reads what there is; what cannot be read counts as not there. */
void host_read(struct kernel *kernel, struct host *ret);
