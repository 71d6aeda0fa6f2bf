/* SPDX-License-Identifier: GPL-3.0-or-later */
/* milestones: what changes a step, and which conversation tells most. */
#include "src/session/milestones.h"

#include <glib.h>

void milestones_init(struct milestones *m, const char *server)
{
	memset(m, 0, sizeof(*m));
	wanted_parse(&m->wanted, server);
}

static void note_time(struct milestones *m, const struct record *r)
{
	if (!m->start)
		m->start = r->time;
	m->now = r->time;
}

static void packet(struct milestones *m, const struct record *r)
{
	note_time(m, r);
	for (unsigned i = 0; i < r->nmarks; i++) {
		const struct exchange_mark *mark = &r->marks[i];

		if (mark->role == EXCHANGE_REQUEST && mark->proto == PROTO_dns)
			names_packet(m, r, mark);
		else if (mark->role == EXCHANGE_REQUEST && mark->proto == PROTO_dhcp)
			address_packet(m, r);
	}
	if (r->flow.ip_proto == 6 && r->conv)
		talk_packet(m, r);
}

static void exchange(struct milestones *m, const struct record *r)
{
	const struct field *kind = known_field(r, K_KIND);

	if (field_is(kind, "dns"))
		names_exchange(m, r);
	else if (field_is(kind, "dhcp"))
		address_exchange(m, r);
	else if (r->conv && r->conv->ip_proto == 6)
		talk_exchange(m, r);
}

void milestones_record(struct milestones *m, const struct record *r)
{
	switch (r->kind) {
	case RECORD_PACKET: packet(m, r); break;
	case RECORD_EXCHANGE: exchange(m, r); break;
	case RECORD_CONVERSATION:
		if (r->conv && r->conv->ip_proto == 6)
			talk_conversation(m, r);
		break;
	case RECORD_CAPTURE: m->encrypted_dns = known_uint(r, K_ENCRYPTED_DNS, 0); break;
	}
}

void scene_tell(const struct scene *sc, enum change change, const struct step *s)
{
	const struct milestone told = {
		.change = change,
		.stage = sc->stage,
		.step = s,
		.talk = sc->talk,
		.lookup = sc->lookup,
		.packet = s ? s->packet : sc->r->number,
		.time = s && change != CHANGE_UNHEARD ? s->time : sc->r->time,
	};

	if (sc->m->each)
		sc->m->each(sc->m->context, &told);
}

void step_ask(const struct scene *sc, struct step *s, const char *asking)
{
	bool first = s->state == STAGE_NOT_SEEN, again = s->state == STAGE_OPEN;

	if (asking[0])
		words_copy(s->asking, asking);
	if (!first && !again)
		return;
	s->tries++;
	s->over = false;
	s->packet = sc->r->number;
	s->time = sc->r->time;
	if (first) {
		s->state = STAGE_OPEN;
		s->took = -1;
		s->asked_in = sc->r->number;
		s->asked = sc->r->time;
	}
	scene_tell(sc, first ? CHANGE_ASKED : CHANGE_REPEATED, s);
}

/* What is known by an exchange: how often it was asked, how long that took. */
static void step_facts(const struct record *r, struct step *s)
{
	uint32_t tries = (uint32_t)known_uint(r, K_RETRIES, 0) + 1;

	if (tries > s->tries)
		s->tries = tries;
	if (!s->asked_in)
		s->asked_in = (uint32_t)known_uint(r, K_REQUEST_FRAME, 0);
}

void step_settle(const struct scene *sc, struct step *s, enum stage_state state, enum how how,
		 const char *words)
{
	const struct record *r = sc->r;

	s->state = state;
	s->how = how;
	s->guess = how == HOW_SIZES || how == HOW_ALERT_LIKELY;
	s->over = true;
	s->took = s->asked_in ? r->time - s->asked : -1;
	if (r->kind == RECORD_EXCHANGE) {
		step_facts(r, s);
		s->took = known_int(r, K_ELAPSED, s->took);
	}
	s->packet = (uint32_t)known_uint(r, K_RESPONSE_FRAME, r->number);
	s->time = r->time;
	words_copy(s->words, words);
	scene_tell(sc, CHANGE_SETTLED, s);
}

void step_unheard(const struct scene *sc, struct step *s)
{
	const struct record *r = sc->r;

	step_facts(r, s);
	s->over = true;
	s->state = STAGE_OPEN;
	s->how = known_is(r, K_REASON, "end-of-capture") ? HOW_ENDED : HOW_NONE;
	s->took = known_int(r, K_WAITED, -1);
	s->packet = (uint32_t)known_uint(r, K_LAST_REQUEST, s->asked_in);
	scene_tell(sc, CHANGE_UNHEARD, s);
}

void step_unanswered(const struct scene *sc, struct step *s)
{
	const struct record *r = sc->r;

	if (s->state != STAGE_OPEN)
		return;
	if (known_is(r, K_REASON, "closed") || known_is(r, K_REASON, "reset"))
		step_settle(sc, s, STAGE_REFUSED, HOW_CLOSED, "");
	else
		step_unheard(sc, s);
}

bool step_failed(const struct step *s)
{
	const int64_t patience = 2 * SECOND;

	if (s->state == STAGE_REFUSED)
		return true;
	return s->state == STAGE_OPEN && s->over && (s->tries > 1 || s->took >= patience);
}

/* How far it came: twice the last stage reached, and one more if that was done. */
static int depth(const struct talk *t)
{
	for (int i = STAGE_COUNT; i-- > 0;)
		if (t->steps[i].state != STAGE_NOT_SEEN)
			return 2 * i + (t->steps[i].state == STAGE_DONE);
	return 0;
}

static bool failed(const struct talk *t)
{
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		if (step_failed(&t->steps[i]))
			return true;
	return false;
}

int talk_compare(const struct talk *a, const struct talk *b)
{
	int wanted = a->wanted - b->wanted;
	int fault = failed(a) - failed(b);
	int service = (talk_service(a) != NULL) - (talk_service(b) != NULL);
	uint64_t size_a = a->to + a->from, size_b = b->to + b->from;

	if (wanted)
		return wanted;
	if (fault)
		return fault;
	if (service)
		return service;
	if (depth(a) != depth(b))
		return depth(a) - depth(b);
	return (size_a > size_b) - (size_a < size_b);
}

/* The ports at which the server speaks first, or encryption comes first, and what is spoken. */
static const struct service {
	uint16_t port;
	uint16_t app; /* enum proto_id */
	bool server_first;
	const char *name;
} services[] = {
	{110, PROTO_pop, true, "POP3"},
	{995, PROTO_tls, false, "POP3, encrypted"},
	{143, PROTO_imap, true, "IMAP"},
	{993, PROTO_tls, false, "IMAP, encrypted"},
	{25, PROTO_smtp, true, "SMTP"},
	{587, PROTO_smtp, true, "SMTP"},
	{465, PROTO_tls, false, "SMTP, encrypted"},
	{80, PROTO_http, false, "HTTP"},
	{8080, PROTO_http, false, "HTTP"},
	{443, PROTO_tls, false, "HTTPS"},
	{21, PROTO_ftp, true, "FTP"},
	{990, PROTO_tls, false, "FTP, encrypted"},
	{119, PROTO_nntp, true, "NNTP"},
	{563, PROTO_tls, false, "NNTP, encrypted"},
};

static const struct service *service_of(const struct talk *t)
{
	for (size_t i = 0; i < G_N_ELEMENTS(services); i++)
		if (services[i].port == t->server.port)
			return &services[i];
	for (size_t i = 0; t->app && i < G_N_ELEMENTS(services); i++)
		if (services[i].app == t->app && t->app != PROTO_tls)
			return &services[i];
	return NULL;
}

const char *talk_service(const struct talk *t)
{
	const struct service *s = service_of(t);

	if (s)
		return s->name;
	return t->app == PROTO_tls ? "TLS" : NULL;
}

bool talk_server_first(const struct talk *t)
{
	const struct service *s = service_of(t);

	return s && s->server_first;
}
