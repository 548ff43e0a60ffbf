/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* <interface type='hostdev'> and <hostdev>, and what stands in them. */

#include <stdbool.h>
#include <stddef.h>

#include "model/document.h"
#include "model/grammar.h"

/* <bandwidth> counts in kilobytes a second, VFs in Mbit/s. */
#define KILOBYTES_OF_MEGABIT 125

/* The parameters of <virtualport>, in the order in which they are written. */
enum port_parameter {
	PARAMETER_MANAGER_ID,
	PARAMETER_TYPE_ID,
	PARAMETER_TYPE_VERSION,
	PARAMETER_INSTANCE_ID,
	PARAMETER_INTERFACE_ID,
	PARAMETER_PROFILE_ID,
	PARAMETER_COUNT
};

/* How much of a <virtualport> must be there. */
enum port_use {
	PORT_USE_COMPLETE, /* all that its type needs */
	PORT_USE_TYPED,    /* the type: what is missing can come from an interface or a portgroup */
	PORT_USE_LOOSE,    /* nothing */
};

/*
 * A device while it is being read: the model, and what rules need beyond it. Where something stands is 0 when
 * it does not.
 */
struct draft {
	struct interface interface;
	bool plain; /* it is a <hostdev> */
	bool pool;  /* it is an <interface type='network'>: what a VF cannot have is no fault */
	bool has_source;
	bool source_known; /* and it says what kind of device it names */
	bool bad_address;  /* <address> of its USB device */
	size_t source_offset;
	size_t rom_offset;
	size_t acpi_offset;
	size_t address_offset; /* of the type of the guest's <address> */
	size_t vf_offset;
	/* <vlan>; libvirt's rules look at all tags, settings hold one. */
	size_t vlan_offset;
	size_t native_count;
	/* <virtualport> */
	enum port_use port_use;
	size_t parameters_offset;
	size_t parameter_offsets[PARAMETER_COUNT];
};

/* The rows of <interface type='hostdev'> and <hostdev>, to be read with a draft. */
extern const struct element interface_row;
extern const struct element hostdev_row;
extern const struct element pool_interface_row; /* type='network' */

/* Whether NODE, an interface of type 'network', could have a VF, going by its address in the guest. */
bool pool_can_have(const struct _xmlNode *node);

/* Tells when the guest's address has a type that the device that was read cannot have. */
void interface_check_address(struct reader *reader);

/*
 * Puts together what the elements of the interface that was read ask of its VF. Tells what they say twice, or
 * what makes no sense together.
 */
void vf_wish(struct reader *reader);

/*
 * Which kind of device the <source> in NODE names: libvirt goes by the type of its address; without one, a
 * vendor implies USB, but nothing ever implies PCI. False when it names none.
 */
bool source_find(const struct _xmlNode *node, enum source_type *ret);

/* Reads <source>, and writes it: its rows depend on what kind of device it names. */
void source_read(struct reader *reader, const struct _xmlNode *node);
const struct element *source_write(const void *base);
const struct element *source_write_plain(const void *base);

/* Whether the type of the <model> beside NODE is one of virtio; in *RET, unless it is NULL. */
bool model_is_virtio(const struct _xmlNode *node, const char **ret);

/* The alias that the user gave NODE, a device of any kind; NULL when there is none. It is the tree's. */
const char *alias_of(const struct _xmlNode *node);

extern const struct element mac_row;
extern const struct element driver_row;
extern const struct element driver_plain_row;
extern const struct element driver_virtio_row;
extern const struct element vlan_row;
extern const struct element virtualport_row;
extern const struct element bandwidth_row;
extern const struct element port_row;
extern const struct element target_row;
extern const struct element model_row;
extern const struct element backend_row;
extern const struct element tune_row;
extern const struct element script_row;
extern const struct element downscript_row;
extern const struct element backend_domain_row;
extern const struct element guest_row;
extern const struct element teaming_row;
extern const struct element link_row;
extern const struct element mtu_row;
extern const struct element coalesce_row;
extern const struct element boot_row;
extern const struct element alias_row;
extern const struct element rom_row;
extern const struct element acpi_row;
extern const struct element address_row;
extern const struct element vf_row;
