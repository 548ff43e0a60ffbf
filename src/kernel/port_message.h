/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The bytes of port profiles in netlink messages: IFLA_VF_PORTS. Pure: no sockets, no files. The kernel and lldpad take
 * messages of the same shape.
 */

#include <stddef.h>

#include "kernel/attribute.h"
#include "kernel/vf.h"

/* What is reported of one port. */
struct port_report {
	uint32_t vf; /* lldpad, which knows no VFs, says PORT_SELF_VF */
	struct port port;
};

/* Holds any message made here. */
#define PORT_MESSAGE_SIZE 256

/*
 * Makes in BUF (PORT_MESSAGE_SIZE bytes, aligned as a struct nlmsghdr) the RTM_SETLINK that has the switch associate
 * the port of VF TARGET as PORT says, or with PORT_DISASSOCIATE as REQUEST no longer. The sequence number is
 * left 0. -EINVAL when PORT is of no kind.
 */
int port_encode(void *buf, struct vf_target target, enum port_request request, const struct port *port);

/*
 * Decodes PORTS, the payload of an IFLA_VF_PORTS, into new memory. A port whose end was asked for is of no kind; one
 * without an answer is in progress; of lldpad's, only instance and response are known. -EBADMSG when lengths contradict
 * each other, -ENOMEM.
 */
int port_decode(struct span ports, struct port_report **ret, size_t *ret_count);
