#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Port profiles (802.1Qbh) through the kernel's real rtnetlink, and a driver that has them: the switch is asked before the
# guest gets its VF, and told when that leaves; it may take its time, refuse for each reason there is, or never answer; and
# whenever vfassign is killed, no association stays behind. The driver is lent its port profiles by portprofile/.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 2 --timeout 850)

main() {
	"$project/tests/lab/portprofile/build" "$share"
	in_lab "${lab_options[@]}" -- inside
}

parameters=/sys/module/portprofile/parameters
uuid=09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f
with_port="$with_mac<virtualport type='802.1Qbh'><parameters profileid='gold'/></virtualport>"

# answers RESPONSE MILLISECONDS [RESPONSE MILLISECONDS]: what the switch says to an association, and to its end.
answers() {
	echo "$1" >"$parameters/answer"
	echo "$2" >"$parameters/delay"
	echo "${3:-0x100}" >"$parameters/end_answer"
	echo "${4:-0}" >"$parameters/end_delay"
}

# port ADDRESS: what vfassign says of it; "null" when there is no association.
port() {
	"$vfassign" --json list | jq -r --arg address "$1" '.pfs[].vfs[] | select(.address == $address) | .portProfile'
}

# asked: the requests that the driver was given since the last call, in the kernel's words.
asked() {
	dmesg -c | sed -n 's/.*portprofile: //p'
}

# with_uuid FILE: the document, with a UUID.
with_uuid() {
	sed -i "s|<name>|<uuid>$uuid</uuid><name>|" "$1"
	echo "$1"
}

agreed() {
	local host
	step "a driver without port profiles is refused, and nothing is touched"
	rmmod portprofile
	host=$(host_snapshot)
	expect_status 1 "$vfassign" prepare "$file"
	expect_match '^vfassign: error: Unsupported Config: driver igb of PF 0000:01:00.0 cannot ask a switch' "$err"
	assert_same "the host" "$host" "$(host_snapshot)"
	insmod "$share/portprofile.ko" pf=pf0
	asked >/dev/null
	step "a switch that agrees at once"
	expect_status 0 "$vfassign" prepare "$file"
	expect_assigned "$vf" "$mac" none
	expect_match "^vf 1 request 2 profile gold instance $uuid host [0-9a-f-]{36}\$" "$(asked)"
	assert_same "the port" "802.1Qbh gold, instance $uuid" "$(port "$vf")"
	expect_status 0 "$vfassign" release --guest guest
	expect_match '^vf 1 request 3 profile  instance ' "$(asked)"
	assert_same "the port" null "$(port "$vf")"
	assert_same "the VF" "$before" "$(vf_image "$vf")"
	step "one that takes half a second for each"
	answers 0x100 500 0x100 500
	expect_status 0 "$vfassign" prepare "$file"
	assert_same "the port" "802.1Qbh gold, instance $uuid" "$(port "$vf")"
	expect_status 0 "$vfassign" release --guest guest
	assert_same "the port" null "$(port "$vf")"
	assert_same "the VF" "$before" "$(vf_image "$vf")"
}

refused() {
	local response word
	while read -r -u 9 response word; do
		step "a switch that answers $response: $word"
		answers "$response" 100
		expect_status 4 "$vfassign" prepare "$file"
		expect_match "^vfassign: error: Host error: $vf: cannot ask .*: the answer is 802.1Qbh gold, .*: $word\$" "$err"
		assert_same "the port" null "$(port "$vf")"
		assert_same "the VF" "$before" "$(vf_image "$vf")"
		assert_same "VFs on record" "" "$(records)"
	done 9<<-'END'
		0x102 invalid
		0x103 bad state
		0x104 insufficient resources
		0x105 error
		0x1a3 response 0x1a3
	END
	step "a driver that does not take the request"
	answers 0x100 0
	echo 22 >"$parameters/error"
	expect_status 4 "$vfassign" prepare "$file"
	expect_match "^vfassign: error: Host error: $vf: cannot ask the switch .*Invalid argument" "$err"
	echo 0 >"$parameters/error"
	assert_same "the VF" "$before" "$(vf_image "$vf")"
	step "a switch that never answers"
	answers 0x100 100000000
	expect_status 4 "$vfassign" --timeout 1 prepare "$file"
	expect_match "^vfassign: error: Timed out: $vf: cannot ask .*: in progress\$" "$err"
	assert_same "the port" null "$(port "$vf")"
	assert_same "the VF" "$before" "$(vf_image "$vf")"
}

# The VF stays where no host driver sees it, and on record, until the switch lets go.
kept() {
	answers 0x100 0 0x103 0
	step "a switch that does not let go"
	expect_status 0 "$vfassign" prepare "$file"
	expect_status 5 "$vfassign" release --guest guest
	expect_match "bad state" "$err"
	assert_same "driver" vfio-pci "$(vf_driver "$vf")"
	assert_same "VFs on record" "$vf" "$(records)"
	answers 0x100 0 0x100 100000000
	expect_status 5 "$vfassign" --timeout 1 recover
	assert_same "driver" vfio-pci "$(vf_driver "$vf")"
	answers 0x100 0
	expect_status 0 "$vfassign" recover
	assert_same "the port" null "$(port "$vf")"
	assert_same "the VF" "$before" "$(vf_image "$vf")"
	assert_same "VFs on record" "" "$(records)"
}

# The same id each time, of the guest's name on this host.
instances() {
	local first
	step "a guest without a UUID keeps its instance id"
	file=$(document guest "$(interface "$vf" "$with_port")")
	expect_status 0 "$vfassign" prepare "$file"
	first=$(port "$vf")
	expect_match '^802.1Qbh gold, instance [0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' "$first"
	expect_status 0 "$vfassign" release --guest guest
	expect_status 0 "$vfassign" prepare "$file"
	assert_same "the port" "$first" "$(port "$vf")"
	expect_status 0 "$vfassign" release --guest guest
	step "a PF that is down"
	ip link set pf0 down
	expect_status 2 "$vfassign" prepare "$file"
	expect_match '^vfassign: error: Host not ready: PF .* is down' "$err"
	ip link set pf0 up
}

# get_ready VERB: what it needs to begin with.
get_ready() {
	[ "$1" = prepare ] || "$program" prepare "$file" >/dev/null
}

# killed COMMAND…: at each call that changes something, as in 50-crash; after each there is nothing left to find.
killed() {
	local name k count=0 status
	get_ready "$2"
	strace -f -qq -e "trace=$changing" -o /tmp/trace "$@" >/dev/null
	sed 's/^[0-9]* *//' /tmp/trace | awk '
		!/^[a-z0-9]+\(/ { next }
		{ name = $0; sub(/\(.*/, "", name); k[name]++ }
		/^write\([12],/ || /RTM_GET/ { next }
		{ print name, k[name] }' >/tmp/moments
	"$program" release --guest guest >/dev/null 2>&1 || :
	assert_same "the VF after it was traced" "$before" "$(vf_image "$vf")"
	while read -r -u 9 name k; do
		get_ready "$2"
		status=0
		strace -f -qq -e "trace=$changing" -o /tmp/trace -e "inject=$name:signal=KILL:when=$k" "$@" >/tmp/killed 2>&1 || status=$?
		[ "$status" = 137 ] || fail "not killed at $name $k, but status $status: $(cat /tmp/killed)"
		"$program" recover >/tmp/out 2>&1 || fail "$2 killed at $name $k: recover says: $(cat /tmp/out)"
		[ -z "$(records)" ] || "$program" release --guest guest >/tmp/out 2>&1 || fail "$2 killed at $name $k: $(cat /tmp/out)"
		assert_same "$2 killed at $name $k: the port" null "$(port "$vf")"
		assert_same "$2 killed at $name $k: the VF" "$before" "$(vf_image "$vf")"
		assert_same "$2 killed at $name $k: VFs on record" "" "$(records)"
		count=$((count + 1))
	done 9</tmp/moments
	[ "$count" -ge 4 ] || fail "only $count moments"
	step "$2: killed at each of $count calls"
}

inside() {
	changing=write,sendto,sendmsg,rename,renameat,renameat2,unlink,unlinkat,ftruncate
	program=/tmp/vfassign
	cp "$vfassign" "$program"
	vf=$(vf_address 0 1)
	modprobe vfio-pci
	insmod "$share/portprofile.ko" pf=pf0
	file=$(with_uuid "$(document guest "$(interface "$vf" "$with_port")")")
	before=$(vf_image "$vf")
	agreed
	refused
	kept
	# At once: how often an answer that takes its time is looked for would differ from run to run.
	answers 0x100 0
	killed "$program" prepare "$file"
	killed "$program" release --guest guest
	instances
}

lab_main "$@"
