/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/report.h"

static void test_parts(void **state)
{
	struct reports reports = { 0 };
	struct report *report = report_error(&reports, REPORT_BUSY, "0000:01:10.2", "%s is held by %d", "it",
					     7);
	assert_int_equal(report->severity, REPORT_ERROR);
	assert_int_equal(report->class, REPORT_BUSY);
	assert_string_equal(report->message, "it is held by 7");
	assert_string_equal(report->object, "0000:01:10.2");
	assert_int_equal(report->errnum, 0);
	assert_null(report->kernel);
	assert_null(report->hint);
	assert_ptr_equal(report_cause(report, -EBUSY, "in use"), report);
	assert_int_equal(report->errnum, EBUSY);
	assert_string_equal(report->kernel, "in use");
	report_cause(report, EPERM, "");
	assert_int_equal(report->errnum, EPERM);
	assert_null(report->kernel);
	assert_ptr_equal(report_hint(report, "try %s", "this"), report);
	report_hint(report, "try %s", "that");
	assert_string_equal(report->hint, "try that");
	reports_done(&reports);
	assert_int_equal(reports.count, 0);
	assert_int_equal(reports.errors, 0);
	assert_null(reports.items);
}

static void test_severity(void **state)
{
	struct reports reports = { 0 };
	assert_int_equal(reports_exit(&reports), 0);
	report_warning(&reports, REPORT_DIRTY, NULL, "odd");
	report_note(&reports, "x", "done");
	assert_int_equal(reports.count, 2);
	assert_int_equal(reports.errors, 0);
	assert_int_equal(reports_exit(&reports), 0);
	assert_null(reports.items[0].object);
	assert_int_equal(reports.items[0].severity, REPORT_WARNING);
	assert_int_equal(reports.items[1].severity, REPORT_NOTE);
	reports_done(&reports);
}

/* The table of the design: name, text, exit status; the highest exit status counts. */
static void test_classes(void **state)
{
	static const struct {
		enum report_class class;
		const char *name, *text;
		int exit;
	} rows[] = {
		{ REPORT_USAGE, "usage", "usage", 1 },
		{ REPORT_XML, "xml", "XML error", 1 },
		{ REPORT_CONFIG_UNSUPPORTED, "config-unsupported", "Unsupported Config", 1 },
		{ REPORT_DEVICE_MISSING, "device-missing", "Device missing", 2 },
		{ REPORT_HOST_UNREADY, "host-unready", "Host not ready", 2 },
		{ REPORT_DENIED, "denied", "Permission denied", 2 },
		{ REPORT_BUSY, "busy", "Device busy", 3 },
		{ REPORT_HOST, "host", "Host error", 4 },
		{ REPORT_VMM, "vmm", "VMM error", 4 },
		{ REPORT_TIMEOUT, "timeout", "Timed out", 4 },
		{ REPORT_DIRTY, "dirty", "Left dirty", 5 },
		{ REPORT_PENDING, "pending", "Pending", 6 },
	};
	const size_t count = sizeof(rows) / sizeof(rows[0]);
	assert_int_equal(count, REPORT_CLASS_COUNT);
	struct reports reports = { 0 };
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(report_class_name(rows[i].class), rows[i].name);
		assert_string_equal(report_class_text(rows[i].class), rows[i].text);
		assert_int_equal(report_class_exit(rows[i].class), rows[i].exit);
		report_error(&reports, rows[i].class, NULL, "x");
		assert_int_equal(reports_exit(&reports), rows[i].exit);
	}
	report_error(&reports, REPORT_USAGE, NULL, "x");
	assert_int_equal(reports_exit(&reports), 6);
	assert_int_equal(reports.errors, count + 1);
	reports_done(&reports);
}

static void test_move(void **state)
{
	struct reports to = { 0 }, from = { 0 };
	report_error(&to, REPORT_XML, "a", "first");
	report_hint(report_error(&from, REPORT_HOST, "b", "second"), "hint");
	report_note(&from, "c", "third");
	reports_move(&to, &from);
	assert_int_equal(to.count, 3);
	assert_int_equal(to.errors, 2);
	assert_int_equal(from.count, 0);
	assert_int_equal(from.errors, 0);
	assert_string_equal(to.items[0].message, "first");
	assert_string_equal(to.items[1].message, "second");
	assert_string_equal(to.items[1].hint, "hint");
	assert_string_equal(to.items[2].object, "c");
	assert_int_equal(reports_exit(&to), 4);
	reports_move(&from, &to);
	assert_int_equal(from.count, 3);
	reports_done(&to);
	reports_done(&from);
}

static void test_many(void **state)
{
	struct reports reports = { 0 };
	for (int i = 0; i < 1000; i++)
		report_error(&reports, REPORT_XML, NULL, "%d", i);
	assert_int_equal(reports.count, 1000);
	assert_string_equal(reports.items[999].message, "999");
	reports_done(&reports);
}

/* What is beyond the limit is counted, and an error there is one. */
static void test_limit(void **state)
{
	struct reports reports = { .limit = 2 };
	report_warning(&reports, REPORT_XML, NULL, "a");
	report_warning(&reports, REPORT_XML, NULL, "b");
	assert_int_equal(reports.more, 0);
	report_hint(report_error(&reports, REPORT_XML, "o", "c"), "hint");
	report_hint(report_error(&reports, REPORT_XML, "o", "d"), "hint");
	assert_int_equal(reports.count, 2);
	assert_int_equal(reports.more, 2);
	assert_int_equal(reports.errors, 2);
	assert_int_equal(reports_exit(&reports), 1);
	assert_string_equal(reports.items[1].message, "b");
	reports_done(&reports);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts), cmocka_unit_test(test_severity), cmocka_unit_test(test_classes),
		cmocka_unit_test(test_move),  cmocka_unit_test(test_many),     cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
