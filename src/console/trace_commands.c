/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace_commands: decode and list, which look at a capture without rules, in one pass. */
#include <glib.h>

#include "src/console/confined.h"
#include "src/console/stream.h"
#include "tracetutor/lines.h"
#include "tracetutor/report.h"
#include "tracetutor/shape.h"

#define COUNT_FIRST_MAX (16u << 20) /* bytes: the packets in them are counted within 20 ms */

/* One run of decode or list. */
struct look {
	const struct request *request;
	const struct filter *filter;
	struct capture *capture;
	stream_each *each;
	struct output *out;
	struct lines lines;
	struct buf text;
	int64_t previous_time;
	bool any;     /* a packet came before */
	bool counted; /* the number of packets was told first */
	uint64_t seen, shown;
};

static bool decode_packet(void *context, const struct record *r, bool wanted)
{
	struct look *l = context;
	int64_t before = l->any ? l->previous_time : r->time;

	l->previous_time = r->time;
	l->any = true;
	l->seen++;
	if (!wanted)
		return true;
	l->shown++;
	/* Written where it waits to be handed on: nothing is copied. */
	l->lines.text = l->out->pending;
	lines_append(&l->lines, r, before);
	l->out->pending = l->lines.text;
	return output_write(l->out, "", 0);
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
	return output_write(l->out, buf_text(&l->text), l->text.len);
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
	return output_write(l->out, buf_text(&l->text), l->text.len);
}

/* False and a message if the capture cannot be read from its begin again. */
static bool count_packets(struct capture *c, uint64_t *n, struct diag *d)
{
	struct diag quiet = DIAG_INIT; /* damage is said when the packets are shown */
	struct frame f;

	if (!capture_count(c, n))
		for (*n = 0; capture_next(c, &f, &quiet) == CAPTURE_FRAME;)
			++*n;
	diag_release(&quiet);
	return capture_rewind(c, d);
}

static void headers_read(struct look *l, uint64_t n)
{
	buf_str(&l->text, "Reading packet headers ... ");
	buf_dec(&l->text, n);
	buf_str(&l->text, " headers read.\n");
}

/* ipformat says first how many packets there are; nobody should wait for that, though. */
static bool decode_opening(struct look *l, const char *name, struct diag *d)
{
	uint64_t size = capture_info(l->capture)->size, n;

	buf_str(&l->text, "Opening ");
	buf_clean(&l->text, name, strlen(name));
	buf_str(&l->text, " ... Successful\n");
	l->counted = size && size <= COUNT_FIRST_MAX;
	if (l->counted && !count_packets(l->capture, &n, d))
		return false;
	if (l->counted)
		headers_read(l, n);
	buf_str(&l->text, "PreProcess packet info\n");
	output_write(l->out, buf_text(&l->text), l->text.len);
	return true;
}

/* What could not be said first is said here, unless the reader did not want all packets. */
static void decode_closing(struct look *l)
{
	buf_reset(&l->text);
	if (!l->counted && !l->request->packet)
		headers_read(l, l->seen);
	buf_str(&l->text, "Finished\n");
	output_write(l->out, buf_text(&l->text), l->text.len);
}

static enum exit_code look_through(struct look *l, volatile uint32_t *at, struct diag *d)
{
	const struct request *q = l->request;
	bool listing = l->each == decode_packet;
	struct shapes *shapes;
	enum exit_code code;

	if (listing && !decode_opening(l, q->args[0], d))
		return EXIT_WRONG;
	shapes = listing ? shapes_new() : NULL;
	code = stream_packets(l->capture, q, l->filter, shapes, at, l->each, l, d);
	shapes_free(shapes);
	if (listing)
		decode_closing(l);
	if (q->packet && !l->shown && code == EXIT_FINE && !l->out->error) {
		diag_fail(d,
			  q->filter ? "leave out the filter to see it"
				    : "'tracetutor list FILE' shows the packets there are",
			  "packet %u is not %s", q->packet,
			  q->filter ? "selected by that filter, or not there" : "in this capture");
		code = EXIT_WRONG;
	}
	return code;
}

static enum exit_code look_confined(void *context, struct output *out, volatile uint32_t *at,
				    struct diag *d)
{
	struct look *l = context;

	l->out = out;
	lines_init(&l->lines);
	l->lines.plain = true;
	return capture_begin(l->capture, d) ? look_through(l, at, d) : EXIT_WRONG;
}

static int run_look(const struct request *q, stream_each *each, struct diag *d)
{
	const char *path = q->args[0];
	enum exit_code code = trace_permitted(path, d);
	struct look l = {.request = q, .each = each};
	struct filter *f = NULL;
	struct output out;

	if (code != EXIT_FINE)
		return code;
	if (!trace_filter(q, &f, d))
		return EXIT_WRONG;
	l.filter = f;
	l.capture = capture_find(path, d);
	code = l.capture ? output_open(&out, q, path, d) : EXIT_WRONG;
	if (code == EXIT_FINE)
		code = confined_run(look_confined, &l, &out, d);
	capture_close(l.capture);
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
