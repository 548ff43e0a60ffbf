/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The PFs in a snapshot: each is read once, however many of its VFs are asked for. */

#include "types/address.h"

struct device_facts;
struct facts;
struct kernel;
struct pf_facts;

/* The facts of the PF at ADDRESS: those that FACTS has, or new ones, which it has then. 0 or a negative errno. */
int pf_facts_get(struct kernel *kernel, struct facts *facts, struct pci_address address, struct pf_facts **ret);

/* Finds out which VFIO drivers there are for VF and the other VFs of its PF. 0 or a negative errno. */
int pf_facts_drivers(struct kernel *kernel, struct facts *facts, const struct device_facts *vf);

/* Frees PF; NULL is allowed. */
void pf_facts_free(struct pf_facts *pf);
