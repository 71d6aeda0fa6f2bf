/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PAP logs in on a PPP line with a name and a password, both readable for everybody on the way.
 * RFC 1334 section 2. Hangs at PPP protocol 0xC023.
 */
#include "ppp_control.h"

enum {
	PAP_PROTO,
	PAP_CODE,
	PAP_IDENTIFIER,
	PAP_LENGTH,
	PAP_DATA,
	PAP_NAME_LENGTH,
	PAP_NAME,
	PAP_PASSWORD_LENGTH,
	PAP_PASSWORD,
	PAP_MESSAGE_LENGTH,
	PAP_MESSAGE,
	PAP_STUFF,
	PAP_ROWS
};
#define ID(row) FIELD_ID(PROTO_pap, PAP_##row)

enum { REQUEST = 1, ACK, NAK };

static const struct value_name codes[] = {{REQUEST, "login (Authenticate-Request)"},
					  {ACK, "accepted (Authenticate-Ack)"},
					  {NAK, "refused (Authenticate-Nak)"},
					  {0, NULL}};

static const struct field_def rows[PAP_ROWS] = {
	[PAP_PROTO] = {"pap", "PPP Password Authentication Protocol", FT_PROTOCOL},
	[PAP_CODE] = {"pap.code", "Message", FT_UINT8, SHOW_DEC, 1, .values = codes,
		      .blurb = "The login itself, or the answer to it.",
		      .see = "RFC 1334 section 2.2"},
	[PAP_IDENTIFIER] = {"pap.identifier", "Number", FT_UINT8, SHOW_DEC, 1},
	[PAP_LENGTH] = {"pap.length", "Length", FT_UINT16, SHOW_DEC, 2},
	[PAP_DATA] = {"pap.data", "Data", FT_NONE},
	[PAP_NAME_LENGTH] = {"pap.peer_id.length", "Length of the name", FT_UINT8, SHOW_DEC, 1},
	[PAP_NAME] = {"pap.peer_id", "User name", FT_STRING, .secrecy = IDENTITY},
	[PAP_PASSWORD_LENGTH] = {"pap.password.length", "Length of the password", FT_UINT8,
				 SHOW_DEC, 1},
	[PAP_PASSWORD] = {"pap.password", "Password", FT_STRING, .secrecy = SECRET},
	[PAP_MESSAGE_LENGTH] = {"pap.message.length", "Length of the message", FT_UINT8, SHOW_DEC,
				1},
	[PAP_MESSAGE] = {"pap.message", "Says", FT_STRING,
			 .blurb = "What the other side says about the login, in its own words."},
	[PAP_STUFF] = {"pap.stuff", "Data", FT_BYTES},
};

/* A length byte and as much text, which may be empty. */
static void text(struct record *r, struct cursor *c, uint16_t length, uint16_t id)
{
	uint32_t n = (uint32_t)walk(r, c, length, length);

	if (cursor_want(c, n))
		field_add_bytes(r, id, c->pos, n);
	cursor_skip(c, n);
}

/* The words of a refusal; some leave out even the length. */
static void reason(struct record *r, const struct cursor *c)
{
	uint32_t n = cursor_left(c) > 1 ? cursor_left(c) - 1 : 0;

	ppp_reason(r, n ? c->base + c->pos + 1 : NULL, n);
}

static void body(struct record *r, struct cursor *c, uint64_t code)
{
	field_add_none(r, ID(DATA), c->pos, cursor_left(c));
	r->cur_depth++;
	if (code < REQUEST || code > NAK) {
		field_add_bytes(r, ID(STUFF), c->pos, cursor_left(c));
	} else if (code == REQUEST) {
		text(r, c, ID(NAME_LENGTH), ID(NAME));
		text(r, c, ID(PASSWORD_LENGTH), ID(PASSWORD));
	} else {
		text(r, c, ID(MESSAGE_LENGTH), ID(MESSAGE));
	}
	r->cur_depth--;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_pap, c);
	uint32_t first = r->nfields, length;
	uint64_t code = walk(r, c, ID(CODE), ID(CODE));
	uint64_t identifier = walk(r, c, ID(IDENTIFIER), ID(IDENTIFIER));
	struct cursor inner;

	length = (uint32_t)walk(r, c, ID(LENGTH), ID(LENGTH));
	inner = cursor_fence(c, length < 4 ? 0 : length - 4);
	if (code == NAK)
		reason(r, &inner);
	if (cursor_promised(&inner))
		body(r, &inner, code);
	decode_overrun(r, cursor_ok(&inner) ? c : &inner);
	if (code >= REQUEST && code <= NAK)
		ppp_mark(d, r, code == REQUEST ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, REQUEST,
			 (uint8_t)identifier, first);
	layer_close(r, layer, inner.pos);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0xc023}, {ON_ETHERTYPE, 0xc023}, {ON_NOTHING, 0}};

const struct proto_def proto_pap = {
	.name = "pap",
	.label = "PPP Password Authentication Protocol",
	.prefix = "PAP",
	.header = "LOGIN (PAP)",
	.fields = rows,
	.nfields = PAP_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Logs in on a PPP line with a password in clear text.",
	.see = "RFC 1334",
};
