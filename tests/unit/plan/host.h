/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The host of these tests, and plans and reports as text. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "facts/facts.h"
#include "fake/kernel.h"
#include "kernel/kernel.h"
#include "model/document.h"
#include "plan/plan.h"
#include "plan/record.h"
#include "plan/step.h"

#define PF "0000:01:00.0"
#define VF0 "0000:01:10.0" /* nothing set, its netdev down */
#define VF1 "0000:01:10.2" /* admin MAC, VLAN 7, its netdev up, with another name and MTU */
#define VF2 "0000:01:10.4" /* on vfio-pci */
#define VF3 "0000:01:10.6" /* on no driver */
#define NIC "0000:02:00.0"
#define ADMIN_MAC "02:ad:00:00:00:01"

static inline struct pci_address address(const char *text)
{
	struct pci_address parsed;
	assert_int_equal(pci_parse(text, &parsed), 0);
	return parsed;
}

static inline struct mac mac(const char *text)
{
	struct mac parsed;
	assert_int_equal(mac_parse(text, &parsed), 0);
	return parsed;
}

static inline struct fake_host *host_new(void)
{
	static const char *const off[] = { VF2, VF3 };
	struct fake_host *host = fake_host_new();
	fake_add_pf(host, PF, "eth0", true);
	fake_add_vfs(host, PF, 4);
	fake_add_nic(host, NIC, "lan0");
	fake_set(host, VF1, SETTING_MAC, value_mac(mac(ADMIN_MAC)));
	fake_set(host, VF1, SETTING_VLAN, value_vlan((struct vlan){ 7, 3, VLAN_PROTO_8021Q }));
	fake_set(host, VF1, SETTING_DRIVER, value_name("igbvf"));
	fake_set(host, VF1, SETTING_NETDEV_NAME, value_name("uplink1"));
	fake_set(host, VF1, SETTING_NETDEV_MTU, value_number(1400));
	fake_set(host, VF1, SETTING_NETDEV_UP, value_flag(true));
	fake_add_module(host, "vfio-pci", FAKE_MODULE_LOADED);
	for (size_t i = 0; i < ARRAY_SIZE(off); i++) {
		fake_set(host, off[i], SETTING_DRIVER, value_name(i == 0 ? "vfio-pci" : ""));
		fake_set(host, off[i], SETTING_MAC, value_mac((struct mac){ 0 }));
	}
	return host;
}

/* The facts of COUNT devices of HOST. */
static inline struct facts *facts_of(const struct pci_address *addresses, size_t count)
{
	struct kernel *kernel;
	struct facts *facts = NULL;
	assert_int_equal(kernel_open("/", &kernel), 0);
	assert_int_equal(facts_read(kernel, addresses, count, FACTS_HOLDERS | FACTS_USE | FACTS_DRIVERS, &facts),
			 0);
	kernel_close(kernel);
	return facts;
}

/* "MAC: set MAC through PF 0000:01:00.0 vf 1: none -> 52:54:00:00:00:01", one line a step; waiting has no values. */
static inline void print_steps(FILE *out, const struct device_plan *plan)
{
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step *step = &plan->steps[i];
		char *text = step_text(plan, step);
		fprintf(out, "%s", text);
		free(text);
		if (step->setting != SETTING_COUNT)
			fprintf(out, ": %s -> %s", value_show(step->setting, &step->from).s,
				value_show(step->setting, &step->to).s);
		fputc('\n', out);
	}
}

/* The reports as the command shows them, in new memory. */
static inline char *reports_text(const struct reports *reports)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *report = &reports->items[i];
		fprintf(out, "%s: %s\n", report_class_text(report->class), report->message);
		if (report->errnum)
			fprintf(out, "cause: %s\n", strerrorname_np(report->errnum));
		if (report->hint)
			fprintf(out, "hint: %s\n", report->hint);
	}
	fclose(out);
	return text;
}
