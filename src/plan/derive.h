/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a document does not give and a guest must have: the same each time. */

#include "types/address.h"
#include "types/uuid.h"

/*
 * 02: and 40 bits of a keyed hash (SipHash-2-4 under the machine id) of guest name, PCI address and ATTEMPT:
 * the same on this machine each time, and telling nothing about the machine id. ATTEMPT counts up when the
 * result is taken.
 */
struct mac mac_derive(struct uuid machine_id, const char *guest, struct pci_address address, unsigned attempt);

/*
 * A UUID (version 8: of one's own making) from a hash as above, of WHAT it stands for and a NAME: the same on this machine
 * each time.
 */
struct uuid uuid_derive(struct uuid machine_id, const char *what, const char *name);
