/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is refused before anything changes. */

struct device_facts;
struct document;
struct facts;
struct interface;
struct prepare_request;
struct record_list;
struct reports;

/*
 * Reports everything in DOCUMENT that no host could be given for it in this version: USB sources, 802.1Qbg.
 * 0, or -EINVAL when there is something.
 */
int check_document(const struct document *document, struct reports *reports);

/*
 * Reports whatever would keep DEVICE, a VF, from being given to any guest at all. Each report has the name of its check
 * as its rule.
 */
void check_for_anybody(const struct facts *facts, const struct device_facts *device,
		       const struct record_list *records, struct reports *reports);

/*
 * Reports everything that forbids giving the PCI device of INTERFACE to the guest of REQUEST: 0, or -EINVAL when
 * something does. Each report has the name of its check as its rule.
 */
int check_interface(const struct prepare_request *request, const struct facts *facts,
		    const struct interface *interface, struct reports *reports);
