/* SPDX-License-Identifier: GPL-3.0-or-later */
/* milestone_talk: the steps of a TCP conversation up to encryption, and how it ends. */
#include <glib.h>

#include "src/session/milestones.h"
#include "tracetutor/tcp_fields.h"

#define DNS_PORT 53
#define DOT_PORT 853 /* names asked for in encrypted form: no service of its own */
#define SYN      0x02
#define ACK      0x10

#define ALERT_WARNING 1 /* RFC 5246 section 7.2 */
#define CLOSE_NOTIFY  0
#define ALERT_TEXT    2 /* length of an alert inside TLS 1.3 */

/* --- the table --- */

static void talk_start(struct milestones *m, struct talk *t, const struct record *r)
{
	const struct conv *c = r->conv;
	const struct lookup *l;

	memset(t, 0, sizeof(*t));
	t->used = true;
	t->index = c->index;
	t->family = c->family;
	t->server = c->a_is_client ? c->b : c->a;
	t->mid_stream = c->mid_stream;
	t->first = r->number;
	t->first_time = r->time;
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		t->steps[i].took = -1;
	l = talk_lookup(m, t);
	if (l)
		memcpy(t->name, l->name, sizeof(t->name));
	else if (wanted_is_at(&m->wanted, t->family, t->server.addr))
		memcpy(t->name, m->wanted.name, sizeof(t->name));
	talk_know_wanted(m, t);
}

static struct talk *talk_place(struct milestones *m)
{
	struct talk *least = &m->talks[0];

	for (unsigned i = 0; i < TALKS_MAX; i++) {
		struct talk *t = &m->talks[i];
		int worse;

		if (!t->used)
			return t;
		worse = talk_compare(t, least);
		if (worse < 0 || (worse == 0 && t->last_time < least->last_time))
			least = t;
	}
	return least;
}

struct talk *talk_of(struct milestones *m, const struct record *r, bool make)
{
	const struct conv *c = r->conv;
	uint16_t port = (c->a_is_client ? c->b : c->a).port;
	struct talk *t = &m->talks[m->recent];

	if (port == DNS_PORT || port == DOT_PORT)
		return NULL;
	if (t->used && t->index == c->index)
		return t;
	for (unsigned i = 0; i < TALKS_MAX; i++)
		if (m->talks[i].used && m->talks[i].index == c->index) {
			m->recent = i;
			return &m->talks[i];
		}
	if (!make)
		return NULL;
	t = talk_place(m);
	m->recent = (unsigned)(t - m->talks);
	talk_start(m, t, r);
	return t;
}

void talk_learn_name(const struct scene *sc, const struct field *name)
{
	struct talk *t = sc->talk;
	char copy[NAME_MAX_LEN];
	size_t n = name ? name->vlen : 0;

	if (!name || t->name_said)
		return;
	for (size_t i = 0; i < n; i++)
		if (name->v.p[i] == ':') /* the port in a Host header */
			n = i;
	if (!name_copy(copy, name->v.p, n) || strspn(copy, "0123456789.") == strlen(copy))
		return;
	memcpy(t->name, copy, sizeof(copy));
	t->name_said = true;
	talk_know_wanted(sc->m, t);
}

/* --- connection --- */

static void connection_packet(const struct scene *sc)
{
	struct scene now = *sc;
	struct step *s = &sc->talk->steps[STAGE_CONNECT];

	now.stage = STAGE_CONNECT;
	if ((sc->r->flow.tcp_flags & (SYN | ACK)) == SYN)
		step_ask(&now, s, "");
	else if ((sc->r->flow.tcp_flags & SYN) && s->state == STAGE_OPEN && s->over)
		step_settle(&now, s, STAGE_DONE, HOW_NONE, ""); /* long after it was given up */
}

static const char *unreachable(const struct record *r)
{
	uint64_t type = known_uint(r, K_ICMP_TYPE, 0), code = known_uint(r, K_ICMP_CODE, 0);

	if (r->flow.family == 6 && type == 1) /* RFC 4443 section 3.1 */
		return code == 4   ? "nobody listens there"
		       : code == 0 ? "there is no way to its network"
		       : code == 3 ? "the computer cannot be reached"
				   : "a firewall forbids it";
	if (r->flow.family == 4 && type == 3) /* RFC 792, RFC 1122 section 3.2.2.1 */
		switch (code) {
		case 0:
		case 6:
		case 11: return "there is no way to its network";
		case 2:
		case 3: return "nobody listens there";
		case 9:
		case 10:
		case 13: return "a firewall forbids it";
		default: return "the computer cannot be reached";
		}
	return "the packet went in circles";
}

static void connection_exchange(const struct scene *sc)
{
	struct step *s = &sc->talk->steps[STAGE_CONNECT];
	const struct record *r = sc->r;

	if (known_field(r, K_ICMP_TYPE) && !known_uint(r, K_ANSWERED, 0)) {
		if (s->state != STAGE_REFUSED)
			step_settle(sc, s, STAGE_REFUSED, HOW_ICMP, unreachable(r));
	} else if (!known_uint(r, K_ANSWERED, 0)) {
		if (sc->talk->from) /* it was answered, only not here */
			*s = (struct step){.took = -1};
		else
			step_unheard(sc, s);
	} else if (known_uint(r, K_REFUSED, 0)) {
		step_settle(sc, s, STAGE_REFUSED, HOW_RESET, "");
	} else {
		step_settle(sc, s, STAGE_DONE, HOW_NONE, "");
		if (talk_server_first(sc->talk))
			sc->talk->greeting_due = r->time;
	}
}

/* --- encryption --- */

static void hello(const struct scene *sc, const struct exchange_mark *mark)
{
	struct step *s = &sc->talk->steps[STAGE_TLS];
	const struct field *name = known_within(sc->r, K_SNI, mark->first, mark->last);

	talk_learn_name(sc, name);
	sc->talk->app = PROTO_tls;
	sc->talk->greeting_due = 0;
	step_ask(sc, s, "");
}

/* The records of the packet, one after another: the sender and the phase stand before the size. */
static void sealed_record(const struct scene *sc, const struct field *phase,
			  const struct field *length)
{
	const struct record *r = sc->r;
	const struct field *end = r->fields + r->nfields, *size = NULL;
	struct step *s = &sc->talk->steps[STAGE_TLS];
	bool data = false;

	for (const struct field *f = phase; f-- > length;)
		data |= f->id == known_id(K_APP_DATA);
	if (phase + 1 < end && phase[1].id == known_id(K_TEXT_SIZE))
		size = phase + 1;
	if (!data || !field_is(phase - 1, "server") || (size && size->v.u <= ALERT_TEXT))
		return;
	sc->talk->sealed += length->v.u;
	if (s->state == STAGE_NOT_SEEN) { /* it had begun before the capture */
		sc->talk->encrypted = true;
	} else if (field_is(phase, "encrypted") && s->state != STAGE_DONE) {
		sc->talk->encrypted = true;
		step_settle(sc, s, STAGE_DONE, HOW_NONE, "");
	}
}

static void sizes(const struct scene *sc)
{
	struct scene now = *sc;
	struct step *login = &sc->talk->steps[STAGE_LOGIN];

	now.stage = STAGE_LOGIN;
	if (known_uint(sc->r, K_LOGIN_REFUSED, 0))
		step_settle(&now, login, STAGE_REFUSED, HOW_SIZES, "");
	else if (login->how == HOW_SIZES && known_is(sc->r, K_TLS_FROM, "client") &&
		 known_field(sc->r, K_APP_DATA) && known_uint(sc->r, K_TEXT_SIZE, 0) > ALERT_TEXT)
		*login = (struct step){.took = -1}; /* it went on: the guess was wrong */
}

static void encryption_packet(const struct scene *sc)
{
	const struct record *r = sc->r;
	struct scene now = *sc;
	struct step *s = &sc->talk->steps[STAGE_TLS];
	uint16_t phase = known_id(K_TLS_PHASE), length = known_id(K_RECORD_LENGTH);
	const struct field *last_length = NULL;

	now.stage = STAGE_TLS;
	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct field *f = &r->fields[i];

		if (f->id == length)
			last_length = f;
		else if (f->id == phase && last_length)
			sealed_record(&now, f, last_length);
	}
	if (known_uint(r, K_ALERT_LIKELY, 0) && s->state != STAGE_REFUSED) {
		step_settle(&now, s, STAGE_REFUSED, HOW_ALERT_LIKELY, "");
	}
	sizes(sc);
}

/* An alert that ends the talk: neither the good-bye nor a mere warning. */
static const struct field *grave_alert(const struct record *r)
{
	const struct field *f = known_field(r, K_ALERT);

	if (!f || f->v.u == CLOSE_NOTIFY)
		return NULL;
	if (known_uint(r, K_ALERT_LEVEL, 0) == ALERT_WARNING &&
	    (f->v.u == 90 || f->v.u == 100 || f->v.u == 112)) /* RFC 5246, RFC 6066 */
		return NULL;
	return f;
}

static void encryption_exchange(const struct scene *sc)
{
	struct step *s = &sc->talk->steps[STAGE_TLS];
	const struct field *alert = grave_alert(sc->r);
	const char *words;

	if (alert && s->state != STAGE_DONE) {
		words = value_name(def_of(alert)->values, alert->v.u);
		step_settle(sc, s, STAGE_REFUSED,
			    known_is(sc->r, K_ALERT_FROM, "client") ? HOW_ALERT_CLIENT
								    : HOW_ALERT_SERVER,
			    words ? words : "an alert without a name");
	} else if (!known_uint(sc->r, K_ANSWERED, 0)) {
		step_unanswered(sc, s);
	}
}

/* --- entries --- */

static void count_packet(struct talk *t, const struct record *r)
{
	t->last = r->number;
	t->last_time = r->time;
	if (!t->app && r->conv->app)
		t->app = r->conv->app - 1u;
	if (conv_from_client(r->conv, r->from_a)) {
		t->to++;
	} else {
		t->from++;
		if (r->flow.preported)
			t->greeting_due = 0; /* it did say something */
	}
}

/* A side that says again and again that it has no room; once is nothing. */
static void window_packet(const struct scene *sc)
{
	struct talk *t = sc->talk;
	const struct endpoint *from = &sc->r->flow.src;
	bool server = from->port == t->server.port &&
		      !memcmp(from->addr, t->server.addr, sizeof(from->addr));
	int64_t *since = &t->full[server ? 0 : 1];

	if (!known_field(sc->r, K_ZERO_WINDOW))
		*since = 0;
	else if (!*since)
		*since = sc->r->time;
	else if (!t->full_told && sc->r->time - *since >= SECOND) {
		t->full_told = true;
		scene_tell(sc, CHANGE_FULL, NULL);
	}
}

void talk_packet(struct milestones *m, const struct record *r)
{
	struct talk *t =
		talk_of(m, r, r->nmarks || r->conv->mid_stream || (r->flow.tcp_flags & SYN));
	struct scene sc = {m, r, t, NULL, STAGE_CONNECT};

	if (!t)
		return;
	count_packet(t, r);
	connection_packet(&sc);
	if (record_has_proto(r, PROTO_tls))
		encryption_packet(&sc);
	for (unsigned i = 0; i < r->nmarks; i++) {
		const struct exchange_mark *mark = &r->marks[i];

		sc.stage = STAGE_TLS;
		if (mark->role == EXCHANGE_REQUEST && mark->proto == PROTO_tls)
			hello(&sc, mark);
		else if (mark->role == EXCHANGE_REQUEST)
			said_request(&sc, mark);
	}
	if (!(r->flow.tcp_flags & SYN) &&
	    (known_field(r, K_RETRANSMISSION) || known_field(r, K_FAST_RETRANSMISSION))) {
		t->repeats++;
		scene_tell(&sc, CHANGE_REPEATS, NULL);
	}
	window_packet(&sc);
}

void talk_exchange(struct milestones *m, const struct record *r)
{
	struct talk *t = talk_of(m, r, false);
	struct scene sc = {m, r, t, NULL, STAGE_CONNECT};
	const struct field *kind = known_field(r, K_KIND);

	if (!t || !kind)
		return;
	if (field_is(kind, "tcp-connect")) {
		connection_exchange(&sc);
	} else if (field_is(kind, "tls")) {
		sc.stage = STAGE_TLS;
		encryption_exchange(&sc);
	} else {
		said_exchange(&sc, kind);
	}
}

/* Did data stop in the middle, by what track has worked out? */
static bool broke(const struct record *r)
{
	if (known_uint(r, K_GAP_SIZE, 0) || known_uint(r, K_STALLED_RETRIES, 0) >= 2)
		return true;
	return known_uint(r, K_RESET_AFTER_DATA, 0) && !known_uint(r, K_RESET_AFTER_GOODBYE, 0) &&
	       known_is(r, K_RESET_BY, "server");
}

/* The step that was under way: the open one, else the transfer. */
static void broke_off(const struct scene *sc)
{
	struct talk *t = sc->talk;
	struct scene now = *sc;

	now.stage = STAGE_DATA;
	if (t->greeting_due)
		now.stage = STAGE_GREETING;
	for (unsigned i = STAGE_TLS; i < STAGE_DATA; i++)
		if (t->steps[i].state == STAGE_OPEN)
			now.stage = i;
	if (t->steps[STAGE_CONNECT].state == STAGE_OPEN ||
	    t->steps[STAGE_CONNECT].state == STAGE_REFUSED)
		return;
	for (unsigned i = STAGE_TLS; i < STAGE_COUNT; i++)
		if (t->steps[i].state == STAGE_REFUSED && t->steps[i].how != HOW_CLOSED)
			return; /* what was refused explains it */
	step_settle(&now, &t->steps[now.stage], STAGE_REFUSED, HOW_BROKE, "");
}

/* The answers are not in the capture: nothing can be said of them. */
static void forget_unanswered(struct talk *t)
{
	t->greeting_due = 0;
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		if (t->steps[i].state == STAGE_OPEN || t->steps[i].how == HOW_CLOSED)
			t->steps[i] = (struct step){.took = -1};
}

static void who_closed(struct talk *t, enum how how)
{
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		if (t->steps[i].how == HOW_CLOSED)
			t->steps[i].how = how;
}

/* Who ended the talk before the answer, and whether the opening was ever finished. */
void talk_conversation(struct milestones *m, const struct record *r)
{
	struct talk *t = talk_of(m, r, false);
	struct scene sc = {m, r, t, NULL, STAGE_CONNECT};
	struct step *connect;

	if (!t)
		return;
	t->done = true;
	t->one_sided = known_uint(r, K_ONE_SIDED, 0);
	if (t->one_sided || known_uint(r, K_CAPTURE_DROPS, 0))
		forget_unanswered(t);
	connect = &t->steps[STAGE_CONNECT];
	if (connect->state == STAGE_DONE && !known_uint(r, K_HANDSHAKE_DONE, 1) &&
	    known_uint(r, K_SYNACK_RETRIES, 0))
		step_settle(&sc, connect, STAGE_REFUSED, HOW_HALF, "");
	else if (broke(r))
		broke_off(&sc);
	who_closed(t, known_is(r, K_CLOSED_BY, "server") ? HOW_CLOSED_SERVER : HOW_CLOSED_CLIENT);
}
