/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>

#include "cli/verb.h"

/*
 * A descriptor of the first three that is closed would be given to the next file opened, and our output
 * would go into that file. Something that refuses to be used takes its place, so that the mistake is
 * noticed.
 */
static bool fill_descriptors(void)
{
	int fd;
	do {
		fd = open("/dev/null", O_RDONLY);
		if (fd == STDIN_FILENO) {
			close(fd);
			fd = open("/dev/null", O_WRONLY);
		}
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* What must be known before the first error can be told: how errors are told, and what they exit with. */
static void look_ahead(char *argv[], struct session *session)
{
	struct output *out = &session->out;
	enum verb verb = VERB_COUNT;
	for (size_t i = 1; argv[i] && strcmp(argv[i], "--") != 0; i++) {
		out->json = out->json || strcmp(argv[i], "--json") == 0;
		if (verb == VERB_COUNT)
			verb = verb_find(argv[i]);
	}
	if (verb != VERB_COUNT)
		out->own_exit = verb_row(verb)->own_exit;
	if (out->json)
		output_start_object(out, stdout);
}

/*
 * Sorts ARGV into options, verb, its words and the command behind "--". Options may stand anywhere before
 * "--". False after an error, which the user was told.
 */
static bool parse(char *argv[], struct session *session, enum verb *ret_verb)
{
	char **arg = argv + 1;
	/* Words move to the front of ARGV, where options have been read already. */
	session->words = argv;
	while (*arg && strcmp(*arg, "--") != 0) {
		if ((*arg)[0] == '-' && (*arg)[1]) {
			int taken = option_parse(arg, &session->options, &session->out);
			if (!taken)
				return false;
			arg += taken;
			continue;
		}
		char *word = *arg++;
		if (*ret_verb != VERB_COUNT) {
			session->words[session->word_count++] = word;
			continue;
		}
		*ret_verb = verb_find(word);
		if (*ret_verb == VERB_COUNT) {
			verb_tell_unknown(word, &session->out);
			return false;
		}
	}
	if (*arg)
		session->command = arg + 1;
	return true;
}

/* The first of OPTIONS that VERB does not take, or OPTION_COUNT. */
static enum option find_stray(const struct options *options, const struct verb_row *verb)
{
	enum option option = 0;
	while (option < OPTION_COUNT &&
	       !(options->given & ~(OPTIONS_GLOBAL | verb->options) & OPTION_BIT(option)))
		option++;
	return option;
}

/* Whether what was said is what VERB takes; tells the user if not. */
static bool check_usage(struct session *session, const struct verb_row *verb)
{
	struct output *out = &session->out;
	char hint[64];
	snprintf(hint, sizeof(hint), "'vfassign %s --help' shows how it is used", verb->name);
	enum option stray = find_stray(&session->options, verb);
	if (stray != OPTION_COUNT)
		output_usage(out, hint, "--%s is no option of '%s'", option_name(stray), verb->name);
	else if (session->options.quiet && session->options.verbose)
		output_usage(out, NULL, "--quiet and --verbose contradict each other");
	else if (session->word_count < verb->words_min)
		output_usage(out, hint, "%s needs a FILE", verb->name);
	else if (session->word_count > verb->words_max)
		output_usage(out, hint, "%s does not know what to do with '%s'", verb->name,
			     session->words[verb->words_max]);
	else if (session->command && !verb->takes_command)
		output_usage(out, hint, "%s takes no command behind '--'", verb->name);
	else
		return true;
	return false;
}

static void run(char *argv[], struct session *session)
{
	struct output *out = &session->out;
	enum verb verb = VERB_COUNT;
	if (!parse(argv, session, &verb))
		return;
	out->quiet = session->options.quiet;
	if (session->options.version) {
		output_set(out, "program", output_json_text(VFASSIGN_VERSION));
		output_line(out, "vfassign %s", VFASSIGN_VERSION);
	} else if (session->options.help) {
		help(verb, out);
	} else if (verb == VERB_COUNT) {
		output_usage(out, "'vfassign --help' lists the verbs", "what is to be done? There is no verb");
	} else if (check_usage(session, verb_row(verb))) {
		out->acts = verb_row(verb)->acts;
		verb_row(verb)->function(session);
	}
}

int main(int argc, char *argv[])
{
	/* Our threads wait for the kernel, not for memory: a heap for each would only cost time and room. */
	mallopt(M_ARENA_MAX, 1);
	/* Only so that the tree of "list" can be drawn with lines. */
	setlocale(LC_CTYPE, "");
	/*
	 * A reader that goes away must not end us half-way through a change: the failed write is noticed at
	 * the end.
	 */
	signal(SIGPIPE, SIG_IGN);
	struct session session = { 0 };
	if (!fill_descriptors() || argc < 1)
		return 4;
	look_ahead(argv, &session);
	run(argv, &session);
	return output_finish(&session.out);
}
