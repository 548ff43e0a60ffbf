/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "facts/facts.h"
#include "plan/plan.h"
#include "plan/record.h"
#include "plan/step.h"

bool plan_same_device(const struct record *record, const struct device_facts *now, struct uuid boot_id)
{
	return uuid_equal(record->boot_id, boot_id) && now->exists && now->device.inode == record->inode;
}

/*
 * Whether the VF's driver took no MAC back, so that the PF now has that of the VF's netdev for it (see
 * exec/network.c): as close to none as it gets, until the VF is created anew.
 */
static bool is_mac_stuck(const struct record *record, const struct settings *now)
{
	const struct value *admin = &record->before.of[SETTING_MAC];
	const struct value *own = &record->before.of[SETTING_NETDEV_MAC];
	return record->touched[SETTING_MAC] && admin->present && mac_is_zero(admin->mac) && own->present &&
	       now->of[SETTING_NETDEV_MAC].present && value_equal(SETTING_MAC, &now->of[SETTING_MAC], own);
}

/* Whether SETTING was touched and is not what it was. */
static bool must_restore(const struct record *record, const struct settings *now, enum setting setting)
{
	return record->touched[setting] && record->before.of[setting].present &&
	       !value_equal(setting, &now->of[setting], &record->before.of[setting]) &&
	       !(setting == SETTING_MAC && is_mac_stuck(record, now));
}

static bool any_network_change(const struct record *record, const struct settings *now)
{
	for (enum setting setting = 0; setting <= SETTING_VF_LAST; setting++)
		if (must_restore(record, now, setting))
			return true;
	return false;
}

/* How an administrator's MAC comes back, which drivers make difficult while there is a netdev. */
struct way {
	/*
	 * The netdev had another MAC than the administrator's, and has to get it again. Drivers refuse that under
	 * an admin MAC (igb: EADDRNOTAVAIL): so there is none at first, and it is set last.
	 */
	bool mac_last;
	/*
	 * The host driver took the guest's MAC over to its live netdev (igbvf does at once). Under an admin MAC
	 * only a new probe takes the right one.
	 */
	bool probe_again;
};

static struct way find_way(const struct record *record, const struct settings *now)
{
	const struct value *admin = &record->before.of[SETTING_MAC];
	const struct value *own = &record->before.of[SETTING_NETDEV_MAC];
	if (!record->touched[SETTING_MAC] || !admin->present || mac_is_zero(admin->mac) || !own->present ||
	    value_equal(SETTING_NETDEV_MAC, own, &now->of[SETTING_NETDEV_MAC]))
		return (struct way){ 0 };
	bool apart = !mac_equal(admin->mac, own->mac);
	return (struct way){ .mac_last = apart, .probe_again = !apart && now->of[SETTING_NETDEV_MAC].present };
}

/*
 * PF side, in the opposite order of prepare's. Under an up netdev (a prepare that never came to the driver) a
 * change of the VF's MAC would cut the host's traffic until the next down and up: it goes down first, and up
 * again with the other settings of the netdev. No host driver is let near the VF before the PF says that it
 * took all of it.
 */
static void network_steps(const struct record *record, const struct settings *now, struct way way,
			  struct device_plan *to)
{
	if (!any_network_change(record, now) && !way.mac_last)
		return;
	if (now->of[SETTING_NETDEV_UP].present && now->of[SETTING_NETDEV_UP].flag)
		step_add(to, STEP_NETDEV_SET, SETTING_NETDEV_UP, value_flag(false));
	for (size_t i = ARRAY_SIZE(setting_order); i-- > 0;) {
		enum setting setting = setting_order[i];
		if (setting == SETTING_MAC && way.mac_last)
			step_add(to, STEP_VF_SET, SETTING_MAC, value_mac((struct mac){ 0 }));
		else if (must_restore(record, now, setting))
			step_add(to, step_setting(setting), setting, record->before.of[setting]);
	}
	step_add(to, STEP_VF_CHECK, SETTING_COUNT, (struct value){ 0 });
}

/*
 * Through driver_override, so that it works where sriov_drivers_autoprobe is 0. An originally unbound VF is
 * not probed.
 */
static void driver_steps(const struct record *record, const struct settings *now, struct way way,
			 struct device_plan *to)
{
	const struct value *original = &record->before.of[SETTING_DRIVER];
	const struct value *bound = &now->of[SETTING_DRIVER];
	const struct value *override = &record->before.of[SETTING_OVERRIDE];
	bool rebind = !value_equal(SETTING_DRIVER, bound, original) || way.probe_again;
	if (rebind && original->name[0]) {
		step_add(to, STEP_LOAD, SETTING_COUNT, *original);
		step_add(to, STEP_OVERRIDE, SETTING_OVERRIDE, *original);
	}
	if (rebind && bound->name[0])
		step_add(to, STEP_UNBIND, SETTING_DRIVER, value_name(""));
	if (rebind && original->name[0])
		step_add(to, STEP_BIND, SETTING_DRIVER, *original);
	bool moved = rebind && original->name[0];
	if (moved || !value_equal(SETTING_OVERRIDE, &now->of[SETTING_OVERRIDE], override))
		step_add(to, STEP_OVERRIDE, SETTING_OVERRIDE, *override);
}

/* Whether prepare had begun to change anything of the VF. */
static bool any_touched(const struct record *record)
{
	bool any = false;
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		any |= record->touched[setting];
	return any;
}

static bool driver_touched(const struct record *record)
{
	return record->touched[SETTING_OVERRIDE] || record->touched[SETTING_DRIVER];
}

/*
 * What may differ only because of us: the netdev goes and comes with the driver, and is set down for the PF's
 * side.
 */
static bool is_ours(const struct record *record, enum setting setting)
{
	if (setting <= SETTING_VF_LAST)
		return record->touched[setting];
	return setting <= SETTING_DRIVER ? driver_touched(record) : any_touched(record);
}

static void netdev_steps(const struct record *record, struct device_plan *to)
{
	bool lowered = false;
	for (size_t i = 0; i < to->step_count; i++)
		lowered |= to->steps[i].kind == STEP_NETDEV_SET;
	if (any_touched(record) && record->before.of[SETTING_NETDEV_NAME].present) {
		step_add(to, STEP_NETDEV, SETTING_COUNT, (struct value){ 0 });
		for (enum setting setting = SETTING_NETDEV_MAC; setting < SETTING_COUNT; setting++)
			step_add(to, STEP_NETDEV_SET, setting, record->before.of[setting]);
	} else if (lowered) {
		/* Somebody gave the VF to a host driver meanwhile: what was up there is up again. */
		step_add(to, STEP_NETDEV_SET, SETTING_NETDEV_UP, value_flag(true));
	}
}

void plan_release(const struct record *record, const struct device_facts *now, struct device_plan *ret)
{
	*ret = (struct device_plan){
		.address = record->address,
		.inode = record->inode,
		.pf = record->pf,
		.pf_ifindex = now->pf ? now->pf->netdev.ifindex : 0,
		.vf_index = record->vf_index,
		.iommu_group = now->device.iommu_group,
		.before = now->settings,
		.after = record->before,
		.restores = true,
	};
	if (now->device.vfio)
		step_add(ret, STEP_CLOSED, SETTING_COUNT, (struct value){ 0 });
	struct way way = find_way(record, &now->settings);
	network_steps(record, &now->settings, way, ret);
	if (driver_touched(record) || way.probe_again)
		driver_steps(record, &now->settings, way, ret);
	netdev_steps(record, ret);
	if (!way.mac_last)
		return;
	step_add(ret, STEP_VF_SET, SETTING_MAC, record->before.of[SETTING_MAC]);
	step_add(ret, STEP_VF_CHECK, SETTING_COUNT, (struct value){ 0 });
}

bool plan_differences(const struct record *record, const struct device_facts *now, char **ret_text)
{
	struct text_list differences = { 0 };
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
		const struct value *was = &record->before.of[setting];
		const struct value *is = &now->settings.of[setting];
		bool stuck = setting == SETTING_MAC && is_mac_stuck(record, &now->settings);
		if (is_ours(record, setting) && was->present && !value_equal(setting, was, is))
			text_list_add(&differences, "%s is %s, was %s%s", setting_word(setting),
				      value_show(setting, is).s, value_show(setting, was).s,
				      stuck ? " (its driver takes it back only when the VF is created anew)" :
					      "");
	}
	*ret_text = differences.text;
	return differences.count > 0;
}
