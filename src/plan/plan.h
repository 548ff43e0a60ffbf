/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Plans: from a document and facts to steps, and from a record and facts to the steps back. Pure: no I/O, the
 * same input gives the same plan. Everything that can be refused is refused here, before anything changes,
 * and all of it is reported.
 */

#include <stdbool.h>
#include <stddef.h>

#include "types/setting.h"
#include "types/uuid.h"

struct device_facts;
struct device_plan;
struct document;
struct facts;
struct record;
struct pf_facts;
struct record_list;
struct report;
struct reports;

/* The steps for all devices of an assignment, in document order. */
struct plan {
	struct uuid boot_id; /* of the boot in which the facts were read */
	struct device_plan *devices;
	size_t count;
};

/* Tells in REPORT why the VFs of PF could not be read, and what helps. Returns REPORT. */
struct report *plan_unreadable(struct report *report, const struct pf_facts *pf);

struct prepare_request {
	const struct document *document;
	const char *guest;             /* NULL when nobody named it: then a missing <mac> cannot be derived */
	const struct uuid *machine_id; /* NULL when the host has none */
	const struct uuid *firmware_id;    /* the same */
	const struct record_list *records; /* all records of this host */
	bool force;                        /* a VF that the host or libvirt uses is taken, with a warning */
};

/*
 * The steps that give every device of the document to the guest. Settings that a VF already has send nothing,
 * but for the MAC, which is always set; where the document has no <mac>, a stable one is derived. 0, or
 * -EINVAL with all that is wrong in REPORTS. -ENOMEM.
 */
int plan_prepare(const struct prepare_request *request, const struct facts *facts, struct plan *ret,
		 struct reports *reports);

/*
 * Whether device INDEX of PLAN, executed, is otherwise than it was to be: *RET_TEXT then says how, in new
 * memory ("VLAN is none, not 42"), NULL without memory. A setting that its driver does not report does not
 * count; a VF that is not reported does.
 */
bool plan_unmet(const struct plan *plan, size_t index, const struct device_facts *now, char **ret_text);

/*
 * The settings of the VF of RECORD that NOW, which is that VF, has otherwise than they were set for its guest: how many, and
 * which in RET. None while it is being prepared or is dirty, nor where its driver does not report it.
 */
size_t plan_drift(const struct record *record, const struct device_facts *now,
		  enum setting ret[static SETTING_COUNT]);

/* Frees what PLAN holds. */
void plan_done(struct plan *plan);

/*
 * The steps that bring the VF of RECORD from NOW back to its before-image, in release's own order: VFIO
 * proven closed; PF side while still on VFIO; the original driver; its netdev. Only what was touched and
 * differs is restored.
 */
void plan_release(const struct record *record, const struct device_facts *now, struct device_plan *ret);

/* Whether RECORD speaks of the device in NOW on a host with BOOT_ID, and not of one that is gone. */
bool plan_same_device(const struct record *record, const struct device_facts *now, struct uuid boot_id);

/*
 * Whether NOW differs from the before-image of RECORD in anything that was begun to be changed, or hangs on
 * that: *RET_TEXT then says in what, in new memory ("VLAN is 42, was none; driver is none, was igbvf"), NULL
 * without memory.
 */
bool plan_differences(const struct record *record, const struct device_facts *now, char **ret_text);
