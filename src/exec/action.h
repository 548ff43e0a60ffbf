/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What each kind of step does to the host: one function each, called by the loop in execute.c only. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "kernel/device.h"

struct device_plan;
struct executor;
struct job;
struct reports;
struct step;
struct vf_report;

/* What was seen of a job at a STEP_VF_CHECK before it was looked. */
#define JOB_NOT_SEEN 1

/* All devices that are being worked on. */
struct work {
	const struct executor *executor;
	struct job *jobs;
	size_t count;
	atomic_bool stop;     /* one that is prepared has failed: no other begins another step */
	pthread_mutex_t lock; /* for what threads share: the log, and the groups that jobs hold open */
};

/* One step being done. */
struct action {
	struct work *work;
	const struct executor *executor;
	struct job *job;
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

/* Lets go of the group that JOB holds open, if it does. */
void group_close(struct work *work, struct job *job);

/* network.c: settings through the PF, and of the VF's own netdev. */
int do_vf_set(struct action *action);
int do_netdev(struct action *action);
int do_netdev_set(struct action *action);

/* netdev.c: what is known of the netdev of JOB is known no longer. */
void forget_netdev(struct job *job);

/* port.c: the switch, by way of the PF. */
int do_port(struct action *action);

/*
 * network.c: whether REPORT (by its PF) shows what the steps of PLAN before CHECK set, as far as that matters to a host
 * driver, and it shows it.
 */
bool vf_took_all(const struct device_plan *plan, const struct step *check, const struct vf_report *report);

/* tell.c: logs what came of the step, and reports why it failed; reports that its intent cannot be written. */
void tell_step(const struct action *action, int result);
void tell_intent(const struct action *action, int error);

/*
 * check.c: looks at all jobs that stand at a STEP_VF_CHECK, with one read of each PF, and again, up to the bound, while one
 * of them has not taken what was set. What was seen of each is in the job. False when none stands at one.
 */
bool check_all(struct work *work);
