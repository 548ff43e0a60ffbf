/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* <network> with <forward mode='hostdev'>: a pool of VFs, and what a guest's interface gets from it. */

#include "model/grammar.h"
#include "model/interface.h"

/*
 * Networks and portgroups have some of the elements of an interface: <vlan>, <virtualport>, <bandwidth>, <driver>,
 * <port> and trustGuestRxFilters. They come first, so that their rows are the same.
 */
struct portgroup {
	struct interface port; /* these elements alone */
	const char *name;
	bool is_default;
};

struct network {
	struct interface port;
	const char *name;
	bool has_uuid;
	struct uuid uuid;
	const char *title; /* NULL when absent or empty, as the next two */
	const char *description;
	const char *metadata; /* the whole element, in canonical form */
	bool ipv6;
	bool managed;
	/* The pool: VFs by address or, without any, all VFs of a PF. */
	struct pci_address *addresses;
	size_t address_count;
	const char *pf; /* the PF's netdev */
	struct number dns_enable;
	struct number dns_plain_names;
	struct portgroup *portgroups;
	size_t portgroup_count;
};

/* Something that is listed. */
struct listed {
	const char *name;
	size_t offset;
};

struct listing {
	struct listed *items;
	size_t count;
};

/* A network while it is being read: what rules need beyond the model. */
struct network_draft {
	struct network *network; /* the document's */
	const char *name;        /* of the network, for messages; never NULL */
	bool has_name;
	bool is_ours;
	bool has_addresses; /* <address> in <forward>: libvirt looks at no <pf> then */
	size_t pf_count;
	bool has_vlan;             /* of its own */
	const char *port_type;     /* of its own virtualport, "" when it has none */
	const char *default_group; /* name of the first default one */
	struct listing addresses;
	struct listing groups;
};

/* The row of a network that is ours. */
extern const struct element network_row;

/*
 * The portgroup of NETWORK that NAME chooses; without a name, the default one. NULL: none, which libvirt
 * allows.
 */
const struct portgroup *network_portgroup(const struct network *network, const char *name);

/* Whether the forward mode of NODE, a <network>, makes it one of ours; tells why when it does not. */
bool forward_is_ours(struct reader *reader, const struct _xmlNode *node);

/* What only networks with a bridge of their own have. */
extern const struct element bridge_row;
extern const struct element bridge_mtu_row;
extern const struct element bridge_dns_row;

/* Refuses NODE. */
void bridge_refuse(struct reader *reader, const struct _xmlNode *node);

/* Refuses NODE if there is anything in it. */
void bridge_refuse_mac(struct reader *reader, const struct _xmlNode *node);

/* The same. */
void bridge_refuse_domain(struct reader *reader, const struct _xmlNode *node);

/* The same. */
void bridge_refuse_bandwidth(struct reader *reader, const struct _xmlNode *node);

/* <forward> and <portgroup>. */
extern const struct element forward_row;
extern const struct element portgroup_row;

/* Reads <metadata>, which is kept whole. */
void network_metadata_read(struct reader *reader, const struct _xmlNode *node);

/* Reads <vlan> and <virtualport> into the port at the start of a network or portgroup. */
void port_read_vlan(struct reader *reader, const struct _xmlNode *node);
void port_read_virtualport(struct reader *reader, const struct _xmlNode *node, enum port_use use);

/*
 * Tells when PORT of NODE, a <network> or <portgroup>, has a virtual port that no VF can be connected by.
 */
void network_check_port_type(struct reader *reader, const struct _xmlNode *node, const struct interface *port);

/* Remembers that NAME, which must outlive the listing, is listed at OFFSET. */
void listing_add(struct reader *reader, struct listing *listing, const char *name, size_t offset);

/* Leaves in LISTING only what stands there again, in the order of the document. */
void listing_keep_repeated(struct listing *listing);
