/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A stable MAC for a guest's interface whose document has none. */

#include "types/address.h"

struct uuid;

/*
 * 02: and 40 bits of a keyed hash (SipHash-2-4 under the machine id) of guest name, PCI address and ATTEMPT:
 * the same on this machine each time, and telling nothing about the machine id. ATTEMPT counts up when the
 * result is taken.
 */
struct mac mac_derive(struct uuid machine_id, const char *guest, struct pci_address address, unsigned attempt);
