/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Reading the host for a verb. */

#include <stddef.h>

#include "facts/facts.h"

struct session;

/*
 * Reads the facts of COUNT devices, one read for each PF. VFs whose driver is in reset, and with
 * FACTS_HOLDERS netdevs that udev has not come to, are waited for; one that then is still missing from its
 * PF's list is for the caller to refuse. 0 or a negative errno with a report.
 */
int session_facts(struct session *session, const struct pci_address *addresses, size_t count,
		  enum facts_flags flags, struct facts **ret);
