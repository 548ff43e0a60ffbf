/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Plans: from a document and facts to steps, and from a record and facts to the steps back. Pure: no I/O, the same input
 * gives the same plan. Everything that can be refused is refused here, before anything changes, and all of it is reported.
 */

#include <stdbool.h>
#include <stddef.h>

#include "types/uuid.h"

struct device_facts;
struct device_plan;
struct document;
struct facts;
struct record;
struct record_list;
struct reports;

/* The steps for all devices of an assignment, in document order. */
struct plan {
	struct uuid boot_id; /* of the boot in which the facts were read */
	struct device_plan *devices;
	size_t count;
};

struct prepare_request {
	const struct document *document;
	const char *guest;             /* NULL when nobody named it: then a missing <mac> cannot be derived */
	const struct uuid *machine_id; /* NULL when the host has none */
	const struct record_list *records; /* all records of this host */
};

/*
 * The steps that give every device of the document to the guest. Settings that a VF already has send nothing, but for the MAC,
 * which is always set; where the document has no <mac>, a stable one is derived. 0, or -EINVAL with all that is wrong
 * in REPORTS. -ENOMEM.
 */
int plan_prepare(const struct prepare_request *request, const struct facts *facts, struct plan *ret,
		 struct reports *reports);

/*
 * What device INDEX of PLAN, executed, has otherwise than it was to be, as text in new memory: "VLAN is none, not 42"; NULL when
 * all is as it should be. What the PF does not report does not count.
 */
char *plan_unmet(const struct plan *plan, size_t index, const struct device_facts *now);

/* Frees what PLAN holds. */
void plan_done(struct plan *plan);

/*
 * The steps that bring the VF of RECORD from NOW back to its before-image, in release's own order: VFIO proven closed; PF
 * side while still on VFIO; the original driver; its netdev. Only what was touched and differs is restored.
 */
void plan_release(const struct record *record, const struct device_facts *now, struct device_plan *ret);

/* Whether RECORD speaks of the device in NOW on a host with BOOT_ID, and not of one that is gone. */
bool plan_same_device(const struct record *record, const struct device_facts *now, struct uuid boot_id);

/*
 * Compares NOW with the before-image of RECORD. Returns NULL when everything is as it was, else the differences as text in
 * new memory: "VLAN is 42, was none; driver is none, was igbvf".
 */
char *plan_differences(const struct record *record, const struct device_facts *now);
