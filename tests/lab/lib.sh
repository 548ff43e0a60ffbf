# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Sourced by the tests in this folder. A test is an executable of its own that boots its own virtual host:
#
#   #!/usr/bin/env bash
#   # What this proves, in prose.
#   . "$(dirname "$0")/lib.sh"
#   lab_options=(--pfs 2)            # for lab/vfhost; default: one PF, seven VFs
#   inside() { …; }                  # runs in the virtual host, as root
#   lab_main "$@"
#
# A test with something to do outside as well defines main(), which calls in_lab.
set -euo pipefail

test_file=$(realpath "$0")
test_name=$(basename "$test_file" .sh)
project=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
# The program under test, and another one (a sanitizer build) if the caller says so.
# shellcheck disable=SC2034 # for the tests
vfassign=${VFASSIGN:-$project/build/vfassign}
PATH=$PATH:/usr/sbin:/sbin

# Inside and outside see the same folder, under two names. The frames of pf0's wire are in it from the start.
if [ -n "${VFHOST:-}" ]; then share=/share; else share=; fi

fail() {
	echo "$test_name: FAILED: $*" >&2
	exit 1
}

# What is being done now, with the seconds since the start: the last one before a failure tells where.
step() {
	echo "$test_name: ${SECONDS}s: $*"
}

# --- outside: booting ---------------------------------------------------------------------------------------

# in_lab OPTION… -- FUNCTION [ARG…]: run a function of this file in a virtual host of its own, which ends with the
# test, however that ends.
in_lab() {
	local options=()
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	setpriv --pdeathsig TERM -- "$project/lab/vfhost" --share "$share" --capture "$share/uplink.pcap" "${options[@]}" -- \
		"$test_file" --function "$@"
}

# lab_main ARG…: last line of each test.
lab_main() {
	lab_options=("${lab_options[@]}")
	if [ "${1:-}" = --function ]; then
		[ -n "${VFHOST:-}" ] || fail "--function is for inside the virtual host"
		shift
		"$@"
		return
	fi
	"$project/lab/fetch" >/dev/null # a first download is no part of the test
	share=$(mktemp -d "${TMPDIR:-/tmp}/vfassign-test.XXXXXX")
	trap 'jobs -p | xargs -r kill 2>/dev/null || :; rm -rf "$share"' EXIT
	if declare -F main >/dev/null; then main "$@"; else in_lab "${lab_options[@]}" -- inside; fi
}

lab_options=()

# --- waiting, comparing -------------------------------------------------------------------------------------

# wait_for SECONDS COMMAND…: until COMMAND succeeds.
wait_for() {
	local limit=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$limit" ] || fail "waited in vain for: $*"
		sleep 0.2
	done
}

# expect_status N COMMAND…: COMMAND must exit with N; its output is then in $out, its messages in $err.
expect_status() {
	local wanted=$1 status=0 dir
	shift
	dir=$(mktemp -d)
	"$@" >"$dir/out" 2>"$dir/err" || status=$?
	out=$(cat "$dir/out")
	err=$(cat "$dir/err")
	rm -r "$dir"
	[ "$status" = "$wanted" ] || fail "status $status instead of $wanted from: $*"$'\n'"$out"$'\n'"$err"
}

# expect_match REGEX TEXT: some line of TEXT matches (grep -E).
expect_match() {
	grep -Eq -e "$1" <<<"$2" || fail "no line matches '$1' in:"$'\n'"$2"
}

expect_no_match() {
	! grep -Eq -e "$1" <<<"$2" || fail "a line matches '$1' in:"$'\n'"$2"
}

# assert_same WHAT EXPECTED ACTUAL: two texts, and their difference if there is one.
assert_same() {
	[ "$2" = "$3" ] || fail "$1 differs (- expected, + found):"$'\n'"$(diff -u <(echo "$2") <(echo "$3") | tail -n +3)"
}

# --- the host, seen without vfassign ------------------------------------------------------------------------

# vf_address PF INDEX: PCI address of a VF, both counted from 0.
vf_address() {
	basename "$(readlink "/sys/class/net/pf$1/device/virtfn$2")"
}

# all_vfs: their addresses, one a line.
all_vfs() {
	local link
	for link in /sys/class/net/pf*/device/virtfn*; do basename "$(readlink "$link")"; done | sort
}

# vf_driver ADDRESS, vf_override ADDRESS, vf_group ADDRESS: "none" where there is none.
vf_driver() {
	basename "$(readlink "/sys/bus/pci/devices/$1/driver" || echo none)"
}

vf_override() {
	sed 's/^(null)$/none/' "/sys/bus/pci/devices/$1/driver_override"
}

vf_group() {
	basename "$(readlink "/sys/bus/pci/devices/$1/iommu_group" || echo none)"
}

# vf_netdev ADDRESS: name of the VF's netdev in this network namespace; nothing if there is none.
vf_netdev() {
	local dir=/sys/bus/pci/devices/$1/net
	[ ! -d "$dir" ] || ls "$dir"
}

has_netdev() {
	[ -n "$(vf_netdev "$1")" ]
}

# vf_settings ADDRESS: what the PF says of the VF, as "name value" lines.
vf_settings() {
	local pf index link
	pf=$(ls "/sys/bus/pci/devices/$1/physfn/net")
	for link in "/sys/bus/pci/devices/$1"/physfn/virtfn*; do
		[ "$(basename "$(readlink "$link")")" != "$1" ] || index=${link##*virtfn}
	done
	ip -j -d link show "$pf" | jq -r --argjson index "$index" '
		.[0].vfinfo_list[] | select(.vf == $index) | {
			mac: .address, vlan: (.vlan_list // [{}])[0].vlan, qos: (.vlan_list // [{}])[0].qos,
			protocol: (.vlan_list // [{}])[0].protocol,
			max_tx_rate: .rate.max_tx, min_tx_rate: .rate.min_tx, tx_rate: .tx_rate,
			spoofchk: .spoofchk, trust: .trust, link_state: .link_state, query_rss: .query_rss_en
		} | to_entries[] | "\(.key) \(.value)"'
}

# vf_image ADDRESS: all that release must bring back. Not the ifindex, which always changes.
vf_image() {
	local net
	echo "device $1"
	vf_settings "$1"
	echo "driver $(vf_driver "$1")"
	echo "driver_override $(vf_override "$1")"
	net=$(vf_netdev "$1")
	echo "netdev ${net:-none}"
	[ -n "$net" ] || return 0
	echo "netdev mac $(cat "/sys/class/net/$net/address")"
	echo "netdev mtu $(cat "/sys/class/net/$net/mtu")"
	echo "netdev up $(($(cat "/sys/class/net/$net/flags") & 1))"
}

# host_image: that of every VF.
host_image() {
	local address
	for address in $(all_vfs); do vf_image "$address"; done
}

# bind_by_hand ADDRESS DRIVER: without vfassign, for what needs a VF in a certain state.
bind_by_hand() {
	local device=/sys/bus/pci/devices/$1
	modprobe "$2"
	echo "$2" >"$device/driver_override"
	[ ! -e "$device/driver" ] || echo "$1" >"$device/driver/unbind"
	echo "$1" >/sys/bus/pci/drivers_probe
	[ "$(vf_driver "$1")" = "$2" ] || fail "$1 did not bind to $2"
	echo >"$device/driver_override"
}

# --- guests -------------------------------------------------------------------------------------------------

# guest_command NAME [stay]: the command line of a guest, without its devices, in the array $guest. The guest is
# iPXE: it prints its MAC, sends DHCP requests, and ends; with "stay" it runs until killed, and QMP is at
# /tmp/NAME.qmp.
guest_command() {
	local name=$1 end=reboot
	[ "${2:-}" != stay ] || end=$':again\nsleep 60\ngoto again'
	# shellcheck disable=SC2016 # ${net0/mac} is for iPXE
	printf '#!ipxe\necho guest mac ${net0/mac}\nifopen net0\ndhcp net0 ||\necho guest done\n%s\n' "$end" >"/tmp/$name.ipxe"
	# shellcheck disable=SC2034 # for the tests
	guest=(qemu-system-x86_64 -name "$name" -machine "q35,graphics=off" -accel tcg -m 128M -nodefaults -no-reboot
		-display none -device VGA -serial "file:/tmp/$name.serial" -qmp "unix:/tmp/$name.qmp,server,nowait"
		-kernel /usr/lib/ipxe/ipxe.lkrn -initrd "/tmp/$name.ipxe")
}

# guest_said NAME REGEX: did it print that? Its terminal codes do not count.
guest_said() {
	[ -e "/tmp/$1.serial" ] && tr -d '\r\033' <"/tmp/$1.serial" | grep -aEq -e "$2"
}

# guest_mac NAME: the MAC that the guest has printed, after a wait for it.
guest_mac() {
	wait_for 120 guest_said "$1" 'guest mac [0-9a-f:]{17}'
	grep -aoE 'guest mac [0-9a-f:]{17}' "/tmp/$1.serial" | head -n 1 | cut -d' ' -f3
}

# frames [FILTER]: what left pf0's wire so far (tcpdump's words, with MACs and VLAN tags), oldest first.
frames() {
	tcpdump -nn -e -t -r "$share/uplink.pcap" "$@" 2>/dev/null || :
}

# seen FILTER…: has such a frame left?
seen() {
	[ -n "$(frames "$@")" ]
}
