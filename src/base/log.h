/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where debug messages go: a function of the caller's. All zero: nowhere. */
struct log {
	void (*print)(void *data, const char *message);
	void *data;
};

/* One message, printf style, without newline. */
void log_debug(const struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
