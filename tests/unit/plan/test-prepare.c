/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What prepare does, as exact steps; what it refuses, as exact reports. */

#include "prepare.h"

/* ---- steps ---- */

static void variant(struct fake_host *host)
{
	fake_add_vfio_driver(host, "special");
}

static void on_pci_stub(struct fake_host *host)
{
	fake_set_group(host, VF0, 50);
	fake_set_group(host, NIC, 50);
	fake_add_module(host, "pci-stub", FAKE_MODULE_LOADED);
	fake_set(host, NIC, SETTING_DRIVER, value_name("pci-stub"));
	fake_add_bridge(host, "0000:00:01.0");
	fake_set_group(host, "0000:00:01.0", 50);
	fake_set_group(host, VF2, 50);
	fake_set_group(host, VF3, 50);
}

static void group_asked_for(struct fake_host *host)
{
	fake_set_group(host, VF0, 50);
	fake_set_group(host, VF1, 50);
}

static void no_vlan_report(struct fake_host *host)
{
	fake_unreported(host, PF, SETTING_VLAN);
}

static void fast_card(struct fake_host *host)
{
	fake_set_pf_driver(host, PF, "ice");
}

static void limited(struct fake_host *host)
{
	fast_card(host);
	fake_set(host, VF2, SETTING_RATE, value_rate((struct rate){ 1, 9 }));
}

static void has_it_all(struct fake_host *host)
{
	fake_set(host, VF2, SETTING_MAC, value_mac(mac("52:54:00:00:00:01")));
	fake_set(host, VF2, SETTING_VLAN, value_vlan((struct vlan){ 42, 0, VLAN_PROTO_8021Q }));
}

static void own_mac_up(struct fake_host *host)
{
	fake_set(host, VF0, SETTING_NETDEV_MAC, value_mac(mac("02:00:00:00:00:77")));
	fake_set(host, VF0, SETTING_NETDEV_UP, value_flag(true));
}

#define BIND0 \
	"set driver_override: none -> vfio-pci\ntake it from its driver: igbvf -> none\n" \
	"bind it to driver vfio-pci: none -> vfio-pci\n"

static void with_ports(struct fake_host *host)
{
	fake_add_ports(host, PF);
}

static void with_silver(struct fake_host *host)
{
	fake_add_ports(host, PF);
	fake_set(host, VF0, SETTING_PORT,
		 value_port((struct port){ .kind = PORT_KIND_8021QBH, .profile = "silver" }));
}

static void with_failed_port(struct fake_host *host)
{
	fake_add_ports(host, PF);
	fake_answer_port(host, PF, 0x105, 0);
	fake_set(host, VF0, SETTING_PORT,
		 value_port((struct port){ .kind = PORT_KIND_8021QBH, .profile = "silver" }));
}

/* What guest g1 is called without a <uuid>. */
#define G1 "instance 265bff93-73bf-8b7b-a275-6d9c2e3e01b6"
#define GOLD(before) \
	VF0 "\nhave driver vfio-pci loaded\n" \
	    "set MAC through PF 0000:01:00.0 vf 0: none -> 52:54:00:00:00:01\n" \
	    "ask the switch for the port profile of PF 0000:01:00.0 vf 0: " before " -> 802.1Qbh gold, " G1 \
	    "\n" BIND0 "wait for /dev/vfio/1\n"

static const struct test steps[] = {
	{ "a port profile", with_ports, INTERFACE("0", MAC PORT), GOLD("none") },
	{ "somebody else's port profile comes back", with_silver, INTERFACE("0", MAC PORT),
	  GOLD("802.1Qbh silver, instance 00000000-0000-0000-0000-000000000000") },
	{ "a port profile that failed does not", with_failed_port, INTERFACE("0", MAC PORT), GOLD("none") },
	{ "somebody else's port profile is left alone where none is asked for", with_silver, INTERFACE("0", MAC),
	  VF0 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 0: none -> 52:54:00:00:00:01\n" BIND0
	      "wait for /dev/vfio/1\n" },
	{ "MAC and VLAN", NULL, INTERFACE("0", MAC VLAN),
	  VF0 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 0: none -> 52:54:00:00:00:01\n"
	      "set VLAN through PF 0000:01:00.0 vf 0: none -> 42\n" BIND0 "wait for /dev/vfio/1\n" },
	{ "no <vlan> removes one", NULL, INTERFACE("2", MAC),
	  VF1 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 1: " ADMIN_MAC " -> 52:54:00:00:00:01\n"
	      "set VLAN through PF 0000:01:00.0 vf 1: 7 qos 3 -> none\n" BIND0 "wait for /dev/vfio/2\n" },
	{ "no <vlan> sends nothing where there is none", NULL, INTERFACE("0", MAC),
	  VF0 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 0: none -> 52:54:00:00:00:01\n" BIND0
	      "wait for /dev/vfio/1\n" },
	{ "no <vlan> sends nothing where none is reported", no_vlan_report, INTERFACE("2", MAC),
	  VF1 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 1: " ADMIN_MAC " -> 52:54:00:00:00:01\n" BIND0
	      "wait for /dev/vfio/2\n" },
	{ "all settings, in the order that drivers insist on", fast_card,
	  INTERFACE("2", MAC "<vlan><tag id='42'/></vlan><bandwidth><outbound average='1000'/></bandwidth>"
			     "<link state='down'/><vf xmlns='urn:vfassign:1' spoofchk='off' trust='on' minTxRate='2' "
			     "vlanQos='5' vlanProto='802.1ad'/>"),
	  VF1 "\nhave driver vfio-pci loaded\nset trust through PF 0000:01:00.0 vf 1: off -> on\n"
	      "set MAC through PF 0000:01:00.0 vf 1: " ADMIN_MAC " -> 52:54:00:00:00:01\n"
	      "set VLAN through PF 0000:01:00.0 vf 1: 7 qos 3 -> 42 qos 5 proto 802.1ad\n"
	      "set tx rate through PF 0000:01:00.0 vf 1: none -> min 2 max 8\n"
	      "set link state through PF 0000:01:00.0 vf 1: auto -> disable\n"
	      "set spoof check through PF 0000:01:00.0 vf 1: on -> off\n" BIND0 "wait for /dev/vfio/2\n" },
	{ "of two rates, the one that is not asked for stays; what is so already sends nothing", limited,
	  INTERFACE("4", MAC
		    "<link state='up'/><vf xmlns='urn:vfassign:1' minTxRate='3' spoofchk='on' trust='off'/>"),
	  VF2 "\nset MAC through PF 0000:01:00.0 vf 2: none -> 52:54:00:00:00:01\n"
	      "set tx rate through PF 0000:01:00.0 vf 2: min 1 max 9 -> min 3 max 9\nwait for /dev/vfio/3\n" },
	{ "another priority is another VLAN", NULL, INTERFACE("2", MAC "<vlan><tag id='7'/></vlan>"),
	  VF1 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 1: " ADMIN_MAC " -> 52:54:00:00:00:01\n"
	      "set VLAN through PF 0000:01:00.0 vf 1: 7 qos 3 -> 7\n" BIND0 "wait for /dev/vfio/2\n" },
	{ "the MAC is always set, nothing else that is so already", has_it_all, INTERFACE("4", MAC VLAN),
	  VF2 "\nset MAC through PF 0000:01:00.0 vf 2: 52:54:00:00:00:01 -> 52:54:00:00:00:01\n"
	      "wait for /dev/vfio/3\n" },
	{ "an own MAC is none", own_mac_up, INTERFACE("0", MAC),
	  VF0 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 0: none -> 52:54:00:00:00:01\n" BIND0
	      "wait for /dev/vfio/1\n" },
	{ "on VFIO already", NULL, INTERFACE("4", MAC),
	  VF2 "\nset MAC through PF 0000:01:00.0 vf 2: none -> 52:54:00:00:00:01\nwait for /dev/vfio/3\n" },
	{ "from one VFIO driver to another", NULL, INTERFACE("4", MAC "<driver model='mlx5_vfio_pci'/>"),
	  VF2 "\nhave driver mlx5_vfio_pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 2: none -> 52:54:00:00:00:01\n"
	      "make sure that nobody uses /dev/vfio/3\n"
	      "set driver_override: none -> mlx5_vfio_pci\ntake it from its driver: vfio-pci -> none\n"
	      "bind it to driver mlx5_vfio_pci: none -> mlx5_vfio_pci\nwait for /dev/vfio/3\n" },
	{ "the driver that the host has for it", variant, INTERFACE("6", MAC),
	  VF3 "\nhave driver special loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 3: none -> 52:54:00:00:00:01\n"
	      "set driver_override: none -> special\nbind it to driver special: none -> special\n"
	      "wait for /dev/vfio/4\n" },
	{ "a VFIO driver that is not called so", variant, INTERFACE("6", MAC "<driver model='special'/>"),
	  VF3 "\nhave driver special loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 3: none -> 52:54:00:00:00:01\n"
	      "set driver_override: none -> special\nbind it to driver special: none -> special\n"
	      "wait for /dev/vfio/4\n" },
	{ "the general driver, on request", variant, INTERFACE("6", MAC "<driver model='vfio-pci'/>"),
	  VF3 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 3: none -> 52:54:00:00:00:01\n"
	      "set driver_override: none -> vfio-pci\nbind it to driver vfio-pci: none -> vfio-pci\n"
	      "wait for /dev/vfio/4\n" },
	{ "the driver that it is on stays, even if there is a better one", variant, INTERFACE("4", MAC),
	  VF2 "\nset MAC through PF 0000:01:00.0 vf 2: none -> 52:54:00:00:00:01\nwait for /dev/vfio/3\n" },
	{ "on no driver", NULL, INTERFACE("6", MAC),
	  VF3 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 3: none -> 52:54:00:00:00:01\n"
	      "set driver_override: none -> vfio-pci\nbind it to driver vfio-pci: none -> vfio-pci\n"
	      "wait for /dev/vfio/4\n" },
	{ "managed='no' leaves the driver alone", NULL, UNMANAGED("4", MAC VLAN),
	  VF2 "\nset MAC through PF 0000:01:00.0 vf 2: none -> 52:54:00:00:00:01\n"
	      "set VLAN through PF 0000:01:00.0 vf 2: none -> 42\nwait for /dev/vfio/3\n" },
	{ "two devices, in document order", NULL, INTERFACE("6", MAC) INTERFACE("4", MAC2),
	  VF3 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 3: none -> 52:54:00:00:00:01\n"
	      "set driver_override: none -> vfio-pci\nbind it to driver vfio-pci: none -> vfio-pci\n"
	      "wait for /dev/vfio/4\n" VF2
	      "\nset MAC through PF 0000:01:00.0 vf 2: none -> 52:54:00:00:00:02\nwait for /dev/vfio/3\n" },
	{ "bridges, stubs, VFIO and unbound devices do not block a group", on_pci_stub, INTERFACE("0", MAC),
	  VF0 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 0: none -> 52:54:00:00:00:01\n" BIND0
	      "wait for /dev/vfio/50\n" },
	{ "nor what the document takes as well", group_asked_for, INTERFACE("0", MAC) INTERFACE("2", MAC2 VLAN),
	  VF0 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 0: none -> 52:54:00:00:00:01\n" BIND0
	      "wait for /dev/vfio/50\n" VF1 "\nhave driver vfio-pci loaded\n"
	      "set MAC through PF 0000:01:00.0 vf 1: " ADMIN_MAC " -> 52:54:00:00:00:02\n"
	      "set VLAN through PF 0000:01:00.0 vf 1: 7 qos 3 -> 42\n" BIND0 "wait for /dev/vfio/50\n" },
};

/* ---- refusals ---- */

static void pf_down(struct fake_host *host)
{
	fake_set(host, PF, SETTING_NETDEV_UP, value_flag(false));
}

static void pf_unbound(struct fake_host *host)
{
	fake_set(host, PF, SETTING_DRIVER, value_name(""));
}

static void pf_silent(struct fake_host *host)
{
	fake_fail_list(host, PF, EOPNOTSUPP, 1);
}

static void pf_crowded(struct fake_host *host)
{
	fake_fail_list(host, PF, EOVERFLOW, 1);
}

static void vf_unreported(struct fake_host *host)
{
	fake_miss_vf(host, VF0, 1);
}

static void no_group(struct fake_host *host)
{
	fake_set_group(host, VF0, -1);
}

static void no_iommu(struct fake_host *host)
{
	static const char *const all[] = { PF, VF0, VF1, VF2, VF3, NIC };
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		fake_set_group(host, all[i], -1);
}

static void shared_group(struct fake_host *host)
{
	fake_set_group(host, VF0, 50);
	fake_set_group(host, VF1, 50);
	fake_set_group(host, NIC, 50);
}

static void held(struct fake_host *host)
{
	fake_add_process(host, 4711, 100, "qemu");
	fake_hold_group(host, fake_group(host, VF2), 4711);
}

static void held_unseen(struct fake_host *host)
{
	fake_hold_group(host, fake_group(host, VF2), 0);
}

static void moved(struct fake_host *host)
{
	fake_hide_netdev(host, VF0);
}

static void used(struct fake_host *host)
{
	static const struct netdev_use use = {
		.upper = "br0", .has_master = true, .address = "10.0.0.5", .route = "default", .route_table = 254
	};
	fake_use_netdev(host, VF0, &use);
}

static void used_below(struct fake_host *host)
{
	static const struct netdev_use use = {
		.upper = "eth0v0.5", .route = "fd00::/8", .route_ipv6 = true, .route_table = 100
	};
	fake_use_netdev(host, VF0, &use);
}

static void libvirt(struct fake_host *host)
{
	fake_libvirt_state(host, VF2);
}

static void used_by_all(struct fake_host *host)
{
	used(host);
	fake_libvirt_state(host, VF0);
}

static void odd_override(struct fake_host *host)
{
	fake_set(host, VF0, SETTING_OVERRIDE, value_name("../x"));
}

static void group_held(struct fake_host *host)
{
	fake_set_group(host, VF0, 50);
	fake_set_group(host, VF2, 50);
	held(host);
}

static void switchdev(struct fake_host *host)
{
	fake_add_netdev(host, PF, "rep0", "pf0vf0");
}

static void switchdev_hidden(struct fake_host *host)
{
	fake_add_netdev(host, PF, "rep3", "pf0vf3");
}

static void second_port(struct fake_host *host)
{
	fake_add_netdev(host, PF, "port1", "");
	fake_set_port_id(host, "eth0", "aa");
	fake_set_port_id(host, "eth0v0", "bb");
}

static void noiommu(struct fake_host *host)
{
	fake_set_noiommu(host, VF2);
}

static void all_at_once(struct fake_host *host)
{
	pf_down(host);
	no_group(host);
	moved(host);
}

#define HINT_IOMMU \
	"hint: enable VT-d or AMD-Vi in the firmware and boot with intel_iommu=on or amd_iommu=on\n"
#define SWITCHDEV(representor) \
	"Unsupported Config: " VF0 " cannot have VLAN 42: PF " PF \
	" (eth0) is in switchdev mode, where the host's " \
	"switch tags\nhint: leave <vlan> out, and tag at its representor: bridge vlan add dev " representor \
	" vid 42 pvid untagged\n"
#define NOT_REPORTED(setting) \
	"Unsupported Config: the driver of PF " PF " (igb) does not report the " setting " of " VF0 \
	", so that it could not be put back\nhint: leave it out of the document, or take a VF of another card\n"
#define PF_DOWN \
	"Host not ready: PF 0000:01:00.0 (eth0) of " VF0 \
	" is down: settings of its VFs would not take effect\n" \
	"hint: ip link set eth0 up\n"
#define NO_GROUP "Host not ready: " VF0 " is in no IOMMU group\n" HINT_IOMMU
#define LIBVIRT_HINT \
	"hint: virsh shutdown GUEST, or virsh detach-device, where a guest of libvirt has it, else remove that file"
#define MOVED MOVED_TEXT OR_FORCE
#define MOVED_TEXT \
	"Device busy: " VF0 \
	" is on driver igbvf, but its network interface is not in this network namespace\n" \
	"hint: look for it with: ip -all netns exec ip link; then, in that namespace, ip link set NAME netns 1"
#define IN_USE "Device busy: " VF0 " is in use by the host as eth0v0: "
#define OR_FORCE "; or --force, to take it all the same\n"

static const struct test refusals[] = {
	{ "no such device", NULL, AT("9", "0", "0"),
	  "Device missing: there is no PCI device 0000:09:00.0 on this host\n"
	  "hint: vfassign list shows the VFs there are\n" },
	{ "a PF", NULL, AT("1", "0", "0"),
	  "Unsupported Config: " PF " is a Physical Function; <interface type='hostdev'> works with SR-IOV Virtual "
	  "Functions only\nhint: use a plain <hostdev mode='subsystem' type='pci'> entry for it\n" },
	{ "an ordinary NIC", NULL, AT("2", "0", "0"),
	  "Unsupported Config: " NIC " is not an SR-IOV Virtual Function; <interface type='hostdev'> works with "
	  "SR-IOV Virtual Functions only\nhint: use a plain <hostdev mode='subsystem' type='pci'> entry for it\n" },
	{ "PF down", pf_down, INTERFACE("0", MAC), PF_DOWN },
	{ "PF without netdev", pf_unbound, INTERFACE("0", MAC),
	  "Host not ready: PF " PF " of " VF0 " has no network interface in this network namespace\n"
	  "hint: load the PF's driver, or run vfassign in the network namespace that has its interface\n" },
	{ "PF cannot be read", pf_silent, INTERFACE("0", MAC),
	  "Host error: cannot read the VFs of PF " PF " (eth0)\ncause: EOPNOTSUPP\n" },
	{ "more VFs than can be read", pf_crowded, INTERFACE("0", MAC),
	  "Host error: cannot read the VFs of PF " PF " (eth0)\ncause: EOVERFLOW\n"
	  "hint: the kernel cannot list 4 VFs at once (64 KiB): create fewer; first write 0, then the number, to "
	  "/sys/bus/pci/devices/" PF "/sriov_numvfs\n" },
	{ "VF not reported", vf_unreported, INTERFACE("0", MAC),
	  "Host not ready: PF " PF " does not report " VF0 " among its VFs\n"
	  "hint: wait until its driver is out of reset, and look at: ip link show eth0\n" },
	{ "a VLAN in switchdev mode", switchdev, INTERFACE("0", MAC "<vlan><tag id='42'/></vlan>"),
	  SWITCHDEV("rep0") },
	{ "a VLAN in switchdev mode, its representor elsewhere", switchdev_hidden,
	  INTERFACE("0", MAC "<vlan><tag id='42'/></vlan>"), SWITCHDEV("REPRESENTOR") },
	{ "a VF of the second port", second_port, INTERFACE("0", MAC),
	  "Unsupported Config: " VF0
	  " stands at another port of its card than eth0, through which the VFs of PF " PF
	  " are set\nhint: choose a VF whose network interface has the phys_port_id of eth0: grep . "
	  "/sys/class/net/*/phys_port_id\n" },
	{ "noiommu", noiommu, INTERFACE("4", MAC),
	  "Host not ready: " VF2
	  " is on VFIO without an IOMMU (noiommu): its guest could reach the host's memory\n" HINT_IOMMU },
	{ "VFIO without groups", fake_set_groupless, INTERFACE("0", MAC),
	  "Host not ready: VFIO of this kernel has no group nodes (/dev/vfio/GROUP), only device nodes: it could not "
	  "be proven that nobody uses " VF0 "\nhint: boot a kernel that was built with CONFIG_VFIO_GROUP\n" },
	{ "no group", no_group, INTERFACE("0", MAC), NO_GROUP },
	{ "no IOMMU", no_iommu, INTERFACE("0", MAC),
	  "Host not ready: " VF0 " cannot be isolated: no IOMMU is on\n" HINT_IOMMU },
	{ "shared group", shared_group, INTERFACE("0", MAC),
	  "Host not ready: IOMMU group 50 of " VF0 " is shared with devices on host drivers: " VF1 " (igbvf), " NIC
	  " (e1000e)\nhint: put the card behind a port with ACS, or unbind those devices from their drivers\n" },
	{ "held", held, INTERFACE("4", MAC),
	  "Device busy: " VF2 " is in use by process 4711 (qemu)\nhint: stop that process first\n" },
	{ "held by somebody unseen", held_unseen, INTERFACE("4", MAC),
	  "Device busy: " VF2 " is in use by a process that is not visible from here\n"
	  "hint: look for it in the host's PID namespace: fuser /dev/vfio/3\n" },
	{ "moved to another namespace", moved, INTERFACE("0", MAC), MOVED },
	{ "used by the host", used, INTERFACE("0", MAC),
	  IN_USE "br0 stands on it\nhint: ip link set eth0v0 nomaster" OR_FORCE IN_USE
		 "it has the address 10.0.0.5\nhint: ip addr flush dev eth0v0" OR_FORCE IN_USE
		 "it has a route to default\nhint: ip route del default dev eth0v0 table 254" OR_FORCE },
	{ "used by the host otherwise", used_below, INTERFACE("0", MAC),
	  IN_USE "eth0v0.5 stands on it\nhint: ip link delete eth0v0.5" OR_FORCE IN_USE
		 "it has a route to fd00::/8\nhint: ip -6 route del fd00::/8 dev eth0v0 table 100" OR_FORCE },
	{ "libvirt has state", libvirt, UNMANAGED("4", MAC),
	  "Device busy: libvirt has state for " VF2
	  ": /run/libvirt/hostdevmgr/eth0_vf2\n" LIBVIRT_HINT OR_FORCE },
	{ "managed='no' on a host driver", NULL, UNMANAGED("0", MAC),
	  "Host not ready: " VF0 " is on driver igbvf, and managed='no' means that it must be on a VFIO driver "
	  "already\nhint: bind it to vfio-pci, or write managed='yes'\n" },
	{ "managed='no' on no driver", NULL, UNMANAGED("6", MAC),
	  "Host not ready: " VF3 " is on no driver, and managed='no' means that it must be on a VFIO driver "
	  "already\nhint: bind it to vfio-pci, or write managed='yes'\n" },
	{ "an override that could not be put back", odd_override, INTERFACE("0", MAC),
	  "Host not ready: " VF0 " has a driver_override that is not the name of a driver ('../x')\n"
	  "hint: clear it: echo > /sys/bus/pci/devices/" VF0 "/driver_override\n" },
	{ "a host driver as model", NULL, INTERFACE("0", MAC "<driver model='e1000e'/>"),
	  "Unsupported Config: driver model 'e1000e' for " VF0 " is not the name of a VFIO driver\n"
	  "hint: leave <driver model> out: the best driver for it is vfio-pci\n" },
	{ "not on VFIO, but its group is held", group_held, INTERFACE("0", MAC),
	  "Device busy: " VF0 " is in use by process 4711 (qemu)\nhint: stop that process first\n" },
	{ "a setting that is not reported", no_vlan_report,
	  INTERFACE("0", MAC VLAN "<vf xmlns='urn:vfassign:1' queryRss='off'/>"),
	  NOT_REPORTED("VLAN") NOT_REPORTED("RSS query") },
	{ "a rate above the one that it has", limited,
	  INTERFACE("4", MAC "<vf xmlns='urn:vfassign:1' minTxRate='10'/>"),
	  "Unsupported Config: " VF2
	  " is promised 10 Mbit/s and limited to 9: one is asked for, and it has the other "
	  "already\nhint: give both, minTxRate and maxTxRate\n" },
	{ "a port profile for a driver without them", NULL, INTERFACE("0", MAC PORT),
	  "Unsupported Config: driver igb of PF " PF " cannot ask a switch for port profiles, as <virtualport "
	  "type='802.1Qbh'> wants for " VF0 "\n"
	  "hint: use a card whose driver can (enic), or remove the <virtualport>\n" },
	{ "a VSI type", NULL,
	  INTERFACE("0", MAC "<virtualport type='802.1Qbg'><parameters managerid='1' typeid='2' typeidversion='3'/>"
			     "</virtualport>"),
	  "Unsupported Config: <virtualport type='802.1Qbg'> is not supported by this version: no VSI type is announced "
	  "to the switch yet\n" },
	{ "USB", NULL,
	  "<interface type='hostdev'>" MAC
	  "<source><address type='usb' bus='1' device='2'/></source></interface>",
	  "Unsupported Config: a USB device cannot be assigned as <interface type='hostdev'>: that works with SR-IOV "
	  "Virtual Functions only\nhint: use a plain <hostdev mode='subsystem' type='usb'> entry for it\n" },
	{ "all that is wrong with one device", all_at_once, INTERFACE("0", MAC), PF_DOWN NO_GROUP MOVED },
	{ "all that is wrong with a document", no_group, INTERFACE("0", MAC) AT("9", "0", "0"),
	  NO_GROUP "Device missing: there is no PCI device 0000:09:00.0 on this host\n"
		   "hint: vfassign list shows the VFs there are\n" },
};

static void test_steps(void **state)
{
	run(steps, ARRAY_SIZE(steps));
}

static void test_refusals(void **state)
{
	run(refusals, ARRAY_SIZE(refusals));
}

/* What the host does with a VF is no error any more, but said, and the VF is taken. */
static void test_force(void **state)
{
	static const struct {
		void (*change)(struct fake_host *host);
		const char *said;
	} rows[] = {
		{ used_by_all, IN_USE "br0 stands on it\nhint: ip link set eth0v0 nomaster\n" IN_USE
				      "it has the address 10.0.0.5\nhint: ip addr flush dev eth0v0\n" IN_USE
				      "it has a route to default\nhint: ip route del default dev eth0v0 table 254\n"
				      "Device busy: libvirt has state for " VF0
				      ": /run/libvirt/hostdevmgr/eth0_vf0\n" LIBVIRT_HINT "\n" },
		{ moved, MOVED_TEXT "\n" },
	};
	struct prepare_request request = usual;
	request.force = true;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fake_host *host = host_new();
		rows[i].change(host);
		char *text = prepare(request, INTERFACE("0", MAC));
		size_t length = strlen(rows[i].said);
		assert_true(strncmp(text, rows[i].said, length) == 0);
		assert_true(strncmp(text + length, VF0 "\nhave driver vfio-pci loaded\n", 20) == 0);
		free(text);
		fake_host_free(host);
	}
}

/* A VF that has a record, whatever its state, and what gives it back. */
static void test_recorded(void **state)
{
	static const struct {
		bool committed;
		const char *dirty;
		pid_t owner;
		const char *expected;
	} cases[] = {
		{ true, NULL, 0,
		  "Device busy: " VF0 " is assigned for guest g7\nhint: vfassign release --device " VF0 "\n" },
		{ true, NULL, 12,
		  "Device busy: " VF0
		  " is assigned for guest g7 (process 12)\nhint: vfassign recover, once that process has ended\n" },
		{ true, "why", 12,
		  "Device busy: " VF0
		  " is dirty for guest g7 (process 12)\nhint: vfassign recover, once that process has ended\n" },
		{ true, "why", 0, "Device busy: " VF0 " is dirty for guest g7\nhint: vfassign recover\n" },
		{ false, NULL, 0, "Device busy: " VF0 " is preparing for guest g7\nhint: vfassign recover\n" },
	};
	struct fake_host *host = host_new();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record record = { .address = address(VF0), .committed = cases[i].committed };
		char guest[] = "g7", dirty[] = "why";
		record.guest = guest;
		record.dirty = cases[i].dirty ? dirty : NULL;
		record.owner.pid = cases[i].owner;
		struct record *items[] = { &record };
		struct record_list list = { .items = items, .count = 1 };
		struct prepare_request request = usual;
		request.records = &list;
		char *text = prepare(request, INTERFACE("0", MAC));
		assert_string_equal(text, cases[i].expected);
		free(text);
	}
	fake_host_free(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_force),
		cmocka_unit_test(test_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
