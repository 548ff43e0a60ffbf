/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What doctor asks prepare's plan, and what it looks at for the guest. */

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "facts/facts.h"
#include "lib/doctor.h"
#include "lib/request.h"
#include "lib/session.h"
#include "plan/check.h"
#include "plan/plan.h"

/* What every guest's VMM locks beside the guest's memory; as for vfassign run. */
#define MEMLOCK_EXTRA (UINT64_C(1) << 30)

static void ask_for_document(struct doctor *doctor)
{
	struct reports *before = doctor->session->reports;
	struct plan plan = { 0 };
	const char *guest;
	doctor->session->reports = &doctor->plan;
	/* prepare insists on a name; plan does not. */
	request_require_guest(doctor->document, doctor->request, &guest, &doctor->plan);
	request_plan(doctor->session, doctor->document, doctor->request, LOOK_ONLY, &plan);
	plan_done(&plan);
	doctor->session->reports = before;
}

/* Whether an earlier device of FACTS is in the IOMMU group of device INDEX. */
static bool is_group_told(const struct facts *facts, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (facts->devices[i].device.iommu_group == facts->devices[index].device.iommu_group)
			return true;
	return false;
}

/* What keeps VF INDEX from every guest; what is wrong with its IOMMU group is said of the first VF in that only. */
static void ask_for_vf(struct doctor *doctor, size_t index)
{
	struct reports *reports = &doctor->plan;
	size_t first = reports->count;
	check_for_anybody(doctor->facts, &doctor->facts->devices[index], &doctor->session->records, reports);
	for (size_t i = first; i < reports->count && is_group_told(doctor->facts, index); i++)
		if (strcmp(reports->items[i].rule, "group") == 0)
			reports->items[i].rule = "group, told before";
}

/* Whether one of the document's devices is a VF of this host. */
static bool names_a_vf(const struct doctor *doctor)
{
	struct pci_address *addresses = NULL;
	size_t count = 0;
	bool any = false;
	if (request_addresses(doctor->document, &addresses, &count) < 0)
		return false;
	for (size_t i = 0; !any && i < count; i++) {
		const struct device_facts *device = facts_find(doctor->facts, addresses[i]);
		any = device && device->exists && device->pf;
	}
	free(addresses);
	return any;
}

void doctor_ask_plan(struct doctor *doctor)
{
	const struct facts *facts = doctor->facts;
	if (doctor->document) {
		ask_for_document(doctor);
		doctor->any_vf = names_a_vf(doctor);
		return;
	}
	for (size_t i = 0; i < facts->device_count; i++) {
		if (!facts->devices[i].exists || !facts->devices[i].pf)
			continue;
		ask_for_vf(doctor, i);
		doctor->any_vf = true;
	}
}

void doctor_memlock(const struct doctor *doctor, struct reports *reports)
{
	struct rlimit limit;
	uint64_t memory = 0;
	if (!doctor->live || getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return;
	if (doctor->document)
		request_memory(doctor->document, &memory);
	uint64_t need = memory + MEMLOCK_EXTRA;
	if (geteuid() == 0)
		report_note(reports, NULL, "a VMM's limit of locked memory is raised as needed");
	else if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= need)
		report_note(reports, NULL, "a VMM of this user may lock enough memory");
	else
		report_hint(report_warning(reports, REPORT_DENIED, NULL,
					   "a VMM of this user may lock %llu MiB of memory, and needs %llu MiB%s",
					   (unsigned long long)limit.rlim_max >> 20,
					   (unsigned long long)need >> 20, memory ? "" : " and the guest's"),
			    "LimitMEMLOCK= in its systemd unit, or memlock in /etc/security/limits.conf");
}
