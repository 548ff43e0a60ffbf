#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The virtual host itself, without vfassign: a test that fails elsewhere must not be the lab's fault.
#
# It has seven VFs, each in an IOMMU group of its own (all in one with --acs off, none with --iommu off).
# A guest that gets a VF by hand reports the MAC set through the PF, and its frames leave with that MAC and
# in that VLAN. Output, messages, exit status and /share come back; two run at once; a hung one is ended by
# the time limit; and no QEMU outlives lab/vfhost, not even when that is killed.
. "$(dirname "$0")/lib.sh"

mac=00:11:22:33:44:55

vf_groups() {
	local address
	for address in $(all_vfs); do vf_group "$address"; done | sort -u
}

default_host() {
	local vf
	vf=$(vf_address 0 1)
	step "seven VFs, each in a group of its own"
	assert_same "list of VFs" "$(printf '0000:01:%s\n' 10.0 10.2 10.4 10.6 11.0 11.2 11.4)" "$(all_vfs)"
	assert_same "number of groups" 7 "$(vf_groups | wc -l)"
	assert_same "driver" igbvf "$(vf_driver "$vf")"
	[ ! -d /sys/bus/pci/drivers/vfio-pci ] || fail "vfio-pci is loaded already"
	expect_match "^netdev up 0$" "$(vf_image "$vf")"

	step "a guest with a VF bound by hand"
	ip link set pf0 vf 1 mac "$mac" vlan 42 qos 3
	expect_match "^vlan 42$" "$(vf_settings "$vf")"
	expect_match "^qos 3$" "$(vf_settings "$vf")"
	bind_by_hand "$vf" vfio-pci
	guest_command by-hand
	"${guest[@]}" -device "vfio-pci,host=$vf,rombar=0"
	assert_same "the guest's MAC" "$mac" "$(guest_mac by-hand)"

	step "files, output, messages and status"
	echo "changed inside" >"$share/file"
	echo "to the output"
	echo "to the messages" >/dev/stderr
	sleep 1000 &
	exit 7
}

joined_groups() {
	assert_same "groups of the VFs" "$(vf_group 0000:01:00.0; vf_group 0000:02:00.0)" "$(vf_groups)"
	assert_same "second PF's VFs" 2 "$(find /sys/class/net/pf1/device/ -name 'virtfn*' | wc -l)"
	expect_match '^enp1s0v0$' "$(vf_netdev 0000:01:10.0)"
}

no_iommu() {
	assert_same "the VF's group" none "$(vf_group "$(vf_address 0 0)")"
}

# How many QEMUs have our folder as their share?
machines() {
	pgrep -f "^qemu-system-x86_64.*path=$share," | wc -l
}

has_machine() {
	[ "$(machines)" = 1 ]
}

has_no_machine() {
	[ "$(machines)" = 0 ]
}

check_default_host() {
	local status=0
	step "two virtual hosts at once: the default one, and one with udev, two PFs and without ACS"
	echo "from outside" >"$share/file"
	mkdir "$share/second"
	share=$share/second in_lab --udev --pfs 2 --vfs 2 --wire hub --acs off -- joined_groups &
	in_lab -- default_host >"$share/out" 2>"$share/err" || status=$?
	[ "$status" = 7 ] || fail "status $status instead of 7:"$'\n'"$(cat "$share/out" "$share/err")"
	wait $! || fail "the second virtual host failed"
	expect_match '^to the output$' "$(cat "$share/out")"
	assert_same "messages" "to the messages" "$(cat "$share/err")"
	assert_same "file" "changed inside" "$(cat "$share/file")"
	assert_same "first frame of the guest: tag control information 0x602a is priority 3, VLAN 42" 0x602a \
		"$(tcpdump -nn -xx -t -r "$share/uplink.pcap" "ether src $mac" 2>/dev/null |
			awk '$1 == "0x0000:" { print "0x" $9; exit }')"
	expect_match 'vlan 42, p 3' "$(frames "ether src $mac")"
}

check_time_limit() {
	step "a hung virtual host is ended, and its console shown"
	expect_status 124 in_lab --vfs 0 --timeout 15 -- sleep 1000
	expect_match 'after 15 seconds' "$err"
	expect_match 'Linux version' "$err"
	assert_same "QEMUs left" 0 "$(machines)"
}

check_kill() {
	local pid
	step "a killed lab/vfhost takes its QEMU along"
	in_lab --vfs 0 -- sleep 1000 &
	pid=$!
	wait_for 20 has_machine
	kill -KILL "$(pgrep -P "$pid" -f lab/vfhost || echo "$pid")"
	wait_for 5 has_no_machine
	wait "$pid" 2>/dev/null || :
}

main() {
	check_default_host
	in_lab --vfs 1 --iommu off -- no_iommu
	check_time_limit
	check_kill
	step "a wrong option is refused, in one line"
	expect_status 2 "$project/lab/vfhost" --pfs many -- true
	assert_same "lines of message" 1 "$(wc -l <<<"$err")"
}

lab_main "$@"
