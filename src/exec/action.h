/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What each kind of step does to the host: one function each, called by the loop in execute.c only. */

#include <stdbool.h>

#include "kernel/device.h"

struct device_plan;
struct executor;
struct reports;
struct step;

/* One step being done. */
struct action {
	struct executor *executor;
	const struct device_plan *plan;
	const struct step *step;
	struct kernel_words words; /* what the kernel said */
	struct reports *reports;
	bool reported; /* the failure has its report already: execute.c adds none */
};

/* driver.c: the module; driver_override; drivers. Each returns 0 or a negative errno. */
int do_load(struct action *action);
int do_override(struct action *action);
int do_unbind(struct action *action);
int do_bind(struct action *action);

/* vfio.c: the device's group node. */
int do_group_node(struct action *action);
int do_closed(struct action *action);

/* network.c: settings through the PF, and of the VF's own netdev. */
int do_vf_set(struct action *action);
int do_vf_check(struct action *action);
int do_netdev(struct action *action);
int do_netdev_set(struct action *action);
