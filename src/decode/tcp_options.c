/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcp_options: the options of a TCP header (RFC 9293 section 3.2 and the RFCs of each). */
#include "tcp.h"

enum { KIND_EOL = 0, KIND_NOP = 1, KIND_MPTCP = 30, KIND_EXPERIMENT = 253 };

#define MAX_SHIFT       14     /* RFC 7323 section 2.3 */
#define EXID_FAST_OPEN  0xf989 /* RFC 7413 section 4.1.1, before it had a number of its own */
#define SYN_FLAG        2
#define SACK_BLOCKS_MAX 4

struct option_kind {
	uint8_t kind;
	uint8_t min, max; /* lengths that can be right */
	uint16_t id;
	void (*body)(struct header_fields *, struct flow *, struct cursor *);
};

static void nothing(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	(void)h;
	(void)flow;
	(void)c;
}

static void mss(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	flow->mss = (uint16_t)walk(h->r, c, TCP_ID(TCP_OPT_MSS_VAL), TCP_ID(TCP_OPT_MSS_VAL));
	if (!(flow->tcp_flags & SYN_FLAG))
		net_fact(h->r, TCP_ID(TCP_OPT_MSS_PRESENT));
}

static void wscale(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	unsigned shift =
		(unsigned)walk(h->r, c, TCP_ID(TCP_OPT_WSCALE_SHIFT), TCP_ID(TCP_OPT_WSCALE_SHIFT));

	if (shift > MAX_SHIFT) {
		net_fact(h->r, TCP_ID(TCP_OPT_WSCALE_BAD))->flags |= FIELD_MALFORMED;
		shift = MAX_SHIFT;
	}
	flow->wscale = (int8_t)shift;
	field_gen_uint(h->r, TCP_ID(TCP_OPT_WSCALE_MULT), 1u << shift);
}

static void sack_permitted(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	(void)h;
	(void)c;
	flow->sack_permitted = true;
}

/* The first block repeats what was acknowledged already, or lies in the second (RFC 2883). */
static bool is_dsack(const struct flow *flow)
{
	if ((int32_t)(flow->sack[0] - flow->ack) < 0)
		return true;
	return flow->nsack > 1 && (int32_t)(flow->sack[0] - flow->sack[2]) >= 0 &&
	       (int32_t)(flow->sack[1] - flow->sack[3]) <= 0;
}

static void sack(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	uint32_t at = c->pos;

	flow->nsack = 0;
	while (cursor_left(c) >= 8 && flow->nsack < SACK_BLOCKS_MAX) {
		unsigned i = 2u * flow->nsack++;

		flow->sack[i] = net_number(h->r, c, TCP_ID(TCP_OPT_SACK_LE));
		flow->sack[i + 1] = net_number(h->r, c, TCP_ID(TCP_OPT_SACK_RE));
	}
	field_gen_uint(h->r, TCP_ID(TCP_OPT_SACK_COUNT), flow->nsack);
	if (flow->nsack && is_dsack(flow)) {
		field_add_uint(h->r, TCP_ID(TCP_OPT_DSACK_LE), at, 4, flow->sack[0]);
		field_add_uint(h->r, TCP_ID(TCP_OPT_DSACK_RE), at + 4, 4, flow->sack[1]);
		net_fact(h->r, TCP_ID(TCP_OPT_DSACK));
	}
}

static void timestamps(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	uint32_t at = c->pos;

	flow->tsval = cursor_be32(c);
	flow->tsecr = cursor_be32(c);
	header_more_uint(h, TCP_ID(TCP_OPT_TSVAL), at, 4, flow->tsval);
	header_more_uint(h, TCP_ID(TCP_OPT_TSECR), at + 4, 4, flow->tsecr);
	flow->has_timestamps = true;
}

/* All that is left of the option as one field. */
static void rest(struct record *r, struct cursor *c, uint16_t id)
{
	if (cursor_left(c))
		field_add_bytes(r, id, c->pos, cursor_left(c));
}

static void md5(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	(void)flow;
	rest(h->r, c, TCP_ID(TCP_OPT_MD5_DIGEST));
}

static void user_timeout(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	uint32_t at = c->pos;
	unsigned v = cursor_be16(c);

	(void)flow;
	field_add_uint(h->r, TCP_ID(TCP_OPT_USER_TO_GRAN), at, 2, v >> 15);
	field_add_uint(h->r, TCP_ID(TCP_OPT_USER_TO_VAL), at, 2, v & 0x7fff);
}

static void authentication(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	(void)flow;
	walk(h->r, c, TCP_ID(TCP_OPT_AO_KEYID), TCP_ID(TCP_OPT_AO_RNEXT));
	rest(h->r, c, TCP_ID(TCP_OPT_AO_MAC));
}

static void multipath(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	(void)flow;
	walk(h->r, c, TCP_ID(TCP_OPT_MPTCP_SUBTYPE), TCP_ID(TCP_OPT_MPTCP_SUBTYPE));
}

static void fast_open(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	(void)flow;
	if (cursor_left(c))
		rest(h->r, c, TCP_ID(TCP_OPT_TFO_COOKIE));
	else
		net_fact(h->r, TCP_ID(TCP_OPT_TFO_REQUEST));
}

static void experiment(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	if (cursor_left(c) < 2)
		rest(h->r, c, TCP_ID(TCP_OPT_EXDATA));
	else if (walk(h->r, c, TCP_ID(TCP_OPT_EXID), TCP_ID(TCP_OPT_EXID)) == EXID_FAST_OPEN)
		fast_open(h, flow, c);
	else
		rest(h->r, c, TCP_ID(TCP_OPT_EXDATA));
}

static void unknown(struct header_fields *h, struct flow *flow, struct cursor *c)
{
	(void)flow;
	rest(h->r, c, TCP_ID(TCP_OPT_UNKNOWN_DATA));
}

static const struct option_kind kinds[] = {
	{KIND_EOL, 1, 1, TCP_ID(TCP_OPT_EOL), nothing},
	{KIND_NOP, 1, 1, TCP_ID(TCP_OPT_NOP), nothing},
	{2, 4, 4, TCP_ID(TCP_OPT_MSS), mss},
	{3, 3, 3, TCP_ID(TCP_OPT_WSCALE), wscale},
	{4, 2, 2, TCP_ID(TCP_OPT_SACK_PERM), sack_permitted},
	{5, 2, 34, TCP_ID(TCP_OPT_SACK), sack},
	{8, 10, 10, TCP_ID(TCP_OPT_TS), timestamps},
	{19, 18, 18, TCP_ID(TCP_OPT_MD5), md5},
	{28, 4, 4, TCP_ID(TCP_OPT_USER_TO), user_timeout},
	{29, 4, 40, TCP_ID(TCP_OPT_AO), authentication},
	{KIND_MPTCP, 3, 40, FIELD_NONE, multipath},
	{34, 2, 18, TCP_ID(TCP_OPT_TFO), fast_open},
	{KIND_EXPERIMENT, 2, 40, TCP_ID(TCP_OPT_EXPERIMENTAL), experiment},
	{KIND_EXPERIMENT + 1, 2, 40, TCP_ID(TCP_OPT_EXPERIMENTAL), experiment}};
static const struct option_kind unknown_kind = {0, 2, 40, TCP_ID(TCP_OPT_UNKNOWN), unknown};

static const struct option_kind *kind_of(uint8_t kind)
{
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return &unknown_kind;
}

/* Length of the option at the cursor; 0 if it cannot be right. */
static uint32_t option_length(const struct cursor *c, const struct option_kind *k)
{
	uint32_t left = cursor_left(c), len;

	if (k->max == 1)
		return 1;
	if (left < 2)
		return 0;
	len = c->base[c->pos + 1];
	return len < k->min || len > k->max || len > left ? 0 : len;
}

static void option(struct header_fields *h, struct flow *flow, struct cursor *c,
		   const struct option_kind *k, uint32_t len)
{
	uint32_t at = c->pos;
	const uint8_t *p = c->base + at;
	struct cursor body = cursor_fence(c, len);

	if (k->id != FIELD_NONE)
		header_more_bytes(h, k->id, at, len, p);
	header_deeper(h, 1);
	header_more_uint(h, TCP_ID(TCP_OPTION_KIND), at, 1, cursor_u8(&body));
	if (len > 1)
		header_more_uint(h, TCP_ID(TCP_OPTION_LEN), at + 1, 1, cursor_u8(&body));
	k->body(h, flow, &body);
	header_deeper(h, -1);
}

/* Cut by the capture, or by the one who quotes; else the sender's fault. */
static void bad_length(struct record *r, struct cursor *c)
{
	field_add_uint(r, TCP_ID(TCP_OPTION_KIND), c->pos, 1, cursor_peek(c));
	if (c->captured < c->reported) {
		r->fields[r->nfields - 1].flags |= FIELD_SNAPPED;
		return;
	}
	net_fact(r, TCP_ID(TCP_OPTION_BAD))->flags |= FIELD_MALFORMED;
	r->malformed |= !r->in_quote;
}

void tcp_options(struct record *r, struct flow *flow, struct cursor *c)
{
	struct header_fields h = header_begin(r);
	bool ended = false;

	while (cursor_left(c)) {
		const struct option_kind *k = kind_of(cursor_peek(c));
		uint32_t len = option_length(c, k);

		/* After the end only zeros may stand; Wireshark shows each as one more end. */
		if (ended && k != &kinds[0])
			return;
		if (!len) {
			bad_length(r, c);
			return;
		}
		ended = k == &kinds[0];
		option(&h, flow, c, k, len);
	}
}
