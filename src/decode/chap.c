/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CHAP logs in on a PPP line without sending the password: one side gives a random challenge, the
 * other answers with a digest of challenge and password. RFC 1994; Microsoft's error numbers
 * RFC 2759 section 6. Hangs at PPP protocol 0xC223.
 */
#include "ppp_control.h"

enum {
	CHAP_PROTO,
	CHAP_CODE,
	CHAP_IDENTIFIER,
	CHAP_LENGTH,
	CHAP_DATA,
	CHAP_VALUE_SIZE,
	CHAP_VALUE,
	CHAP_NAME,
	CHAP_MESSAGE,
	CHAP_STUFF,
	TT_ERROR,
	CHAP_ROWS
};
#define ID(row) FIELD_ID(PROTO_chap, row)

enum { CHALLENGE = 1, RESPONSE, SUCCESS, FAILURE };
enum { GROUP_CHALLENGE = 1, GROUP_LOGIN };

static const struct value_name codes[] = {{CHALLENGE, "prove it (Challenge)"},
					  {RESPONSE, "the proof (Response)"},
					  {SUCCESS, "accepted (Success)"},
					  {FAILURE, "refused (Failure)"},
					  {0, NULL}};
static const struct value_name errors[] = {{646, "not at this hour"},
					   {647, "account disabled"},
					   {648, "password out of date"},
					   {649, "no permission to dial in"},
					   {691, "wrong name or password"},
					   {709, "password could not be changed"},
					   {0, NULL}};

static const struct field_def rows[CHAP_ROWS] = {
	[CHAP_PROTO] = {"chap", "PPP Challenge Handshake Authentication Protocol", FT_PROTOCOL},
	[CHAP_CODE] = {"chap.code", "Message", FT_UINT8, SHOW_DEC, 1, .values = codes,
		       .blurb = "Which step of the login this is.", .see = "RFC 1994 section 4"},
	[CHAP_IDENTIFIER] = {"chap.identifier", "Number", FT_UINT8, SHOW_DEC, 1},
	[CHAP_LENGTH] = {"chap.length", "Length", FT_UINT16, SHOW_DEC, 2},
	[CHAP_DATA] = {"chap.data", "Data", FT_NONE},
	[CHAP_VALUE_SIZE] = {"chap.value_size", "Length of the value", FT_UINT8, SHOW_DEC, 1},
	[CHAP_VALUE] = {"chap.value", "Value", FT_BYTES, .secrecy = SECRET,
			.blurb = "The random challenge, or the digest that answers it. From both "
				 "a weak password can be guessed."},
	[CHAP_NAME] = {"chap.name", "Name", FT_STRING, .secrecy = IDENTITY},
	[CHAP_MESSAGE] = {"chap.message", "Says", FT_STRING,
			  .blurb = "What the other side says about the login; Microsoft's begins "
				   "with an error number, E=691 for a wrong password."},
	[CHAP_STUFF] = {"chap.stuff", "Data", FT_BYTES},
	[TT_ERROR] = {"tt.chap.error", "Error number", FT_UINT32, .values = errors,
		      .see = "RFC 2759 section 6"},
};

/* "E=691 R=1 ..." */
static void error_number(struct record *r, const struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;
	uint32_t left = cursor_left(c), v = 0, i = 2;

	if (left < 3 || p[0] != 'E' || p[1] != '=')
		return;
	for (; i < left && i < 8 && p[i] >= '0' && p[i] <= '9'; i++)
		v = v * 10 + p[i] - '0';
	if (i > 2)
		field_gen_uint(r, ID(TT_ERROR), v);
}

/* RFC 1994 section 4.1 */
static void proof(struct record *r, struct cursor *c)
{
	uint32_t n;

	field_add_none(r, ID(CHAP_DATA), c->pos, cursor_left(c));
	r->cur_depth++;
	n = (uint32_t)walk(r, c, ID(CHAP_VALUE_SIZE), ID(CHAP_VALUE_SIZE));
	if (n && cursor_want(c, n))
		field_add_bytes(r, ID(CHAP_VALUE), c->pos, n);
	if (cursor_skip(c, n) && cursor_left(c))
		field_add_bytes(r, ID(CHAP_NAME), c->pos, cursor_left(c));
	r->cur_depth--;
}

static void body(struct record *r, struct cursor *c, uint64_t code)
{
	if (code == CHALLENGE || code == RESPONSE) {
		proof(r, c);
	} else if (code == SUCCESS || code == FAILURE) {
		field_add_bytes(r, ID(CHAP_MESSAGE), c->pos, cursor_left(c));
		if (code == FAILURE)
			error_number(r, c);
	} else {
		field_add_bytes(r, ID(CHAP_STUFF), c->pos, cursor_left(c));
	}
}

/* The proof answers the challenge, and is itself answered by the verdict. */
static void mark(struct decoder *d, struct record *r, uint64_t code, uint8_t number, uint32_t first)
{
	if (code == CHALLENGE)
		ppp_mark(d, r, EXCHANGE_REQUEST, GROUP_CHALLENGE, number, first);
	else if (code == RESPONSE)
		ppp_mark(d, r, EXCHANGE_REQUEST, GROUP_LOGIN, number, first);
	else if (code == SUCCESS || code == FAILURE)
		ppp_mark(d, r, EXCHANGE_RESPONSE, GROUP_LOGIN, number, first);
	if (code == RESPONSE)
		ppp_mark(d, r, EXCHANGE_RESPONSE, GROUP_CHALLENGE, number, first);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_chap, c);
	uint32_t first = r->nfields, length;
	uint64_t code = walk(r, c, ID(CHAP_CODE), ID(CHAP_CODE));
	uint64_t number = walk(r, c, ID(CHAP_IDENTIFIER), ID(CHAP_IDENTIFIER));
	struct cursor inner;

	length = (uint32_t)walk(r, c, ID(CHAP_LENGTH), ID(CHAP_LENGTH));
	inner = cursor_fence(c, length < 4 ? 0 : length - 4);
	if (code == FAILURE)
		ppp_reason(r, inner.base + inner.pos, cursor_left(&inner));
	if (cursor_left(&inner))
		body(r, &inner, code);
	decode_overrun(r, cursor_ok(&inner) ? c : &inner);
	mark(d, r, code, (uint8_t)number, first);
	layer_close(r, layer, inner.pos);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0xc223}, {ON_ETHERTYPE, 0xc223}, {ON_NOTHING, 0}};

const struct proto_def proto_chap = {
	.name = "chap",
	.label = "PPP Challenge Handshake Authentication Protocol",
	.prefix = "CHAP",
	.header = "LOGIN (CHAP)",
	.fields = rows,
	.nfields = CHAP_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Logs in on a PPP line without sending the password.",
	.see = "RFC 1994",
};
