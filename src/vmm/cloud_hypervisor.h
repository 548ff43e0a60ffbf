/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Cloud Hypervisor's --device argument for a device of the host. */

#include "vmm/device.h"

/*
 * See vmm_argument: "path=…,id=…", and the PCI segment where it is not the first. Refuses USB devices and halves of a
 * failover pair; warns of what else cannot be told.
 */
vmm_argument cloud_hypervisor_argument;
