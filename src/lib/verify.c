/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/report.h"
#include "exec/wait.h"
#include "lib/look.h"
#include "lib/request.h"
#include "lib/session.h"
#include "plan/plan.h"

/* Reports what is not as PLAN wants it. */
static int report_unmet(struct session *session, const struct plan *plan, const struct facts *now)
{
	int r = 0;
	for (size_t i = 0; i < now->device_count; i++) {
		struct pci_text name = pci_text(now->devices[i].address);
		char *text = NULL;
		if (plan_unmet(plan, i, &now->devices[i], &text)) {
			report_error(session->reports, REPORT_HOST, name.s,
				     "%s did not take what its driver said it took: %s", name.s,
				     text ? text : "out of memory");
			r = -EIO;
		}
		free(text);
	}
	return r;
}

/* Whether NOW is as PLAN wants it. */
static bool is_met(const struct plan *plan, const struct facts *now)
{
	bool met = true;
	for (size_t i = 0; met && i < now->device_count; i++) {
		char *text = NULL;
		met = !plan_unmet(plan, i, &now->devices[i], &text);
		free(text);
	}
	return met;
}

int request_verify(struct session *session, const struct document *document, const struct plan *plan)
{
	struct wait wait = wait_start(session_timeout(session));
	struct pci_address *addresses = NULL;
	struct facts *now = NULL;
	size_t count = 0;
	int r = request_addresses(document, &addresses, &count);
	if (r == 0)
		r = session_facts(session, addresses, count, FACTS_BRIEF, &now);
	/* Some drivers do a moment later what they said was done. */
	while (r == 0 && !is_met(plan, now) && wait_again(&wait)) {
		facts_free(now);
		r = session_facts(session, addresses, count, FACTS_BRIEF, &now);
	}
	if (r == 0)
		r = report_unmet(session, plan, now);
	facts_free(now);
	free(addresses);
	return r;
}
