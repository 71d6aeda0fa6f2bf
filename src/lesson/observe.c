/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe: the screens of witness and check, made in one pass over the trace. */
#include <string.h>

#include "src/lesson/player.h"
#include "tracetutor/watch.h"

#define WITNESS_LINES 6        /* summary lines shown before "... and N more" */
#define HALF_TENTH    50000000 /* ns, to round to a tenth of a second */

static bool observe(void *context, const struct record *r, struct engine *engine)
{
	struct observation *o = context;

	(void)engine;
	if (!o->packets++)
		o->first_time = o->last_time = r->time;
	if (o->packets <= WITNESS_LINES) {
		if (o->lines.len)
			buf_char(&o->lines, '\n');
		watch_packet_line(&o->lines, r, o->last_time);
	}
	o->last_time = r->time;
	for (size_t i = 0; i < o->act->nitems; i++)
		if (!o->seen[i] && filter_match(o->act->items[i].when, r)) {
			o->seen[i] = r->number;
			o->times[i] = r->time - o->first_time;
		}
	return true;
}

struct observation observation_make(struct player *p)
{
	struct observation o = {.act = player_act(p)};

	o.seen = g_new0(uint32_t, o.act->nitems);
	o.times = g_new0(int64_t, o.act->nitems);
	session_walk(p->session, 1, UINT32_MAX, NULL, observe, &o, &p->said);
	p->fed = 0;
	return o;
}

void observation_release(struct observation *o)
{
	buf_release(&o->lines);
	g_free(o->seen);
	g_free(o->times);
}

/* "Packet 14, 6.6 s: The server refused the login." */
void item_seen(struct player *p, const struct observation *o, size_t i, struct report *rep)
{
	const struct lesson_item *item = &o->act->items[i];

	buf_reset(&rep->text);
	if (o->seen[i]) {
		buf_printf(&rep->text, "Packet %u, ", o->seen[i]);
		buf_seconds(&rep->text, o->times[i] + HALF_TENTH, 1);
		buf_str(&rep->text, " s: ");
	} else
		buf_str(&rep->text, "Not seen: ");
	if (!o->seen[i] && !item->otherwise.n)
		return;
	sink_begin(rep->sink, NODE_PROSE, NULL);
	sink_str(rep->sink, STYLE_PLAIN, "- ");
	sink_str(rep->sink, STYLE_STRONG, buf_text(&rep->text));
	for (size_t k = 0; k < (o->seen[i] ? item->text.n : item->otherwise.n); k++) {
		const struct lesson_piece *piece =
			o->seen[i] ? &item->text.pieces[k] : &item->otherwise.pieces[k];
		const char *text = piece->answer ? player_answer(p, piece->text) : piece->text;

		if (text)
			sink_str(rep->sink, piece->style, text);
	}
	sink_end(rep->sink, NODE_PROSE);
}

/* Indices of the items in the order in which they were seen; those not seen come last. */
static void items_in_order(struct player *p, const struct observation *o, struct report *rep)
{
	bool *said = g_new0(bool, o->act->nitems);

	for (size_t turn = 0; turn < o->act->nitems; turn++) {
		size_t next = o->act->nitems;

		for (size_t i = 0; i < o->act->nitems; i++)
			if (!said[i] &&
			    (next == o->act->nitems || o->seen[i] - 1 < o->seen[next] - 1))
				next = i;
		said[next] = true;
		item_seen(p, o, next, rep);
	}
	g_free(said);
}

void witness_screen(struct player *p, struct report *rep)
{
	struct observation o = observation_make(p);

	if (o.packets > WITNESS_LINES)
		buf_printf(&o.lines, "\n... and %" G_GUINT64_FORMAT " more",
			   o.packets - WITNESS_LINES);
	report_code(rep, buf_text(&o.lines));
	items_in_order(p, &o, rep);
	observation_release(&o);
}

void check_screen(struct player *p, struct report *rep)
{
	struct observation o = observation_make(p);

	if (!o.packets)
		report_say(rep, STYLE_BAD,
			   "The trace is empty: there is nothing to explain in it. Record again.");
	for (size_t i = 0; i < o.act->nitems && o.packets; i++)
		item_seen(p, &o, i, rep);
	observation_release(&o);
}
