/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The snapshot: what is in it, what counts as the before-image, and how often the host is asked for it. */

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
#include "facts/facts.h"
#include "facts/resolve.h"
#include "fake/kernel.h"
#include "kernel/kernel.h"

#define PF "0000:01:00.0"
#define PF2 "0000:03:00.0"
#define VF0 "0000:01:10.0"
#define VF1 "0000:01:10.2"
#define NIC "0000:02:00.0"

struct fixture {
	struct fake_host *host;
	struct kernel *kernel;
	struct facts *facts;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_non_null(f);
	f->host = fake_host_new();
	fake_add_pf(f->host, PF, "eth0", true);
	fake_add_vfs(f->host, PF, 3);
	fake_add_nic(f->host, NIC, "lan0");
	assert_int_equal(kernel_open("/", &f->kernel), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	facts_free(f->facts);
	kernel_close(f->kernel);
	fake_host_free(f->host);
	free(f);
	return 0;
}

static struct pci_address address(const char *text)
{
	struct pci_address parsed;
	assert_int_equal(pci_parse(text, &parsed), 0);
	return parsed;
}

/* The facts of the COUNT devices at TEXTS, of the last one. */
static const struct device_facts *look(struct fixture *f, const char *const *texts, size_t count,
				       enum facts_flags flags)
{
	struct pci_address addresses[8];
	for (size_t i = 0; i < count; i++)
		addresses[i] = address(texts[i]);
	facts_free(f->facts);
	f->facts = NULL;
	assert_int_equal(facts_read(f->kernel, addresses, count, flags, &f->facts), 0);
	assert_int_equal(f->facts->device_count, count);
	return &f->facts->devices[count - 1];
}

static const struct device_facts *look_at(struct fixture *f, const char *text)
{
	return look(f, &text, 1, 0);
}

static char *text_of(const struct facts *facts)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	facts_write(facts, out);
	fclose(out);
	return text;
}

/* The whole text form; the order is the caller's, and what is missing is a fact as well. */
static void test_text(void **state)
{
	struct fixture *f = *state;
	static const char *const all[] = { VF1, "0000:7f:00.0", NIC };
	static const struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	fake_set(f->host, VF1, SETTING_MAC, value_mac(mac));
	fake_set(f->host, VF1, SETTING_VLAN, value_vlan((struct vlan){ 42, 1, VLAN_PROTO_8021Q }));
	fake_set(f->host, VF1, SETTING_DRIVER, value_name("vfio-pci"));
	fake_set_group(f->host, VF1, 50);
	fake_set_group(f->host, NIC, 50);
	look(f, all, ARRAY_SIZE(all), FACTS_HOLDERS);
	char *text = text_of(f->facts);
	assert_string_equal(text, "iommu yes\n"
				  "pf 0000:01:00.0 driver igb netdev eth0 up vfs 3 of 8\n"
				  "device 0000:01:10.2 vf 1 of 0000:01:00.0 class 020000 group 50 vfio\n"
				  "  mac: 02:00:00:00:00:01\n  vlan: 42 qos 1\n  spoofchk: on\n"
				  "  trust: off\n  linkState: auto\n  txRate: none\n  driverOverride: none\n"
				  "  driver: vfio-pci\n  group member 0000:02:00.0 driver e1000e\n"
				  "device 0000:7f:00.0 missing\n"
				  "device 0000:02:00.0 class 020000 group 50\n"
				  "  group member 0000:01:10.2 driver vfio-pci\n");
	look(f, all, ARRAY_SIZE(all), FACTS_HOLDERS);
	char *again = text_of(f->facts);
	assert_string_equal(text, again);
	free(text);
	free(again);
}

/* However many VFs are asked for, their PF is asked once. */
static void test_reads(void **state)
{
	struct fixture *f = *state;
	static const char *const vfs[] = { VF0, VF1, "0000:01:10.4", "0000:03:10.0", "0000:03:10.2" };
	fake_add_pf(f->host, PF2, "eth1", true);
	fake_add_vfs(f->host, PF2, 2);
	look(f, vfs, ARRAY_SIZE(vfs), 0);
	assert_int_equal(f->facts->pf_count, 2);
	assert_int_equal(fake_list_reads(f->host, PF), 1);
	assert_int_equal(fake_list_reads(f->host, PF2), 1);
	assert_int_equal(fake_changes(f->host), 0);
}

/* A MAC that the VF's own netdev chose is none; any other is the administrator's. */
static void test_own_mac(void **state)
{
	struct fixture *f = *state;
	static const struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	fake_set(f->host, VF0, SETTING_NETDEV_UP, value_flag(true));
	const struct device_facts *vf = look_at(f, VF0);
	assert_false(mac_is_zero(vf->report->settings.of[SETTING_MAC].mac));
	assert_true(vf->settings.of[SETTING_MAC].present);
	assert_true(mac_is_zero(vf->settings.of[SETTING_MAC].mac));
	fake_set(f->host, VF0, SETTING_NETDEV_MAC, value_mac(mac));
	vf = look_at(f, VF0);
	assert_true(mac_equal(vf->report->settings.of[SETTING_MAC].mac, mac));
	assert_true(mac_is_zero(vf->settings.of[SETTING_MAC].mac));
	fake_set(f->host, VF1, SETTING_MAC, value_mac(mac));
	assert_true(mac_equal(look_at(f, VF1)->settings.of[SETTING_MAC].mac, mac));
	/* Also when the driver has taken it over. */
	fake_set(f->host, VF1, SETTING_DRIVER, value_name("igbvf"));
	vf = look_at(f, VF1);
	assert_true(mac_equal(vf->netdev.mac, mac));
	assert_true(mac_equal(vf->settings.of[SETTING_MAC].mac, mac));
}

/* What is not reported is absent, and so is everything about a netdev that is not there. */
static void test_absent(void **state)
{
	struct fixture *f = *state;
	fake_unreported(f->host, PF, SETTING_VLAN);
	fake_set(f->host, VF0, SETTING_DRIVER, value_name(""));
	const struct device_facts *vf = look_at(f, VF0);
	assert_false(vf->settings.of[SETTING_VLAN].present);
	assert_true(vf->settings.of[SETTING_DRIVER].present);
	for (enum setting setting = SETTING_NETDEV_MAC; setting < SETTING_COUNT; setting++)
		assert_false(vf->settings.of[setting].present);
	fake_fail_list(f->host, PF, EOPNOTSUPP, 1);
	vf = look_at(f, VF0);
	assert_int_equal(vf->pf->vfs_error, -EOPNOTSUPP);
	assert_null(vf->report);
	assert_false(vf->settings.of[SETTING_MAC].present);
	fake_miss_vf(f->host, VF0, 1);
	vf = look_at(f, VF0);
	assert_int_equal(vf->pf->vfs_error, 0);
	assert_null(vf->report);
}

static void test_holders(void **state)
{
	struct fixture *f = *state;
	static const char *const vf[] = { VF0 };
	fake_set(f->host, VF0, SETTING_DRIVER, value_name("vfio-pci"));
	fake_add_process(f->host, 4711, 1, "qemu");
	assert_false(look(f, vf, 1, FACTS_HOLDERS)->held);
	fake_hold_group(f->host, fake_group(f->host, VF0), 4711);
	assert_false(look(f, vf, 1, 0)->held);
	const struct device_facts *now = look(f, vf, 1, FACTS_HOLDERS);
	assert_true(now->held);
	assert_int_equal(now->holder.pid, 4711);
	assert_string_equal(now->holder.name, "qemu");
}

/* All PFs and all VFs, by PF and VF index; other devices are none of our business. */
static void test_host(void **state)
{
	struct fixture *f = *state;
	fake_add_pf(f->host, PF2, "eth1", false);
	fake_add_pf(f->host, "0000:05:00.0", "eth2", true);
	fake_add_vfs(f->host, PF2, 2);
	assert_int_equal(facts_read_host(f->kernel, 0, &f->facts), 0);
	assert_int_equal(f->facts->pf_count, 3);
	assert_int_equal(f->facts->device_count, 5);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(f->facts->devices[i].vf_index, i < 3 ? i : i - 3);
		assert_ptr_equal(f->facts->devices[i].pf, f->facts->pfs[i < 3 ? 0 : 1]);
	}
	assert_null(facts_find(f->facts, address(NIC)));
	assert_non_null(facts_find(f->facts, address(VF1)));
	assert_int_equal(fake_list_reads(f->host, PF), 1);
}

/* Where offset and stride say something else than the links, the links win. */
static void test_vf_index(void **state)
{
	struct fixture *f = *state;
	struct pci_device pf = look_at(f, VF1)->pf->device;
	uint32_t index = 99;
	assert_int_equal(resolve_vf_index(f->kernel, &pf, address(VF1), &index), 0);
	assert_int_equal(index, 1);
	static const uint32_t wrong[][2] = { { 0, 0 }, { 128, 0 }, { 128, 1 }, { 129, 2 }, { 0xffffffff, 7 } };
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		pf.vf_offset = wrong[i][0];
		pf.vf_stride = wrong[i][1];
		index = 99;
		assert_int_equal(resolve_vf_index(f->kernel, &pf, address(VF1), &index), 0);
		assert_int_equal(index, 1);
	}
	assert_int_equal(resolve_vf_index(f->kernel, &pf, address(NIC), &index), -ENOENT);
	pf.num_vfs = 1;
	assert_int_equal(resolve_vf_index(f->kernel, &pf, address(VF1), &index), -ENOENT);
}

/* The port of a PF among its representors and other netdevs. */
static void test_uplink(void **state)
{
	static const struct {
		const char *names[3];
		uint16_t ports[3];
		int expected; /* -1: none */
	} cases[] = {
		{ { "" }, { 0 }, 0 },
		{ { "pf0vf0", "p0", "pf0vf1" }, { 0, 0, 0 }, 1 },
		{ { "c1pf0", "p1s2", "pf0hpf" }, { 0, 0, 0 }, 1 },
		{ { "p1", "p0", "" }, { 1, 0, 2 }, 1 },
		{ { "", "", "" }, { 3, 2, 2 }, 1 },
		{ { "pf0vf0", "pf0sf1", "p" }, { 0, 0, 0 }, -1 },
		{ { "p0x", "xp0", "p0s" }, { 0, 0, 0 }, -1 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct netdev netdevs[3] = { 0 };
		size_t count = 0;
		for (; count < 3 && cases[i].names[count]; count++) {
			netdevs[count].dev_port = cases[i].ports[count];
			snprintf(netdevs[count].phys_port_name, NAME_SIZE, "%s", cases[i].names[count]);
		}
		const struct netdev *uplink = resolve_uplink(netdevs, count);
		assert_int_equal(uplink ? uplink - netdevs : -1, cases[i].expected);
	}
	assert_null(resolve_uplink(NULL, 0));
}

/* A PF in switchdev mode: each VF has a representor, found by the PF's number and its own. */
static void test_switchdev(void **state)
{
	struct fixture *f = *state;
	const struct device_facts *vf = look_at(f, VF1);
	assert_false(vf->pf->switchdev);
	assert_null(vf->representor);
	static const char *const others[] = { "pf1vf1", "c1pf0vf1", "pf0vf10", "pf0vf1s0",
					      "pf0sf1", "pf0",      "pf0vf",   "pf4294967296vf1" };
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		fake_add_netdev(f->host, PF, "", others[i]);
	vf = look_at(f, VF1);
	assert_true(vf->pf->switchdev);
	assert_null(vf->representor);
	fake_add_netdev(f->host, PF, "rep1", "pf0vf1");
	vf = look_at(f, VF1);
	assert_string_equal(vf->representor, "rep1");
	assert_string_equal(vf->pf->netdev.name, "eth0");
	char *text = text_of(f->facts);
	assert_non_null(strstr(text, "vfs 3 of 8 switchdev\n"));
	assert_non_null(strstr(text, "\n  representor: rep1\n"));
	free(text);
	/* The second PF of a card shares its switch with the first; its ports and VFs are 1. */
	struct switch_port ports[] = { { "rep0", "pf0vf1" }, { "p1", "p1" }, { "rep1", "pf1vf1" } };
	struct pf_facts second = { .netdev.phys_port_name = "p1", .ports = ports, .port_count = 3 };
	assert_string_equal(resolve_representor(&second, 1), "rep1");
	assert_null(resolve_representor(&second, 0));
	strcpy(second.netdev.phys_port_name, "p2s1");
	assert_null(resolve_representor(&second, RESOLVE_ANY_VF));
	second.netdev.phys_port_name[0] = '\0';
	second.device.address.function = 1;
	assert_string_equal(resolve_representor(&second, RESOLVE_ANY_VF), "rep1");
}

/* One PF for two ports: its VFs stand at one of them, or do not tell. */
static void test_ports(void **state)
{
	struct fixture *f = *state;
	fake_set_port_id(f->host, "eth0", "aa");
	fake_set_port_id(f->host, "eth0v0", "bb");
	/* With one port there is no other. */
	assert_false(look_at(f, VF0)->other_port);
	fake_add_netdev(f->host, PF, "port1", "");
	fake_set_port_id(f->host, "port1", "bb");
	assert_true(look_at(f, VF0)->other_port);
	assert_null(look_at(f, VF0)->report);
	assert_false(look_at(f, VF1)->other_port);
	fake_set_port_id(f->host, "eth0v1", "aa");
	assert_false(look_at(f, VF1)->other_port);
	/* A VF may have a netdev at each. */
	fake_add_netdev(f->host, VF0, "eth0v0p0", "");
	fake_set_port_id(f->host, "eth0v0p0", "aa");
	assert_false(look_at(f, VF0)->other_port);
	/* Without one there is no telling. */
	fake_set(f->host, VF0, SETTING_DRIVER, value_name("vfio-pci"));
	assert_false(look_at(f, VF0)->other_port);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_text),      TEST(test_reads), TEST(test_own_mac),  TEST(test_absent),
		TEST(test_holders),   TEST(test_host),  TEST(test_vf_index), cmocka_unit_test(test_uplink),
		TEST(test_switchdev), TEST(test_ports),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
