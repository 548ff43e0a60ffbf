/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What doctor looks at among the records. */

#include "facts/facts.h"
#include "lib/doctor.h"
#include "lib/session.h"
#include "plan/plan.h"

void doctor_records(const struct doctor *doctor, struct reports *reports)
{
	const struct session *session = doctor->session;
	if (session->records_hidden)
		report_hint(report_warning(reports, REPORT_DENIED, NULL,
					   "whether VFs are on record cannot be seen by this user"),
			    "run it as root");
	else if (session->records.unreadable)
		report_hint(report_error(reports, REPORT_HOST, NULL, "%zu record(s) cannot be read",
					 session->records.unreadable),
			    "vfassign recover tells which, and why");
	else
		report_note(reports, NULL, "VFs on record: %zu", session->records.count);
}

/* Why RECORD is not what a living guest has; NULL when it is. */
static const char *why_left(const struct doctor *doctor, const struct record *record)
{
	const struct device_facts *device = facts_find(doctor->facts, record->address);
	if (!device || !plan_same_device(record, device, doctor->facts->boot_id))
		return "is gone or was re-created";
	if (record->dirty)
		return "could not be given back";
	if (!record->committed)
		return "is being prepared, or was left half-way";
	if (record->owner.pid && !session_owner_alive(doctor->session, record->owner))
		return "belongs to a process that is gone";
	return NULL;
}

void doctor_left(const struct doctor *doctor, struct reports *reports)
{
	const struct record_list *records = &doctor->session->records;
	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = records->items[i];
		struct pci_text name = pci_text(record->address);
		const char *why = why_left(doctor, record);
		__typeof__(report_error) *tell = record->dirty ? report_error : report_warning;
		if (why)
			report_hint(tell(reports, REPORT_DIRTY, name.s, "%s, on record for guest %s, %s%s%s",
					 name.s, record->guest, why, record->dirty ? ": " : "",
					 record->dirty ? record->dirty : ""),
				    "vfassign recover");
	}
}

void doctor_drift(const struct doctor *doctor, struct reports *reports)
{
	const struct record_list *records = &doctor->session->records;
	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = records->items[i];
		const struct device_facts *device = facts_find(doctor->facts, record->address);
		struct pci_text name = pci_text(record->address);
		enum setting drift[SETTING_COUNT];
		size_t count = why_left(doctor, record) ? 0 : plan_drift(record, device, drift);
		for (size_t k = 0; k < count; k++)
			report_hint(report_warning(reports, REPORT_HOST, name.s,
						   "%s of guest %s has drifted: %s is %s, not %s", name.s,
						   record->guest, setting_word(drift[k]),
						   value_show(drift[k], &device->settings.of[drift[k]]).s,
						   value_show(drift[k], &record->after.of[drift[k]]).s),
				    "find out who set it (ip link); vfassign release and prepare set it anew");
	}
}
