/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What doctor looks at. A check tells what it finds as reports: errors are its FAILs, warnings its WARNs; a note is what it
 * has to say when all is well.
 */

#include "base/report.h"

struct document;
struct facts;
struct host;
struct kernel;
struct session;
struct vfassign_request;

struct doctor {
	struct session *session;
	struct kernel *kernel;
	bool live; /* it is the running host */
	struct host *host;
	struct facts *facts;             /* of the whole host */
	const struct document *document; /* NULL: it is about the host as such */
	const struct vfassign_request *request;
	struct reports plan; /* what prepare would say; each report has its check as its rule */
	bool any_vf;         /* it was asked of a VF that is there */
};

/* Reads the host. 0, or a negative errno with a report. */
int doctor_look(struct doctor *doctor, struct kernel *kernel, struct reports *reports);

/* Frees what DOCTOR holds. */
void doctor_done(struct doctor *doctor);

/*
 * Asks the plan of prepare, for the document or, without one, for each VF: fills doctor->plan. What it says is what prepare
 * says, because it is the same code.
 */
void doctor_ask_plan(struct doctor *doctor);

/* A check of its own. */
typedef void doctor_check(const struct doctor *doctor, struct reports *reports);

/* Of the host: */
doctor_check doctor_iommu;   /* an IOMMU is on, and which */
doctor_check doctor_noiommu; /* VFIO insists on one */
doctor_check doctor_acs;     /* each VF is alone in its IOMMU group */
doctor_check doctor_module;  /* vfio-pci is there */
doctor_check doctor_node;    /* /dev/vfio/vfio can be opened */
doctor_check doctor_sriov;   /* there are PFs */
doctor_check doctor_vfs;     /* they have VFs */
/* Of the guest: */
doctor_check doctor_memlock; /* its memory can be locked */
/* Of what is on record: */
doctor_check doctor_records; /* records can be read */
doctor_check doctor_left;    /* nothing was left behind */
doctor_check doctor_drift;   /* what was given out is as it was given out */
