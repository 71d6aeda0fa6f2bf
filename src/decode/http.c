/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP fetches web pages: a request in lines of text, a reply with a status and the content.
 * RFC 9110 (meaning), RFC 9112 (HTTP/1.1 on the wire).
 * Hangs at TCP port 80 and the usual ports of proxies; found by content elsewhere. What goes
 * through a tunnel (CONNECT, Upgrade) is not decoded.
 */
#include "src/decode/apptext.h"
#include "src/decode/http_state.h"
#include "src/decode/sasl.h"

#define URIS_MAX     64
#define URI_MAX      512
#define HEADER_MAX   32768 /* a header longer than this is taken as it is */
#define START_ENOUGH 16    /* bytes that tell whether a message begins here */

static struct field *add_part(struct http *h, uint16_t row, const struct textpart *part,
			      uint8_t flags)
{
	struct field *f = field_add_bytes(h->r, HTTP_ID(row), part->off, part->len);

	f->flags |= flags | h->cut;
	return f;
}

static void add_text(struct http *h, uint16_t row, const char *text)
{
	if (*text)
		field_gen_text(h->r, HTTP_ID(row), text, strlen(text));
}

/* "a=1; b=2" */
static void cookie_pairs(struct http *h, const struct textpart *value)
{
	uint32_t at = 0;

	while (at < value->len && decode_step(h->d)) {
		const uint8_t *end = memchr(value->p + at, ';', value->len - at);
		uint32_t to = end ? (uint32_t)(end - value->p) : value->len;
		struct textpart pair = textpart_slice(value, at, to);

		while (pair.len && *pair.p == ' ')
			pair = textpart_slice(&pair, 1, pair.len);
		if (pair.len)
			add_part(h, HTTP_COOKIE_PAIR, &pair, FIELD_SECRET);
		at = to + 1;
	}
}

/* Digits alone; false if the number is none or too large. */
static bool length_value(const struct textpart *value, uint64_t *n)
{
	*n = 0;
	for (uint32_t i = 0; i < value->len; i++) {
		if (value->p[i] < '0' || value->p[i] > '9' || *n > UINT64_MAX / 10 - 1)
			return false;
		*n = *n * 10 + (value->p[i] - '0');
	}
	return value->len > 0;
}

/* "Basic " and user:password in base64 (RFC 7617 section 2). */
static void basic(struct http *h, const struct textpart *value)
{
	uint8_t text[256];
	struct textpart coded;
	size_t n;

	if (!textpart_starts(value, "Basic "))
		return;
	coded = textpart_slice(value, 6, value->len);
	n = base64_decode(&coded, text, sizeof(text));
	if (n)
		field_gen_text(h->r, HTTP_ID(HTTP_AUTH_BASIC), (const char *)text, n);
}

static void header_details(struct http *h, uint16_t row, const struct textpart *value)
{
	uint64_t n;

	h->r->cur_depth++;
	if (row == HTTP_COOKIE)
		cookie_pairs(h, value);
	else if (row == HTTP_AUTHORIZATION || row == HTTP_PROXY_AUTHORIZATION)
		basic(h, value);
	else if (row == HTTP_CONTENT_LENGTH_HEADER && length_value(value, &n))
		field_add_uint(h->r, HTTP_ID(HTTP_CONTENT_LENGTH), value->off, value->len, n);
	h->r->cur_depth--;
}

/* All header fields; a line that begins with a blank goes on with the one before it (RFC 9112
 * section 5.2). */
static void header_fields(struct http *h, const struct textpart *lines)
{
	uint8_t before = 0;
	uint32_t at = 0;

	while (at < lines->len && decode_step(h->d)) {
		struct textpart text, whole = http_line(lines, &at, &text), name, value;
		bool folded = text.len && (*text.p == ' ' || *text.p == '\t');
		struct http_header known;

		if (!text.len)
			continue;
		http_split(&text, &name, &value);
		known = http_header_known(&name, &value);
		if (folded)
			known = (struct http_header){NULL, FIELD_NONE, before};
		if (known.row != FIELD_NONE) {
			add_part(h, known.row, &value, known.flags);
			header_details(h, known.row, &value);
		}
		add_part(h, h->request ? HTTP_REQUEST_LINE : HTTP_RESPONSE_LINE, &whole,
			 known.flags);
		before = known.flags;
	}
}

/* Path, query and the query's parameters, where there is a query. */
static void uri_parts(struct http *h, const struct textpart *uri, uint8_t flags)
{
	const uint8_t *mark = uri->len ? memchr(uri->p, '?', uri->len) : NULL;
	uint32_t at = mark ? (uint32_t)(mark - uri->p) : uri->len;
	struct textpart path = textpart_slice(uri, 0, at), query;

	if (!mark)
		return;
	query = textpart_slice(uri, at + 1, uri->len);
	add_part(h, HTTP_REQUEST_PATH, &path, flags);
	add_part(h, HTTP_REQUEST_QUERY, &query, flags);
	for (at = 0; at < query.len && decode_step(h->d);) {
		const uint8_t *end = memchr(query.p + at, '&', query.len - at);
		uint32_t to = end ? (uint32_t)(end - query.p) : query.len;
		struct textpart parameter = textpart_slice(&query, at, to);

		add_part(h, HTTP_REQUEST_PARAMETER, &parameter, flags);
		at = to + 1;
	}
}

/* The addresses of requests that may still be answered. */
struct uris {
	unsigned next;
	struct uri {
		uint32_t conv, frame; /* conv: index + 1; 0: free */
		uint16_t len;
		uint8_t flags; /* FIELD_SECRET */
		char text[URI_MAX];
	} v[URIS_MAX];
};

static void keep_uri(struct http *h, const uint8_t *text, uint32_t n, uint8_t flags)
{
	struct uris *u = decoder_state(h->d, PROTO_data_text_lines, sizeof(struct uris));
	struct uri *e = &u->v[u->next];

	if (n > URI_MAX)
		return;
	u->next = (u->next + 1) % URIS_MAX;
	*e = (struct uri){.conv = h->r->conv->index + 1,
			  .frame = h->r->number,
			  .len = (uint16_t)n,
			  .flags = flags};
	memcpy(e->text, text, n);
}

/* The address that was asked for in that packet; of several the one asked first. */
static void answered_uri(struct http *h, uint32_t frame)
{
	struct uris *u = decoder_state(h->d, PROTO_data_text_lines, sizeof(struct uris));

	for (unsigned i = 0; i < URIS_MAX; i++) {
		struct uri *e = &u->v[(u->next + i) % URIS_MAX];

		if (e->conv != h->r->conv->index + 1 || e->frame != frame)
			continue;
		field_gen_text(h->r, HTTP_ID(HTTP_RESPONSE_FOR), e->text, e->len)->flags |=
			e->flags;
		e->conv = 0;
		return;
	}
}

static void full_uri(struct http *h, const struct textpart *uri, const struct textpart *host,
		     const struct pending *p)
{
	bool whole = textpart_starts(uri, "http://") || !strcmp(p->method, "CONNECT");
	uint32_t n = whole ? uri->len : 7 + host->len + uri->len;
	uint8_t *text;

	if (!host->len) {
		keep_uri(h, uri->p, uri->len, http_uri_flags(uri));
		return;
	}
	text = arena_alloc(&h->r->arena, (size_t)n + 1);
	if (!whole) {
		memcpy(text, "http://", 7);
		memcpy(text + 7, host->p, host->len);
	}
	memcpy(text + n - uri->len, uri->p, uri->len);
	field_add_value(h->r, HTTP_ID(HTTP_REQUEST_FULL_URI), uri->off, 0, text, n)->flags |=
		FIELD_GENERATED | http_uri_flags(uri);
	keep_uri(h, text, n, http_uri_flags(uri));
}

static void put_word(char *to, uint32_t size, const struct textpart *word)
{
	to[0] = '\0';
	if (word->len >= size)
		return;
	memcpy(to, word->p, word->len);
	to[word->len] = '\0';
}

/* Remember what was asked; too many at once: better no answer than a wrong one. */
static void remember(struct http *h, const struct pending *p)
{
	if (h->state->npending == PENDING_MAX)
		h->state->npending = 0;
	h->state->pending[h->state->npending++] = *p;
}

static struct pending answered(struct http *h, bool final)
{
	struct http_state *s = h->state;
	struct pending p = {.asked = false};

	if (!s->npending)
		return p;
	p = s->pending[0];
	if (final)
		memmove(&s->pending[0], &s->pending[1], --s->npending * sizeof(s->pending[0]));
	return p;
}

static void facts(struct http *h, const struct pending *p)
{
	add_text(h, TT_HTTP_METHOD, p->method);
	add_text(h, TT_HTTP_HOST, p->host);
	if (p->expected)
		field_gen_uint(h->r, HTTP_ID(TT_HTTP_EXPECTED), p->expected);
}

static bool is_chunked(const struct textpart *lines)
{
	struct textpart coding = http_header_find(lines, "Transfer-Encoding");

	return textpart_has(&coding, "chunked");
}

/* How long the body is (RFC 9112 section 6.3); `without` is how long if nothing says so. */
static void expect_body(struct http *h, const struct textpart *lines, uint64_t without)
{
	struct textpart length = http_header_find(lines, "Content-Length");
	uint64_t n;

	if (is_chunked(lines)) {
		h->dir->where = AT_CHUNK_SIZE;
	} else {
		h->dir->left = length_value(&length, &n) ? n : without;
		h->dir->where = h->dir->left ? AT_BODY : AT_START;
	}
	if (h->dir->where != AT_START)
		http_body_begin(h, lines);
}

/* The messages before this one on the same connection: the request before the one at hand or
 * answered, and for a reply the reply before. */
static void neighbours(struct http *h)
{
	const struct http_state *s = h->state;
	uint32_t before = h->request ? s->last_request : s->request_before;

	if (before)
		field_gen_uint(h->r, HTTP_ID(HTTP_PREV_REQUEST), before);
	if (!h->request && s->last_response)
		field_gen_uint(h->r, HTTP_ID(HTTP_PREV_RESPONSE), s->last_response);
}

static void request(struct http *h, const struct textpart *line, const struct textpart *lines)
{
	struct pending p = {.frame = h->r->number, .time = h->r->time, .asked = true};
	uint32_t at = 0, first = h->r->nfields;
	struct textpart method = textpart_word(line, &at), uri = textpart_word(line, &at);
	struct textpart version = textpart_word(line, &at);
	struct textpart host = http_header_find(lines, "Host");
	uint8_t flags = http_uri_flags(&uri);

	put_word(p.method, METHOD_MAX, &method);
	put_word(p.host, HOST_MAX, &host);
	p.expected = (uint16_t)http_probe(&uri);
	add_part(h, HTTP_REQUEST_METHOD, &method, 0);
	if (uri.len)
		add_part(h, HTTP_REQUEST_URI, &uri, flags);
	facts(h, &p);
	uri_parts(h, &uri, flags);
	if (version.len)
		add_part(h, HTTP_REQUEST_VERSION, &version, 0);
	header_fields(h, lines);
	full_uri(h, &uri, &host, &p);
	field_gen_uint(h->r, HTTP_ID(HTTP_REQUEST), 1);
	field_gen_uint(h->r, HTTP_ID(HTTP_REQUEST_NUMBER), ++h->state->requests);
	neighbours(h);
	h->state->last_request = h->r->number;
	exchange_mark(h->r, EXCHANGE_REQUEST, PROTO_http, 0, first, h->r->nfields - 1);
	remember(h, &p);
	expect_body(h, lines, 0);
}

static void response_times(struct http *h, const struct pending *p)
{
	if (!p->asked)
		return;
	field_gen_int(h->r, HTTP_ID(HTTP_TIME), h->r->time - p->time);
	field_gen_uint(h->r, HTTP_ID(HTTP_REQUEST_IN), p->frame);
	answered_uri(h, p->frame);
}

/* After "101 Switching Protocols" the connection is another one's (RFC 9110 section 7.8). */
static void upgrade(struct http *h, const struct textpart *lines)
{
	struct textpart to = http_header_find(lines, "Upgrade");

	if (textpart_is(&to, "websocket"))
		h->next = PROTO_websocket;
	else if (textpart_is(&to, "h2c"))
		h->next = PROTO_http2;
	else if (h->r->conv)
		h->r->conv->app_opaque = true;
	add_part(h, TT_HTTP_TUNNEL, &to, 0);
}

/* What follows the reply: nothing, a body, or what the tunnel carries. */
static void after_response(struct http *h, const struct textpart *lines, uint32_t code,
			   const struct pending *p)
{
	h->dir->where = AT_START;
	if (code == 101) {
		upgrade(h, lines);
	} else if (code / 100 == 2 && !strcmp(p->method, "CONNECT")) {
		if (h->r->conv)
			h->r->conv->app_opaque = true;
		add_text(h, TT_HTTP_TUNNEL, "what the client and the server behind the proxy say");
	} else if (code / 100 != 1 && code != 204 && code != 304 &&
		   strcmp(p->method, "HEAD") != 0) {
		expect_body(h, lines, UNTIL_CLOSE);
	}
}

static void response(struct http *h, const struct textpart *line, const struct textpart *lines)
{
	uint32_t at = 0, first = h->r->nfields, code = 0, digits = 0;
	struct textpart version = textpart_word(line, &at), number = textpart_word(line, &at);
	struct textpart phrase = textpart_rest(line, at);
	struct pending p;
	bool final, paired;

	if (!textpart_number(&number, &digits, &code) || digits != 3)
		code = 0;
	final = code / 100 != 1 || code == 101;
	p = answered(h, final);
	paired = final && p.asked;
	add_part(h, HTTP_RESPONSE_VERSION, &version, 0);
	if (code) {
		const char *words = http_status_words(code);

		field_add_uint(h->r, HTTP_ID(HTTP_RESPONSE_CODE), number.off, number.len, code);
		add_text(h, HTTP_RESPONSE_DESC, words ? words : "Unknown");
	}
	if (phrase.len)
		add_part(h, HTTP_RESPONSE_PHRASE, &phrase, 0);
	facts(h, &p);
	header_fields(h, lines);
	field_gen_uint(h->r, HTTP_ID(HTTP_RESPONSE), 1);
	field_gen_uint(h->r, HTTP_ID(HTTP_RESPONSE_NUMBER), ++h->state->responses);
	neighbours(h);
	h->state->last_response = h->r->number;
	if (final)
		h->state->request_before = p.frame;
	response_times(h, &p);
	exchange_mark(h->r, paired ? EXCHANGE_RESPONSE : EXCHANGE_EVENT, PROTO_http, 0, first,
		      h->r->nfields - 1);
	after_response(h, lines, code, &p);
}

/* Does a message begin here? Radio stations say ICY for HTTP/1.0. A method is a word of capitals
 * (RFC 9110 section 9.1). */
static bool starts_message(const uint8_t *p, uint32_t n, bool *is_request)
{
	struct textpart all = {p, 0, n};
	uint32_t i = 0;

	*is_request = !textpart_starts(&all, "HTTP/1.") && !textpart_starts(&all, "ICY ");
	if (!*is_request)
		return true;
	while (i < n && i < START_ENOUGH && ((p[i] >= 'A' && p[i] <= 'Z') || p[i] == '-'))
		i++;
	return i >= 3 && i + 1 < n && p[i] == ' ' && p[i + 1] > ' ';
}

/* Bytes of the header with the empty line that ends it; 0: it is not complete. */
static uint32_t header_size(const uint8_t *p, uint32_t n)
{
	const uint8_t *at = p, *end = p + n;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		if (at < end && *at == '\n')
			return (uint32_t)(at - p) + 1;
		if (at + 1 < end && at[0] == '\r' && at[1] == '\n')
			return (uint32_t)(at - p) + 2;
	}
	return 0;
}

/* Nothing more comes that could complete what is there. */
static bool is_final(const struct http *h)
{
	return h->r->payload.last || h->c->captured < h->c->reported;
}

/* One message's header; false if it is not complete, or no message begins here. */
static bool message(struct http *h)
{
	const uint8_t *p = h->c->base + h->c->pos;
	uint32_t left = cursor_left(h->c), n, at = 0;
	struct textpart block, line, lines;

	if (!starts_message(p, left, &h->request)) {
		if (left < START_ENOUGH && !memchr(p, '\n', left) && !is_final(h))
			h->c->need_more = true;
		else
			h->dir->where = AT_LOST;
		return false;
	}
	n = header_size(p, left);
	if (!n && !is_final(h) && left < HEADER_MAX) {
		h->c->need_more = true;
		return false;
	}
	h->cut = !n && h->c->captured < h->c->reported ? FIELD_SNAPPED : 0;
	block = (struct textpart){p, h->c->pos, n ? n : left};
	h->layer = layer_open(h->r, PROTO_http, h->c);
	http_line(&block, &at, &line);
	lines = textpart_slice(&block, at, block.len);
	cursor_skip(h->c, block.len);
	if (h->request)
		request(h, &line, &lines);
	else
		response(h, &line, &lines);
	h->r->snapped |= h->cut != 0;
	return true;
}

/* One step; false if nothing more can be read now. */
static bool advance(struct http *h)
{
	bool ignored;

	switch ((enum where)h->dir->where) {
	case AT_BODY:
	case AT_CHUNK:
	case AT_CHUNK_SIZE:
	case AT_TRAILER: return http_body_step(h);
	case AT_LOST:
		if (!starts_message(h->c->base + h->c->pos, cursor_left(h->c), &ignored))
			return false;
		h->dir->where = AT_START;
		return true;
	case AT_START: break;
	}
	if (cursor_peek(h->c) == '\r' || cursor_peek(h->c) == '\n') /* RFC 9112 section 2.2 */
		return cursor_skip(h->c, 1);
	return message(h);
}

/* HTTP/2 without encryption begins with this line, whatever was agreed before (RFC 9113 section
 * 3.4). */
static bool is_http2(const struct cursor *c)
{
	struct textpart all = {c->base + c->pos, c->pos, cursor_left(c)};

	return textpart_starts(&all, "PRI * HTTP/2.0\r\n");
}

/* Lost bytes: what waits for an answer is not known any more, nor where a message begins. Of a
 * connection that was there before the recording the first bytes answer what was asked in it. */
static void forget(struct http *h)
{
	if (h->dir->begun)
		h->state->npending = 0;
	if (h->dir->where != AT_BODY || h->dir->left != UNTIL_CLOSE)
		h->dir->where = AT_LOST;
	http_body_lost(h);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct http h = {.d = d, .r = r, .c = c};

	h.state = conv_state(r, PROTO_http, sizeof(*h.state));
	h.dir = &h.state->dirs[r->from_a ? 0 : 1];
	if (r->payload.gap_before)
		forget(&h);
	h.dir->begun = true;
	h.later = h.dir->where != AT_START && h.dir->where != AT_LOST;
	if (is_http2(c))
		h.next = PROTO_http2;
	while (cursor_left(c) && decode_step(d) && !r->conv->app_opaque && !h.next) {
		struct layer *before = h.layer;

		if (!advance(&h))
			break;
		if (before && before != h.layer)
			layer_close(r, before, h.layer ? h.layer->off : c->pos);
	}
	http_body_flush(&h);
	if (h.layer)
		layer_close(r, h.layer, c->pos);
	if (h.next)
		conv_begin(r->conv, h.next);
	if (h.next && cursor_left(c))
		decode_as(d, r, h.next, c);
	else if (cursor_left(c) && !c->need_more)
		decode_data(d, r, c);
}

/* On other ports a first line that says HTTP/1. */
static bool looks(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	struct textpart all = {bytes, 0, n}, line;
	uint32_t at = 0;
	bool is_request;

	if (r->flow.ip_proto != 6 || !starts_message(bytes, n, &is_request))
		return false;
	http_line(&all, &at, &line);
	return !is_request || textpart_has(&line, " HTTP/1.");
}

static const struct hang on[] = {{ON_TCP_PORT, 80},   {ON_TCP_PORT, 3128},  {ON_TCP_PORT, 3132},
				 {ON_TCP_PORT, 5985}, {ON_TCP_PORT, 8000},  {ON_TCP_PORT, 8008},
				 {ON_TCP_PORT, 8080}, {ON_TCP_PORT, 8081},  {ON_TCP_PORT, 8088},
				 {ON_TCP_PORT, 8888}, {ON_TCP_PORT, 11371}, {ON_NOTHING, 0}};

const struct proto_def proto_http = {
	.name = "http",
	.label = "Hypertext Transfer Protocol",
	.prefix = "HTTP",
	.fields = http_rows,
	.nfields = HTTP_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = app_no_lines,
	.ascii = true,
	.blurb = "Fetches web pages.",
	.see = "RFC 9110, RFC 9112",
};
