/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The port profile of a guest's interface: what its document asks of the switch. */

#include "types/setting.h"

struct device_facts;
struct interface;
struct prepare_request;
struct reports;

/* Reports what forbids giving DEVICE the port profile of INTERFACE. */
void port_check(const struct prepare_request *request, const struct device_facts *device,
		const struct interface *interface, struct reports *reports);

/* The port profile of INTERFACE, as it is to be once the switch has agreed; absent when the document has none. */
struct value port_wanted(const struct prepare_request *request, const struct interface *interface);
