#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A VF comes back exactly as it was where systemd-udevd runs, too: it renames each netdev as soon as there is one,
# and gives it a MAC of its own choice, just when vfassign wants to restore name and MAC.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--udev --vfs 4)

inside() {
	local vf net before i
	vf=$(vf_address 0 0)
	net=$(vf_netdev "$vf")
	expect_match '^en' "$net"
	cycle "netdev down" "$vf"
	ip link set "$net" up
	for i in 1 2 3; do cycle "netdev up, $i" "$vf"; done
	ip link set "$net" down
	ip link set "$net" mtu 1400 name uplink0
	ip link set uplink0 up
	cycle "netdev with another MTU and name" "$vf"
	ip link set uplink0 down
	ip link set uplink0 address 02:00:00:00:00:99
	cycle "netdev with a MAC that the host set" "$vf"

	vf=$(vf_address 0 1)
	bind_by_hand "$vf" vfio-pci
	ip link set pf0 vf 1 mac 02:00:00:00:00:01 vlan 7 qos 5
	bind_by_hand "$vf" igbvf
	udevadm settle
	cycle "admin MAC and VLAN set" "$vf" "$with_mac"

	step "three interfaces in one document"
	before=$(host_image)
	for i in 0 1 2; do interface "$(vf_address 0 "$i")"; done >/tmp/interfaces
	expect_status 0 "$vfassign" prepare "$(document guest "$(cat /tmp/interfaces)")"
	for i in 0 1 2; do expect_assigned "$(vf_address 0 "$i")" '02(:[0-9a-f]{2}){5}' none; done
	expect_status 0 "$vfassign" release --guest guest
	assert_same "all VFs afterwards" "$before" "$(host_image)"
	udevadm settle
	assert_same "all VFs when udev has nothing left to do" "$before" "$(host_image)"
}

lab_main "$@"
