#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Four VFs side by side, and the command is killed between two steps of any of them: recover has everything as it was, or it
# stays assigned as a whole, and release brings it back.
#
# strace counts the calls of each thread by itself; here a program that is linked from the same objects is killed at its N-th
# step boundary (tests/boundaries). Every ninth boundary; with WHOLE=1 each.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 4 --timeout 20000)

# A copy in memory: programs start faster.
program=/tmp/vfassign-boundaries
kills=0
every=9
[ -z "${WHOLE:-}" ] || every=1

# quiet COMMAND…: its status in $status, whatever it says in $said.
quiet() {
	status=0
	said=$("$@" 2>&1) || status=$?
}

expect_back() {
	quiet "$program" recover
	[ "$status" = 0 ] || fail "$1: recover says: $said"
	if [ -n "$(records)" ]; then
		[ "$2" = partly ] || assert_same "$1: VFs on record" "$(printf '%s\n' "${vfs[@]}")" "$(records)"
		quiet "$program" release --guest guest
		[ "$status" = 0 ] || fail "$1: release says: $said"
	fi
	assert_same "$1: VFs on record in the end" "" "$(records)"
	assert_same "$1: the VFs in the end" "$before" "$(host_image)"
}

# sweep WHAT LEFT SETUP COMMAND…: kills COMMAND, after the function SETUP, at its boundaries. What it leaves assigned is all of
# them, or LEFT is "partly".
sweep() {
	local what=$1 left=$2 setup=$3 n=1 killed=0
	shift 3
	step "$what"
	while "$setup" && VFASSIGN_KILL_AT=$n quiet "$program" "$@" && [ "$status" = 137 ]; do
		killed=$((killed + 1))
		expect_back "$what killed at boundary $n" "$left"
		n=$((n + every))
	done
	[ "$status" = 0 ] || fail "$what: status $status: $said"
	expect_back "$what" "$left"
	[ "$killed" -ge 8 ] || fail "$what: only $killed kills"
	kills=$((kills + killed))
}

nothing() { :; }

prepared() {
	expect_status 0 "$program" prepare "$guest_xml"
}

# Its process is gone: recover is to give all back.
abandoned() {
	sleep 1000 &
	expect_status 0 "$program" prepare --pid $! "$guest_xml"
	kill $!
	wait $! || :
}

inside() {
	export VFASSIGN_KILL_AT=1000000
	cp "$project/build/tests/boundaries/vfassign-boundaries" "$program"
	mapfile -t vfs < <(all_vfs)
	modprobe vfio-pci
	# One that has MAC and VLAN from its PF, one that is up with a MAC of its own, one without a driver, one as it came.
	bind_by_hand "${vfs[0]}" vfio-pci
	ip link set pf0 vf 0 mac 02:00:00:00:00:01 vlan 7 qos 5
	bind_by_hand "${vfs[0]}" igbvf
	ip link set "$(vf_netdev "${vfs[1]}")" up
	echo "${vfs[2]}" >"/sys/bus/pci/devices/${vfs[2]}/driver/unbind"
	before=$(host_image)
	guest_xml=$(document guest "$(interface "${vfs[0]}" "$with_vlan")" "$(interface "${vfs[1]}" "<mac address='00:11:22:33:44:66'/>")" \
		"$(interface "${vfs[2]}" "<mac address='00:11:22:33:44:77'/>")" \
		"$(interface "${vfs[3]}" "<mac address='00:11:22:33:44:88'/><vlan><tag id='43'/></vlan>")")
	sweep prepare all nothing prepare "$guest_xml"
	sweep release partly prepared release --guest guest
	sweep recover all abandoned recover
	tell "$kills kills"
}

lab_main "$@"
