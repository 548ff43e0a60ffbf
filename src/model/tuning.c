/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What libvirt does to the host's side of other interfaces: <bandwidth>, <link>, <mtu>, <port>, <target>,
 * <tune>, …
 */

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/interface.h"

/* ---- <bandwidth> ---- */

enum { RATE_AVERAGE, RATE_PEAK, RATE_FLOOR, RATE_BURST, RATE_ATTRIBUTES };

/* What fits into 64 bits of bytes, and into 32. */
static const uint64_t rate_max[] = {
	[RATE_AVERAGE] = UINT64_C(1) << 54,
	[RATE_PEAK] = UINT64_C(1) << 54,
	[RATE_FLOOR] = UINT64_C(1) << 54,
	[RATE_BURST] = UINT32_MAX / 1024,
};

/* NOLINTBEGIN(bugprone-macro-parentheses): members of structs cannot stand in parentheses */

#define RATE(name_, member) \
	{ \
		.name = (name_), .read = read_decimal, .max = UINT64_MAX, \
		.field = FIELD_BARE(FIELD_U64, struct interface, member, PRESENT_BY_VALUE) \
	}
#define RATES(direction) \
	{ \
		[RATE_AVERAGE] = RATE("average", direction.average), \
		[RATE_PEAK] = RATE("peak", direction.peak), [RATE_FLOOR] = RATE("floor", direction.floor), \
		[RATE_BURST] = RATE("burst", direction.burst), [RATE_ATTRIBUTES] = { 0 }, \
	}

/* NOLINTEND(bugprone-macro-parentheses) */

static const struct attribute inbound_attributes[] = RATES(inbound);
static const struct attribute outbound_attributes[] = RATES(outbound);

/* What libvirt has to say of either direction. Without an average it keeps nothing. */
static void check_rates(struct reader *reader, const struct tag *tag, struct rates *rates)
{
	const struct reading *floor = &tag->readings[RATE_FLOOR];
	bool may_have_floor = reader->draft->pool && rates == &reader->draft->interface.inbound;
	if (floor->present && !may_have_floor)
		TELL(reader, RULE_BANDWIDTH_FLOOR, floor->offset);
	if (!tag->readings[RATE_AVERAGE].given && !floor->given)
		TELL(reader, RULE_BANDWIDTH_AVERAGE, tag->offset);
	for (size_t i = 0; i < ARRAY_SIZE(rate_max); i++) {
		const struct reading *rate = &tag->readings[i];
		if (rate->present && rate->number > rate_max[i])
			TELL(reader, RULE_BANDWIDTH_RANGE, rate->offset, number_decimal(rate->number).s,
			     inbound_attributes[i].name, number_decimal(rate_max[i]).s);
	}
	if (!rates->average && !rates->floor)
		*rates = (struct rates){ 0 };
}

static void apply_inbound(struct reader *reader, const struct tag *tag)
{
	struct rates *rates = &reader->draft->interface.inbound;
	check_rates(reader, tag, rates);
	if (rates->average && !reader->draft->pool)
		TELL(reader, RULE_BANDWIDTH_INBOUND, tag->offset);
}

static void apply_outbound(struct reader *reader, const struct tag *tag)
{
	struct rates *rates = &reader->draft->interface.outbound;
	check_rates(reader, tag, rates);
	bool is_limited = rates->average && !reader->draft->pool;
	for (size_t i = RATE_PEAK; i <= RATE_BURST && is_limited; i++)
		if (i != RATE_FLOOR && tag->readings[i].number)
			TELL(reader, RULE_BANDWIDTH_PEAK, tag->readings[i].offset, outbound_attributes[i].name);
	if (is_limited && rates->average <= rate_max[RATE_AVERAGE] &&
	    rates->average > (uint64_t)UINT32_MAX * KILOBYTES_OF_MEGABIT)
		TELL(reader, RULE_BANDWIDTH_MEGABITS, tag->readings[RATE_AVERAGE].offset,
		     number_decimal(rates->average).s);
}

static const struct element bandwidth_children[] = {
	{ .name = "inbound", .attributes = inbound_attributes, .apply = apply_inbound },
	{ .name = "outbound", .attributes = outbound_attributes, .apply = apply_outbound },
	{ 0 },
};

static const struct attribute bandwidth_attributes[] = {
	{ .name = "classID", .read = read_decimal, .handling = HANDLING_BROKEN, .rule = RULE_BANDWIDTH_CLASS },
	{ 0 },
};

const struct element bandwidth_row = {
	.name = "bandwidth",
	.attributes = bandwidth_attributes,
	.children = bandwidth_children,
};

/* ---- <link> ---- */

static const char *const link_states[] = { [LINK_UP] = "up", [LINK_DOWN] = "down", NULL };

/* Words that are unknown have a rule of their own. */
static bool read_own_word(struct reader *reader, const struct given *given, enum rule rule, uint64_t *ret)
{
	const char *const *words = given->row->words;
	for (*ret = 0; words[*ret]; ++*ret)
		if (strcmp(words[*ret], given->text) == 0)
			return true;
	TELL(reader, rule, given->offset, given->text);
	return false;
}

static bool read_link_state(struct reader *reader, const struct given *given, uint64_t *ret)
{
	return read_own_word(reader, given, RULE_LINK_STATE, ret);
}

static const struct attribute link_attributes[] = {
	{ .name = "state",
	  .read = read_link_state,
	  .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
	  .words = link_states,
	  .field = NUMBER(struct interface, link) },
	{ 0 },
};

const struct element link_row = { .name = "link", .attributes = link_attributes };

/* ---- <teaming> ---- */

enum { TEAMING_TYPE, TEAMING_OTHER, TEAMING_ATTRIBUTES };

static const char *const teaming_types[] = {
	[TEAMING_PERSISTENT] = "persistent", [TEAMING_TRANSIENT] = "transient", NULL
};

static bool read_teaming_type(struct reader *reader, const struct given *given, uint64_t *ret)
{
	return read_own_word(reader, given, RULE_TEAMING_TYPE, ret);
}

static const struct attribute teaming_attributes[] = {
	[TEAMING_TYPE] = { .name = "type",
			   .read = read_teaming_type,
			   .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
			   .words = teaming_types,
			   .field = NUMBER(struct interface, teaming.type) },
	[TEAMING_OTHER] = { .name = "persistent",
			    .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
			    .field = TEXT(struct interface, teaming.persistent) },
	[TEAMING_ATTRIBUTES] = { 0 },
};

static void check_interface_teaming(struct reader *reader, const struct tag *tag, enum teaming_type type)
{
	bool named = tag->readings[TEAMING_OTHER].present;
	if (type == TEAMING_TRANSIENT && !named)
		TELL(reader, RULE_TEAMING_PERSISTENT_MISSING, tag->offset);
	if (type == TEAMING_PERSISTENT && named)
		TELL(reader, RULE_TEAMING_PERSISTENT_EXTRA, tag->readings[TEAMING_OTHER].offset);
	const char *model = NULL;
	if (!model_is_virtio(tag->node, &model) && type == TEAMING_PERSISTENT)
		TELL(reader, RULE_TEAMING_MODEL, tag->offset, model ? model : "(null)");
}

static void check_hostdev_teaming(struct reader *reader, const struct tag *tag, enum teaming_type type)
{
	if (type != TEAMING_TRANSIENT)
		TELL(reader, RULE_TEAMING_HOSTDEV_TYPE, tag->readings[TEAMING_TYPE].offset);
	else if (!tag->readings[TEAMING_OTHER].present)
		TELL(reader, RULE_TEAMING_HOSTDEV_PERSISTENT, tag->offset);
	if (reader->usb)
		TELL(reader, RULE_TEAMING_HOSTDEV_PCI, tag->offset);
}

static void apply_teaming(struct reader *reader, const struct tag *tag)
{
	const struct reading *type = &tag->readings[TEAMING_TYPE];
	if (!type->given && tag->readings[TEAMING_OTHER].present)
		TELL(reader, RULE_TEAMING_TYPE, tag->offset, "(null)");
	if (!type->present)
		return;
	if (reader->draft->plain)
		check_hostdev_teaming(reader, tag, (enum teaming_type)type->number);
	else
		check_interface_teaming(reader, tag, (enum teaming_type)type->number);
}

const struct element teaming_row = {
	.name = "teaming",
	.attributes = teaming_attributes,
	.apply = apply_teaming,
};

/* ---- <mtu>, <coalesce>: never without a fault, so nothing is kept ---- */

static bool read_mtu(struct reader *reader, const struct given *given, uint64_t *ret)
{
	if (number_parse(given->text, 10, UINT32_MAX, ret) == 0)
		return true;
	TELL(reader, RULE_MTU_FORM, given->offset);
	return false;
}

static const struct attribute mtu_attributes[] = {
	{ .name = "size",
	  .read = read_mtu,
	  .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
	  .field = FIELD_BARE(FIELD_U32, struct interface, pool.mtu, PRESENT_BY_VALUE) },
	{ 0 },
};

static void apply_mtu(struct reader *reader, const struct tag *tag)
{
	if (tag->readings[0].number && !reader->draft->pool)
		TELL(reader, RULE_MTU, tag->offset);
}

const struct element mtu_row = { .name = "mtu", .attributes = mtu_attributes, .apply = apply_mtu };

static bool read_frames(struct reader *reader, const struct given *given, uint64_t *ret)
{
	int r = number_parse(given->text, 10, UINT32_MAX, ret);
	if (r < 0)
		TELL(reader, r == -ERANGE ? RULE_COALESCE_RANGE : RULE_COALESCE_FORM, given->offset,
		     given->text);
	return r == 0;
}

static const struct attribute frames_attributes[] = {
	{ .name = "max",
	  .read = read_frames,
	  .flags = ATTRIBUTE_EMPTY_IS_ABSENT,
	  .field = FIELD_BARE(FIELD_U32, struct interface, pool.frames, PRESENT_BY_VALUE) },
	{ 0 },
};

static void apply_frames(struct reader *reader, const struct tag *tag)
{
	if (tag->readings[0].present && !reader->draft->pool)
		TELL(reader, RULE_COALESCE, tag->readings[0].offset);
}

static const struct element rx_children[] = {
	{ .name = "frames", .attributes = frames_attributes, .apply = apply_frames },
	{ 0 },
};

static const struct element coalesce_children[] = { { .name = "rx", .children = rx_children }, { 0 } };
const struct element coalesce_row = { .name = "coalesce", .children = coalesce_children };

/* ---- <port> ---- */

static const struct attribute port_attributes[] = {
	YES_NO("isolated", NUMBER(struct interface, isolated)),
	{ 0 },
};

static void apply_port(struct reader *reader, const struct tag *tag)
{
	if (tag->readings[0].number && !reader->draft->pool)
		TELL(reader, RULE_PORT_ISOLATED, tag->readings[0].offset);
}

const struct element port_row = { .name = "port", .attributes = port_attributes, .apply = apply_port };

/* ---- <target> ---- */

enum { TARGET_DEV, TARGET_MANAGED, TARGET_ATTRIBUTES };

static const struct attribute target_attributes[] = {
	[TARGET_DEV] = { .name = "dev", .flags = ATTRIBUTE_APPLIED, .field = TEXT(struct interface, target) },
	[TARGET_MANAGED] = YES_NO("managed", NUMBER(struct interface, target_managed)),
	[TARGET_ATTRIBUTES] = { 0 },
};

/* Names that libvirt itself gives are not the user's. */
static void apply_target(struct reader *reader, const struct tag *tag)
{
	static const char *const generated[] = { "vnet", "macvtap", "macvlan" };
	const struct reading *dev = &tag->readings[TARGET_DEV], *managed = &tag->readings[TARGET_MANAGED];
	bool kept = dev->present;
	for (size_t i = 0; i < ARRAY_SIZE(generated); i++)
		kept = kept && strncmp(dev->text, generated[i], strlen(generated[i])) != 0;
	if (kept)
		reader->draft->interface.target = reader_copy(reader, dev->text);
	if (managed->present && !managed->number)
		TELL(reader, reader->draft->pool ? RULE_POOL_UNMANAGED : RULE_TARGET_UNMANAGED,
		     managed->offset);
}

const struct element target_row = {
	.name = "target",
	.attributes = target_attributes,
	.apply = apply_target,
};

/* ---- <backend> ---- */

enum {
	BACKEND_TYPE,
	BACKEND_TAP,
	BACKEND_VHOST,
	BACKEND_LOG_FILE,
	BACKEND_HOST_NAME,
	BACKEND_FQDN,
	BACKEND_ATTRIBUTES
};
enum { TYPE_DEFAULT, TYPE_PASST };

static const char *const backend_types[] = { [TYPE_DEFAULT] = "default", [TYPE_PASST] = "passt", NULL };

static const struct attribute backend_attributes[] = {
	[BACKEND_TYPE] = { .name = "type", .read = read_word, .words = backend_types },
	[BACKEND_TAP] = { .name = "tap", .flags = ATTRIBUTE_APPLIED, .field = TEXT(struct interface, tap) },
	[BACKEND_VHOST] = { .name = "vhost", .handling = HANDLING_NO_EFFECT },
	[BACKEND_LOG_FILE] = { .name = "logFile",
			       .handling = HANDLING_NO_EFFECT,
			       .field = TEXT(struct interface, log_file) },
	[BACKEND_HOST_NAME] = { .name = "hostname", .handling = HANDLING_NO_EFFECT },
	[BACKEND_FQDN] = { .name = "fqdn", .handling = HANDLING_NO_EFFECT },
	[BACKEND_ATTRIBUTES] = { 0 },
};

/*
 * Joins slashes and drops one at the end of PATH, as libvirt does: but exactly two at the beginning mean
 * something.
 */
static void clean_path(char *path)
{
	size_t length = strspn(path, "/") == 2 ? 2 : *path == '/';
	size_t from = strspn(path, "/");
	for (; path[from]; from++)
		if (path[from] != '/' || (path[from + 1] != '/' && path[from + 1]))
			path[length++] = path[from];
	path[length] = '\0';
}

static void apply_backend(struct reader *reader, const struct tag *tag)
{
	const struct reading *type = &tag->readings[BACKEND_TYPE];
	char *tap = reader_copy(reader, tag->readings[BACKEND_TAP].text);
	if (tap)
		clean_path(tap);
	reader->draft->interface.tap = tap;
	if (tap && !reader->draft->pool)
		TELL(reader, RULE_BACKEND_TAP, tag->readings[BACKEND_TAP].offset);
	if (type->present && type->number == TYPE_PASST)
		TELL(reader, RULE_BACKEND_PASST, type->offset);
}

const struct element backend_row = {
	.name = "backend",
	.attributes = backend_attributes,
	.apply = apply_backend,
};

/* ---- <tune> ---- */

static bool read_sndbuf(struct reader *reader, const struct given *given, uint64_t *ret)
{
	if (number_parse(given->text, 10, UINT64_MAX, ret) == 0)
		return true;
	TELL(reader, RULE_SNDBUF, given->offset);
	return false;
}

static const struct attribute sndbuf_content = {
	.name = "",
	.read = read_sndbuf,
	.field = NUMBER(struct interface, sndbuf),
};

static const struct element tune_children[] = { { .name = "sndbuf", .content = &sndbuf_content }, { 0 } };

const struct element tune_row = { .name = "tune", .children = tune_children };

/* ---- <script>, <downscript>, <backenddomain>, <guest> ---- */

#define TEXT_ROW(name_, member) \
	{ \
		.name = (name_), .flags = ATTRIBUTE_EMPTY_IS_ABSENT, .field = TEXT(struct interface, member) \
	}

static const struct attribute script_attributes[] = { TEXT_ROW("path", script), { 0 } };
static const struct attribute downscript_attributes[] = { TEXT_ROW("path", downscript), { 0 } };
static const struct attribute domain_attributes[] = { TEXT_ROW("name", backend_domain), { 0 } };
static const struct attribute guest_attributes[] = {
	TEXT_ROW("dev", guest_name),
	TEXT_ROW("actual", guest_actual),
	{ 0 },
};

const struct element script_row = { .name = "script", .attributes = script_attributes };
const struct element downscript_row = { .name = "downscript", .attributes = downscript_attributes };
const struct element backend_domain_row = { .name = "backenddomain", .attributes = domain_attributes };
const struct element guest_row = { .name = "guest", .attributes = guest_attributes };
