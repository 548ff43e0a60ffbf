# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Sourced by tools/deps and lab/fetch: apt with the release's backports suite added, without touching
# /etc/apt. The sources are the machine's own, plus a copy of its main source under another suite name;
# so mirrors, proxies and keys stay whatever this machine uses, and no host name stands in the project.

# The suite to prefer, "bookworm-backports"; nothing where there is no such thing (not Debian).
backports_suite() {
	local ID='' VERSION_CODENAME=''
	# shellcheck source=/dev/null
	[ -r /etc/os-release ] && . /etc/os-release
	[ "$ID" = debian ] && [ -n "$VERSION_CODENAME" ] && echo "$VERSION_CODENAME-backports"
	return 0
}

# One-line sources: keep type, options and address of each line whose suite is the release itself.
backports_of_list() {
	awk -v release="${1%-backports}" '
		$1 != "deb" { next }
		{
			suite = 3
			if ($2 ~ /^\[/) {	# options in brackets may hold blanks
				while (suite < NF && $(suite - 1) !~ /\]$/) suite++
				suite++
			}
			if ($suite != release) next
			$suite = release "-backports"
			line = $1
			for (i = 2; i <= suite; i++) line = line " " $i
			print line " main"
		}' "$2"
}

# deb822 sources: keep every field (keys, options) of each stanza that names the release itself.
backports_of_deb822() {
	awk -v release="${1%-backports}" '
		BEGIN { RS = ""; FS = "\n" }
		{
			field = rest = types = suites = enabled = ""
			for (i = 1; i <= NF; i++) {
				if ($i ~ /^#/) continue
				value = $i
				if ($i !~ /^[ \t]/) {
					field = tolower($i); sub(/:.*/, "", field)
					sub(/^[^:]*:/, "", value)
				}
				if (field == "types") types = types " " value
				else if (field == "suites") suites = suites " " value
				else if (field == "enabled") enabled = value
				else if (field != "components") rest = rest $i "\n"
			}
			if ((types " ") !~ /[ \t]deb[ \t]/ || tolower(enabled) ~ /no|false|0/) next
			count = split(suites, name, " ")
			for (i = 1; i <= count; i++)
				if (name[i] == release)
					printf "Types: deb\nSuites: %s-backports\nComponents: main\n%s\n", release, rest
		}' "$2"
}

# The machine's own sources in folder $1, joined by the backports ones for suite $2 unless they are there.
write_sources() {
	local dir=$1 suite=$2 etc=${APT_ETC:-/etc/apt} file
	mkdir -p "$dir/sources"
	for file in "$etc"/sources.list "$etc"/sources.list.d/*.list "$etc"/sources.list.d/*.sources; do
		[ -r "$file" ] && cp "$file" "$dir/sources/"
	done
	[ -n "$suite" ] || return 0
	if grep -hv '^[[:space:]]*#' "$dir"/sources/* | grep -qw -e "$suite"; then return 0; fi
	for file in "$dir"/sources/*.list; do
		[ -e "$file" ] && backports_of_list "$suite" "$file" >>"$dir/new.list"
	done
	for file in "$dir"/sources/*.sources; do
		[ -e "$file" ] && backports_of_deb822 "$suite" "$file" >>"$dir/new.sources"
	done
	for file in "$dir"/new.*; do
		[ -s "$file" ] && mv "$file" "$dir/sources/vfassign-backports.${file##*.}"
	done
	return 0
}

# apt_in DIR PROGRAM ARG…: run apt-get or apt-cache with the sources and package lists of DIR.
# Root's own download user cannot read a private folder, hence Sandbox::User.
apt_in() {
	local dir=$1 program=$2
	shift 2
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	"$program" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$dir/sources" \
		-o Dir::State::lists="$dir/lists" -o Dir::Cache::archives="$dir/archives" \
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
		-o APT::Sandbox::User=root -o DPkg::Lock::Timeout=300 -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
