/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Port profiles: what is asked of the adjacent switch for a VF. 802.1Qbh is spoken with the PF's driver in the kernel,
 * 802.1Qbg with lldpad.
 */

#include <stdint.h>

#include "kernel/device.h"
#include "kernel/kernel.h"
#include "types/port.h"

/* As the kernel numbers them. */
enum port_request { PORT_PREASSOCIATE, PORT_PREASSOCIATE_RR, PORT_ASSOCIATE, PORT_DISASSOCIATE };

/* What is reported of one port. */
struct port_report {
	uint32_t vf; /* lldpad, which knows no VFs, says PORT_SELF_VF */
	struct port port;
};
