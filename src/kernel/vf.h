/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * VF settings through the PF: RTM_GETLINK with IFLA_EXT_MASK, RTM_SETLINK with IFLA_VFINFO_LIST. Which
 * settings exist, how they are encoded and decoded, stands in one table in vf_message.c.
 */

#include <stddef.h>
#include <stdint.h>

#include "kernel/device.h"
#include "kernel/kernel.h"

/*
 * Decodes LENGTH bytes of an RTM_NEWLINK message (header included) into its VFs, in new memory. -EBADMSG when
 * the message is not whole or its lengths contradict each other, -EOVERFLOW when it says that there are more VFs
 * than one attribute (64 KiB) can list. A link without VFs gives none.
 */
int vf_decode(const void *message, size_t length, struct vf_report **ret, size_t *ret_count);

/* All VFs of the PF whose netdev is IFINDEX, read with one request, statistics left out, in new memory. */
int vf_list(struct kernel *kernel, int ifindex, struct vf_report **ret, size_t *ret_count,
	    struct kernel_words *words);

/*
 * Sets one setting of VF TARGET: one RTM_SETLINK with that one attribute, its answer awaited. The kernel's
 * own words go to WORDS. 0 or the kernel's negative errno; -ETIMEDOUT without an answer.
 */
int vf_set(struct kernel *kernel, struct vf_target target, enum setting which, const struct value *value,
	   struct kernel_words *words);

/* What is asked of the adjacent switch, as the kernel numbers it. */
enum port_request { PORT_PREASSOCIATE, PORT_PREASSOCIATE_RR, PORT_ASSOCIATE, PORT_DISASSOCIATE };

/*
 * Has the switch associate the port of VF TARGET as PORT says, or with PORT_DISASSOCIATE no longer. 0 when the request
 * was taken: the switch's answer comes later, and is reported with the VF's other settings (kernel/vf.h). The kernel's
 * negative errno, -EOPNOTSUPP when the PF's driver has no port profiles; its own words go to WORDS.
 */
int port_set(struct kernel *kernel, struct vf_target target, enum port_request request,
	     const struct port *port, struct kernel_words *words);
