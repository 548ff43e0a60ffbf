/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/netdev.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "exec/action.h"
#include "exec/execute.h"
#include "exec/wait.h"
#include "plan/step.h"

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

/* Looking takes some thirty system calls: one look is enough for all settings, unless one of them does not take. */
static int keep_netdev(struct job *job, const struct netdev *netdev)
{
	job->netdev = malloc(sizeof(*netdev));
	if (!job->netdev)
		return -ENOMEM;
	*job->netdev = *netdev;
	return 0;
}

void forget_netdev(struct job *job)
{
	free(TAKE(job->netdev));
}

int do_netdev(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	struct netdev netdev;
	int r;
	forget_netdev(action->job);
	do {
		r = find_netdev(action, &netdev);
		if (r == 0 && netdev_udev_settled(action->executor->kernel, netdev.ifindex))
			return keep_netdev(action->job, &netdev);
	} while ((r == 0 || r == -ENODEV) && wait_again(&wait));
	/*
	 * A netdev that udev does not come to is set all the same: what udev then changes shows when it is
	 * read back.
	 */
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

/*
 * The kernel gives a new netdev the first name that is free, so another VF that is being given back may have
 * ours for a moment, and we may have its name: we let go of that, and try again.
 */
static void step_aside(struct action *action, const struct netdev *netdev)
{
	struct value aside = { .present = true };
	struct kernel_words words;
	snprintf(aside.name, sizeof(aside.name), "vfa%d", netdev->ifindex);
	netdev_set(action->executor->kernel, netdev->ifindex, SETTING_NETDEV_NAME, &aside, &words);
}

/* Sets what STEP says of the netdev that the VF has now, unless it has it already. */
static int set_netdev(struct action *action)
{
	const struct step *step = action->step;
	struct netdev netdev;
	int r = action->job->netdev ? 0 : find_netdev(action, &netdev);
	if (r < 0)
		return r;
	if (action->job->netdev)
		netdev = *action->job->netdev;
	struct value now = netdev_value(&netdev, step->setting);
	if (value_equal(step->setting, &now, &step->to))
		return 0;
	r = netdev_set(action->executor->kernel, netdev.ifindex, step->setting, &step->to, &action->words);
	if (r == -EEXIST && step->setting == SETTING_NETDEV_NAME)
		step_aside(action, &netdev);
	/* It may be another one by now. */
	if (r < 0)
		forget_netdev(action->job);
	return r;
}

int do_netdev_set(struct action *action)
{
	struct wait wait = wait_start(action->executor->timeout_ms);
	int r;
	do
		r = set_netdev(action);
	while ((is_try_again(r) || r == -EEXIST) && wait_again(&wait));
	return r;
}
