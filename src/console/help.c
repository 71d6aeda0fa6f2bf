/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help: --help and --version, printed from the tables. */
#include "config.h"

#include <string.h>

#include <glib.h>

#include "src/console/cli.h"
#include "tracetutor/capture.h"
#include "tracetutor/decode.h"
#include "tracetutor/filter.h"
#include "tracetutor/follow.h"
#include "tracetutor/overview.h"
#include "tracetutor/picture.h"
#include "tracetutor/rules.h"
#include "tracetutor/session.h"
#include "tracetutor/track.h"
#include "tracetutor/xml.h"

/* Two columns; a left side that is too long gets a line of its own. */
static void help_column(struct buf *out, const char *left, const char *right)
{
	const size_t width = 24, n = strlen(left);

	buf_str(out, "  ");
	buf_str(out, left);
	if (n > width)
		buf_str(out, "\n  ");
	buf_fill(out, ' ', n > width ? width + 1 : width + 1 - n);
	buf_str(out, right);
	buf_char(out, '\n');
}

static void help_option(struct buf *out, const struct option_row *row)
{
	char left[64];

	g_snprintf(left, sizeof(left), "%c%c%s--%s%s%s", row->letter ? '-' : ' ',
		   row->letter ? row->letter : ' ', row->letter ? ", " : "  ", row->name,
		   row->arg ? " " : "", row->arg ? row->arg : "");
	help_column(out, left, row->help);
}

void help_program(struct buf *out)
{
	char left[64];

	buf_str(out, "Usage: tracetutor [COMMAND] [OPTIONS]\n\n"
		     "Finds out with you why a network connection fails. Without a command it asks "
		     "what\n"
		     "is wrong and guides you from there. No knowledge of networks is needed.\n\n"
		     "Commands (a beginning that fits only one is enough):\n");
	for (size_t i = 0; i < command_count; i++) {
		g_snprintf(left, sizeof(left), "%s %s", command_table[i].name,
			   command_table[i].args);
		help_column(out, left, command_table[i].help);
	}
	buf_str(out, "\nOptions ('tracetutor COMMAND --help' tells which belong to a command):\n");
	for (int i = 0; i < OPTION_COUNT; i++)
		help_option(out, &option_table[i]);
	buf_str(out,
		"\nFILE is a capture file (pcap or pcapng, also .gz), or - for standard input.\n"
		"Nothing is ever overwritten. Exit codes: 0 fine, 1 finding (check, explain\n"
		"--exit-status), 2 wrong usage or input, 3 no permission.\n\n"
		"First look: tracetutor learn tour\n");
}

void help_command(struct buf *out, const struct command *c)
{
	char *first = g_ascii_strup(c->help, 1);

	buf_printf(out, "Usage: tracetutor %s%s%s [OPTIONS]\n\n%s%s.\n\nOptions:\n", c->name,
		   *c->args ? " " : "", c->args, first, c->help + 1);
	g_free(first);
	for (int i = 0; i < OPTION_COUNT; i++)
		if (i == OPTION_HELP || c->options & OPTION_BIT(i))
			help_option(out, &option_table[i]);
}

/* Every cap of the program, and what happens when it bites. */
static const struct cap {
	const char *name;
	uint64_t value;
	const char *outcome;
} caps[] = {
	{"bytes of one packet", FRAME_MAX, "a larger one counts as damage of the file"},
	{"interfaces in a capture", CAPTURE_MAX_INTERFACES, "further ones count as damage"},
	{"layers in a packet", RECORD_MAX_LAYERS, "the rest is shown as data"},
	{"fields in a packet", RECORD_MAX_FIELDS, "further ones are left out"},
	{"decoding steps a packet", DECODE_MAX_STEPS, "the packet is marked malformed"},
	{"packets found at once", PLACES_MAX_FRAMES, "further ones are reached by reading"},
	{"conversations at once", TRACK_MAX_CONVS, "the one idle longest is closed"},
	{"open questions at once", TRACK_MAX_PENDING, "the oldest counts as not answered"},
	{"waiting bytes, one direction", TRACK_MAX_STREAM, "the oldest are dropped"},
	{"waiting bytes in all", TRACK_MAX_STREAM_TOTAL, "the oldest are dropped"},
	{"rules", RULES_MAX, "further ones are refused"},
	{"findings kept", RULES_MAX_FINDINGS, "further ones are counted"},
	{"packets named in a finding", FINDING_MAX_FRAMES, "the first ones are named"},
	{"conversations listed", CONVERSATIONS_MAX, "the others are counted"},
	{"computers in a summary", OVERVIEW_MAX_COMPUTERS, "further ones are counted together"},
	{"names in a summary", OVERVIEW_MAX_NAMES, "further ones are counted together"},
	{"packets in a ladder", PICTURE_MAX_RUNGS, "of the middle some are left out"},
	{"bytes of a line in follow", FOLLOW_MAX_LINE, "it goes on in the next one"},
	{"characters in a filter", FILTER_MAX_TEXT, "a longer one is refused"},
	{"nesting of a filter", FILTER_MAX_DEPTH, "a deeper one is refused"},
	{"steps of a pattern", FILTER_MATCH_LIMIT, "the rule is switched off and named"},
	{"bytes of a pack", XML_MAX_FILE, "a larger one is refused"},
	{"nesting of a pack", XML_MAX_DEPTH, "a deeper one is refused"},
	{"messages kept", DIAG_MAX, "further ones are counted"},
};

static void version_build(struct buf *out)
{
	buf_printf(out, "\nCompiler:     %s\nGLib:         %u.%u.%u\nPacks:        %s\n",
		   __VERSION__, glib_major_version, glib_minor_version, glib_micro_version,
		   PKGDATADIR);
#ifdef __SANITIZE_ADDRESS__
	buf_str(out, "Sanitizers:   address, undefined\n");
#endif
	buf_str(out, "\nLimits:\n");
	for (size_t i = 0; i < G_N_ELEMENTS(caps); i++)
		buf_printf(out, "  %-30s %9" G_GUINT64_FORMAT "  %s\n", caps[i].name, caps[i].value,
			   caps[i].outcome);
}

void version_text(struct buf *out, bool verbose)
{
	buf_str(out, PACKAGE_STRING "\n"
				    "Licence: GNU GPL version 3 or later. No warranty.\n");
	if (verbose)
		version_build(out);
}
