/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lib/vmm.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "base/text.h"
#include "vmm/cloud_hypervisor.h"
#include "vmm/qemu.h"

static const struct vmm vmms[] = {
	{ "qemu", "-device", false, qemu_argument },
	/* Since version 36 its option must not be repeated. */
	{ "cloud-hypervisor", "--device", true, cloud_hypervisor_argument },
};

const struct vmm *vmm_find(const char *name, struct reports *reports)
{
	struct text_list names = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(vmms); i++)
		if (!name || strcmp(vmms[i].name, name) == 0)
			return &vmms[i];
	for (size_t i = 0; i < ARRAY_SIZE(vmms); i++)
		text_list_add(&names, "%s", vmms[i].name);
	cleanup_free char *text = names.text;
	report_hint(report_error(reports, REPORT_USAGE, NULL, "there is no VMM called '%s'", name),
		    "those that there are: %s", text ? text : "");
	return NULL;
}
