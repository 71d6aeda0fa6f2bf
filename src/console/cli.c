/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli: the table of commands, the table of options, and reading argv by them. */
#include <getopt.h>
#include <string.h>

#include <glib.h>

#include "src/console/cli.h"

const struct option_row option_table[OPTION_COUNT] = {
	[OPTION_FILTER] =
		{"filter", "FILTER", 'Y',
		 "only packets that match this display filter, for example 'tcp.port == 110'"},
	[OPTION_OUTPUT] = {"output", "PATH", 'o',
			   "write to this new file or, for report, into this folder"},
	[OPTION_FORMAT] = {"format", "FORMAT", 0, "text, json, html or pdml (default: text)"},
	[OPTION_PACKET] = {"packet", "N", 0, "only packet number N"},
	[OPTION_ALL] = {"all", NULL, 'a', "every packet, also of a large capture"},
	[OPTION_NUMBERS] = {"numbers", NULL, 0, "print only the packet numbers, one a line"},
	[OPTION_HEX] = {"hex", NULL, 0, "show bytes instead of lines of text"},
	[OPTION_SORT] = {"sort", "KEY", 0, "order by time, bytes, packets or rtt (default: time)"},
	[OPTION_TRACE] = {"trace", "FILE", 0, "play the lesson on this capture file"},
	[OPTION_LIVE] = {"live", NULL, 0, "record what happens on this computer, without asking"},
	[OPTION_INTERFACE] =
		{"interface", "NAME", 'i',
		 "record on this interface (default: where packets to elsewhere leave)"},
	[OPTION_WRITE] = {"write", "FILE", 'w', "record into this new file"},
	[OPTION_TIME] = {"time", "SECONDS", 0, "stop recording after so long"},
	[OPTION_QUIET] = {"quiet", "SECONDS", 0, "stop when nothing has come for so long"},
	[OPTION_SIZE] = {"size", "MB", 0, "stop when the file is that large"},
	[OPTION_RING] = {"ring", "N", 0,
			 "go on for ever, keeping the last N pieces (of --size MB, or 10)"},
	[OPTION_RECORDED] = {"recorded", NULL, 0,
			     "play the lesson on its recorded trace, without asking"},
	[OPTION_EXIT_STATUS] = {"exit-status", NULL, 0, "end with 1 if a fault was found"},
	[OPTION_NO_PAGER] = {"no-pager", NULL, 0, "do not show the output page by page"},
	[OPTION_VERBOSE] = {"verbose", NULL, 'v',
			    "with --version: how it was built, and all limits"},
	[OPTION_HELP] = {"help", NULL, 'h', "show this help"},
	[OPTION_VERSION] = {"version", NULL, 'V', "show the version"},
};

#define FILTER OPTION_BIT(OPTION_FILTER)
#define OUTPUT OPTION_BIT(OPTION_OUTPUT)
#define PAGED  OPTION_BIT(OPTION_NO_PAGER)
#define ONE    OPTION_BIT(OPTION_PACKET)
#define TRACE  OPTION_BIT(OPTION_TRACE)

const struct command command_table[] = {
	{"learn", "[LESSON]", "be guided through a fault, or a recorded one, step by step",
	 TRACE | OPTION_BIT(OPTION_LIVE) | OPTION_BIT(OPTION_RECORDED), 0, 1, run_learn},
	{"resume", "[SESSION]", "go on with a guided session you left (default: the newest)", 0, 0,
	 1, run_resume},
	{"sessions", "", "the sessions you had, and where their traces and reports are", 0, 0, 0,
	 run_sessions},
	{"capture", "[FILTER]", "record packets into a new file, and say what is seen",
	 OPTION_BIT(OPTION_INTERFACE) | OPTION_BIT(OPTION_WRITE) | OPTION_BIT(OPTION_TIME) |
		 OPTION_BIT(OPTION_QUIET) | OPTION_BIT(OPTION_SIZE) | OPTION_BIT(OPTION_RING),
	 0, -1, run_capture},
	{"decode", "FILE", "show what is in each packet, line by line",
	 FILTER | ONE | OPTION_BIT(OPTION_NUMBERS) | OUTPUT | PAGED, 1, 1, run_decode},
	{"explain", "FILE", "say what is wrong in a capture, and explain its packets",
	 FILTER | ONE | OPTION_BIT(OPTION_ALL) | OPTION_BIT(OPTION_FORMAT) | OUTPUT |
		 OPTION_BIT(OPTION_EXIT_STATUS) | PAGED,
	 1, 1, run_explain},
	{"report", "FILE", "write a report for a helper, with passwords and names hidden", OUTPUT,
	 1, 1, run_report},
	{"list", "FILE", "one line for each packet", FILTER | OUTPUT | PAGED, 1, 1, run_list},
	{"follow", "FILE [N|FILTER]", "what two sides said to each other, as a dialogue",
	 OPTION_BIT(OPTION_HEX) | OUTPUT | PAGED, 1, 2, run_follow},
	{"ladder", "FILE [N|FILTER]", "the same packet by packet, as arrows between the two",
	 OUTPUT | PAGED, 1, 2, run_ladder},
	{"conversations", "FILE", "who talked with whom, how much, how long, and how it ended",
	 FILTER | OPTION_BIT(OPTION_SORT) | OPTION_BIT(OPTION_FORMAT) | OUTPUT | PAGED, 1, 1,
	 run_conversations},
	{"summary", "FILE", "what is in a capture, on one page",
	 OPTION_BIT(OPTION_FORMAT) | OUTPUT | PAGED, 1, 1, run_summary},
	{"check", "PACK...", "check packs of rules and lessons; ends with 1 if one has an error", 0,
	 1, -1, run_check},
	{"fields", "[NAME]", "what can be filtered on, or what one field means", PAGED, 0, 1,
	 run_fields},
	{"rules", "[NAME]", "the rules that explain packets, or one of them in full", PAGED, 0, 1,
	 run_rules},
	{"lessons", "", "the lessons you can take", 0, 0, 0, run_lessons},
};
const size_t command_count = G_N_ELEMENTS(command_table);

static const struct command *command_prefix(const char *name, GString *several)
{
	const struct command *found = NULL;
	size_t matches = 0;

	for (size_t i = 0; i < command_count; i++) {
		const struct command *c = &command_table[i];

		if (strcmp(c->name, name) == 0)
			return c;
		if (!g_str_has_prefix(c->name, name))
			continue;
		found = c;
		g_string_append_printf(several, "%s%s", matches++ ? " or " : "", c->name);
	}
	return matches == 1 ? found : NULL;
}

const struct command *command_find(const char *name, struct diag *d)
{
	GString *several = g_string_new(NULL);
	const struct command *c = *name ? command_prefix(name, several) : NULL;
	struct nearest near = NEAREST_INIT(name);
	char *hint;

	for (size_t i = 0; i < command_count; i++)
		nearest_offer(&near, command_table[i].name);
	if (!c) {
		hint = several->len ? g_strdup_printf("write more of it: %s", several->str)
		       : near.best  ? g_strdup_printf("did you mean '%s'?", near.best)
				    : g_strdup("'tracetutor --help' lists the commands");
		diag_fail(d, hint,
			  several->len ? "'%s' is short for several commands"
				       : "there is no command '%s'",
			  name);
		g_free(hint);
	}
	g_string_free(several, TRUE);
	return c;
}

/* The tables in the shape getopt_long() wants; a row's id is its value. */
static void options_for_getopt(struct option *longs, char *letters)
{
	*letters++ = ':';
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_table[i];

		longs[i] =
			(struct option){.name = row->name, .has_arg = row->arg != NULL, .val = i};
		if (row->letter) {
			*letters++ = row->letter;
			if (row->arg)
				*letters++ = ':';
		}
	}
	longs[OPTION_COUNT] = (struct option){0};
	*letters = '\0';
}

static int option_of(int got)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (got == i || (option_table[i].letter && got == option_table[i].letter))
			return i;
	return -1;
}

static bool parse_packet(const char *text, uint32_t *number, struct diag *d)
{
	guint64 v;

	if (!g_ascii_string_to_unsigned(text, 10, 1, UINT32_MAX, &v, NULL))
		return diag_fail(d, "packets are numbered from 1: --packet 14",
				 "'%s' is not a packet number", text);
	*number = (uint32_t)v;
	return true;
}

static bool parse_count(const char *text, uint32_t *number, struct diag *d)
{
	guint64 v;

	if (!g_ascii_string_to_unsigned(text, 10, 1, 1000000, &v, NULL))
		return diag_fail(d, "write a whole number, from 1 on", "'%s' is not understood",
				 text);
	*number = (uint32_t)v;
	return true;
}

static bool parse_option(int id, const char *arg, struct request *q, struct diag *d)
{
	switch (id) {
	case OPTION_FILTER: q->filter = arg; break;
	case OPTION_OUTPUT: q->output = arg; break;
	case OPTION_FORMAT: q->format = arg; break;
	case OPTION_PACKET: return parse_packet(arg, &q->packet, d);
	case OPTION_ALL: q->all = true; break;
	case OPTION_NUMBERS: q->numbers = true; break;
	case OPTION_HEX: q->hex = true; break;
	case OPTION_SORT: q->sort = arg; break;
	case OPTION_TRACE: q->trace = arg; break;
	case OPTION_INTERFACE: q->interface = arg; break;
	case OPTION_WRITE: q->write = arg; break;
	case OPTION_TIME: return parse_count(arg, &q->seconds, d);
	case OPTION_QUIET: return parse_count(arg, &q->quiet, d);
	case OPTION_SIZE: return parse_count(arg, &q->megabytes, d);
	case OPTION_RING: return parse_count(arg, &q->ring, d);
	case OPTION_LIVE: q->live = true; break;
	case OPTION_RECORDED: q->recorded = true; break;
	case OPTION_EXIT_STATUS: q->exit_status = true; break;
	case OPTION_NO_PAGER: q->no_pager = true; break;
	case OPTION_VERBOSE: q->verbose = true; break;
	case OPTION_HELP: q->help = true; break;
	default: q->version = true; break;
	}
	return true;
}

/* getopt gave '?' or ':': say which option it was about. */
static bool option_wrong(char **argv, int got, struct diag *d)
{
	const char *word = optind > 0 ? argv[optind - 1] : "";
	struct nearest near = NEAREST_INIT(word);
	char *hint;

	if (got == ':') {
		int id = option_of(optopt);

		return diag_fail(d, "write it behind the option", "%s needs %s", word,
				 id >= 0 ? option_table[id].arg : "a value");
	}
	for (int i = 0; i < OPTION_COUNT && g_str_has_prefix(word, "--"); i++) {
		near.word = word + 2;
		nearest_offer(&near, option_table[i].name);
	}
	hint = near.best ? g_strdup_printf("did you mean '--%s'?", near.best)
			 : g_strdup("'tracetutor --help' lists the options");
	if (optopt && optopt >= OPTION_COUNT)
		diag_fail(d, hint, "there is no option '-%c'", optopt);
	else
		diag_fail(d, hint, "the option '%s' is not understood here", word);
	g_free(hint);
	return false;
}

/* Every option given belongs to the command, and the number of arguments is right. */
static bool request_fits(const struct command *c, unsigned given, const struct request *q,
			 struct diag *d)
{
	const unsigned always =
		OPTION_BIT(OPTION_HELP) | OPTION_BIT(OPTION_VERSION) | OPTION_BIT(OPTION_VERBOSE);
	char *hint = g_strdup_printf("'tracetutor %s --help' shows how it is used", c->name);
	bool ok = true;

	for (int i = 0; i < OPTION_COUNT && ok; i++)
		if (given & ~(c->options | always) & OPTION_BIT(i))
			ok = diag_fail(d, hint, "--%s does not belong to '%s'",
				       option_table[i].name, c->name);
	if (ok && !q->help && q->nargs < c->min)
		ok = diag_fail(d, hint, "'%s' needs %s", c->name, c->args);
	if (ok && !q->help && c->max >= 0 && q->nargs > c->max)
		ok = diag_fail(d, hint, "'%s' is one argument too many for '%s'", q->args[c->max],
			       c->name);
	g_free(hint);
	return ok;
}

bool command_parse(int argc, char **argv, struct request *q, const struct command **c,
		   struct diag *d)
{
	struct option longs[OPTION_COUNT + 1];
	char letters[2 * OPTION_COUNT + 2];
	unsigned given = 0;
	int got, id;

	*q = (struct request){0};
	*c = NULL;
	options_for_getopt(longs, letters);
	optind = 0;
	opterr = 0;
	while ((got = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		id = got == '?' || got == ':' ? -1 : option_of(got);
		if (id < 0)
			return option_wrong(argv, got, d);
		given |= OPTION_BIT(id);
		if (!parse_option(id, optarg, q, d))
			return false;
	}
	if (optind < argc) {
		*c = command_find(argv[optind], d);
		q->args = argv + optind + 1;
		q->nargs = argc - optind - 1;
		return *c && request_fits(*c, given, q, d);
	}
	q->args = argv + argc;
	return true;
}
