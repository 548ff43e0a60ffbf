/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What doctor finds on a host that is ready, and on one that lacks one thing; and that it says what prepare says. */

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
#include "fake/world.h"
#include "kernel/device.h"

static int setup(void **state)
{
	struct world *world = world_new();
	/* So that a good host has nothing to warn of. */
	fake_set(world->host, VF2, SETTING_OVERRIDE, value_name(""));
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	world_free(*state);
	return 0;
}

/* Runs doctor on WORLD, about XML or, when that is NULL, about the host. Its exit status. */
static int doctor(struct world *world, const char *xml, const struct vfassign_request *request)
{
	struct vfassign_document *document = NULL;
	struct vfassign_result *result = NULL;
	if (xml) {
		struct vfassign_source source = { "test.xml", xml, strlen(xml), true, VFASSIGN_ACT };
		assert_int_equal(vfassign_document_parse(&source, &document, &result), 0);
		vfassign_result_free(result);
	}
	assert_int_equal(vfassign_doctor(world->context, document, request, &result), 0);
	vfassign_document_free(document);
	vfassign_result_free(world->result);
	world->result = result;
	return vfassign_result_exit(result);
}

/* The worst that the last doctor found, and its words; "" when all is well. */
static enum vfassign_status worst(const struct world *world, const char *name, const char **ret_message)
{
	const struct vfassign_check *checks;
	size_t count = vfassign_result_checks(world->result, &checks);
	enum vfassign_status status = VFASSIGN_PASS;
	*ret_message = "";
	for (size_t i = 0; i < count; i++) {
		if ((name && strcmp(checks[i].check, name) != 0) || checks[i].status <= status)
			continue;
		status = checks[i].status;
		*ret_message = checks[i].message;
		assert_non_null(checks[i].hint);
	}
	return status;
}

static void assert_all_pass(const struct world *world)
{
	const char *message;
	enum vfassign_status status = worst(world, NULL, &message);
	assert_string_equal(message, "");
	assert_int_equal(status, VFASSIGN_PASS);
}

static void test_good(void **state)
{
	struct world *world = *state;
	assert_int_equal(doctor(world, NULL, NULL), 0);
	assert_all_pass(world);
	assert_int_equal(doctor(world, xml_three, NULL), 0);
	assert_all_pass(world);
	assert_string_equal(fake_log(world->host), "");
	/* With guests it is no worse. */
	assert_int_equal(world_prepare(world, xml_three), 0);
	assert_int_equal(doctor(world, NULL, NULL), 0);
	assert_all_pass(world);
	assert_int_equal(doctor(world, xml_other, NULL), 0);
	assert_all_pass(world);
	assert_int_equal(world_release(world), 0);
}

static void pf_down(struct fake_host *host)
{
	/* There is no way to take an existing PF down but with its netdev. */
	fake_set(host, PF, SETTING_NETDEV_UP, value_flag(false));
}

static void no_module(struct fake_host *host)
{
	fake_add_module(host, "vfio-pci", FAKE_MODULE_BLACKLISTED);
}

static void no_group(struct fake_host *host)
{
	for (unsigned i = 0; i < 4; i++)
		fake_set_group(host, ((const char *[]){ VF0, VF1, VF2, VF3 })[i], -1);
	fake_set_group(host, PF, -1);
	fake_set_group(host, "0000:02:00.0", -1);
}

static void shared_group(struct fake_host *host)
{
	fake_set_group(host, VF0, 50);
	fake_set_group(host, VF1, 50);
}

static void idle_group(struct fake_host *host)
{
	fake_set_group(host, VF1, 50);
	fake_set_group(host, VF2, 50);
}

static void no_vfs(struct fake_host *host)
{
	for (unsigned i = 0; i < 4; i++)
		fake_remove(host, ((const char *[]){ VF0, VF1, VF2, VF3 })[i]);
}

static void second_pf(struct fake_host *host)
{
	fake_add_pf(host, "0000:03:00.0", "eth3", true);
}

static void held(struct fake_host *host)
{
	fake_add_module(host, "vfio-pci", FAKE_MODULE_LOADED);
	fake_set(host, VF1, SETTING_DRIVER, value_name("vfio-pci"));
	fake_add_process(host, 4711, 100, "qemu");
	fake_hold_group(host, fake_group(host, VF1), 4711);
}

static void away(struct fake_host *host)
{
	fake_hide_netdev(host, VF1);
}

static void used(struct fake_host *host)
{
	static const struct netdev_use use = { .route = "10.1.0.0/16" };
	fake_use_netdev(host, VF1, &use);
}

static void libvirt(struct fake_host *host)
{
	fake_libvirt_state(host, VF1);
}

static void odd_override(struct fake_host *host)
{
	fake_set(host, VF1, SETTING_OVERRIDE, value_name("../x"));
}

static void no_vlan_report(struct fake_host *host)
{
	fake_unreported(host, PF, SETTING_VLAN);
}

#define PASS VFASSIGN_PASS
#define WARN VFASSIGN_WARN
#define FAIL VFASSIGN_FAIL

/* One thing is wrong with the host: what doctor says of the host, and of a document that names VF1. */
static const struct {
	void (*change)(struct fake_host *host);
	const char *check;
	enum vfassign_status host, document;
	const char *message;
} troubles[] = {
	{ pf_down, "pf", FAIL, FAIL, "is down" },
	{ no_module, "module", FAIL, FAIL, "blacklist" },
	{ no_group, "iommu", FAIL, FAIL, "no IOMMU is on" },
	{ shared_group, "group", FAIL, FAIL, "is shared with devices on host drivers" },
	{ idle_group, "acs", WARN, WARN, "is not alone in IOMMU group 50" },
	{ no_vfs, "vfs", FAIL, FAIL, "has no VFs" },
	{ second_pf, "vfs", WARN, PASS, "PF 0000:03:00.0 has no VFs" },
	{ held, "held", WARN, FAIL, "is in use by process 4711 (qemu)" },
	{ away, "namespace", WARN, FAIL, "not in this network namespace" },
	{ used, "host-use", WARN, FAIL, "it has a route to 10.1.0.0/16" },
	{ libvirt, "libvirt", WARN, FAIL, "libvirt has state" },
	{ odd_override, "override", WARN, FAIL, "driver_override" },
	{ no_vlan_report, "settings", PASS, FAIL, "does not report the VLAN" },
};

static void assert_finds(struct world *world, size_t i, enum vfassign_status status, const char *xml)
{
	const char *message;
	int exit = doctor(world, xml, NULL);
	if (worst(world, troubles[i].check, &message) != status)
		print_message("  %s, %s: '%s'\n", troubles[i].check, xml ? "document" : "host", message);
	assert_int_equal(worst(world, troubles[i].check, &message), status);
	assert_true(status == PASS || strstr(message, troubles[i].message));
	assert_int_equal(exit, status == FAIL ? 2 : 0);
}

static void test_troubles(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(troubles); i++) {
		void *fresh = NULL;
		setup(&fresh);
		struct world *world = fresh;
		troubles[i].change(world->host);
		fake_log_clear(world->host);
		assert_finds(world, i, troubles[i].host, NULL);
		assert_finds(world, i, troubles[i].document, xml_one);
		assert_string_equal(fake_log(world->host), "");
		/* What doctor fails, prepare refuses, and nothing else. */
		assert_int_equal(world_prepare(world, xml_one) != 0, troubles[i].document == FAIL);
		teardown(&fresh);
	}
}

/* --force is for doctor what it is for prepare. */
static void test_force(void **state)
{
	static const struct vfassign_request force = { .force = true };
	struct world *world = *state;
	const char *message;
	used(world->host);
	assert_int_equal(doctor(world, xml_one, &force), 0);
	assert_int_equal(worst(world, "host-use", &message), WARN);
}

/* What was left behind, what is given out, and what somebody has changed meanwhile. */
static void test_records(void **state)
{
	struct world *world = *state;
	const char *message;
	fake_add_process(world->host, 4711, 100, "qemu");
	assert_int_equal(world_prepare_for(world, xml_one, 4711), 0);
	assert_int_equal(doctor(world, NULL, NULL), 0);
	assert_all_pass(world);
	assert_int_equal(doctor(world, xml_one, NULL), 2);
	assert_int_equal(worst(world, "record", &message), FAIL);
	assert_non_null(strstr(message, "is assigned for guest g1 (process 4711)"));
	fake_set(world->host, VF1, SETTING_VLAN, value_vlan((struct vlan){ 43, 0, VLAN_PROTO_8021Q }));
	assert_int_equal(doctor(world, NULL, NULL), 0);
	assert_int_equal(worst(world, "drift", &message), WARN);
	assert_string_equal(message, VF1 " of guest g1 has drifted: VLAN is 43, not 42");
	fake_end_process(world->host, 4711);
	assert_int_equal(doctor(world, NULL, NULL), 0);
	assert_int_equal(worst(world, "left", &message), WARN);
	assert_non_null(strstr(message, "belongs to a process that is gone"));
	fake_refuse(world->host, PF, SETTING_VLAN, EPERM, "");
	world_recover(world);
	assert_int_equal(doctor(world, NULL, NULL), 2);
	assert_int_equal(worst(world, "left", &message), FAIL);
	assert_non_null(strstr(message, "could not be given back: "));
}

/* list says of an assigned VF what is otherwise than it was set; a setting that was not asked for is nobody's concern. */
static void test_drift(void **state)
{
	struct world *world = *state;
	const struct vfassign_vf *vfs;
	assert_int_equal(world_prepare(world, xml_one), 0);
	assert_string_equal(world_state(world, VF1), "assigned");
	assert_int_equal(vfassign_result_vfs(world->result, &vfs), 4);
	assert_int_equal(vfs[1].drift_count, 0);
	fake_set(world->host, VF1, SETTING_VLAN, value_vlan((struct vlan){ 0, 0, VLAN_PROTO_8021Q }));
	fake_set(world->host, VF0, SETTING_VLAN, value_vlan((struct vlan){ 9, 0, VLAN_PROTO_8021Q }));
	assert_string_equal(world_state(world, VF1), "assigned");
	assert_int_equal(vfassign_result_vfs(world->result, &vfs), 4);
	assert_int_equal(vfs[0].drift_count, 0);
	assert_int_equal(vfs[1].drift_count, 1);
	assert_string_equal(vfs[1].drift[0].key, "vlan");
	assert_string_equal(vfs[1].drift[0].recorded, "42");
	assert_string_equal(vfs[1].drift[0].now, "none");
	fake_set(world->host, VF1, SETTING_MAC, value_mac((struct mac){ { 2, 0, 0, 0, 0, 9 } }));
	fake_set(world->host, VF1, SETTING_DRIVER, value_name(""));
	assert_string_equal(world_state(world, VF1), "assigned");
	assert_int_equal(vfassign_result_vfs(world->result, &vfs), 4);
	assert_int_equal(vfs[1].drift_count, 3);
	assert_int_equal(world_release(world), 0);
	assert_string_equal(world_state(world, VF1), "free");
	assert_int_equal(vfassign_result_vfs(world->result, &vfs), 4);
	assert_int_equal(vfs[1].drift_count, 0);
}

/* A port profile that the PF's driver cannot ask for; and one that the switch has taken back from a guest. */
static void test_port(void **state)
{
	struct world *world = *state;
	const char *message;
	assert_int_equal(doctor(world, xml_port, NULL), 0);
	assert_int_equal(world_prepare(world, xml_port), 0);
	fake_set(world->host, VF1, SETTING_PORT, value_port((struct port){ 0 }));
	doctor(world, NULL, NULL);
	assert_int_equal(worst(world, "drift", &message), WARN);
	assert_non_null(strstr(message, "port profile"));
	assert_int_equal(world_release(world), 0);
	fake_unreported(world->host, PF, SETTING_PORT);
	assert_int_equal(doctor(world, xml_port, NULL), 2);
	assert_int_equal(worst(world, "settings", &message), FAIL);
	assert_non_null(strstr(message, "cannot ask a switch for port profiles"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good, setup, teardown),
		cmocka_unit_test_setup_teardown(test_port, setup, teardown),
		cmocka_unit_test(test_troubles),
		cmocka_unit_test_setup_teardown(test_force, setup, teardown),
		cmocka_unit_test_setup_teardown(test_records, setup, teardown),
		cmocka_unit_test_setup_teardown(test_drift, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
