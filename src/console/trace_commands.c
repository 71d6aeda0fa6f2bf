/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace_commands: decode and list, which look at a capture without rules, in one pass. */
#include <glib.h>

#include "src/console/output.h"
#include "src/console/stream.h"
#include "tracetutor/lines.h"
#include "tracetutor/report.h"

/* One run of decode or list. */
struct look {
	struct output out;
	struct lines lines;
	struct buf text;
	int64_t previous_time;
	bool any; /* a packet came before */
	uint64_t shown;
};

static bool decode_packet(void *context, const struct record *r, bool wanted)
{
	struct look *l = context;
	int64_t before = l->any ? l->previous_time : r->time;

	l->previous_time = r->time;
	l->any = true;
	if (!wanted)
		return true;
	l->shown++;
	lines_reset(&l->lines);
	lines_packet(&l->lines, r, before);
	return output_write(&l->out, buf_text(&l->lines.text), l->lines.text.len);
}

static bool number_packet(void *context, const struct record *r, bool wanted)
{
	struct look *l = context;

	if (!wanted)
		return true;
	l->shown++;
	buf_reset(&l->text);
	buf_dec(&l->text, r->number);
	buf_char(&l->text, '\n');
	return output_write(&l->out, buf_text(&l->text), l->text.len);
}

static bool list_packet(void *context, const struct record *r, bool wanted)
{
	struct look *l = context;

	if (!wanted)
		return true;
	l->shown++;
	buf_reset(&l->text);
	report_summary_line(&l->text, r);
	buf_char(&l->text, '\n');
	return output_write(&l->out, buf_text(&l->text), l->text.len);
}

/* ipformat says first how many packets there are: count them, then start again. */
static bool decode_opening(struct look *l, struct capture *c, const char *name, struct diag *d)
{
	struct diag quiet = DIAG_INIT; /* damage is said by the second pass */
	struct frame f;
	uint64_t n = 0;

	if (!capture_count(c, &n))
		for (n = 0; capture_next(c, &f, &quiet) == CAPTURE_FRAME;)
			n++;
	diag_release(&quiet);
	buf_str(&l->text, "Opening ");
	buf_clean(&l->text, name, strlen(name));
	buf_str(&l->text, " ... Successful\nReading packet headers ... ");
	buf_dec(&l->text, n);
	buf_str(&l->text, " headers read.\nPreProcess packet info\n");
	output_write(&l->out, buf_text(&l->text), l->text.len);
	return capture_rewind(c, d);
}

static enum exit_code look_through(struct look *l, struct capture *c, const struct request *q,
				   const struct filter *f, stream_each *each, struct diag *d)
{
	enum exit_code code;
	bool listing = each == decode_packet;

	if (listing && !decode_opening(l, c, q->args[0], d))
		return EXIT_WRONG;
	code = stream_packets(c, q, f, each, l, d);
	if (listing)
		output_write(&l->out, "Finished\n", 9);
	if (q->packet && !l->shown && code == EXIT_FINE && !l->out.error) {
		diag_fail(d,
			  q->filter ? "leave out the filter to see it"
				    : "'tracetutor list FILE' shows the packets there are",
			  "packet %u is not %s", q->packet,
			  q->filter ? "selected by that filter, or not there" : "in this capture");
		code = EXIT_WRONG;
	}
	return code;
}

static int run_look(const struct request *q, stream_each *each, struct diag *d)
{
	const char *path = q->args[0];
	enum exit_code code = trace_permitted(path, d);
	struct capture *c = NULL;
	struct filter *f = NULL;
	struct look l = {0};

	if (code != EXIT_FINE)
		return code;
	if (!trace_filter(q, &f, d))
		return EXIT_WRONG;
	code = output_open(&l.out, q, path, d);
	lines_init(&l.lines);
	l.lines.plain = true;
	if (code == EXIT_FINE) {
		c = capture_open(path, d);
		code = c ? look_through(&l, c, q, f, each, d) : EXIT_WRONG;
		code = output_close(&l.out, code, d);
	}
	if (c)
		capture_close(c);
	lines_release(&l.lines);
	buf_release(&l.text);
	filter_free(f);
	return code;
}

int run_decode(const struct request *q, struct diag *d)
{
	return run_look(q, q->numbers ? number_packet : decode_packet, d);
}

int run_list(const struct request *q, struct diag *d)
{
	return run_look(q, list_packet, d);
}
