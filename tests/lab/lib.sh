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

# Inside and outside see the same folder, under two names. The frames of pf0's wire are in it from the start. For
# files that only one of the two needs there is $scratch.
if [ -n "${VFHOST:-}" ]; then share=/share scratch=/tmp; else share='' scratch=''; fi

fail() {
	echo "$test_name: FAILED: $*" >&2
	exit 1
}

# What is being done now, with the seconds since the start: the last one before a failure tells where.
step() {
	echo "$test_name: ${SECONDS}s: $*"
}

# tell WORDS…: a figure that the test comes to; tests/lab/run shows it.
tell() {
	echo "$test_name: ${SECONDS}s: result: $*"
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
	scratch=$share
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
	local wanted=$1 status=0 files
	shift
	files=$scratch/$test_name.$BASHPID
	"$@" >"$files.out" 2>"$files.err" || status=$?
	out=$(<"$files.out")
	err=$(<"$files.err")
	[ "$status" = "$wanted" ] || fail "status $status instead of $wanted from: $*"$'\n'"$out"$'\n'"$err"
}

# expect_match REGEX TEXT: some line of TEXT matches (grep -E).
expect_match() {
	has_line "$1" "$2" || fail "no line matches '$1' in:"$'\n'"$2"
}

expect_no_match() {
	! has_line "$1" "$2" || fail "a line matches '$1' in:"$'\n'"$2"
}

has_line() {
	local line
	while IFS= read -r line; do [[ ! $line =~ $1 ]] || return 0; done <<<"$2"
	return 1
}

# assert_same WHAT EXPECTED ACTUAL: two texts, and their difference if there is one.
assert_same() {
	[ "$2" = "$3" ] || fail "$1 differs (- expected, + found):"$'\n'"$(diff -u <(echo "$2") <(echo "$3") | tail -n +3)"
}

# --- the host, seen without vfassign ------------------------------------------------------------------------
#
# Starting a program takes 50 ms and more in an emulated machine, so these use bash's own means where they can.

# link_name LINK: the last part of where a link leads; "none" when there is no such link.
link_name() {
	(cd -P "$1" 2>/dev/null && echo "${PWD##*/}") || echo none
}

# vf_address PF INDEX: PCI address of a VF, both counted from 0.
vf_address() {
	link_name "/sys/class/net/pf$1/device/virtfn$2"
}

# all_vfs: their addresses, one a line.
all_vfs() {
	local link
	for link in /sys/class/net/pf*/device/virtfn*; do link_name "$link"; done | sort
}

# vf_driver ADDRESS, vf_override ADDRESS, vf_group ADDRESS: "none" where there is none.
vf_driver() {
	link_name "/sys/bus/pci/devices/$1/driver"
}

vf_override() {
	local override
	read -r override <"/sys/bus/pci/devices/$1/driver_override"
	echo "${override/#(null)/none}"
}

vf_group() {
	link_name "/sys/bus/pci/devices/$1/iommu_group"
}

# vf_netdev ADDRESS: name of the VF's netdev in this network namespace; nothing if there is none.
vf_netdev() {
	local dir
	for dir in "/sys/bus/pci/devices/$1/net"/*; do
		[ ! -d "$dir" ] || echo "${dir##*/}"
	done
}

has_netdev() {
	[ -n "$(vf_netdev "$1")" ]
}

# vf_settings ADDRESS: all that the PF says of the VF, one a line: "mac …", "vlan …" and "qos …" (not without a VLAN),
# "max_tx …", "spoofchk true", …
vf_settings() {
	local settings
	read_settings "$1"
	echo "$settings"
}

# What ip said of each PF, as JSON, kept for a look at several VFs; else empty.
declare -A pf_said=()

# read_settings ADDRESS: into $settings. (jq takes a second to start here.)
read_settings() {
	local pf link rest index='' member='"[a-z_]+":("[^"]*"|[a-z0-9]+|\{[^}]*\}|\[[^]]*\])'
	for pf in "/sys/bus/pci/devices/$1"/physfn/net/*; do pf=${pf##*/}; done
	for link in "/sys/bus/pci/devices/$1"/physfn/virtfn*; do
		[ ! "$link" -ef "/sys/bus/pci/devices/$1" ] || index=${link##*virtfn}
	done
	settings=
	member="\\{\"vf\":$index,\"link_type\":\"ether\",\"address\":\"([0-9a-f:]*)\",\"broadcast\":\"[0-9a-f:]*\"((,$member)*)\\}"
	[[ ${pf_said[$pf]:-$(ip -j -d link show "$pf")} =~ $member ]] || return 0
	rest=${BASH_REMATCH[2]}
	rest=${rest//[][\{\}\"]/}
	rest=${rest/,vlan_list:/,} rest=${rest/,rate:/,} rest=${rest//,,/,}
	rest=${rest//:/ }
	settings="mac ${BASH_REMATCH[1]}${rest//,/$'\n'}"
}

# is_own_mac ADDRESS MAC: is this, reported by the PF, a MAC that the VF's netdev chose for itself? igb learns of such a
# one when the VF's driver tells it, which can be at its next "up" only: until then it reports zero. So these two are
# the same; the MAC that counts is the netdev's.
is_own_mac() {
	local net='' type own
	for net in "/sys/bus/pci/devices/$1/net"/*; do [ -d "$net" ] || return 1; done
	[ "$2" != 00:00:00:00:00:00 ] || return 0
	read -r type <"$net/addr_assign_type"
	read -r own <"$net/address"
	[ "$type" != 0 ] && [ "$own" = "$2" ]
}

# vf_image ADDRESS…: all that release must bring back. Not the ifindex, which always changes.
vf_image() {
	local -A pf_said=()
	local pf address
	for pf in /sys/class/net/pf*; do pf_said[${pf##*/}]=$(ip -j -d link show "${pf##*/}"); done
	for address; do one_image "$address"; done
}

one_image() {
	local settings mac override driver=none net value
	read_settings "$1"
	mac=${settings%%$'\n'*}
	! is_own_mac "$1" "${mac#mac }" || settings="mac its own${settings#"$mac"}"
	for value in /sys/bus/pci/drivers/*/"$1"; do
		[ ! -e "$value" ] || { driver=${value%/*}; driver=${driver##*/}; }
	done
	read -r override <"/sys/bus/pci/devices/$1/driver_override"
	printf '%s\n' "device $1" "$settings" "driver $driver" "driver_override ${override/#(null)/none}"
	for net in "/sys/bus/pci/devices/$1/net"/*; do
		[ -d "$net" ] || { echo "netdev none"; break; }
		echo "netdev ${net##*/}"
		read -r value <"$net/address"
		echo "netdev mac $value"
		read -r value <"$net/mtu"
		echo "netdev mtu $value"
		read -r value <"$net/flags"
		echo "netdev up $((value & 1))"
	done
}

# host_image: that of every VF.
host_image() {
	# shellcheck disable=SC2046 # addresses have no spaces
	vf_image $(all_vfs)
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

# records: the VFs on record, one a line; this looks at the folder, and does not ask vfassign.
records() {
	local file
	for file in /run/vfassign/*.record; do
		[ -e "$file" ] || continue
		file=${file##*/}
		echo "${file%.record}"
	done
}

# host_snapshot: all that vfassign could change, of every device: what a refused command must leave as it is.
host_snapshot() {
	local device name rest
	ip -o -d link show
	for device in /sys/bus/pci/devices/*; do
		name=${device##*/}
		echo "$name: driver $(vf_driver "$name"), driver_override $(vf_override "$name")"
	done
	while read -r name rest; do echo "module $name"; done </proc/modules | sort
	for device in /dev/vfio/*; do echo "node $device"; done
	echo "records: $(records)"
}

# --- documents ----------------------------------------------------------------------------------------------

# interface ADDRESS [CHILDREN [MANAGED]]: an <interface> for that device, with CHILDREN as its other elements.
interface() {
	local domain bus slot function
	IFS=:. read -r domain bus slot function <<<"$1"
	printf "<interface type='hostdev' managed='%s'><source><address type='pci' domain='0x%s' bus='0x%s' slot='0x%s' function='0x%s'/></source>%s</interface>\n" \
		"${3:-yes}" "$domain" "$bus" "$slot" "$function" "${2:-}"
}

# document GUEST INTERFACE…: writes a <domain> with these devices, and prints the file's name.
document() {
	local guest=$1
	shift
	printf "<domain type='qemu'><name>%s</name><memory unit='MiB'>128</memory><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>%s</devices></domain>\n" \
		"$guest" "$*" >"/tmp/$guest.xml"
	echo "/tmp/$guest.xml"
}

# --- a VF given out, and back -------------------------------------------------------------------------------

# What the tests ask for, unless they are about something else.
# shellcheck disable=SC2034 # for the tests
{
	mac=00:11:22:33:44:55
	with_mac="<mac address='$mac'/>"
	with_vlan="$with_mac<vlan><tag id='42'/></vlan>"
}

# expect_assigned ADDRESS MAC VLAN: the kernel says that the VF has that MAC (a regular expression) and that VLAN
# (or none), and is on vfio-pci.
expect_assigned() {
	local settings
	settings=$(vf_settings "$1")
	expect_match "^mac $2\$" "$settings"
	if [ "$3" = none ]; then expect_no_match '^vlan ' "$settings"; else expect_match "^vlan $3\$" "$settings"; fi
	assert_same "driver of $1 while assigned" vfio-pci "$(vf_driver "$1")"
	assert_same "netdev of $1 while assigned" "" "$(vf_netdev "$1")"
	[ -c "/dev/vfio/$(vf_group "$1")" ] || fail "there is no group node for $1"
}

# cycle WHAT ADDRESS [CHILDREN [MANAGED]]: prepare and release, with a look before, between and after.
cycle() {
	local what=$1 address=$2 children=${3:-$with_vlan} before wanted=none
	step "$what"
	before=$(vf_image "$address")
	[ "$children" != "$with_vlan" ] || wanted=42
	expect_status 0 "$vfassign" prepare "$(document guest "$(interface "$address" "$children" "${4:-yes}")")"
	expect_assigned "$address" "$mac" "$wanted"
	assert_same "VFs on record" "$address" "$(records)"
	expect_status 0 "$vfassign" release --guest guest
	assert_same "$what: the VF afterwards" "$before" "$(vf_image "$address")"
	assert_same "VFs on record after release" "" "$(records)"
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
