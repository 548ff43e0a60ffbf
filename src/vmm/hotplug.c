/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vmm/hotplug.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "vmm/qmp.h"

/* How long a guest that is busy is left alone. */
#define BUSY_MS 200

static void cleanup_json_at(json_t **json)
{
	json_decref(*json);
}

static void cleanup_reply_at(struct qmp_reply *reply)
{
	qmp_reply_done(reply);
}

/* Executes NAME, which the VMM has no reason to refuse. */
static int ask(struct qmp *qmp, const char *name, json_t *arguments, struct qmp_reply *ret,
	       struct reports *reports)
{
	int r = qmp_command(qmp, name, arguments, ret, reports);
	if (r < 0 || ret->value)
		return r;
	qmp_report_refusal(qmp, name, ret, reports);
	return -EPROTO;
}

int hotplug_guest(struct qmp *qmp, char **ret, struct reports *reports)
{
	cleanup(cleanup_reply_at) struct qmp_reply reply = { 0 };
	int r = ask(qmp, "query-name", NULL, &reply, reports);
	const char *name = r < 0 ? NULL : json_string_value(json_object_get(reply.value, "name"));
	*ret = name ? strdup(name) : NULL;
	return r;
}

/* ---- finding ---- */

static bool is_called(const json_t *device, const char *key, const char *id)
{
	const char *name = json_string_value(json_object_get(device, key));
	return name && strcmp(name, id) == 0;
}

static uint8_t part_of(const json_t *device, const char *key)
{
	return (uint8_t)json_integer_value(json_object_get(device, key));
}

/* Looks for ID among the PCI DEVICES of a bus; those behind its bridges are appended to BUSES. */
static bool find_on_bus(const json_t *devices, json_t *buses, const char *id, struct hotplug_device *ret)
{
	for (size_t i = 0; i < json_array_size(devices); i++) {
		const json_t *device = json_array_get(devices, i);
		json_t *behind = json_object_get(json_object_get(device, "pci_bridge"), "devices");
		if (is_called(device, "qdev_id", id)) {
			*ret = (struct hotplug_device){ true,
							true,
							{ 0, part_of(device, "bus"), part_of(device, "slot"),
							  part_of(device, "function") } };
			return true;
		}
		if (behind)
			json_array_append(buses, behind);
	}
	return false;
}

/* Looks for the PCI device called ID in ANSWER, that of query-pci. */
static void find_pci(const json_t *answer, const char *id, struct hotplug_device *ret)
{
	cleanup(cleanup_json_at) json_t *buses = json_array();
	for (size_t i = 0; i < json_array_size(answer); i++) {
		json_t *devices = json_object_get(json_array_get(answer, i), "devices");
		if (devices)
			json_array_append(buses, devices);
	}
	for (size_t i = 0; i < json_array_size(buses); i++)
		if (find_on_bus(json_array_get(buses, i), buses, id, ret))
			return;
}

/* query-pci does not show what is behind a bridge that the guest has not set up: the tree of objects has all devices. */
static int find_object(struct qmp *qmp, const char *id, struct hotplug_device *ret, struct reports *reports)
{
	cleanup(cleanup_json_at) json_t *arguments = json_pack("{s:s}", "path", "/machine/peripheral");
	cleanup(cleanup_reply_at) struct qmp_reply reply = { 0 };
	int r = ask(qmp, "qom-list", arguments, &reply, reports);
	for (size_t i = 0; r == 0 && i < json_array_size(reply.value); i++) {
		const json_t *item = json_array_get(reply.value, i);
		const char *type = json_string_value(json_object_get(item, "type"));
		ret->present |= is_called(item, "name", id) && type && strncmp(type, "child<", 6) == 0;
	}
	return r;
}

int hotplug_find(struct qmp *qmp, const char *id, struct hotplug_device *ret, struct reports *reports)
{
	cleanup(cleanup_reply_at) struct qmp_reply reply = { 0 };
	*ret = (struct hotplug_device){ 0 };
	int r = ask(qmp, "query-pci", NULL, &reply, reports);
	if (r == 0)
		find_pci(reply.value, id, ret);
	return r < 0 || ret->present ? r : find_object(qmp, id, ret, reports);
}

/* ---- adding ---- */

/* What helps where QEMU's words have TEXT. */
static const struct {
	const char *text;
	const char *hint;
} add_hints[] = {
	{ "does not support hotplugging",
	  "name a bus of the guest that does, by <address>: a free pcie-root-port on q35, pci.0 on pc" },
	{ "not found",
	  "name a bus that the guest has; one cannot be added while it runs: give it spare pcie-root-ports" },
	{ "already occupied", "name a free slot of the guest, or leave <address> out" },
	{ "Duplicate device ID", "give the device another alias: <alias name='ua-…'/>" },
};

static void report_add(const struct qmp *qmp, const struct qmp_reply *reply, struct reports *reports)
{
	qmp_report_refusal(qmp, "device_add", reply, reports);
	for (size_t i = 0; i < ARRAY_SIZE(add_hints); i++)
		if (strstr(reply->text, add_hints[i].text))
			report_hint(&reports->items[reports->count - 1], "%s", add_hints[i].hint);
}

int hotplug_add(struct qmp *qmp, const char *device, struct reports *reports)
{
	cleanup(cleanup_json_at) json_t *arguments = json_loads(device, 0, NULL);
	cleanup(cleanup_reply_at) struct qmp_reply reply = { 0 };
	int r = qmp_command(qmp, "device_add", arguments, &reply, reports);
	if (r < 0 || reply.value)
		return r;
	report_add(qmp, &reply, reports);
	return -EPROTO;
}

/* ---- removing ---- */

/* What device_del can come to. */
enum asked {
	ASKED,        /* the guest was asked, now or before */
	ASKED_BUSY,   /* it was not, but may be later */
	ASKED_NOBODY, /* there is no such device */
	ASKED_IN_VAIN,
};

static enum asked asked_of(const struct qmp_reply *reply)
{
	if (reply->value || strstr(reply->text, "in the process of unplug"))
		return ASKED;
	if (strcmp(reply->class, "DeviceNotFound") == 0)
		return ASKED_NOBODY;
	return strstr(reply->text, "busy") ? ASKED_BUSY : ASKED_IN_VAIN;
}

/* The end of a removal, good or bad, is an event that names the device; others of the same name are about its parts. */
static bool ends_removal(const struct qmp_match *match, const char *name, const json_t *value)
{
	bool ours = is_called(value, "device", match->data);
	return ours && (strcmp(name, "DEVICE_DELETED") == 0 || strcmp(name, "DEVICE_UNPLUG_GUEST_ERROR") == 0);
}

/* Waits for the end of the removal of ID, for WITHIN_MS at most unless that is 0. */
static int wait_removal(struct qmp *qmp, const char *id, unsigned within_ms, struct reports *reports)
{
	cleanup(cleanup_json_at) json_t *event = NULL;
	struct qmp_match match = { ends_removal, id, within_ms };
	int r = qmp_wait_event(qmp, &match, &event, reports);
	if (r <= 0)
		return r < 0 ? r : HOTPLUG_PENDING;
	if (is_called(event, "event", "DEVICE_DELETED"))
		return HOTPLUG_REMOVED;
	report_error(reports, REPORT_VMM, id, "the guest refuses to let go of %s", id);
	return -ECANCELED;
}

/* Asks once, and waits: for the end, or until a guest that is busy may be asked again, which *RET_AGAIN tells. */
static int try_removal(struct qmp *qmp, const char *id, bool *ret_again, struct reports *reports)
{
	cleanup(cleanup_json_at) json_t *arguments = json_pack("{s:s}", "id", id);
	cleanup(cleanup_reply_at) struct qmp_reply reply = { 0 };
	*ret_again = false;
	int r = qmp_command(qmp, "device_del", arguments, &reply, reports);
	if (r < 0)
		return r;
	switch (asked_of(&reply)) {
	case ASKED:
		return wait_removal(qmp, id, 0, reports);
	case ASKED_BUSY:
		r = wait_removal(qmp, id, BUSY_MS, reports);
		*ret_again = r == HOTPLUG_PENDING && qmp_has_time(qmp);
		return r;
	case ASKED_NOBODY:
		return HOTPLUG_REMOVED;
	case ASKED_IN_VAIN:
		break;
	}
	qmp_report_refusal(qmp, "device_del", &reply, reports);
	return -EPROTO;
}

int hotplug_remove(struct qmp *qmp, const char *id, struct reports *reports)
{
	bool again = true;
	int r = HOTPLUG_PENDING;
	qmp_forget_events(qmp);
	while (again)
		r = try_removal(qmp, id, &again, reports);
	return r;
}
