#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Without an IOMMU no device can be given to a guest: refused, with what to switch on, and nothing is changed.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--iommu off --vfs 1)

inside() {
	local vf host
	vf=$(vf_address 0 0)
	"$vfassign" recover >/dev/null
	host=$(host_snapshot)
	step "refused"
	expect_status 2 "$vfassign" prepare "$(document guest "$(interface "$vf" "$with_mac")")"
	expect_match "^vfassign: error: Host not ready: $vf cannot be isolated: no IOMMU is on$" "$err"
	expect_match '^vfassign: hint: .*intel_iommu=on' "$err"
	assert_same "the host after the refusal" "$host" "$(host_snapshot)"
	step "doctor says so, too"
	expect_status 2 "$vfassign" doctor
	expect_match '^FAIL  iommu +no IOMMU is on: .*; fix: .*(intel|amd)_iommu=' "$out"
	step "run refuses with a status of its own, and starts no VMM"
	expect_status 125 "$vfassign" run /tmp/guest.xml -- touch /tmp/started
	[ ! -e /tmp/started ] || fail "the VMM was started"
	assert_same "the host after the refusal" "$host" "$(host_snapshot)"
}

lab_main "$@"
