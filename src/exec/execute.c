/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exec/execute.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "exec/wait.h"
#include "kernel/module.h"
#include "kernel/netdev.h"
#include "kernel/pci.h"
#include "kernel/vf.h"
#include "kernel/vfio.h"

/* One step being done. */
struct action {
	struct executor *executor;
	const struct device_plan *plan;
	const struct step *step;
	struct kernel_words words;
	struct reports *reports;
	bool reported; /* the failure has its report already */
};

static int do_load(struct action *action)
{
	return module_load_driver(action->executor->kernel, action->step->to.name);
}

/* Drivers that are being reset say EAGAIN or EBUSY: the same message is right a moment later. */
static bool is_try_again(int r)
{
	return r == -EAGAIN || r == -EBUSY;
}

static int do_vf_set(struct action *action)
{
	struct vf_target target = { action->plan->pf_ifindex, action->plan->vf_index };
	struct wait wait = wait_start(action->executor->timeout_ms);
	if (target.ifindex == 0)
		return -ENODEV;
	int r;
	do
		r = vf_set(action->executor->kernel, target, action->step->setting, &action->step->to, &action->words);
	while (is_try_again(r) && wait_again(&wait));
	return r;
}

static int do_override(struct action *action)
{
	return pci_set_override(action->executor->kernel, action->plan->address, action->step->to.name);
}

static int do_unbind(struct action *action)
{
	int r = pci_unbind(action->executor->kernel, action->plan->address);
	/* Now nobody can open the group any more. */
	cleanup_close_at(&action->executor->group);
	action->executor->group = -1;
	return r == -ENODEV ? 0 : r;
}

static int do_bind(struct action *action)
{
	struct pci_device device;
	const char *driver = action->step->to.name;
	int r = pci_probe(action->executor->kernel, action->plan->address);
	if (r < 0)
		return r;
	r = pci_read(action->executor->kernel, action->plan->address, &device);
	if (r < 0 || strcmp(device.driver, driver) == 0)
		return r;
	struct pci_text name = pci_text(action->plan->address);
	report_hint(report_error(action->reports, REPORT_HOST, name.s, "driver %s did not take %s", driver, name.s),
		    "dmesg says why a driver refuses a device");
	action->reported = true;
	return -ENODEV;
}

static int do_group_node(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	while (!vfio_group_exists(action->executor->kernel, action->plan->iommu_group))
		if (!wait_again(&wait))
			return -ETIMEDOUT;
	return 0;
}

static void report_held(struct action *action)
{
	struct pci_text name = pci_text(action->plan->address);
	int group = action->plan->iommu_group;
	struct vfio_holder holder = { 0 };
	vfio_group_holder(action->executor->kernel, group, &holder);
	if (holder.pid)
		report_hint(report_error(action->reports, REPORT_BUSY, name.s,
					 "%s is in use: process %d (%s) has /dev/vfio/%d open", name.s, holder.pid,
					 holder.name, group),
			    "end that process, or take the device out of its guest, first");
	else
		report_hint(report_error(action->reports, REPORT_BUSY, name.s,
					 "%s is in use: a process that is not visible from here has /dev/vfio/%d open",
					 name.s, group),
			    "look for it in the host's PID namespace: fuser /dev/vfio/%d", group);
	action->reported = true;
}

/* Writing "unbind" to a device that is held would block, and have QEMU asked to unplug it. */
static int do_closed(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	int fd;
	do
		fd = vfio_group_open(action->executor->kernel, action->plan->iommu_group);
	while (fd == -EBUSY && wait_again(&wait));
	if (fd == -EBUSY) {
		action->executor->held = true;
		report_held(action);
	}
	if (fd < 0)
		return fd;
	action->executor->group = fd;
	return 0;
}

/* The VF's netdev as it is now: -ENODEV when it has none. */
static int find_netdev(struct action *action, struct netdev *ret)
{
	cleanup_free struct netdev *netdevs = NULL;
	size_t count = 0;
	int r = netdev_list(action->executor->kernel, action->plan->address, &netdevs, &count);
	if (r < 0)
		return r;
	if (count == 0)
		return -ENODEV;
	*ret = netdevs[0];
	return 0;
}

static int do_netdev(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	struct netdev netdev;
	int r;
	do {
		r = find_netdev(action, &netdev);
		if (r == 0 && netdev_udev_settled(action->executor->kernel, netdev.ifindex))
			return 0;
	} while ((r == 0 || r == -ENODEV) && wait_again(&wait));
	/* A netdev that udev does not come to is set all the same: what udev then changes shows when it is read back. */
	return r == -ENODEV ? -ETIMEDOUT : r;
}

static struct value netdev_value(const struct netdev *netdev, enum setting setting)
{
	switch (setting) {
	case SETTING_NETDEV_MAC:
		return value_mac(netdev->mac);
	case SETTING_NETDEV_MTU:
		return value_number(netdev->mtu);
	case SETTING_NETDEV_NAME:
		return value_name(netdev->name);
	case SETTING_NETDEV_UP:
		return value_flag(netdev->up);
	default:
		return (struct value){ 0 };
	}
}

static int do_netdev_set(struct action *action)
{
	const struct step *step = action->step;
	struct netdev netdev;
	int r = find_netdev(action, &netdev);
	if (r < 0)
		return r;
	struct value now = netdev_value(&netdev, step->setting);
	if (value_equal(step->setting, &now, &step->to))
		return 0;
	return netdev_set(action->executor->kernel, netdev.ifindex, step->setting, &step->to, &action->words);
}

static int (*const doers[])(struct action *) = {
	[STEP_LOAD] = do_load,		   [STEP_VF_SET] = do_vf_set, [STEP_OVERRIDE] = do_override,
	[STEP_UNBIND] = do_unbind,	   [STEP_BIND] = do_bind,     [STEP_GROUP_NODE] = do_group_node,
	[STEP_CLOSED] = do_closed,	   [STEP_NETDEV] = do_netdev, [STEP_NETDEV_SET] = do_netdev_set,
};

static_assert(ARRAY_SIZE(doers) == STEP_KIND_COUNT, "each kind of step can be done");

/* "cannot set VLAN through PF 0000:01:00.0 vf 1 to 42". */
static void report_step(const struct action *action, int error)
{
	const struct step *step = action->step;
	struct pci_text name = pci_text(action->plan->address);
	cleanup_free char *text = step_text(action->plan, step);
	bool set = step->kind == STEP_VF_SET || step->kind == STEP_OVERRIDE || step->kind == STEP_NETDEV_SET;
	enum report_class class = error == -EPERM || error == -EACCES ? REPORT_DENIED :
				  error == -ETIMEDOUT		      ? REPORT_TIMEOUT :
									REPORT_HOST;
	struct report *report =
		report_error(action->reports, class, name.s, "%s: cannot %s%s%s", name.s, text ? text : "do a step",
			     set ? " to " : "", set ? value_show(step->setting, &step->to).s : "");
	report_cause(report, error, action->words.s);
	if (class == REPORT_DENIED)
		report_hint(report, "run it as root, or with CAP_NET_ADMIN and write access to sysfs");
}

static void log_step(const struct action *action, int result)
{
	const struct step *step = action->step;
	cleanup_free char *text = step_text(action->plan, step);
	bool sets = step->setting != SETTING_COUNT;
	log_debug(&action->executor->log, "%s: %s%s%s: %s", pci_text(action->plan->address).s, text ? text : "",
		  sets ? ": " : "", sets ? value_show(step->setting, &step->to).s : "",
		  result < 0 ? strerror(-result) : "done");
}

static void report_intent(const struct action *action, int error)
{
	struct pci_text name = pci_text(action->plan->address);
	report_cause(report_error(action->reports, REPORT_HOST, name.s, "cannot write to the record of %s", name.s), error,
		     NULL);
}

static int execute_step(struct action *action, struct record *record)
{
	const struct step *step = action->step;
	if (record && step_changes(step->kind)) {
		int r = store_intent(action->executor->store, record, step->setting);
		if (r < 0) {
			report_intent(action, r);
			return r;
		}
	}
	int r = doers[step->kind](action);
	log_step(action, r);
	if (r < 0 && !action->reported)
		report_step(action, r);
	return r;
}

int execute(struct executor *executor, const struct device_plan *plan, struct record *record,
	    struct reports *reports)
{
	int r = 0;
	executor->held = false;
	for (size_t i = 0; r == 0 && i < plan->step_count; i++) {
		struct action action = { executor, plan, &plan->steps[i], { "" }, reports, false };
		r = execute_step(&action, record);
	}
	cleanup_close_at(&executor->group);
	executor->group = -1;
	return r;
}
