/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SIP sets up telephone calls: a phone says where it can be reached, calls, is called and hangs up.
 * Requests and replies in lines of text, as in HTTP; what a call is to carry is said in SDP.
 * RFC 3261; the address seen by the server RFC 3581.
 * Hangs at UDP and TCP port 5060; found by its first line elsewhere.
 */
#include "src/decode/sip.h"

#include "src/decode/apptext.h"
#include "src/decode/http.h"

#define HEADER_MAX 32768 /* over TCP a header longer than this is taken as it is */
#define RECENT_MAX 8     /* requests of a conversation that are remembered */

/* A request and what was answered to it. */
struct recent {
	uint32_t call; /* hash of Call-ID, number and method; 0: free */
	uint32_t frame, answer_frame;
	uint16_t status; /* last one; 0: none yet */
	bool from_a, login;
	int64_t time;
};

struct sip_state {
	struct recent v[RECENT_MAX];
	uint32_t n; /* ever */
};
_Static_assert(sizeof(struct sip_state) <= CONV_APP_STATE, "fits in the conversation");

/* "SIP/2.0 200 OK" */
static bool is_status_line(const struct textpart *line)
{
	struct textpart code = textpart_slice(line, 8, line->len);
	uint32_t n;

	return textpart_starts(line, "SIP/2.0 ") && textpart_reply_code(&code, &n);
}

/* "INVITE sip:bob@example.org SIP/2.0" */
static bool is_request_line(const struct textpart *line)
{
	struct textpart end;
	uint32_t i = 0;

	while (i < line->len && line->p[i] >= 'A' && line->p[i] <= 'Z')
		i++;
	if (i < 3 || i > 16 || line->len < i + 10 || line->p[i] != ' ')
		return false;
	end = textpart_slice(line, line->len - 8, line->len);
	return textpart_is(&end, " SIP/2.0") || textpart_is(&end, " SIP/2.0 ");
}

static bool starts_message(const uint8_t *p, uint32_t n)
{
	struct textpart all = {p, 0, n}, line;
	uint32_t at = 0;

	http_line(&all, &at, &line);
	return is_status_line(&line) || is_request_line(&line);
}

static uint32_t hash(uint32_t h, const struct textpart *part)
{
	for (uint32_t i = 0; i < part->len; i++)
		h = (h ^ part->p[i]) * 0x01000193u;
	return h;
}

/* Never 0. */
static uint32_t call_hash(const struct sip *s, const struct textpart *method)
{
	return hash(hash(0x811c9dc5u ^ s->cseq * 0x9e3779b1u, &s->call_id), method) | 1;
}

/* The request of that number and method; a free place if `add`; else NULL. */
static struct recent *recent(struct sip *s, const struct textpart *method, bool from_a, bool add)
{
	struct sip_state *state = conv_state(s->r, PROTO_sip, sizeof(*state));
	uint32_t call = call_hash(s, method);

	for (unsigned i = 0; i < RECENT_MAX; i++)
		if (state->v[i].call == call && state->v[i].from_a == from_a)
			return &state->v[i];
	if (!add)
		return NULL;
	state->v[state->n % RECENT_MAX] = (struct recent){.call = call, .from_a = from_a};
	return &state->v[state->n++ % RECENT_MAX];
}

static void fact(struct sip *s, uint16_t row, const struct textpart *part)
{
	if (part->len)
		field_gen_text(s->r, SIP_ID(row), (const char *)part->p, part->len);
}

static void resent(struct sip *s, bool again, uint32_t original)
{
	field_gen_uint(s->r, SIP_ID(SIP_RESEND), again);
	if (again)
		field_gen_uint(s->r, SIP_ID(SIP_RESEND_ORIGINAL), original);
}

/* The text of the first header field of that name or compact letter. */
static struct textpart value_of(const struct textpart *lines, const char *name, const char *letter)
{
	struct textpart value = http_header_find(lines, name);

	return value.p && value.len ? value : http_header_find(lines, letter);
}

/* user and host of the address in To or From */
static void party_of(const struct textpart *value, struct textpart *user, struct textpart *host)
{
	static const char *const schemes[] = {"sip:", "sips:", "tel:"};
	uint32_t at = 0, end;

	*user = *host = textpart_slice(value, 0, 0);
	for (uint32_t i = 0; i < value->len; i++) {
		struct textpart rest = textpart_slice(value, i, value->len);

		for (unsigned k = 0; k < 3 && !at; k++)
			if (textpart_starts(&rest, schemes[k]))
				at = i + (uint32_t)strlen(schemes[k]);
	}
	if (!at)
		return;
	for (end = at; end < value->len && !strchr(">;?,", value->p[end]) && value->p[end];)
		end++;
	*user = textpart_slice(value, at, end);
	*host = textpart_slice(value, end, end);
	for (uint32_t i = 0; i < user->len; i++)
		if (user->p[i] == '@') {
			*host = textpart_slice(user, i + 1, user->len);
			*user = textpart_slice(user, 0, i);
			return;
		}
	*host = *user;
}

/* What the header says about the call as a whole: it stands in front, so that it is kept. */
static void read_call(struct sip *s, const struct textpart *lines)
{
	struct textpart text = value_of(lines, "CSeq", "CSeq"), ignored;
	uint32_t at = 0;
	struct textpart number = textpart_word(&text, &at);

	s->cseq_method = textpart_word(&text, &at);
	at = 0;
	textpart_number(&number, &at, &s->cseq);
	s->call_id = value_of(lines, "Call-ID", "i");
	text = value_of(lines, "From", "f");
	party_of(&text, &s->user, &ignored);
	text = value_of(lines, "To", "t");
	party_of(&text, &s->to_user, &s->to_host);
	s->login = http_header_find(lines, "Authorization").len > 0 ||
		   http_header_find(lines, "Proxy-Authorization").len > 0;
}

static void call_facts(struct sip *s, bool login)
{
	fact(s, TT_SIP_METHOD, &s->cseq_method);
	fact(s, TT_SIP_USER, &s->user);
	fact(s, TT_SIP_PEER, &s->to_user);
	fact(s, TT_SIP_HOST, &s->to_host);
	field_gen_uint(s->r, SIP_ID(TT_SIP_LOGIN), login);
}

/* In which packet the request is, and how long ago that was. */
static void answers(struct sip *s, const struct recent *asked)
{
	uint64_t ms;

	if (!asked)
		return;
	ms = s->r->time < asked->time ? 0 : (uint64_t)(s->r->time - asked->time) / 1000000u;
	field_gen_uint(s->r, SIP_ID(SIP_RESPONSE_REQUEST), asked->frame);
	field_gen_uint(s->r, SIP_ID(SIP_RESPONSE_TIME), ms);
	if (textpart_is(&s->cseq_method, "BYE"))
		field_gen_uint(s->r, SIP_ID(SIP_RELEASE_TIME), ms);
}

static void request_line(struct sip *s, const struct textpart *line)
{
	static const struct textpart invite = {(const uint8_t *)"INVITE", 0, 6};
	uint32_t at = 0;
	struct textpart method = textpart_word(line, &at), uri = textpart_word(line, &at);
	struct recent *known;

	sip_part(s, SIP_REQUEST_LINE, line);
	s->r->cur_depth++;
	sip_part(s, SIP_METHOD, &method);
	sip_uri(s, SIP_RURI_DISPLAY, &uri);
	if (!s->r->in_quote) {
		known = recent(s, &method, s->r->from_a, true);
		resent(s, known->frame && !textpart_is(&method, "ACK"), known->frame);
		if (textpart_is(&method, "ACK"))
			answers(s, recent(s, &invite, s->r->from_a, false));
		if (!known->frame) {
			known->frame = s->r->number;
			known->time = s->r->time;
			known->login = s->login;
		}
	}
	s->r->cur_depth--;
	call_facts(s, s->login);
}

static void status_facts(struct sip *s, struct recent *asked, uint32_t code)
{
	bool again = asked && asked->status == code;

	resent(s, again, again ? asked->answer_frame : 0);
	answers(s, asked);
	if (asked && !again)
		asked->answer_frame = s->r->number;
}

/* True if it is the first answer to its request. */
static bool status_line(struct sip *s, const struct textpart *line)
{
	struct textpart digits = textpart_slice(line, 8, 11);
	struct recent *asked =
		s->r->in_quote ? NULL : recent(s, &s->cseq_method, !s->r->from_a, false);
	uint32_t at = 0, code = 0;
	bool first = !asked || !asked->status;

	textpart_number(&digits, &at, &code);
	sip_part(s, SIP_STATUS_LINE, line);
	s->r->cur_depth++;
	field_add_uint(s->r, SIP_ID(SIP_STATUS_CODE), digits.off, digits.len, code);
	status_facts(s, asked, code);
	s->r->cur_depth--;
	call_facts(s, asked && asked->login);
	if (asked)
		asked->status = (uint16_t)code;
	return first;
}

/* A request waits for its first answer; what comes behind "Trying" answers nothing more. An ACK is
 * never answered (RFC 3261 section 17). */
static void mark(struct sip *s, bool request, bool first_answer, uint32_t first)
{
	enum exchange_role role = request        ? EXCHANGE_REQUEST
				  : first_answer ? EXCHANGE_RESPONSE
						 : EXCHANGE_EVENT;
	if (s->r->in_quote || (request && textpart_is(&s->cseq_method, "ACK")))
		return;
	exchange_mark(s->r, role, PROTO_sip, call_hash(s, &s->cseq_method), first,
		      s->r->nfields - 1);
}

static void body(struct sip *s, struct cursor *c)
{
	if (!cursor_left(c))
		return;
	field_add_none(s->r, SIP_ID(SIP_MSG_BODY), c->pos, cursor_left(c));
	if (s->call_id.len)
		field_add_value(s->r, SIP_ID(SIP_CALL_ID_GENERATED), c->pos, 0, s->call_id.p,
				s->call_id.len)
			->flags |= FIELD_GENERATED;
}

/* The message in the cursor, which ends with it; its header has n bytes. */
static void message(struct decoder *d, struct record *r, struct cursor *c, uint32_t n)
{
	struct layer *layer = layer_open(r, PROTO_sip, c);
	struct sip s = {.d = d, .r = r, .cut = c->captured < c->reported ? FIELD_SNAPPED : 0};
	struct textpart block = {c->base + c->pos, c->pos, n}, line, lines;
	uint32_t at = 0, first = r->nfields;
	bool request, first_answer = false;

	http_line(&block, &at, &line);
	lines = textpart_slice(&block, at, block.len);
	read_call(&s, &lines);
	request = !is_status_line(&line);
	if (request)
		request_line(&s, &line);
	else
		first_answer = status_line(&s, &line);
	sip_header(&s, &lines);
	cursor_skip(c, n);
	r->snapped |= s.cut != 0;
	mark(&s, request, first_answer, first);
	body(&s, c);
	if (layer)
		layer_close(r, layer, c->captured);
	if (cursor_left(c) && textpart_starts(&s.content_type, "application/sdp"))
		decode_as(d, r, PROTO_sdp, c);
}

/* Bytes of the header with the empty line that ends it; 0: it has no end. */
static uint32_t header_size(const uint8_t *p, uint32_t n)
{
	struct textpart all = {p, 0, n}, text;
	uint32_t at = 0;

	while (at < n) {
		http_line(&all, &at, &text);
		if (!text.len && p[at - 1] == '\n')
			return at;
	}
	return 0;
}

/* A whole message over TCP: Content-Length says where it ends (RFC 3261 section 18.3). */
static bool stream_message(struct decoder *d, struct record *r, struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;
	uint32_t left = cursor_left(c), n = header_size(p, left), at = 0, length = 0;
	bool final = r->payload.last || c->captured < c->reported;
	struct textpart header = {p, c->pos, n}, value;
	struct cursor one;

	if (!starts_message(p, left))
		return false;
	value = value_of(&header, "Content-Length", "l");
	textpart_number(&value, &at, &length);
	if (!final && left < HEADER_MAX && (!n || left - n < length)) {
		c->need_more = true;
		return false;
	}
	n = n ? n : left;
	one = cursor_fence(c, n + length);
	message(d, r, &one, n);
	return true;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	bool stream = r->flow.ip_proto == 6;

	while (stream && cursor_left(c) && decode_step(d)) {
		if (*(c->base + c->pos) == '\r' || *(c->base + c->pos) == '\n') /* keep-alive */
			cursor_skip(c, 1);
		else if (!stream_message(d, r, c))
			break;
	}
	if (!stream && starts_message(c->base + c->pos, cursor_left(c))) {
		uint32_t left = cursor_left(c), n = header_size(c->base + c->pos, left);

		message(d, r, c, n ? n : left);
		return;
	}
	if (cursor_left(c) && !c->need_more)
		decode_data(d, r, c);
}

static bool looks(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	return (r->flow.ip_proto == 6 || r->flow.ip_proto == 17) && starts_message(bytes, n);
}

static const struct hang on[] = {{ON_UDP_PORT, 5060}, {ON_TCP_PORT, 5060}, {ON_NOTHING, 0}};

const struct proto_def proto_sip = {
	.name = "sip",
	.label = "Session Initiation Protocol",
	.prefix = "SIP",
	.fields = sip_rows,
	.nfields = SIP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.blurb = "Sets up telephone calls over the network.",
	.see = "RFC 3261",
};
