/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "facts/facts.h"
#include "model/document.h"
#include "plan/check.h"
#include "plan/derive.h"
#include "plan/plan.h"
#include "plan/port.h"
#include "plan/step.h"

/* The driver that is bound where neither the document nor the host names one. */
#define DRIVER_DEFAULT "vfio-pci"

void plan_done(struct plan *plan)
{
	free(plan->devices);
	*plan = (struct plan){ 0 };
}

static void plan_done_at(struct plan *plan)
{
	plan_done(plan);
}

/* Whether a VF that the snapshot knows, another device of the document, or one planned earlier, has MAC. */
static bool mac_is_taken(const struct document *document, const struct facts *facts, const struct plan *plan,
			 struct mac mac)
{
	for (size_t i = 0; i < facts->pf_count; i++)
		for (size_t k = 0; k < facts->pfs[i]->vf_count; k++)
			if (mac_equal(facts->pfs[i]->vfs[k].settings.of[SETTING_MAC].mac, mac))
				return true;
	for (size_t i = 0; i < document->interface_count; i++)
		if (mac_equal(document->interfaces[i].settings.of[SETTING_MAC].mac, mac))
			return true;
	for (size_t i = 0; i < plan->count; i++)
		if (mac_equal(plan->devices[i].after.of[SETTING_MAC].mac, mac))
			return true;
	return false;
}

/*
 * A VF that has the derived MAC already has it from an earlier run of this guest: that one does not count as
 * taken.
 */
static struct value derive_mac(const struct prepare_request *request, const struct facts *facts,
			       const struct plan *plan, const struct device_facts *device)
{
	struct mac mac = mac_derive(*request->machine_id, request->guest, device->address, 0);
	struct mac has = device->report->settings.of[SETTING_MAC].mac;
	for (unsigned attempt = 1; !mac_equal(mac, has) && mac_is_taken(request->document, facts, plan, mac);
	     attempt++)
		mac = mac_derive(*request->machine_id, request->guest, device->address, attempt);
	return value_mac(mac);
}

/* Of two rates that go with one message, the one that nobody asked for stays what it is. */
static struct value wanted_rate(const struct interface *interface, const struct value *is)
{
	const struct number *min = &interface->wish.min_tx_rate, *max = &interface->wish.max_tx_rate;
	struct rate rate = is->present ? is->rate : (struct rate){ 0 };
	if (min->present)
		rate.min = (uint32_t)min->value;
	if (max->present)
		rate.max = (uint32_t)max->value;
	return (struct value){ .present = min->present || max->present, .rate = rate };
}

/*
 * The driver for a device: the one that the document names; the VFIO driver that the device is on already; the one that is meant
 * most closely for it.
 */
static const char *choose_driver(const struct interface *interface, const struct device_facts *device)
{
	if (interface->driver_model[0])
		return interface->driver_model;
	if (device->device.vfio)
		return device->device.driver;
	return device->pf->driver_count ? device->pf->drivers[0].name : DRIVER_DEFAULT;
}

/*
 * What the guest is to find: what the document says, and the two things that are always meant
 * (docs/ARCHITECTURE.md).
 */
static void wanted_settings(const struct prepare_request *request, const struct facts *facts, struct plan *plan,
			    const struct interface *interface, const struct device_facts *device)
{
	struct device_plan *to = &plan->devices[plan->count];
	to->after = interface->settings;
	to->after.of[SETTING_RATE] = wanted_rate(interface, &to->before.of[SETTING_RATE]);
	if (!to->after.of[SETTING_MAC].present)
		to->after.of[SETTING_MAC] = derive_mac(request, facts, plan, device);
	if (!to->after.of[SETTING_VLAN].present && to->before.of[SETTING_VLAN].present)
		to->after.of[SETTING_VLAN] = value_vlan((struct vlan){ .proto = VLAN_PROTO_8021Q });
	to->after.of[SETTING_PORT] = port_wanted(request, interface);
	if (!interface->managed)
		return;
	to->after.of[SETTING_DRIVER] = value_name(choose_driver(interface, device));
}

static void network_steps(struct device_plan *plan)
{
	for (size_t i = 0; i < ARRAY_SIZE(setting_order); i++) {
		enum setting setting = setting_order[i];
		const struct value *wanted = &plan->after.of[setting];
		bool same = value_equal(setting, &plan->before.of[setting], wanted);
		if (wanted->present && (!same || setting == SETTING_MAC))
			step_add(plan, step_setting(setting), setting, *wanted);
	}
}

/* A device that leaves one VFIO driver for another must not be open either. */
static void driver_steps(struct device_plan *plan, bool on_vfio)
{
	const struct value *driver = &plan->after.of[SETTING_DRIVER];
	const struct value *bound = &plan->before.of[SETTING_DRIVER];
	if (!driver->present || value_equal(SETTING_DRIVER, bound, driver))
		return;
	if (on_vfio)
		step_add(plan, STEP_CLOSED, SETTING_COUNT, (struct value){ 0 });
	step_add(plan, STEP_OVERRIDE, SETTING_OVERRIDE, *driver);
	if (bound->name[0])
		step_add(plan, STEP_UNBIND, SETTING_DRIVER, value_name(""));
	step_add(plan, STEP_BIND, SETTING_DRIVER, *driver);
}

/* A request that failed, or hangs, is nothing to come back to. */
static void forget_failed_port(struct value *port)
{
	if (port->present && port->port.response != PORT_SUCCESS)
		*port = value_port((struct port){ .kind = PORT_KIND_NONE });
}

static void plan_device(const struct prepare_request *request, const struct facts *facts, struct plan *plan,
			const struct interface *interface)
{
	const struct device_facts *device = facts_find(facts, interface->host);
	struct device_plan *to = &plan->devices[plan->count];
	*to = (struct device_plan){
		.address = device->address,
		.inode = device->device.inode,
		.pf = device->pf->device.address,
		.pf_ifindex = device->pf->netdev.ifindex,
		.vf_index = device->vf_index,
		.iommu_group = device->device.iommu_group,
		.before = device->settings,
	};
	forget_failed_port(&to->before.of[SETTING_PORT]);
	wanted_settings(request, facts, plan, interface, device);
	const struct value *driver = &to->after.of[SETTING_DRIVER];
	if (driver->present && !value_equal(SETTING_DRIVER, &to->before.of[SETTING_DRIVER], driver))
		step_add(to, STEP_LOAD, SETTING_COUNT, *driver);
	network_steps(to);
	driver_steps(to, device->device.vfio);
	step_add(to, STEP_GROUP_NODE, SETTING_COUNT, (struct value){ 0 });
	plan->count++;
}

int plan_prepare(const struct prepare_request *request, const struct facts *facts, struct plan *ret,
		 struct reports *reports)
{
	const struct document *document = request->document;
	int r = check_document(document, reports);
	for (size_t i = 0; i < document->interface_count; i++)
		if (document->interfaces[i].source == SOURCE_PCI &&
		    check_interface(request, facts, &document->interfaces[i], reports) < 0)
			r = -EINVAL;
	if (r < 0)
		return r;
	cleanup(plan_done_at) struct plan plan = {
		.boot_id = facts->boot_id,
		.devices = calloc(document->interface_count, sizeof(*plan.devices)),
	};
	if (!plan.devices)
		return -ENOMEM;
	for (size_t i = 0; i < document->interface_count; i++)
		plan_device(request, facts, &plan, &document->interfaces[i]);
	*ret = plan;
	plan.devices = NULL;
	return 0;
}
