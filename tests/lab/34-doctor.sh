#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# doctor finds nothing on a host that is ready; and where one thing is not, it names that and the command that mends it,
# which is then run: afterwards all is well again. What it fails for a document, prepare refuses. It changes nothing.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 2)

all_pass() {
	expect_status 0 "$vfassign" doctor "$@"
	expect_no_match '^(WARN|FAIL)' "$out"
	expect_match '^PASS  iommu      an IOMMU is on: VT-d$' "$out"
	assert_same "messages" "" "$err"
}

# finds STATUS CHECK MESSAGE FIX [FILE]: one line that says so (a regular expression, and a text).
finds() {
	local host status=0
	[ "$1" != FAIL ] || status=2
	host=$(host_snapshot)
	expect_status "$status" "$vfassign" doctor "${@:5}"
	expect_match "^$1  $2 +$3; fix: $4\$" "$out"
	assert_same "the host afterwards" "$host" "$(host_snapshot)"
}

# refused FILE: prepare says the same.
refused() {
	local status=0
	"$vfassign" prepare "$1" >/dev/null 2>&1 || status=$?
	[ "$status" != 0 ] || fail "prepare does not refuse what doctor fails"
}

# The card starts anew with each change: until it is done, the host's snapshots differ.
carrier() {
	wait_for 20 grep -q 1 /sys/class/net/pf0/carrier
}

pf() {
	step "PF down"
	ip link set pf0 down
	finds FAIL pf "PF 0000:01:00.0 \\(pf0\\) of .* is down: .*" "ip link set pf0 up"
	finds FAIL pf "PF 0000:01:00.0 \\(pf0\\) of .* is down: .*" "ip link set pf0 up" "$file"
	refused "$file"
	ip link set pf0 up
	carrier
	all_pass "$file"
	step "no VFs"
	echo 0 >/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
	carrier
	finds FAIL vfs "PF 0000:01:00.0 has no VFs" "echo [0-9]+ > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"
	finds FAIL device "there is no PCI device $vf on this host" "vfassign list .*" "$file"
	refused "$file"
	echo 2 >/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
	wait_for 10 has_netdev "$vf"
	carrier
	all_pass
}

vfs() {
	local netdev holder
	netdev=$(vf_netdev "$vf")
	step "used by the host"
	ip link set "$netdev" up
	ip route add 10.1.0.0/16 dev "$netdev"
	finds WARN host-use "$vf is in use by the host as $netdev: it has a route to 10.1.0.0/16" \
		"ip route del 10.1.0.0/16 dev $netdev table 254; or --force.*"
	finds FAIL host-use "$vf is in use by the host as $netdev: it has a route to 10.1.0.0/16" ".*" "$file"
	refused "$file"
	ip route del 10.1.0.0/16 dev "$netdev" table 254
	ip link set "$netdev" down
	step "in another network namespace"
	ip netns add away
	ip link set "$netdev" netns away
	finds WARN namespace "$vf is on driver igbvf, but .*" ".*ip link set NAME netns 1; .*"
	finds FAIL namespace "$vf is on driver igbvf, but .*" ".*" "$file"
	refused "$file"
	ip netns exec away ip link set "$netdev" netns 1
	all_pass "$file"
	step "held"
	bind_by_hand "$vf" vfio-pci
	sleep 1000 3<>"/dev/vfio/$(vf_group "$vf")" &
	holder=$!
	wait_for 5 test -e "/proc/$holder/fd/3"
	finds WARN held "$vf is in use by process $holder \\(sleep\\)" "stop that process first"
	finds FAIL held "$vf is in use by process $holder \\(sleep\\)" "stop that process first" "$file"
	refused "$file"
	kill "$holder"
	wait "$holder" || :
	all_pass "$file"
	bind_by_hand "$vf" igbvf
}

on_record() {
	local holder
	step "assigned, drifted, and left behind"
	sleep 1000 &
	holder=$!
	expect_status 0 "$vfassign" prepare --pid "$holder" "$file"
	all_pass
	finds FAIL record "$vf is assigned for guest guest \\(process $holder\\)" "vfassign recover, once .*" "$file"
	ip link set pf0 vf 1 vlan 43
	finds WARN drift "$vf of guest guest has drifted: VLAN is 43, not 42" ".*"
	expect_status 0 "$vfassign" list
	expect_match "$vf .* assigned, drifted +guest +$holder " "$out"
	expect_match "^$vf: VLAN is 43, and was set to 42 for its guest\$" "$out"
	expect_status 0 "$vfassign" list --json
	assert_same "drift in JSON" '[{"setting":"vlan","recorded":"42","now":"43"}]' \
		"$(jq -c ".pfs[].vfs[] | select(.address == \"$vf\").drift" <<<"$out")"
	ip link set pf0 vf 1 vlan 42
	kill "$holder"
	wait "$holder" || :
	finds WARN left "$vf, on record for guest guest, belongs to a process that is gone" "vfassign recover"
	expect_status 0 "$vfassign" recover
	all_pass "$file"
}

inside() {
	vf=$(vf_address 0 1)
	file=$(document guest "$(interface "$vf" "$with_vlan")")
	# What it does once only, for the first command: its folders.
	"$vfassign" recover >/dev/null
	step "a good host, and a document for it"
	all_pass
	all_pass "$file"
	pf
	vfs
	on_record
}

lab_main "$@"
