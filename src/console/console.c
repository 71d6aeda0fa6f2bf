/* SPDX-License-Identifier: GPL-3.0-or-later */
/* console: from argv to a command and an exit code. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "src/console/cli.h"
#include "src/console/output.h"

void console_complain(const struct diag *d)
{
	struct output err = {.fd = STDERR_FILENO, .pager_in = -1};
	struct buf text = BUF_INIT;

	diag_write(d, &text);
	output_write(&err, buf_text(&text), text.len);
	output_flush(&err);
	buf_release(&err.pending);
	buf_release(&text);
}

static enum exit_code say(void (*write)(struct buf *, const void *), const void *what,
			  struct diag *d)
{
	struct request plain = {.no_pager = true};
	struct buf text = BUF_INIT;
	struct output out;
	enum exit_code code = output_open(&out, &plain, NULL, d);

	write(&text, what);
	output_write(&out, buf_text(&text), text.len);
	buf_release(&text);
	return output_close(&out, code, d);
}

static void say_help(struct buf *out, const void *command)
{
	if (command)
		help_command(out, command);
	else
		help_program(out);
}

static void say_version(struct buf *out, const void *request)
{
	version_text(out, ((const struct request *)request)->verbose);
}

int console_main(int argc, char **argv)
{
	struct diag d = DIAG_INIT;
	const struct command *c;
	struct request q;
	int code = EXIT_WRONG;

	signal(SIGPIPE, SIG_IGN); /* a closed pipe is seen as a failed write */
	signal(SIGXFSZ, SIG_IGN); /* likewise a file that may not grow further */
	if (command_parse(argc, argv, &q, &c, &d))
		code = q.help      ? (int)say(say_help, c, &d)
		       : q.version ? (int)say(say_version, &q, &d)
		       : c         ? c->run(&q, &d)
				   : run_learn(&q, &d);
	console_complain(&d);
	diag_release(&d);
	return code;
}
