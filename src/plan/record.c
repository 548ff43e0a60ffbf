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

struct record *record_list_find(const struct record_list *list, struct pci_address address)
{
	for (size_t i = 0; i < list->count; i++)
		if (pci_compare(list->items[i]->address, address) == 0)
			return list->items[i];
	return NULL;
}

void record_list_done(struct record_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		record_free(list->items[i]);
	free(list->items);
	*list = (struct record_list){ 0 };
}
