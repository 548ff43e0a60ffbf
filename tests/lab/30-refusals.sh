#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What cannot work is refused before anything has changed: with the exit status of its class, a message that names
# the device and the reason, and a hint that says what to do. After each refusal the host is exactly as before, down
# to loaded modules, and nothing is on record.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 4 --nic)

hostdev="use a plain <hostdev mode='subsystem' type='%s'> entry for it"

# refused STATUS MESSAGE HINT FILE [OPTION…]: prepare must say so (regular expressions), and leave the host alone.
# HINT is "none" where there is nothing to hint at. $host is the host before.
refused() {
	local status=$1 message=$2 hint=$3 file=$4
	shift 4
	expect_status "$status" "$vfassign" prepare "$file" "$@"
	expect_match "error: $message\$" "$err"
	[ "$hint" = none ] || expect_match "^vfassign: hint: $hint\$" "$err"
	assert_same "output" "" "$out"
	assert_same "the host after the refusal" "$host" "$(host_snapshot)"
}

look() {
	host=$(host_snapshot)
}

not_a_vf() {
	local device nic hint
	# shellcheck disable=SC2059 # a format it is
	hint=$(printf "$hostdev" pci)
	step "a PF"
	refused 1 "Unsupported Config: 0000:01:00.0 is a Physical Function; .*" "$hint" \
		"$(document guest "$(interface 0000:01:00.0 "$with_mac")")"
	step "an ordinary network card"
	for device in /sys/bus/pci/devices/*; do
		[ "$(cat "$device/vendor" "$device/device" | tr '\n' ' ')" != "0x8086 0x10d3 " ] || nic=${device##*/}
	done
	modprobe e1000e
	assert_same "its driver" e1000e "$(vf_driver "$nic")"
	look
	refused 1 "Unsupported Config: $nic is not an SR-IOV Virtual Function; .*" "$hint" \
		"$(document guest "$(interface "$nic" "$with_mac")")"
	step "a USB device, by vendor and product, and by address"
	# shellcheck disable=SC2059
	hint=$(printf "$hostdev" usb)
	refused 1 "Unsupported Config: .*USB.*" "$hint" \
		"$(document guest "<interface type='hostdev'><source><vendor id='0x0012'/><product id='0x24dd'/></source></interface>")"
	refused 1 "Unsupported Config: .*USB.*" "$hint" \
		"$(document guest "<interface type='hostdev'><source><address type='usb' bus='1' device='2'/></source></interface>")"
	step "a device that is not there"
	refused 2 "Device missing: there is no PCI device 0000:01:1f.6 on this host" "vfassign list .*" \
		"$(document guest "$(interface 0000:01:1f.6 "$with_mac")")"
}

documents() {
	local vf
	vf=$(vf_address 0 0)
	step "a VLAN trunk"
	refused 1 "Unsupported Config: .*trunk.*" ".*<tag>.*" \
		"$(document guest "$(interface "$vf" "$with_mac<vlan trunk='yes'><tag id='3'/><tag id='4'/></vlan>")")"
	step "an unknown element, which might be a mistyped <vlan>"
	refused 1 "XML error: unknown element <vlann> in <interface>" "did you mean <vlan>\\?" \
		"$(document guest "$(interface "$vf" "$with_mac<vlann><tag id='3'/></vlann>")")"
	step "a port profile, which the card does not have"
	refused 1 "Unsupported Config: driver igb of PF .* cannot ask a switch for port profiles.*" ".*<virtualport>.*" \
		"$(document guest "$(interface "$vf" "$with_mac<virtualport type='802.1Qbh'><parameters profileid='p'/></virtualport>")")"
	step "a guest without a name"
	interface "$vf" "$with_mac" >/tmp/nameless.xml
	refused 1 "usage: .*guest has no name.*" ".*--guest.*" /tmp/nameless.xml
	step "a device outside --allow"
	refused 2 "Permission denied: $vf is not among the devices of --allow" none \
		"$(document guest "$(interface "$vf" "$with_mac")")" --allow 0000:01:10.2
}

host_states() {
	local vf
	vf=$(vf_address 0 0)
	step "PF down"
	ip link set pf0 down
	look
	refused 2 "Host not ready: PF 0000:01:00.0 \\(pf0\\) of $vf is down.*" "ip link set pf0 up" \
		"$(document guest "$(interface "$vf" "$with_mac")")"
	ip link set pf0 up
	wait_for 10 grep -q 1 /sys/class/net/pf0/carrier
	step "managed='no' on a host driver"
	look
	refused 2 "Host not ready: $vf is on driver igbvf, .*managed='no'.*" "bind it to vfio-pci, .*" \
		"$(document guest "$(interface "$vf" "$with_mac" no)")"
	step "one device of two is refused: nothing happens to the other"
	refused 1 "Unsupported Config: 0000:01:00.0 is a Physical Function; .*" ".*" \
		"$(document guest "$(interface "$vf" "$with_mac")" "$(interface 0000:01:00.0 "<mac address='00:11:22:33:44:66'/>")")"
	step "everything that is wrong is reported at once"
	refused 2 "Device missing: there is no PCI device 0000:01:1f.6 on this host" ".*" \
		"$(document guest "$(interface 0000:01:1f.6 "$with_mac")" \
			"$(interface 0000:01:00.0 "<mac address='00:11:22:33:44:66'/>")")"
	expect_match "Unsupported Config: 0000:01:00.0 is a Physical Function" "$err"
}

in_use() {
	local vf holder
	vf=$(vf_address 0 1)
	step "assigned to another guest, and to the same"
	expect_status 0 "$vfassign" prepare "$(document other "$(interface "$vf" "$with_mac")")"
	look
	refused 3 "Device busy: $vf is assigned for guest other" "vfassign release --device $vf" \
		"$(document guest "$(interface "$vf" "$with_mac")")"
	refused 3 "Device busy: $vf is assigned for guest other" "vfassign release --device $vf" /tmp/other.xml
	expect_status 0 "$vfassign" release --guest other
	step "assigned, with an owner"
	sleep 1000 &
	holder=$!
	expect_status 0 "$vfassign" prepare /tmp/other.xml --pid "$holder"
	look
	refused 3 "Device busy: $vf is assigned for guest other \\(process $holder\\)" ".*" \
		"$(document guest "$(interface "$vf" "$with_mac")")"
	kill "$holder"
	wait "$holder" || :
	expect_status 0 "$vfassign" recover
	assert_same "records" "" "$(records)"

	step "held by a process that vfassign knows nothing of"
	vf=$(vf_address 0 2)
	bind_by_hand "$vf" vfio-pci
	sleep 1000 3<>"/dev/vfio/$(vf_group "$vf")" &
	holder=$!
	wait_for 5 test -e "/proc/$holder/fd/3"
	look
	refused 3 "Device busy: $vf is in use by process $holder \\(sleep\\)" "stop that process first" \
		"$(document guest "$(interface "$vf" "$with_mac")")"
	step "the same, with managed='no'"
	refused 3 "Device busy: $vf is in use by process $holder \\(sleep\\)" ".*" \
		"$(document guest "$(interface "$vf" "$with_mac" no)")"
	kill "$holder"
	wait "$holder" || :
	step "given out as soon as it is closed"
	cycle "after its holder has gone" "$vf"
}

inside() {
	# What it does once only, for the first command: its folders.
	"$vfassign" recover >/dev/null
	look
	not_a_vf
	documents
	host_states
	expect_no_match '^module vfio' "$host"
	in_use
}

lab_main "$@"
