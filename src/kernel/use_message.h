/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What rtnetlink says of how a netdev is used, apart from the socket that it comes from. */

#include <linux/netlink.h>

#include "kernel/device.h"

/*
 * Takes MESSAGE (RTM_NEWADDR or RTM_NEWROUTE; others say nothing) into USE, as far as it is about netdev IFINDEX.
 * What is link-local or, if the kernel made it, multicast, is no use.
 */
void use_decode(const struct nlmsghdr *message, int ifindex, struct netdev_use *use);
