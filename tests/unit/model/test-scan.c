/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The linear scan: its limits, what it says of broken text, and what it remembers. */

#include "parse.h"

#include <errno.h>

#include "base/cleanup.h"
#include "model/scan.h"

/* Text that grows. */
struct text {
	char *data;
	size_t length;
	FILE *stream;
};

static struct text *text_new(void)
{
	struct text *text = calloc(1, sizeof(*text));
	assert_non_null(text);
	text->stream = open_memstream(&text->data, &text->length);
	assert_non_null(text->stream);
	return text;
}

static void repeat(struct text *text, const char *piece, size_t times)
{
	for (size_t i = 0; i < times; i++)
		fputs(piece, text->stream);
}

/* Scans TEXT, which is freed, and expects FOUND ("" for nothing). */
static void scan_expect(struct text *text, const char *found)
{
	fclose(text->stream);
	struct parsed parsed = { 0 };
	struct document_text document = { .file = "f", .data = text->data, .length = text->length };
	struct scan scan = { 0 };
	parsed.result = scan_text(&document, &scan, &parsed.reports);
	char *reports = parsed_text(&parsed);
	assert_string_equal(reports, found);
	assert_int_equal(parsed.result, *found ? -EINVAL : 0);
	scan_done(&scan);
	free(reports);
	free(text->data);
	free(text);
	parsed_done(&parsed);
}

static void scan_string(const char *xml, const char *found)
{
	struct text *text = text_new();
	repeat(text, xml, 1);
	scan_expect(text, found);
}

static void scan_size(size_t size, const char *found)
{
	struct text *text = text_new();
	fprintf(text->stream, "<a>\n%*s</a>", (int)(size - strlen("<a>\n</a>")), "");
	scan_expect(text, found);
}

static void test_size(void **state)
{
	scan_size(SCAN_SIZE_MAX - 1, "");
	scan_size(SCAN_SIZE_MAX, "");
	scan_size(SCAN_SIZE_MAX + 1, "error xml f:2:4194301: the document is longer than 4 MiB");
	scan_size(SCAN_SIZE_MAX * 2, "error xml f:2:4194301: the document is longer than 4 MiB");
}

static void scan_depth(size_t depth, const char *found)
{
	struct text *text = text_new();
	repeat(text, "<a>\n", depth);
	repeat(text, "</a>", depth);
	scan_expect(text, found);
}

static void test_depth(void **state)
{
	scan_depth(SCAN_DEPTH_MAX - 1, "");
	scan_depth(SCAN_DEPTH_MAX, "");
	scan_depth(SCAN_DEPTH_MAX + 1, "error xml f:65:1: elements stand more than 64 deep inside each other");
	scan_depth(100000, "error xml f:65:1: elements stand more than 64 deep inside each other");
}

static void scan_attributes(size_t count, const char *found)
{
	struct text *text = text_new();
	repeat(text, "<a><b ", 1);
	for (size_t i = 0; i < count; i++)
		fprintf(text->stream, "\na%zu=''", i);
	repeat(text, "/><c d=''/></a>", 1);
	scan_expect(text, found);
}

static void test_attributes(void **state)
{
	scan_attributes(SCAN_ATTRIBUTES_MAX - 1, "");
	scan_attributes(SCAN_ATTRIBUTES_MAX, "");
	scan_attributes(SCAN_ATTRIBUTES_MAX + 1, "error xml f:258:1: the element has more than 256 attributes");
}

/* COUNT declarations that hold at one place, in three elements, and as many that hold elsewhere. */
static void scan_namespaces(size_t count, const char *found)
{
	struct text *text = text_new();
	repeat(text, "<a xmlns='u'>", 1);
	for (size_t i = 0; i < count - 1; i++)
		fprintf(text->stream, "<b xmlns:a%zu='u'/><c xmlns:a%zu='u'></c>", i, i);
	repeat(text, "<d xmlns='u'>\n<e ", 1);
	for (size_t i = 0; i < count - 2; i++)
		fprintf(text->stream, "\nxmlns:a%zu='u'", i);
	repeat(text, "/></d></a>", 1);
	scan_expect(text, found);
}

static void test_namespaces(void **state)
{
	scan_namespaces(SCAN_NAMESPACES_MAX - 1, "");
	scan_namespaces(SCAN_NAMESPACES_MAX, "");
	scan_namespaces(SCAN_NAMESPACES_MAX + 1, "error xml f:65:1: more than 64 namespaces are declared here");
}

/* COUNT elements and attributes: the root, and pairs of an element and its attribute, and perhaps one more element. */
static void scan_nodes(size_t count, const char *found)
{
	struct text *text = text_new();
	repeat(text, "<a>", 1);
	repeat(text, "<b c=''/>", (count - 1) / 2);
	repeat(text, "<d/>", (count - 1) % 2);
	repeat(text, "</a>", 1);
	scan_expect(text, found);
}

static void test_nodes(void **state)
{
	scan_nodes(SCAN_NODES_MAX - 1, "");
	scan_nodes(SCAN_NODES_MAX, "");
	scan_nodes(SCAN_NODES_MAX + 1,
		   "error xml f:1:449998: the document has more than 100000 elements, attributes and comments");
	scan_nodes(SCAN_NODES_MAX + 2,
		   "error xml f:1:449998: the document has more than 100000 elements, attributes and comments");
}

/* COUNT nodes: the root, and PIECE, which the XML library keeps, too. */
static void scan_pieces(const char *piece, size_t count, const char *found)
{
	struct text *text = text_new();
	repeat(text, "<a>", 1);
	repeat(text, piece, count - 1);
	repeat(text, "</a>", 1);
	scan_expect(text, found);
}

static void test_pieces(void **state)
{
	static const char *const pieces[] = { "<!---->", "<?b?>", "<![CDATA[c]]>" };
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		char found[128];
		snprintf(found, sizeof(found),
			 "error xml f:1:%zu: the document has more than 100000 elements, attributes and comments",
			 4 + (SCAN_NODES_MAX - 1) * strlen(pieces[i]));
		scan_pieces(pieces[i], SCAN_NODES_MAX, "");
		scan_pieces(pieces[i], SCAN_NODES_MAX + 1, found);
	}
}

static void test_document_type(void **state)
{
	static const char doctype[] = ": a document type declaration (<!DOCTYPE>) is not accepted";
	char found[256];
	snprintf(found, sizeof(found), "error xml f:2:1%s", doctype);
	scan_string("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b SYSTEM '/etc/passwd'>]><a>&b;</a>", found);
	scan_string("<!-- -->\n<!DOCTYPE a><a/>", found);
	scan_string("<a>\n<!DOCTYPE a></a>", found);
	scan_string("<!ENTITY b 'c'><a/>",
		    "error xml f:1:1: '<!' starts neither a comment nor a CDATA section here");
	scan_string("<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE a>]]></a><?x <!DOCTYPE a> ?>", "");
	scan_string("<a b='<!DOCTYPE>'/>",
		    "error xml f:1:4: the value of the attribute has no closing quote before the next '<'");
}

static void test_encoding(void **state)
{
	scan_string("<?xml version='1.0' encoding='UTF-8'?><a/>", "");
	scan_string("<?xml version=\"1.0\" encoding = \"utf-8\" standalone='yes'?><a/>", "");
	scan_string("<?xml version='1.0' encoding='utf8'?><a/>", "");
	scan_string("\xef\xbb\xbf<?xml version='1.0'?><a/>", "");
	scan_string("<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
		    "error xml f:1:21: the encoding 'ISO-8859-1' is not accepted, only UTF-8");
	scan_string("<?xml version='1.0' encoding='UTF-16'?><a/>",
		    "error xml f:1:21: the encoding 'UTF-16' is not accepted, only UTF-8");
	scan_string("<?xml version='1.0' encoding=''?><a/>",
		    "error xml f:1:21: the encoding '' is not accepted, only UTF-8");
	scan_string("<?xml version='1.0' encoding?><a/>",
		    "error xml f:1:21: the encoding '' is not accepted, only UTF-8");
	scan_string("<?xml version='1.0' encoding='UTF-8?><a/>",
		    "error xml f:1:21: the encoding '' is not accepted, only UTF-8");
	scan_string("<?x encoding='KOI8-R'?><a/>", "");
}

static void scan_bytes(const char *bytes, size_t length, const char *found)
{
	struct text *text = text_new();
	fwrite(bytes, 1, length, text->stream);
	scan_expect(text, found);
}

static void test_bytes(void **state)
{
	static const struct {
		const char *bytes;
		unsigned bad; /* column of the first bad byte, 0 when all are good */
	} cases[] = {
		{ "\x7f", 0 },
		{ "\xc2\x80", 0 },
		{ "\xdf\xbf", 0 },
		{ "\xe0\xa0\x80", 0 },
		{ "\xed\x9f\xbf", 0 },
		{ "\xee\x80\x80", 0 },
		{ "\xef\xbf\xbd", 0 },
		{ "\xf0\x90\x80\x80", 0 },
		{ "\xf4\x8f\xbf\xbf", 0 },
		{ "\x80", 4 },
		{ "\xbf", 4 },
		{ "\xc0\x80", 4 },
		{ "\xc1\xbf", 4 },
		{ "\xc2", 4 },
		{ "\xc2\xc2\x80", 4 },
		{ "\xe0\x9f\xbf", 4 },
		{ "\xe1\x80", 4 },
		{ "\xed\xa0\x80", 4 },
		{ "\xed\xbf\xbf", 4 },
		{ "\xf0\x8f\xbf\xbf", 4 },
		{ "\xf0\x90\x80", 4 },
		{ "\xf4\x90\x80\x80", 4 },
		{ "\xf5\x80\x80\x80", 4 },
		{ "\xff", 4 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char xml[64], found[128] = "";
		snprintf(xml, sizeof(xml), "<a>%s</a>", cases[i].bytes);
		if (cases[i].bad)
			snprintf(found, sizeof(found), "error xml f:1:%u: byte 0x%02x is not UTF-8 text",
				 cases[i].bad, (unsigned char)cases[i].bytes[0]);
		scan_string(xml, found);
	}
	scan_bytes("<a>\n \0</a>", 10, "error xml f:2:2: a NUL byte is not text");
	scan_bytes("\xff\xfe<\0a\0/\0>\0", 10, "error xml f:1:1: byte 0xff is not UTF-8 text");
	scan_bytes("<\0a\0/\0>\0", 8, "error xml f:1:2: a NUL byte is not text");
	scan_bytes("<a/>\xe2\x82", 6, "error xml f:1:5: byte 0xe2 is not UTF-8 text");
}

/* Every beginning of a document is refused for what is missing, at the place where that began. */
static void test_truncated(void **state)
{
	static const struct {
		const char *xml;
		const char *found;
	} cases[] = {
		{ "", "f:1:1: the document has no element" },
		{ " \n", "f:1:1: the document has no element" },
		{ "<!-- -->", "f:1:1: the document has no element" },
		{ "text", "f:1:1: the document has no element" },
		{ "<", "f:1:1: '<' does not start an element here" },
		{ "< a/>", "f:1:1: '<' does not start an element here" },
		{ "<a", "f:1:1: this start tag has no end ('>')" },
		{ "<a ", "f:1:1: this start tag has no end ('>')" },
		{ "<a /", "f:1:4: there should be an attribute, '/>' or '>' here" },
		{ "<a b", "f:1:4: the attribute has no quoted value (name='value')" },
		{ "<a b=", "f:1:4: the attribute has no quoted value (name='value')" },
		{ "<a b=c>", "f:1:4: the attribute has no quoted value (name='value')" },
		{ "<a b='",
		  "f:1:4: the value of the attribute has no closing quote before the end of the document" },
		{ "<a b='c\"",
		  "f:1:4: the value of the attribute has no closing quote before the end of the document" },
		{ "<a b='c'", "f:1:1: this start tag has no end ('>')" },
		{ "<a b='c'>", "f:1:1: <a> has no end tag" },
		{ "<a>\n<b></b>", "f:1:1: <a> has no end tag" },
		{ "<a>\n<b></a>", "f:2:4: </a> stands where <b> of line 2 should end" },
		{ "<a></a", "f:1:4: this end tag has no end ('>')" },
		{ "<a></a b>", "f:1:4: this end tag has no end ('>')" },
		{ "<a></", "f:1:4: </> stands where <a> of line 1 should end" },
		{ "<a></ab>", "f:1:4: </ab> stands where <a> of line 1 should end" },
		{ "<a/></a>", "f:1:5: </a> ends an element that was not begun" },
		{ "<a><!", "f:1:4: '<!' starts neither a comment nor a CDATA section here" },
		{ "<a><!--", "f:1:4: this comment has no end (-->)" },
		{ "<a><!-->", "f:1:4: this comment has no end (-->)" },
		{ "<a><![CDATA[]]", "f:1:4: this CDATA section has no end (]]>)" },
		{ "<a><?x", "f:1:4: this processing instruction has no end (?>)" },
		{ "<?xml", "f:1:1: this processing instruction has no end (?>)" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char found[256];
		snprintf(found, sizeof(found), "error xml %s", cases[i].found);
		scan_string(cases[i].xml, found);
	}
}

static void test_offsets(void **state)
{
	static const char xml[] =
		"\xef\xbb\xbf<?xml version='1.0'?><a>\r\n<!--<x/>--><b c='1>' d:e = \"\"><f/></b >\n</a>";
	struct document_text text = { .file = "f", .data = xml, .length = strlen(xml) };
	struct reports reports = { 0 };
	struct scan scan = { 0 };
	assert_int_equal(scan_text(&text, &scan, &reports), 0);
	assert_int_equal(scan.element_count, 3);
	const struct scan_element *a = &scan.elements[0], *b = &scan.elements[1], *f = &scan.elements[2];
	assert_int_equal(a->start, strstr(xml, "<a") - xml);
	assert_int_equal(a->end, strlen(xml));
	assert_int_equal(a->tag_end, strstr(xml, "<a") + 3 - xml);
	assert_int_equal(b->start, strstr(xml, "<b") - xml);
	assert_int_equal(b->tag_end, strstr(xml, "<f") - xml);
	assert_int_equal(b->end, strstr(xml, "\n</a") - xml);
	assert_int_equal(f->end, f->tag_end);
	assert_int_equal(f->end, strstr(xml, "</b") - xml);
	assert_int_equal(b->name_length, 1);
	assert_int_equal(b->attribute_count, 2);
	assert_int_equal(a->attribute_count, 0);
	assert_int_equal(f->attribute_count, 0);
	assert_int_equal(scan.attribute_count, 2);
	const struct scan_attribute *c = &scan.attributes[b->attribute], *e = c + 1;
	assert_int_equal(c->name, strstr(xml, "c=") - xml);
	assert_int_equal(c->name_length, 1);
	assert_int_equal(e->name, strstr(xml, "d:e") - xml);
	assert_int_equal(e->name_length, 3);
	struct position first = scan_position(&scan, 3), second = scan_position(&scan, b->start);
	assert_int_equal(first.line, 1);
	assert_int_equal(first.column, 1);
	assert_int_equal(second.line, 2);
	assert_int_equal(second.column, 12);
	assert_int_equal(scan_position(&scan, strlen(xml)).line, 3);
	assert_int_equal(scan_position(&scan, 0).column, 1);
	scan_done(&scan);
	reports_done(&reports);
}

/* The findings in a document of BEFORE, COUNT times PIECE, which is a format for a number, and BEHIND. */
static struct parsed parse_many(const char *before, const char *piece, unsigned count, const char *behind)
{
	struct text *text = text_new();
	repeat(text, before, 1);
	for (unsigned i = 0; i < count; i++) {
		const char *number = strchr(piece, '#');
		int length = number ? (int)(number - piece) : (int)strlen(piece);
		fprintf(text->stream, "%.*s", length, piece);
		if (number)
			fprintf(text->stream, "%u%s", i, number + 1);
	}
	repeat(text, behind, 1);
	fclose(text->stream);
	struct parsed parsed = parse_bytes(text->data, text->length, true);
	free(text->data);
	free(text);
	return parsed;
}

#define DEVICE "<interface type='hostdev'><source><address type='pci' domain='#'/></source></interface>"
#define TAG "<tag id='1'/>"

/* Devices, and lists in them, hold so many and no more. */
static void test_lists(void **state)
{
	struct parsed parsed = parse_many("<domain><devices>", DEVICE, DOCUMENT_LIST_MAX,
					  "</devices></domain>");
	assert_int_equal(parsed.document->interface_count, DOCUMENT_LIST_MAX);
	parsed_done(&parsed);
	parsed = parse_many("<domain><devices>\n", DEVICE "\n", DOCUMENT_LIST_MAX + 2, "</devices></domain>");
	assert_int_equal(parsed.result, -EINVAL);
	assert_int_equal(parsed.reports.errors, 2);
	assert_string_equal(parsed.reports.items[0].object, "f:8194:1");
	assert_string_equal(parsed.reports.items[0].message, "more than 8192 of these: <interface>");
	assert_string_equal(parsed.reports.items[0].rule, "list-long");
	parsed_done(&parsed);
	parsed = parse_many("<interface type='hostdev'><source><address type='pci'/></source><vlan>\n",
			    TAG "\n", DOCUMENT_LIST_MAX + 1, "</vlan></interface>");
	assert_int_equal(parsed.result, -EINVAL);
	assert_string_equal(parsed.reports.items[0].object, "f:8194:1");
	assert_string_equal(parsed.reports.items[0].message, "more than 8192 of these: <tag>");
	parsed_done(&parsed);
}

/* Of many findings, so many are listed; an error among the others is one all the same. */
static void test_findings(void **state)
{
	struct parsed parsed = parse_many("<domain><devices>", "<interface type='hostdev'/>",
					  DOCUMENT_FINDINGS_MAX + 5, "</devices></domain>");
	assert_int_equal(parsed.result, -EINVAL);
	assert_int_equal(parsed.reports.count, DOCUMENT_FINDINGS_MAX + 1);
	assert_int_equal(parsed.reports.errors, DOCUMENT_FINDINGS_MAX + 5);
	const struct report *last = &parsed.reports.items[DOCUMENT_FINDINGS_MAX];
	assert_int_equal(last->severity, REPORT_NOTE);
	assert_string_equal(last->object, "f");
	assert_string_equal(last->message, "5 more findings are not listed");
	assert_int_equal(reports_exit(&parsed.reports), 1);
	parsed_done(&parsed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size),       cmocka_unit_test(test_depth),
		cmocka_unit_test(test_attributes), cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_namespaces), cmocka_unit_test(test_document_type),
		cmocka_unit_test(test_encoding),   cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_truncated),  cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_lists),      cmocka_unit_test(test_findings),
		cmocka_unit_test(test_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
