/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture: the packets of one conversation, and what came back for each. */
#include "config.h"

#include "picture_private.h"
#include "tracetutor/tcp_fields.h"

#define SILENCE   1000000000ll /* ns that are worth a line of their own */
#define LOOK_BACK 4096         /* rungs looked at for what a packet answers */

enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16 };

/* Sequence numbers compare modulo 2^32 (RFC 9293 section 3.4). */
static bool seq_le(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

static void rung_clear(void *rung)
{
	g_free(((struct rung *)rung)->text);
}

struct picture *picture_new(uint32_t conv_index, uint8_t ip_proto, const struct mask *m)
{
	struct picture *p = g_new0(struct picture, 1);

	p->index = conv_index;
	p->ip_proto = ip_proto;
	p->mask = m;
	p->rungs = g_array_new(FALSE, FALSE, sizeof(struct rung));
	g_array_set_clear_func(p->rungs, rung_clear);
	p->shown = g_array_new(FALSE, FALSE, sizeof(struct figure_rung));
	return p;
}

struct picture *picture_of_finding(const struct finding *f, const struct mask *m)
{
	struct picture *p = f->conv ? picture_new(f->conv - 1, f->ip_proto, m) : NULL;

	for (unsigned i = 0; p && i < f->nframes; i++)
		picture_proof(p, f->frames[i]);
	return p;
}

void picture_free(struct picture *p)
{
	if (!p)
		return;
	g_array_free(p->rungs, TRUE);
	g_array_free(p->shown, TRUE);
	for (unsigned i = 0; i < 2; i++) {
		buf_release(&p->describe[i]);
		buf_release(&p->note[i]);
		g_free(p->names[i]);
	}
	g_free(p->left);
	g_free(p->right);
	g_free(p);
}

void picture_proof(struct picture *p, uint32_t packet)
{
	if (p->nproof < PROOF_MAX)
		p->proof[p->nproof++] = packet;
}

static bool is_proof(const struct picture *p, uint32_t packet)
{
	for (unsigned i = 0; i < p->nproof; i++)
		if (p->proof[i] == packet)
			return true;
	return false;
}

bool picture_complete(const struct picture *p)
{
	return (p->broken || (p->closed[0] && p->closed[1])) && p->nproof_seen >= p->nproof &&
	       !p->nopen[0] && !p->nopen[1];
}

/* --- whose packet it is --- */

static bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && !memcmp(a->addr, b->addr, sizeof(a->addr));
}

/* An ICMP error about a packet of the conversation; *client: one of the client. */
static bool is_about(const struct picture *p, const struct record *r, bool *client)
{
	const struct flow *q = &r->quoted;

	if (!p->known || !q->family || q->family != p->family || q->ip_proto != p->ip_proto)
		return false;
	*client = same_end(&q->src, &p->client) && same_end(&q->dst, &p->server);
	return *client || (same_end(&q->src, &p->server) && same_end(&q->dst, &p->client));
}

static bool is_mine(const struct picture *p, const struct record *r)
{
	return r->conv && r->conv->index == p->index && r->conv->ip_proto == p->ip_proto;
}

bool picture_about(const struct picture *p, const struct record *r)
{
	bool client;

	return is_mine(p, r) || is_about(p, r, &client);
}

static void meet(struct picture *p, const struct record *r)
{
	const struct conv *c = r->conv;
	struct buf text = BUF_INIT;

	p->known = true;
	p->family = c->family;
	p->client = c->a_is_client ? c->a : c->b;
	p->server = c->a_is_client ? c->b : c->a;
	buf_str(&text, "client ");
	report_endpoint(&text, r, p->mask, &p->client);
	p->left = buf_steal(&text);
	buf_str(&text, "server ");
	report_endpoint(&text, r, p->mask, &p->server);
	p->right = buf_steal(&text);
}

/* --- what a packet waits for, and what came back --- */

static struct rung *rung_at(const struct picture *p, guint i)
{
	return &g_array_index(p->rungs, struct rung, i);
}

static void close_rung(struct picture *p, struct rung *r)
{
	if (r->open)
		p->nopen[r->client ? 0 : 1]--;
	r->open = false;
}

/* Go back through the waiting rungs of a side; `got` says which have got what they wait for. */
static void settle(struct picture *p, bool client, const struct record *r,
		   bool (*got)(const struct rung *, const struct record *))
{
	guint n = p->rungs->len, least = n > LOOK_BACK ? n - LOOK_BACK : 0;

	for (guint i = n; i > least && p->nopen[client ? 0 : 1]; i--) {
		struct rung *rung = rung_at(p, i - 1);

		if (rung->open && rung->client == client && got(rung, r))
			close_rung(p, rung);
	}
}

static bool anything(const struct rung *rung, const struct record *r)
{
	(void)rung;
	(void)r;
	return true;
}

/* A selective acknowledgment tells of bytes behind a gap (RFC 2018). */
static bool is_sacked(const struct rung *rung, const struct flow *f)
{
	for (unsigned i = 0; i < f->nsack; i++)
		if (seq_le(f->sack[2 * i], rung->seq) && seq_le(rung->end, f->sack[2 * i + 1]))
			return true;
	return false;
}

static bool got_ack(const struct rung *rung, const struct record *r)
{
	const struct flow *f = &r->flow;

	return rung->awaits == AWAITS_ANYTHING || f->tcp_flags & FLAG_RST || is_sacked(rung, f) ||
	       (f->tcp_flags & FLAG_ACK && seq_le(rung->end, f->ack));
}

/* A response with the key of the request, or as far as it has one (record.h). */
static bool got_answer(const struct rung *rung, const struct record *r)
{
	for (unsigned i = 0; i < r->nmarks; i++) {
		const struct exchange_mark *m = &r->marks[i];
		uint64_t key =
			m->key & EXCHANGE_KEY_REST ? rung->key : rung->key & ~EXCHANGE_KEY_REST;

		if (m->role == EXCHANGE_RESPONSE && m->proto == rung->proto &&
		    (m->key == rung->key || (m->key && m->key == key)))
			return true;
	}
	return false;
}

/* The same bytes as a packet before: that one was given up. A second copy of the same IP packet
 * was only recorded twice. */
static void mark_repeats(struct picture *p, struct rung *new)
{
	guint n = p->rungs->len, least = n > LOOK_BACK ? n - LOOK_BACK : 0;

	for (guint i = n; i > least; i--) {
		struct rung *old = rung_at(p, i - 1);

		if (old->client != new->client || old->awaits != AWAITS_ACK ||
		    old->seq != new->seq || (old->ip_id && old->ip_id == new->ip_id))
			continue;
		new->repeat = true;
		old->repeated |= old->open;
		return;
	}
}

static void await_tcp(struct picture *p, struct rung *rung, const struct record *r)
{
	const struct flow *f = &r->flow;
	unsigned me = rung->client ? 0 : 1;
	uint32_t length = f->preported + (f->tcp_flags & FLAG_SYN ? 1 : 0) +
			  (f->tcp_flags & FLAG_FIN ? 1 : 0);

	rung->seq = f->seq;
	rung->end = f->seq + length;
	rung->ip_id = f->ip_id;
	if (record_first(r, TCP_ID(TCP_ANALYSIS_KEEP_ALIVE)) ||
	    record_first(r, TCP_ID(TCP_ANALYSIS_ZERO_WINDOW_PROBE)))
		rung->awaits = AWAITS_ANYTHING;
	else if (length && !(f->tcp_flags & FLAG_RST))
		rung->awaits = AWAITS_ACK;
	if (rung->awaits == AWAITS_ACK)
		mark_repeats(p, rung);
	if (rung->awaits == AWAITS_ACK && p->packets[!me] && seq_le(rung->end, p->last_ack[!me]))
		rung->awaits = AWAITS_ANYTHING;
	settle(p, !rung->client, r, got_ack);
	if (f->tcp_flags & FLAG_ACK) {
		p->acks_moved[me] += p->packets[me] && p->last_ack[me] != f->ack;
		p->last_ack[me] = f->ack;
	}
	p->closed[me] |= (f->tcp_flags & FLAG_FIN) != 0;
	p->broken |= (f->tcp_flags & FLAG_RST) != 0;
	rung->event |= (f->tcp_flags & (FLAG_SYN | FLAG_FIN | FLAG_RST)) != 0;
}

/* The same request waits already. An answer to either is one to both. */
static bool asked_before(const struct picture *p, const struct rung *new)
{
	guint n = p->rungs->len, least = n > LOOK_BACK ? n - LOOK_BACK : 0;

	for (guint i = n; i > least && p->nopen[new->client ? 0 : 1]; i--) {
		const struct rung *old = rung_at(p, i - 1);

		if (old->open && old->client == new->client && old->proto == new->proto &&
		    old->key == new->key)
			return true;
	}
	return false;
}

static void await_udp(struct picture *p, struct rung *rung, const struct record *r)
{
	for (unsigned i = 0; i < r->nmarks && rung->awaits == AWAITS_NOTHING; i++) {
		const struct exchange_mark *m = &r->marks[i];

		if (m->role != EXCHANGE_REQUEST || m->any_conv)
			continue;
		rung->awaits = AWAITS_ANSWER;
		rung->key = m->key;
		rung->proto = m->proto;
		rung->repeat = asked_before(p, rung);
	}
	settle(p, !rung->client, r, got_answer);
}

/* --- its words --- */

/* What the analysis of the connection says of a packet, most important first. */
static const struct {
	enum tcp_row row;
	const char *words;
} remarks[] = {
	{TCP_ANALYSIS_RETRANSMISSION, "sent again"},
	{TCP_ANALYSIS_ZERO_WINDOW, "no room left"},
	{TCP_ANALYSIS_KEEP_ALIVE, "is anybody there?"},
	{TCP_ANALYSIS_KEEP_ALIVE_ACK, "still here"},
	{TCP_ANALYSIS_DUPLICATE_ACK, "confirms the same again: bytes are missing"},
	{TCP_ANALYSIS_LOST_SEGMENT, "bytes before it are missing"},
	{TCP_ANALYSIS_OUT_OF_ORDER, "out of order"},
	{TCP_ANALYSIS_WINDOW_FULL, "fills the receiver"},
};

static const char *remark_of(const struct record *r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(remarks); i++)
		if (record_first(r, TCP_ID(remarks[i].row)))
			return remarks[i].words;
	return NULL;
}

/* Told by a third one, about the two. */
static bool is_reported(const struct picture *p, const struct record *r)
{
	size_t n = sizeof(p->client.addr);

	return r->quoted.family && memcmp(r->flow.src.addr, p->client.addr, n) &&
	       memcmp(r->flow.src.addr, p->server.addr, n);
}

static void put_words(struct picture *p, struct rung *rung, const struct record *r)
{
	const char *remark = r->flow.ip_proto == 6 ? remark_of(r) : NULL;
	bool bare = r->flow.tcp_flags == FLAG_ACK && !r->flow.preported; /* it says nothing else */
	struct buf text = BUF_INIT;

	if (is_reported(p, r)) {
		buf_str(&text, "from ");
		report_address(&text, r, p->mask, &r->flow.src);
		buf_str(&text, ": ");
	}
	if (remark && bare) {
		buf_str(&text, "TCP ACK: ");
		buf_str(&text, remark);
	} else {
		report_words(&text, r, p->mask);
	}
	if (remark && !bare) {
		buf_str(&text, " (");
		buf_str(&text, remark);
		buf_char(&text, ')');
	}
	rung->event |= remark != NULL;
	rung->text = buf_steal(&text);
	rung->speech = report_speaks(r);
}

/* --- bytes over time --- */

/* Every second point goes; from now on they come half as often. */
static void thin(struct sent *s)
{
	int64_t span = s->points[s->n - 1].time - s->points[0].time;
	size_t kept = 0;

	s->apart = MAX(s->apart * 2, span / (POINTS_MAX / 2));
	for (size_t i = 1; i < s->n; i += 2)
		s->points[kept++] = s->points[i];
	s->n = kept;
}

static void add_point(struct sent *s, int64_t time)
{
	if (s->n > 1 && time - s->points[s->n - 2].time < s->apart) {
		s->points[s->n - 1] = (struct figure_point){time, s->total};
		return;
	}
	if (s->n == POINTS_MAX)
		thin(s);
	s->points[s->n++] = (struct figure_point){time, s->total};
}

static void add_mark(struct picture *p, enum figure_mark_kind kind, const struct rung *rung,
		     uint64_t bytes)
{
	uint32_t *count = kind == FIGURE_AGAIN ? &p->again : &p->full;

	++*count;
	if (p->nmarks < MARKS_MAX)
		p->marks[p->nmarks++] =
			(struct figure_mark){{rung->time, bytes}, kind, rung->packet, rung->linked};
}

static bool is_again(const struct rung *rung, const struct record *r)
{
	return r->flow.preported &&
	       (rung->repeat || record_first(r, TCP_ID(TCP_ANALYSIS_RETRANSMISSION)));
}

static void count_bytes(struct picture *p, const struct rung *rung, const struct record *r)
{
	struct sent *me = &p->sent[rung->client ? 0 : 1], *peer = &p->sent[rung->client ? 1 : 0];
	const struct flow *f = &r->flow;
	uint32_t from = f->seq + (f->tcp_flags & FLAG_SYN ? 1 : 0), end = from + f->preported;
	uint64_t at;

	if (!me->begun || f->tcp_flags & FLAG_SYN)
		me->next = from;
	me->begun = true;
	me->packets += f->preported > 0;
	at = me->total;
	if (!seq_le(end, me->next)) {
		me->total += end - me->next;
		me->next = end;
	} else if (is_again(rung, r)) {
		at = me->total > me->next - end ? me->total - (me->next - end) : 0;
	}
	add_point(me, rung->time);
	if (is_again(rung, r))
		add_mark(p, FIGURE_AGAIN, rung, at);
	if (record_first(r, TCP_ID(TCP_ANALYSIS_ZERO_WINDOW)))
		add_mark(p, FIGURE_FULL, rung, peer->total);
}

/* --- keeping it bounded --- */

/* The middle goes: the first and the last quarter of the room, and the proof, stay. */
static void drop_middle(struct picture *p)
{
	guint kept = 0, n = p->rungs->len, keep = PICTURE_MAX_RUNGS / 2;
	uint32_t before = 0;

	for (guint i = 0; i < n; i++) {
		struct rung *r = rung_at(p, i);

		before += r->before;
		if (i >= keep && i + keep < n && !r->proof) {
			close_rung(p, r);
			rung_clear(r);
			before++;
			continue;
		}
		r->before = before;
		before = 0;
		*rung_at(p, kept++) = *r;
	}
	for (guint i = kept; i < n; i++)
		rung_at(p, i)->text = NULL; /* moved, or gone */
	g_array_set_size(p->rungs, kept);
}

static void keep_rung(struct picture *p, struct rung *rung)
{
	rung->open = rung->awaits != AWAITS_NOTHING;
	p->nopen[rung->client ? 0 : 1] += rung->open;
	g_array_append_val(p->rungs, *rung);
	if (p->rungs->len >= 2 * PICTURE_MAX_RUNGS)
		drop_middle(p);
}

/* --- a packet --- */

static void tell_time(struct picture *p, const struct record *r)
{
	if (!p->begun)
		p->first_time = p->last_time = r->time;
	p->begun = true;
	p->last_time = MAX(p->last_time, r->time);
}

void picture_add(struct picture *p, const struct record *r, bool linked)
{
	bool mine = is_mine(p, r), client = false;
	struct rung rung = {.packet = r->number, .linked = linked};

	tell_time(p, r);
	if (mine && !p->known)
		meet(p, r);
	if (mine)
		client = conv_from_client(r->conv, r->from_a);
	else if (!is_about(p, r, &client))
		return;
	rung.client = mine ? client : !client;
	rung.time = r->time - p->first_time;
	if (p->rungs->len && r->time - p->previous >= SILENCE)
		rung.silence = r->time - p->previous;
	p->previous = r->time;
	rung.proof = is_proof(p, r->number);
	p->nproof_seen += rung.proof;
	if (!mine) {
		settle(p, client, r, anything);
		rung.event = true;
	} else if (p->ip_proto == 6) {
		await_tcp(p, &rung, r);
		count_bytes(p, &rung, r);
	} else {
		await_udp(p, &rung, r);
	}
	if (mine)
		p->packets[client ? 0 : 1]++;
	put_words(p, &rung, r);
	keep_rung(p, &rung);
}
