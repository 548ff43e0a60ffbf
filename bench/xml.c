/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What reading and writing a domain with many hostdev interfaces costs, in this process: with this library; with libxml2 alone, which
 * parses the same bytes and nothing more (the floor); and with libvirt's test driver, which defines the domain and prints it, if libvirt
 * is there. They take turns, so that whatever else the machine does meets all of them.
 */

#include <dlfcn.h>
#include <libxml/parser.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "model/document.h"

#define ROUNDS 15
#define INTERFACES_A_SAMPLE 1000
#define FLOOR_RATIO_MAX 3.0
#define LIBVIRT_RATIO_MIN 5.0
#define GROWTH_MAX 1.25 /* of the cost of an interface from 100 to 1000 of them, beside that of libxml2 */

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("bench/xml: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

/* ---- the document ---- */

struct text {
	char *data;
	size_t length;
	unsigned interfaces;
};

/* In the layout that libvirt prints, with whatever an interface with a VLAN needs. */
static struct text make_domain(unsigned interfaces)
{
	struct text text = { .interfaces = interfaces };
	FILE *stream = open_memstream(&text.data, &text.length);
	if (!stream)
		die("no memory");
	fputs("<domain type='test'>\n  <name>bench</name>\n  <uuid>5c5b1a5e-3c3a-4a0c-9d7e-000000000001</uuid>\n"
	      "  <memory unit='KiB'>1048576</memory>\n  <os>\n    <type>hvm</type>\n  </os>\n  <devices>\n",
	      stream);
	for (unsigned i = 0; i < interfaces; i++)
		fprintf(stream,
			"    <interface type='hostdev' managed='yes'>\n"
			"      <mac address='52:54:00:00:%02x:%02x'/>\n"
			"      <source>\n"
			"        <address type='pci' domain='0x0000' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n"
			"      </source>\n"
			"      <vlan>\n        <tag id='%u'/>\n      </vlan>\n"
			"    </interface>\n",
			i >> 8, i & 0xff, 1 + (i >> 8), i >> 3 & 0x1f, i & 7, 1 + i % 4094);
	fputs("  </devices>\n</domain>\n", stream);
	if (fclose(stream) != 0)
		die("no memory");
	return text;
}

/* ---- who reads it ---- */

static void run_floor(const struct text *text)
{
	xmlDoc *xml = xmlReadMemory(text->data, (int)text->length, NULL, NULL, XML_PARSE_NONET);
	if (!xml)
		die("libxml2 does not read the document");
	xmlFreeDoc(xml);
}

static void run_model(const struct text *text)
{
	struct document_text bytes = { "bench", text->data, text->length, PURPOSE_DEFINE };
	struct reports reports = { 0 };
	struct document *document = NULL;
	if (document_parse(&bytes, true, &document, &reports) < 0)
		die("the document is refused: %s", reports.items[0].message);
	cleanup_free char *again = document_format(document, &bytes);
	if (!again || document->interface_count != text->interfaces || strcmp(again, text->data) != 0)
		die("the document is written in another way");
	document_free(document);
	reports_done(&reports);
}

#define DOMAIN_XML_INACTIVE 2

static struct {
	void *library; /* NULL: libvirt is not there */
	void *connection;
	void *domain; /* as it was defined last */
	void *(*define)(void *connection, const char *xml);
	char *(*dump)(void *domain, unsigned flags);
	int (*undefine)(void *domain);
	int (*free)(void *domain);
	unsigned long version;
} libvirt;

/* dlsym() returns data pointers: how functions come out of them is up to the program. */
static void find(void *function, const char *name)
{
	void *symbol = dlsym(libvirt.library, name);
	if (!symbol)
		die("libvirt has no %s", name);
	memcpy(function, &symbol, sizeof(symbol));
}

static bool open_libvirt(void)
{
	void *(*open)(const char *uri);
	int (*version)(unsigned long *ret, const char *type, unsigned long *ret_type);
	libvirt.library = dlopen("libvirt.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!libvirt.library)
		return false;
	find(&open, "virConnectOpen");
	find(&version, "virGetVersion");
	find(&libvirt.define, "virDomainDefineXML");
	find(&libvirt.dump, "virDomainGetXMLDesc");
	find(&libvirt.undefine, "virDomainUndefine");
	find(&libvirt.free, "virDomainFree");
	libvirt.connection = open("test:///default");
	if (!libvirt.connection || version(&libvirt.version, NULL, NULL) < 0)
		die("libvirt has no test driver");
	return true;
}

static void run_libvirt(const struct text *text)
{
	libvirt.domain = libvirt.define(libvirt.connection, text->data);
	cleanup_free char *again = libvirt.domain ? libvirt.dump(libvirt.domain, DOMAIN_XML_INACTIVE) : NULL;
	if (!again)
		die("libvirt does not take the document");
}

static void forget_libvirt(void)
{
	libvirt.undefine(libvirt.domain);
	libvirt.free(libvirt.domain);
}

enum { FLOOR, MODEL, LIBVIRT, SUBJECTS };

static const struct {
	void (*run)(const struct text *text);
	void (*after)(void); /* not measured */
} subjects[] = {
	[FLOOR] = { run_floor, NULL },
	[MODEL] = { run_model, NULL },
	[LIBVIRT] = { run_libvirt, forget_libvirt },
};

/* ---- how long it takes ---- */

/* Microseconds of processor time, which others on the machine do not add to. */
static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* Microseconds an interface. */
static double measure(size_t subject, const struct text *text)
{
	double sum = 0;
	unsigned times = INTERFACES_A_SAMPLE / text->interfaces;
	for (unsigned i = 0; i < times; i++) {
		double start = now();
		subjects[subject].run(text);
		sum += now() - start;
		if (subjects[subject].after)
			subjects[subject].after();
	}
	return sum / times / text->interfaces;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static double median(const double values[ROUNDS])
{
	double sorted[ROUNDS];
	memcpy(sorted, values, sizeof(sorted));
	qsort(sorted, ROUNDS, sizeof(*sorted), compare);
	return sorted[ROUNDS / 2];
}

struct row {
	unsigned interfaces;
	double cost[SUBJECTS];
	double to_floor;   /* MODEL / FLOOR */
	double to_libvirt; /* LIBVIRT / MODEL */
};

/* Medians of the costs, and of what they are to each other in each round. */
static struct row measure_row(unsigned interfaces, size_t subject_count)
{
	double cost[SUBJECTS][ROUNDS] = { 0 }, to_floor[ROUNDS], to_libvirt[ROUNDS];
	struct text text = make_domain(interfaces);
	struct row row = { .interfaces = interfaces };
	for (size_t i = 0; i < subject_count; i++)
		(void)measure(i, &text); /* warm */
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < subject_count; i++)
			cost[i][round] = measure(i, &text);
		to_floor[round] = cost[MODEL][round] / cost[FLOOR][round];
		to_libvirt[round] = cost[LIBVIRT][round] / cost[MODEL][round];
	}
	for (size_t i = 0; i < subject_count; i++)
		row.cost[i] = median(cost[i]);
	row.to_floor = median(to_floor);
	row.to_libvirt = median(to_libvirt);
	free(text.data);
	return row;
}

/* ---- the table ---- */

static void print_row(const struct row *row, bool with_libvirt)
{
	printf("| %u | %.2f | %.2f |", row->interfaces, row->cost[FLOOR], row->cost[MODEL]);
	if (with_libvirt)
		printf(" %.2f | %.2f | %.1f |\n", row->cost[LIBVIRT], row->to_floor, row->to_libvirt);
	else
		printf(" - | %.2f | - |\n", row->to_floor);
}

/* Prints what was to be reached, and returns whether it was. */
static bool target(const char *what, double value, const char *relation, double limit)
{
	bool met = *relation == '<' ? value <= limit : value >= limit;
	printf("%s %s: %.2f (%s %.2f)\n", met ? "ok  " : "MISS", what, value, relation, limit);
	return met;
}

/*
 * An interface costs more among 1000 than among 100 because they do not fit into the processor's caches; so it
 * does for libxml2, which goes through the document once.
 */
static bool check_targets(const struct row *at_100, const struct row *at_1000, bool with_libvirt)
{
	bool met = target("vfassign / libxml2 at 100", at_100->to_floor, "<=", FLOOR_RATIO_MAX);
	met &= target("vfassign / libxml2 at 1000", at_1000->to_floor, "<=", FLOOR_RATIO_MAX);
	met &= target("linear: vfassign / libxml2 at 1000, beside at 100", at_1000->to_floor / at_100->to_floor,
		      "<=", GROWTH_MAX);
	if (with_libvirt)
		met &= target("libvirt / vfassign at 100", at_100->to_libvirt, ">=", LIBVIRT_RATIO_MIN);
	return met;
}

int main(void)
{
	bool with_libvirt = open_libvirt();
	puts("Microseconds of processor time an interface, medians of 15 rounds.");
	if (with_libvirt)
		printf("libxml2 %s, libvirt %lu.%lu.%lu\n\n", LIBXML_DOTTED_VERSION, libvirt.version / 1000000,
		       libvirt.version / 1000 % 1000, libvirt.version % 1000);
	else
		printf("libxml2 %s; libvirt is not there (tools/deps --for differential installs it)\n\n",
		       LIBXML_DOTTED_VERSION);
	puts("| interfaces | libxml2 alone | vfassign | libvirt | vfassign / libxml2 | libvirt / vfassign |");
	puts("|---|---|---|---|---|---|");
	static const unsigned counts[] = { 1, 100, 1000 };
	struct row rows[ARRAY_SIZE(counts)];
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		rows[i] = measure_row(counts[i], with_libvirt ? SUBJECTS : LIBVIRT);
		print_row(&rows[i], with_libvirt);
	}
	puts("");
	return check_targets(&rows[1], &rows[2], with_libvirt) ? 0 : 1;
}
