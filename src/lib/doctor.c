/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <vfassign.h>

#include "lib/doctor.h"
#include "lib/request.h"
#include "lib/result.h"
#include "lib/session.h"

/* What a check is about. */
enum scope {
	OF_ALL, /* the host, and also a document */
	OF_VF, /* without a document only a warning: the host has other VFs, or is meant to use this one itself */
	OF_DOCUMENT, /* nothing that could be said without one */
};

/*
 * All checks, in the order in which they are shown. A check has a function of its own, or its reports come from prepare's
 * plan, by its name; or both.
 */
static const struct row {
	const char *name;
	enum scope scope;
	bool of_devices;  /* nothing is good where no VF was looked at */
	const char *good; /* when there is nothing to say; NULL: the function says it */
	doctor_check *function;
} rows[] = {
	{ "iommu", OF_ALL, false, NULL, doctor_iommu },
	{ "noiommu", OF_ALL, false, "VFIO insists on an IOMMU", doctor_noiommu },
	{ "module", OF_ALL, false, NULL, doctor_module },
	{ "vfio", OF_ALL, false, "VFIO's group nodes can be used", NULL },
	{ "node", OF_ALL, false, NULL, doctor_node },
	{ "memlock", OF_ALL, false, NULL, doctor_memlock },
	{ "sriov", OF_ALL, false, NULL, doctor_sriov },
	{ "vfs", OF_ALL, false, NULL, doctor_vfs },
	{ "records", OF_ALL, false, NULL, doctor_records },
	{ "left", OF_ALL, false, "nothing was left behind", doctor_left },
	{ "drift", OF_ALL, false, "VFs that were given out are as they were given out", doctor_drift },
	{ "request", OF_DOCUMENT, false, "the document can be acted on", NULL },
	{ "device", OF_DOCUMENT, false, "each device is a VF of this host", NULL },
	{ "pf", OF_ALL, true, "PFs are up, and report their VFs", NULL },
	{ "switchdev", OF_DOCUMENT, true, "what is asked for goes with the mode of the PF", NULL },
	{ "group", OF_ALL, true, "IOMMU groups are free of host drivers that are in the way", NULL },
	{ "acs", OF_ALL, true, "each VF is alone in its IOMMU group", doctor_acs },
	{ "record", OF_DOCUMENT, true, "no VF is given out already", NULL },
	{ "held", OF_VF, true, "no VF is held by a process that can be seen", NULL },
	{ "namespace", OF_VF, true, "the network devices of VFs are in this network namespace", NULL },
	{ "host-use", OF_VF, true, "the host does not use the VFs itself", NULL },
	{ "libvirt", OF_VF, true, "libvirt has no state for the VFs", NULL },
	{ "managed", OF_DOCUMENT, true, "drivers are as managed='…' says", NULL },
	{ "override", OF_VF, true, "driver_override can be restored", NULL },
	{ "model", OF_DOCUMENT, true, "driver models are those of VFIO", NULL },
	{ "mac", OF_DOCUMENT, true, "MAC addresses are given, or can be derived", NULL },
	{ "settings", OF_DOCUMENT, true, "PFs report the settings that are asked for", NULL },
};

/* Where the plan's reports belong that carry no name of a row: the document as such. */
#define UNNAMED "request"

/* Adds one finding to the result. */
static void add(struct vfassign_result *result, struct vfassign_check check)
{
	size_t count = result->check_count;
	/* Full, at each power of two. */
	if ((count & (count - 1)) == 0) {
		struct vfassign_check *more = result_array(result, count ? 2 * count : 1, sizeof(*more));
		if (!more)
			return;
		if (count)
			memcpy(more, result->checks, count * sizeof(*more));
		result->checks = more;
	}
	result->checks[result->check_count++] = check;
}

/* The words of REPORT, with those of the kernel, in memory of RESULT. */
static const char *words_of(struct vfassign_result *result, const struct report *report)
{
	char *text = NULL;
	const char *kernel = report->kernel ? report->kernel : "";
	if (!report->errnum)
		return result_text(result, report->message);
	if (asprintf(&text, "%s: %s%s%s", report->message, strerrordesc_np(report->errnum),
		     *kernel ? ": " : "", kernel) < 0)
		text = NULL;
	return result_own(result, text);
}

static enum vfassign_status status_of(const struct report *report, bool lenient)
{
	if (report->severity == REPORT_NOTE)
		return VFASSIGN_PASS;
	return report->severity == REPORT_ERROR && !lenient ? VFASSIGN_FAIL : VFASSIGN_WARN;
}

/* Adds REPORT as a finding of ROW, unless the same was said of the same before: of each VF of a PF that is down. */
static void add_report(const struct doctor *doctor, const struct row *row, const struct report *report)
{
	struct vfassign_result *result = doctor->session->result;
	struct vfassign_check check = {
		.check = row->name,
		.status = status_of(report, row->scope == OF_VF && !doctor->document),
		.object = result_text(result, report->object),
		.message = words_of(result, report),
		.hint = result_text(result, report->hint),
	};
	for (size_t i = 0; i < result->check_count; i++) {
		const struct vfassign_check *other = &result->checks[i];
		if (other->check == row->name && other->object && check.object && other->hint && check.hint &&
		    strcmp(other->object, check.object) == 0 && strcmp(other->hint, check.hint) == 0)
			return;
	}
	add(result, check);
}

/* Whether REPORT, of the plan, belongs to ROW. Under a name that no row has it is not lost. */
static bool is_of(const struct report *report, const struct row *row)
{
	const char *name = report->rule ? report->rule : UNNAMED;
	bool known = false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		known |= strcmp(rows[i].name, name) == 0;
	return strcmp(known ? name : UNNAMED, row->name) == 0;
}

static void examine(const struct doctor *doctor, const struct row *row)
{
	struct vfassign_result *result = doctor->session->result;
	struct reports own = { 0 };
	size_t before = result->check_count;
	if (row->scope == OF_DOCUMENT && !doctor->document)
		return;
	if (row->function)
		row->function(doctor, &own);
	for (size_t i = 0; i < own.count; i++)
		add_report(doctor, row, &own.items[i]);
	/* What was said of the host need not be said again of each device. */
	for (size_t i = 0; own.errors == 0 && i < doctor->plan.count; i++)
		if (is_of(&doctor->plan.items[i], row))
			add_report(doctor, row, &doctor->plan.items[i]);
	if (result->check_count == before && row->good && (doctor->any_vf || !row->of_devices))
		add(result, (struct vfassign_check){
				    .check = row->name, .status = VFASSIGN_PASS, .message = row->good });
	reports_done(&own);
}

int vfassign_doctor(struct vfassign *context, const struct vfassign_document *document,
		    const struct vfassign_request *request, struct vfassign_result **ret)
{
	static const struct vfassign_request usual = { 0 };
	struct vfassign_result *result = result_new();
	struct session session = session_new(context, result);
	struct doctor doctor = {
		.session = &session,
		.document = document ? document->model : NULL,
		.request = request ? request : &usual,
	};
	*ret = NULL;
	if (!result)
		return -ENOMEM;
	int r = session_look(&session);
	if (r == 0) {
		/* That there may be records which cannot be seen is a finding here. */
		reports_done(session.reports);
		r = doctor_look(&doctor, session.kernel, session.reports);
	}
	if (r == 0)
		doctor_ask_plan(&doctor);
	for (size_t i = 0; r == 0 && i < sizeof(rows) / sizeof(rows[0]); i++)
		examine(&doctor, &rows[i]);
	doctor_done(&doctor);
	session_done(&session);
	return result_finish(result, r, ret);
}
