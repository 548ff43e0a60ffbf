#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Commands that run at once: of eight that want the same VF exactly one gets it, and the others say that the device
# is busy; those that want different VFs do not disturb each other, neither when they prepare nor when they release.
. "$(dirname "$0")/lib.sh"

# all_at_once N COMMAND…: N times the command, with "%" in its words replaced by 0, 1, …; statuses in /tmp/N.status,
# messages in /tmp/N.err. They wait for each other at a lock, so that they start together.
all_at_once() {
	local count=$1 i pids=()
	shift
	exec {gate}>/tmp/gate
	flock "$gate"
	for ((i = 0; i < count; i++)); do
		(
			exec {gate}>&-
			flock --shared /tmp/gate true
			status=0
			"${@//%/$i}" >"/tmp/$i.out" 2>"/tmp/$i.err" || status=$?
			echo "$status" >"/tmp/$i.status"
		) &
		pids+=($!)
	done
	sleep 1
	exec {gate}>&-
	wait "${pids[@]}"
}

same_vf() {
	local vf before i status won=0 busy=0 winner=none
	vf=$(vf_address 0 0)
	step "the same VF, eight times"
	before=$(vf_image "$vf")
	for i in 0 1 2 3 4 5 6 7; do
		document "guest$i" "$(interface "$vf" "<mac address='00:11:22:33:44:0$i'/>")" >/dev/null
	done
	all_at_once 8 "$vfassign" prepare "/tmp/guest%.xml"
	for i in 0 1 2 3 4 5 6 7; do
		status=$(cat "/tmp/$i.status")
		case $status in
		0) won=$((won + 1)); winner=$i ;;
		3) busy=$((busy + 1)); expect_match '^vfassign: error: Device busy: ' "$(cat "/tmp/$i.err")" ;;
		*) fail "status $status: $(cat "/tmp/$i.err")" ;;
		esac
	done
	assert_same "those who got it, and those who did not" "1 7" "$won $busy"
	expect_assigned "$vf" "00:11:22:33:44:0$winner" none
	assert_same "VFs on record" "$vf" "$(records)"
	expect_status 0 "$vfassign" release --guest "guest$winner"
	assert_same "the VF afterwards" "$before" "$(vf_image "$vf")"
}

different_vfs() {
	local before i
	step "seven VFs, each by a command of its own"
	before=$(host_image)
	for i in 0 1 2 3 4 5 6; do
		document "guest$i" "$(interface "$(vf_address 0 "$i")" "<mac address='00:11:22:33:44:0$i'/>")" >/dev/null
	done
	all_at_once 7 "$vfassign" prepare "/tmp/guest%.xml"
	for i in 0 1 2 3 4 5 6; do
		assert_same "status of $i ($(cat "/tmp/$i.err"))" 0 "$(cat "/tmp/$i.status")"
		expect_assigned "$(vf_address 0 "$i")" "00:11:22:33:44:0$i" none
	done
	assert_same "VFs on record" "$(all_vfs)" "$(records)"
	step "and given back by seven commands"
	all_at_once 7 "$vfassign" release --guest "guest%"
	for i in 0 1 2 3 4 5 6; do
		assert_same "status of $i ($(cat "/tmp/$i.err"))" 0 "$(cat "/tmp/$i.status")"
	done
	assert_same "all VFs afterwards" "$before" "$(host_image)"
	assert_same "VFs on record" "" "$(records)"
}

inside() {
	modprobe vfio-pci
	same_vf
	different_vfs
}

lab_main "$@"
