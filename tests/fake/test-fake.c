/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The model against what the lab showed of igb, igbvf and vfio-pci. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake/kernel.h"
#include "kernel/kernel.h"
#include "kernel/module.h"
#include "kernel/netdev.h"
#include "kernel/pci.h"
#include "kernel/process.h"
#include "kernel/vf.h"
#include "kernel/vfio.h"

#define PF "0000:01:00.0"
#define VF0 "0000:01:10.0"
#define VF1 "0000:01:10.2"

static const struct mac guest_mac = { { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 } };

static const struct mac other_mac = { { 0x02, 9, 9, 9, 9, 9 } };

struct fixture {
	struct fake_host *host;
	struct kernel *kernel;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_non_null(f);
	f->host = fake_host_new();
	fake_add_pf(f->host, PF, "eth0", true);
	fake_add_vfs(f->host, PF, 4);
	fake_add_nic(f->host, "0000:02:00.0", "lan0");
	fake_add_bridge(f->host, "0000:00:01.0");
	assert_int_equal(kernel_open("/", &f->kernel), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
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

static struct netdev netdev(struct fixture *f, const char *device)
{
	struct netdev *list, found = { 0 };
	size_t count;
	assert_int_equal(netdev_list(f->kernel, address(device), &list, &count), 0);
	if (count > 0)
		found = list[0];
	free(list);
	return found;
}

/* What PF reports about VF INDEX. */
static struct settings report(struct fixture *f, uint32_t index)
{
	struct vf_report *list;
	size_t count;
	struct kernel_words words;
	assert_int_equal(vf_list(f->kernel, netdev(f, PF).ifindex, &list, &count, &words), 0);
	assert_in_range(index, 0, count - 1);
	assert_int_equal(list[index].index, index);
	struct settings settings = list[index].settings;
	free(list);
	return settings;
}

static int set_vf(struct fixture *f, uint32_t index, enum setting which, struct value value)
{
	struct kernel_words words;
	return vf_set(f->kernel, (struct vf_target){ netdev(f, PF).ifindex, index }, which, &value, &words);
}

static int set_netdev(struct fixture *f, const char *vf, enum setting which, struct value value)
{
	struct kernel_words words;
	return netdev_set(f->kernel, netdev(f, vf).ifindex, which, &value, &words);
}

/* Binds the VF to DRIVER by its override. */
static int rebind(struct fixture *f, const char *vf, const char *driver)
{
	int r = pci_set_override(f->kernel, address(vf), driver);
	if (r == 0)
		r = pci_unbind(f->kernel, address(vf));
	return r == 0 || r == -ENODEV ? pci_probe(f->kernel, address(vf)) : r;
}

static void test_layout(void **state)
{
	struct fixture *f = *state;
	struct pci_address *list, vf;
	struct pci_device device;
	size_t count;
	assert_int_equal(pci_list(f->kernel, &list, &count), 0);
	assert_int_equal(count, 7);
	assert_string_equal(pci_text(list[0]).s, "0000:00:01.0");
	assert_string_equal(pci_text(list[3]).s, VF1);
	free(list);
	assert_int_equal(pci_virtfn(f->kernel, address(PF), 1, &vf), 0);
	assert_string_equal(pci_text(vf).s, VF1);
	assert_int_equal(pci_virtfn(f->kernel, address(PF), 4, &vf), -ENOENT);
	assert_int_equal(pci_read(f->kernel, address(VF1), &device), 0);
	assert_true(device.is_vf);
	assert_string_equal(pci_text(device.pf).s, PF);
	assert_string_equal(device.driver, "igbvf");
	assert_int_equal(pci_group_list(f->kernel, device.iommu_group, &list, &count), 0);
	assert_int_equal(count, 1);
	free(list);
	assert_int_equal(pci_read(f->kernel, address("0000:09:00.0"), &device), -ENOENT);
}

static void test_own_mac(void **state)
{
	struct fixture *f = *state;
	struct netdev before = netdev(f, VF1);
	assert_int_equal(before.addr_assign_type, 1);
	assert_false(before.up);
	assert_true(mac_equal(report(f, 1).of[SETTING_MAC].mac, before.mac));
	/* Another one after each probe; the PF keeps the last it heard of. */
	assert_int_equal(pci_unbind(f->kernel, address(VF1)), 0);
	assert_true(mac_equal(report(f, 1).of[SETTING_MAC].mac, before.mac));
	assert_int_equal(rebind(f, VF1, "igbvf"), 0);
	struct netdev after = netdev(f, VF1);
	assert_false(mac_equal(before.mac, after.mac));
	assert_int_not_equal(before.ifindex, after.ifindex);
	assert_true(mac_equal(report(f, 1).of[SETTING_MAC].mac, after.mac));
	/* The old one can be given back, and then the PF reports it. */
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_MAC, value_mac(before.mac)), 0);
	assert_true(mac_equal(report(f, 1).of[SETTING_MAC].mac, before.mac));
	assert_int_equal(netdev(f, VF1).addr_assign_type, 3);
}

/* A PF that was down when its VFs started knows nothing of their MACs until their netdevs go up. */
static void test_own_mac_unknown(void **state)
{
	struct fixture *f = *state;
	fake_set(f->host, PF, SETTING_NETDEV_UP, value_flag(false));
	fake_recreate_vfs(f->host, PF);
	fake_set(f->host, PF, SETTING_NETDEV_UP, value_flag(true));
	assert_true(mac_is_zero(report(f, 1).of[SETTING_MAC].mac));
	assert_false(mac_is_zero(netdev(f, VF1).mac));
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_UP, value_flag(true)), 0);
	assert_true(mac_equal(report(f, 1).of[SETTING_MAC].mac, netdev(f, VF1).mac));
}

static void test_admin_mac(void **state)
{
	struct fixture *f = *state;
	struct netdev before = netdev(f, VF1);
	assert_int_equal(set_vf(f, 1, SETTING_MAC, value_mac(guest_mac)), 0);
	assert_true(mac_equal(netdev(f, VF1).mac, before.mac));
	/* The netdev keeps what it started with, and is refused anything else. */
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_MAC, value_mac(before.mac)), 0);
	assert_true(mac_equal(report(f, 1).of[SETTING_MAC].mac, guest_mac));
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_MAC, value_mac(other_mac)), -EADDRNOTAVAIL);
	assert_int_equal(rebind(f, VF1, "igbvf"), 0);
	assert_true(mac_equal(netdev(f, VF1).mac, guest_mac));
	assert_int_equal(netdev(f, VF1).addr_assign_type, 0);
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_MAC, value_mac(before.mac)), -EADDRNOTAVAIL);
	/* Down, zeroing does no harm; up, it cuts. */
	assert_int_equal(set_vf(f, 1, SETTING_MAC, value_mac((struct mac){ 0 })), 0);
	assert_string_equal(fake_violations(f->host), "");
	assert_int_equal(set_vf(f, 1, SETTING_MAC, value_mac(guest_mac)), 0);
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_UP, value_flag(true)), 0);
	assert_int_equal(set_vf(f, 1, SETTING_MAC, value_mac((struct mac){ 0 })), 0);
	assert_string_equal(fake_violations(f->host), VF1 ": its admin MAC is zeroed under an up netdev\n");
}

static void test_vlan(void **state)
{
	struct fixture *f = *state;
	struct value plain = value_vlan((struct vlan){ 42, 3, VLAN_PROTO_8021Q });
	struct value service = value_vlan((struct vlan){ 42, 0, VLAN_PROTO_8021AD });
	assert_int_equal(set_vf(f, 1, SETTING_VLAN, plain), 0);
	assert_int_equal(report(f, 1).of[SETTING_VLAN].vlan.id, 42);
	assert_int_equal(report(f, 0).of[SETTING_VLAN].vlan.id, 0);
	assert_int_equal(set_vf(f, 1, SETTING_VLAN, service), -EPROTONOSUPPORT);
	fake_set_pf_driver(f->host, PF, "ice");
	assert_int_equal(set_vf(f, 1, SETTING_VLAN, service), 0);
	assert_int_equal(set_vf(f, 7, SETTING_VLAN, plain), -EINVAL);
	assert_int_equal(fake_list_reads(f->host, PF), 2);
}

static void test_binding(void **state)
{
	struct fixture *f = *state;
	struct pci_device before, device;
	assert_int_equal(pci_read(f->kernel, address(VF1), &before), 0);
	/* The module is not loaded: the probe binds nothing and does not say so. */
	assert_int_equal(rebind(f, VF1, "vfio-pci"), 0);
	assert_string_equal(fake_get(f->host, VF1, SETTING_DRIVER).name, "");
	assert_int_equal(pci_unbind(f->kernel, address(VF1)), -ENODEV);
	assert_int_equal(module_load_driver(f->kernel, "vfio_pci"), 0);
	assert_false(vfio_group_exists(f->kernel, before.iommu_group));
	assert_int_equal(pci_probe(f->kernel, address(VF1)), 0);
	assert_int_equal(pci_read(f->kernel, address(VF1), &device), 0);
	assert_string_equal(device.driver, "vfio-pci");
	assert_true(device.vfio);
	assert_int_equal(device.inode, before.inode);
	assert_true(vfio_group_exists(f->kernel, before.iommu_group));
	assert_int_equal(netdev(f, VF1).ifindex, 0);
	assert_string_equal(fake_log(f->host), "override " VF1 " vfio-pci\nunbind " VF1 "\nprobe " VF1
					       "\nunbind " VF1 " = ENODEV\nload vfio_pci\nprobe " VF1 "\n");
	fake_add_module(f->host, "vfio-pci", FAKE_MODULE_BLACKLISTED);
	assert_int_equal(module_load_driver(f->kernel, "vfio-pci"), -EPERM);
	assert_int_equal(module_load_driver(f->kernel, "nothing"), -ENOENT);
	assert_int_equal(module_load_driver(f->kernel, "../x"), -EINVAL);
}

static void test_autoprobe(void **state)
{
	struct fixture *f = *state;
	fake_set_autoprobe(f->host, PF, false);
	assert_int_equal(pci_unbind(f->kernel, address(VF0)), 0);
	assert_int_equal(pci_probe(f->kernel, address(VF0)), 0);
	assert_string_equal(fake_get(f->host, VF0, SETTING_DRIVER).name, "");
	assert_int_equal(pci_set_override(f->kernel, address(VF0), "igbvf"), 0);
	assert_int_equal(pci_probe(f->kernel, address(VF0)), 0);
	assert_string_equal(fake_get(f->host, VF0, SETTING_DRIVER).name, "igbvf");
}

static void test_groups(void **state)
{
	struct fixture *f = *state;
	int group = fake_group(f->host, VF1);
	struct vfio_holder holder;
	assert_int_equal(vfio_group_open(f->kernel, group), -ENOENT);
	fake_set(f->host, VF1, SETTING_DRIVER, value_name("vfio-pci"));
	int fd = vfio_group_open(f->kernel, group);
	assert_true(fd >= 0);
	assert_int_equal(vfio_group_open(f->kernel, group), -EBUSY);
	/* Whoever keeps the group open may unbind its device. */
	assert_int_equal(pci_unbind(f->kernel, address(VF1)), 0);
	close(fd);
	fake_set(f->host, VF1, SETTING_DRIVER, value_name("vfio-pci"));
	fd = vfio_group_open(f->kernel, group);
	assert_true(fd >= 0);
	close(fd);
	fake_add_process(f->host, 4711, 99, "qemu-system-x86");
	fake_hold_group(f->host, group, 4711);
	assert_int_equal(vfio_group_open(f->kernel, group), -EBUSY);
	assert_int_equal(vfio_group_holder(f->kernel, group, &holder), 0);
	assert_int_equal(holder.pid, 4711);
	assert_string_equal(holder.name, "qemu-system-x86");
	assert_int_equal(pci_unbind(f->kernel, address(VF1)), -EINTR);
	assert_string_equal(fake_violations(f->host), VF1 ": unbound while held\n");
	fake_end_process(f->host, 4711);
	fake_hold_group(f->host, group, 0);
	assert_int_equal(vfio_group_open(f->kernel, group), -EBUSY);
	assert_int_equal(vfio_group_holder(f->kernel, group, &holder), 0);
	assert_int_equal(holder.pid, 0);
	fake_drop_group(f->host, group);
	assert_int_equal(pci_unbind(f->kernel, address(VF1)), 0);
}

static void test_processes(void **state)
{
	struct fixture *f = *state;
	struct process process;
	struct uuid before, after;
	assert_int_equal(process_read(f->kernel, 4711, &process), -ESRCH);
	assert_int_equal(process_read(f->kernel, 0, &process), -ESRCH);
	fake_add_process(f->host, 4711, 99, "qemu");
	assert_int_equal(process_read(f->kernel, 4711, &process), 0);
	assert_int_equal(process.start, 99);
	assert_int_equal(kernel_boot_id(f->kernel, &before), 0);
	fake_set(f->host, VF1, SETTING_OVERRIDE, value_name("vfio-pci"));
	fake_set(f->host, VF1, SETTING_MAC, value_mac(guest_mac));
	fake_reboot(f->host);
	assert_int_equal(kernel_boot_id(f->kernel, &after), 0);
	assert_false(uuid_equal(before, after));
	assert_int_equal(process_read(f->kernel, 4711, &process), -ESRCH);
	assert_string_equal(fake_get(f->host, VF1, SETTING_OVERRIDE).name, "");
	assert_false(mac_equal(fake_get(f->host, VF1, SETTING_MAC).mac, guest_mac));
}

static void test_netdevs(void **state)
{
	struct fixture *f = *state;
	int ifindex = netdev(f, VF1).ifindex;
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_NAME, value_name("eth0")), -EEXIST);
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_NAME, value_name("kept")), 0);
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_MTU, value_number(9000)), 0);
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_MTU, value_number(10)), -EINVAL);
	assert_string_equal(netdev(f, VF1).name, "kept");
	fake_udev(f->host, VF1, 2, "renamed", &other_mac);
	fake_delay_netdev(f->host, VF1, 1);
	assert_int_equal(rebind(f, VF1, "igbvf"), 0);
	assert_int_equal(netdev(f, VF1).ifindex, 0);
	struct netdev fresh = netdev(f, VF1);
	assert_string_equal(fresh.name, "eth0v1");
	assert_int_not_equal(fresh.ifindex, ifindex);
	assert_false(netdev_udev_settled(f->kernel, fresh.ifindex));
	assert_false(netdev_udev_settled(f->kernel, fresh.ifindex));
	assert_true(netdev_udev_settled(f->kernel, fresh.ifindex));
	assert_string_equal(netdev(f, VF1).name, "renamed");
	assert_true(mac_equal(netdev(f, VF1).mac, other_mac));
	fake_hide_netdev(f->host, VF1);
	assert_int_equal(netdev(f, VF1).ifindex, 0);
	assert_int_equal(rebind(f, VF1, "igbvf"), 0);
	assert_int_not_equal(netdev(f, VF1).ifindex, 0);
}

static void test_refusals(void **state)
{
	struct fixture *f = *state;
	struct kernel_words words;
	struct vf_report *list;
	size_t count;
	struct value vlan = value_vlan((struct vlan){ 42, 0, VLAN_PROTO_8021Q });
	int ifindex = netdev(f, PF).ifindex;
	fake_refuse(f->host, PF, SETTING_VLAN, EPERM, "VLAN is locked");
	assert_int_equal(vf_set(f->kernel, (struct vf_target){ ifindex, 1 }, SETTING_VLAN, &vlan, &words),
			 -EPERM);
	assert_string_equal(words.s, "VLAN is locked");
	fake_unreported(f->host, PF, SETTING_VLAN);
	assert_false(report(f, 1).of[SETTING_VLAN].present);
	fake_miss_vf(f->host, VF1, 1);
	assert_int_equal(vf_list(f->kernel, ifindex, &list, &count, &words), 0);
	assert_int_equal(count, 3);
	free(list);
	fake_fail_list(f->host, PF, EAGAIN, 1);
	assert_int_equal(vf_list(f->kernel, ifindex, &list, &count, &words), -EAGAIN);
	assert_int_equal(vf_list(f->kernel, ifindex, &list, &count, &words), 0);
	assert_int_equal(count, 4);
	free(list);
	assert_int_equal(vf_list(f->kernel, 9999, &list, &count, &words), -ENODEV);
}

static void test_faults(void **state)
{
	struct fixture *f = *state;
	fake_fail_at(f->host, 2, EIO, false);
	assert_int_equal(pci_set_override(f->kernel, address(VF0), "igbvf"), 0);
	assert_int_equal(pci_unbind(f->kernel, address(VF0)), -EIO);
	assert_string_equal(fake_get(f->host, VF0, SETTING_DRIVER).name, "igbvf");
	fake_fail_on(f->host, "unbind " VF0, EBUSY, true, 2);
	assert_int_equal(pci_unbind(f->kernel, address(VF1)), 0);
	assert_int_equal(pci_unbind(f->kernel, address(VF0)), -EBUSY);
	assert_string_equal(fake_get(f->host, VF0, SETTING_DRIVER).name, "");
	assert_int_equal(pci_unbind(f->kernel, address(VF0)), -ENODEV);
	assert_int_equal(pci_unbind(f->kernel, address(VF0)), -ENODEV);
	/* A probe that claims success. */
	fake_fail_at(f->host, 1, 0, false);
	assert_int_equal(pci_probe(f->kernel, address(VF0)), 0);
	assert_string_equal(fake_get(f->host, VF0, SETTING_DRIVER).name, "");
	fake_fail_at(f->host, 1, EIO, false);
	fake_no_faults(f->host);
	assert_int_equal(pci_probe(f->kernel, address(VF0)), 0);
	assert_string_equal(fake_get(f->host, VF0, SETTING_DRIVER).name, "igbvf");
}

static void unbind_both(void *data)
{
	struct fixture *f = data;
	struct pci_address first, second;
	pci_parse(VF0, &first);
	pci_parse(VF1, &second);
	pci_unbind(f->kernel, first);
	pci_unbind(f->kernel, second);
}

static void test_crash(void **state)
{
	struct fixture *f = *state;
	fake_crash_at(f->host, 2, false);
	assert_int_equal(fake_in_child(unbind_both, f), FAKE_CRASH_STATUS);
	assert_string_equal(fake_get(f->host, VF0, SETTING_DRIVER).name, "");
	assert_string_equal(fake_get(f->host, VF1, SETTING_DRIVER).name, "igbvf");
	fake_crash_at(f->host, 2, true);
	assert_int_equal(fake_in_child(unbind_both, f), FAKE_CRASH_STATUS);
	assert_string_equal(fake_get(f->host, VF1, SETTING_DRIVER).name, "");
	assert_int_equal(fake_in_child(unbind_both, f), 0);
	assert_int_equal(fake_changes(f->host), 6);
}

#define OTHERS "spoofchk on trust off linkState auto txRate none queryRss off"

static void test_image(void **state)
{
	struct fixture *f = *state;
	fake_mark(f->host);
	char *before = fake_image_text(f->host);
	struct mac mac = netdev(f, VF1).mac;
	assert_non_null(strstr(before, VF1 " driver igbvf override none mac own vlan none " OTHERS "\n"
					   "  netdev eth0v1 mac 02:fa:00:00:00:03 mtu 1500 down\n"));
	assert_int_equal(module_load_driver(f->kernel, "vfio-pci"), 0);
	assert_int_equal(set_vf(f, 1, SETTING_MAC, value_mac(guest_mac)), 0);
	assert_int_equal(rebind(f, VF1, "vfio-pci"), 0);
	char *meanwhile = fake_image_text(f->host);
	assert_non_null(strstr(meanwhile, VF1
			       " driver vfio-pci override vfio-pci mac 02:11:22:33:44:55 vlan none " OTHERS
			       "\n"));
	assert_int_equal(set_vf(f, 1, SETTING_MAC, value_mac((struct mac){ 0 })), 0);
	assert_int_equal(rebind(f, VF1, "igbvf"), 0);
	assert_int_equal(pci_set_override(f->kernel, address(VF1), ""), 0);
	assert_int_equal(set_netdev(f, VF1, SETTING_NETDEV_MAC, value_mac(mac)), 0);
	char *after = fake_image_text(f->host);
	assert_string_equal(before, after);
	assert_string_equal(fake_violations(f->host), "");
	assert_int_equal(set_vf(f, 1, SETTING_MAC, value_mac(guest_mac)), 0);
	assert_int_equal(rebind(f, VF1, "igbvf"), 0);
	assert_non_null(strstr(fake_violations(f->host), VF1 ": a host driver probes it"));
	free(before);
	free(meanwhile);
	free(after);
}

static void test_recreate(void **state)
{
	struct fixture *f = *state;
	struct pci_device before, after;
	fake_set(f->host, VF1, SETTING_VLAN, value_vlan((struct vlan){ 42, 0, VLAN_PROTO_8021Q }));
	assert_int_equal(pci_read(f->kernel, address(VF1), &before), 0);
	fake_recreate_vfs(f->host, PF);
	assert_int_equal(pci_read(f->kernel, address(VF1), &after), 0);
	assert_int_not_equal(before.inode, after.inode);
	assert_int_equal(fake_get(f->host, VF1, SETTING_VLAN).vlan.id, 0);
	fake_remove(f->host, VF1);
	assert_int_equal(pci_read(f->kernel, address(VF1), &after), -ENOENT);
	assert_int_equal(pci_unbind(f->kernel, address(VF1)), -ENOENT);
}

/* Changes are for the running host only. */
static void test_captured(void **state)
{
	struct fixture *f = *state;
	struct kernel *captured;
	assert_int_equal(kernel_open("/tmp", &captured), 0);
	assert_false(kernel_is_live(captured));
	assert_int_equal(pci_unbind(captured, address(VF1)), -EROFS);
	assert_string_equal(fake_log(f->host), "");
	kernel_close(captured);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_layout),    TEST(test_own_mac), TEST(test_own_mac_unknown), TEST(test_admin_mac),
		TEST(test_vlan),      TEST(test_binding), TEST(test_autoprobe),       TEST(test_groups),
		TEST(test_processes), TEST(test_netdevs), TEST(test_refusals),        TEST(test_faults),
		TEST(test_crash),     TEST(test_image),   TEST(test_recreate),        TEST(test_captured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
