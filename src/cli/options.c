/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/options.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "cli/guess.h"

/* A day: whoever wants to wait longer has mistyped. */
#define TIMEOUT_MAX 86400

/* The library starts no more threads. */
#define JOBS_MAX 64

enum option_type { TYPE_FLAG, TYPE_TEXT, TYPE_JOBS, TYPE_SECONDS, TYPE_PID };

#define FLAG(member) TYPE_FLAG, offsetof(struct options, member), NULL
#define TEXT(member) TYPE_TEXT, offsetof(struct options, member)

static const struct option_row {
	const char *name;
	enum option_type type;
	size_t offset;
	const char *argument;
	const char *help;
} table[] = {
	[OPTION_JSON] = { "json", FLAG(json), "print one JSON object, errors included" },
	[OPTION_QUIET] = { "quiet", FLAG(quiet), "print errors and data only" },
	[OPTION_VERBOSE] = { "verbose", FLAG(verbose), "tell what is being done" },
	[OPTION_STATE_DIR] = { "state-dir", TEXT(state_dir), "DIR",
			       "keep records in DIR, not in /run/vfassign" },
	[OPTION_ROOT] = { "root", TEXT(root), "DIR",
			  "look at the host captured in DIR (where nothing is changed)" },
	[OPTION_JOBS] = { "jobs", TYPE_JOBS, offsetof(struct options, jobs), "N",
			  "how many VFs are worked on at a time; 32 unless given" },
	[OPTION_TIMEOUT] = { "timeout", TYPE_SECONDS, offsetof(struct options, timeout_ms), "SECONDS",
			     "the longest wait for any one thing; 5 unless given" },
	[OPTION_ALLOW] = { "allow", TEXT(allow), "PCI[,PCI]…", "the only host devices that FILE may name" },
	[OPTION_HELP] = { "help", FLAG(help), "print help and exit" },
	[OPTION_VERSION] = { "version", FLAG(version), "print the version and exit" },
	[OPTION_STRICT] = { "strict", FLAG(strict), "unknown elements and attributes are errors, not warnings" },
	[OPTION_GUEST] = { "guest", TEXT(guest), "NAME",
			   "the guest's name; for release: everything assigned to it" },
	[OPTION_MACHINE] = { "machine", TEXT(machine), "TYPE",
			     "the guest's machine type where FILE has no <domain>; q35 unless given" },
	[OPTION_PID] = { "pid", TYPE_PID, offsetof(struct options, pid), "PID",
			 "the devices belong to this process: recover takes them back once it is gone" },
	[OPTION_ASSIGNMENT] = { "assignment", TEXT(assignment), "UUID",
				"everything that one prepare gave out, even while its owner lives" },
	[OPTION_DEVICE] = { "device", TEXT(device), "PCI[,PCI]…", "these Virtual Functions" },
	[OPTION_REPORT] = { "report", TEXT(report), "FILE",
			    "write the JSON object to FILE: standard output is the VMM's" },
	[OPTION_FORCE] = { "force", FLAG(force), "take VFs that the host or libvirt uses, too" },
	[OPTION_VMM] = { "vmm", TEXT(vmm), "VMM", "whose arguments: qemu (unless given) or cloud-hypervisor" },
};

static_assert(ARRAY_SIZE(table) == OPTION_COUNT, "each option has a row");
static_assert(OPTION_COUNT <= sizeof(unsigned) * CHAR_BIT, "a set of options fits");

const char *option_name(enum option option)
{
	return table[option].name;
}

const char *option_argument(enum option option)
{
	return table[option].argument;
}

const char *option_help(enum option option)
{
	return table[option].help;
}

/* A number in decimal digits and nothing else, from 1 to MAX; 0 for anything else. */
static uint64_t number(const char *text, uint64_t max)
{
	uint64_t value = 0;
	return isdigit((unsigned char)text[0]) && number_parse(text, 10, max, &value) == 0 ? value : 0;
}

/* Puts VALUE (NULL for a flag) where ROW says. */
static bool set(const struct option_row *row, const char *value, struct options *options, struct output *out)
{
	void *member = (char *)options + row->offset;
	uint64_t n;
	switch (row->type) {
	case TYPE_FLAG:
		*(bool *)member = true;
		return true;
	case TYPE_TEXT:
		*(const char **)member = value;
		if (!*value)
			output_usage(out, NULL, "--%s needs %s, not an empty text", row->name, row->argument);
		return *value;
	case TYPE_JOBS:
		n = number(value, JOBS_MAX);
		*(unsigned *)member = (unsigned)n;
		if (!n)
			output_usage(out, NULL, "--%s needs a number from 1 to %d, not '%s'", row->name,
				     JOBS_MAX, value);
		return n;
	case TYPE_SECONDS:
		n = number(value, TIMEOUT_MAX);
		*(unsigned *)member = (unsigned)n * 1000;
		if (!n)
			output_usage(out, NULL, "--%s needs whole seconds from 1 to %d, not '%s'", row->name,
				     TIMEOUT_MAX, value);
		return n;
	case TYPE_PID:
		n = number(value, INT_MAX);
		*(pid_t *)member = (pid_t)n;
		if (!n)
			output_usage(out, NULL, "--%s needs the number of a process, not '%s'", row->name,
				     value);
		return n;
	}
	return false;
}

/* The option that the LENGTH bytes at NAME spell, or OPTION_COUNT. */
static enum option find(const char *name, size_t length)
{
	enum option option = 0;
	while (option < OPTION_COUNT &&
	       (strncmp(table[option].name, name, length) != 0 || table[option].name[length]))
		option++;
	return option;
}

static void tell_unknown(const char *word, struct output *out)
{
	const char *names[OPTION_COUNT];
	for (enum option option = 0; option < OPTION_COUNT; option++)
		names[option] = table[option].name;
	const char *guess = guess_name(word + strspn(word, "-"), names, OPTION_COUNT);
	if (guess)
		output_usage(out, NULL, "unknown option '%s': is it '--%s' that you mean?", word, guess);
	else
		output_usage(out, "'vfassign VERB --help' lists the options of a verb", "unknown option '%s'",
			     word);
}

int option_parse(char *const argv[], struct options *options, struct output *out)
{
	const char *word = strcmp(argv[0], "-h") == 0 ? "--help" : argv[0];
	size_t length = strcspn(word, "=");
	enum option option = strncmp(word, "--", 2) == 0 ? find(word + 2, length - 2) : OPTION_COUNT;
	if (option == OPTION_COUNT) {
		tell_unknown(word, out);
		return 0;
	}
	const struct option_row *row = &table[option];
	const char *value = word[length] ? word + length + 1 : NULL;
	int taken = 1;
	if (row->argument && !value) {
		value = argv[1];
		taken = 2;
	}
	if (row->type == TYPE_FLAG && value) {
		output_usage(out, NULL, "--%s takes no value: leave '=%s' out", row->name, value);
		return 0;
	}
	/* A forgotten argument must not swallow the next option. */
	if (row->argument && (!value || (taken == 2 && value[0] == '-' && value[1]))) {
		output_usage(out, NULL, "--%s needs %s behind it", row->name, row->argument);
		return 0;
	}
	if (row->type != TYPE_FLAG && (options->given & OPTION_BIT(option))) {
		output_usage(out, NULL, "--%s is given twice", row->name);
		return 0;
	}
	options->given |= OPTION_BIT(option);
	return set(row, value, options, out) ? taken : 0;
}
