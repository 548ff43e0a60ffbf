#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each setting that igb knows is on the VF while it is assigned, and what was there before is there again afterwards, as
# "ip -j -d link" tells it. What igb does not know, or does not report, is refused with the reason, and nothing of it stays.
. "$(dirname "$0")/lib.sh"

vf_element() {
	echo "<vf xmlns='urn:vfassign:1' $1/>"
}

# settings_cycle WHAT ADDRESS CHILDREN LINE…: prepare and release; in between the PF says LINE… of the VF.
settings_cycle() {
	local what=$1 address=$2 children=$3 before line
	shift 3
	step "$what"
	before=$(vf_image "$address")
	expect_status 0 "$vfassign" prepare "$(document guest "$(interface "$address" "$with_mac$children")")"
	for line in "mac $mac" "$@"; do expect_match "^$line\$" "$(vf_settings "$address")"; done
	assert_same "driver of $address while assigned" vfio-pci "$(vf_driver "$address")"
	expect_status 0 "$vfassign" release --guest guest
	assert_same "$what: the VF afterwards" "$before" "$(vf_image "$address")"
}

each() {
	settings_cycle "VLAN with a priority" "$1" "<vlan><tag id='42'/></vlan>$(vf_element "vlanQos='3'")" "vlan 42" "qos 3"
	settings_cycle "spoof check off" "$1" "$(vf_element "spoofchk='off'")" "spoofchk false"
	settings_cycle "trust on" "$1" "$(vf_element "trust='on'")" "trust true"
	settings_cycle "largest rate" "$1" "$(vf_element "maxTxRate='100'")" "max_tx 100"
	settings_cycle "average, as libvirt has it" "$1" "<bandwidth><outbound average='12400'/></bandwidth>" "max_tx 100"
}

# In the metadata of a domain, where libvirt keeps it.
metadata() {
	local before file
	step "all of them, from a domain's metadata"
	before=$(vf_image "$1")
	file=$(document guest "$(interface "$1" "$with_mac<vlan><tag id='42'/></vlan>")")
	sed -i "s|<devices>|<metadata>$(vf_element "mac='$mac' spoofchk='off' trust='on' maxTxRate='70' vlanQos='2'")</metadata>&|" "$file"
	expect_status 0 "$vfassign" prepare "$file"
	for line in "vlan 42" "qos 2" "spoofchk false" "trust true" "max_tx 70"; do
		expect_match "^$line\$" "$(vf_settings "$1")"
	done
	expect_status 0 "$vfassign" release --guest guest
	assert_same "the VF afterwards" "$before" "$(vf_image "$1")"
}

# refused STATUS TEXT ADDRESS CHILDREN
refused() {
	local before
	step "refused: $4"
	before=$(host_image)
	expect_status "$1" "$vfassign" prepare "$(document guest "$(interface "$3" "$with_mac$4")")"
	expect_match "$2" "$err"
	assert_same "all VFs afterwards" "$before" "$(host_image)"
	assert_same "VFs on record" "" "$(records)"
}

refusals() {
	refused 4 'cannot set link state through PF .* to disable' "$1" "<link state='down'/>"
	refused 1 'does not report the RSS query' "$1" "$(vf_element "queryRss='on'")"
	refused 4 'cannot set VLAN through PF .* to 5 qos 0 proto 802.1ad' "$1" \
		"<vlan><tag id='5'/></vlan>$(vf_element "vlanProto='802.1ad'")"
	refused 4 'cannot set tx rate through PF .* to min 5 max 0' "$1" "$(vf_element "minTxRate='5'")"
}

inside() {
	local vf
	wait_for 20 grep -q 1 /sys/class/net/pf0/carrier # igb sets no rate without a link
	vf=$(vf_address 0 1)
	each "$vf"
	metadata "$vf"
	refusals "$vf"
	step "what is so already sends nothing"
	expect_status 0 "$vfassign" plan --guest guest \
		"$(document guest "$(interface "$vf" "$with_mac$(vf_element "spoofchk='on' trust='off' linkState='auto'")")")"
	expect_match 'set MAC' "$out"
	expect_no_match 'set (spoof|trust|link)' "$out"
	step "settings of the host's own, put back"
	vf=$(vf_address 0 2)
	ip link set pf0 vf 2 vlan 7 qos 5
	ip link set pf0 vf 2 spoofchk off trust on
	ip link set pf0 vf 2 max_tx_rate 50
	each "$vf"
	settings_cycle "their opposites" "$vf" "$(vf_element "spoofchk='on' trust='off' maxTxRate='0'")" "spoofchk true" "trust false"
}

lab_main "$@"
