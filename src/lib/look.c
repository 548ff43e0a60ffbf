/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/report.h"
#include "exec/wait.h"
#include "lib/look.h"
#include "lib/session.h"

/* Whether a driver in reset says "try again" of DEVICE, or leaves it out of its list of VFs for a moment. */
static bool is_in_reset(const struct device_facts *device)
{
	const struct pf_facts *pf = device->pf;
	if (!device->exists || !pf || pf->netdev.ifindex == 0)
		return false;
	return pf->vfs_error == -EAGAIN || pf->vfs_error == -EBUSY || (pf->vfs_error == 0 && !device->report);
}

static bool any_in_reset(const struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (is_in_reset(&facts->devices[i]))
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
	} while (r == 0 && any_in_reset(facts) && wait_again(&wait));
	if (r < 0)
		report_cause(report_error(session->reports, REPORT_HOST, NULL,
					  "cannot read the host's devices: %s", strerror(-r)),
			     r, NULL);
	*ret = facts;
	return r;
}
