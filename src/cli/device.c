/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/device.h"

#include <string.h>

#include "base/cleanup.h"

bool setting_is_none(const char *value)
{
	return !value || !*value || strcmp(value, "none") == 0 || strcmp(value, "-") == 0;
}

json_t *setting_json(const char *value)
{
	return output_json_text(setting_is_none(value) ? NULL : value);
}

/* An argument that is JSON, as JSON. */
static json_t *argument_json(const char *argument)
{
	json_t *json = json_loads(argument, 0, NULL);
	return json ? json : output_json_text(argument);
}

static json_t *device_json(const struct vfassign_device *device)
{
	/*
	 * The order is part of the form; what a device has not is left out, but a driver: that it has none
	 * is news.
	 */
	json_t *json = json_pack("{s:o, s:o, s:I, s:o}", "address", output_json_text(device->address), "pf",
				 output_json_text(device->pf), "vfIndex", (json_int_t)device->vf_index,
				 "driver", setting_json(device->driver));
	int r = 0;
	if (device->iommu_group >= 0)
		r |= json_object_set_new(json, "iommuGroup", json_integer(device->iommu_group));
	if (device->node)
		r |= json_object_set_new(json, "node", output_json_text(device->node));
	if (!setting_is_none(device->mac))
		r |= json_object_set_new(json, "mac", output_json_text(device->mac));
	if (!setting_is_none(device->vlan))
		r |= json_object_set_new(json, "vlan", output_json_text(device->vlan));
	if (device->qemu)
		r |= json_object_set_new(json, "qemu", argument_json(device->qemu));
	if (r == 0)
		return json;
	json_decref(json);
	return NULL;
}

/* Sets "devices" to those of RESULT; with ONLY_PREPARED, a device that was given back is left out. */
static void set_devices(struct output *out, const struct vfassign_result *result, bool only_prepared)
{
	const struct vfassign_device *devices;
	size_t count = vfassign_result_devices(result, &devices);
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		if (devices[i].node || !only_prepared)
			output_json_append(&array, device_json(&devices[i]));
	output_set(out, "devices", array);
}

void output_devices(struct output *out, const struct vfassign_result *result)
{
	set_devices(out, result, false);
}

void output_assignment(struct output *out, const struct vfassign_result *result)
{
	output_set(out, "assignment", output_json_text(vfassign_result_assignment(result)));
	output_set(out, "guest", output_json_text(vfassign_result_guest(result)));
	set_devices(out, result, true);
}
