/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Documents for the host of these tests, and what prepare says to them. */

#include "host.h"

#define INTERFACE(function, more) \
	"<interface type='hostdev' managed='yes'>" \
	"<source><address type='pci' domain='0' bus='1' slot='16' function='" function "'/></source>" more \
	"</interface>"
#define UNMANAGED(function, more) \
	"<interface type='hostdev' managed='no'>" \
	"<source><address type='pci' domain='0' bus='1' slot='16' function='" function "'/></source>" more \
	"</interface>"
#define AT(bus, slot, function) \
	"<interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:09'/>" \
	"<source><address type='pci' domain='0' bus='" bus "' slot='" slot "' function='" function \
	"'/></source></interface>"
#define MAC "<mac address='52:54:00:00:00:01'/>"
#define MAC2 "<mac address='52:54:00:00:00:02'/>"
#define VLAN "<vlan><tag id='42'/></vlan>"
#define PORT "<virtualport type='802.1Qbh'><parameters profileid='gold'/></virtualport>"

struct test {
	const char *name;
	void (*change)(struct fake_host *host); /* what is different on the host */
	const char *interfaces;
	const char *expected; /* steps or reports */
};

static inline struct document *parse(const char *interfaces)
{
	char xml[2048];
	struct reports reports = { 0 };
	struct document *document = NULL;
	int n = snprintf(xml, sizeof(xml), "<domain type='kvm'><name>g1</name><devices>%s</devices></domain>",
			 interfaces);
	assert_in_range(n, 1, sizeof(xml) - 1);
	struct document_text text = { "test.xml", xml, (size_t)n, PURPOSE_ACT };
	if (document_parse(&text, true, &document, &reports) < 0)
		fail_msg("%s: %s", interfaces, reports.items[0].message);
	reports_done(&reports);
	return document;
}

/* Who asks, where a test wants something else than usual. */
static const struct uuid machine = { { 0xfa, 0x4e } };
static const struct prepare_request usual = { .guest = "g1", .machine_id = &machine };

/* The facts that DOCUMENT needs. */
static inline struct facts *facts_for(const struct document *document)
{
	struct pci_address addresses[8];
	size_t count = 0;
	for (size_t i = 0; i < document->interface_count; i++)
		if (document->interfaces[i].source == SOURCE_PCI)
			addresses[count++] = document->interfaces[i].host;
	return facts_of(addresses, count);
}

/* What prepare says to REQUEST about INTERFACES, as text in new memory: reports, and without errors the steps. */
static inline char *prepare(struct prepare_request request, const char *interfaces)
{
	static const struct record_list none = { 0 };
	struct document *document = parse(interfaces);
	struct facts *facts = facts_for(document);
	struct reports reports = { 0 };
	struct plan plan = { 0 };
	request.document = document;
	request.records = request.records ? request.records : &none;
	int r = plan_prepare(&request, facts, &plan, &reports);
	assert_int_equal(r, reports.errors ? -EINVAL : 0);
	char *text = reports_text(&reports);
	if (r == 0) {
		char *warnings = text;
		size_t size;
		FILE *out = open_memstream(&text, &size);
		assert_non_null(out);
		fputs(warnings, out);
		free(warnings);
		for (size_t i = 0; i < plan.count; i++) {
			fprintf(out, "%s\n", pci_text(plan.devices[i].address).s);
			print_steps(out, &plan.devices[i]);
		}
		fclose(out);
	}
	plan_done(&plan);
	reports_done(&reports);
	facts_free(facts);
	document_free(document);
	return text;
}

static inline void run(const struct test *tests, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fake_host *host = host_new();
		if (tests[i].change)
			tests[i].change(host);
		char *text = prepare(usual, tests[i].interfaces);
		if (strcmp(text, tests[i].expected) != 0)
			print_message("  %s\n", tests[i].name);
		assert_string_equal(text, tests[i].expected);
		free(text);
		/* Planning changes nothing. */
		assert_string_equal(fake_log(host), "");
		fake_host_free(host);
	}
}
