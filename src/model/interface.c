/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/interface.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "model/claims.h"
#include "model/tree.h"

/* ---- <driver> ---- */

enum {
	DRIVER_NAME,
	DRIVER_MODEL,
	DRIVER_IOMMU,
	DRIVER_ATS,
	DRIVER_PACKED,
	DRIVER_PAGE_PER_VQ,
	DRIVER_TUNING, /* from here on: how virtio devices are tuned, which libvirt keeps for other interfaces only */
};

enum { BACKEND_VFIO, BACKEND_KVM, BACKEND_XEN };

static const char *const driver_names[] = {
	[BACKEND_VFIO] = "vfio", [BACKEND_KVM] = "kvm", [BACKEND_XEN] = "xen", NULL
};

#define WITHOUT_EFFECT(attribute) \
	{ \
		.name = (attribute), .handling = HANDLING_NO_EFFECT \
	}

static const struct attribute driver_attributes[] = {
	[DRIVER_NAME] = { .name = "name", .read = read_word, .words = driver_names },
	[DRIVER_MODEL] = { .name = "model", .read = read_name },
	[DRIVER_IOMMU] = { .name = "iommu", .read = read_on_off },
	[DRIVER_ATS] = { .name = "ats", .read = read_on_off },
	[DRIVER_PACKED] = { .name = "packed", .read = read_on_off },
	[DRIVER_PAGE_PER_VQ] = { .name = "page_per_vq", .read = read_on_off },
	[DRIVER_TUNING] = WITHOUT_EFFECT("queues"),
	WITHOUT_EFFECT("rx_queue_size"),
	WITHOUT_EFFECT("tx_queue_size"),
	WITHOUT_EFFECT("txmode"),
	WITHOUT_EFFECT("ioeventfd"),
	WITHOUT_EFFECT("event_idx"),
	WITHOUT_EFFECT("rss"),
	WITHOUT_EFFECT("rss_hash_report"),
	{ 0 },
};

static_assert(ARRAY_SIZE(driver_attributes) <= ATTRIBUTES_MAX, "each row has a reading");

static const struct element driver_children[] = {
	{ .name = "host", .handling = HANDLING_NO_EFFECT, .open = true },
	{ .name = "guest", .handling = HANDLING_NO_EFFECT, .open = true },
	{ 0 },
};

static bool has_virtio_model(const struct tag *tag)
{
	static const char *const models[] = { "virtio", "virtio-transitional", "virtio-non-transitional" };
	const xmlNode *model = tree_child(tag->node->parent, "model");
	cleanup_free char *type = model ? tree_value_of(model, "type") : NULL;
	for (size_t i = 0; type && i < ARRAY_SIZE(models); i++)
		if (strcasecmp(type, models[i]) == 0)
			return true;
	return false;
}

/* libvirt refuses them, unless the <model>, which says nothing of a VF, is one that has them. */
static void check_virtio_options(struct reader *reader, const struct tag *tag)
{
	bool virtio = has_virtio_model(tag);
	for (size_t i = DRIVER_IOMMU; i <= DRIVER_PAGE_PER_VQ; i++) {
		const struct reading *option = &tag->readings[i];
		if (option->present && virtio)
			reader_warning(reader, option->offset,
				       "attribute '%s' in element 'driver' has no effect on a VF",
				       driver_attributes[i].name);
		else if (option->present)
			reader_error(reader, REPORT_CONFIG_UNSUPPORTED, option->offset,
				     "%s driver option is only supported for virtio devices",
				     driver_attributes[i].name);
	}
}

static void apply_driver(struct reader *reader, const struct tag *tag)
{
	const struct reading *name = &tag->readings[DRIVER_NAME], *model = &tag->readings[DRIVER_MODEL];
	check_virtio_options(reader, tag);
	if (name->present && name->number != BACKEND_VFIO)
		report_hint(reader_error(reader, REPORT_CONFIG_UNSUPPORTED, name->offset,
					 "pci backend driver type '%s' is not supported", name->text),
			    "use name='vfio', or leave the name out");
	if (!model->present)
		return;
	if (strlen(model->text) >= NAME_SIZE)
		reader_error(reader, REPORT_XML, model->offset,
			     "the name of the driver is longer than %d bytes", NAME_SIZE - 1);
	else
		memcpy(reader->draft->interface.driver_model, model->text, strlen(model->text) + 1);
}

/* ---- how the guest sees it: <boot>, <rom>, <alias> ---- */

enum { BOOT_ORDER, BOOT_LOADPARM, BOOT_ATTRIBUTES };

static const struct attribute boot_attributes[] = {
	[BOOT_ORDER] = { .name = "order", .read = read_decimal, .flags = ATTRIBUTE_REQUIRED | ATTRIBUTE_NOT_ZERO },
	[BOOT_LOADPARM] = WITHOUT_EFFECT("loadparm"),
	[BOOT_ATTRIBUTES] = { 0 },
};

static void apply_boot(struct reader *reader, const struct tag *tag)
{
	const struct reading *order = &tag->readings[BOOT_ORDER];
	if (!order->present)
		return;
	reader->draft->interface.boot_order = (uint32_t)order->number;
	claims_add(reader, (struct claim){ .kind = CLAIM_BOOT_ORDER,
					   .key = order->number,
					   .offset = order->offset,
					   .ours = true });
}

enum { ROM_ENABLED, ROM_BAR, ROM_FILE, ROM_ATTRIBUTES };

static const struct attribute rom_attributes[] = {
	[ROM_ENABLED] = { .name = "enabled", .read = read_yes_no },
	[ROM_BAR] = { .name = "bar", .read = read_on_off },
	[ROM_FILE] = { .name = "file" },
	[ROM_ATTRIBUTES] = { 0 },
};

static void apply_rom(struct reader *reader, const struct tag *tag)
{
	const struct reading *enabled = &tag->readings[ROM_ENABLED], *bar = &tag->readings[ROM_BAR];
	const struct reading *file = &tag->readings[ROM_FILE];
	struct rom *rom = &reader->draft->interface.rom;
	rom->has_enabled = enabled->present;
	rom->enabled = enabled->number;
	rom->has_bar = bar->present;
	rom->bar = bar->number;
	rom->file = reader_copy(reader, file->text);
	bool tuned = bar->present || file->present;
	reader->draft->has_rom = enabled->present || tuned;
	reader->draft->rom_offset = tag->offset;
	if (enabled->present && !rom->enabled && tuned)
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, tag->offset,
			     "ROM tuning is not supported when ROM is disabled");
}

enum { ALIAS_NAME, ALIAS_ATTRIBUTES };

static const struct attribute alias_attributes[] = {
	[ALIAS_NAME] = { .name = "name", .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[ALIAS_ATTRIBUTES] = { 0 },
};

/* libvirt names its own devices in the XML of running guests: such a name is dropped, and another one is made. */
static void apply_alias(struct reader *reader, const struct tag *tag)
{
	const struct reading *name = &tag->readings[ALIAS_NAME];
	if (!name->present)
		return;
	if (strncmp(name->text, "ua-", 3) != 0 || !reader_is_name(name->text)) {
		struct report *report = reader_warning(reader, name->offset, "alias '%s' is not used",
						       name->text);
		report_hint(report,
			    "an alias of the user starts with 'ua-' and has only letters, digits, '_' and '-'");
		return;
	}
	reader->draft->interface.alias = reader_copy(reader, name->text);
	claims_add(reader,
		   (struct claim){
			   .kind = CLAIM_ALIAS, .name = name->text, .offset = name->offset, .ours = true });
}

/* ---- what has no effect on a VF, or must not be there ---- */

/* Model names are checked although nothing follows from them: libvirt does. */
static bool read_model(struct reader *reader, const struct given *given, uint64_t *ret)
{
	*ret = 1;
	if (reader_is_name(given->text))
		return true;
	reader_error(reader, REPORT_XML, given->offset, "Model name contains invalid characters");
	return false;
}

static const struct attribute model_attributes[] = {
	{ .name = "type", .read = read_model, .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	{ 0 },
};

enum { TARGET_DEV, TARGET_MANAGED, TARGET_ATTRIBUTES };

static const struct attribute target_attributes[] = {
	[TARGET_DEV] = { .name = "dev" },
	[TARGET_MANAGED] = { .name = "managed", .read = read_yes_no },
	[TARGET_ATTRIBUTES] = { 0 },
};

static void apply_target(struct reader *reader, const struct tag *tag)
{
	const struct reading *managed = &tag->readings[TARGET_MANAGED];
	if (managed->present && !managed->number)
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, managed->offset,
			     "unmanaged target dev is not supported on interfaces of type 'hostdev'");
}

static void apply_sndbuf(struct reader *reader, const struct tag *tag)
{
	cleanup_free char *text = tree_content(tag->node);
	uint64_t size;
	if (!text || number_parse(text, 10, UINT64_MAX, &size) < 0)
		reader_error(reader, REPORT_XML, tag->offset, "sndbuf must be a positive integer");
}

static const struct element tune_children[] = {
	{ .name = "sndbuf", .apply = apply_sndbuf },
	{ 0 },
};

enum { PORT_ISOLATED, PORT_ATTRIBUTES };

static const struct attribute port_attributes[] = {
	[PORT_ISOLATED] = { .name = "isolated", .read = read_yes_no },
	[PORT_ATTRIBUTES] = { 0 },
};

static void apply_port(struct reader *reader, const struct tag *tag)
{
	const struct reading *isolated = &tag->readings[PORT_ISOLATED];
	if (isolated->present && isolated->number)
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, isolated->offset,
			     "<port isolated='yes'/> is not supported for network interfaces with type='hostdev'");
}

static bool read_mtu(struct reader *reader, const struct given *given, uint64_t *ret)
{
	if (number_parse(given->text, 10, UINT32_MAX, ret) == 0)
		return true;
	reader_error(reader, REPORT_XML, given->offset, "malformed mtu size");
	return false;
}

enum { MTU_SIZE, MTU_ATTRIBUTES };

static const struct attribute mtu_attributes[] = {
	[MTU_SIZE] = { .name = "size", .read = read_mtu, .flags = ATTRIBUTE_EMPTY_IS_ABSENT },
	[MTU_ATTRIBUTES] = { 0 },
};

static void apply_mtu(struct reader *reader, const struct tag *tag)
{
	if (tag->readings[MTU_SIZE].number)
		report_hint(reader_error(reader, REPORT_CONFIG_UNSUPPORTED, tag->offset,
					 "setting MTU on interface type hostdev is not supported yet"),
			    "set the MTU inside the guest");
}

enum { BACKEND_TYPE, BACKEND_TAP, BACKEND_VHOST, BACKEND_LOG_FILE, BACKEND_ATTRIBUTES };
enum { TYPE_DEFAULT, TYPE_PASST };

static const char *const backend_types[] = { [TYPE_DEFAULT] = "default", [TYPE_PASST] = "passt", NULL };

static const struct attribute backend_attributes[] = {
	[BACKEND_TYPE] = { .name = "type", .read = read_word, .words = backend_types },
	[BACKEND_TAP] = { .name = "tap",
			  .handling = HANDLING_REFUSED,
			  .text = "custom tap device path is not supported for network interfaces of type hostdev" },
	[BACKEND_VHOST] = WITHOUT_EFFECT("vhost"),
	[BACKEND_LOG_FILE] = WITHOUT_EFFECT("logFile"),
	[BACKEND_ATTRIBUTES] = { 0 },
};

static void apply_backend(struct reader *reader, const struct tag *tag)
{
	const struct reading *type = &tag->readings[BACKEND_TYPE];
	if (type->present && type->number == TYPE_PASST)
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, type->offset,
			     "The 'passt' backend can only be used with interface type='user' or type='vhostuser'");
}

static const struct attribute path_attributes[] = { { .name = "path" }, { 0 } };
static const struct attribute name_attributes[] = { { .name = "name" }, { 0 } };
static const struct attribute guest_attributes[] = { { .name = "dev" }, { .name = "actual" }, { 0 } };

/* ---- <interface> ---- */

enum {
	INTERFACE_TYPE,
	INTERFACE_MANAGED,
	INTERFACE_TRUST_FILTERS,
	INTERFACE_MODEL,
	INTERFACE_SGIO,
	INTERFACE_RAWIO,
	INTERFACE_DISPLAY,
	INTERFACE_RAMFB,
	INTERFACE_ATTRIBUTES
};

static const char *const sgio_words[] = { "filtered", "unfiltered", NULL };

static const struct attribute interface_attributes[] = {
	[INTERFACE_TYPE] = { .name = "type" },
	[INTERFACE_MANAGED] = { .name = "managed", .read = read_yes_no, .flags = ATTRIBUTE_BAD_IS_ABSENT },
	[INTERFACE_TRUST_FILTERS] = { .name = "trustGuestRxFilters",
				      .read = read_yes_no,
				      .handling = HANDLING_NO_EFFECT },
	[INTERFACE_MODEL] = { .name = "model" },
	[INTERFACE_SGIO] = { .name = "sgio", .read = read_word, .words = sgio_words },
	[INTERFACE_RAWIO] = { .name = "rawio", .read = read_yes_no },
	[INTERFACE_DISPLAY] = { .name = "display", .read = read_on_off, .handling = HANDLING_NO_EFFECT },
	[INTERFACE_RAMFB] = { .name = "ramfb", .read = read_on_off, .handling = HANDLING_NO_EFFECT },
	[INTERFACE_ATTRIBUTES] = { 0 },
};

#define GUEST_IP "Invalid attempt to set network interface guest-side IP address info, not supported by QEMU"
#define GUEST_ROUTE "Invalid attempt to set network interface guest-side IP route, not supported by QEMU"
#define PORT_FORWARD \
	"The <portForward> element can only be used with the 'passt' backend of interface type='user' or " \
	"type='vhostuser'"
#define COALESCE "coalesce settings on interface type hostdev are not supported"
#define IN_GUEST "configure it inside the guest"

#define REFUSED(element, why, instead) \
	{ \
		.name = (element), .many = true, .handling = HANDLING_REFUSED, .text = (why), \
		.hint = (instead) \
	}
#define LATER(element) \
	{ \
		.name = (element), .many = true, .handling = HANDLING_LATER \
	}
#define NOTHING(element, rows) \
	{ \
		.name = (element), .handling = HANDLING_NO_EFFECT, .attributes = (rows) \
	}

/* In the order of libvirt's formatter; "vf" is ours. */
static const struct element interface_children[] = {
	{ .name = "mac", .row = &mac_row },
	{ .name = "driver", .attributes = driver_attributes, .children = driver_children, .apply = apply_driver },
	{ .name = "source", .read = source_read },
	{ .name = "vlan", .row = &vlan_row },
	{ .name = "virtualport", .row = &virtualport_row },
	LATER("bandwidth"),
	{ .name = "port", .attributes = port_attributes, .apply = apply_port, .handling = HANDLING_NO_EFFECT },
	REFUSED("ip", GUEST_IP, IN_GUEST),
	REFUSED("route", GUEST_ROUTE, IN_GUEST),
	REFUSED("portForward", PORT_FORWARD, NULL),
	NOTHING("script", path_attributes),
	NOTHING("downscript", path_attributes),
	NOTHING("backenddomain", name_attributes),
	{ .name = "target", .attributes = target_attributes, .apply = apply_target, .handling = HANDLING_NO_EFFECT },
	NOTHING("guest", guest_attributes),
	NOTHING("model", model_attributes),
	{ .name = "backend", .attributes = backend_attributes, .apply = apply_backend },
	{ .name = "tune", .children = tune_children, .handling = HANDLING_NO_EFFECT },
	LATER("teaming"),
	LATER("link"),
	{ .name = "mtu", .attributes = mtu_attributes, .apply = apply_mtu },
	REFUSED("coalesce", COALESCE, NULL),
	{ .name = "boot", .attributes = boot_attributes, .apply = apply_boot },
	{ .name = "alias", .attributes = alias_attributes, .apply = apply_alias },
	{ .name = "rom", .attributes = rom_attributes, .apply = apply_rom },
	LATER("acpi"),
	{ .name = "address", .row = &address_row },
	{ .name = "filterref",
	  .handling = HANDLING_NO_EFFECT,
	  .open = true,
	  .hint = "nothing filters the traffic of a VF on the host" },
	{ .name = "vf", .ns = "urn:vfassign:1", .handling = HANDLING_LATER },
	{ 0 },
};

static_assert(ARRAY_SIZE(interface_children) <= CHILDREN_MAX, "each row has a bit");

/* A device is scsi only where libvirt refuses it anyway. */
static void check_attributes(struct reader *reader, const struct tag *tag)
{
	const struct reading *model = &tag->readings[INTERFACE_MODEL];
	const struct reading *sgio = &tag->readings[INTERFACE_SGIO], *rawio = &tag->readings[INTERFACE_RAWIO];
	if (model->present)
		report_hint(reader_error(reader, REPORT_XML, model->offset,
					 "'model' attribute in <hostdev> is only supported when type='mdev'"),
			    "remove the attribute");
	if (sgio->present)
		reader_error(reader, REPORT_XML, sgio->offset, "sgio is only supported for scsi host device");
	if (rawio->present)
		reader_error(reader, REPORT_XML, rawio->offset, "rawio is only supported for scsi host device");
}

/* Whether the guest's address has a type that its device can have. */
static void check_address_type(struct reader *reader)
{
	const struct draft *draft = reader->draft;
	enum guest_type type = draft->address_type;
	size_t offset = draft->address_offset;
	if (!draft->has_address_type)
		return;
	if (type == GUEST_UNASSIGNED)
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, offset,
			     "address of type 'unassigned' is supported only for hostdevs");
	else if (draft->source_known && draft->interface.source == SOURCE_PCI && type != GUEST_PCI)
		reader_error(reader, REPORT_XML, offset,
			     "PCI host devices must use 'pci' or 'unassigned' address type");
	else if (draft->source_known && draft->interface.source == SOURCE_USB && type != GUEST_USB)
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, offset,
			     "USB host device must use 'usb' address type");
	if (draft->has_rom && type != GUEST_PCI && type != GUEST_UNASSIGNED)
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, draft->rom_offset,
			     "ROM tuning is only supported for PCI devices");
}

/* The rules about several elements of the interface. */
static void apply_interface(struct reader *reader, const struct tag *tag)
{
	struct draft *draft = reader->draft;
	const struct reading *managed = &tag->readings[INTERFACE_MANAGED];
	draft->interface.managed = managed->present && managed->number;
	check_attributes(reader, tag);
	if (!draft->has_source)
		source_missing(reader, tag->offset, NULL);
	check_address_type(reader);
	if (draft->has_vlan && draft->interface.virtualport)
		reader_error(reader, REPORT_CONFIG_UNSUPPORTED, draft->vlan_offset,
			     "direct setting of the vlan tag is not allowed for hostdev devices using %s mode",
			     draft->interface.virtualport);
}

const struct element interface_row = {
	.name = "interface",
	.attributes = interface_attributes,
	.children = interface_children,
	.apply = apply_interface,
};

void interface_done(struct interface *interface)
{
	free(interface->virtualport);
	free(interface->alias);
	free(interface->rom.file);
	*interface = (struct interface){ 0 };
}
