#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# vfassign may be killed at any moment: then "vfassign recover" brings the VFs back exactly as they were, or leaves
# them assigned as a whole, and "vfassign release" brings them back.
#
# The moments: prepare and release are killed before each system call that changes anything (sysfs, netlink, the
# record); between two of those nothing can be different. recover is killed, too, while it undoes a killed prepare.
# With FULL=1 they are also killed before each call that asks the kernel, opens or syncs a file, or makes a socket.
# A call is found in a trace made beforehand, as (name, how many of that name), because that is what strace can be
# told to kill at; each kill is checked to have happened.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 3 --timeout 900)

changing=write,sendto,sendmsg,rename,renameat,renameat2,unlink,unlinkat,ftruncate
[ -z "${FULL:-}" ] || changing+=,openat,mkdir,fsync,fdatasync,socket,flock,close

# A copy in memory: strace stops it a thousand times, and programs start faster.
program=/tmp/vfassign

# traced OPTION… -- COMMAND…: strace as far as needed.
traced() {
	strace -f -qq -e "trace=$changing" "$@"
}

# moments: "NAME K" for each system call in the trace, K counting those of that name; without those that only print
# or ask.
moments() {
	sed 's/^[0-9]* *//' /tmp/trace | awk -v full="${FULL:-}" '
		!/^[a-z0-9]+\(/ { next }
		{ name = $0; sub(/\(.*/, "", name); k[name]++ }
		/^write\([12],/ || /RTM_GET/ && !full { next }
		{ print name, k[name] }' >/tmp/moments
	count=$(wc -l </tmp/moments)
	[ "$count" -ge 4 ] || fail "only $count moments in:"$'\n'"$(cat /tmp/trace)"
}

# One thread: strace counts the calls of each by itself.
prepare=("$program" --jobs 1 prepare /tmp/guest.xml)
release=("$program" --jobs 1 release --guest guest)

# killed_at NAME K COMMAND…
killed_at() {
	local status=0 name=$1 k=$2
	shift 2
	traced -o /tmp/trace -e "inject=$name:signal=KILL:when=$k" "$@" >/tmp/killed 2>&1 || status=$?
	[ "$status" = 137 ] || fail "not killed at $name $k, but status $status: $(cat /tmp/killed)"
}

# expect_back WHERE: recover, and then release if the assignment stands, bring the before-image back.
expect_back() {
	local found
	found=$(records)
	expect_status 0 "$program" recover
	if [ -n "$(records)" ]; then
		# Assigned as a whole, and everybody says so.
		assert_same "$1: VFs on record" "$(printf '%s\n' "${vfs[@]}")" "$(records)"
		expect_assigned "${vfs[0]}" "$mac" 42
		[ "${#vfs[@]}" = 1 ] || expect_assigned "${vfs[1]}" 00:11:22:33:44:66 none
		assigned=$((assigned + 1))
		expect_status 0 "${release[@]}"
	fi
	assert_same "$1: VFs on record in the end (after the kill: ${found//$'\n'/, })" "" "$(records)"
	assert_same "$1: the VFs in the end (after the kill on record: ${found//$'\n'/, })" "$before" "$(images)"
}

# expect_back_released WHERE: a release that was cut short. Until recover or another release it may be incomplete.
expect_back_released() {
	local status=0
	"$program" recover >/tmp/out 2>&1 || fail "$1: recover says: $(cat /tmp/out)"
	[ -z "$(records)" ] || "${release[@]}" >/tmp/out 2>&1 || status=$?
	[ "$status" = 0 ] || fail "$1: release says: $(cat /tmp/out)"
	assert_same "$1: VFs on record in the end" "" "$(records)"
	assert_same "$1: the VFs in the end" "$before" "$(images)"
}

images() {
	local address
	for address in "${vfs[@]}"; do vf_image "$address"; done
}

sweep_prepare() {
	local name k count
	step "prepare: trace"
	traced -o /tmp/trace "${prepare[@]}" >/dev/null
	moments
	expect_status 0 "${release[@]}"
	assert_same "the VFs after release" "$before" "$(images)"
	step "prepare: killed at each of $count calls"
	assigned=0
	while read -r -u 9 name k; do
		killed_at "$name" "$k" "${prepare[@]}"
		expect_back "prepare killed at $name $k"
	done 9</tmp/moments
	step "prepare: $assigned times it stayed assigned"
}

sweep_release() {
	local name k count
	step "release: trace"
	expect_status 0 "${prepare[@]}"
	traced -o /tmp/trace "${release[@]}" >/dev/null
	moments
	assert_same "the VFs after release" "$before" "$(images)"
	step "release: killed at each of $count calls"
	while read -r -u 9 name k; do
		expect_status 0 "${prepare[@]}"
		killed_at "$name" "$k" "${release[@]}"
		expect_back_released "release killed at $name $k"
	done 9</tmp/moments
}

# recover itself is killed, while it undoes what a killed prepare left.
sweep_recover() {
	local name k count last
	# Just before the commit, when all is done and nothing is valid.
	traced -o /tmp/trace "${prepare[@]}" >/dev/null
	moments
	last=$(tail -n 1 /tmp/moments)
	expect_status 0 "${release[@]}"
	step "recover: trace (prepare is killed at $last)"
	# shellcheck disable=SC2086 # two words
	killed_at $last "${prepare[@]}"
	traced -o /tmp/trace "$program" recover >/dev/null 2>&1
	moments
	assert_same "the VFs after recover" "$before" "$(images)"
	step "recover: killed at each of $count calls"
	while read -r -u 9 name k; do
		# shellcheck disable=SC2086
		killed_at $last "${prepare[@]}"
		killed_at "$name" "$k" "$program" recover
		expect_back "recover killed at $name $k"
	done 9</tmp/moments
}

inside() {
	local first second
	cp "$vfassign" "$program"
	first=$(vf_address 0 1) second=$(vf_address 0 2)
	modprobe vfio-pci
	# One that has MAC and VLAN from its PF, so that both must come back; one with a MAC of its own, and up.
	bind_by_hand "$first" vfio-pci
	ip link set pf0 vf 1 mac 02:00:00:00:00:01 vlan 7 qos 5
	bind_by_hand "$first" igbvf
	ip link set "$(vf_netdev "$second")" up
	"$program" recover >/dev/null

	vfs=("$first" "$second")
	document guest "$(interface "$first" "$with_vlan")" "$(interface "$second" "<mac address='00:11:22:33:44:66'/>")" >/dev/null
	before=$(images)
	sweep_prepare

	# From here on one is enough: what the second would add is the commit of both, which was just seen.
	vfs=("$first")
	document guest "$(interface "$first" "$with_vlan")" >/dev/null
	before=$(images)
	sweep_release
	sweep_recover
	step "up, with a MAC from the PF: the netdev takes a new one at once"
	ip link set "$(vf_netdev "$first")" up
	before=$(images)
	sweep_prepare
}

lab_main "$@"
