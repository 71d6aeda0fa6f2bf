/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS encrypts a connection and proves who the server is. It begins readable: hellos, up to TLS 1.2
 * also the server's certificate, and alerts; then only the sizes of the records can be seen.
 * RFC 8446 (TLS 1.3), 5246 (TLS 1.2), 6066 (server name), 7301 (protocol for inside).
 * Hangs at the TCP ports of the protocols that are spoken inside it, at any port by content, and
 * takes over a mail or file conversation after STARTTLS (the engine asks `looks`).
 */
#include "src/decode/tls.h"

#include "tracetutor/lines.h"

#define HEADER     5
#define RECORD_MAX (16384 + 2048) /* RFC 5246 section 6.2.3 */
#define KEEP_MAX   (48 * 1024)    /* of one handshake message; less than track keeps of a stream */

const char *const tls_phase_names[] = {"start", "hello", "flight", "encrypted"};

static void say(struct tls *t, enum tls_row row, const char *text)
{
	field_gen_text(t->r, TLS_ID(row), text, strlen(text));
}

static const char *sender(const struct tls *t)
{
	return t->from_client ? "client" : "server";
}

static uint32_t record_length(const uint8_t *p)
{
	return (uint32_t)p[3] << 8 | p[4];
}

/* The header of a record that may be TLS: kind, version 3.x, length. */
static bool record_like(const uint8_t *p, uint32_t n)
{
	if (n < 1 || p[0] < CHANGE_CIPHER_SPEC || p[0] > HEARTBEAT)
		return false;
	if ((n >= 2 && p[1] != 3) || (n >= 3 && p[2] > 4))
		return false;
	return n < HEADER || record_length(p) <= RECORD_MAX;
}

/* Is nothing more to come of what the cursor holds? */
static bool is_final(const struct tls *t, const struct cursor *c)
{
	return c->captured < c->reported || t->r->payload.last;
}

static void alert(struct tls *t, struct cursor *c)
{
	struct tls_state *s = t->state;
	struct record *r = t->r;
	uint32_t n = cursor_promised(c), first = r->nfields;
	bool answer = !t->from_client && s->phase == TLS_HELLO;

	field_add_none(r, TLS_ID(ALERT), c->pos, n);
	if (n != 2) {
		tls_sealed(t, n, ALERT_RECORD);
		return;
	}
	r->cur_depth++;
	tls_walk(t, c, ALERT_LEVEL);
	tls_walk(t, c, ALERT_DESC);
	r->cur_depth--;
	say(t, TT_ALERT_FROM, sender(t));
	say(t, TT_PHASE, tls_phase_names[s->phase]);
	if (s->sni_len)
		field_gen_text(r, TLS_ID(TT_SNI), s->sni, s->sni_len);
	if (s->certificate_wanted)
		tls_yes(t, TT_CERT_WANTED);
	if (s->certificate_none)
		tls_yes(t, TT_CERT_EMPTY);
	exchange_mark(r, answer ? EXCHANGE_RESPONSE : EXCHANGE_EVENT, PROTO_tls, 0, first,
		      r->nfields - 1);
}

/* What is usually spoken at the port, encrypted from the first byte or after STARTTLS. */
static void inside(struct tls *t)
{
	static const struct {
		uint16_t port;
		const char *name; /* Wireshark's */
	} known[] = {{443, "Hypertext Transfer Protocol"},
		     {8443, "Hypertext Transfer Protocol"},
		     {110, "Post Office Protocol"},
		     {995, "Post Office Protocol"},
		     {143, "Internet Message Access Protocol"},
		     {993, "Internet Message Access Protocol"},
		     {25, "Simple Mail Transfer Protocol"},
		     {465, "Simple Mail Transfer Protocol"},
		     {587, "Simple Mail Transfer Protocol"},
		     {21, "File Transfer Protocol (FTP)"},
		     {990, "File Transfer Protocol (FTP)"},
		     {389, "Lightweight Directory Access Protocol"},
		     {636, "Lightweight Directory Access Protocol"},
		     {853, "Domain Name System"}};
	const struct flow *f = &t->r->flow;
	uint16_t port = f->src.port < f->dst.port ? f->src.port : f->dst.port;

	if (t->state->http2) {
		say(t, APP_PROTO, "HyperText Transfer Protocol 2");
		return;
	}
	for (unsigned i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].port == port)
			say(t, APP_PROTO, known[i].name);
}

static void body(struct tls *t, struct cursor *c, uint8_t kind)
{
	uint32_t n = cursor_promised(c);

	switch (kind) {
	case CHANGE_CIPHER_SPEC:
		field_add_none(t->r, TLS_ID(CCS), c->pos, n);
		t->state->encrypted[t->dir] = t->state->version != TLS_13;
		break;
	case ALERT_RECORD: alert(t, c); break;
	case HANDSHAKE_RECORD:
		if (t->state->encrypted[t->dir]) {
			field_add_none(t->r, TLS_ID(HANDSHAKE), c->pos, n);
			tls_sealed(t, n, HANDSHAKE_RECORD);
		} else {
			tls_handshake(t, c);
		}
		break;
	default:
		tls_bytes(t, c, APP_DATA, cursor_left(c));
		if (kind == DATA_RECORD)
			inside(t);
		tls_sealed(t, n, DATA_RECORD);
	}
}

/* The header fields of a record; its contents in the returned cursor. Depth is one deeper. */
static struct cursor record_header(struct tls *t, struct cursor *c)
{
	uint32_t len = cursor_left(c) >= HEADER ? record_length(c->base + c->pos) : 0;
	bool opaque = cursor_peek(c) == DATA_RECORD && t->state->version == TLS_13;

	field_add_none(t->r, TLS_ID(RECORD), c->pos, HEADER + len);
	t->r->cur_depth++;
	tls_walk(t, c, opaque ? OPAQUE_TYPE : CONTENT_TYPE);
	tls_walk(t, c, VERSION);
	tls_walk(t, c, LENGTH);
	return cursor_fence(c, len);
}

/* Where a handshake record's messages end, counted from its start; beyond it: a piece is missing.
 */
static uint32_t messages_end(const uint8_t *p, uint32_t n)
{
	uint32_t at = 0;

	while (at < n && n - at >= 4)
		at += 4 + ((uint32_t)p[at + 1] << 16 | (uint32_t)p[at + 2] << 8 | p[at + 3]);
	return at < n ? n + 1 : at;
}

/* Handshake records that share a message: their contents are joined in a source of their own. */
struct joined {
	uint8_t *bytes;
	uint32_t n, records;
	uint32_t wanted; /* where the last message ends as far as is known */
};

/* Look at the records from `at` on until a message ends with one; false if they are not all there.
 */
static bool join(const struct tls *t, const struct cursor *at, struct joined *j)
{
	struct cursor c = *at;

	j->bytes = arena_alloc(&t->r->arena, cursor_left(&c));
	while (cursor_left(&c) >= HEADER && c.base[c.pos] == HANDSHAKE_RECORD) {
		const uint8_t *p = c.base + c.pos;
		uint32_t n = record_length(p);

		if (cursor_left(&c) < HEADER + n)
			return false;
		memcpy(j->bytes + j->n, p + HEADER, n);
		j->n += n;
		j->records++;
		c.pos += HEADER + n;
		j->wanted = messages_end(j->bytes, j->n);
		if (j->wanted <= j->n)
			return true;
	}
	return cursor_left(&c) >= HEADER; /* another kind of record: the message stays incomplete */
}

static void joined_records(struct tls *t, struct cursor *c, const struct joined *j)
{
	struct record *r = t->r;
	uint8_t source = r->cur_source;
	struct cursor all;

	for (uint32_t i = 0; i < j->records; i++) {
		record_header(t, c);
		if (i + 1 < j->records)
			r->cur_depth--;
	}
	r->cur_source = record_source(r, "Reassembled TLS", j->bytes, j->n, j->n);
	all = cursor_make(j->bytes, 0, j->n, j->n);
	if (r->cur_source)
		tls_handshake(t, &all);
	r->cur_source = source;
	r->cur_depth--;
}

/* A readable handshake record whose last message goes on in the next record. False: wait for it. */
static bool split_message(struct tls *t, struct cursor *c)
{
	struct joined j = {.n = 0};
	bool whole = join(t, c, &j);

	if (!whole && !is_final(t, c) && j.wanted <= KEEP_MAX)
		return false;
	if (j.records == 0)
		return false;
	if (!whole && j.wanted > KEEP_MAX)
		t->state->skip[t->dir] = j.wanted - j.n;
	joined_records(t, c, &j);
	return true;
}

/* The rest of a message that was too long to be kept. */
static void skipped_record(struct tls *t, struct cursor *c)
{
	struct cursor in = record_header(t, c);
	uint32_t n = cursor_promised(&in), rest = t->state->skip[t->dir];

	field_add_none(t->r, TLS_ID(HANDSHAKE), in.pos, n);
	t->state->skip[t->dir] = n < rest ? rest - n : 0;
	t->r->cur_depth--;
}

/* Does the last message of this readable handshake record go on in the next one? */
static bool splits(const struct tls *t, const uint8_t *p, uint32_t n)
{
	return p[0] == HANDSHAKE_RECORD && n && !t->state->encrypted[t->dir] &&
	       messages_end(p + HEADER, n) > n;
}

/* One record; false if it is not complete yet. */
static bool record(struct tls *t, struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;
	uint32_t left = cursor_left(c), n = left >= HEADER ? record_length(p) : 0;
	bool whole = left >= HEADER && left >= HEADER + n;
	struct cursor in;

	if (!whole && !is_final(t, c))
		return false;
	if (whole && p[0] == HANDSHAKE_RECORD && t->state->skip[t->dir]) {
		skipped_record(t, c);
		return true;
	}
	if (whole && splits(t, p, n))
		return split_message(t, c);
	in = record_header(t, c);
	body(t, &in, p[0]);
	if (!cursor_ok(&in))
		decode_overrun(t->r, &in);
	t->r->cur_depth--;
	return true;
}

/* Neither the begin nor the end of a record is in this segment. */
static bool is_middle(const struct tls *t, const struct cursor *c)
{
	uint32_t left = cursor_left(c);

	return t->r->sources[t->r->cur_source].carried && !is_final(t, c) &&
	       (left < HEADER || left < HEADER + record_length(c->base + c->pos));
}

/* Who is the client? Who said the client's hello, or not the server's; else who opened. */
static void find_direction(struct tls *t, const struct cursor *c)
{
	struct tls_state *s = t->state;
	const uint8_t *p = c->base + c->pos;

	if (!s->client_known && cursor_left(c) > HEADER && p[0] == HANDSHAKE_RECORD &&
	    (p[HEADER] == 1 || p[HEADER] == 2)) {
		s->client_known = true;
		s->client_is_a = t->r->from_a == (p[HEADER] == 1);
	}
	t->from_client = s->client_known ? s->client_is_a == t->r->from_a
					 : conv_from_client(t->r->conv, t->r->from_a);
	t->dir = t->from_client ? 0 : 1;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct tls t = {.d = d, .r = r};
	struct layer *layer = NULL;

	t.state = conv_state(r, PROTO_tls, sizeof(struct tls_state));
	if (r->payload.gap_before)
		memset(t.state->skip, 0, sizeof(t.state->skip));
	find_direction(&t, c);
	while (cursor_left(c) && decode_step(d)) {
		struct cursor at = *c;

		if (!record_like(c->base + c->pos, cursor_left(c))) {
			decode_data(d, r, c);
			break;
		}
		if (!layer && is_middle(&t, c)) {
			c->need_more = true;
			break;
		}
		if (!layer)
			layer = layer_open(r, PROTO_tls, &at);
		if (!record(&t, c)) {
			c->need_more = true;
			break;
		}
	}
	if (layer)
		layer_close(r, layer, c->pos);
}

/* An alert may be all that an end says, who was addressed in another language. */
static bool lone_alert(const uint8_t *p, uint32_t n)
{
	return n == HEADER + 2 && p[0] == ALERT_RECORD && record_length(p) == 2 &&
	       (p[HEADER] == 1 || p[HEADER] == 2);
}

/* A lone alert, or a hello's beginning: kind, version, a length that fits, message type. */
static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	if (r->flow.ip_proto == 6 && record_like(p, n) && lone_alert(p, n))
		return true;
	return r->flow.ip_proto == 6 && n > HEADER && p[0] == HANDSHAKE_RECORD &&
	       record_like(p, n) && record_length(p) >= 4 && (p[HEADER] == 1 || p[HEADER] == 2);
}

/* Lists and keys fill pages and tell a newcomer nothing: they are in the fields only. */
static bool is_quiet(uint16_t row)
{
	static const uint16_t quiet[] = {
		RECORD,
		APP_DATA,
		HANDSHAKE,
		HS_LENGTH,
		RANDOM,
		RANDOM_TIME,
		RANDOM_BYTES,
		SESSION_ID_LENGTH,
		SESSION_ID,
		CIPHERS_LENGTH,
		CIPHERS,
		COMPS_LENGTH,
		COMPS,
		COMP,
		EXTENSIONS_LENGTH,
		EXT_TYPE,
		EXT_LEN,
		EXT_DATA,
		SNI_LIST_LEN,
		SNI_TYPE,
		SNI_LEN,
		STATUS_TYPE,
		STATUS_IDS_LEN,
		STATUS_EXTS_LEN,
		GROUPS_LENGTH,
		GROUPS,
		GROUP,
		POINTS_LENGTH,
		POINTS,
		POINT,
		SIGS_LENGTH,
		SIGS,
		SIG_ALG,
		SIG_HASH,
		SIG_SIG,
		HEARTBEAT_MODE,
		ALPN_LEN,
		ALPN_LIST,
		ALPN_STR_LEN,
		PADDING,
		COMPRESS_LEN,
		COMPRESS,
		SIZE_LIMIT,
		VERSIONS_LEN,
		PSK_MODES_LEN,
		PSK_MODE,
		SHARES_LEN,
		SHARE_GROUP,
		SHARE_LEN,
		SHARE,
		SHARE_SELECTED,
		RENEG_LEN,
		RENEG,
		CERTS_LENGTH,
		CERTS,
		CERT_LENGTH,
		CERT,
		CERT_TYPES_COUNT,
		CERT_TYPES,
		CERT_TYPE,
		DNAMES_LEN,
		TICKET_HINT,
		TICKET_LENGTH,
		TICKET,
		APP_PROTO,
		TT_SNI,
		ALERT,
	};

	if (row >= CURVE_TYPE && row <= QUIC_VERSION_OTHER)
		return true;
	for (size_t i = 0; i < sizeof(quiet) / sizeof(*quiet); i++)
		if (quiet[i] == row)
			return true;
	return false;
}

/* One row a field but for the quiet ones; a list of ciphers is told by its number. */
static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	bool listed = false;

	for (uint32_t i = layer->first + 1; i < layer->end; i++) {
		const struct field *f = &r->fields[i];
		uint16_t row = FIELD_ROW(f->id);

		if (FIELD_PROTO(f->id) != PROTO_tls || &r->layers[f->layer] != layer ||
		    (f->flags & FIELD_HIDDEN))
			continue;
		if (row == CIPHERS)
			listed = true;
		else if (row == COMPS_LENGTH)
			listed = false;
		if (is_quiet(row) || (row == CIPHER && listed))
			continue;
		lines_generic(l, r, layer, f);
	}
}

static const struct hang on[] = {
	{ON_TCP_PORT, 443}, {ON_TCP_PORT, 465},  {ON_TCP_PORT, 563},  {ON_TCP_PORT, 636},
	{ON_TCP_PORT, 853}, {ON_TCP_PORT, 989},  {ON_TCP_PORT, 990},  {ON_TCP_PORT, 993},
	{ON_TCP_PORT, 995}, {ON_TCP_PORT, 5061}, {ON_TCP_PORT, 8443}, {ON_NOTHING, 0},
};

_Static_assert(sizeof(struct tls_state) <= CONV_APP_STATE, "fits in the conversation");

const struct proto_def proto_tls = {
	.name = "tls",
	.label = "Transport Layer Security",
	.prefix = "TLS",
	.header = "TLS",
	.fields = tls_rows,
	.nfields = TLS_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = lines,
	.blurb = "Encrypts a connection and proves who the server is.",
	.see = "RFC 8446",
};
