/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* <driver>: which driver of the host the device is bound to; and <model>, which says nothing of a VF. */

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "model/interface.h"
#include "model/tree.h"

enum {
	DRIVER_NAME,
	DRIVER_MODEL,
	DRIVER_PLAIN_ATTRIBUTES, /* <hostdev> has no others */
	DRIVER_IOMMU = DRIVER_PLAIN_ATTRIBUTES,
	DRIVER_ATS,
	DRIVER_PACKED,
	DRIVER_PAGE_PER_VQ,
	DRIVER_TUNING, /* from here on: how virtio devices are tuned, which libvirt keeps for other interfaces only */
};

static const char *const driver_names[] = {
	[BACKEND_VFIO] = "vfio", [BACKEND_KVM] = "kvm", [BACKEND_XEN] = "xen", NULL
};

#define WITHOUT_EFFECT(attribute) \
	{ \
		.name = (attribute), .handling = HANDLING_NO_EFFECT \
	}

/* libvirt looks at both for PCI devices alone. */
#define PLAIN_ROWS \
	[DRIVER_NAME] = { .name = "name", \
			  .read = read_word, \
			  .flags = ATTRIBUTE_OF_PCI, \
			  .words = driver_names, \
			  .field = NUMBER(struct interface, driver.name) }, \
	[DRIVER_MODEL] = { .name = "model", \
			   .read = read_name, \
			   .flags = ATTRIBUTE_OF_PCI, \
			   .field = FIELD_BARE(FIELD_NAME, struct interface, driver_model, PRESENT_BY_VALUE) }

/* A virtio option: written in a second <driver>. */
#define VIRTIO(name_) \
	{ \
		.name = (name_), .read = read_word, .words = off_on \
	}

static const struct attribute driver_attributes[] = {
	PLAIN_ROWS,
	[DRIVER_IOMMU] = VIRTIO("iommu"),
	[DRIVER_ATS] = VIRTIO("ats"),
	[DRIVER_PACKED] = VIRTIO("packed"),
	[DRIVER_PAGE_PER_VQ] = VIRTIO("page_per_vq"),
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

static const struct attribute plain_attributes[] = { PLAIN_ROWS, [DRIVER_PLAIN_ATTRIBUTES] = { 0 } };

/* In the order of the rows from DRIVER_IOMMU on. */
static const struct attribute virtio_attributes[] = {
	ON_OFF("iommu", NUMBER(struct interface, driver.iommu)),
	ON_OFF("ats", NUMBER(struct interface, driver.ats)),
	ON_OFF("packed", NUMBER(struct interface, driver.packed)),
	ON_OFF("page_per_vq", NUMBER(struct interface, driver.page_per_vq)),
	{ 0 },
};

static const struct element driver_children[] = {
	{ .name = "host", .handling = HANDLING_NO_EFFECT, .open = true },
	{ .name = "guest", .handling = HANDLING_NO_EFFECT, .open = true },
	{ 0 },
};

bool model_is_virtio(const xmlNode *node, const char **ret)
{
	static const char *const models[] = { "virtio", "virtio-transitional", "virtio-non-transitional" };
	const xmlNode *model = tree_child(node->parent, "model");
	const char *type = model ? tree_value_of(model, "type") : NULL;
	bool virtio = false;
	for (size_t i = 0; type && i < ARRAY_SIZE(models); i++)
		virtio |= strcasecmp(type, models[i]) == 0;
	if (ret)
		*ret = type;
	return virtio;
}

/*
 * libvirt refuses them, unless the <model>, which says nothing of a VF, is one that has them. Returns whether
 * there are any.
 */
static bool apply_virtio_options(struct reader *reader, const struct tag *tag)
{
	bool virtio = model_is_virtio(tag->node, NULL), any = false;
	for (size_t i = DRIVER_IOMMU; i <= DRIVER_PAGE_PER_VQ; i++) {
		const struct reading *option = &tag->readings[i];
		const char *name = driver_attributes[i].name;
		if (!option->present)
			continue;
		any = true;
		if (virtio)
			TELL(reader, RULE_NO_EFFECT_ATTRIBUTE, option->offset, name, "driver");
		else
			TELL(reader, RULE_DRIVER_VIRTIO, option->offset, name);
		field_set(virtio_attributes[i - DRIVER_IOMMU].field, reader->base, option->number, NULL);
	}
	return any && virtio;
}

static void apply_plain(struct reader *reader, const struct tag *tag)
{
	const struct reading *name = &tag->readings[DRIVER_NAME], *model = &tag->readings[DRIVER_MODEL];
	if (name->present && name->number != BACKEND_VFIO)
		TELL(reader, RULE_DRIVER_KIND, name->offset, name->text);
	if (model->present && strlen(model->text) >= NAME_SIZE)
		TELL(reader, RULE_DRIVER_MODEL_LONG, model->offset);
}

static void apply_driver(struct reader *reader, const struct tag *tag)
{
	bool named = tag->readings[DRIVER_NAME].present || tag->readings[DRIVER_MODEL].present;
	/* libvirt writes two elements then, and reads but the first of them. */
	if (apply_virtio_options(reader, tag) && named)
		TELL(reader, RULE_DRIVER_TWICE, tag->offset);
	apply_plain(reader, tag);
}

/* What the first <driver> says is written before the source. */
static const struct element driver_plain_written = { .attributes = plain_attributes };

static const struct element *write_driver(const void *base)
{
	return &driver_plain_written;
}

const struct element driver_row = {
	.name = "driver",
	.attributes = driver_attributes,
	.children = driver_children,
	.apply = apply_driver,
	.write = write_driver,
};

const struct element driver_plain_row = {
	.name = "driver",
	.attributes = plain_attributes,
	.apply = apply_plain,
};

const struct element driver_virtio_row = { .name = "driver", .attributes = virtio_attributes };

/* ---- <model> ---- */

/* What libvirt knows, in its spelling; "unknown" is its word for none. */
static const char *const known_models[] = {
	"netfront",   "rtl8139", "virtio",  "e1000",   "e1000e",    "igb",      "virtio-transitional",
	"usb-net",    "vlance",  "vmxnet",  "vmxnet2", "vmxnet3",   "lan9118",  "virtio-non-transitional",
	"spapr-vlan", "82540EM", "82545EM", "82543GC", "Am79C970A", "Am79C973", "scm91c111",
};

/* Model names are checked although nothing follows from them: libvirt does. */
static bool read_model(struct reader *reader, const struct given *given, uint64_t *ret)
{
	*ret = 1;
	if (reader_is_name(given->text))
		return true;
	TELL(reader, RULE_MODEL_FORM, given->offset);
	return false;
}

static const struct attribute model_attributes[] = {
	{ .name = "type",
	  .read = read_model,
	  .flags = ATTRIBUTE_EMPTY_IS_ABSENT | ATTRIBUTE_APPLIED,
	  .field = TEXT(struct interface, model) },
	{ 0 },
};

static void apply_model(struct reader *reader, const struct tag *tag)
{
	const char *name = tag->readings[0].text;
	if (!name || strcasecmp(name, "unknown") == 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(known_models); i++)
		if (strcasecmp(name, known_models[i]) == 0)
			name = known_models[i];
	reader->draft->interface.model = reader_copy(reader, name);
}

const struct element model_row = {
	.name = "model",
	.attributes = model_attributes,
	.apply = apply_model,
};
