/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS gives names their addresses (and more): a question is sent to a server, which answers with
 * records. RFC 1035, 2136 (update), 6891 (OPT); over TCP with a length before each message
 * (RFC 1035 section 4.2.2, RFC 7766).
 * Hangs at UDP and TCP port 53. Multicast DNS (RFC 6762, UDP 5353) and LLMNR (RFC 4795, UDP 5355)
 * have the same messages and fields under names of their own.
 */
#include "src/decode/dns.h"

#define HEADER_SIZE       12
#define TYPE_QUESTION_MIN 5 /* root name, type, class */

enum section { SECTION_ANSWER = 1, SECTION_AUTHORITY, SECTION_ADDITIONAL };

enum opcode { OPCODE_QUERY = 0, OPCODE_UPDATE = 5 };

/* Header flags in the order and choice of Wireshark: some are shown only in responses. */
static void flag_fields(struct dns_message *m, const struct field *flags)
{
	bool response = dns_is_response(m), ad = m->flags & 0x20;
	struct field f = *flags;

	for (uint16_t row = DNS_FLAGS_RESPONSE; row <= DNS_FLAGS_RCODE; row++) {
		bool show;

		switch (row) {
		case DNS_FLAGS_AUTHORITATIVE: show = response && !m->llmnr; break;
		case DNS_FLAGS_RECDESIRED: show = !m->llmnr; break;
		case DNS_FLAGS_CONFLICT:
		case DNS_FLAGS_TENTATIVE: show = m->llmnr; break;
		case DNS_FLAGS_RECAVAIL: show = response && !m->llmnr; break;
		case DNS_FLAGS_AUTHENTICATED: show = (response || ad) && !m->llmnr; break;
		case DNS_FLAGS_RCODE: show = response; break;
		case DNS_FLAGS_Z:
		case DNS_FLAGS_CHECKDISABLE: show = !m->llmnr; break;
		default: show = true;
		}
		if (show)
			walk_bits(m->r, &f, DNS_FIELD(row), DNS_FIELD(row));
	}
}

static void count_fields(struct dns_message *m)
{
	static const uint16_t plain[] = {DNS_COUNT_QUERIES, DNS_COUNT_ANSWERS, DNS_COUNT_AUTH_RR,
					 DNS_COUNT_ADD_RR};
	static const uint16_t update[] = {DNS_COUNT_ZONES, DNS_COUNT_PREREQUISITES,
					  DNS_COUNT_UPDATES, DNS_COUNT_ADD_RR};
	const uint16_t *rows = dns_opcode(m) == OPCODE_UPDATE ? update : plain;

	for (int i = 0; i < 4; i++)
		m->counts[i] = (uint16_t)walk(m->r, m->c, DNS_FIELD(rows[i]), DNS_FIELD(rows[i]));
}

static void header(struct dns_message *m)
{
	m->id = (uint16_t)walk(m->r, m->c, DNS_FIELD(DNS_ID), DNS_FIELD(DNS_ID));
	m->flags = (uint16_t)walk(m->r, m->c, DNS_FIELD(DNS_FLAGS), DNS_FIELD(DNS_FLAGS));
	if (!cursor_ok(m->c))
		return;
	flag_fields(m, &m->r->fields[m->r->nfields - 1]);
	count_fields(m);
}

/* A class with the top bit of multicast DNS (RFC 6762 sections 5.4, 10.2) in row + 1. */
static uint16_t class_field(struct dns_message *m, uint16_t row)
{
	uint32_t at = m->c->pos;
	uint16_t v = cursor_be16(m->c);

	if (!cursor_ok(m->c))
		return 0;
	field_add_uint(m->r, DNS_FIELD(row), at, 2, m->mdns ? v & 0x7FFF : v);
	if (m->mdns)
		field_add_uint(m->r, DNS_FIELD(row + 1), at, 2, v >> 15);
	return v;
}

/* FNV-1a of the name, letters folded (RFC 4343), and the type. */
static uint64_t question_hash(const struct dns_name *name, uint16_t type)
{
	uint64_t h = 0xcbf29ce484222325u ^ type;

	for (uint32_t i = 0; i < name->len; i++) {
		uint8_t c = name->text[i];

		h = (h ^ (c >= 'A' && c <= 'Z' ? c | 0x20 : c)) * 0x100000001b3u;
	}
	return h;
}

/*
 * Questions to everybody on the local network are answered by whom they concern, from an address of
 * its own: they are paired over all conversations.
 */
static void mark_local(struct dns_message *m, enum exchange_role role, uint64_t key, uint32_t first)
{
	if (m->r->in_quote || m->r->nmarks == RECORD_MAX_MARKS)
		return;
	exchange_mark(m->r, role, m->mdns ? PROTO_mdns : PROTO_llmnr, key | 1, first,
		      m->r->nfields - 1);
	m->r->marks[m->r->nmarks - 1].any_conv = true;
}

static void question(struct dns_message *m, bool first)
{
	uint32_t at = m->c->pos;
	uint32_t before = m->r->nfields;
	struct dns_name name = dns_name_field(m, m->c, DNS_QRY_NAME);
	uint32_t len = m->c->pos - at;
	uint16_t type;

	if (!cursor_ok(m->c))
		return;
	field_add_uint(m->r, DNS_FIELD(DNS_QRY_NAME_LEN), at, len, name.len);
	field_add_uint(m->r, DNS_FIELD(DNS_COUNT_LABELS), at, len, name.labels);
	type = (uint16_t)walk(m->r, m->c, DNS_FIELD(DNS_QRY_TYPE), DNS_FIELD(DNS_QRY_TYPE));
	class_field(m, DNS_QRY_CLASS);
	if (!cursor_ok(m->c))
		return;
	if (first) {
		m->qtype = type;
		m->qhash = question_hash(&name, type);
	}
	if (m->mdns && !dns_is_response(m) && type == DNS_TYPE_A)
		mark_local(m, EXCHANGE_REQUEST, question_hash(&name, type), before);
}

/* OPT uses class and TTL for other things (RFC 6891 section 6.1.3). */
static void opt_fields(struct dns_message *m)
{
	walk(m->r, m->c, DNS_FIELD(DNS_UDP_PAYLOAD_SIZE), DNS_FIELD(DNS_UDP_PAYLOAD_SIZE));
	m->ext_rcode =
		(uint16_t)walk(m->r, m->c, DNS_FIELD(DNS_EXT_RCODE), DNS_FIELD(DNS_EXT_RCODE));
	walk(m->r, m->c, DNS_FIELD(DNS_EDNS0_VERSION), DNS_FIELD(DNS_RESP_Z_RESERVED));
}

static void resource_record(struct dns_message *m, enum section section)
{
	uint32_t before = m->r->nfields;
	struct dns_name owner = dns_name_field(m, m->c, DNS_RESP_NAME);
	struct cursor rdata;
	uint16_t type, len;

	if (!cursor_ok(m->c))
		return;
	type = (uint16_t)walk(m->r, m->c, DNS_FIELD(DNS_RESP_TYPE), DNS_FIELD(DNS_RESP_TYPE));
	if (type == DNS_TYPE_OPT) {
		opt_fields(m);
	} else {
		class_field(m, DNS_RESP_CLASS);
		walk(m->r, m->c, DNS_FIELD(DNS_RESP_TTL), DNS_FIELD(DNS_RESP_TTL));
	}
	len = (uint16_t)walk(m->r, m->c, DNS_FIELD(DNS_RESP_LEN), DNS_FIELD(DNS_RESP_LEN));
	if (!cursor_ok(m->c))
		return;
	if (section == SECTION_ANSWER && (type == m->qtype || m->qtype == DNS_TYPE_ANY))
		m->answered = true;
	rdata = cursor_fence(m->c, len);
	dns_rdata(m, &rdata, type, &owner);
	if (!cursor_ok(&rdata))
		decode_overrun(m->r, &rdata);
	else if (m->mdns && dns_is_response(m) && type == DNS_TYPE_A)
		mark_local(m, EXCHANGE_RESPONSE, question_hash(&owner, type), before);
}

static void sections(struct dns_message *m)
{
	for (uint16_t i = 0; i < m->counts[0] && cursor_ok(m->c) && decode_step(m->d); i++)
		question(m, i == 0);
	for (int s = SECTION_ANSWER; s <= SECTION_ADDITIONAL; s++)
		for (uint16_t i = 0; i < m->counts[s] && cursor_ok(m->c) && decode_step(m->d); i++)
			resource_record(m, s);
}

static void response_facts(struct dns_message *m)
{
	uint16_t rcode = (uint16_t)(m->ext_rcode << 4 | (m->flags & 15));

	field_gen_uint(m->r, DNS_FIELD(TT_DNS_RCODE), rcode);
	if (rcode == 0 && dns_opcode(m) == OPCODE_QUERY && m->counts[0] && m->qhash)
		field_gen_uint(m->r, DNS_FIELD(TT_DNS_ANSWERED), m->answered);
}

/* The answer comes to the asker alone (RFC 4795 section 2.4): its address and port tell it, too. */
static uint64_t llmnr_key(const struct dns_message *m, uint64_t key)
{
	const struct endpoint *asker = dns_is_response(m) ? &m->r->flow.dst : &m->r->flow.src;

	for (unsigned i = 0; i < sizeof(asker->addr); i++)
		key = (key ^ asker->addr[i]) * 0x100000001b3u;
	return key ^ asker->port;
}

/* Asked of one computer by one that does not speak multicast DNS, and its answer, which comes
 * alone (RFC 6762 section 6.7). */
static bool is_direct(const struct dns_message *m)
{
	const struct flow *f = &m->r->flow;
	bool multicast = f->family == 4 ? f->dst.addr[0] >> 4 == 0xE : f->dst.addr[0] == 0xFF;

	return !multicast && f->src.port != f->dst.port;
}

/* Of multicast DNS, questions for addresses are marked where they stand. What an ICMP error quotes
 * was sent before. */
static void mark(struct dns_message *m, uint32_t first)
{
	enum exchange_role role = dns_is_response(m) ? EXCHANGE_RESPONSE : EXCHANGE_REQUEST;
	uint64_t hash = (m->qhash ^ m->qhash >> 48) & 0xFFFFFFFFFFFFu;
	uint64_t key = (uint64_t)m->id << 48 | hash | 1; /* never 0: that would pair by order */

	/* A refusal may come without the question: then the id alone tells what it answers. */
	if (role == EXCHANGE_RESPONSE && m->counts[0] == 0)
		key = (uint64_t)m->id << 48;

	if (m->r->nfields <= first || m->r->in_quote)
		return;
	if (m->llmnr)
		mark_local(m, role, llmnr_key(m, key), first);
	else if (m->mdns && !is_direct(m))
		exchange_mark(m->r, EXCHANGE_EVENT, PROTO_dns, key, first, m->r->nfields - 1);
	else
		exchange_mark(m->r, role, PROTO_dns, key, first, m->r->nfields - 1);
}

/* One message in the fenced cursor. */
static void message(struct dns_message *m, uint32_t first)
{
	header(m);
	if (cursor_ok(m->c))
		sections(m);
	if (cursor_ok(m->c) && cursor_left(m->c)) {
		uint32_t n = cursor_left(m->c);

		field_gen_int(m->r, DNS_FIELD(DNS_EXTRANEOUS_LENGTH), n);
		dns_rest(m, m->c, DNS_EXTRANEOUS_DATA);
	}
	if (!cursor_ok(m->c))
		decode_overrun(m->r, m->c);
	if (dns_is_response(m))
		response_facts(m);
	mark(m, first);
}

static void datagram(struct decoder *d, struct record *r, struct cursor *c, enum proto_id proto)
{
	struct layer *layer = layer_open(r, proto, c);
	struct dns_message m = {.d = d,
				.r = r,
				.c = c,
				.start = c->pos,
				.mdns = proto == PROTO_mdns,
				.llmnr = proto == PROTO_llmnr};

	message(&m, r->nfields);
	if (layer)
		layer_close(r, layer, c->captured);
}

/* Is the whole message there? Sets need_more if it is still to come. */
static bool stream_message_complete(const struct record *r, struct cursor *c)
{
	uint32_t left = cursor_left(c), len;

	if (c->captured < c->reported || r->payload.last)
		return left > 0;
	len = left >= 2 ? (uint32_t)c->base[c->pos] << 8 | c->base[c->pos + 1] : 0;
	if (left >= 2 && left >= len + 2)
		return true;
	c->need_more = left > 0;
	return false;
}

static void stream(struct decoder *d, struct record *r, struct cursor *c)
{
	while (stream_message_complete(r, c) && decode_step(d)) {
		struct layer *layer = layer_open(r, PROTO_dns, c);
		uint32_t first = r->nfields;
		uint16_t len = (uint16_t)walk(r, c, DNS_FIELD(DNS_LENGTH), DNS_FIELD(DNS_LENGTH));
		struct cursor fenced = cursor_fence(c, len);
		struct dns_message m = {.d = d, .r = r, .c = &fenced, .start = fenced.pos};

		message(&m, first);
		if (layer)
			layer_close(r, layer, fenced.captured);
	}
}

static void decode_dns(struct decoder *d, struct record *r, struct cursor *c)
{
	if (r->flow.ip_proto == 6)
		stream(d, r, c);
	else
		datagram(d, r, c, PROTO_dns);
}

static void decode_mdns(struct decoder *d, struct record *r, struct cursor *c)
{
	datagram(d, r, c, PROTO_mdns);
}

static void decode_llmnr(struct decoder *d, struct record *r, struct cursor *c)
{
	datagram(d, r, c, PROTO_llmnr);
}

/* On other ports only if the header leaves little doubt: one question, known class, sane counts. */
static bool looks_message(const uint8_t *p, uint32_t n)
{
	uint32_t at = HEADER_SIZE;

	if (n < HEADER_SIZE + TYPE_QUESTION_MIN || p[2] & 0x78 || p[3] & 0x40 || p[4] ||
	    p[5] != 1 || p[6] || p[8] || p[10])
		return false;
	if (!(p[2] & 0x80) && (p[7] || p[9] || p[11] > 2 || p[3] & 0x8F))
		return false;
	while (at < n && p[at] && p[at] < 64 && at < HEADER_SIZE + DNS_NAME_MAX) {
		for (uint32_t i = 1; i <= p[at]; i++)
			if (at + i >= n || p[at + i] <= ' ' || p[at + i] >= 0x7F)
				return false;
		at += p[at] + 1u;
	}
	return at + TYPE_QUESTION_MIN <= n && at > HEADER_SIZE && !p[at] && p[at + 3] == 0 &&
	       p[at + 4] == 1;
}

/* In TCP a length stands before the message, and nothing behind the first one. */
static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	if (r->flow.ip_proto == 17)
		return looks_message(p, n);
	return r->flow.ip_proto == 6 && n > 2 && n == ((uint32_t)p[0] << 8 | p[1]) + 2 &&
	       looks_message(p + 2, n - 2);
}

static const struct hang on_dns[] = {{ON_UDP_PORT, 53}, {ON_TCP_PORT, 53}, {ON_NOTHING, 0}};
static const struct hang on_mdns[] = {{ON_UDP_PORT, 5353}, {ON_NOTHING, 0}};
static const struct hang on_llmnr[] = {{ON_UDP_PORT, 5355}, {ON_NOTHING, 0}};

static const struct field_def mdns_rows[] = {
	[DNS_PROTOCOL] = {"mdns", "Multicast Domain Name System", FT_PROTOCOL},
};
static const struct field_def llmnr_rows[] = {
	[DNS_PROTOCOL] = {"llmnr", "Link-local Multicast Name Resolution", FT_PROTOCOL},
};

const struct proto_def proto_dns = {
	.name = "dns",
	.label = "Domain Name System",
	.prefix = "DNS",
	.header = "DNS HEADER",
	.fields = dns_rows,
	.nfields = DNS_ROWS,
	.on = on_dns,
	.decode = decode_dns,
	.looks = looks,
	.lines = dns_lines,
	.blurb = "Finds the address that belongs to a name.",
	.see = "RFC 1035",
};

const struct proto_def proto_mdns = {
	.name = "mdns",
	.label = "Multicast Domain Name System",
	.prefix = "MDNS",
	.header = "MDNS HEADER",
	.fields = mdns_rows,
	.nfields = 1,
	.on = on_mdns,
	.decode = decode_mdns,
	.lines = dns_lines,
	.blurb = "Finds names and services of the local network by asking everybody on it.",
	.see = "RFC 6762",
};

const struct proto_def proto_llmnr = {
	.name = "llmnr",
	.label = "Link-local Multicast Name Resolution",
	.prefix = "LLMNR",
	.header = "LLMNR HEADER",
	.fields = llmnr_rows,
	.nfields = 1,
	.on = on_llmnr,
	.decode = decode_llmnr,
	.lines = dns_lines,
	.blurb = "Asks everybody on the local network for a name, as Windows does.",
	.see = "RFC 4795",
};
