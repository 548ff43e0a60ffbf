/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* VFIO groups: /dev/vfio/GROUP. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "kernel/device.h"
#include "kernel/kernel.h"

/*
 * Opens the node of GROUP and returns the descriptor: for as long as it stays open nobody else can use the
 * group. -EBUSY when somebody has it open (opening a group is exclusive), -ENOENT when there is no node (no
 * device of the group is on a VFIO driver).
 */
int vfio_group_open(struct kernel *kernel, int group);

/*
 * Whether VFIO of this kernel knows no groups, only device nodes: built without VFIO_GROUP. As long as VFIO is not loaded
 * there is no telling: false.
 */
bool vfio_is_groupless(struct kernel *kernel);

/* Whether the node of GROUP is there, as a character device. */
bool vfio_group_exists(struct kernel *kernel, int group);

/* The process that has GROUP open, found by device number among the descriptors below /proc. */
int vfio_group_holder(struct kernel *kernel, int group, struct vfio_holder *ret);
