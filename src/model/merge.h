/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What an interface of type 'network' gets in the end: libvirt merges the settings of the interface, of its
 * network and of a portgroup of that when the guest starts.
 */

#include "base/report.h"
#include "model/network.h"

struct merge {
	const struct interface *interface;
	const struct network *network;
	const struct portgroup *group; /* of network_portgroup(); NULL: none */
	const char *where;             /* the object of reports */
};

/* What is not mentioned by any of the three is NULL or not present. Texts are theirs, too. */
struct merged {
	const struct vlan_tags *vlan; /* one of theirs */
	const struct rates *inbound;  /* as well */
	const struct rates *outbound;
	struct number trust_filters;
	struct number isolated;
	const char *virtualport; /* its type */
	struct port_profile profile;
};

/*
 * Merges what MERGE names. Virtual ports that contradict each other are errors, all of which are told.
 * Returns 0, or -EINVAL, -ENOMEM with a report.
 */
int merge_settings(const struct merge *merge, struct merged *ret, struct reports *reports);
