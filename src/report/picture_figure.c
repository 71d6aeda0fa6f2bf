/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture_figure: which of the collected packets are drawn, and what is said of the picture. */
#include "config.h"

#include "picture_private.h"

#define OPENING     14          /* packets of the beginning ... */
#define ENDING      8           /* ... and of the end that are shown in any case */
#define AFTERWARDS  200000000ll /* ns: a packet is not unanswered if the trace ended sooner */
#define GRAPH_LEAST 5           /* packets with data, and marks, that are worth a curve */

/* --- what was not answered --- */

/* Only one direction was recorded: its acknowledgments move although the other says nothing. */
static bool one_sided(const struct picture *p)
{
	return p->ip_proto == 6 &&
	       ((!p->packets[1] && p->acks_moved[0]) || (!p->packets[0] && p->acks_moved[1]));
}

static bool is_lost(const struct picture *p, const struct rung *r, bool one_way)
{
	bool late = p->last_time - p->first_time - r->time < AFTERWARDS;

	if (one_way)
		return false;
	return r->repeated || (r->open && (r->repeat || !late));
}

/* --- which rungs are shown --- */

/* The lower, the more a packet belongs on the picture. */
enum worth { WORTH_PROOF, WORTH_NEAR, WORTH_FRAME, WORTH_EVENT, WORTH_SPEECH, WORTH_REST, WORTHS };

static const struct rung *rung_at(const struct picture *p, guint i)
{
	return &g_array_index(p->rungs, struct rung, i);
}

static bool near_proof(const struct picture *p, guint i)
{
	return (i > 0 && rung_at(p, i - 1)->proof) ||
	       (i + 1 < p->rungs->len && rung_at(p, i + 1)->proof);
}

static enum worth worth_of(const struct picture *p, guint i, bool one_way)
{
	const struct rung *r = rung_at(p, i);

	if (r->proof)
		return WORTH_PROOF;
	if (near_proof(p, i))
		return WORTH_NEAR;
	if (i < OPENING || i + ENDING >= p->rungs->len)
		return WORTH_FRAME;
	if (r->event || is_lost(p, r, one_way))
		return WORTH_EVENT;
	return r->speech ? WORTH_SPEECH : WORTH_REST;
}

/* How many packets of each worth there is room for. If not all fit, those that say nothing new
 * would only make it long. */
static void share_room(const struct picture *p, size_t max, bool one_way, size_t room[WORTHS])
{
	for (unsigned w = 0; w < WORTHS; w++)
		room[w] = 0;
	for (guint i = 0; i < p->rungs->len; i++)
		room[worth_of(p, i, one_way)]++;
	if (p->rungs->len > max)
		room[WORTH_REST] = 0;
	for (unsigned w = 0; w < WORTHS; w++) {
		room[w] = MIN(room[w], max);
		max -= room[w];
	}
}

/* Which are shown; g_free() it. To say that one is missing takes as much room as to show it. */
static bool *choose(const struct picture *p, size_t max, bool one_way)
{
	guint n = p->rungs->len;
	bool *shown = g_new0(bool, n);
	size_t room[WORTHS];

	share_room(p, max, one_way, room);
	for (guint i = 0; i < n; i++) {
		enum worth w = worth_of(p, i, one_way);

		shown[i] = room[w] > 0;
		room[w] -= shown[i];
	}
	for (guint i = 1; i + 1 < n; i++)
		shown[i] |= shown[i - 1] && shown[i + 1] && !rung_at(p, i)->before &&
			    !rung_at(p, i + 1)->before;
	return shown;
}

static struct figure_rung shown_rung(const struct picture *p, const struct rung *r, bool one_way)
{
	return (struct figure_rung){.packet = r->packet,
				    .time = r->time,
				    .silence = r->silence,
				    .to_right = r->client,
				    .lost = is_lost(p, r, one_way),
				    .proof = r->proof,
				    .linked = r->linked,
				    .text = r->text};
}

static void put_rungs(struct picture *p, size_t max, bool one_way)
{
	bool *shown = choose(p, max, one_way);
	uint32_t left_out = 0;

	g_array_set_size(p->shown, 0);
	for (guint i = 0; i < p->rungs->len; i++) {
		struct figure_rung rung = shown_rung(p, rung_at(p, i), one_way);

		left_out += rung_at(p, i)->before;
		if (!shown[i]) {
			left_out++;
			continue;
		}
		rung.left_out = left_out;
		if (left_out)
			rung.silence = 0; /* it would be told from a packet that is not there */
		left_out = 0;
		g_array_append_val(p->shown, rung);
	}
	p->ladder.left_out = left_out;
	g_free(shown);
}

/* --- its words --- */

static char *name_of(const struct picture *p, const struct engine *e, const struct endpoint *end)
{
	const char *name = e ? engine_name(e, end->addr) : NULL;
	struct buf clean = BUF_INIT, masked = BUF_INIT;

	if (!name)
		return NULL;
	buf_clean_max(&clean, name, strlen(name), 60);
	if (p->mask)
		p->mask->text(p->mask, &masked, buf_text(&clean), clean.len);
	else
		buf_mem(&masked, buf_text(&clean), clean.len);
	buf_release(&clean);
	return buf_steal(&masked);
}

static void put_sides(struct picture *p, const struct engine *e, struct figure *f)
{
	for (unsigned i = 0; i < 2; i++)
		g_free(p->names[i]);
	p->names[0] = name_of(p, e, &p->client);
	p->names[1] = name_of(p, e, &p->server);
	f->left = p->left;
	f->right = p->right;
	f->left_name = p->names[0];
	f->right_name = p->names[1];
}

static void count(struct buf *out, uint64_t n, const char *one, const char *many)
{
	buf_dec(out, n);
	buf_char(out, ' ');
	buf_str(out, n == 1 ? one : many);
}

static void describe_ladder(struct picture *p, uint32_t lost)
{
	struct buf *out = &p->describe[0];
	const struct rung *last = rung_at(p, p->rungs->len - 1);

	buf_reset(out);
	count(out, (uint64_t)p->packets[0] + p->packets[1], "packet", "packets");
	buf_str(out, " between ");
	buf_str(out, p->left);
	buf_str(out, " and ");
	buf_str(out, p->right);
	buf_str(out, " in ");
	buf_seconds(out, MAX(last->time - rung_at(p, 0)->time, 0), 3);
	buf_str(out, " seconds");
	if (lost) {
		buf_str(out, "; ");
		count(out, lost, "of them was", "of them were");
		buf_str(out, " neither confirmed nor answered");
	}
	buf_char(out, '.');
}

static void note_ladder(struct picture *p, uint32_t lost, bool proof, bool one_way)
{
	struct buf *out = &p->note[0];

	buf_reset(out);
	if (lost)
		buf_str(out,
			"An arrow that ends in x: this packet was neither confirmed nor answered "
			"before it was sent again, or at all. ");
	if (one_way)
		buf_str(out, "Only one direction was recorded, so what was answered cannot be "
			     "told. ");
	if (proof)
		buf_str(out, "Marked: the packets that prove the verdict. ");
	while (out->len && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
}

const struct figure *picture_ladder(struct picture *p, const struct engine *e, size_t max_rungs)
{
	struct figure *f = &p->ladder;
	bool one_way = one_sided(p), proof = false;
	uint32_t lost = 0;

	if (!p->rungs->len)
		return NULL;
	*f = (struct figure){.kind = FIGURE_LADDER};
	put_rungs(p, max_rungs, one_way);
	for (guint i = 0; i < p->rungs->len; i++) {
		lost += is_lost(p, rung_at(p, i), one_way);
		proof |= rung_at(p, i)->proof;
	}
	put_sides(p, e, f);
	describe_ladder(p, lost);
	note_ladder(p, lost, proof, one_way);
	f->describe = buf_text(&p->describe[0]);
	f->note = p->note[0].len ? p->note[0].s : NULL;
	f->rungs = (const struct figure_rung *)p->shown->data;
	f->nrungs = p->shown->len;
	return f;
}

/* --- bytes over time --- */

static void describe_graph(struct picture *p)
{
	struct buf *out = &p->describe[1];

	buf_reset(out);
	buf_str(out, "The client sent ");
	count(out, p->sent[0].total, "byte", "bytes");
	buf_str(out, ", the server ");
	count(out, p->sent[1].total, "byte", "bytes");
	if (p->again) {
		buf_str(out, "; ");
		count(out, p->again, "packet was sent again", "packets were sent again");
	}
	if (p->full) {
		buf_str(out, "; ");
		count(out, p->full, "time the receiver had no room",
		      "times the receiver had no room");
	}
	buf_char(out, '.');
	buf_reset(&p->note[1]);
	if (p->again + p->full > p->nmarks)
		buf_printf(&p->note[1], "The first %u of %u marks are drawn.", (unsigned)p->nmarks,
			   p->again + p->full);
}

/* Until the last packet of the conversation it stays as it was. */
static void draw_to_end(const struct picture *p, struct sent *s)
{
	struct figure_point end = {p->previous - p->first_time, s->total};

	if (s->n && s->n < POINTS_MAX + 1 && s->points[s->n - 1].time < end.time)
		s->points[s->n++] = end;
}

const struct figure *picture_graph(struct picture *p, const struct engine *e)
{
	struct figure *f = &p->graph;

	if (p->ip_proto != 6 || p->sent[0].packets + p->sent[1].packets + p->nmarks < GRAPH_LEAST)
		return NULL;
	*f = (struct figure){.kind = FIGURE_GRAPH};
	put_sides(p, e, f);
	describe_graph(p);
	f->describe = buf_text(&p->describe[1]);
	f->note = p->note[1].len ? p->note[1].s : NULL;
	for (unsigned i = 0; i < 2; i++) {
		draw_to_end(p, &p->sent[i]);
		f->sent[i] = p->sent[i].points;
		f->nsent[i] = p->sent[i].n;
	}
	f->marks = p->marks;
	f->nmarks = p->nmarks;
	return f;
}

/* --- as events --- */

static void figure_event(struct report *rep, const char *title, const struct figure *f)
{
	struct node_attr attr = {.title = title, .figure = f};

	if (!f)
		return;
	sink_begin(rep->sink, NODE_FIGURE, &attr);
	sink_end(rep->sink, NODE_FIGURE);
}

void report_pictures(struct report *rep, struct picture *p, const struct finding *f,
		     size_t max_rungs)
{
	const struct figure *ladder = picture_ladder(p, rep->engine, max_rungs);
	struct node_attr attr = {.title = "The conversation at a glance"};

	if (!ladder)
		return;
	sink_begin(rep->sink, NODE_SECTION, &attr);
	figure_event(rep, "Packet by packet, from top to bottom", ladder);
	if (f->rule->graph)
		figure_event(rep, "Bytes sent over time", picture_graph(p, rep->engine));
	sink_end(rep->sink, NODE_SECTION);
}
