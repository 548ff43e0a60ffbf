/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a record and what the host is like now to the steps back, and what they have to bring about. */

#include "host.h"

/* What happened to the VF since its record was made. */
struct test {
	const char *name;
	const char *vf;
	unsigned touched;                       /* 1 << setting */
	void (*change)(struct fake_host *host); /* what the host became */
	const char *steps;
	const char *differences; /* NULL: none */
};

#define ALL (1U << SETTING_MAC | 1U << SETTING_VLAN | 1U << SETTING_OVERRIDE | 1U << SETTING_DRIVER)
#define PF_SIDE (1U << SETTING_MAC | 1U << SETTING_VLAN)

static void give_settings(struct fake_host *host, const char *vf)
{
	fake_set(host, vf, SETTING_MAC, value_mac(mac("52:54:00:00:00:01")));
	fake_set(host, vf, SETTING_VLAN, value_vlan((struct vlan){ 42, 0, VLAN_PROTO_8021Q }));
}

static void give(struct fake_host *host, const char *vf)
{
	give_settings(host, vf);
	fake_set(host, vf, SETTING_OVERRIDE, value_name("vfio-pci"));
	fake_set(host, vf, SETTING_DRIVER, value_name("vfio-pci"));
}

static void given0(struct fake_host *host)
{
	give(host, VF0);
}

static void given1(struct fake_host *host)
{
	give(host, VF1);
}

static void given2(struct fake_host *host)
{
	give_settings(host, VF2);
}

static void given3(struct fake_host *host)
{
	give(host, VF3);
}

static void settings_only(struct fake_host *host)
{
	give_settings(host, VF1);
}

static void settings_only_down(struct fake_host *host)
{
	fake_set(host, VF1, SETTING_NETDEV_UP, value_flag(false));
	give_settings(host, VF1);
}

static void override_only(struct fake_host *host)
{
	give_settings(host, VF1);
	fake_set(host, VF1, SETTING_OVERRIDE, value_name("vfio-pci"));
}

static void unbound(struct fake_host *host)
{
	override_only(host);
	fake_set(host, VF1, SETTING_DRIVER, value_name(""));
}

static void pf_restored(struct fake_host *host)
{
	given1(host);
	fake_set(host, VF1, SETTING_MAC, value_mac(mac(ADMIN_MAC)));
	fake_set(host, VF1, SETTING_VLAN, value_vlan((struct vlan){ 7, 3, VLAN_PROTO_8021Q }));
}

static void rebound(struct fake_host *host)
{
	pf_restored(host);
	fake_set(host, VF1, SETTING_OVERRIDE, value_name("igbvf"));
	fake_set(host, VF1, SETTING_DRIVER, value_name("igbvf"));
}

static void other_vfio(struct fake_host *host)
{
	give_settings(host, VF2);
	fake_add_module(host, "mlx5_vfio_pci", FAKE_MODULE_LOADED);
	fake_set(host, VF2, SETTING_OVERRIDE, value_name("mlx5_vfio_pci"));
	fake_set(host, VF2, SETTING_DRIVER, value_name("mlx5_vfio_pci"));
}

static void vlan_unreported(struct fake_host *host)
{
	given1(host);
	fake_unreported(host, PF, SETTING_VLAN);
}

static void given_all(struct fake_host *host)
{
	fake_set_pf_driver(host, PF, "ixgbe");
	fake_set(host, VF3, SETTING_DRIVER, value_name("vfio-pci"));
	give_settings(host, VF3);
	fake_set(host, VF3, SETTING_SPOOFCHK, value_flag(false));
	fake_set(host, VF3, SETTING_TRUST, value_flag(true));
	fake_set(host, VF3, SETTING_LINK, value_link(VF_LINK_DISABLE));
	fake_set(host, VF3, SETTING_RATE, value_rate((struct rate){ 0, 9 }));
	fake_set(host, VF3, SETTING_RSS, value_flag(true));
}

/* exec gave it the MAC of its netdev, and the driver found that. */
static void stuck(struct fake_host *host)
{
	fake_set_pf_driver(host, PF, "be2net");
	fake_set(host, VF0, SETTING_MAC, value_mac(mac("02:fa:00:00:00:02")));
	fake_set(host, VF0, SETTING_DRIVER, value_name("igbvf"));
}

static void nothing(struct fake_host *host)
{
}

#define CLOSED(group) "make sure that nobody uses /dev/vfio/" group "\n"
#define CHECK(vf) "make sure that PF 0000:01:00.0 vf " vf " took them\n"
#define VLAN1 "set VLAN through PF 0000:01:00.0 vf 1: 42 -> 7 qos 3\n"
#define MAC1 "set MAC through PF 0000:01:00.0 vf 1: 52:54:00:00:00:01 -> " ADMIN_MAC "\n"
#define HOST_DRIVER \
	"have driver igbvf loaded\nset driver_override: vfio-pci -> igbvf\n" \
	"take it from its driver: vfio-pci -> none\nbind it to driver igbvf: none -> igbvf\n" \
	"set driver_override: igbvf -> none\n"
/* Where the netdev is not there yet its values are not known. */
#define NETDEV1(mac, mtu, name, up) \
	"wait for its network interface\nset netdev MAC: " mac " -> " ADMIN_MAC "\nset netdev MTU: " mtu \
	" -> 1400\n" \
	"set netdev name: " name " -> uplink1\nset netdev up: " up " -> yes\n"
#define NEW1 NETDEV1("-", "-", "-", "-")
#define DIFFERS_NETDEV1 \
	"netdev MAC is -, was " ADMIN_MAC "; netdev MTU is -, was 1400; netdev name is -, was uplink1; " \
	"netdev up is -, was yes"
#define DIFFERS_PF1 "MAC is 52:54:00:00:00:01, was " ADMIN_MAC "; VLAN is 42, was 7 qos 3"

static const struct test tests[] = {
	{ "all of it: closed, PF side, driver, netdev", VF1, ALL, given1,
	  CLOSED("2") VLAN1 MAC1 CHECK("1") HOST_DRIVER NEW1,
	  DIFFERS_PF1
	  "; driver_override is vfio-pci, was none; driver is vfio-pci, was igbvf; " DIFFERS_NETDEV1 },
	{ "nothing that was not touched is restored through the PF", VF1, 1U << SETTING_MAC, settings_only_down,
	  MAC1 CHECK("1") "wait for its network interface\nset netdev MAC: " ADMIN_MAC " -> " ADMIN_MAC
			  "\nset netdev MTU: 1400 -> 1400\nset netdev name: uplink1 -> uplink1\n"
			  "set netdev up: no -> yes\n",
	  "MAC is 52:54:00:00:00:01, was " ADMIN_MAC "; netdev up is no, was yes" },
	{ "under an up netdev: down first, up last", VF1, PF_SIDE, settings_only,
	  "set netdev up: yes -> no\n" VLAN1 MAC1 CHECK("1") NETDEV1(ADMIN_MAC, "1400", "uplink1", "no"),
	  DIFFERS_PF1 },
	{ "override written, not unbound", VF1, PF_SIDE | 1U << SETTING_OVERRIDE, override_only,
	  "set netdev up: yes -> no\n" VLAN1 MAC1 CHECK(
		  "1") "set driver_override: vfio-pci -> none\n" NETDEV1(ADMIN_MAC, "1400", "uplink1", "no"),
	  DIFFERS_PF1 "; driver_override is vfio-pci, was none" },
	{ "unbound, not bound", VF1, ALL, unbound,
	  VLAN1 MAC1 CHECK("1") "have driver igbvf loaded\nset driver_override: vfio-pci -> igbvf\n"
				"bind it to driver igbvf: none -> igbvf\nset driver_override: igbvf -> none\n" NEW1,
	  DIFFERS_PF1 "; driver_override is vfio-pci, was none; driver is none, was igbvf; " DIFFERS_NETDEV1 },
	{ "the PF side is restored, the driver not", VF1, ALL, pf_restored, CLOSED("2") HOST_DRIVER NEW1,
	  "driver_override is vfio-pci, was none; driver is vfio-pci, was igbvf; " DIFFERS_NETDEV1 },
	{ "the driver is back, override and netdev are not", VF1, ALL, rebound,
	  "set driver_override: igbvf -> none\n" NETDEV1(ADMIN_MAC, "1500", "eth0v1", "no"),
	  "driver_override is igbvf, was none; netdev MTU is 1500, was 1400; netdev name is eth0v1, was uplink1; "
	  "netdev up is no, was yes" },
	{ "nothing was touched", VF1, 0, nothing, "", NULL },
	{ "nothing is as it was, but not by us", VF1, 0, settings_only_down, "", NULL },
	{ "no admin MAC, no VLAN", VF0, ALL, given0,
	  CLOSED("1") "set VLAN through PF 0000:01:00.0 vf 0: 42 -> none\n"
		      "set MAC through PF 0000:01:00.0 vf 0: 52:54:00:00:00:01 -> none\n" CHECK("0") HOST_DRIVER
	  "wait for its network interface\nset netdev MAC: - -> 02:fa:00:00:00:02\n"
	  "set netdev MTU: - -> 1500\nset netdev name: - -> eth0v0\nset netdev up: - -> no\n",
	  "MAC is 52:54:00:00:00:01, was none; VLAN is 42, was none; driver_override is vfio-pci, was none; "
	  "driver is vfio-pci, was igbvf; netdev MAC is -, was 02:fa:00:00:00:02; netdev MTU is -, was 1500; "
	  "netdev name is -, was eth0v0; netdev up is -, was no" },
	{ "on VFIO before: it stays there", VF2, PF_SIDE, given2,
	  CLOSED("3") "set VLAN through PF 0000:01:00.0 vf 2: 42 -> none\n"
		      "set MAC through PF 0000:01:00.0 vf 2: 52:54:00:00:00:01 -> none\n" CHECK("2"),
	  "MAC is 52:54:00:00:00:01, was none; VLAN is 42, was none" },
	{ "on another VFIO driver before", VF2, ALL, other_vfio,
	  CLOSED("3") "set VLAN through PF 0000:01:00.0 vf 2: 42 -> none\n"
		      "set MAC through PF 0000:01:00.0 vf 2: 52:54:00:00:00:01 -> none\n" CHECK(
			      "2") "have driver vfio-pci loaded\nset driver_override: mlx5_vfio_pci -> vfio-pci\n"
				   "take it from its driver: mlx5_vfio_pci -> none\n"
				   "bind it to driver vfio-pci: none -> vfio-pci\nset driver_override: vfio-pci -> none\n",
	  "MAC is 52:54:00:00:00:01, was none; VLAN is 42, was none; "
	  "driver_override is mlx5_vfio_pci, was none; driver is mlx5_vfio_pci, was vfio-pci" },
	{ "on no driver before: it is not probed", VF3, ALL, given3,
	  CLOSED("4") "set VLAN through PF 0000:01:00.0 vf 3: 42 -> none\n"
		      "set MAC through PF 0000:01:00.0 vf 3: 52:54:00:00:00:01 -> none\n" CHECK(
			      "3") "take it from its driver: vfio-pci -> none\nset driver_override: vfio-pci -> none\n",
	  "MAC is 52:54:00:00:00:01, was none; VLAN is 42, was none; driver_override is vfio-pci, was none; "
	  "driver is vfio-pci, was none" },
	{ "all settings, in the opposite order; but not what was not reported", VF3,
	  (1U << (SETTING_VF_LAST + 1)) - 1, given_all,
	  CLOSED("4") "set spoof check through PF 0000:01:00.0 vf 3: off -> on\n"
		      "set link state through PF 0000:01:00.0 vf 3: disable -> auto\n"
		      "set tx rate through PF 0000:01:00.0 vf 3: min 0 max 9 -> none\n"
		      "set VLAN through PF 0000:01:00.0 vf 3: 42 -> none\n"
		      "set MAC through PF 0000:01:00.0 vf 3: 52:54:00:00:00:01 -> none\n"
		      "set trust through PF 0000:01:00.0 vf 3: on -> off\n" CHECK("3"),
	  "MAC is 52:54:00:00:00:01, was none; VLAN is 42, was none; spoof check is off, was on; trust is on, was off; "
	  "link state is disable, was auto; tx rate is min 0 max 9, was none" },
	{ "a MAC that its driver does not take back: nothing more can be done", VF0, ALL, stuck,
	  "wait for its network interface\nset netdev MAC: 02:fa:00:00:00:02 -> 02:fa:00:00:00:02\n"
	  "set netdev MTU: 1500 -> 1500\nset netdev name: eth0v0 -> eth0v0\nset netdev up: no -> no\n",
	  "MAC is 02:fa:00:00:00:02, was none (its driver takes it back only when the VF is created anew)" },
	{ "a setting that the PF no longer reports is set all the same", VF1, ALL, vlan_unreported,
	  CLOSED("2") "set VLAN through PF 0000:01:00.0 vf 1: - -> 7 qos 3\n" MAC1 CHECK("1") HOST_DRIVER NEW1,
	  "MAC is 52:54:00:00:00:01, was " ADMIN_MAC "; VLAN is -, was 7 qos 3; driver_override is vfio-pci, was "
	  "none; driver is vfio-pci, was igbvf; " DIFFERS_NETDEV1 },
};

/* A record of VF as it is now, with TOUCHED. */
static struct record record_of(const char *vf, unsigned touched)
{
	struct pci_address one = address(vf);
	struct facts *facts = facts_of(&one, 1);
	const struct device_facts *now = &facts->devices[0];
	struct record record = {
		.address = one,
		.inode = now->device.inode,
		.boot_id = facts->boot_id,
		.pf = now->pf->device.address,
		.vf_index = now->vf_index,
		.before = now->settings,
	};
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		record.touched[setting] = touched >> setting & 1;
	facts_free(facts);
	return record;
}

/* The steps back to RECORD, in new memory. */
static char *release(const struct record *record, const struct device_facts *now)
{
	struct device_plan plan;
	char *text = NULL;
	size_t size;
	plan_release(record, now, &plan);
	assert_true(plan.restores);
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	print_steps(out, &plan);
	fclose(out);
	return text;
}

static void run(const struct test *test)
{
	struct fake_host *host = host_new();
	struct record record = record_of(test->vf, test->touched);
	test->change(host);
	struct facts *facts = facts_of(&record.address, 1);
	char *steps = release(&record, &facts->devices[0]);
	if (strcmp(steps, test->steps) != 0)
		print_message("  %s\n", test->name);
	assert_string_equal(steps, test->steps);
	char *differences = NULL;
	bool any = plan_differences(&record, &facts->devices[0], &differences);
	assert_int_equal(any, test->differences != NULL);
	assert_string_equal(any ? differences : "", any ? test->differences : "");
	assert_true(plan_same_device(&record, &facts->devices[0], facts->boot_id));
	free(steps);
	free(differences);
	facts_free(facts);
	fake_host_free(host);
}

static void test_tables(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		run(&tests[i]);
}

/* Where a step of KIND about SETTING stands in PLAN; none: past its end. */
static size_t place(const struct device_plan *plan, enum step_kind kind, enum setting setting)
{
	size_t i = 0;
	while (i < plan->step_count && (plan->steps[i].kind != kind || plan->steps[i].setting != setting))
		i++;
	return i;
}

/* Whatever was touched, and whatever the VF is on: the rules about order hold, and the steps fit into a plan. */
static void test_rules(void **state)
{
	static void (*const changes[])(struct fake_host * host) = {
		nothing, given1, settings_only, override_only, unbound, pf_restored, rebound, vlan_unreported
	};
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		/* All of them take minutes; so each comes with, and without, each other. */
		for (unsigned touched = 0; touched < 1U << SETTING_COUNT; touched += 97) {
			struct fake_host *host = host_new();
			struct record record = record_of(VF1, touched);
			changes[i](host);
			struct facts *facts = facts_of(&record.address, 1);
			const struct device_facts *now = &facts->devices[0];
			struct device_plan plan;
			plan_release(&record, now, &plan);
			size_t bind = place(&plan, STEP_BIND, SETTING_DRIVER);
			size_t unbind = place(&plan, STEP_UNBIND, SETTING_DRIVER);
			size_t closed = place(&plan, STEP_CLOSED, SETTING_COUNT);
			size_t check = place(&plan, STEP_VF_CHECK, SETTING_COUNT);
			size_t zeroed = place(&plan, STEP_VF_SET, SETTING_MAC);
			assert_in_range(plan.step_count, 0, STEPS_MAX - 1);
			assert_true(closed == (now->device.vfio ? 0 : plan.step_count));
			for (size_t k = 0; k < plan.step_count; k++) {
				if (plan.steps[k].kind != STEP_VF_SET)
					continue;
				assert_true(k < check && k < unbind && k < bind);
				assert_true(touched >> plan.steps[k].setting & 1);
			}
			if (zeroed < plan.step_count && now->netdev.up)
				assert_true(place(&plan, STEP_NETDEV_SET, SETTING_NETDEV_UP) < zeroed);
			assert_true(place(&plan, STEP_NETDEV, SETTING_COUNT) > bind || bind == plan.step_count);
			facts_free(facts);
			fake_host_free(host);
		}
	}
}

/* The VF itself is what counts, not its address. */
static void test_same_device(void **state)
{
	struct fake_host *host = host_new();
	struct record record = record_of(VF1, ALL);
	given1(host);
	struct facts *facts = facts_of(&record.address, 1);
	assert_true(plan_same_device(&record, &facts->devices[0], facts->boot_id));
	struct uuid other_boot = { { 9 } };
	assert_false(plan_same_device(&record, &facts->devices[0], other_boot));
	facts_free(facts);
	fake_recreate_vfs(host, PF);
	facts = facts_of(&record.address, 1);
	assert_false(plan_same_device(&record, &facts->devices[0], facts->boot_id));
	facts_free(facts);
	fake_remove(host, VF1);
	facts = facts_of(&record.address, 1);
	assert_false(plan_same_device(&record, &facts->devices[0], facts->boot_id));
	facts_free(facts);
	fake_host_free(host);
}

/* What prepare wanted and the VF has not. */
static void test_unmet(void **state)
{
	struct fake_host *host = host_new();
	struct device_plan device = { .address = address(VF1) };
	struct plan plan = { .devices = &device, .count = 1 };
	device.after.of[SETTING_MAC] = value_mac(mac("52:54:00:00:00:01"));
	device.after.of[SETTING_VLAN] = value_vlan((struct vlan){ 42, 0, VLAN_PROTO_8021Q });
	device.after.of[SETTING_DRIVER] = value_name("vfio-pci");
	struct facts *facts = facts_of(&device.address, 1);
	char *text = NULL;
	assert_true(plan_unmet(&plan, 0, &facts->devices[0], &text));
	assert_string_equal(text, "MAC is " ADMIN_MAC ", not 52:54:00:00:00:01; VLAN is 7 qos 3, not 42; "
				  "driver is igbvf, not vfio-pci");
	free(text);
	facts_free(facts);
	given1(host);
	facts = facts_of(&device.address, 1);
	assert_false(plan_unmet(&plan, 0, &facts->devices[0], &text));
	facts_free(facts);
	/* What the PF does not report cannot be said to be wrong. */
	fake_unreported(host, PF, SETTING_VLAN);
	facts = facts_of(&device.address, 1);
	assert_false(plan_unmet(&plan, 0, &facts->devices[0], &text));
	facts_free(facts);
	fake_host_free(host);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_same_device),
		cmocka_unit_test(test_unmet),
	};
	return cmocka_run_group_tests(all, NULL, NULL);
}
