# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of vfassign for fish.

set -l verbs check format plan prepare release run list recover doctor qemu-args help
set -l file_verbs check format plan prepare run doctor qemu-args

complete -c vfassign -f
complete -c vfassign -n "__fish_seen_subcommand_from $file_verbs" -F

complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a check -d 'validate XML; say what is wrong and where'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a format -d 'print the canonical XML'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a plan -d 'print the steps that prepare would take'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a prepare -d 'make every VF of FILE ready for a guest'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a release -d 'give VFs back exactly as they were'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a run -d 'prepare, start the VMM, release when it ends'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a list -d 'show PFs and VFs'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a recover -d 'finish or undo what a crash left behind'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a doctor -d 'say why this host would refuse, and what fixes it'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a qemu-args -d 'print the arguments of a VMM for the devices'
complete -c vfassign -n "not __fish_seen_subcommand_from $verbs" -a help -d 'print help'
complete -c vfassign -n "__fish_seen_subcommand_from help" -a "$verbs"

complete -c vfassign -l json -d 'print one JSON object, errors included'
complete -c vfassign -l quiet -d 'print errors and data only'
complete -c vfassign -l verbose -d 'tell what is being done'
complete -c vfassign -l state-dir -x -a '(__fish_complete_directories)' -d 'keep records in DIR'
complete -c vfassign -l root -x -a '(__fish_complete_directories)' -d 'look at the host captured in DIR'
complete -c vfassign -l jobs -x -d 'how many VFs are worked on at a time'
complete -c vfassign -l timeout -x -d 'seconds: the longest wait for any one thing'
complete -c vfassign -l allow -x -d 'the only host devices that FILE may name'
complete -c vfassign -s h -l help -d 'print help and exit'
complete -c vfassign -l version -d 'print the version and exit'

complete -c vfassign -n "__fish_seen_subcommand_from check" -l strict -d 'unknown elements are errors'
complete -c vfassign -n "__fish_seen_subcommand_from plan prepare release run doctor" -l guest -x -d 'name of the guest'
complete -c vfassign -n "__fish_seen_subcommand_from plan prepare run doctor qemu-args" -l machine -x -a 'q35 pc' -d 'machine type of the guest'
complete -c vfassign -n "__fish_seen_subcommand_from prepare" -l pid -x -a '(__fish_complete_pids)' -d 'process that owns the devices'
complete -c vfassign -n "__fish_seen_subcommand_from plan prepare run doctor" -l force -d 'take VFs that the host or libvirt uses, too'
complete -c vfassign -n "__fish_seen_subcommand_from release" -l assignment -x -d 'UUID: what one prepare gave out'
complete -c vfassign -n "__fish_seen_subcommand_from release" -l device -x -d 'these VFs'
complete -c vfassign -n "__fish_seen_subcommand_from run" -l report -r -F -d 'write the JSON object to FILE'
complete -c vfassign -n "__fish_seen_subcommand_from qemu-args" -l vmm -x -a 'qemu cloud-hypervisor' -d 'whose arguments'
