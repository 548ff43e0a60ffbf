/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Each setting of a VF, with drivers that differ in what they take, report and insist on: set and put back, there already,
 * not known to the driver, refused on the way back. What cannot be done is said, and what is not as it was stays on record.
 */

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

/* A document for VF (its slot and function), with MORE. Static; the next call overwrites it. */
static const char *xml(const char *vf, const char *more)
{
	static char text[1024];
	snprintf(text, sizeof(text),
		 "<interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:01'/>"
		 "<source><address type='pci' domain='0' bus='1' slot='0x%.2s' function='%c'/></source>%s</interface>",
		 vf + strlen("0000:01:"), vf[strlen(vf) - 1], more);
	return text;
}

#define VF_ELEMENT(attributes) "<vf xmlns='urn:vfassign:1' " attributes "/>"

/* The host as it is now is what it is to be again. */
static void mark(struct world *world)
{
	fake_mark(world->host);
	free(world->before);
	world->before = fake_image_text(world->host);
}

/* A world whose PF is on DRIVER. */
static struct world *world_with(const char *driver)
{
	struct world *world = world_new();
	fake_set_pf_driver(world->host, PF, driver);
	mark(world);
	return world;
}

static int prepare(struct world *world, const char *vf, const char *more)
{
	const struct vfassign_request request = { .guest = "g1" };
	return world_prepare_as(world, xml(vf, more), &request);
}

/* The vf_set lines of the log, without PF and VF, one a line, in order. */
static const char *sent(struct world *world)
{
	static char text[2048];
	text[0] = '\0';
	for (const char *line = fake_log(world->host); *line; line = strchr(line, '\n') + 1)
		if (strncmp(line, "vf_set ", 7) == 0) {
			const char *what = strstr(line, " vf ") + strlen(" vf 0 ");
			strncat(text, what, (size_t)(strchr(line, '\n') + 1 - what));
		}
	return text;
}

/* The report about a failed step has HINT. */
static bool hinted(const struct world *world, const char *hint)
{
	const struct vfassign_report *reports;
	for (size_t i = vfassign_result_reports(world->result, &reports); i-- > 0;)
		if (reports[i].hint && strstr(reports[i].hint, hint))
			return true;
	return false;
}

/* ---- set, and put back ---- */

/* For VF0, which has nothing set. */
static const struct {
	const char *driver, *more;
	const char *in, *back; /* what is sent beside the MAC's coming and going */
} settings[] = {
	{ "igb", VF_ELEMENT("spoofchk='off'"), "spoofchk off\n", "spoofchk on\n" },
	{ "igb", VF_ELEMENT("trust='on'"), "trust on\n", "trust off\n" },
	{ "igb", VF_ELEMENT("maxTxRate='100'"), "txRate min 0 max 100\n", "txRate none\n" },
	{ "igb", "<bandwidth><outbound average='126'/></bandwidth>", "txRate min 0 max 2\n", "txRate none\n" },
	{ "ixgbe", VF_ELEMENT("linkState='enable'"), "linkState enable\n", "linkState auto\n" },
	{ "ixgbe", "<link state='down'/>", "linkState disable\n", "linkState auto\n" },
	{ "ixgbe", VF_ELEMENT("queryRss='on'"), "queryRss on\n", "queryRss off\n" },
	{ "mlx5_core", VF_ELEMENT("minTxRate='10'"), "txRate min 10 max 0\n", "txRate none\n" },
	{ "mlx5_core", VF_ELEMENT("minTxRate='10' maxTxRate='20'"), "txRate min 10 max 20\n", "txRate none\n" },
	{ "igb", "<vlan><tag id='5'/></vlan>" VF_ELEMENT("vlanQos='6'"), "vlan 5 qos 6\n", "vlan none\n" },
	{ "ice", "<vlan><tag id='5'/></vlan>" VF_ELEMENT("vlanProto='802.1ad'"),
	  "vlan 5 qos 0 proto 802.1ad\n", "vlan none\n" },
	/* There already. */
	{ "igb", VF_ELEMENT("spoofchk='on' trust='off' maxTxRate='0' minTxRate='0' linkState='auto'"), "", "" },
	{ "ixgbe", "<link state='up'/>" VF_ELEMENT("queryRss='off'"), "", "" },
	{ "igb", "<vlan><tag id='0'/></vlan>", "", "" },
};

/* TEXT without its line about the MAC, and whatever says "try again". */
static const char *but_mac(const char *text)
{
	static char rest[2048];
	rest[0] = '\0';
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		if (strncmp(line, "mac ", 4) != 0 &&
		    !memmem(line, (size_t)(strchr(line, '\n') - line), "EAGAIN", 6))
			strncat(rest, line, (size_t)(strchr(line, '\n') + 1 - line));
	return rest;
}

static void test_each(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		struct world *world = world_with(settings[i].driver);
		print_message("  %s: %s\n", settings[i].driver, settings[i].more);
		assert_int_equal(prepare(world, VF0, settings[i].more), 0);
		assert_string_equal(but_mac(sent(world)), settings[i].in);
		fake_log_clear(world->host);
		assert_int_equal(world_release(world), 0);
		assert_string_equal(but_mac(sent(world)), settings[i].back);
		world_assert_before(world);
		world_free(world);
	}
}

#define ALL \
	"<vlan><tag id='42'/></vlan><link state='down'/>" VF_ELEMENT( \
		"spoofchk='off' trust='on' maxTxRate='100' vlanQos='2' queryRss='on'")

/* One message for each setting, in the order that drivers insist on, and in the opposite one. */
static void test_order(void **state)
{
	struct world *world = world_with("ixgbe");
	assert_int_equal(prepare(world, VF0, ALL), 0);
	assert_string_equal(sent(world), "trust on\nmac 52:54:00:00:00:01\nvlan 42 qos 2\ntxRate min 0 max 100\n"
					 "linkState disable\nqueryRss on\nspoofchk off\n");
	fake_log_clear(world->host);
	assert_int_equal(world_release(world), 0);
	assert_string_equal(sent(world), "spoofchk on\nqueryRss off\nlinkState auto\ntxRate none\nvlan none\n"
					 "mac none\ntrust off\n");
	world_assert_before(world);
	world_free(world);
}

/* mlx4 and older mlx5: without a MAC no spoof check, with a spoof check no MAC less; with a rate no other VLAN. */
static void test_insisting(void **state)
{
	static const char *const drivers[] = { "mlx5_core", "mlx4_core" };
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		struct world *world = world_with(drivers[i]);
		assert_int_equal(prepare(world, VF0,
					 "<vlan><tag id='42'/></vlan>" VF_ELEMENT(
						 "spoofchk='on' maxTxRate='100'")),
				 0);
		assert_int_equal(world_release(world), 0);
		assert_null(strstr(fake_log(world->host), " = "));
		world_assert_before(world);
		world_free(world);
	}
}

/* i40e and ice reset a VF when its MAC, VLAN or trust change: until that is over they answer EAGAIN, or leave it out. */
static void test_resets(void **state)
{
	struct world *world = world_with("i40e");
	assert_int_equal(prepare(world, VF1,
				 "<vlan><tag id='42'/></vlan>" VF_ELEMENT("trust='on' spoofchk='off'")),
			 0);
	assert_non_null(strstr(fake_log(world->host), "mac 52:54:00:00:00:01 = EAGAIN\n"));
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
	world_free(world);
}

/* A VF that its PF does not report is waited for; when it stays away nothing is changed. */
static void test_missing(void **state)
{
	struct world *world = world_new();
	fake_miss_vf(world->host, VF0, 3);
	assert_int_equal(prepare(world, VF0, ""), 0);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
	unsigned changes = fake_changes(world->host);
	fake_miss_vf(world->host, VF0, 100000);
	assert_int_equal(prepare(world, VF0, ""), 2);
	assert_true(world_said(world, VFASSIGN_HOST_UNREADY, "does not report " VF0));
	assert_int_equal(fake_changes(world->host), changes);
	fake_miss_vf(world->host, VF0, 0);
	world_assert_before(world);
	world_free(world);
}

/* ---- what drivers do not do ---- */

static void test_unknown(void **state)
{
	static const struct {
		const char *driver, *more, *said;
		bool asked; /* the driver was, and the rest undone */
	} rows[] = {
		{ "igb", "<link state='down'/>", "cannot set link state through PF " PF " vf 0 to disable",
		  true },
		{ "igb", VF_ELEMENT("queryRss='on'"), "does not report the RSS query of " VF0, false },
		{ "mlx4_core", VF_ELEMENT("trust='off'"), "does not report the trust of " VF0, false },
		{ "igb", VF_ELEMENT("minTxRate='5'"),
		  "cannot set tx rate through PF " PF " vf 0 to min 5 max 0", true },
		{ "plain", VF_ELEMENT("maxTxRate='1'"),
		  "cannot set tx rate through PF " PF " vf 0 to min 0 max 1", true },
		{ "igb", "<vlan><tag id='5'/></vlan>" VF_ELEMENT("vlanProto='802.1ad'"),
		  "cannot set VLAN through PF " PF " vf 0 to 5 qos 0 proto 802.1ad", true },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world *world = world_with(rows[i].driver);
		assert_int_equal(prepare(world, VF0, rows[i].more), rows[i].asked ? 4 : 1);
		assert_true(world_said(world, rows[i].asked ? VFASSIGN_HOST : VFASSIGN_CONFIG_UNSUPPORTED,
				       rows[i].said));
		assert_true(
			hinted(world, strstr(rows[i].more, "min") ?
					      "while the PF has a link, up to its speed, and no minTxRate" :
					      "leave it out of the document, or take a VF of another card"));
		if (!rows[i].asked)
			assert_string_equal(fake_log(world->host), "");
		world_assert_before(world);
		world_free(world);
	}
}

/* The driver's own words are in the report, and what it forbids is not taken for a lack of rights alone. */
static void test_forbidden(void **state)
{
	struct world *world = world_new();
	const struct vfassign_report *reports;
	fake_refuse(world->host, PF, SETTING_TRUST, EPERM, "not for this VF");
	assert_int_equal(prepare(world, VF0, VF_ELEMENT("trust='on'")), 2);
	size_t count = vfassign_result_reports(world->result, &reports);
	assert_int_equal(count, 1);
	assert_int_equal(reports[0].class_, VFASSIGN_DENIED);
	assert_string_equal(reports[0].kernel, "not for this VF");
	assert_true(hinted(world, "the PF's driver forbids that"));
	world_assert_before(world);
	world_free(world);
}

/* A driver that says that it did, and did nothing: on the way in that is a failure, on the way back it is done again. */
static void test_silent(void **state)
{
	static const char *const calls[] = { "trust",     "mac",      "vlan",    "txRate",
					     "linkState", "queryRss", "spoofchk" };
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		struct world *world = world_with("ixgbe");
		char call[64];
		snprintf(call, sizeof(call), "vf_set " PF " vf 0 %s", calls[i]);
		fake_fail_on(world->host, call, 0, false, 1);
		assert_int_equal(prepare(world, VF0, ALL), 4);
		assert_true(world_said(world, VFASSIGN_HOST, "did not take what its driver said it took"));
		world_assert_before(world);
		assert_int_equal(prepare(world, VF0, ALL), 0);
		fake_fail_on(world->host, call, 0, false, 1);
		assert_int_equal(world_release(world), 0);
		world_assert_before(world);
		world_free(world);
	}
}

/* ---- what drivers do not take back ---- */

/* How often TEXT has PART. */
static unsigned times(const char *text, const char *part)
{
	unsigned count = 0;
	while ((text = strstr(text, part))) {
		text += strlen(part);
		count++;
	}
	return count;
}

/* What may meet a host driver does not keep the VF from it; that it is not as it was is said, and stays on record. */
static void test_not_taken_back(void **state)
{
	struct world *world = world_with("ixgbe");
	assert_int_equal(prepare(world, VF0, ALL), 0);
	fake_refuse(world->host, PF, SETTING_RATE, EOPNOTSUPP, "no");
	assert_int_equal(world_release(world), 5);
	assert_true(world_said(world, VFASSIGN_DIRTY,
			       VF0 " is not as it was: tx rate is min 0 max 100, was none"));
	assert_true(world_said(world, VFASSIGN_HOST, "cannot set tx rate"));
	/* Asked once more, in case it was something passing; that it still is the same ends it. */
	assert_int_equal(times(fake_log(world->host), "txRate none = EOPNOTSUPP\n"), 2);
	assert_string_equal(fake_get(world->host, VF0, SETTING_DRIVER).name, "igbvf");
	assert_true(fake_get(world->host, VF0, SETTING_SPOOFCHK).flag);
	assert_string_equal(fake_violations(world->host), "");
	assert_string_equal(world_state(world, VF0), "dirty");
	fake_refuse(world->host, PF, SETTING_RATE, 0, "");
	assert_int_equal(world_recover(world), 0);
	world_assert_before(world);
	world_free(world);
}

/* be2net takes no zero MAC. The VF gets the MAC of its netdev, and works; recover leaves it alone. */
static void test_mac_kept(void **state)
{
	struct world *world = world_with("be2net");
	struct value own = fake_get(world->host, VF3, SETTING_NETDEV_MAC);
	assert_int_equal(prepare(world, VF3, "<vlan><tag id='42'/></vlan>"), 0);
	assert_int_equal(world_release(world), 5);
	assert_true(world_said(world, VFASSIGN_DIRTY,
			       "was none (its driver takes it back only when the VF is created anew)"));
	assert_string_equal(fake_violations(world->host), "");
	for (int i = 0; i < 2; i++) {
		struct value mac = fake_get(world->host, VF3, SETTING_MAC);
		struct value netdev = fake_get(world->host, VF3, SETTING_NETDEV_MAC);
		assert_true(mac_equal(mac.mac, own.mac) && mac_equal(netdev.mac, own.mac));
		assert_true(fake_get(world->host, VF3, SETTING_NETDEV_UP).flag);
		assert_int_equal(fake_get(world->host, VF3, SETTING_VLAN).vlan.id, 0);
		unsigned changes = fake_changes(world->host);
		assert_int_equal(world_recover(world), 5);
		assert_int_equal(fake_changes(world->host), changes);
	}
	fake_recreate_vfs(world->host, PF);
	assert_int_equal(world_recover(world), 0);
	assert_int_equal(world_records(world), 0);
	world_free(world);
}

/* Where there is no such MAC either, the guest's stays, and so does the VF on VFIO. */
static void test_mac_stays(void **state)
{
	struct world *world = world_with("be2net");
	assert_int_equal(prepare(world, VF2, ""), 0);
	assert_int_equal(world_release(world), 5);
	assert_true(world_said(world, VFASSIGN_DIRTY, "MAC is 52:54:00:00:00:01, was none"));
	assert_true(world_said(world, VFASSIGN_HOST, "cannot set MAC through PF " PF " vf 2 to none"));
	assert_string_equal(fake_get(world->host, VF2, SETTING_DRIVER).name, "vfio-pci");
	assert_string_equal(fake_violations(world->host), "");
	world_free(world);
}

/* An administrator's MAC is a MAC like any other. */
static void test_admin_mac(void **state)
{
	struct world *world = world_with("be2net");
	assert_int_equal(prepare(world, VF1, ""), 0);
	assert_int_equal(world_release(world), 0);
	world_assert_before(world);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),      cmocka_unit_test(test_order),
		cmocka_unit_test(test_insisting), cmocka_unit_test(test_resets),
		cmocka_unit_test(test_missing),   cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_forbidden), cmocka_unit_test(test_not_taken_back),
		cmocka_unit_test(test_mac_kept),  cmocka_unit_test(test_mac_stays),
		cmocka_unit_test(test_admin_mac), cmocka_unit_test(test_silent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
