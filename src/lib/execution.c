/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exec/execute.h"
#include "lib/context.h"
#include "lib/session.h"

int session_execute(struct session *session, const struct device_plan *plan, struct record *record,
		    bool *ret_held)
{
	struct executor executor = {
		.kernel = session->kernel,
		.store = session->store,
		.log = session->context->log,
		.timeout_ms = session->context->timeout_ms,
		.group = -1,
	};
	int r = execute(&executor, plan, record, session->reports);
	if (ret_held)
		*ret_held = executor.held;
	return r;
}
