#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# managed='no': the VF's driver is the business of somebody else. vfassign sets the network settings only, and
# restores these only; driver and driver_override stay as they are, all the time.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 2)

# Whoever binds or unbinds writes to files below /sys: trace all writes of a prepare and a release.
trace_round() {
	expect_status 0 strace -f -y -e trace=write -o /tmp/trace "$vfassign" \
		prepare "$(document guest "$(interface "$1" "$with_vlan" "$2")")"
	expect_status 0 strace -f -y -e trace=write -A -o /tmp/trace "$vfassign" release --guest guest
	expect_match 'write\(.*</run/vfassign/' "$(cat /tmp/trace)"
}

sysfs_writes() {
	grep 'write(.*</sys/' /tmp/trace || :
}

inside() {
	local vf before
	vf=$(vf_address 0 1)
	bind_by_hand "$vf" vfio-pci
	cycle "bound to vfio-pci by hand" "$vf" "$with_vlan" no
	ip link set pf0 vf 1 mac 02:00:00:00:00:01 vlan 7 qos 5
	cycle "with settings from before" "$vf" "$with_mac" no
	echo vfio-pci >"/sys/bus/pci/devices/$vf/driver_override"
	cycle "with driver_override set" "$vf" "$with_vlan" no

	step "no driver file is written to"
	before=$(vf_image "$vf")
	trace_round "$vf" no
	assert_same "writes to sysfs" "" "$(sysfs_writes)"
	assert_same "the VF afterwards" "$before" "$(vf_image "$vf")"
	step "which the trace would show: managed='yes'"
	trace_round "$(vf_address 0 0)" yes
	expect_match '/driver_override' "$(sysfs_writes)"
	expect_match 'drivers_probe' "$(sysfs_writes)"
}

lab_main "$@"
