/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <assert.h>
#include <libsmartcols.h>
#include <stdarg.h>
#include <string.h>

#include "base/escape.h"
#include "cli/device.h"
#include "cli/verb.h"

/* ---- for programs ------------------------------------------------------------------------------------ */

static json_t *owner_json(const struct vfassign_vf *vf)
{
	return vf->owner ? json_pack("{s:I, s:b}", "pid", (json_int_t)vf->owner, "alive", vf->owner_alive) :
			   json_null();
}

static json_t *drift_json(const struct vfassign_vf *vf)
{
	json_t *array = json_array();
	for (size_t i = 0; i < vf->drift_count; i++)
		output_json_append(&array, json_pack("{s:s, s:o, s:o}", "setting", vf->drift[i].key,
						     "recorded", setting_json(vf->drift[i].recorded), "now",
						     setting_json(vf->drift[i].now)));
	return array;
}

static json_t *vf_json(const struct vfassign_vf *vf)
{
	json_t *json = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o}", "address", output_json_text(vf->address),
				 "vfIndex", (json_int_t)vf->vf_index, "driver", setting_json(vf->driver),
				 "iommuGroup",
				 vf->iommu_group < 0 ? json_null() : json_integer(vf->iommu_group), "netdev",
				 output_json_text(vf->netdev), "representor",
				 output_json_text(vf->representor));
	int r = 0;
	for (size_t i = 0; i < vf->setting_count; i++)
		r |= json_object_set_new(json, vf->settings[i].key, setting_json(vf->settings[i].value));
	r |= json_object_set_new(json, "state", output_json_text(vf->state));
	r |= json_object_set_new(json, "guest", output_json_text(vf->guest));
	r |= json_object_set_new(json, "assignment", output_json_text(vf->assignment));
	r |= json_object_set_new(json, "owner", owner_json(vf));
	r |= json_object_set_new(json, "reason", setting_json(vf->reason));
	r |= json_object_set_new(json, "drift", drift_json(vf));
	if (r == 0)
		return json;
	json_decref(json);
	return NULL;
}

static json_t *pf_json(const struct vfassign_pf *pf, json_t *vfs)
{
	return json_pack("{s:o, s:o, s:o, s:b, s:b, s:I, s:I, s:o}", "address", output_json_text(pf->address),
			 "driver", setting_json(pf->driver), "netdev", output_json_text(pf->netdev), "up",
			 pf->up, "switchdev", pf->switchdev, "numVfs", (json_int_t)pf->num_vfs, "totalVfs",
			 (json_int_t)pf->total_vfs, "vfs", vfs);
}

static json_t *list_json(const struct vfassign_result *result)
{
	const struct vfassign_pf *pfs;
	const struct vfassign_vf *vfs;
	size_t pf_count = vfassign_result_pfs(result, &pfs);
	size_t vf_count = vfassign_result_vfs(result, &vfs);
	json_t *array = json_array();
	for (size_t p = 0, v = 0; p < pf_count; p++) {
		json_t *own = json_array();
		for (; v < vf_count && vfs[v].pf == p; v++)
			output_json_append(&own, vf_json(&vfs[v]));
		output_json_append(&array, pf_json(&pfs[p], own));
	}
	return array;
}

/* ---- for people -------------------------------------------------------------------------------------- */

/* The first columns; those of the settings follow, and then the last ones. */
enum { COLUMN_ADDRESS, COLUMN_INDEX, COLUMN_NETDEV, COLUMN_DRIVER, COLUMN_GROUP, COLUMN_SETTINGS };

static const struct {
	const char *name;
	int flags;
} columns[] = {
	[COLUMN_ADDRESS] = { "ADDRESS", SCOLS_FL_TREE },
	[COLUMN_INDEX] = { "VF", SCOLS_FL_RIGHT },
	[COLUMN_NETDEV] = { "NETDEV", 0 },
	[COLUMN_DRIVER] = { "DRIVER", 0 },
	[COLUMN_GROUP] = { "GROUP", SCOLS_FL_RIGHT },
};

static_assert(ARRAY_SIZE(columns) == COLUMN_SETTINGS, "each column has a row");

/* The last columns; but for the first two, one is there only when some VF has something to say in it. */
enum last { LAST_STATE, LAST_GUEST, LAST_PID, LAST_ASSIGNMENT, LAST_REPRESENTOR, LAST_COUNT };

static const char *const last_names[] = {
	[LAST_STATE] = "STATE",
	[LAST_GUEST] = "GUEST",
	[LAST_PID] = "PID",
	[LAST_ASSIGNMENT] = "ASSIGNMENT",
	[LAST_REPRESENTOR] = "REPRESENTOR",
};

static_assert(ARRAY_SIZE(last_names) == LAST_COUNT, "each of the last columns has a name");

/* MAC and VLAN, which come first, have a column though no VF has any. */
#define COLUMNS_ALWAYS 2

/* More than there are settings. */
#define SETTINGS_MAX 32

struct table {
	struct libscols_table *scols;
	const char *keys[SETTINGS_MAX]; /* of the columns of settings */
	size_t key_count;
	size_t last[LAST_COUNT]; /* where the last columns are; 0: not there */
	bool failed;             /* for want of memory */
};

static void cleanup_table_at(struct table *table)
{
	scols_unref_table(table->scols);
}

static void add_column(struct table *table, const char *name, int flags)
{
	if (!scols_table_new_column(table->scols, name, 0, flags))
		table->failed = true;
}

/* Which column of settings KEY has, key_count when none. */
static size_t find_key(const struct table *table, const char *key)
{
	size_t i = 0;
	while (i < table->key_count && strcmp(table->keys[i], key) != 0)
		i++;
	return i;
}

static bool is_abandoned(const struct vfassign_vf *vf)
{
	return vf->owner && !vf->owner_alive;
}

/* What VF has to say in one of the last columns: in BUF or its own memory, "" for nothing. */
static const char *last_text(const struct vfassign_vf *vf, enum last last, char *buf, size_t size)
{
	const char *text = NULL;
	switch (last) {
	case LAST_STATE:
		snprintf(buf, size, "%s%s%s", vf->state, is_abandoned(vf) ? ", owner gone" : "",
			 vf->drift_count ? ", drifted" : "");
		return buf;
	case LAST_GUEST:
		text = vf->guest;
		break;
	case LAST_PID:
		snprintf(buf, size, "%d", vf->owner);
		return vf->owner ? buf : "";
	case LAST_ASSIGNMENT:
		text = vf->assignment;
		break;
	case LAST_REPRESENTOR:
		text = vf->representor;
		break;
	case LAST_COUNT:
		break;
	}
	return text ? text : "";
}

static void add_last_columns(struct table *table, const struct vfassign_vf *vfs, size_t count)
{
	size_t column = COLUMN_SETTINGS + table->key_count;
	for (enum last last = 0; last < LAST_COUNT; last++) {
		char buf[64];
		bool wanted = last <= LAST_GUEST;
		for (size_t v = 0; !wanted && v < count; v++)
			wanted = last_text(&vfs[v], last, buf, sizeof(buf))[0];
		if (!wanted)
			continue;
		table->last[last] = column++;
		add_column(table, last_names[last], 0);
	}
}

/* Whether setting INDEX has a column: MAC and VLAN, and what some VF has. */
static bool has_column(size_t index, const struct vfassign_vf *vfs, size_t count)
{
	for (size_t v = 0; v < count; v++)
		if (index < vfs[v].setting_count &&
		    (index < COLUMNS_ALWAYS || !setting_is_none(vfs[v].settings[index].value)))
			return true;
	return false;
}

/* All VFs have the same settings, in the same order, though a driver may report more of them than another. */
static void add_columns(struct table *table, const struct vfassign_vf *vfs, size_t count)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		add_column(table, columns[i].name, columns[i].flags);
	for (size_t i = 0; count > 0 && i < vfs[0].setting_count && table->key_count < SETTINGS_MAX; i++) {
		if (!has_column(i, vfs, count))
			continue;
		table->keys[table->key_count++] = vfs[0].settings[i].key;
		add_column(table, vfs[0].settings[i].word, 0);
	}
	add_last_columns(table, vfs, count);
}

__attribute__((format(printf, 4, 5))) static void set_cell(struct table *table, struct libscols_line *line,
							   size_t column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = NULL;
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	cleanup_free char *raw = text;
	cleanup_free char *safe = raw ? escape_text(raw) : NULL;
	if (!line || !safe || scols_line_set_data(line, column, safe) != 0)
		table->failed = true;
}

static const char *or_dash(const char *text)
{
	return text && *text ? text : "-";
}

static struct libscols_line *add_pf(struct table *table, const struct vfassign_pf *pf)
{
	struct libscols_line *line = scols_table_new_line(table->scols, NULL);
	set_cell(table, line, COLUMN_ADDRESS, "%s", pf->address);
	set_cell(table, line, COLUMN_NETDEV, "%s", or_dash(pf->netdev));
	set_cell(table, line, COLUMN_DRIVER, "%s", or_dash(pf->driver));
	set_cell(table, line, table->last[LAST_STATE], "%s%s, %u of %u VFs", pf->up ? "up" : "down",
		 pf->switchdev ? ", switchdev" : "", pf->num_vfs, pf->total_vfs);
	return line;
}

static void add_vf(struct table *table, struct libscols_line *parent, const struct vfassign_vf *vf)
{
	struct libscols_line *line = scols_table_new_line(table->scols, parent);
	set_cell(table, line, COLUMN_ADDRESS, "%s", vf->address);
	set_cell(table, line, COLUMN_INDEX, "%u", vf->vf_index);
	set_cell(table, line, COLUMN_NETDEV, "%s", or_dash(vf->netdev));
	set_cell(table, line, COLUMN_DRIVER, "%s", or_dash(vf->driver));
	if (vf->iommu_group >= 0)
		set_cell(table, line, COLUMN_GROUP, "%d", vf->iommu_group);
	for (size_t i = 0; i < vf->setting_count; i++) {
		size_t column = find_key(table, vf->settings[i].key);
		if (column < table->key_count)
			set_cell(table, line, COLUMN_SETTINGS + column, "%s", or_dash(vf->settings[i].value));
	}
	for (enum last last = 0; last < LAST_COUNT; last++) {
		if (!table->last[last])
			continue;
		char buf[64];
		set_cell(table, line, table->last[last], "%s",
			 last == LAST_REPRESENTOR ? or_dash(vf->representor) :
						    last_text(vf, last, buf, sizeof(buf)));
	}
}

/* What a table has no room for. */
static void show_troubles(const struct output *out, const struct vfassign_vf *vfs, size_t count)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		bool dirty = !setting_is_none(vfs[i].reason);
		if (dirty)
			output_line(out, "%s: %s", vfs[i].address, vfs[i].reason);
		for (size_t k = 0; k < vfs[i].drift_count; k++)
			output_line(out, "%s: %s is %s, and was set to %s for its guest", vfs[i].address,
				    vfs[i].drift[k].word, vfs[i].drift[k].now, vfs[i].drift[k].recorded);
		any = any || dirty || is_abandoned(&vfs[i]);
	}
	if (any)
		output_info(out, "'vfassign recover' takes back what no living guest uses");
}

static void show(struct output *out, const struct vfassign_result *result)
{
	const struct vfassign_pf *pfs;
	const struct vfassign_vf *vfs;
	size_t pf_count = vfassign_result_pfs(result, &pfs);
	size_t vf_count = vfassign_result_vfs(result, &vfs);
	if (pf_count == 0) {
		output_line(out, "This host has no network card with SR-IOV that can be seen from here.");
		return;
	}
	cleanup(cleanup_table_at) struct table table = { .scols = scols_new_table() };
	/* Cells are escaped here, as all output is; twice would be once too often. */
	scols_table_enable_noencoding(table.scols, 1);
	scols_table_enable_minout(table.scols, 1);
	add_columns(&table, vfs, vf_count);
	for (size_t p = 0, v = 0; p < pf_count; p++) {
		struct libscols_line *line = add_pf(&table, &pfs[p]);
		for (; v < vf_count && vfs[v].pf == p; v++)
			add_vf(&table, line, &vfs[v]);
	}
	if (table.failed || scols_print_table(table.scols) != 0)
		output_lost(out);
	show_troubles(out, vfs, vf_count);
}

void verb_list(struct session *session)
{
	struct output *out = &session->out;
	cleanup_context struct vfassign *context = session_context(session);
	if (!context)
		return;
	cleanup_result struct vfassign_result *result = NULL;
	int r = vfassign_list(context, &result);
	if (!output_result(out, result, r))
		return;
	output_set(out, "pfs", list_json(result));
	if (!out->json)
		show(out, result);
}
