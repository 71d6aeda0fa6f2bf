/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli: what the files of the command line share: the tables of commands and options, and what one
 * run was asked to do.
 */
#ifndef TRACETUTOR_CONSOLE_CLI_H
#define TRACETUTOR_CONSOLE_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracetutor/console.h"
#include "tracetutor/diag.h"

/* One run, as asked for. Strings are borrowed from argv. */
struct request {
	const char *filter, *output, *format, *trace, *interface, *write, *sort;
	uint32_t seconds, quiet, megabytes, ring; /* limits of a recording; 0: none */
	uint32_t packet;                          /* 0: all */
	bool all, numbers, hex, exit_status, no_pager, live, recorded, verbose, help, version;
	char **args; /* after the name of the command */
	int nargs;
};

enum option_id {
	OPTION_FILTER,
	OPTION_OUTPUT,
	OPTION_FORMAT,
	OPTION_PACKET,
	OPTION_ALL,
	OPTION_NUMBERS,
	OPTION_HEX,
	OPTION_SORT,
	OPTION_TRACE,
	OPTION_LIVE,
	OPTION_INTERFACE,
	OPTION_WRITE,
	OPTION_TIME,
	OPTION_QUIET,
	OPTION_SIZE,
	OPTION_RING,
	OPTION_RECORDED,
	OPTION_EXIT_STATUS,
	OPTION_NO_PAGER,
	OPTION_VERBOSE,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COUNT
};
#define OPTION_BIT(id) (1u << (id))

struct option_row {
	const char *name, *arg; /* arg NULL: takes none */
	char letter;            /* 0: none */
	const char *help;
};
extern const struct option_row option_table[OPTION_COUNT];

struct command {
	const char *name;
	const char *args; /* as in the usage line */
	const char *help; /* one line */
	unsigned options; /* OPTION_BITs it understands besides --help */
	int min, max;     /* arguments; max -1: any number */
	int (*run)(const struct request *,
		   struct diag *); /* an exit_code; messages are printed after it */
};
extern const struct command command_table[];
extern const size_t command_count;

/* NULL and a message if the name is no command, or short for several. */
const struct command *command_find(const char *name, struct diag *d);
/* Read argv into *q. The command NULL means: none was named. False and a message on a usage error.
 */
bool command_parse(int argc, char **argv, struct request *q, const struct command **c,
		   struct diag *d);

/* All messages on standard error: at the very end, so that they are not lost above the output. */
void console_complain(const struct diag *d);

/* The commands. */
int run_learn(const struct request *q, struct diag *d);
int run_resume(const struct request *q, struct diag *d);
int run_capture(const struct request *q, struct diag *d);
int run_sessions(const struct request *q, struct diag *d);
int run_decode(const struct request *q, struct diag *d);
int run_explain(const struct request *q, struct diag *d);
int run_report(const struct request *q, struct diag *d);
int run_list(const struct request *q, struct diag *d);
int run_follow(const struct request *q, struct diag *d);
int run_ladder(const struct request *q, struct diag *d);
int run_conversations(const struct request *q, struct diag *d);
int run_summary(const struct request *q, struct diag *d);
int run_check(const struct request *q, struct diag *d);
int run_fields(const struct request *q, struct diag *d);
int run_rules(const struct request *q, struct diag *d);
int run_lessons(const struct request *q, struct diag *d);

/* Help and version text. */
struct buf;
void help_program(struct buf *out);
void help_command(struct buf *out, const struct command *c);
void version_text(struct buf *out, bool verbose);

#endif
