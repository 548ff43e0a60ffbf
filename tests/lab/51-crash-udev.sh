#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# As 50-crash, where systemd-udevd runs: it renames a netdev and gives it a MAC of its own choice, at a moment of its own.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/crash.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 3 --udev --timeout 20000)
# shellcheck disable=SC2034 # read by sweep
missed_limit=5

inside() {
	local first second
	two_vfs
	guest_of "$second"
	sweep_prepare
	guest_of "$first"
	sweep_release
	sweep_recover
	tell "$kills kills"
}

lab_main "$@"
