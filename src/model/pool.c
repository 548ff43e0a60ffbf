/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * <interface type='network'>: its device comes from a network. That may be a pool of VFs, or not: what a
 * VF cannot have is no fault here, and what is without effect on a VF not worth a word.
 */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/interface.h"
#include "model/tree.h"

/* ---- <source> ---- */

static const struct attribute source_attributes[] = {
	{ .name = "network", .flags = ATTRIBUTE_REQUIRED, .field = TEXT(struct interface, pool.network) },
	{ .name = "portgroup", .field = TEXT(struct interface, pool.portgroup) },
	{ .name = "portid" }, /* libvirt writes it for itself */
	{ 0 },
};

static const struct element source_children[] = {
	BROKEN("ip", RULE_POOL_HOST_SIDE),
	BROKEN("route", RULE_POOL_HOST_SIDE),
	{ 0 },
};

static void apply_source(struct reader *reader, const struct tag *tag)
{
	(void)tag;
	reader->draft->has_source = true;
}

/* ---- <driver>: of virtio ---- */

#define VIRTIO_COUNT 4

/* The rest is for virtio alone, and is looked at for nothing else. */
static const struct attribute driver_attributes[] = {
	{ .name = "iommu", .read = read_word, .words = off_on },
	{ .name = "ats", .read = read_word, .words = off_on },
	{ .name = "packed", .read = read_word, .words = off_on },
	{ .name = "page_per_vq", .read = read_word, .words = off_on },
	{ 0 },
};

static_assert(ARRAY_SIZE(driver_attributes) == VIRTIO_COUNT + 1, "all of them are for virtio");

static void apply_driver(struct reader *reader, const struct tag *tag)
{
	bool virtio = model_is_virtio(tag->node, NULL);
	for (size_t i = 0; i < VIRTIO_COUNT && !virtio; i++)
		if (tag->readings[i].present)
			TELL(reader, RULE_DRIVER_VIRTIO, tag->readings[i].offset, driver_attributes[i].name);
}

/* ---- <filterref> ---- */

enum { PARAMETER_NAME, PARAMETER_VALUE, PARAMETER_ATTRIBUTES };

static const struct attribute parameter_attributes[] = {
	[PARAMETER_NAME] = { .name = "name", .field = TEXT(struct filter_parameter, name) },
	[PARAMETER_VALUE] = { .name = "value", .field = TEXT(struct filter_parameter, value) },
	[PARAMETER_ATTRIBUTES] = { 0 },
};

static const struct element filter_children[] = {
	{ .name = "parameter",
	  .many = true,
	  .attributes = parameter_attributes,
	  .list = { sizeof(struct filter_parameter), offsetof(struct interface, pool.parameters),
		    offsetof(struct interface, pool.parameter_count) } },
	{ 0 },
};

static const struct attribute filter_attributes[] = {
	{ .name = "filter", .field = TEXT(struct interface, pool.filter) },
	{ 0 },
};

static int compare_parameters(const void *left, const void *right)
{
	const struct filter_parameter *a = left, *b = right;
	return strcmp(a->name, b->name);
}

/* libvirt keeps the parameters that have both a name and a value, sorted, and none without a filter. */
static void apply_filter(struct reader *reader, const struct tag *tag)
{
	struct pool_member *pool = &reader->draft->interface.pool;
	size_t kept = 0;
	(void)tag;
	for (size_t i = 0; i < pool->parameter_count; i++) {
		struct filter_parameter *parameter = &pool->parameters[i];
		if (pool->filter && parameter->name && parameter->value)
			pool->parameters[kept++] = *parameter;
	}
	pool->parameter_count = kept;
	if (kept)
		qsort(pool->parameters, kept, sizeof(*pool->parameters), compare_parameters);
}

/* ---- <interface> ---- */

static const struct attribute interface_attributes[] = {
	{ .name = "type", .constant = "network" },
	YES_NO("trustGuestRxFilters", NUMBER(struct interface, trust_filters)),
	{ .name = "managed", .handling = HANDLING_NO_EFFECT }, /* its network has it */
	{ 0 },
};

/* In the order in which libvirt writes them; "vf" is ours. */
static const struct element interface_children[] = {
	{ .name = "mac", .row = &mac_row },
	{ .name = "source", .attributes = source_attributes, .children = source_children, .apply = apply_source },
	{ .name = "vlan", .row = &vlan_row },
	{ .name = "virtualport", .row = &virtualport_row },
	{ .name = "bandwidth", .row = &bandwidth_row },
	{ .name = "port", .row = &port_row },
	BROKEN("ip", RULE_GUEST_IP),
	BROKEN("route", RULE_GUEST_ROUTE),
	BROKEN("portForward", RULE_PORT_FORWARD),
	{ .name = "script", .row = &script_row },
	{ .name = "downscript", .row = &downscript_row },
	{ .name = "backenddomain", .row = &backend_domain_row },
	{ .name = "target", .row = &target_row },
	{ .name = "guest", .row = &guest_row },
	{ .name = "model", .row = &model_row },
	{ .name = "driver",
	  .handling = HANDLING_NO_EFFECT,
	  .open = true,
	  .attributes = driver_attributes,
	  .apply = apply_driver },
	{ .name = "backend", .row = &backend_row },
	{ .name = "filterref", .attributes = filter_attributes, .children = filter_children, .apply = apply_filter },
	{ .name = "tune", .row = &tune_row },
	{ .name = "teaming", .row = &teaming_row },
	{ .name = "link", .row = &link_row },
	{ .name = "mtu", .row = &mtu_row },
	{ .name = "coalesce", .row = &coalesce_row },
	{ .name = "boot", .row = &boot_row },
	{ .name = "alias", .row = &alias_row },
	{ .name = "rom", .row = &rom_row },
	{ .name = "acpi", .row = &acpi_row },
	{ .name = "address", .row = &address_row },
	{ .name = "vf", .ns = "urn:vfassign:1", .row = &vf_row },
	{ 0 },
};

static_assert(ARRAY_SIZE(interface_children) <= CHILDREN_MAX, "each row has a bit");

bool pool_can_have(const xmlNode *node)
{
	const xmlNode *address = tree_child(node, "address");
	const char *type = address ? tree_value_of(address, "type") : NULL;
	static const char *const others[] = { "drive",     "virtio-serial", "ccid",
					      "spapr-vio", "virtio-s390",   "virtio-mmio",
					      "isa",       "ccw",           "dimm",
					      "usb" };
	for (size_t i = 0; type && i < ARRAY_SIZE(others); i++)
		if (strcmp(type, others[i]) == 0)
			return false;
	return true;
}

static void apply_interface(struct reader *reader, const struct tag *tag)
{
	if (!reader->draft->has_source)
		TELL(reader, RULE_POOL_SOURCE, tag->offset);
	if (!pool_can_have(tag->node))
		TELL(reader, RULE_ADDRESS_PCI, reader->draft->address_offset);
	interface_check_address(reader);
}

const struct element pool_interface_row = {
	.name = "interface",
	.always = true,
	.attributes = interface_attributes,
	.children = interface_children,
	.apply = apply_interface,
};
