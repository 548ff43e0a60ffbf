#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A VF comes back exactly as it was: what the kernel says of it (settings at its PF, driver, driver_override, and
# its netdev's name, MAC, MTU and state) is the same before prepare and after release, whatever it was before.
# While it is assigned, the PF reports the MAC and VLAN of the document, and it is on vfio-pci. Other VFs, and the
# PF, are never touched.
. "$(dirname "$0")/lib.sh"

netdev_states() {
	local vf net
	vf=$(vf_address 0 0)
	net=$(vf_netdev "$vf")
	cycle "netdev down, never up" "$vf"
	ip link set "$net" up
	cycle "netdev up" "$vf"
	cycle "netdev up, document without VLAN" "$vf" "$with_mac"
	ip link set "$net" down
	cycle "netdev down again" "$vf"
	ip link set "$net" mtu 1400 name uplink0
	cycle "netdev with another MTU and name, down" "$vf"
	ip link set uplink0 up
	cycle "netdev with another MTU and name, up" "$vf"
	ip link set uplink0 down
	ip link set uplink0 address 02:00:00:00:00:99
	cycle "netdev with a MAC that the host set" "$vf"
	ip link set uplink0 up
	cycle "netdev with a MAC that the host set, up" "$vf"
}

pf_settings() {
	local vf
	vf=$(vf_address 0 1)
	ip link set pf0 vf 1 mac 02:00:00:00:00:01
	bind_by_hand "$vf" vfio-pci
	bind_by_hand "$vf" igbvf
	cycle "admin MAC set, netdev has it" "$vf"
	ip link set "$(vf_netdev "$vf")" up
	cycle "admin MAC set, netdev up" "$vf"
	vf=$(vf_address 0 2)
	ip link set pf0 vf 2 vlan 7 qos 5
	cycle "VLAN set, document without" "$vf" "$with_mac"
	cycle "VLAN set, document with another" "$vf"
	ip link set pf0 vf 2 vlan 42 qos 5
	cycle "same VLAN with a priority set" "$vf"
	ip link set pf0 vf 2 spoofchk off trust on
	ip link set pf0 vf 2 max_tx_rate 100 2>/dev/null || :
	cycle "other settings, that the document does not name" "$vf"
}

drivers() {
	local vf
	vf=$(vf_address 0 3)
	echo "$vf" >"/sys/bus/pci/devices/$vf/driver/unbind"
	cycle "without a driver" "$vf"
	ip link set pf0 vf 3 mac 00:00:00:00:00:00
	cycle "without a driver, MAC not set" "$vf"
	echo igbvf >"/sys/bus/pci/devices/$vf/driver_override"
	cycle "without a driver, driver_override set" "$vf"
	vf=$(vf_address 0 4)
	bind_by_hand "$vf" vfio-pci
	cycle "on vfio-pci already" "$vf"
	echo vfio-pci >"/sys/bus/pci/devices/$vf/driver_override"
	cycle "on vfio-pci already, driver_override set" "$vf"
	vf=$(vf_address 0 5)
	echo igbvf >"/sys/bus/pci/devices/$vf/driver_override"
	cycle "driver_override names its driver" "$vf"
	echo vfio-pci >"/sys/bus/pci/devices/$vf/driver_override"
	cycle "driver_override names another driver" "$vf"
	vf=$(vf_address 0 6)
	echo 0 >/sys/class/net/pf0/device/sriov_drivers_autoprobe
	cycle "sriov_drivers_autoprobe off" "$vf"
	assert_same "sriov_drivers_autoprobe" 0 "$(cat /sys/class/net/pf0/device/sriov_drivers_autoprobe)"
	echo 1 >/sys/class/net/pf0/device/sriov_drivers_autoprobe
}

# An admin MAC takes effect when a driver probes the VF; until then its netdev has the MAC from before. As long as
# there is an admin MAC, igb refuses any other to the netdev: it must be restored behind the netdev's.
admin_mac_pending() {
	local vf
	vf=$(vf_address 0 5)
	ip link set pf0 vf 5 mac 02:00:00:00:00:02
	cycle "admin MAC set, netdev still with another MAC" "$vf"
}

# Two VFs in one document are one assignment; the second gets a MAC that vfassign chose.
two_interfaces() {
	local first second before file
	first=$(vf_address 0 0) second=$(vf_address 0 6)
	step "two interfaces in one document, one without MAC"
	before=$(host_image)
	file=$(document guest "$(interface "$second" "$with_vlan")" "$(interface "$first")")
	expect_status 0 "$vfassign" prepare "$file"
	expect_assigned "$second" "$mac" 42
	expect_assigned "$first" "02(:[0-9a-f]{2}){5}" none
	assert_same "VFs on record" "$(printf '%s\n' "$first" "$second")" "$(records)"
	step "one of them released"
	expect_status 0 "$vfassign" release --device "$first"
	assert_same "VFs on record" "$second" "$(records)"
	expect_assigned "$second" "$mac" 42
	expect_status 0 "$vfassign" release --guest guest
	assert_same "all VFs afterwards" "$before" "$(host_image)"
}

inside() {
	local pf
	pf=$(ip -d link show pf0 | grep -v 'vf [0-9]')
	netdev_states
	pf_settings
	drivers
	two_interfaces
	admin_mac_pending
	assert_same "PF" "$pf" "$(ip -d link show pf0 | grep -v 'vf [0-9]')"
}

lab_main "$@"
