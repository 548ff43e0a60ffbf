# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of vfassign for bash. Needs nothing but bash.

# What VERB takes beside the options of every verb.
_vfassign_options() {
	echo --json --quiet --verbose --state-dir --root --jobs --timeout --allow --help --version
	case $1 in
	check) echo --strict ;;
	plan) echo --guest --machine --force ;;
	prepare) echo --guest --machine --pid --force ;;
	release) echo --assignment --guest --device ;;
	run) echo --guest --machine --force --report ;;
	doctor) echo --guest --machine --force ;;
	qemu-args) echo --machine --vmm ;;
	esac
}

_vfassign() {
	local verbs="check format plan prepare release run list recover doctor qemu-args help"
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb='' word i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--)
			# Behind it stands another command.
			if declare -F _command_offset >/dev/null; then
				_command_offset $((i + 1))
			elif ((COMP_CWORD == i + 1)); then
				mapfile -t COMPREPLY < <(compgen -c -- "$current")
			else
				mapfile -t COMPREPLY < <(compgen -f -- "$current")
			fi
			return
			;;
		--state-dir | --root | --jobs | --timeout | --allow | --guest | --machine | --pid | --assignment | --device | --report | --vmm)
			i=$((i + 1))
			;;
		-*) ;;
		*) verb=${verb:-$word} ;;
		esac
	done
	case $previous in
	--state-dir | --root) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
	--report) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	--machine) mapfile -t COMPREPLY < <(compgen -W "q35 pc" -- "$current") ;;
	--vmm) mapfile -t COMPREPLY < <(compgen -W "qemu cloud-hypervisor" -- "$current") ;;
	--jobs | --timeout | --allow | --guest | --pid | --assignment | --device) ;;
	*)
		case $current,$verb in
		-*) mapfile -t COMPREPLY < <(compgen -W "$(_vfassign_options "$verb")" -- "$current") ;;
		*, | *,help) mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$current") ;;
		*,check | *,format | *,plan | *,prepare | *,run | *,doctor | *,qemu-args) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
		esac
		;;
	esac
}

complete -o filenames -F _vfassign vfassign
