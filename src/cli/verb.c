/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verb.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "cli/guess.h"

/*
 * "run" speaks with the VMM's exit status: its own failures keep out of the way, as those of env and
 * timeout do.
 */
#define RUN_FAILED 125

static const struct verb_row table[] = {
	[VERB_CHECK] = {
		.name = "check",
		.usage = "[--strict] FILE…",
		.summary = "validate XML; say what is wrong and where",
		.details = "Needs neither root nor the host on which the guest will run. Each finding has its line and\n"
			   "column. Exits with 1 when there is an error in any FILE.\n",
		.options = OPTION_BIT(OPTION_STRICT),
		.words_min = 1,
		.words_max = SIZE_MAX,
		.function = verb_check,
	},
	[VERB_FORMAT] = {
		.name = "format",
		.usage = "FILE",
		.summary = "print the canonical XML",
		.details = "That is what libvirt prints for the same device, without what libvirt invents. Of a <domain>, the\n"
			   "devices are printed in that form, and everything else byte for byte as it was. Accepts what\n"
			   "libvirt accepts when it defines; 'vfassign check' says more.\n",
		.words_min = 1,
		.words_max = 1,
		.function = verb_format,
	},
	[VERB_PLAN] = {
		.name = "plan",
		.usage = "[--guest NAME] [--machine TYPE] [--force] FILE",
		.summary = "print the steps that prepare would take on this host; change nothing",
		.details = "Finds all that stands in the way, too, and says it at once.\n",
		.options = OPTION_BIT(OPTION_GUEST) | OPTION_BIT(OPTION_MACHINE) | OPTION_BIT(OPTION_FORCE),
		.words_min = 1,
		.words_max = 1,
		.function = verb_plan,
	},
	[VERB_PREPARE] = {
		.name = "prepare",
		.usage = "[--guest NAME] [--pid PID] [--machine TYPE] [--force] FILE",
		.summary = "make every VF of FILE ready for a guest; print what a VMM needs",
		.details = "All of them, or none: after an error the host is as it was. The devices stay assigned until\n"
			   "'vfassign release'; with --pid, 'vfassign recover' takes them back once that process is gone.\n",
		.options = OPTION_BIT(OPTION_GUEST) | OPTION_BIT(OPTION_MACHINE) | OPTION_BIT(OPTION_PID) |
			   OPTION_BIT(OPTION_FORCE),
		.words_min = 1,
		.words_max = 1,
		.acts = true,
		.function = verb_prepare,
	},
	[VERB_RELEASE] = {
		.name = "release",
		.usage = "--assignment UUID | --guest NAME | --device PCI[,PCI]…",
		.summary = "give VFs back to the host exactly as they were",
		.details = "The VMM must have ended, or let go of the VF: one that is still open is not touched.\n",
		.options = OPTION_BIT(OPTION_ASSIGNMENT) | OPTION_BIT(OPTION_GUEST) | OPTION_BIT(OPTION_DEVICE),
		.acts = true,
		.function = verb_release,
	},
	[VERB_RUN] = {
		.name = "run",
		.usage = "[--guest NAME] [--machine TYPE] [--force] [--report FILE] FILE -- VMM [ARGUMENT…]",
		.summary = "prepare, start the VMM with the devices, release when it ends",
		.details = "The -device arguments are appended to the command of the VMM. Exits with the status of the\n"
			   "VMM, or 128 + the signal that ended it; with 125 when it was not started, 126 when it\n"
			   "cannot be executed, 127 when it is not found, 124 when the devices could not be given\n"
			   "back afterwards.\n",
		.options = OPTION_BIT(OPTION_GUEST) | OPTION_BIT(OPTION_MACHINE) | OPTION_BIT(OPTION_FORCE) |
			   OPTION_BIT(OPTION_REPORT),
		.words_min = 1,
		.words_max = 1,
		.takes_command = true,
		.own_exit = RUN_FAILED,
		.acts = true,
		.function = verb_run,
	},
	[VERB_LIST] = {
		.name = "list",
		.usage = "",
		.summary = "show PFs and VFs: settings, drivers, and which guest has which VF",
		.details = "Works without root, with what can be read then.\n",
		.function = verb_list,
	},
	[VERB_RECOVER] = {
		.name = "recover",
		.usage = "",
		.summary = "finish or undo whatever a crash left behind",
		.details = "Devices of processes that are gone are given back, half-done work is undone. What is in use\n"
			   "is left alone: it is always safe to run this.\n",
		.acts = true,
		.function = verb_recover,
	},
	[VERB_DOCTOR] = {
		.name = "doctor",
		.usage = "[--guest NAME] [--machine TYPE] [--force] [FILE]",
		.summary = "say why this host would refuse, and what fixes it",
		.details = "One line a check: PASS, WARN or FAIL. With FILE it is about what FILE asks for, and says what\n"
			   "'prepare' would; without about the host. Changes nothing, and works without root, with what\n"
			   "can be read then. Exits with 2 when there is a FAIL.\n",
		.options = OPTION_BIT(OPTION_GUEST) | OPTION_BIT(OPTION_MACHINE) | OPTION_BIT(OPTION_FORCE),
		.words_max = 1,
		.function = verb_doctor,
	},
	[VERB_QEMU_ARGS] = {
		.name = "qemu-args",
		.usage = "[--machine TYPE] [--vmm VMM] FILE",
		.summary = "print a VMM's arguments for the devices of FILE, one a line",
		.details = "Those of QEMU, or of another VMM. Plain PCI and USB <hostdev> of FILE are devices here, too; their\n"
			   "drivers are yours to bind. Changes nothing and looks at no host.\n",
		.options = OPTION_BIT(OPTION_MACHINE) | OPTION_BIT(OPTION_VMM),
		.words_min = 1,
		.words_max = 1,
		.function = verb_qemu_args,
	},
	[VERB_HELP] = {
		.name = "help",
		.usage = "[VERB]",
		.summary = "print help",
		.details = "",
		.words_max = 1,
		.function = verb_help,
	},
};

static_assert(sizeof(table) / sizeof(table[0]) == VERB_COUNT, "each verb has a row");

const struct verb_row *verb_row(enum verb verb)
{
	return &table[verb];
}

enum verb verb_find(const char *name)
{
	enum verb verb = 0;
	while (verb < VERB_COUNT && strcmp(table[verb].name, name) != 0)
		verb++;
	return verb;
}

void verb_tell_unknown(const char *name, struct output *out)
{
	const char *names[VERB_COUNT];
	for (enum verb verb = 0; verb < VERB_COUNT; verb++)
		names[verb] = table[verb].name;
	const char *guess = guess_name(name, names, VERB_COUNT);
	if (guess)
		output_usage(out, NULL, "unknown verb '%s': is it '%s' that you mean?", name, guess);
	else
		output_usage(out, "'vfassign --help' lists the verbs", "unknown verb '%s'", name);
}
