/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verb.h"

/* Where descriptions of options start. */
#define COLUMN 28

/* How many columns TEXT takes: bytes that go on with a UTF-8 character take none. */
static int width(const char *text)
{
	int n = 0;
	for (const char *p = text; *p; p++)
		n += (*p & 0xc0) != 0x80;
	return n;
}

static void print_option(FILE *to, enum option option)
{
	const char *argument = option_argument(option) ? option_argument(option) : "";
	char text[64];
	snprintf(text, sizeof(text), "  %s--%s%s%s", option == OPTION_HELP ? "-h, " : "", option_name(option),
		 *argument ? " " : "", argument);
	int space = COLUMN - width(text);
	fprintf(to, "%s%*s%s\n", text, space > 1 ? space : 1, "", option_help(option));
}

static void print_options(FILE *to, const char *title, unsigned set)
{
	if (set)
		fprintf(to, "\n%s:\n", title);
	for (enum option option = 0; option < OPTION_COUNT; option++)
		if (set & OPTION_BIT(option))
			print_option(to, option);
}

static void print_overview(FILE *to)
{
	fputs("usage: vfassign [OPTION…] VERB …\n\n"
	      "Assigns SR-IOV network Virtual Functions (VFs) to virtual machines, from libvirt's\n"
	      "<interface type='hostdev'> XML and without a daemon.\n\n"
	      "verbs:\n",
	      to);
	for (enum verb verb = 0; verb < VERB_COUNT; verb++)
		fprintf(to, "  %-10s %s\n", verb_row(verb)->name, verb_row(verb)->summary);
	print_options(to, "options, before or behind the verb", OPTIONS_GLOBAL);
	fputs("\nFILE is <interface> or <domain> XML; '-' is standard input.\n"
	      "'vfassign VERB --help' tells more about a verb; so do vfassign(1) and vfassign-xml(5).\n",
	      to);
}

static void print_verb(FILE *to, const struct verb_row *verb)
{
	fprintf(to, "usage: vfassign [OPTION…] %s%s%s\n\n", verb->name, *verb->usage ? " " : "", verb->usage);
	fprintf(to, "%s\n%s", verb->summary, verb->details);
	print_options(to, "options", verb->options);
	print_options(to, "options of every verb", OPTIONS_GLOBAL);
}

void help(enum verb verb, struct output *out)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	if (!to) {
		output_lost(out);
		return;
	}
	if (verb == VERB_COUNT)
		print_overview(to);
	else
		print_verb(to, verb_row(verb));
	if (fclose(to) == 0)
		output_text(out, "text", text);
	else
		output_lost(out);
	free(text);
}

void verb_help(struct session *session)
{
	enum verb verb = VERB_COUNT;
	if (session->word_count) {
		verb = verb_find(session->words[0]);
		if (verb == VERB_COUNT) {
			verb_tell_unknown(session->words[0], &session->out);
			return;
		}
	}
	help(verb, &session->out);
}
