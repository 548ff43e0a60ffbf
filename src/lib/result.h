/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a verb has to tell. */

#include <stddef.h>

#include "base/report.h"

struct device_plan;
struct record;

struct vfassign_result {
	struct reports reports;
	struct vfassign_report *shown; /* the reports in their public form */
	const char *assignment;
	const char *guest;
	struct vfassign_device *devices;
	size_t device_count;
	struct vfassign_step *steps;
	size_t step_count;
	struct vfassign_pf *pfs;
	size_t pf_count;
	struct vfassign_vf *vfs;
	size_t vf_count;
	struct vfassign_check *checks;
	size_t check_count;
	const char **arguments;
	size_t argument_count;
	const char *xml;
	int status;   /* of run */
	void **owned; /* every string and array above */
	size_t owned_count;
};

/* A new, empty result, or NULL. */
struct vfassign_result *result_new(void);

/* TEXT (from malloc, or NULL for lack of memory), owned by RESULT from here on; "" instead of NULL. */
const char *result_own(struct vfassign_result *result, char *text);

/* A copy of TEXT that RESULT owns; NULL stays NULL. */
const char *result_text(struct vfassign_result *result, const char *text);

/* Room for COUNT zeroed items of SIZE that RESULT owns. NULL without memory. */
void *result_array(struct vfassign_result *result, size_t count, size_t size);

/*
 * Ends a verb: hands RESULT to *RET and returns what the verb returns for it: R, or -EINVAL when R is 0 and
 * there are errors.
 */
int result_finish(struct vfassign_result *result, int r, struct vfassign_result **ret);

/*
 * Adds the device of PLAN to the prepared devices of RESULT, with the -device argument QEMU (owned from here
 * on).
 */
void result_add_prepared(struct vfassign_result *result, const struct device_plan *plan, char *qemu);

/* Adds a device that was given back. */
void result_add_released(struct vfassign_result *result, const struct record *record);
