#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# vfassign may be killed at any moment: then "vfassign recover" brings the VFs back exactly as they were, or leaves
# them assigned as a whole, and "vfassign release" brings them back. That holds for prepare, for release, and for recover
# itself, while it undoes a killed prepare. (Where they are killed: crash.sh.)
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/crash.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 3 --timeout 20000)

inside() {
	local first second
	two_vfs
	guest_of "$first" "$second"
	sweep_prepare
	# From here on one is enough: what the second would add is the commit of both, which was just seen.
	guest_of "$first"
	sweep_release
	sweep_recover
	step "up, with a MAC from the PF: the netdev takes a new one at once"
	ip link set "$(vf_netdev "$first")" up
	guest_of "$first"
	sweep_prepare
	tell "$kills kills"
}

lab_main "$@"
