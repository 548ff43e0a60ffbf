/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A host with VFs of every kind, a store in a temporary folder, and the verbs of the library on both. Each verb returns the
 * exit status that the command would have; its result stays to be looked at until the next one.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <vfassign.h>

#include "fake/kernel.h"

#define PF "0000:01:00.0"
#define VF0 "0000:01:10.0" /* on its driver, nothing set, its netdev down */
#define VF1 "0000:01:10.2" /* admin MAC, VLAN 7, its netdev up, with another name and MTU */
#define VF2 "0000:01:10.4" /* on no driver, driver_override set */
#define VF3 "0000:01:10.6" /* its netdev up, with a MAC of its own */

struct world {
	struct fake_host *host;
	char root[64];
	struct vfassign *context;
	struct vfassign_result *result; /* of the last verb */
	char *before;                   /* the host's image as it was made */
	char assignment[64];            /* the UUID of the last prepare */
};

/*
 * Documents of guest g1: for VF1; the same, trusted; for VF0, VF1 and VF2; for these and VF3, with all settings that igb
 * takes; each with MAC and VLAN. And of
 * g2, for VF3.
 */
extern const char xml_one[];
extern const char xml_port[]; /* for VF1, with MAC and port profile */
extern const char xml_trusted[];
extern const char xml_three[];
extern const char xml_four[];
extern const char xml_other[];

struct world *world_new(void);
void world_free(struct world *world);

int world_prepare(struct world *world, const char *xml);
int world_prepare_as(struct world *world, const char *xml, const struct vfassign_request *request);
int world_prepare_for(struct world *world, const char *xml, pid_t owner);
int world_release(struct world *world); /* the last assignment, by its UUID */
int world_release_guest(struct world *world, const char *guest);
int world_release_devices(struct world *world, const char *devices);
int world_recover(struct world *world);

/* How many records are in the state folder. A draft of one that a crash left there is none. */
size_t world_records(const struct world *world);

/* The full path of NAME in the state folder. */
const char *world_path(const struct world *world, const char *name);

/* The state that list shows of the VF: "free", "preparing", "assigned" or "dirty". Replaces the result. */
const char *world_state(struct world *world, const char *vf);

/* Whether a report of the last result has all of TEXT in its message, and CLASS. */
bool world_said(const struct world *world, enum vfassign_class class, const char *text);

/* Everything is as it was: the host, no record, and nothing was done on the way that a real host punishes. */
void world_assert_before(struct world *world);

/* The same but for the files. */
void world_assert_host_before(struct world *world);

/* The device has the settings that xml_one or xml_three give VF N, and is on vfio-pci. */
void world_assert_given(struct world *world, const char *vf, const char *mac, unsigned vlan);

/* Runs HOOK on WORLD once, when the next lock is about to be taken: as if another command had been quicker. */
void world_before_lock(struct world *world, void (*hook)(struct world *world));

/* Whether threads can be had from now on. */
void world_threads(bool can);

/* Runs what BODY does on WORLD in a child, with faults that end it. Its exit status. */
int world_in_child(struct world *world, int (*body)(struct world *world));
