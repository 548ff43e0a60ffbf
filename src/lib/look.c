/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/report.h"
#include "exec/wait.h"
#include "kernel/netdev.h"
#include "lib/look.h"
#include "lib/session.h"

/* Whether a driver in reset says "try again" of DEVICE, or leaves it out of its list of VFs for a moment. */
static bool is_in_reset(const struct device_facts *device)
{
	const struct pf_facts *pf = device->pf;
	if (!device->exists || !pf || pf->netdev.ifindex == 0 || device->other_port)
		return false;
	return pf->vfs_error == -EAGAIN || pf->vfs_error == -EBUSY || (pf->vfs_error == 0 && !device->report);
}

/* Whether udev still has to name or address the VF's netdev: what it is now is not what it is to be again. */
static bool is_unsettled(struct kernel *kernel, const struct device_facts *device)
{
	return device->netdev.ifindex && !netdev_udev_settled(kernel, device->netdev.ifindex);
}

/* Whether a moment later there will be more to see. LOCKED: the facts become a before-image. */
static bool must_wait(struct kernel *kernel, const struct facts *facts, bool locked)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (is_in_reset(&facts->devices[i]) || (locked && is_unsettled(kernel, &facts->devices[i])))
			return true;
	return false;
}

int session_facts(struct session *session, const struct pci_address *addresses, size_t count,
		  enum facts_flags flags, struct facts **ret)
{
	struct wait wait = wait_start(session_timeout(session));
	struct facts *facts = NULL;
	int r;
	do {
		facts_free(facts);
		facts = NULL;
		r = facts_read(session->kernel, addresses, count, flags, &facts);
	} while (r == 0 && must_wait(session->kernel, facts, flags & FACTS_HOLDERS) && wait_again(&wait));
	if (r < 0)
		report_cause(report_error(session->reports, REPORT_HOST, NULL, "cannot read the host's devices"),
			     r, NULL);
	*ret = facts;
	return r;
}
