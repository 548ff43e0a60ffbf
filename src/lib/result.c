/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vfassign.h>

#include "base/cleanup.h"
#include "lib/result.h"
#include "lib/session.h"
#include "plan/record.h"
#include "plan/step.h"

static_assert((int)VFASSIGN_PENDING == (int)REPORT_PENDING &&
		      (int)VFASSIGN_PENDING + 1 == (int)REPORT_CLASS_COUNT,
	      "the public classes are the internal ones");
static_assert((int)VFASSIGN_NOTE == (int)REPORT_NOTE, "the public severities are the internal ones");

const char *vfassign_class_name(enum vfassign_class class_)
{
	return report_class_name((enum report_class)class_);
}

const char *vfassign_class_text(enum vfassign_class class_)
{
	return report_class_text((enum report_class)class_);
}

struct vfassign_result *result_new(void)
{
	return calloc(1, sizeof(struct vfassign_result));
}

struct session session_new(struct vfassign *context, struct vfassign_result *result)
{
	return (struct session){
		.context = context,
		.result = result,
		.reports = result ? &result->reports : NULL,
	};
}

void vfassign_result_free(struct vfassign_result *result)
{
	if (!result)
		return;
	reports_done(&result->reports);
	free(result->shown);
	for (size_t i = 0; i < result->owned_count; i++)
		free(result->owned[i]);
	free(result->owned);
	free(result);
}

/* Remembers to free P with RESULT; frees it at once where even that has no memory. */
static void *own(struct vfassign_result *result, void *p)
{
	void **owned = reallocarray(result->owned, result->owned_count + 1, sizeof(void *));
	if (!owned) {
		free(p);
		return NULL;
	}
	result->owned = owned;
	owned[result->owned_count++] = p;
	return p;
}

const char *result_own(struct vfassign_result *result, char *text)
{
	const char *kept = text ? own(result, text) : NULL;
	return kept ? kept : "";
}

const char *result_text(struct vfassign_result *result, const char *text)
{
	return text ? result_own(result, strdup(text)) : NULL;
}

void *result_array(struct vfassign_result *result, size_t count, size_t size)
{
	void *array = calloc(count ? count : 1, size);
	return array ? own(result, array) : NULL;
}

/*
 * Fills the public form of the reports; without memory for it, there are none to see, but the exit status
 * stays.
 */
static void show_reports(struct vfassign_result *result)
{
	free(result->shown);
	result->shown = calloc(result->reports.count + 1, sizeof(*result->shown));
	for (size_t i = 0; result->shown && i < result->reports.count; i++) {
		const struct report *from = &result->reports.items[i];
		result->shown[i] = (struct vfassign_report){
			.severity = (enum vfassign_severity)from->severity,
			.class_ = (enum vfassign_class)from->class,
			.message = from->message ? from->message : "out of memory",
			.object = from->object,
			.errnum = from->errnum,
			.kernel = from->kernel,
			.hint = from->hint,
		};
	}
}

int result_finish(struct vfassign_result *result, int r, struct vfassign_result **ret)
{
	if (r < 0 && result->reports.errors == 0)
		report_cause(report_error(&result->reports, REPORT_HOST, NULL, "%s", strerror(-r)), r, NULL);
	if (r == 0 && result->reports.errors > 0)
		r = -EINVAL;
	show_reports(result);
	*ret = result;
	return r;
}

size_t vfassign_result_reports(const struct vfassign_result *result, const struct vfassign_report **ret)
{
	*ret = result->shown;
	return result->shown ? result->reports.count : 0;
}

int vfassign_result_exit(const struct vfassign_result *result)
{
	int exit = reports_exit(&result->reports), unready = report_class_exit(REPORT_HOST_UNREADY);
	for (size_t i = 0; i < result->check_count; i++)
		if (result->checks[i].status == VFASSIGN_FAIL && exit < unready)
			exit = unready;
	return exit;
}

int vfassign_result_status(const struct vfassign_result *result)
{
	return result->status;
}

const char *vfassign_result_assignment(const struct vfassign_result *result)
{
	return result->assignment;
}

const char *vfassign_result_guest(const struct vfassign_result *result)
{
	return result->guest;
}

size_t vfassign_result_devices(const struct vfassign_result *result, const struct vfassign_device **ret)
{
	*ret = result->devices;
	return result->device_count;
}

size_t vfassign_result_steps(const struct vfassign_result *result, const struct vfassign_step **ret)
{
	*ret = result->steps;
	return result->step_count;
}

size_t vfassign_result_pfs(const struct vfassign_result *result, const struct vfassign_pf **ret)
{
	*ret = result->pfs;
	return result->pf_count;
}

size_t vfassign_result_vfs(const struct vfassign_result *result, const struct vfassign_vf **ret)
{
	*ret = result->vfs;
	return result->vf_count;
}

size_t vfassign_result_checks(const struct vfassign_result *result, const struct vfassign_check **ret)
{
	*ret = result->checks;
	return result->check_count;
}

size_t vfassign_result_arguments(const struct vfassign_result *result, const char *const **ret)
{
	*ret = result->arguments;
	return result->argument_count;
}

/* Appends DEVICE to the devices of RESULT. */
static void add_device(struct vfassign_result *result, struct vfassign_device device)
{
	struct vfassign_device *devices = result_array(result, result->device_count + 1, sizeof(*devices));
	if (!devices)
		return;
	if (result->device_count)
		memcpy(devices, result->devices, result->device_count * sizeof(*devices));
	devices[result->device_count++] = device;
	result->devices = devices;
}

/* The value of SETTING in SETTINGS, for people. */
static const char *shown_value(struct vfassign_result *result, const struct settings *settings,
			       enum setting setting)
{
	return result_text(result, value_show(setting, &settings->of[setting]).s);
}

void result_add_prepared(struct vfassign_result *result, const struct device_plan *plan, char *qemu)
{
	char node[32];
	snprintf(node, sizeof(node), "/dev/vfio/%d", plan->iommu_group);
	const struct settings *driver = plan->after.of[SETTING_DRIVER].present ? &plan->after : &plan->before;
	const struct settings *vlan = plan->after.of[SETTING_VLAN].present ? &plan->after : &plan->before;
	add_device(result, (struct vfassign_device){
				   .address = result_text(result, pci_text(plan->address).s),
				   .pf = result_text(result, pci_text(plan->pf).s),
				   .vf_index = plan->vf_index,
				   .driver = result_text(result, driver->of[SETTING_DRIVER].name),
				   .iommu_group = plan->iommu_group,
				   .node = result_text(result, node),
				   .mac = shown_value(result, &plan->after, SETTING_MAC),
				   .vlan = shown_value(result, vlan, SETTING_VLAN),
				   .qemu = result_own(result, qemu),
			   });
}

void result_add_released(struct vfassign_result *result, const struct record *record)
{
	add_device(result, (struct vfassign_device){
				   .address = result_text(result, pci_text(record->address).s),
				   .pf = result_text(result, pci_text(record->pf).s),
				   .vf_index = record->vf_index,
				   .driver = result_text(result, record->before.of[SETTING_DRIVER].name),
				   .iommu_group = record->iommu_group,
				   .mac = shown_value(result, &record->before, SETTING_MAC),
				   .vlan = shown_value(result, &record->before, SETTING_VLAN),
			   });
}
