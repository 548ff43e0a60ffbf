/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/report.h"
#include "exec/action.h"
#include "exec/execute.h"
#include "kernel/module.h"
#include "kernel/pci.h"
#include "plan/step.h"

int do_load(struct action *action)
{
	return module_load_driver(action->executor->kernel, action->step->to.name);
}

int do_override(struct action *action)
{
	return pci_set_override(action->executor->kernel, action->plan->address, action->step->to.name);
}

int do_unbind(struct action *action)
{
	int r = pci_unbind(action->executor->kernel, action->plan->address);
	/* Now nobody can open the group any more. */
	group_close(action->work, action->job);
	return r == -ENODEV ? 0 : r;
}

int do_bind(struct action *action)
{
	struct pci_device device = { 0 };
	const char *driver = action->step->to.name;
	int r = pci_probe(action->executor->kernel, action->plan->address);
	if (r == 0)
		r = pci_read_driver(action->executor->kernel, action->plan->address, &device);
	if (r < 0)
		return r;
	/* What is prepared is for VFIO; what is restored goes back to whatever it was. */
	bool vfio = device.vfio || action->plan->restores;
	if (strcmp(device.driver, driver) == 0 && vfio)
		return 0;
	struct pci_text name = pci_text(action->plan->address);
	report_hint(report_error(action->reports, REPORT_HOST, name.s,
				 vfio || !device.driver[0] ? "driver %s did not take %s" :
							     "driver %s of %s is not a VFIO driver",
				 driver, name.s),
		    "dmesg says why a driver refuses a device");
	action->reported = true;
	return -ENODEV;
}
