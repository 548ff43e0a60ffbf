/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/step.h"

#include <assert.h>
#include <stdio.h>

#include "base/cleanup.h"

static const bool changes[] = {
	[STEP_LOAD] = false,    [STEP_VF_SET] = true,  [STEP_PORT] = true,       [STEP_VF_CHECK] = false,
	[STEP_OVERRIDE] = true, [STEP_UNBIND] = true,  [STEP_BIND] = true,       [STEP_GROUP_NODE] = false,
	[STEP_CLOSED] = false,  [STEP_NETDEV] = false, [STEP_NETDEV_SET] = true,
};

static_assert(ARRAY_SIZE(changes) == STEP_KIND_COUNT, "each kind of step has an entry");

bool step_changes(enum step_kind kind)
{
	return changes[kind];
}

enum step_kind step_setting(enum setting setting)
{
	return setting == SETTING_PORT ? STEP_PORT : STEP_VF_SET;
}

void step_add(struct device_plan *plan, enum step_kind kind, enum setting setting, struct value to)
{
	assert(plan->step_count < STEPS_MAX);
	struct step *step = &plan->steps[plan->step_count++];
	*step = (struct step){ .kind = kind, .setting = setting, .to = to };
	if (setting == SETTING_COUNT)
		return;
	/* The value before is what the step before left there, else what was found. */
	step->from = plan->before.of[setting];
	for (struct step *earlier = plan->steps; earlier < step; earlier++)
		if (earlier->setting == setting)
			step->from = earlier->to;
}

char *step_text(const struct device_plan *plan, const struct step *step)
{
	char *text = NULL;
	int n = -1;
	switch (step->kind) {
	case STEP_LOAD:
		n = asprintf(&text, "have driver %s loaded", step->to.name);
		break;
	case STEP_VF_SET:
		n = asprintf(&text, "set %s through PF %s vf %u", setting_word(step->setting),
			     pci_text(plan->pf).s, plan->vf_index);
		break;
	case STEP_PORT:
		n = asprintf(&text,
			     step->to.port.kind == PORT_KIND_NONE ?
				     "tell the switch that PF %s vf %u needs its port profile no more" :
				     "ask the switch for the port profile of PF %s vf %u",
			     pci_text(plan->pf).s, plan->vf_index);
		break;
	case STEP_VF_CHECK:
		n = asprintf(&text, "make sure that PF %s vf %u took them", pci_text(plan->pf).s,
			     plan->vf_index);
		break;
	case STEP_OVERRIDE:
		n = asprintf(&text, "set driver_override");
		break;
	case STEP_UNBIND:
		n = asprintf(&text, "take it from its driver");
		break;
	case STEP_BIND:
		n = asprintf(&text, "bind it to driver %s", step->to.name);
		break;
	case STEP_GROUP_NODE:
		n = asprintf(&text, "wait for /dev/vfio/%d", plan->iommu_group);
		break;
	case STEP_CLOSED:
		n = asprintf(&text, "make sure that nobody uses /dev/vfio/%d", plan->iommu_group);
		break;
	case STEP_NETDEV:
		n = asprintf(&text, "wait for its network interface");
		break;
	case STEP_NETDEV_SET:
		n = asprintf(&text, "set %s", setting_word(step->setting));
		break;
	case STEP_KIND_COUNT:
		break;
	}
	return n < 0 ? NULL : text;
}
