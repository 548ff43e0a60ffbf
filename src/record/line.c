/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/line.h"

#include <errno.h>
#include <limits.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"

#define RECORD_VERSION 1

static void json_decref_at(json_t **json)
{
	json_decref(*json);
}
#define cleanup_json cleanup(json_decref_at)

static void record_free_at(struct record **record)
{
	record_free(*record);
}

/* JSON (reference taken) as a line of text. */
static char *to_line(json_t *json)
{
	cleanup_json json_t *owned = json;
	cleanup_free char *text = owned ? json_dumps(owned, JSON_COMPACT) : NULL;
	char *line = NULL;
	return !text || asprintf(&line, "%s\n", text) < 0 ? NULL : line;
}

/* What is present of SETTINGS, by key; NULL rather than less than that (a name that is no UTF-8). */
static json_t *settings_to_json(const struct settings *settings)
{
	cleanup_json json_t *json = json_object();
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		if (settings->of[setting].present &&
		    json_object_set_new(json, setting_key(setting),
					json_string(value_text(setting, &settings->of[setting]).s)) < 0)
			return NULL;
	return TAKE(json);
}

char *record_line(const struct record *record)
{
	return to_line(json_pack("{si ss sI ss ss ss ss ss si si so so}", "version", RECORD_VERSION, "address",
				 pci_text(record->address).s, "inode", (json_int_t)record->inode, "bootId",
				 uuid_text(record->boot_id).s, "assignment", uuid_text(record->assignment).s,
				 "leader", pci_text(record->leader).s, "guest", record->guest, "pf",
				 pci_text(record->pf).s, "vfIndex", (int)record->vf_index, "iommuGroup",
				 record->iommu_group, "before", settings_to_json(&record->before), "after",
				 settings_to_json(&record->after)));
}

char *record_intent_line(enum setting setting)
{
	return to_line(json_pack("{ss}", "intent", setting_key(setting)));
}

char *record_text(const struct record *record)
{
	cleanup_free char *text = record_line(record);
	for (enum setting setting = 0; text && setting < SETTING_COUNT; setting++) {
		if (!record->touched[setting])
			continue;
		cleanup_free char *line = record_intent_line(setting);
		char *more = NULL;
		if (!line || asprintf(&more, "%s%s", text, line) < 0)
			more = NULL;
		free(text);
		text = more;
	}
	return TAKE(text);
}

char *record_owner_line(struct owner owner)
{
	return to_line(
		json_pack("{s{si sI}}", "owner", "pid", (int)owner.pid, "start", (json_int_t)owner.start));
}

char *record_commit_line(void)
{
	return to_line(json_pack("{sb}", "committed", 1));
}

char *record_dirty_line(const char *why)
{
	return to_line(json_pack("{ss%}", "dirty", why, strlen(why)));
}

static int settings_from_json(json_t *json, struct settings *ret)
{
	const char *key;
	json_t *value;
	if (!json_is_object(json))
		return -EBADMSG;
	json_object_foreach(json, key, value) {
		enum setting setting = setting_by_key(key);
		if (setting == SETTING_COUNT || !json_is_string(value) ||
		    value_parse(setting, json_string_value(value), &ret->of[setting]) < 0)
			return -EBADMSG;
	}
	return 0;
}

/* Driver names become parts of paths and sysfs writes: "" is none. Every device has them. */
static bool is_driver(const struct value *value)
{
	return value->present && (!value->name[0] || driver_name_valid(value->name));
}

static bool is_within(json_int_t number, json_int_t least, json_int_t most)
{
	return number >= least && number <= most;
}

static int head_parse(json_t *json, struct record *record)
{
	const char *address, *boot, *assignment, *leader, *guest, *pf;
	json_int_t version = 0, inode, vf_index, group;
	json_t *before, *after;
	if (json_unpack(json, "{sI}", "version", &version) < 0)
		return -EBADMSG;
	if (version != RECORD_VERSION)
		return -ENOTSUP;
	if (json_unpack(json, "{ss sI ss ss ss ss ss sI sI so so}", "address", &address, "inode", &inode,
			"bootId", &boot, "assignment", &assignment, "leader", &leader, "guest", &guest, "pf",
			&pf, "vfIndex", &vf_index, "iommuGroup", &group, "before", &before, "after", &after) < 0)
		return -EBADMSG;
	if (pci_parse(address, &record->address) < 0 || pci_parse(leader, &record->leader) < 0 ||
	    pci_parse(pf, &record->pf) < 0 || uuid_parse(boot, &record->boot_id) < 0 ||
	    uuid_parse(assignment, &record->assignment) < 0 || !is_within(vf_index, 0, UINT32_MAX) ||
	    !is_within(group, -1, INT_MAX))
		return -EBADMSG;
	if (settings_from_json(before, &record->before) < 0 || settings_from_json(after, &record->after) < 0 ||
	    !is_driver(&record->before.of[SETTING_DRIVER]) || !is_driver(&record->before.of[SETTING_OVERRIDE]))
		return -EBADMSG;
	record->inode = (uint64_t)inode;
	record->vf_index = (uint32_t)vf_index;
	record->iommu_group = (int)group;
	record->guest = strdup(guest);
	return record->guest ? 0 : -ENOMEM;
}

static int event_intent(json_t *value, struct record *record)
{
	enum setting setting = json_is_string(value) ? setting_by_key(json_string_value(value)) : SETTING_COUNT;
	if (setting == SETTING_COUNT)
		return -EBADMSG;
	record->touched[setting] = true;
	return 0;
}

static int event_owner(json_t *value, struct record *record)
{
	json_int_t pid, start;
	if (json_unpack(value, "{sI sI}", "pid", &pid, "start", &start) < 0 || !is_within(pid, 1, INT_MAX))
		return -EBADMSG;
	record->owner = (struct owner){ (pid_t)pid, (uint64_t)start };
	return 0;
}

static int event_committed(json_t *value, struct record *record)
{
	if (!json_is_true(value))
		return -EBADMSG;
	record->committed = true;
	return 0;
}

static int event_dirty(json_t *value, struct record *record)
{
	if (!json_is_string(value))
		return -EBADMSG;
	free(record->dirty);
	record->dirty = strdup(json_string_value(value));
	return record->dirty ? 0 : -ENOMEM;
}

static const struct {
	const char *key;
	int (*apply)(json_t *value, struct record *record);
} events[] = {
	{ "intent", event_intent },
	{ "owner", event_owner },
	{ "committed", event_committed },
	{ "dirty", event_dirty },
};

static int event_parse(json_t *json, struct record *record)
{
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		json_t *value = json_object_get(json, events[i].key);
		if (value)
			return events[i].apply(value, record);
	}
	return -EBADMSG;
}

int record_parse(const char *text, struct record **ret)
{
	cleanup(record_free_at) struct record *record = calloc(1, sizeof(*record));
	if (!record)
		return -ENOMEM;
	bool head = true;
	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		cleanup_json json_t *json = json_loadb(text, (size_t)(end - text), JSON_REJECT_DUPLICATES,
						       NULL);
		int r = !json_is_object(json) ? -EBADMSG :
			head                  ? head_parse(json, record) :
						event_parse(json, record);
		if (r < 0)
			return r;
		head = false;
	}
	if (head)
		return -EBADMSG;
	*ret = TAKE(record);
	return 0;
}
