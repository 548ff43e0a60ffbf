#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The whole promise, with a guest that runs: "vfassign run" gives a guest its VF. The guest itself reports the MAC
# of the document, at the PCI address of the document; its frames leave the card with that source MAC and in that
# VLAN, and none without; the VMM's exit status is passed on; afterwards every VF is as it was.
. "$(dirname "$0")/lib.sh"

# The guest also prints where it sees its card: bus, slot and function as one number.
ask_location() {
	# shellcheck disable=SC2016 # ${net0/busloc} is for iPXE
	sed -i 's/^ifopen/echo guest location ${net0\/busloc}\n&/' "/tmp/$1.ipxe"
}

inside() {
	local before
	before=$(host_image)
	guest_command demo
	ask_location demo
	step "the guest runs"
	# A VMM with a status of its own: QEMU ends with 0 when a guest reboots.
	# shellcheck disable=SC2016 # for the inner shell
	expect_status 42 "$vfassign" run "$project/examples/guest.xml" -- bash -c '"$@" || exit 1; exit 42' vmm "${guest[@]}"
	step "what the guest says"
	assert_same "the guest's MAC" "$mac" "$(guest_mac demo)"
	guest_said demo 'guest location (0x38|56)$' || fail "the card is not in slot 7:"$'\n'"$(tr -d '\033' </tmp/demo.serial)"
	step "what the wire says"
	expect_match "^$mac > .* vlan 42," "$(frames "ether src $mac")"
	assert_same "frames of the guest outside its VLAN" "" "$(frames "ether src $mac" | grep -v ' vlan 42,')"
	step "what the host says"
	assert_same "all VFs afterwards" "$before" "$(host_image)"
	assert_same "VFs on record" "" "$(records)"
}

lab_main "$@"
