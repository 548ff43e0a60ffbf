/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The bytes of VF settings in rtnetlink messages. Pure: no sockets, no files. vf_decode() stands in
 * kernel/vf.h.
 */

#include <linux/netlink.h>
#include <stddef.h>

#include "kernel/vf.h"

/* Holds any message made here. */
#define VF_MESSAGE_SIZE 256

/*
 * Makes in BUF (VF_MESSAGE_SIZE bytes, aligned as a struct nlmsghdr) the RTM_SETLINK that gives VF TARGET the
 * VALUE of setting WHICH; the sequence number is left 0. -EINVAL when WHICH is not set through the PF or
 * VALUE is absent.
 */
int vf_encode(void *buf, struct vf_target target, enum setting which, const struct value *value);

/*
 * Makes in BUF, as above, the RTM_GETLINK that reads the VFs of the PF whose netdev is IFINDEX, without
 * statistics.
 */
void vf_encode_list(void *buf, int ifindex);
