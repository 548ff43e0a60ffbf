/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>

/*
 * Reads TEXT as one unsigned number, whole and strict: BASE 10 or 16, or 0 for "0x" hex, leading "0" octal
 * and else decimal, as libvirt does (so "08" is an error in base 0). Leading white space and "+" are
 * accepted, "-" is not. Returns 0 and the number, -EINVAL for anything that is not a number, -ERANGE above
 * MAX.
 */
int number_parse(const char *text, int base, uint64_t max, uint64_t *ret);
