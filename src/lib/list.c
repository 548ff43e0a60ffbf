/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vfassign.h>

#include "facts/facts.h"
#include "lib/result.h"
#include "lib/session.h"
#include "plan/plan.h"

static void show_pf(struct vfassign_result *result, const struct pf_facts *pf)
{
	result->pfs[result->pf_count++] = (struct vfassign_pf){
		.address = result_text(result, pci_text(pf->device.address).s),
		.driver = result_text(result, pf->device.driver),
		.netdev = pf->netdev.ifindex ? result_text(result, pf->netdev.name) : NULL,
		.up = pf->netdev.up,
		.num_vfs = pf->device.num_vfs,
		.total_vfs = pf->device.total_vfs,
		.switchdev = pf->switchdev,
	};
	if (pf->vfs_error)
		plan_unreadable(report_warning(&result->reports, REPORT_HOST, pci_text(pf->device.address).s,
					       "cannot read the VF settings of PF %s (%s)",
					       pci_text(pf->device.address).s, pf->netdev.name),
				pf);
}

/* The settings of DEVICE that its PF reports, as it reports them: its own MAC is shown, too. */
static void show_settings(struct vfassign_result *result, const struct device_facts *device,
			  struct vfassign_vf *vf)
{
	static const struct value absent = { 0 };
	struct vfassign_setting *settings = result_array(result, PART_COUNT, sizeof(*settings));
	for (enum setting_part part = 0; settings && part < PART_COUNT; part++) {
		const struct vf_report *report = device->report;
		const struct value *value = report ? &report->settings.of[part_setting(part)] : &absent;
		/* All but a few drivers have none. */
		if (part == PART_PORT && !value->present)
			continue;
		settings[vf->setting_count++] = (struct vfassign_setting){
			.key = part_key(part),
			.word = part_word(part),
			.value = result_text(result, part_show(part, value).s),
		};
	}
	vf->settings = settings;
}

static void show_record(struct session *session, const struct record *record, bool stale, struct vfassign_vf *vf)
{
	struct vfassign_result *result = session->result;
	vf->state = stale ? "stale" : record_state(record);
	vf->guest = result_text(result, record->guest);
	vf->assignment = result_text(result, uuid_text(record->assignment).s);
	vf->owner = record->owner.pid;
	vf->owner_alive = session_owner_alive(session, record->owner);
	vf->reason = result_text(result, record->dirty);
}

/* What somebody else has changed since DEVICE was given out. */
static void show_drift(struct vfassign_result *result, const struct record *record,
		       const struct device_facts *device, struct vfassign_vf *vf)
{
	enum setting settings[SETTING_COUNT];
	size_t count = plan_drift(record, device, settings);
	struct vfassign_drift *drift = count ? result_array(result, count, sizeof(*drift)) : NULL;
	for (size_t i = 0; drift && i < count; i++) {
		enum setting setting = settings[i];
		drift[vf->drift_count++] = (struct vfassign_drift){
			.key = setting_key(setting),
			.word = setting_word(setting),
			.recorded = result_text(result, value_show(setting, &record->after.of[setting]).s),
			.now = result_text(result, value_show(setting, &device->settings.of[setting]).s),
		};
	}
	vf->drift = drift;
}

static size_t pf_index(const struct facts *facts, const struct pf_facts *pf)
{
	size_t i = 0;
	while (i < facts->pf_count && facts->pfs[i] != pf)
		i++;
	return i;
}

static void show_vf(struct session *session, const struct facts *facts, const struct device_facts *device)
{
	struct vfassign_result *result = session->result;
	struct vfassign_vf *vf = &result->vfs[result->vf_count++];
	*vf = (struct vfassign_vf){
		.address = result_text(result, pci_text(device->address).s),
		.pf = pf_index(facts, device->pf),
		.vf_index = device->vf_index,
		.driver = result_text(result, device->device.driver),
		.iommu_group = device->device.iommu_group,
		.netdev = device->netdev.ifindex ? result_text(result, device->netdev.name) : NULL,
		.representor = result_text(result, device->representor),
		.state = session->records_hidden || session->records.unreadable ? "unknown" : "free",
	};
	show_settings(result, device, vf);
	const struct record *record = record_list_find(&session->records, device->address);
	if (!record)
		return;
	bool stale = !plan_same_device(record, device, facts->boot_id);
	show_record(session, record, stale, vf);
	if (!stale)
		show_drift(result, record, device, vf);
}

/* Records of VFs that are no longer there would be forgotten otherwise. */
static void warn_of_vanished(struct session *session, const struct facts *facts)
{
	for (size_t i = 0; i < session->records.count; i++) {
		const struct record *record = session->records.items[i];
		struct pci_text name = pci_text(record->address);
		const struct device_facts *device = facts_find(facts, record->address);
		if (device && plan_same_device(record, device, facts->boot_id))
			continue;
		report_hint(report_warning(session->reports, REPORT_DEVICE_MISSING, name.s,
					   "%s, on record for guest %s, is gone or was re-created", name.s,
					   record->guest),
			    "vfassign recover drops its record");
	}
}

static int show_host(struct session *session, const struct facts *facts)
{
	struct vfassign_result *result = session->result;
	result->pfs = result_array(result, facts->pf_count, sizeof(*result->pfs));
	result->vfs = result_array(result, facts->device_count, sizeof(*result->vfs));
	if (!result->pfs || !result->vfs)
		return -ENOMEM;
	for (size_t i = 0; i < facts->pf_count; i++)
		show_pf(result, facts->pfs[i]);
	for (size_t i = 0; i < facts->device_count; i++)
		if (facts->devices[i].pf)
			show_vf(session, facts, &facts->devices[i]);
	warn_of_vanished(session, facts);
	return 0;
}

int vfassign_list(struct vfassign *context, struct vfassign_result **ret)
{
	struct vfassign_result *result = result_new();
	struct session session = session_new(context, result);
	struct facts *facts = NULL;
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	int r = session_look(&session);
	if (r == 0)
		r = facts_read_host(session.kernel, FACTS_BRIEF, &facts);
	if (r == 0)
		r = show_host(&session, facts);
	facts_free(facts);
	session_done(&session);
	return result_finish(result, r, ret);
}
