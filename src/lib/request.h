/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* From what is asked (document and request) to what it means on this host. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document;
struct pci_address;
struct plan;
struct reports;
struct session;
struct vfassign_request;
struct vfassign_result;

struct vfassign_document {
	struct document *model;
};

/* How hard to look at the host. */
enum request_look {
	LOOK_ONLY,   /* disturb nobody */
	LOOK_LOCKED, /* the devices are locked: also find out whether somebody holds their VFIO groups */
};

/*
 * The guest's name by DOCUMENT and REQUEST, NULL when nobody names it. Two that differ are reported: -EINVAL.
 */
int request_guest(const struct document *document, const struct vfassign_request *request, const char **ret,
		  struct reports *reports);

/* The same, but that nobody names it, or by what cannot be put on record, is reported, too: -EINVAL. */
int request_require_guest(const struct document *document, const struct vfassign_request *request,
			  const char **ret, struct reports *reports);

/*
 * Whether DOCUMENT and REQUEST name the same machine type, or not both one: --machine says what a document without
 * <domain> does not, and beside one it would be a second truth. 0, or -EINVAL with a report.
 */
int request_check_machine(const struct document *document, const struct vfassign_request *request,
			  struct reports *reports);

/* The PCI devices that DOCUMENT names, in document order, in new memory. 0 or -ENOMEM. */
int request_addresses(const struct document *document, struct pci_address **ret, size_t *ret_count);

/*
 * Whether DOCUMENT names only what the context's --allow lets it name: 0, or -EPERM with all that it does not
 * reported.
 */
int request_allowed(const struct session *session, const struct document *document);

/* The guest's memory in bytes, when DOCUMENT tells it. */
bool request_memory(const struct document *document, uint64_t *ret);

/* Plans what DOCUMENT asks for, from facts read now. 0 or a negative errno with reports. */
int request_plan(struct session *session, const struct document *document,
		 const struct vfassign_request *request, enum request_look look, struct plan *ret);

/*
 * Reads back what PLAN, made from DOCUMENT and executed, was to set: one read for each PF. 0, or a negative
 * errno with all that was not taken reported.
 */
int request_verify(struct session *session, const struct document *document, const struct plan *plan);

/*
 * Adds the arguments by which the VMM of REQUEST is told of the devices of DOCUMENT to RESULT. 0 or a negative errno with
 * reports.
 */
int request_arguments(const struct document *document, const struct vfassign_request *request,
		      struct vfassign_result *result);

/* QEMU's argument for interface INDEX of DOCUMENT, without the -device before it, in new memory. NULL without memory. */
char *request_qemu(const struct document *document, const struct vfassign_request *request, size_t index);
