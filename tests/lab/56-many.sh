#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# 64 processes fight over 14 VFs of two PFs for 10 s (with WHOLE=1 for 60 s): each prepares one or two VFs at random,
# holds them, and gives them back; some are killed at work, some let their owner die, and all of them call recover. No VF
# ever has two owners, nobody's VF is changed by another, and in the end every VF is as it was.
#
# Who was given a VF makes a folder that exists once (mkdir); that it fails would be a second owner. While it holds the VF,
# the kernel has to report this owner's MAC, and the record and "vfassign list" this owner's name.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--pfs 2 --timeout 600)
workers=64
duration=10
[ -z "${WHOLE:-}" ] || duration=60
program=/tmp/vfassign
owned=/tmp/owned

# chance N: once in N.
chance() {
	[ $((SRANDOM % $1)) = 0 ]
}

count() {
	counts[$1]=$((counts[$1] + 1))
}

# choose: one or two different VFs in $chosen, and a document for guest $me with MACs of its own.
choose() {
	local n=$((SRANDOM % 2 + 1)) address devices=()
	chosen=()
	while [ ${#chosen[@]} -lt $n ]; do
		address=${all[SRANDOM % ${#all[@]}]}
		[[ " ${chosen[*]} " == *" $address "* ]] || chosen+=("$address")
	done
	for address in "${chosen[@]}"; do devices+=("$(interface "$address" "<mac address='$(own_mac "$address")'/>")"); done
	document "$me" "${devices[*]}" >/dev/null
}

# own_mac ADDRESS: the one that worker $number gives it.
own_mac() {
	printf '02:00:00:%02x:%s:%02x' "$number" "${1:5:2}" "$((16#${1:8:2} * 8 + ${1:11:1}))"
}

# call STATUS… -- COMMAND…: one of these statuses is right; which one is then in $status.
call() {
	local allowed=()
	while [ "$1" != -- ]; do allowed+=("$1"); shift; done
	shift
	status=0
	"$@" >"/tmp/$me.out" 2>&1 || status=$?
	[[ " ${allowed[*]} " == *" $status "* ]] || fail "$me: status $status from: $*"$'\n'"$(<"/tmp/$me.out")"
}

# hold: the VFs are ours for a moment, and nobody else's.
hold() {
	local address
	for address in "${chosen[@]}"; do
		mkdir "$owned/$address" || fail "$me was given $address, which $(echo "$owned/$address"/*) has"
		: >"$owned/$address/$me"
	done
	sleep "0.$((SRANDOM % 6))"
	for address in "${chosen[@]}"; do
		expect_match "^mac $(own_mac "$address")\$" "$(vf_settings "$address")"
		expect_match "\"guest\":\"$me\"" "$(<"/run/vfassign/$address.record")"
	done
	! chance 8 || expect_listed
	for address in "${chosen[@]}"; do rm -r "${owned:?}/$address"; done
}

expect_listed() {
	local address
	call 0 -- "$program" --json list
	for address in "${chosen[@]}"; do
		assert_same "owner of $address in the list" "$me assigned" "$(jq -r --arg address "$address" \
			'[.. | objects | select(.address? == $address and has("guest"))] | .[0] | "\(.guest) \(.state)"' "/tmp/$me.out")"
	done
}

# The four ways of one turn.
give_back() {
	call 0 3 -- "$program" --timeout 60 prepare "/tmp/$me.xml"
	[ "$status" = 0 ] || { count busy; return; }
	count prepared
	hold
	call 0 -- "$program" --timeout 60 release --guest "$me"
}

owner_dies() {
	local owner
	sleep 1000 &
	owner=$!
	call 0 3 -- "$program" --timeout 60 prepare --pid "$owner" "/tmp/$me.xml"
	[ "$status" = 0 ] || count busy
	[ "$status" != 0 ] || { count prepared; hold; }
	kill -KILL "$owner"
	wait "$owner" 2>/dev/null || :
	call 0 -- "$program" --timeout 60 recover
}

die_preparing() {
	call 0 3 137 -- timeout -s KILL "0.$((SRANDOM % 8))5" "$program" prepare "/tmp/$me.xml"
	[ "$status" != 137 ] || count killed
	call 0 -- "$program" --timeout 60 recover
	# Nothing of it may be left but the whole, and somebody else may be recovering it.
	call 0 2 -- "$program" --timeout 60 release --guest "$me"
}

die_releasing() {
	call 0 3 -- "$program" --timeout 60 prepare "/tmp/$me.xml"
	[ "$status" = 0 ] || { count busy; return; }
	count prepared
	hold
	call 0 137 -- timeout -s KILL "0.$((SRANDOM % 8))5" "$program" release --guest "$me"
	[ "$status" != 137 ] || count killed
	call 0 -- "$program" --timeout 60 recover
	call 0 2 -- "$program" --timeout 60 release --guest "$me"
}

# worker NUMBER: turns until time is up.
worker() {
	local number=$1 me=guest$1 status chosen
	local -A counts=([prepared]=0 [busy]=0 [killed]=0)
	test_name+=" $me"
	while [ "$SECONDS" -lt "$end" ]; do
		choose
		if chance 4; then owner_dies
		elif chance 6; then die_preparing
		elif chance 6; then die_releasing
		else give_back; fi
	done
	echo "${counts[prepared]} ${counts[busy]} ${counts[killed]}" >"/tmp/$me.counts"
}

inside() {
	local before number pids=() pid failed=0 end
	cp "$vfassign" "$program"
	modprobe vfio-pci
	mkdir "$owned"
	mapfile -t all < <(all_vfs)
	assert_same "number of VFs" 14 "${#all[@]}"
	before=$(host_image)
	step "$workers processes for $duration s"
	end=$((SECONDS + duration))
	for ((number = 0; number < workers; number++)); do
		worker "$number" & pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || failed=$((failed + 1)); done
	[ "$failed" = 0 ] || fail "$failed of $workers processes failed"
	step "the end"
	expect_status 0 "$program" recover
	assert_same "VFs on record" "" "$(records)"
	assert_same "VFs that somebody has" "" "$(ls "$owned")"
	assert_same "all VFs" "$before" "$(host_image)"
	tell "$(awk '{ p += $1; b += $2; k += $3 } END { print p " times prepared, " b " busy, " k " killed" }' /tmp/guest*.counts)"
}

lab_main "$@"
