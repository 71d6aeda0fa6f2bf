/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ppp_control: what the control protocols of PPP share. RFC 1661 sections 4 and 5. */
#include "ppp_control.h"

#include "lcp.h"
#include "link.h"
#include "ppp.h"
#include "pppoe.h"

enum {
	CONFIGURE_REQUEST = 1,
	CONFIGURE_REJECT = 4,
	TERMINATE_REQUEST = 5,
	TERMINATE_ACK = 6,
	CODE_REJECT = 7,
	PROTOCOL_REJECT = 8,
	ECHO_REQUEST = 9,
	ECHO_REPLY = 10,
	DISCARD_REQUEST = 11,
	IDENTIFICATION = 12,
	TIME_REMAINING = 13
};

enum { GROUP_CONFIGURE = 1, GROUP_TERMINATE, GROUP_ECHO };

static void rest(struct record *r, struct cursor *c, uint16_t id)
{
	uint32_t n = cursor_left(c);

	if (n)
		field_add_bytes(r, id, c->pos, n);
	cursor_skip(c, n);
}

static const struct ppp_option *find(const struct ppp_option *o, uint8_t type)
{
	while (o->item && o->type != type)
		o++;
	return o;
}

static void value(struct decoder *d, struct record *r, struct cursor *c, const struct ppp_option *o)
{
	if (o->special) {
		o->special(d, r, c);
		return;
	}
	if (o->first)
		walk(r, c, o->first, o->last);
	if (o->rest)
		rest(r, c, o->rest);
}

/* RFC 1661 section 6: type, length of all of it, value. False at a length that cannot be. */
static bool option(struct decoder *d, struct record *r, struct cursor *c,
		   const struct ppp_control *p)
{
	const struct ppp_option *o = find(p->options, cursor_peek(c));
	uint32_t at = c->pos, n = cursor_left(c) > 1 ? c->base[at + 1] : 2;
	struct cursor one = cursor_fence(c, n < 2 ? 2 : n);
	uint32_t item = r->nfields;

	field_add_bytes(r, o->item ? o->item : PPP_ID(TT_OPTION), at, cursor_left(&one));
	if (!o->item)
		return n >= 2;
	r->cur_depth++;
	walk(r, &one, p->type, p->type);
	walk(r, &one, p->length, p->length);
	if (cursor_ok(&one))
		value(d, r, &one, o);
	r->cur_depth--;
	if (!cursor_ok(&one))
		decode_overrun(r, &one);
	if (n < 2 && item < r->nfields) {
		r->fields[item].flags |= FIELD_MALFORMED;
		r->malformed = true;
	}
	return n >= 2;
}

void ppp_options(struct decoder *d, struct record *r, struct cursor *c, const struct ppp_control *p)
{
	while (cursor_left(c) && decode_step(d) && option(d, r, c, p))
		;
}

/* RFC 1661 sections 5.1 to 5.9, RFC 1570 sections 1 and 2. */
static void body(struct decoder *d, struct record *r, struct cursor *c, uint64_t code,
		 const struct ppp_control *p)
{
	if (code >= CONFIGURE_REQUEST && code <= CONFIGURE_REJECT) {
		ppp_options(d, r, c, p);
	} else if (code >= ECHO_REQUEST && code <= DISCARD_REQUEST) {
		walk(r, c, LCP_ID(MAGIC), LCP_ID(MAGIC));
		rest(r, c, LCP_ID(DATA));
	} else if (code == IDENTIFICATION || code == TIME_REMAINING) {
		walk(r, c, LCP_ID(MAGIC), LCP_ID(MAGIC));
		if (code == TIME_REMAINING)
			walk(r, c, LCP_ID(SECONDS), LCP_ID(SECONDS));
		rest(r, c, LCP_ID(MESSAGE));
	} else if (code == PROTOCOL_REJECT) {
		walk(r, c, LCP_ID(REJECTED), LCP_ID(REJECTED));
		rest(r, c, PPP_ID(DATA));
	} else {
		rest(r, c, PPP_ID(DATA));
	}
}

/* The hardware address of the one who asked; else the side of the line. */
static uint64_t asker(struct decoder *d, const struct record *r, bool is_sender)
{
	uint64_t station = link_station(r, is_sender);
	enum frame_direction way = *ppp_direction(d);

	if (station || way == DIR_UNKNOWN)
		return station;
	return (way == DIR_OUT) == is_sender ? 1 : 2;
}

void ppp_mark(struct decoder *d, struct record *r, enum exchange_role role, uint8_t group,
	      uint8_t identifier, uint32_t first)
{
	const struct field *session =
		record_has_proto(r, PROTO_pppoes) ? record_first(r, PPPOE_ID(SESSION)) : NULL;
	uint64_t key = (uint64_t)group << 8 | identifier;

	if (r->in_quote || first >= r->nfields)
		return;
	key |= (session ? session->v.u : 0) << 16;
	key |= asker(d, r, role == EXCHANGE_REQUEST) << 32;
	exchange_mark(r, role, r->layers[r->cur_layer].proto, key, first, r->nfields - 1);
	if (r->nmarks)
		r->marks[r->nmarks - 1].any_conv = true;
}

void ppp_reason(struct record *r, const uint8_t *words, uint32_t n)
{
	static const char none[] = "no reason given";

	if (words && n)
		field_gen_text(r, PPP_ID(TT_REASON), (const char *)words, n);
	else
		field_gen_text(r, PPP_ID(TT_REASON), none, sizeof(none) - 1);
}

static void mark(struct decoder *d, struct record *r, uint64_t code, uint64_t identifier,
		 uint32_t first)
{
	enum exchange_role role = EXCHANGE_REQUEST;
	uint8_t group;

	switch (code) {
	case CONFIGURE_REQUEST: group = GROUP_CONFIGURE; break;
	case TERMINATE_REQUEST: group = GROUP_TERMINATE; break;
	case ECHO_REQUEST: group = GROUP_ECHO; break;
	case TERMINATE_ACK:
		group = GROUP_TERMINATE;
		role = EXCHANGE_RESPONSE;
		break;
	case ECHO_REPLY:
		group = GROUP_ECHO;
		role = EXCHANGE_RESPONSE;
		break;
	default:
		if (code > CONFIGURE_REJECT || !code)
			return;
		group = GROUP_CONFIGURE;
		role = EXCHANGE_RESPONSE;
		break;
	}
	/* A proposal sent again may have a new number: any answer shows that the other is there. */
	if (group == GROUP_CONFIGURE)
		identifier = 0;
	ppp_mark(d, r, role, group, (uint8_t)identifier, first);
}

void ppp_control(struct decoder *d, struct record *r, struct cursor *c, const struct ppp_control *p)
{
	struct layer *layer = layer_open(r, p->proto, c);
	uint32_t first = r->nfields;
	uint64_t code = walk(r, c, PPP_ID(CODE), PPP_ID(CODE));
	uint64_t identifier = walk(r, c, PPP_ID(IDENTIFIER), PPP_ID(IDENTIFIER));
	uint32_t length = (uint32_t)walk(r, c, PPP_ID(LENGTH), PPP_ID(LENGTH));
	struct cursor inner;

	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	if (length < 4) {
		r->fields[r->nfields - 1].flags |= FIELD_MALFORMED;
		r->malformed = true;
	}
	inner = cursor_fence(c, length < 4 ? 0 : length - 4);
	body(d, r, &inner, code, p);
	decode_overrun(r, c);
	mark(d, r, code, identifier, first);
	layer_close(r, layer, inner.pos);
}
