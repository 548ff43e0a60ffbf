/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Port profiles: a switch that agrees, takes its time, refuses, or says nothing; and how its agreement is given up again. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "fake/world.h"
#include "types/port.h"

#define MAC "52:54:00:00:00:09"
#define UUID "09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f"
#define DOCUMENT(uuid, profile) \
	"<domain type='kvm'><name>g1</name>" uuid "<devices><interface type='hostdev' managed='yes'>" \
	"<mac address='" MAC \
	"'/><source><address type='pci' domain='0' bus='1' slot='0x10' function='0'/></source>" \
	"<virtualport type='802.1Qbh'><parameters profileid='" profile \
	"'/></virtualport></interface></devices></domain>"

static const char xml[] = DOCUMENT("<uuid>" UUID "</uuid>", "gold");
static const char xml_nameless[] = DOCUMENT("", "gold");

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

/* After the MAC, before the driver; and first of all that is taken back. */
static void test_order(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml), 0);
	assert_string_equal(fake_log(world->host), "load vfio-pci\n"
						   "vf_set " PF " vf 0 mac " MAC "\n"
						   "port_set " PF " vf 0 802.1Qbh gold, instance " UUID "\n"
						   "override " VF0 " vfio-pci\n"
						   "unbind " VF0 "\n"
						   "probe " VF0 "\n");
	fake_log_clear(world->host);
	assert_int_equal(world_release(world), 0);
	assert_string_equal(fake_log(world->host), "port_set " PF " vf 0 none\n"
						   "vf_set " PF " vf 0 mac none\n"
						   "override " VF0 " igbvf\n"
						   "unbind " VF0 "\n"
						   "probe " VF0 "\n"
						   "override " VF0 " none\n"
						   "netdev_set " VF0 " netdevMac 02:fa:00:00:00:02\n");
	world_assert_before(world);
}

static struct port port_of(const struct world *world)
{
	struct value value = fake_get(world->host, VF0, SETTING_PORT);
	assert_true(value.present);
	return value.port;
}

/* Without a UUID in the document the guest's name stands for it: the same each time, and another for another guest. */
static void test_instance(void **state)
{
	struct world *world = *state;
	struct uuid first;
	assert_int_equal(world_prepare(world, xml_nameless), 0);
	first = port_of(world).instance;
	assert_int_equal(port_of(world).host.byte[0], 0x4c);
	assert_int_equal(world_release(world), 0);
	assert_int_equal(world_prepare(world, xml_nameless), 0);
	assert_true(uuid_equal(port_of(world).instance, first));
	assert_int_equal(world_release(world), 0);
	assert_int_equal(world_prepare(world, xml), 0);
	assert_string_equal(uuid_text(port_of(world).instance).s, UUID);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

static void test_in_progress(void **state)
{
	struct world *world = *state;
	fake_answer_port(world->host, PF, PORT_SUCCESS, 3);
	assert_int_equal(world_prepare(world, xml), 0);
	assert_int_equal(port_of(world).response, PORT_SUCCESS);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
}

/* The switch's reason is told, and nothing stays behind. */
static void test_refused(void **state)
{
	static const uint16_t responses[] = { 0x102, 0x103, 0x104, 0x105, 0x1234 };
	for (size_t i = 0; i < ARRAY_SIZE(responses); i++) {
		struct world *world = *state;
		const char *word = port_response_word(responses[i]);
		fake_answer_port(world->host, PF, responses[i], i % 2);
		fake_log_clear(world->host);
		assert_int_equal(world_prepare(world, xml), 5);
		assert_true(world_said(world, VFASSIGN_HOST, word ? word : "0x1234"));
		assert_null(strstr(fake_log(world->host), "unbind"));
		/* Its end was not agreed to either. */
		assert_true(world_said(world, VFASSIGN_DIRTY, "port profile is none: "));
		fake_answer_port(world->host, PF, PORT_SUCCESS, 0);
		assert_int_equal(world_recover(world), 0);
		world_assert_before(world);
	}
}

static void test_no_answer(void **state)
{
	struct world *world = *state;
	fake_answer_port(world->host, PF, PORT_SUCCESS, FAKE_NEVER);
	assert_int_equal(world_prepare(world, xml), 5);
	assert_true(world_said(world, VFASSIGN_TIMEOUT, "no answer in time"));
	assert_int_equal(port_of(world).response, PORT_IN_PROGRESS);
	assert_int_equal(world_recover(world), 5);
	fake_answer_port(world->host, PF, PORT_SUCCESS, 2);
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
}

/* While the switch does not let go, no host driver sees the VF. */
static void test_release_refused(void **state)
{
	struct world *world = *state;
	assert_int_equal(world_prepare(world, xml), 0);
	fake_answer_port(world->host, PF, 0x103, 0);
	assert_int_equal(world_release(world), 5);
	assert_true(world_said(world, VFASSIGN_HOST, "bad state"));
	assert_string_equal(fake_get(world->host, VF0, SETTING_DRIVER).name, "vfio-pci");
	fake_refuse(world->host, PF, SETTING_PORT, EPERM, "not now");
	assert_int_equal(world_recover(world), 5);
	assert_true(world_said(world, VFASSIGN_DENIED, "port profile"));
	assert_string_equal(fake_get(world->host, VF0, SETTING_DRIVER).name, "vfio-pci");
	fake_refuse(world->host, PF, SETTING_PORT, 0, "");
	fake_answer_port(world->host, PF, PORT_SUCCESS, 0);
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
}

/* Somebody else's profile comes back; what somebody else's request left hanging does not. */
static void test_before(void **state)
{
	struct world *world = *state;
	struct port port = { .kind = PORT_KIND_8021QBH, .profile = "silver", .response = PORT_IN_PROGRESS };
	fake_answer_port(world->host, PF, 0x105, 0);
	fake_set(world->host, VF0, SETTING_PORT, value_port(port));
	fake_answer_port(world->host, PF, PORT_SUCCESS, 0);
	assert_int_equal(world_prepare(world, xml), 0);
	assert_int_equal(world_release(world), 0);
	assert_int_equal(port_of(world).kind, PORT_KIND_NONE);
	fake_set(world->host, VF0, SETTING_PORT, value_port(port));
	assert_int_equal(world_prepare(world, xml), 0);
	assert_string_equal(port_of(world).profile, "gold");
	assert_int_equal(world_release(world), 0);
	assert_string_equal(port_of(world).profile, "silver");
	assert_int_equal(world_records(world), 0);
}

/* What the PF's driver does not take is told before anything else is changed, or taken back. */
static void test_not_taken(void **state)
{
	struct world *world = *state;
	fake_refuse(world->host, PF, SETTING_PORT, EINVAL, "no such profile");
	assert_int_equal(world_prepare(world, xml), 4);
	assert_true(world_said(world, VFASSIGN_HOST, "port profile"));
	world_assert_before(world);
	fake_unreported(world->host, PF, SETTING_PORT);
	fake_log_clear(world->host);
	assert_int_equal(world_prepare(world, xml), 1);
	assert_true(world_said(world, VFASSIGN_CONFIG_UNSUPPORTED, "port profiles"));
	assert_string_equal(fake_log(world->host), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_instance, setup, teardown),
		cmocka_unit_test_setup_teardown(test_in_progress, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_release_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_before, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_taken, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
