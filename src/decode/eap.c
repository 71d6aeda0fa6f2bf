/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EAP asks who wants to join a network, and has it proved in one of many ways. RFC 3748. Lies in
 * 802.1X frames and, on lines, at PPP protocol 0xC227.
 */
#include "eap.h"

#include "ppp_control.h"

/* A question and its answer have the same number; the verdict answers nothing (section 4.2). */
static void mark(struct decoder *d, struct record *r, uint64_t code, uint64_t number,
		 uint32_t first)
{
	if (code == EAP_REQUEST || code == EAP_RESPONSE)
		ppp_mark(d, r, code == EAP_REQUEST ? EXCHANGE_REQUEST : EXCHANGE_RESPONSE, 1,
			 (uint8_t)number, first);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_eap, c);
	uint32_t first = r->nfields, length;
	uint64_t code = walk(r, c, EAP_ID(CODE), EAP_ID(CODE));
	uint64_t number = walk(r, c, EAP_ID(NUMBER), EAP_ID(NUMBER));
	struct cursor inner;

	length = (uint32_t)walk(r, c, EAP_ID(LENGTH), EAP_ID(LENGTH));
	inner = cursor_fence(c, length < 4 ? 0 : length - 4);
	if ((code == EAP_REQUEST || code == EAP_RESPONSE) && cursor_promised(&inner)) {
		unsigned type = (unsigned)walk(r, &inner, EAP_ID(TYPE), EAP_ID(TYPE));

		mark(d, r, code, number, first);
		eap_method(d, r, &inner, type, (unsigned)code);
	}
	decode_overrun(r, cursor_ok(&inner) ? c : &inner);
	layer_close(r, layer, inner.pos);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0xc227}, {ON_NOTHING, 0}};

const struct proto_def proto_eap = {
	.name = "eap",
	.label = "Extensible Authentication Protocol",
	.prefix = "EAP",
	.header = "LOGIN (EAP)",
	.fields = eap_rows,
	.nfields = EAP_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Asks who wants to join the network, and has it proved.",
	.see = "RFC 3748",
};
