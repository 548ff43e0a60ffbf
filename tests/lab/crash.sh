# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # some are from lib.sh
# Sourced, behind lib.sh, by the tests that kill vfassign. A sweep kills one command at each of its system calls in turn,
# and looks each time whether the VFs can be brought back.
#
# A call is found in a trace made beforehand, as (name, how many of that name), because that is what strace can be told
# to kill at; each kill is checked to have happened, and to have happened there.
#
# As it is, the sweeps kill before each call that changes anything (sysfs, netlink, the record): between two of those
# nothing can be different. With WHOLE=1 they kill before every single call, from the first to the last. With SLICE=I/N
# they do every N-th of these only, beginning with the I-th: N such runs are one whole.

# Copies in memory: programs start faster there.
program=/tmp/vfassign
tracer=/tmp/strace

# The guest's devices, in document order, and how they must come back.
vfs=()
before=

prepare=("$program" --jobs 1 prepare /tmp/guest.xml)
release=("$program" --jobs 1 release --guest guest)
recover=("$program" --jobs 1 recover)

kills=0 assigned=0 missed=0

# How many moments of a hundred may not come again, however often they are tried: where there is udev to wait for, no
# two runs make the same calls.
missed_limit=0

images() {
	vf_image "${vfs[@]}"
}

# two_vfs: two VFs that are hard to bring back, as $first and $second: one that has MAC and VLAN from its PF, so that
# both must come back; and one with a MAC of its own, and up.
two_vfs() {
	# One CPU for strace and what it traces: on two, each call costs two wake-ups across, many times the rest together.
	taskset -p -c 0 $$ >/dev/null
	cp "$vfassign" "$program"
	cp "$(command -v strace)" "$tracer"
	first=$(vf_address 0 1) second=$(vf_address 0 2)
	modprobe vfio-pci
	bind_by_hand "$first" vfio-pci
	ip link set pf0 vf 1 mac 02:00:00:00:00:01 vlan 7 qos 5
	bind_by_hand "$first" igbvf
	ip link set "$(vf_netdev "$second")" up
	[ -z "$(command -v udevadm)" ] || udevadm settle
	"${recover[@]}" >/dev/null
}

# guest_of ADDRESS…: from here on, the guest has these devices (one or two); they are to come back as they are now.
guest_of() {
	vfs=("$@")
	local devices
	devices=$(interface "$1" "$with_vlan")
	[ $# = 1 ] || devices+=$(interface "$2" "<mac address='00:11:22:33:44:66'/>")
	document guest "$devices" >/dev/null
	before=$(images)
}

# moments COMMAND…: runs it, and writes "NAME K" for each call that it is to be killed at to /tmp/moments, K counting
# those of that name.
moments() {
	local part=${SLICE:-1/1}
	"$tracer" -f -qq -o /tmp/trace "$@" >/tmp/out 2>&1 || fail "status $? from: $*"$'\n'"$(</tmp/out)"
	[ "$(cut -d' ' -f1 /tmp/trace | sort -u | wc -l)" = 1 ] || fail "more than one thread ran: $*"
	sed 's/^[0-9]* *//' /tmp/trace | awk -v whole="${WHOLE:-}" '
		# The first call is strace'"'"'s, to start the program.
		NR == 1 || !/^[a-z0-9_]+\(/ { next }
		{ name = $0; sub(/\(.*/, "", name); k[name]++ }
		whole { print name, k[name]; next }
		name !~ /^(write|sendto|sendmsg|rename.*|unlink.*|ftruncate)$/ { next }
		/^write\([12],/ || /RTM_GET/ { next }
		{ print name, k[name] }' | awk -v first="${part%/*}" -v n="${part#*/}" 'NR % n == first % n' >/tmp/moments
	count=$(wc -l </tmp/moments)
	[ "$count" -ge 1 ] || fail "no moments in:"$'\n'"$(</tmp/trace)"
}

# killed_at NAME K COMMAND…: was it killed there? If it ran through, it came to no such call this time.
killed_at() {
	local status=0 name=$1 k=$2 calls
	shift 2
	"$tracer" -f -qq -o /tmp/trace -e "trace=$name" -e "inject=$name:signal=KILL:when=$k" "$@" \
		</dev/null >/tmp/killed 2>&1 || status=$?
	[ "$status" != 0 ] || return 1
	[ "$status" = 137 ] || fail "not killed at $name $k, but status $status: $(</tmp/killed)"
	# The last line says how it ended.
	mapfile -t calls </tmp/trace
	[[ ${#calls[@]} = $((k + 1)) && ${calls[k - 1]} == *" $name("*"= ?" ]] ||
		fail "killed elsewhere than at $name $k:"$'\n'"$(</tmp/trace)"
	kills=$((kills + 1))
}

# expect_back WHERE: recover, and then release if the assignment stands, bring the before-image back.
expect_back() {
	local found
	found=$(records)
	expect_status 0 "${recover[@]}"
	if [ -n "$(records)" ]; then
		# Assigned as a whole, and everybody says so.
		assert_same "$1: VFs on record" "$(printf '%s\n' "${vfs[@]}")" "$(records)"
		expect_assigned "${vfs[0]}" "$mac" 42
		[ "${#vfs[@]}" = 1 ] || expect_assigned "${vfs[1]}" 00:11:22:33:44:66 none
		assigned=$((assigned + 1))
		expect_status 0 "${release[@]}"
	fi
	expect_before "$1 (on record after the kill: ${found//$'\n'/, })"
}

# expect_released WHERE: a release that was cut short. If that was before anything changed, the guest has its devices;
# else recover has to finish it.
expect_released() {
	local found
	found=$(records)
	expect_status 0 "${recover[@]}"
	[ -z "$(records)" ] || expect_status 0 "${release[@]}"
	expect_before "$1 (on record after the kill: ${found//$'\n'/, })"
}

expect_before() {
	assert_same "$1: VFs on record in the end" "" "$(records)"
	assert_same "$1: the VFs in the end" "$before" "$(images)"
}

# kill_once CHECK SETUP NAME K COMMAND…: one that runs through is tried again.
kill_once() {
	local check=$1 setup=$2 try
	shift 2
	for try in 1 2 3; do
		"$setup"
		if killed_at "$@"; then
			"$check" "$4 killed at $1 $2"
			return
		fi
		"$check" "$4 not killed at $1 $2, try $try"
	done
	missed=$((missed + 1))
	step "there is no $1 $2 any more"
}

# sweep CHECK SETUP COMMAND…: kills COMMAND at each moment. SETUP brings the VFs into the state that it starts from; CHECK
# brings them back.
sweep() {
	local check=$1 setup=$2 name k count
	shift 2
	step "$*: trace"
	"$setup"
	moments "$@"
	"$check" "$* not killed"
	step "$*: killed at each of $count calls"
	assigned=0 missed=0
	while read -r -u 9 name k; do
		kill_once "$check" "$setup" "$name" "$k" "$@"
	done 9</tmp/moments
	[ $((missed * 100)) -le $((count * missed_limit)) ] || fail "$missed of $count calls did not come again"
	step "$*: $assigned times the assignment stood"
}

prepared() {
	expect_status 0 "${prepare[@]}"
}

# A prepare that is killed just before its commit: all is done, and nothing is valid.
nearly_prepared() {
	local name k
	read -r name k </tmp/last
	killed_at "$name" "$k" "${prepare[@]}" || fail "prepare came to no $name $k"
}

# The first prepare of a VF since boot writes more than later ones: which state folder it is on record in.
first_since_boot() {
	rm -f /run/vfassign/lock/*
}

sweep_prepare() {
	sweep expect_back first_since_boot "${prepare[@]}"
}

sweep_release() {
	sweep expect_released prepared "${release[@]}"
}

# recover itself is killed, while it undoes what a killed prepare left.
sweep_recover() {
	local count
	WHOLE='' SLICE='' moments "${prepare[@]}"
	tail -n 1 /tmp/moments >/tmp/last
	expect_status 0 "${release[@]}"
	step "recover undoes a prepare killed at $(</tmp/last)"
	sweep expect_back nearly_prepared "${recover[@]}"
}
