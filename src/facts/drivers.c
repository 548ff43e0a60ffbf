/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stddef.h>

#include "facts/facts.h"
#include "facts/pf.h"
#include "kernel/module.h"

int pf_facts_drivers(struct kernel *kernel, struct facts *facts, const struct device_facts *vf)
{
	struct pf_facts *pf = NULL;
	int r = pf_facts_get(kernel, facts, vf->device.pf, &pf);
	/* The VFs of a PF are all alike: what there is for one is there for all. */
	if (r < 0 || pf->driver_count > 0)
		return r;
	return module_vfio_drivers(kernel, vf->address, &pf->drivers, &pf->driver_count);
}
