/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/record.h"

#include <stdlib.h>

void record_free(struct record *record)
{
	if (!record)
		return;
	free(record->guest);
	free(record->dirty);
	free(record);
}

const char *record_state(const struct record *record)
{
	if (record->dirty)
		return "dirty";
	return record->committed ? "assigned" : "preparing";
}
