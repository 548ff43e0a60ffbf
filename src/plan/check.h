/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is refused before anything changes. */

#include "base/report.h"
#include "facts/facts.h"
#include "model/document.h"
#include "plan/plan.h"

/* Reports everything that forbids giving the device of INTERFACE to the guest of REQUEST. */
void check_interface(const struct prepare_request *request, const struct facts *facts,
		     const struct interface *interface, struct reports *reports);
