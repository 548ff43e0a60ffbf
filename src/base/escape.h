/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * TEXT (from XML, a VMM, the kernel) made safe for a terminal or a log, in new memory: control bytes and bytes that are not
 * part of valid UTF-8 become \xHH, everything else stays. NULL without memory.
 */
char *escape_text(const char *text);
