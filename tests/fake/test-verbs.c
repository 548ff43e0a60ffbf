/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The verbs on a host that behaves, or that does what real hosts do: devices go, processes end, udev has its own ideas. */

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

#define MAC0 "52:54:00:00:00:00"
#define MAC1 "52:54:00:00:00:01"
#define MAC3 "52:54:00:00:00:03"

/* The last report of the last verb. */
static const struct vfassign_report *last_report(const struct world *world)
{
	const struct vfassign_report *reports;
	size_t count = vfassign_result_reports(world->result, &reports);
	assert_true(count > 0);
	return &reports[count - 1];
}

static int setup(void **state)
{
	*state = world_new();
	return 0;
}

static int teardown(void **state)
{
	world_free(*state);
	return 0;
}

static void test_result(void **state)
{
	struct world *world = *state;
	const struct vfassign_device *devices;
	assert_int_equal(world_prepare(world, xml_three), 0);
	assert_string_equal(vfassign_result_guest(world->result), "g1");
	assert_int_equal(vfassign_result_devices(world->result, &devices), 3);
	assert_string_equal(devices[1].address, VF1);
	assert_string_equal(devices[1].pf, PF);
	assert_int_equal(devices[1].vf_index, 1);
	assert_string_equal(devices[1].driver, "vfio-pci");
	assert_string_equal(devices[1].mac, MAC1);
	assert_string_equal(devices[1].vlan, "42");
	char node[32];
	snprintf(node, sizeof(node), "/dev/vfio/%d", fake_group(world->host, VF1));
	assert_string_equal(devices[1].node, node);
	assert_non_null(strstr(devices[1].qemu, VF1));
	assert_string_equal(world_state(world, VF2), "assigned");
	assert_string_equal(world_state(world, VF3), "free");
	assert_int_equal(world_release_guest(world, "g1"), 0);
	assert_int_equal(vfassign_result_devices(world->result, &devices), 3);
	assert_string_equal(devices[1].driver, "igbvf");
	assert_string_equal(devices[1].vlan, "7 qos 3");
	assert_string_equal(devices[2].driver, "");
	world_assert_before(world);
}

/*
 * Planning reads each PF once, and so does looking whether it worked; a release looks, looks whether the PF took it, and whether
 * all is as it was. However many VFs there are.
 */
static void test_reads(void **state)
{
	struct world *world = *state;
	unsigned before = fake_list_reads(world->host, PF);
	assert_int_equal(world_prepare(world, xml_three), 0);
	assert_int_equal(fake_list_reads(world->host, PF) - before, 2);
	before = fake_list_reads(world->host, PF);
	assert_int_equal(world_recover(world), 0);
	assert_int_equal(fake_list_reads(world->host, PF), before);
	assert_int_equal(world_release(world), 0);
	assert_int_equal(fake_list_reads(world->host, PF) - before, 3);
}

/* Whatever thread is first, reports come in the order of the devices. */
static void test_report_order(void **state)
{
	struct world *world = *state;
	const struct vfassign_report *reports;
	assert_int_equal(world_prepare(world, xml_three), 0);
	fake_refuse(world->host, PF, SETTING_VLAN, EPERM, "not now");
	assert_int_equal(world_release(world), 5);
	static const char *const objects[] = { VF0, VF0, VF1, VF1, VF2, VF2 };
	assert_int_equal(vfassign_result_reports(world->result, &reports), 6);
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
		assert_string_equal(reports[i].object, objects[i]);
}

static void count_line(void *data, const char *message)
{
	/* No atomic: it is called by one thread at a time, and the thread sanitizer sees to that. */
	++*(unsigned *)data;
}

static void test_log(void **state)
{
	struct world *world = *state;
	unsigned lines = 0;
	struct vfassign_options options = { .root = world->root, .log = count_line, .log_data = &lines };
	vfassign_free(TAKE(world->context));
	assert_int_equal(vfassign_new(&options, &world->context, NULL), 0);
	assert_int_equal(world_prepare(world, xml_four), 0);
	assert_int_equal(world_release(world), 0);
	/* A line for each step. */
	assert_in_range(lines, 80, 110);
	world_assert_before(world);
}

/* Where no thread can be had it is done all the same. */
static void test_no_threads(void **state)
{
	struct world *world = *state;
	world_threads(false);
	assert_int_equal(world_prepare(world, xml_three), 0);
	assert_int_equal(world_release(world), 0);
	world_threads(true);
	world_assert_before(world);
}

/* Without <vlan> a VLAN that is there goes and comes back, and where there is none nothing is sent; a MAC is always set. */
static void test_no_vlan(void **state)
{
	static const char xml[] =
		"<domain type='kvm'><name>g1</name><devices>"
		"<interface type='hostdev' managed='yes'><mac address='02:ad:00:00:00:01'/><source>"
		"<address type='pci' domain='0' bus='1' slot='16' function='2'/></source></interface>"
		"<interface type='hostdev' managed='yes'><mac address='" MAC0 "'/><source>"
		"<address type='pci' domain='0' bus='1' slot='16' function='0'/></source></interface>"
		"</devices></domain>";
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml), 0);
	assert_non_null(strstr(fake_log(world->host), "vf 1 mac 02:ad:00:00:00:01\n"));
	assert_non_null(strstr(fake_log(world->host), "vf 1 vlan none\n"));
	assert_null(strstr(fake_log(world->host), "vf 0 vlan"));
	assert_int_equal(world_release(world), 0);
	assert_null(strstr(fake_log(world->host), "vf 0 vlan"));
	world_assert_before(world);
}

/* A VF that the administrator has put on VFIO stays there, during and after. */
static void test_unmanaged(void **state)
{
	static const char xml[] = "<interface type='hostdev' managed='no'><mac address='" MAC0 "'/><source>"
				  "<address type='pci' domain='0' bus='1' slot='16' function='0'/></source>"
				  "<vlan><tag id='42'/></vlan></interface>";
	static const char domain[] = "<domain type='kvm'><name>g1</name><devices>%s</devices></domain>";
	struct world *world = *state;
	char text[1024];
	snprintf(text, sizeof(text), domain, xml);
	assert_int_equal(world_prepare(world, text), 2);
	assert_true(world_said(world, VFASSIGN_HOST_UNREADY, "managed='no'"));
	world_assert_before(world);
	fake_add_module(world->host, "vfio-pci", FAKE_MODULE_LOADED);
	fake_set(world->host, VF0, SETTING_DRIVER, value_name("vfio-pci"));
	fake_set(world->host, VF0, SETTING_MAC, value_mac((struct mac){ 0 }));
	free(world->before);
	world->before = fake_image_text(world->host);
	assert_int_equal(world_prepare(world, text), 0);
	assert_string_equal(fake_log(world->host),
			    "vf_set " PF " vf 0 mac " MAC0 "\nvf_set " PF " vf 0 vlan 42\n");
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* The VF on record is gone, or another one has its address: its record is dropped, and the new one is left alone. */
static void assert_retired(struct world *world, int (*verb)(struct world *world))
{
	char *before = fake_image_text(world->host);
	unsigned changes = fake_changes(world->host);
	assert_int_equal(verb(world), 0);
	assert_int_equal(world_records(world), 0);
	assert_int_equal(fake_changes(world->host), changes);
	char *after = fake_image_text(world->host);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

static void test_recreated(void **state)
{
	static int (*const verbs[])(struct world * world) = { world_release, world_recover };
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		struct world *world = world_new();
		assert_int_equal(world_prepare(world, xml_three), 0);
		fake_recreate_vfs(world->host, PF);
		assert_retired(world, verbs[i]);
		/* The VFs can be given out again. */
		assert_int_equal(world_prepare(world, xml_three), 0);
		world_free(world);
	}
}

static void test_vanished(void **state)
{
	static int (*const verbs[])(struct world * world) = { world_release, world_recover };
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		struct world *world = world_new();
		assert_int_equal(world_prepare(world, xml_one), 0);
		fake_remove(world->host, VF1);
		assert_retired(world, verbs[i]);
		world_free(world);
	}
}

static void test_reboot(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare_for(world, xml_three, 0), 0);
	fake_reboot(world->host);
	assert_retired(world, world_recover);
}

/* What recover thinks of owners: alive, gone (a zombie is gone), and another process with the same pid. */
static void test_owner(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare_for(world, xml_one, 4711), 1);
	assert_true(world_said(world, VFASSIGN_USAGE, "--pid 4711: there is no such process"));
	assert_int_equal(last_report(world)->errnum, 0);
	world_assert_before(world);
	fake_add_process(world->host, 4711, 100, "qemu");
	assert_int_equal(world_prepare_for(world, xml_one, 4711), 0);
	assert_int_equal(world_recover(world), 0);
	assert_string_equal(world_state(world, VF1), "assigned");
	assert_int_equal(world_release_guest(world, "g1"), 3);
	assert_int_equal(world_release_devices(world, VF1), 3);
	world_assert_given(world, VF1, MAC1, 42);
	fake_end_process(world->host, 4711);
	fake_add_process(world->host, 4711, 101, "other");
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
	/* Naming the assignment takes it back from a living process. */
	assert_int_equal(world_prepare_for(world, xml_one, 4711), 0);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
	/* Nobody's stays. */
	assert_int_equal(world_prepare(world, xml_one), 0);
	assert_int_equal(world_recover(world), 0);
	world_assert_given(world, VF1, MAC1, 42);
	assert_int_equal(world_release_devices(world, VF1), 0);
	world_assert_before(world);
}

/* A device that is open somewhere is never touched, and stays assigned. */
static void test_held(void **state)
{
	struct world *world = *state;
	fake_add_process(world->host, 4711, 100, "qemu");
	assert_int_equal(world_prepare(world, xml_one), 0);
	int group = fake_group(world->host, VF1);
	fake_hold_group(world->host, group, 4711);
	unsigned changes = fake_changes(world->host);
	assert_int_equal(world_release(world), 3);
	assert_true(world_said(world, VFASSIGN_BUSY, "process 4711 (qemu)"));
	fake_drop_group(world->host, group);
	fake_hold_group(world->host, group, 0);
	assert_int_equal(world_release(world), 3);
	assert_true(world_said(world, VFASSIGN_BUSY, "not visible"));
	assert_int_equal(fake_changes(world->host), changes);
	assert_string_equal(world_state(world, VF1), "assigned");
	fake_drop_group(world->host, group);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* A guest that is just ending lets go within the bound; what is set for another VF meanwhile is no reason to leave it. */
static void test_held_for_a_moment(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_three), 0);
	fake_hold_for(world->host, fake_group(world->host, VF1), 4);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* One of three stays in use: the others are given back all the same. */
static void test_one_held(void **state)
{
	struct world *world = *state;
	const struct vfassign_device *devices;
	assert_int_equal(world_prepare(world, xml_three), 0);
	fake_hold_group(world->host, fake_group(world->host, VF1), 0);
	assert_int_equal(world_release(world), 3);
	assert_int_equal(vfassign_result_devices(world->result, &devices), 2);
	world_assert_given(world, VF1, MAC1, 42);
	assert_int_equal(world_records(world), 1);
	assert_int_equal(world_recover(world), 0);
	assert_string_equal(world_state(world, VF1), "assigned");
	fake_drop_group(world->host, fake_group(world->host, VF1));
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* Its process is gone, but something else still has the device open: recover says so, and does it later. */
static void test_held_after_owner(void **state)
{
	struct world *world = *state;
	fake_add_process(world->host, 4711, 100, "qemu");
	assert_int_equal(world_prepare_for(world, xml_one, 4711), 0);
	fake_end_process(world->host, 4711);
	fake_hold_group(world->host, fake_group(world->host, VF1), 0);
	assert_int_equal(world_recover(world), 3);
	world_assert_given(world, VF1, MAC1, 42);
	fake_drop_group(world->host, fake_group(world->host, VF1));
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
}

/* udev names new netdevs, and gives them addresses, after they are there: in the end all is as it was. */
static void test_udev(void **state)
{
	static const struct mac rule = { { 0x02, 0x0d, 0xe5, 0, 0, 1 } };
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_three), 0);
	fake_udev(world->host, VF0, 2, "enp1s16", &rule);
	fake_udev(world->host, VF1, 3, "enp1s16f2", NULL);
	fake_delay_netdev(world->host, VF1, 2);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

static void test_no_autoprobe(void **state)
{
	struct world *world = *state;
	fake_set_autoprobe(world->host, PF, false);
	assert_int_equal(world_prepare(world, xml_three), 0);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* No netdev comes: that is told, the PF's side is restored, and recover finishes it when it is there. */
static void test_no_netdev(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_delay_netdev(world->host, VF1, 1000);
	assert_int_equal(world_release(world), 5);
	assert_true(world_said(world, VFASSIGN_TIMEOUT, "network interface"));
	/* The driver is bound anew by hand. */
	fake_set(world->host, VF1, SETTING_DRIVER, value_name("igbvf"));
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
}

/* The host driver cannot be loaded any more: that is told once, however many rounds it was tried in. */
static void test_no_host_driver(void **state)
{
	struct world *world = *state;
	const struct vfassign_report *reports;
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_add_module(world->host, "igbvf", FAKE_MODULE_BLACKLISTED);
	assert_int_equal(world_release(world), 5);
	assert_true(world_said(world, VFASSIGN_HOST_UNREADY, "have driver igbvf loaded"));
	assert_true(world_said(world, VFASSIGN_DIRTY, "driver is vfio-pci, was igbvf"));
	assert_int_equal(vfassign_result_reports(world->result, &reports), 2);
	fake_add_module(world->host, "igbvf", FAKE_MODULE_LOADED);
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
}

/* Somebody else's netdev has the name now. */
static void test_name_taken(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_add_nic(world->host, "0000:03:00.0", "uplink1");
	assert_int_equal(world_release(world), 5);
	assert_true(world_said(world, VFASSIGN_DIRTY, "netdev name"));
	fake_remove(world->host, "0000:03:00.0");
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
}

/* vfio-pci cannot be loaded, or does not take the device. */
static void test_no_vfio(void **state)
{
	struct world *world = *state;
	fake_add_module(world->host, "vfio-pci", FAKE_MODULE_BLACKLISTED);
	assert_int_not_equal(world_prepare(world, xml_three), 0);
	world_assert_before(world);
	fake_add_module(world->host, "vfio-pci", FAKE_MODULE_LOADED);
	fake_fail_on(world->host, "probe " VF1, 0, false, 1);
	assert_int_equal(world_prepare(world, xml_three), 4);
	assert_true(world_said(world, VFASSIGN_HOST, "did not take " VF1));
	world_assert_before(world);
}

/* A PF in reset leaves a VF out for a moment, or says EAGAIN: both pass. What stays so is refused before any change. */
static void test_reset(void **state)
{
	struct world *world = *state;
	fake_miss_vf(world->host, VF1, 2);
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_fail_on(world->host, "vf_set", EAGAIN, false, 3);
	fake_miss_vf(world->host, VF1, 1);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
	fake_fail_list(world->host, PF, EAGAIN, 2);
	fake_fail_on(world->host, "vf_set", EBUSY, false, 3);
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_fail_list(world->host, PF, EAGAIN, 1);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
	unsigned changes = fake_changes(world->host);
	fake_miss_vf(world->host, VF1, 1000000);
	assert_int_equal(world_prepare(world, xml_one), 2);
	assert_true(world_said(world, VFASSIGN_HOST_UNREADY, "does not report " VF1));
	assert_int_equal(fake_changes(world->host), changes);
	world_assert_before(world);
}

/* The VF stays missing from its PF's list when it is to be given back: it stays on VFIO, and on record. */
static void test_reset_at_release(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_miss_vf(world->host, VF1, 1000000);
	assert_int_equal(world_release(world), 5);
	assert_string_equal(fake_get(world->host, VF1, SETTING_DRIVER).name, "vfio-pci");
	fake_miss_vf(world->host, VF1, 0);
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
}

/* Somebody puts the VF back on its own driver, or changes what the PF does with it, while it is assigned. */
static void test_behind_our_back(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_set(world->host, VF1, SETTING_VLAN, value_vlan((struct vlan){ 99, 0, VLAN_PROTO_8021Q }));
	fake_set(world->host, VF1, SETTING_MAC, value_mac((struct mac){ 0 }));
	fake_set(world->host, VF1, SETTING_OVERRIDE, value_name("mlx5_vfio_pci"));
	fake_set(world->host, VF1, SETTING_DRIVER, value_name(""));
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* The PF has lost its driver, and with it its netdev: nothing can be restored through it, and the VF stays where it is. */
static void test_pf_without_netdev(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml_one), 0);
	fake_set(world->host, PF, SETTING_DRIVER, value_name(""));
	assert_int_equal(world_release(world), 5);
	assert_string_equal(fake_get(world->host, VF1, SETTING_DRIVER).name, "vfio-pci");
	assert_int_equal(world_prepare(world, xml_other), 2);
	assert_true(world_said(world, VFASSIGN_HOST_UNREADY, "has no network interface"));
	assert_int_equal(world_records(world), 1);
}

/* Two VFs in one IOMMU group: together or not at all, and given back when both are let go. */
static void test_shared_group(void **state)
{
	struct world *world = *state;
	fake_set_group(world->host, VF1, fake_group(world->host, VF0));
	assert_int_equal(world_prepare(world, xml_one), 2);
	world_assert_before(world);
	assert_int_equal(world_prepare(world, xml_three), 0);
	fake_add_process(world->host, 4711, 100, "qemu");
	fake_hold_group(world->host, fake_group(world->host, VF0), 4711);
	assert_int_equal(world_release_devices(world, VF0), 3);
	world_assert_given(world, VF0, MAC0, 41);
	fake_end_process(world->host, 4711);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* What a request may not do at all: nothing is made, not even a record. */
static void test_refused(void **state)
{
	struct world *world = *state;
	struct vfassign_options options = { .root = world->root, .allow = VF0 };
	vfassign_free(world->context);
	assert_int_equal(vfassign_new(&options, &world->context, NULL), 0);
	assert_int_equal(world_prepare(world, xml_three), 2);
	assert_true(world_said(world, VFASSIGN_DENIED, VF1 " is not among"));
	assert_true(world_said(world, VFASSIGN_DENIED, VF2 " is not among"));
	assert_int_equal(fake_changes(world->host), 0);
	world_assert_before(world);
	fake_set_root(world->host, "/");
	assert_int_equal(world_prepare(world, xml_one), 1);
	assert_true(world_said(world, VFASSIGN_USAGE, "captured"));
	assert_int_equal(world_recover(world), 1);
	assert_int_equal(world_release(world), 1);
}

/* A machine type beside the document's own is refused before anything changes, also by verbs that act. */
static void test_machine(void **state)
{
	struct world *world = *state;
	static const char xml[] = "<domain type='kvm'><name>g1</name><os><type machine='pc'>hvm</type></os><devices>"
				  "<interface type='hostdev' managed='yes'>"
				  "<source><address type='pci' bus='1' slot='0x10'/></source></interface>"
				  "</devices></domain>";
	assert_int_equal(world_prepare_as(world, xml, &(struct vfassign_request){ .machine = "q35" }), 1);
	assert_true(world_said(world, VFASSIGN_USAGE, "the document's machine type is 'pc', but"));
	assert_int_equal(fake_changes(world->host), 0);
	world_assert_before(world);
	assert_int_equal(world_prepare_as(world, xml, &(struct vfassign_request){ .machine = "pc" }), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_result),
		TEST(test_reads),
		TEST(test_no_threads),
		TEST(test_report_order),
		TEST(test_log),
		TEST(test_no_vlan),
		TEST(test_unmanaged),
		cmocka_unit_test(test_recreated),
		cmocka_unit_test(test_vanished),
		TEST(test_reboot),
		TEST(test_owner),
		TEST(test_held),
		TEST(test_held_for_a_moment),
		TEST(test_one_held),
		TEST(test_held_after_owner),
		TEST(test_udev),
		TEST(test_no_autoprobe),
		TEST(test_no_netdev),
		TEST(test_no_host_driver),
		TEST(test_name_taken),
		TEST(test_no_vfio),
		TEST(test_reset),
		TEST(test_reset_at_release),
		TEST(test_behind_our_back),
		TEST(test_pf_without_netdev),
		TEST(test_shared_group),
		TEST(test_refused),
		TEST(test_machine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
