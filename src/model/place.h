/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/document.h"

/* "FILE:LINE:COLUMN" in new memory, with "-" shown as "<stdin>". NULL without memory. */
char *place_text(const char *file, struct position position);
