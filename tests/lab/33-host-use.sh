#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A VF that the host uses is refused, with the command that frees it; that command does free it; and --force takes the
# VF all the same, with a warning. Afterwards it is as before, but for what no release can bring back: addresses, routes
# and places in bridges.
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034 # read by lab_main
lab_options=(--vfs 2)

# used MESSAGE FIX: the VF $vf is used in a way that prepare and plan must call MESSAGE (a regular expression), and that
# the command FIX, which must be in the hint, ends. The caller brings the use back with $use before each of the two ways.
used() {
	local message=$1 fix=$2 before host file
	step "$message"
	before=$(vf_image "$vf")
	file=$(document guest "$(interface "$vf" "$with_vlan")")
	"$use"
	host=$(host_snapshot)
	expect_status 3 "$vfassign" plan "$file"
	expect_match "error: Device busy: $message\$" "$err"
	expect_status 3 "$vfassign" prepare "$file"
	expect_match "error: Device busy: $message\$" "$err"
	expect_match "^vfassign: hint: .*$fix.*; or --force, to take it all the same\$" "$err"
	assert_same "output" "" "$out"
	assert_same "the host after the refusal" "$host" "$(host_snapshot)"
	"$fix_it"
	expect_status 0 "$vfassign" plan "$file"
	expect_no_match "busy" "$err"
	"$use"
	expect_status 0 "$vfassign" plan --force "$file"
	expect_status 0 "$vfassign" prepare --force "$file"
	expect_match "warning: $message\$" "$err"
	expect_assigned "$vf" "$mac" 42
	expect_status 0 "$vfassign" release --guest guest
	"$end_use"
	assert_same "the VF afterwards" "$before" "$(vf_image "$vf")"
	assert_same "VFs on record afterwards" "" "$(records)"
}

nothing() {
	:
}

address() { ip addr add 10.11.12.13/24 dev "$netdev"; }
flush() { ip addr flush dev "$netdev"; }

route() { ip route add 10.1.0.0/16 dev "$netdev"; }
unroute() { ip route del 10.1.0.0/16 dev "$netdev" table 254; }
route6() { ip -6 route add fd00:1::/32 dev "$netdev" table 77; }
unroute6() { ip -6 route del fd00:1::/32 dev "$netdev" table 77; }

bridge() {
	[ -e /sys/class/net/br0 ] || ip link add br0 type bridge
	ip link set "$netdev" master br0
}
unbridge() { ip link set "$netdev" nomaster; }
no_bridge() { ip link del br0; }

vlan_device() { ip link add link "$netdev" name below.5 type vlan id 5; }
no_vlan_device() { ip link delete below.5; }

state=/run/libvirt/hostdevmgr
libvirt() { mkdir -p "$state"; echo '{}' >"$state/pf0_vf1"; }
no_libvirt() { rm "$state/pf0_vf1"; }

netdevs() {
	vf=$(vf_address 0 1)
	netdev=$(vf_netdev "$vf")
	use=address fix_it=flush end_use=nothing
	used "$vf is in use by the host as $netdev: it has the address 10.11.12.13" "ip addr flush dev $netdev"
	ip link set "$netdev" up
	wait_for 10 grep -q 1 "/sys/class/net/$netdev/carrier"
	step "link-local addresses, and the routes that come with them, are no use"
	wait_for 10 grep -q "^fe80.*$netdev\$" /proc/net/if_inet6
	ip addr add 169.254.7.7/16 dev "$netdev"
	expect_status 0 "$vfassign" plan "$(document guest "$(interface "$vf" "$with_vlan")")"
	ip addr del 169.254.7.7/16 dev "$netdev"
	use=route fix_it=unroute
	used "$vf is in use by the host as $netdev: it has a route to 10.1.0.0/16" \
		"ip route del 10.1.0.0/16 dev $netdev table 254"
	use=route6 fix_it=unroute6
	used "$vf is in use by the host as $netdev: it has a route to fd00:1::/32" \
		"ip -6 route del fd00:1::/32 dev $netdev table 77"
	use=bridge fix_it=unbridge end_use=no_bridge
	used "$vf is in use by the host as $netdev: br0 stands on it" "ip link set $netdev nomaster"
	use=vlan_device fix_it=no_vlan_device end_use=nothing
	used "$vf is in use by the host as $netdev: below.5 stands on it" "ip link delete below.5"
	use=libvirt fix_it=no_libvirt end_use=no_libvirt
	used "libvirt has state for $vf: $state/pf0_vf1" "virsh shutdown GUEST"
}

# What is in another network namespace comes back into the first one; its MAC and name there are its driver's choice.
namespace() {
	local before file
	vf=$(vf_address 0 0)
	netdev=$(vf_netdev "$vf")
	step "its netdev is in another network namespace"
	ip netns add away
	ip link set "$netdev" netns away
	before=$(vf_image "$vf" | grep -v '^\(netdev\|mac\) ')
	file=$(document guest "$(interface "$vf" "$with_vlan")")
	expect_status 3 "$vfassign" prepare "$file"
	expect_match "error: Device busy: $vf is on driver igbvf, but its network interface is not in this network namespace\$" "$err"
	expect_match "hint: .*ip -all netns exec ip link; .*ip link set NAME netns 1; or --force" "$err"
	ip -all netns exec ip link | grep -q "$netdev" || fail "the hint does not find $netdev"
	ip netns exec away ip link set "$netdev" netns 1
	expect_status 0 "$vfassign" plan "$file"
	ip link set "$netdev" netns away
	expect_status 0 "$vfassign" prepare --force "$file"
	expect_match "warning: $vf is on driver igbvf, but" "$err"
	expect_assigned "$vf" "$mac" 42
	expect_status 0 "$vfassign" release --guest guest
	assert_same "the VF afterwards" "$before" "$(vf_image "$vf" | grep -v '^\(netdev\|mac\) ')"
	assert_same "VFs on record afterwards" "" "$(records)"
	ip netns del away
}

inside() {
	"$vfassign" recover >/dev/null
	modprobe vfio-pci
	modprobe 8021q
	modprobe bridge
	netdevs
	namespace
}

lab_main "$@"
