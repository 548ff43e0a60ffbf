#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Where PF and VFs share an IOMMU group (no ACS), a guest with one VF could reach the memory of the host through the
# others: a VF is refused while any of them is on a host driver. All of those are named, and nothing is changed.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--acs off --vfs 3)

inside() {
	local vf group host member unbound
	vf=$(vf_address 0 1)
	group=$(vf_group "$vf")
	assert_same "group of the PF" "$group" "$(vf_group 0000:01:00.0)"
	"$vfassign" recover >/dev/null
	step "refused, with all others named"
	unbound=$(vf_address 0 2)
	echo "$unbound" >"/sys/bus/pci/devices/$unbound/driver/unbind"
	host=$(host_snapshot)
	expect_status 2 "$vfassign" prepare "$(document guest "$(interface "$vf" "$with_mac")")"
	expect_match "^vfassign: error: Host not ready: IOMMU group $group of $vf is shared with devices on host drivers: " "$err"
	for member in "0000:01:00.0 (igb)" "$(vf_address 0 0) (igbvf)"; do
		[[ $err == *"$member"* ]] || fail "$member is not named in:"$'\n'"$err"
	done
	step "those that are in nobody's way are not: the VF itself, one without a driver, and bridges"
	assert_same "how many are named" 2 "$(grep -o '([a-z0-9_-]*)' <<<"$err" | wc -l)"
	expect_match '^vfassign: hint: .*ACS' "$err"
	assert_same "the host after the refusal" "$host" "$(host_snapshot)"
	step "doctor says so, too"
	expect_status 2 "$vfassign" doctor /tmp/guest.xml
	expect_match "^FAIL  group +IOMMU group $group of $vf is shared with devices on host drivers: .*; fix: .*ACS" "$out"
	expect_match "^WARN  acs .* is not alone in IOMMU group $group, .*; fix: .*ACS" "$out"
	assert_same "the host after doctor" "$host" "$(host_snapshot)"
}

lab_main "$@"
