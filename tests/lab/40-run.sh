#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# vfassign run is a good parent: the VMM's exit status or signal is passed on, signals reach the VMM, a VMM that
# cannot be started costs nothing, the VMM may lock the guest's memory. And the VF outlives nobody: it comes back
# when the VMM ends, however it ends; when vfassign itself is killed, the VMM goes on undisturbed, and recover gives
# the VF back once that has ended, and not before.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 2)

# run OPTION… -- VMM…: vfassign run, with the document of these tests.
run() {
	"$vfassign" run "$file" "$@"
}

# expect_restored WHAT: the VF is as before ($before), and nothing is on record.
expect_restored() {
	assert_same "$1: the VF afterwards" "$before" "$(vf_image "$vf")"
	assert_same "$1: VFs on record" "" "$(records)"
}

# owner ADDRESS: the process on record.
owner() {
	jq -r '.owner.pid // empty' "/run/vfassign/$1.record"
}

# ended PID: not even a zombie is left of it.
ended() {
	! kill -0 "$1" 2>/dev/null
}

endings() {
	step "the VMM's own status"
	expect_status 3 run -- bash -c 'exit 3'
	expect_restored "exit 3"
	step "a VMM that kills itself"
	# shellcheck disable=SC2016 # for the VMM
	expect_status 137 run -- bash -c 'kill -KILL $$'
	expect_restored "SIGKILL"
	# shellcheck disable=SC2016
	expect_status 143 run -- bash -c 'kill -TERM $$'
	expect_restored "SIGTERM"
}

not_started() {
	local host
	host=$(host_snapshot)
	step "a VMM that does not exist, and one that cannot be executed"
	expect_status 127 run -- /tmp/no-such-vmm
	expect_match '^vfassign: error: VMM error: ' "$err"
	expect_restored "no VMM"
	echo text >/tmp/no-program
	expect_status 126 run -- /tmp/no-program
	expect_restored "VMM not executable"
	step "-daemonize"
	host=$(host_snapshot)
	expect_status 125 run -- touch /tmp/started -daemonize
	expect_match '^vfassign: error: usage: .*foreground' "$err"
	step "no VMM at all, and a device that is not there"
	expect_status 125 run --
	expect_status 125 "$vfassign" run "$(document none "$(interface 0000:01:1f.6 "$with_mac")")" -- touch /tmp/started
	[ ! -e /tmp/started ] || fail "the VMM was started"
	assert_same "the host after refusals" "$host" "$(host_snapshot)"
}

# While it runs, the VMM sees its VF ready, its arguments, and itself on record.
inside_vmm() {
	step "what the VMM finds"
	# shellcheck disable=SC2016 # for the VMM
	(
		ulimit -S -l 64
		expect_status 0 run -- bash -c 'grep "Max locked memory" /proc/$$/limits >/tmp/limits; echo $$ >/tmp/pid
			printf "%s\n" "$@" >/tmp/arguments; cp /run/vfassign/*.record /tmp/vmm.record' vmm own argument
	)
	expect_restored "a VMM that only looks"
	assert_same "its limit: the guest's 128 MiB and 1 GiB" $(((128 + 1024) << 20)) "$(awk '{ print $4 }' /tmp/limits)"
	assert_same "the owner on record" "$(cat /tmp/pid)" "$(jq -r '.owner.pid // empty' /tmp/vmm.record)"
	assert_same "its own arguments, and where the device's begin" "own argument -device" \
		"$(head -n 3 /tmp/arguments | paste -sd ' ')"
	assert_same "the host device in its -device argument" "$vf" "$(sed -n 4p /tmp/arguments | jq -r .host)"
}

# A VMM that answers SIGTERM with status 9. It sleeps in small pieces: bash runs a trap only in between.
patient_vmm='trap "echo got it >/tmp/got; exit 9" TERM; echo $$ >/tmp/vmm.pid; while :; do sleep 0.1; done'

# start_vmm SCRIPT: vfassign run in the background as $runner, its VMM as $vmm.
start_vmm() {
	rm -f /tmp/vmm.pid
	"$vfassign" run "$file" -- bash -c "$1" & # not through a function, or $! would be a shell
	runner=$!
	wait_for 30 test -s /tmp/vmm.pid
	vmm=$(cat /tmp/vmm.pid)
}

signals() {
	local status=0
	step "SIGTERM to vfassign reaches the VMM"
	start_vmm "$patient_vmm"
	expect_assigned "$vf" "$mac" 42
	assert_same "the owner on record" "$vmm" "$(owner "$vf")"
	kill -TERM "$runner"
	wait "$runner" || status=$?
	assert_same "status" 9 "$status"
	assert_same "what the VMM got" "got it" "$(cat /tmp/got)"
	expect_restored "SIGTERM passed on"

	step "a VMM killed by somebody else"
	start_vmm "$patient_vmm"
	kill -KILL "$vmm"
	status=0
	wait "$runner" || status=$?
	assert_same "status" 137 "$status"
	expect_restored "VMM killed"
}

vfassign_killed() {
	step "vfassign killed: the VMM goes on"
	start_vmm "$patient_vmm"
	kill -KILL "$runner"
	wait "$runner" 2>/dev/null || :
	kill -0 "$vmm" || fail "the VMM ended with vfassign"
	assert_same "the owner on record" "$vmm" "$(owner "$vf")"
	expect_assigned "$vf" "$mac" 42
	step "recover leaves it alone, and release does"
	expect_status 0 "$vfassign" recover
	expect_assigned "$vf" "$mac" 42
	assert_same "VFs on record" "$vf" "$(records)"
	expect_status 3 "$vfassign" release --guest guest
	expect_match "^vfassign: error: Device busy: $vf belongs to guest guest, and its process $vmm still runs$" "$err"
	expect_assigned "$vf" "$mac" 42
	step "recover gives it back once the VMM has ended"
	kill -KILL "$vmm"
	wait_for 10 ended "$vmm"
	expect_status 0 "$vfassign" recover
	expect_restored "recover"
}

# A real QEMU holds the VF open, which a script does not.
real_vmm() {
	local status=0 qemu
	step "QEMU has the VF open: release waits, and gives up"
	guest_command guest stay
	"$vfassign" run "$file" -- "${guest[@]}" &
	runner=$!
	wait_for 60 guest_said guest 'guest mac'
	qemu=$(owner "$vf")
	assert_same "the owner on record" qemu-system-x86 "$(cat "/proc/$qemu/comm")"
	expect_status 3 "$vfassign" release --assignment "$(jq -r '.assignment // empty' "/run/vfassign/$vf.record")" --timeout 1
	expect_match "^vfassign: error: Device busy: $vf is in use: process $qemu \\(qemu-system-x86\\)" "$err"
	expect_assigned "$vf" "$mac" 42
	step "QEMU killed"
	kill -KILL "$qemu"
	wait "$runner" || status=$?
	assert_same "status" 137 "$status"
	expect_restored "QEMU killed"
}

inside() {
	vf=$(vf_address 0 1)
	ip link set "$(vf_netdev "$vf")" up
	before=$(vf_image "$vf")
	file=$(document guest "$(interface "$vf" "$with_vlan")")
	modprobe vfio-pci
	"$vfassign" recover >/dev/null
	endings
	not_started
	inside_vmm
	signals
	vfassign_killed
	real_vmm
}

lab_main "$@"
