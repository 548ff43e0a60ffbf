/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The cases in tests/unit/model/cases: documents with their exact canonical form, and with the exact findings.
 * What is canonical stays as it is when it is read again. tests/unit/model/index.py tells what they cover.
 *
 * A case is a line "= FRAME | ROW", lines "< …" of XML, and lines "> …" of canonical text (">": none) or "! …"
 * of findings: PURPOSE SEVERITY CLASS LINE:COLUMN RULE MESSAGE, of each purpose that has one. FRAME is what stands
 * around both.
 *
 * test-model-cases --print FILE prints FILE with what comes out in the place of what should.
 */

#include "parse.h"

#include "base/cleanup.h"

/* What stands before and behind the XML of a case, and the canonical text, which is indented there. */
static const struct frame {
	const char *name;
	const char *before, *behind;
	const char *written_before, *written_behind;
	const char *indent;
} frames[] = {
	{ "whole", "", "", "", "", "" },
	{ "pci", "<interface type='hostdev'>" SOURCE, "</interface>",
	  "<interface type='hostdev'>\n  <source>\n"
	  "    <address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/>\n  </source>\n",
	  "</interface>\n", "  " },
	{ "usb", "<interface type='hostdev'><source><address type='usb' bus='1' device='2'/></source>\n",
	  "</interface>",
	  "<interface type='hostdev'>\n  <source>\n    <address type='usb' bus='1' device='2'/>\n  </source>\n",
	  "</interface>\n", "  " },
	{ "hostdev", "<hostdev type='pci'><source><address bus='1'/></source>\n", "</hostdev>",
	  "<hostdev mode='subsystem' type='pci' managed='no'>\n  <source>\n"
	  "    <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>\n  </source>\n",
	  "</hostdev>\n", "  " },
	{ "domain", "<domain><name>g</name><devices>\n", "</devices></domain>",
	  "<domain><name>g</name><devices>\n", "</devices></domain>", "" },
};

enum { PURPOSE_COUNT = PURPOSE_DEFINE + 1 };

static const char *const purposes[] = {
	[PURPOSE_ACT] = "act",
	[PURPOSE_ARGUMENTS] = "arguments",
	[PURPOSE_CHECK] = "check",
	[PURPOSE_DEFINE] = "define",
};

/* Text that grows; stream is open while it does. */
struct text {
	char *s;
	size_t size;
	FILE *stream;
};

static void text_open(struct text *text)
{
	*text = (struct text){ 0 };
	text->stream = open_memstream(&text->s, &text->size);
	assert_non_null(text->stream);
}

/* One case. */
struct item {
	const struct frame *frame;
	char title[256];
	struct text xml;
	struct text findings;
	struct text canonical;
	bool accepts;             /* it has canonical text */
	bool asks[PURPOSE_COUNT]; /* it has findings of */
};

/* Adds the findings in XML, read for PURPOSE, to STREAM. Its canonical form; NULL when it is refused. */
static char *find(const char *xml, enum purpose purpose, FILE *stream)
{
	static const char *const severities[] = { "error", "warning", "note" };
	struct document_text text = { .file = "f", .data = xml, .length = strlen(xml), .purpose = purpose };
	struct document *document = NULL;
	struct reports reports = { 0 };
	int r = document_parse(&text, purpose <= PURPOSE_ARGUMENTS, &document, &reports);
	assert_int_equal(r == 0, document != NULL);
	assert_int_equal(r == 0, reports.errors == 0);
	for (size_t i = 0; stream && i < reports.count; i++) {
		const struct report *report = &reports.items[i];
		fprintf(stream, "! %s %s %s %s %s %s\n", purposes[purpose], severities[report->severity],
			report_class_name(report->class), report->object + 2,
			report->rule ? report->rule : "-", report->message);
	}
	char *canonical = document ? document_format(document, &text) : NULL;
	document_free(document);
	reports_done(&reports);
	return canonical;
}

/* The findings that come out, of the purposes that ITEM asks for, or of check. */
static char *find_all(const struct item *item)
{
	struct text text;
	bool any = false;
	text_open(&text);
	for (size_t i = 0; i < PURPOSE_COUNT; i++)
		any |= item->asks[i];
	for (size_t i = 0; i < PURPOSE_COUNT; i++)
		if (item->asks[i] || (!any && i == PURPOSE_CHECK))
			free(find(item->xml.s, (enum purpose)i, text.stream));
	fclose(text.stream);
	return text.s;
}

/* Whether FOUND is what ITEM expects; says what differs. */
static bool is_expected(const struct item *item, const char *found, const char *expected)
{
	found = found ? found : "(refused)\n";
	if (strcmp(found, expected) == 0)
		return true;
	print_error("%s\n%sexpected:\n%sfound:\n%s\n", item->title, item->xml.s, expected, found);
	return false;
}

static bool check_item(const struct item *item)
{
	cleanup_free char *found = item->accepts ? NULL : find_all(item);
	if (!item->accepts)
		return is_expected(item, found, item->findings.s);
	cleanup_free char *canonical = find(item->xml.s, PURPOSE_DEFINE, NULL);
	cleanup_free char *again = canonical ? find(canonical, PURPOSE_DEFINE, NULL) : NULL;
	return is_expected(item, canonical, item->canonical.s) && is_expected(item, again, canonical);
}

/* Prints each line of TEXT behind BEFORE, without INDENT. */
static void print_lines(const char *before, const char *text, const char *end, const char *indent)
{
	while (text < end) {
		int length = (int)strcspn(text, "\n");
		int skip = strncmp(text, indent, strlen(indent)) == 0 ? (int)strlen(indent) : 0;
		printf("%s%.*s\n", before, length - skip, text + skip);
		text += length + 1;
	}
}

static void print_item(const struct item *item)
{
	const struct frame *frame = item->frame;
	const char *xml_end = item->xml.s + item->xml.size - strlen(frame->behind);
	printf("= %s\n", item->title);
	print_lines("< ", item->xml.s + strlen(frame->before), xml_end, "");
	cleanup_free char *canonical = find(item->xml.s, PURPOSE_DEFINE, NULL);
	cleanup_free char *found = find_all(item);
	size_t before = strlen(frame->written_before), behind = strlen(frame->written_behind);
	if (!item->accepts)
		printf("%s", found);
	else if (canonical && strlen(canonical) == before + behind)
		printf(">\n");
	else if (canonical && strncmp(canonical, frame->written_before, before) == 0)
		print_lines("> ", canonical + before, canonical + strlen(canonical) - behind, frame->indent);
	else
		printf("> %s\n%s", canonical ? canonical : "(refused)", found);
	printf("\n");
}

static void item_start(struct item *item, const char *title)
{
	*item = (struct item){ 0 };
	snprintf(item->title, sizeof(item->title), "%s", title);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		if (strncmp(title, frames[i].name, strcspn(title, " |")) == 0)
			item->frame = &frames[i];
	if (!item->frame)
		fail_msg("%s: no such frame", title);
	text_open(&item->xml);
	text_open(&item->findings);
	text_open(&item->canonical);
	fputs(item->frame->before, item->xml.stream);
	fputs(item->frame->written_before, item->canonical.stream);
}

static void item_add(struct item *item, const char *line)
{
	switch (line[0]) {
	case '<':
		fprintf(item->xml.stream, "%s\n", line + 2);
		break;
	case '>':
		item->accepts = true;
		if (line[1])
			fprintf(item->canonical.stream, "%s%s\n", item->frame->indent, line + 2);
		break;
	case '!':
		fprintf(item->findings.stream, "%s\n", line);
		for (size_t i = 0; i < PURPOSE_COUNT; i++)
			item->asks[i] |= strncmp(line + 2, purposes[i], strlen(purposes[i])) == 0;
		break;
	default:
		fail_msg("not a line of a case: %s", line);
	}
}

static void item_end(struct item *item)
{
	fputs(item->frame->behind, item->xml.stream);
	fputs(item->frame->written_behind, item->canonical.stream);
	fclose(item->xml.stream);
	fclose(item->findings.stream);
	fclose(item->canonical.stream);
}

static void item_done(struct item *item)
{
	free(item->xml.s);
	free(item->findings.s);
	free(item->canonical.s);
}

/* Does the cases in PATH: prints them, or else expects what they say. Returns how many do not come out. */
static size_t do_file(const char *path, bool print)
{
	cleanup_file FILE *file = fopen(path, "re");
	cleanup_free char *line = NULL;
	size_t room = 0, bad = 0;
	struct item item = { 0 };
	assert_non_null(file);
	for (ssize_t n; (n = getline(&line, &room, file)) >= 0 || item.frame;) {
		bool end = n < 0 || line[0] == '\n';
		if (n > 0 && line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (end && item.frame) {
			item_end(&item);
			if (print)
				print_item(&item);
			else
				bad += !check_item(&item);
			item_done(&item);
			item = (struct item){ 0 };
		} else if (!end && line[0] == '=') {
			item_start(&item, line + 2);
		} else if (!end && item.frame) {
			item_add(&item, line);
		} else if (print && n > 0) {
			printf("%s\n", line);
		}
	}
	return bad;
}

static void do_cases(const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/tests/unit/model/cases/%s", getenv("VFASSIGN_SOURCE"), name);
	assert_int_equal(do_file(path, false), 0);
}

static void test_canonical(void **state)
{
	do_cases("canonical-settings");
	do_cases("canonical-devices");
}

static void test_findings(void **state)
{
	do_cases("findings-settings");
	do_cases("findings-devices");
	do_cases("findings-rules");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_canonical), cmocka_unit_test(test_findings) };
	if (argc == 3 && strcmp(argv[1], "--print") == 0)
		return do_file(argv[2], true) ? 1 : 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
