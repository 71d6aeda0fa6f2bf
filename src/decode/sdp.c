/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SDP says what a call is to carry: which kinds of sound or picture, in which coding, and to which
 * address and port. Lines of one letter, "=" and a value. RFC 8866; offers and answers RFC 3264.
 * Called by SIP.
 */
#include "src/decode/apptext.h"
#include "src/decode/http.h"
#include "src/decode/sdp.h"

struct sdp {
	struct decoder *d;
	struct record *r;
	bool media;    /* behind the first m= line */
	bool rtp;      /* of the medium at work: its formats are numbers of RTP */
	uint8_t flags; /* for every field of the line */
};

static void part(struct sdp *s, uint16_t row, const struct textpart *p)
{
	field_add_bytes(s->r, SDP_ID(row), p->off, p->len)->flags |= s->flags;
}

/* The next words of the value go into these rows; 0 ends them. */
static uint32_t words(struct sdp *s, const struct textpart *value, uint32_t at,
		      const uint16_t *rows)
{
	for (; *rows; rows++) {
		struct textpart word = textpart_word(value, &at);

		if (!word.len)
			break;
		part(s, *rows, &word);
	}
	return at;
}

static struct textpart up_to(const struct textpart *p, uint32_t *at, char mark)
{
	uint32_t from = *at, i = from;

	while (i < p->len && p->p[i] != (uint8_t)mark)
		i++;
	*at = i < p->len ? i + 1 : p->len;
	return textpart_slice(p, from, i);
}

/* c=IN IP4 192.0.2.1/127/3 */
static void connection(struct sdp *s, const struct textpart *value)
{
	static const uint16_t rows[] = {SDP_CONNECTION_NETWORK, SDP_CONNECTION_TYPE, 0};
	uint32_t at = words(s, value, 0, rows), inside = 0;
	struct textpart address = textpart_word(value, &at), one;

	for (uint16_t row = SDP_CONNECTION_ADDRESS; row <= SDP_CONNECTION_COUNT; row++) {
		one = up_to(&address, &inside, '/');
		if (one.len)
			part(s, row, &one);
	}
}

/* The names that Wireshark gives the numbers of RTP (RFC 3551 section 6). */
static void rtp_format(struct sdp *s, const struct textpart *word)
{
	uint32_t at = 0, number;
	const char *name;
	struct buf text = BUF_INIT;

	if (!s->rtp || !textpart_number(word, &at, &number) || at != word->len || number > 127) {
		part(s, SDP_MEDIA_FORMAT, word);
		return;
	}
	name = value_name(sdp_rtp_formats, number);
	if (name)
		buf_str(&text, name);
	else
		buf_printf(&text, number >= 96 ? "DynamicRTP-Type-%u" : "Unassigned", number);
	field_add_value(s->r, SDP_ID(SDP_MEDIA_FORMAT), word->off, word->len,
			arena_copy(&s->r->arena, buf_text(&text), text.len), (uint32_t)text.len);
	buf_release(&text);
}

/* m=audio 49170/2 RTP/AVP 0 8 */
static void media(struct sdp *s, const struct textpart *value)
{
	uint32_t at = 0, inside = 0, number, digits = 0;
	struct textpart word = textpart_word(value, &at), port;

	part(s, SDP_MEDIA_MEDIA, &word);
	word = textpart_word(value, &at);
	port = up_to(&word, &inside, '/');
	part(s, SDP_MEDIA_PORT_STRING, &port);
	if (textpart_number(&port, &digits, &number) && number <= 65535)
		field_add_uint(s->r, SDP_ID(SDP_MEDIA_PORT), port.off, port.len, number);
	port = textpart_slice(&word, inside, word.len);
	if (port.len)
		part(s, SDP_MEDIA_PORT_COUNT, &port);
	word = textpart_word(value, &at);
	part(s, SDP_MEDIA_PROTO, &word);
	s->rtp = textpart_has(&word, "RTP/");
	for (word = textpart_word(value, &at); word.len && decode_step(s->d);
	     word = textpart_word(value, &at))
		rtp_format(s, &word);
}

/* rtpmap:0 PCMU/8000 */
static void rtpmap(struct sdp *s, const struct textpart *value)
{
	uint32_t at = 0, inside = 0;
	struct textpart word = textpart_word(value, &at), name;

	part(s, SDP_MEDIA_FORMAT, &word);
	word = textpart_word(value, &at);
	name = up_to(&word, &inside, '/');
	part(s, SDP_MIME_TYPE, &name);
	name = up_to(&word, &inside, '/');
	if (name.len)
		part(s, SDP_SAMPLE_RATE, &name);
}

/* fmtp:101 0-15;x=y */
static void fmtp(struct sdp *s, const struct textpart *value)
{
	uint32_t at = 0, inside = 0;
	struct textpart word = textpart_word(value, &at), rest = textpart_rest(value, at);

	part(s, SDP_MEDIA_FORMAT, &word);
	while (inside < rest.len && decode_step(s->d)) {
		word = up_to(&rest, &inside, ';');
		while (word.len && *word.p == ' ')
			word = textpart_slice(&word, 1, word.len);
		if (word.len)
			part(s, SDP_FMTP_PARAMETER, &word);
	}
}

/* candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host (RFC 8839 section 5.1) */
static void candidate(struct sdp *s, const struct textpart *value)
{
	static const uint16_t rows[] = {SDP_ICE_FOUNDATION,
					SDP_ICE_COMPONENT,
					SDP_ICE_TRANSPORT,
					SDP_ICE_PRIORITY,
					SDP_ICE_ADDRESS,
					SDP_ICE_PORT,
					0};
	uint32_t at = words(s, value, 0, rows);
	struct textpart word = textpart_word(value, &at);

	if (!textpart_is(&word, "typ"))
		return;
	word = textpart_word(value, &at);
	if (word.len)
		part(s, SDP_ICE_TYPE, &word);
}

/* crypto:1 AES_CM_128_HMAC_SHA1_80 inline:key (RFC 4568) */
static void crypto(struct sdp *s, const struct textpart *value)
{
	uint32_t at = 0, digits = 0, number = 0;
	struct textpart word = textpart_word(value, &at);

	s->flags = 0;
	textpart_number(&word, &digits, &number);
	field_add_uint(s->r, SDP_ID(SDP_CRYPTO_TAG), word.off, word.len, number);
	word = textpart_word(value, &at);
	part(s, SDP_CRYPTO_SUITE, &word);
}

static void attribute(struct sdp *s, const struct textpart *value)
{
	uint32_t at = 0;
	struct textpart name = up_to(value, &at, ':'), rest = textpart_slice(value, at, value->len);

	if (name.len == value->len)
		return;
	part(s, s->media ? SDP_MEDIA_ATTRIBUTE_FIELD : SDP_SESSION_ATTR_FIELD, &name);
	if (!s->media)
		part(s, SDP_SESSION_ATTR_VALUE, &rest);
	else if (textpart_is(&name, "rtpmap"))
		rtpmap(s, &rest);
	else if (textpart_is(&name, "fmtp"))
		fmtp(s, &rest);
	else if (textpart_is(&name, "candidate"))
		candidate(s, &rest);
	else if (textpart_is(&name, "crypto"))
		crypto(s, &rest);
	else
		part(s, SDP_MEDIA_ATTRIBUTE_VALUE, &rest);
}

/* b=AS:128, k=prompt */
static void pair(struct sdp *s, const struct textpart *value, uint16_t row)
{
	uint32_t at = 0;
	struct textpart name = up_to(value, &at, ':'), rest = textpart_slice(value, at, value->len);

	part(s, row, &name);
	if (rest.len)
		part(s, row + 1, &rest);
}

/* r=604800 3600 0 90000 */
static void repeats(struct sdp *s, const struct textpart *value)
{
	static const uint16_t rows[] = {SDP_REPEAT_INTERVAL, SDP_REPEAT_DURATION, 0};
	static const uint16_t offset[] = {SDP_REPEAT_OFFSET, 0};
	uint32_t at = words(s, value, 0, rows);

	while (at < value->len && decode_step(s->d))
		at = words(s, value, at, offset);
}

static void details(struct sdp *s, char letter, const struct textpart *value)
{
	static const uint16_t owner[] = {SDP_OWNER_USERNAME,
					 SDP_OWNER_SESSION_ID,
					 SDP_OWNER_VERSION,
					 SDP_OWNER_NETWORK,
					 SDP_OWNER_TYPE,
					 SDP_OWNER_ADDRESS,
					 0};
	static const uint16_t times[] = {SDP_TIME_START, SDP_TIME_STOP, 0};

	s->r->cur_depth++;
	switch (letter) {
	case 'o': words(s, value, 0, owner); break;
	case 'c': connection(s, value); break;
	case 'b': pair(s, value, SDP_BANDWIDTH_MODIFIER); break;
	case 't': words(s, value, 0, times); break;
	case 'r': repeats(s, value); break;
	case 'k': pair(s, value, SDP_KEY_TYPE); break;
	case 'm': media(s, value); break;
	case 'a': attribute(s, value); break;
	default: break;
	}
	s->r->cur_depth--;
}

/* The row of a line, by its letter (RFC 8866 section 5). */
static uint16_t line_row(const struct sdp *s, char letter)
{
	static const struct {
		char letter;
		uint16_t row;
	} rows[] = {{'v', SDP_VERSION},    {'o', SDP_OWNER},     {'s', SDP_SESSION_NAME},
		    {'u', SDP_URI},        {'e', SDP_EMAIL},     {'p', SDP_PHONE},
		    {'c', SDP_CONNECTION}, {'b', SDP_BANDWIDTH}, {'t', SDP_TIME},
		    {'r', SDP_REPEAT},     {'z', SDP_TIMEZONE},  {'k', SDP_KEY},
		    {'m', SDP_MEDIA}};

	if (letter == 'i')
		return s->media ? SDP_MEDIA_TITLE : SDP_SESSION_INFO;
	if (letter == 'a')
		return s->media ? SDP_MEDIA_ATTR : SDP_SESSION_ATTR;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].letter == letter)
			return rows[i].row;
	return SDP_UNKNOWN;
}

/* Keys for encrypted calls stand in attributes (RFC 4568) and in k= lines. */
static uint8_t secrecy(char letter, const struct textpart *value)
{
	return letter == 'k' || (letter == 'a' && (textpart_starts(value, "crypto:") ||
						   textpart_starts(value, "ice-pwd:") ||
						   textpart_starts(value, "key-mgmt:")))
		       ? FIELD_SECRET
		       : 0;
}

static void one_line(struct sdp *s, const struct textpart *text)
{
	char letter = (char)*text->p;
	struct textpart value = textpart_slice(text, 2, text->len);

	if (text->len < 2 || text->p[1] != '=') {
		part(s, SDP_INVALID, text);
		return;
	}
	s->media |= letter == 'm';
	s->flags = secrecy(letter, &value);
	if (line_row(s, letter) == SDP_UNKNOWN)
		value = *text;
	part(s, line_row(s, letter), &value);
	details(s, letter, &value);
	s->flags = 0;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_sdp, c);
	struct textpart all = {c->base + c->pos, c->pos, cursor_left(c)};
	struct sdp s = {.d = d, .r = r};
	uint32_t at = 0;

	while (at < all.len && decode_step(d)) {
		struct textpart text;

		http_line(&all, &at, &text);
		if (text.len)
			one_line(&s, &text);
	}
	cursor_skip(c, all.len);
	if (c->captured < c->reported)
		r->snapped = true;
	if (layer)
		layer_close(r, layer, c->pos);
}

const struct proto_def proto_sdp = {
	.name = "sdp",
	.label = "Session Description Protocol",
	.prefix = "SDP",
	.fields = sdp_rows,
	.nfields = SDP_ROWS,
	.decode = decode,
	.lines = app_no_lines,
	.blurb = "Says which sound or picture a call carries, and where to.",
	.see = "RFC 8866",
};
