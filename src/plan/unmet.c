/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whether what was set is what is there: plan/plan.h. */

#include "base/text.h"
#include "facts/facts.h"
#include "plan/plan.h"
#include "plan/record.h"
#include "plan/step.h"

/* The settings up to the driver that NOW has otherwise than WANTED. */
static size_t find_unmet(const struct settings *wanted, const struct device_facts *now,
			 enum setting ret[static SETTING_COUNT])
{
	size_t count = 0;
	for (enum setting setting = 0; setting <= SETTING_DRIVER; setting++) {
		const struct value *is = &now->settings.of[setting];
		const struct value *should = &wanted->of[setting];
		if (should->present && is->present && !value_equal(setting, is, should))
			ret[count++] = setting;
	}
	return count;
}

bool plan_unmet(const struct plan *plan, size_t index, const struct device_facts *now, char **ret_text)
{
	const struct settings *wanted = &plan->devices[index].after;
	enum setting unmet[SETTING_COUNT];
	struct text_list list = { 0 };
	if (!now->exists || !now->report)
		text_list_add(&list, "its PF does not report it any more");
	size_t count = find_unmet(wanted, now, unmet);
	for (size_t i = 0; i < count; i++)
		text_list_add(&list, "%s is %s, not %s", setting_word(unmet[i]),
			      value_show(unmet[i], &now->settings.of[unmet[i]]).s,
			      value_show(unmet[i], &wanted->of[unmet[i]]).s);
	*ret_text = list.text;
	return list.count > 0;
}

size_t plan_drift(const struct record *record, const struct device_facts *now,
		  enum setting ret[static SETTING_COUNT])
{
	return record->committed && !record->dirty ? find_unmet(&record->after, now, ret) : 0;
}
