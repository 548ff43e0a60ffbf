/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>

/*
 * TEXT (from XML, a VMM, the kernel) made safe for a terminal or a log, in new memory: control bytes and
 * bytes that are not part of valid UTF-8 become \xHH, everything else stays. NULL without memory.
 */
char *escape_text(const char *text);

/* Whether TEXT is such as escape_text() leaves alone: valid UTF-8 without control characters. */
bool escape_is_text(const char *text);
