/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The lines of a record file, as text. */

#include "plan/record.h"

/*
 * The first line: what the record is. Each function here returns new memory, a newline at the end; NULL
 * without memory.
 */
char *record_line(const struct record *record);

/* The lines of a new record: the first, and an intent for each setting that is to be changed. */
char *record_text(const struct record *record);

/* The lines about what happened. */
char *record_intent_line(enum setting setting);
char *record_owner_line(struct owner owner);
char *record_commit_line(void);
char *record_dirty_line(const char *why);

/*
 * Reads a whole file: the first line, then whatever happened, in order; an unfinished last line does not
 * count. 0 and the record; -EBADMSG when it is not one, -ENOTSUP when it is of another version, -ENOMEM.
 */
int record_parse(const char *text, struct record **ret);
