/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * QEMU's -device argument for a device of the host: a compact JSON object, with the properties and in the order in which
 * libvirt gives them.
 */

#include "vmm/device.h"

/* See vmm_argument: the object for vfio-pci or usb-host. Refuses nothing. */
vmm_argument qemu_argument;
