/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Steps: what the executor does, one at a time. A step is data; what each kind does to the host stands in
 * exec.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types/address.h"
#include "types/setting.h"

enum step_kind {
	STEP_LOAD,       /* have the driver loaded; never undone */
	STEP_VF_SET,     /* one setting through the PF */
	STEP_PORT,       /* the port profile: ask the switch, and await its answer */
	STEP_VF_CHECK,   /* read back what the steps before set through the PF */
	STEP_OVERRIDE,   /* driver_override */
	STEP_UNBIND,     /* take the device from its driver */
	STEP_BIND,       /* drivers_probe; then the driver link must say so */
	STEP_GROUP_NODE, /* wait for /dev/vfio/GROUP */
	STEP_CLOSED, /* prove that nobody has the VFIO group open, and keep it so until the device is unbound */
	STEP_NETDEV,     /* wait for the VF's netdev, and until udev has done with it */
	STEP_NETDEV_SET, /* one setting of the VF's netdev */
	STEP_KIND_COUNT
};

struct step {
	enum step_kind kind;
	enum setting setting; /* what it changes; SETTING_COUNT for steps that only wait or load */
	struct value from;    /* the setting's value before and after */
	struct value to;
};

/*
 * A release is at most: closed, each VF setting, netdev down for it and the check, load, override twice,
 * unbind, bind, wait, netdev settings, MAC and check once more.
 */
#define STEPS_MAX (SETTING_COUNT + 14)

/* The steps for one device, and where they act. */
struct device_plan {
	struct pci_address address;
	uint64_t inode;
	struct pci_address pf;
	int pf_ifindex;
	uint32_t vf_index;
	int iommu_group;        /* -1: none */
	struct settings before; /* the before-image */
	struct settings after;  /* what the request wants: absent where it wants nothing */
	bool restores; /* it gives the device back: no setting of it is touched that is not on record */
	struct step steps[STEPS_MAX];
	size_t step_count;
};

/* Whether KIND changes the host in a way that has to be undone: its intent goes on record first. */
bool step_changes(enum step_kind kind);

/* The kind of step that sets SETTING, up to SETTING_VF_LAST, through the PF. */
enum step_kind step_setting(enum setting setting);

/* Appends a step to PLAN. */
void step_add(struct device_plan *plan, enum step_kind kind, enum setting setting, struct value to);

/*
 * What STEP of PLAN does, for people, without its values: "set VLAN through 0000:01:00.0 vf 1". In new
 * memory, or NULL.
 */
char *step_text(const struct device_plan *plan, const struct step *step);
