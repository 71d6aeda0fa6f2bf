/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the sizes of encrypted records tell. Encryption hides words, not their length: a record of
 * TLS 1.3 is 17 bytes longer than what is inside (RFC 8446 section 5.2), with AES-GCM in TLS 1.2 it
 * is 24 (RFC 5288 section 3), with ChaCha20-Poly1305 16 (RFC 7905).
 */
#include "src/decode/tls.h"

#define ALERT_TEXT   2 /* level and description */
#define POP3         110
#define POP3S        995
#define SHORT        6          /* QUIT, STAT, CAPA and CR LF */
#define SENTENCE     24         /* longer than "+OK" with a word */
#define LINE_MAX     512        /* of a reply of one line (RFC 2449 section 4) */
#define AT_ONCE      2000000000 /* ns; a connection opened in advance stands idle for longer */
#define TURNS_MAX    14
#define TURNS_UNSURE 255

void tls_sizes_begin(struct tls_state *s)
{
	const char *name = value_name(tls_ciphers, s->cipher);

	if (s->version == TLS_13)
		s->overhead = 17;
	else if (name && strstr(name, "GCM"))
		s->overhead = 24;
	else if (name && strstr(name, "CHACHA20"))
		s->overhead = 16;
}

/* The client says good-bye: does the talk before it look like a refused login? */
static void good_bye(struct tls *t)
{
	const struct tls_state *s = t->state;

	if (s->turns % 2 == 0 && s->turns >= 4 && s->turns < TURNS_MAX && s->shorts == 0 &&
	    s->reply >= SENTENCE && s->reply <= LINE_MAX && s->reply_before < SENTENCE)
		tls_yes(t, TT_LOGIN_REFUSED);
}

/* A command of the client, by its length. */
static void command(struct tls *t, uint32_t len)
{
	struct tls_state *s = t->state;
	bool bye = len == SHORT;

	if (s->turns % 2 || s->turns >= TURNS_MAX) { /* did not wait for the reply */
		s->turns = TURNS_UNSURE;
		return;
	}
	if (bye)
		good_bye(t);
	s->shorts += bye && s->turns > 0;
	s->turns++;
}

/* A reply of the server, or more of it. What comes before any command is a greeting or a ticket. */
static void reply(struct tls_state *s, uint32_t len)
{
	if (s->turns % 2) {
		s->reply_before = s->reply;
		s->reply = len;
		s->turns++;
	} else {
		s->reply += s->turns ? len : 0;
	}
}

/* Is POP3 spoken inside: from the first byte (995) or after STLS (110)? */
static bool is_pop3(const struct flow *f)
{
	return f->src.port == POP3S || f->dst.port == POP3S || f->src.port == POP3 ||
	       f->dst.port == POP3;
}

/* POP3 is a strict alternation of short lines, so that lengths can be read. */
static void talk(struct tls *t, uint32_t len)
{
	t->state->client_spoke |= t->from_client;
	if (t->state->turns == TURNS_UNSURE || !is_pop3(&t->r->flow))
		return;
	if (t->from_client)
		command(t, len);
	else
		reply(t->state, len);
}

/*
 * Is the client's first encrypted record after the server's certificate an alert? The Finished that
 * belongs here has 53 bytes or more (RFC 8446 section 4.4.4).
 */
static void first_answer(struct tls *t, uint32_t text)
{
	if (t->state->version == TLS_13 && text == ALERT_TEXT)
		tls_yes(t, TT_ALERT_LIKELY);
}

/* The client ends the encrypted talk. Before its first word: it did not like what it was shown. */
static void leave(struct tls *t)
{
	struct tls_state *s = t->state;
	bool server_left = t->r->conv->left[t->r->from_a ? 1 : 0];

	if (!s->client_spoke && !server_left && t->r->time - s->agreed < AT_ONCE) {
		tls_yes(t, TT_LEFT_AT_ONCE);
		if (s->other_name)
			tls_yes(t, TT_CERT_OTHER_NAME);
	}
	if (is_pop3(&t->r->flow))
		good_bye(t);
	s->client_spoke = true;
}

/* A record after the handshake. `text`: the length of what is inside, 0 if it is not known. Inside
 * TLS 1.3 an alert shows by its size alone. */
static void after_handshake(struct tls *t, enum tls_kind kind, uint32_t text)
{
	bool hidden = t->state->version == TLS_13 && kind == DATA_RECORD && text == ALERT_TEXT;

	if (kind != ALERT_RECORD && !hidden) {
		if (kind == DATA_RECORD && text)
			talk(t, text);
		return;
	}
	if (t->from_client && text)
		leave(t);
	t->r->conv->left[t->r->from_a ? 0 : 1] = true;
}

void tls_sealed(struct tls *t, uint32_t len, enum tls_kind kind)
{
	struct tls_state *s = t->state;
	bool first = s->phase == TLS_FLIGHT && t->from_client;
	bool known = s->overhead && len >= s->overhead;
	uint32_t text = known ? len - s->overhead : 0;

	field_gen_text(t->r, TLS_ID(TT_FROM), t->from_client ? "client" : "server", 6);
	field_gen_text(t->r, TLS_ID(TT_PHASE), tls_phase_names[s->phase],
		       strlen(tls_phase_names[s->phase]));
	if (first) {
		s->phase = TLS_ENCRYPTED;
		s->agreed = t->r->time;
	}
	if (known)
		field_gen_uint(t->r, TLS_ID(TT_TEXT_SIZE), text);
	if (first)
		first_answer(t, text);
	else if (s->phase == TLS_ENCRYPTED)
		after_handshake(t, kind, text);
}
