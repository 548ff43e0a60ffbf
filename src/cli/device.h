/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Devices as several verbs tell of them. */

#include <jansson.h>

#include <vfassign.h>

#include "cli/output.h"

/* A value of a setting as JSON: null where nothing is set. */
json_t *setting_json(const char *value);

/* Whether VALUE says that nothing is set, or nothing known. */
bool setting_is_none(const char *value);

/* Sets "devices" of the object to the devices of RESULT. */
void output_devices(struct output *out, const struct vfassign_result *result);

/* Sets "assignment" and "guest" of the object, and "devices": what a prepare gave out. */
void output_assignment(struct output *out, const struct vfassign_result *result);
