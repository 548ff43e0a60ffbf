/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <vfassign.h>

#include "kernel/kernel.h"
#include "lib/look.h"
#include "lib/request.h"
#include "lib/session.h"
#include "plan/plan.h"

int request_plan(struct session *session, const struct document *document,
		 const struct vfassign_request *request, enum request_look look, struct plan *ret)
{
	struct pci_address *addresses = NULL;
	size_t count = 0;
	struct facts *facts = NULL;
	struct uuid machine_id, firmware_id;
	struct prepare_request prepare = {
		.document = document,
		.machine_id = kernel_machine_id(session->kernel, &machine_id) == 0 ? &machine_id : NULL,
		.firmware_id = kernel_firmware_id(session->kernel, &firmware_id) == 0 ? &firmware_id : NULL,
		.records = &session->records,
		.force = request->force,
	};
	int r = request_guest(document, request, &prepare.guest, session->reports);
	if (r == 0)
		r = request_check_machine(document, request, session->reports);
	if (r == 0)
		r = request_allowed(session, document);
	if (r == 0)
		r = request_addresses(document, &addresses, &count);
	if (r == 0)
		r = session_facts(session, addresses, count,
				  FACTS_USE | FACTS_DRIVERS | (look == LOOK_LOCKED ? FACTS_HOLDERS : FACTS_SEEN),
				  &facts);
	if (r == 0)
		r = plan_prepare(&prepare, facts, ret, session->reports);
	facts_free(facts);
	free(addresses);
	return r;
}
