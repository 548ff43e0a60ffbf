/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "facts/facts.h"
#include "kernel/kernel.h"
#include "kernel/pci.h"
#include "lib/session.h"
#include "plan/plan.h"

bool session_is_stale(struct session *session, const struct record *record)
{
	struct device_facts now = { .exists = true };
	struct uuid boot_id;
	int r = pci_read(session->kernel, record->address, &now.device);
	if (r == -ENOENT)
		now.exists = false;
	if ((r < 0 && r != -ENOENT) || kernel_boot_id(session->kernel, &boot_id) < 0)
		return false;
	return !plan_same_device(record, &now, boot_id);
}
