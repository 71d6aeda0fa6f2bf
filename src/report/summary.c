/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line a packet: number, time, who to whom, and what it is in words.
 */
#include "config.h"

#include <glib.h>

#include "para.h"
#include "report_private.h"

#define WORDS_MAX  120 /* bytes of what a packet says, quoted */
#define WITH_PORTS 96  /* columns from which there is room for port numbers, too */

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

static void value(struct buf *out, const struct record *r, const struct mask *m,
		  const struct field *f)
{
	if (!(m && m->value(m, out, r, f)))
		field_value_text(out, r, f);
}

/* First field of the layer with that name, or NULL. */
static const struct field *layer_field(const struct record *r, const struct layer *l,
				       const char *name)
{
	for (uint32_t i = l->first; i < l->end && i < r->nfields; i++)
		if (&r->layers[r->fields[i].layer] == l &&
		    !strcmp(def_of(&r->fields[i])->name, name))
			return &r->fields[i];
	return NULL;
}

static uint64_t layer_number(const struct record *r, const struct layer *l, const char *name)
{
	const struct field *f = layer_field(r, l, name);

	return f ? f->v.u : 0;
}

static void layer_value(struct buf *out, const struct record *r, const struct layer *l,
			const struct mask *m, const char *name)
{
	const struct field *f = layer_field(r, l, name);

	if (f)
		value(out, r, m, f);
	else
		buf_char(out, '?');
}

/* The value's name up to its explanation: "A" of "A (Host Address)". */
static void short_name(struct buf *out, const struct field *f)
{
	const char *name = f ? value_name(def_of(f)->values, f->v.u) : NULL;

	if (name)
		buf_mem(out, name, strcspn(name, " ("));
	else if (f)
		buf_dec(out, f->v.u);
}

/* --- addresses --- */

static const struct field *address_field(const struct record *r, const struct endpoint *e,
					 uint8_t family)
{
	uint32_t v4 = (uint32_t)e->addr[0] << 24 | (uint32_t)e->addr[1] << 16 |
		      (uint32_t)e->addr[2] << 8 | e->addr[3];

	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct field *f = &r->fields[i];
		enum field_type type = def_of(f)->type;

		if (family == 4 && type == FT_IPv4 && f->v.u == v4)
			return f;
		if (family == 6 && type == FT_IPv6 && f->vlen == 16 && !memcmp(f->v.p, e->addr, 16))
			return f;
	}
	return NULL;
}

static void address(struct buf *out, const struct record *r, const struct mask *m,
		    const struct endpoint *e, uint8_t family)
{
	const struct field *f = m ? address_field(r, e, family) : NULL;

	if (f && m->value(m, out, r, f))
		return;
	if (family == 4)
		buf_ipv4(out, (uint32_t)e->addr[0] << 24 | (uint32_t)e->addr[1] << 16 |
				      (uint32_t)e->addr[2] << 8 | e->addr[3]);
	else
		buf_ipv6(out, e->addr);
}

static void endpoint(struct buf *out, const struct record *r, const struct mask *m,
		     const struct endpoint *e, const struct flow *flow, bool with_port)
{
	bool ports = with_port && (flow->ip_proto == 6 || flow->ip_proto == 17) && !flow->fragment;
	bool brackets = ports && flow->family == 6;

	if (brackets)
		buf_char(out, '[');
	address(out, r, m, e, flow->family);
	if (brackets)
		buf_char(out, ']');
	if (ports) {
		buf_char(out, ':');
		buf_dec(out, e->port);
	}
}

void report_endpoint(struct buf *out, const struct record *r, const struct mask *m,
		     const struct endpoint *e)
{
	endpoint(out, r, m, e, &r->flow, true);
}

void report_address(struct buf *out, const struct record *r, const struct mask *m,
		    const struct endpoint *e)
{
	address(out, r, m, e, r->flow.family);
}

/* Client at the left, the arrow says who sends; without a conversation the sender is at the left.
 */
static void endpoints(struct buf *out, const struct record *r, const struct mask *m, bool ports)
{
	bool turned = r->conv && !conv_from_client(r->conv, r->from_a);

	if (!r->flow.family)
		return;
	endpoint(out, r, m, turned ? &r->flow.dst : &r->flow.src, &r->flow, ports);
	buf_str(out, turned ? " <- " : " -> ");
	endpoint(out, r, m, turned ? &r->flow.src : &r->flow.dst, &r->flow, ports);
	buf_str(out, "  ");
}

/* --- what it is in words --- */

static void tcp_words(struct buf *out, const struct record *r)
{
	uint16_t flags = r->flow.tcp_flags;
	uint32_t n = r->flow.preported;

	buf_str(out, "TCP");
	if (flags & TCP_RST) {
		buf_str(out, " RST: breaks the connection off");
	} else if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		buf_str(out, " SYN: asks for a connection");
	} else if (flags & TCP_SYN) {
		buf_str(out, " SYN+ACK: agrees to the connection");
	} else if (flags & TCP_FIN) {
		buf_str(out, " FIN: has no more to send");
	} else if (n == 0) {
		buf_str(out, " ACK: confirms what has arrived");
	}
	if (n > 0) {
		buf_str(out, flags & (TCP_RST | TCP_SYN | TCP_FIN) ? ", with " : ": ");
		buf_dec(out, n);
		buf_str(out, n == 1 ? " byte of data" : " bytes of data");
	}
}

static void dns_words(struct buf *out, const struct record *r, const struct layer *l,
		      const struct mask *m)
{
	const struct field *a = layer_field(r, l, "dns.a"), *code;

	if (!layer_number(r, l, "dns.flags.response")) {
		buf_str(out, "DNS question: ");
		short_name(out, layer_field(r, l, "dns.qry.type"));
		buf_char(out, ' ');
		layer_value(out, r, l, m, "dns.qry.name");
		return;
	}
	buf_str(out, "DNS answer: ");
	layer_value(out, r, l, m, "dns.qry.name");
	code = layer_field(r, l, "dns.flags.rcode");
	a = a ? a : layer_field(r, l, "dns.aaaa");
	if (code && code->v.u) {
		const char *name = value_name(def_of(code)->values, code->v.u);

		buf_str(out, ": ");
		buf_str(out, name ? name : "an error");
	} else if (a) {
		buf_str(out, " is ");
		value(out, r, m, a);
	} else if (!layer_number(r, l, "dns.count.answers")) {
		buf_str(out, ": no such record");
	}
}

static void arp_words(struct buf *out, const struct record *r, const struct layer *l,
		      const struct mask *m)
{
	if (layer_number(r, l, "arp.opcode") == 1) {
		buf_str(out, "ARP question: who has ");
		layer_value(out, r, l, m, "arp.dst.proto_ipv4");
		buf_str(out, "? tell ");
		layer_value(out, r, l, m, "arp.src.proto_ipv4");
	} else {
		buf_str(out, "ARP answer: ");
		layer_value(out, r, l, m, "arp.src.proto_ipv4");
		buf_str(out, " is at ");
		layer_value(out, r, l, m, "arp.src.hw_mac");
	}
}

static void icmp_words(struct buf *out, const struct record *r, const struct layer *l,
		       const struct mask *m)
{
	bool v6 = l->proto == PROTO_icmpv6;
	const struct field *type = layer_field(r, l, v6 ? "icmpv6.type" : "icmp.type");
	const char *name = type ? value_name(def_of(type)->values, type->v.u) : NULL;

	buf_str(out, v6 ? "ICMPv6: " : "ICMP: ");
	if (name) {
		buf_str(out, name);
	} else {
		buf_str(out, "type ");
		buf_dec(out, type ? type->v.u : 0);
	}
	if (r->quoted.family) {
		buf_str(out, ", about the packet to ");
		endpoint(out, r, m, &r->quoted.dst, &r->quoted, true);
	}
}

static void drop_line_end(struct buf *out)
{
	while (out->len >= 2 && (!memcmp(out->s + out->len - 2, "\\n", 2) ||
				 !memcmp(out->s + out->len - 2, "\\r", 2)))
		out->len -= 2;
}

/* Command and reply protocols: what was said, first line, from the fields that do not overlap. */
static void text_words(struct buf *out, const struct record *r, const struct layer *l,
		       const struct mask *m)
{
	uint32_t said = 0;
	size_t start;

	buf_str(out, proto_table[l->proto]->prefix);
	buf_char(out, ':');
	start = out->len;
	for (uint32_t i = l->first + 1; i < l->end && i < r->nfields; i++) {
		const struct field *f = &r->fields[i];
		enum value_class class = field_value_class(def_of(f)->type);
		bool quotes = class == VALUE_UNSIGNED || field_type_is_text(def_of(f)->type);

		if (&r->layers[f->layer] != l || !quotes || !f->len || f->off < said ||
		    (class == VALUE_BYTES && !f->vlen) ||
		    f->flags & (FIELD_HIDDEN | FIELD_GENERATED) || def_of(f)->type == FT_BOOLEAN)
			continue;
		buf_char(out, ' ');
		value(out, r, m, f);
		drop_line_end(out);
		said = f->off + f->len;
		if (out->len - start > WORDS_MAX)
			break;
	}
	if (out->len == start)
		buf_printf(out, " %u bytes", r->flow.preported);
	if (out->len - start > WORDS_MAX) {
		out->len = start + text_fit(out->s + start, out->len - start, WORDS_MAX);
		buf_str(out, "...");
	}
}

/* What tells the kind of a message: the first row whose first field the layer has. */
static const struct telling {
	enum proto_id proto;
	const char *prefix, *first, *second;
	bool named; /* say the name of the value, of all such fields */
} tellings[] = {
	{PROTO_http, "HTTP: ", "http.request.method", "http.request.uri", false},
	{PROTO_http, "HTTP: ", "http.response.code", "http.response.phrase", false},
	{PROTO_tls, "TLS: ", "tls.handshake.type", NULL, true},
	{PROTO_tls, "TLS: alert, ", "tls.alert_message.desc", NULL, true},
	{PROTO_tls, "TLS: ", "tls.record.content_type", NULL, true},
	{PROTO_tls, "TLS: ", "tls.record.opaque_type", NULL, true},
	{PROTO_dhcp, "DHCP: ", "dhcp.option.dhcp", NULL, true},
	{PROTO_pppoed, "PPPoE: ", "pppoe.code", NULL, true},
	{PROTO_lcp, "Line: ", "ppp.code", NULL, true},
	{PROTO_ipcp, "Address of the line: ", "ppp.code", NULL, true},
	{PROTO_ipv6cp, "IPv6 address of the line: ", "ppp.code", NULL, true},
	{PROTO_ccp, "Compression of the line: ", "ppp.code", NULL, true},
	{PROTO_pap, "PAP: ", "pap.code", NULL, true},
	{PROTO_chap, "CHAP: ", "chap.code", NULL, true},
	{PROTO_eapol, "Wi-Fi key ", "tt.wlan.key_step", NULL, true},
	{PROTO_eapol, "802.1X: ", "eapol.type", NULL, true},
	{PROTO_eap, "EAP: ", "eap.type", NULL, true},
	{PROTO_eap, "EAP: ", "eap.code", NULL, true},
	{PROTO_wlan, "Wi-Fi: good bye, or out: ", "wlan.fixed.reason_code", NULL, true},
	{PROTO_wlan, "Wi-Fi: ", "wlan.fc.type_subtype", NULL, true},
	{PROTO_igmp, "IGMP: ", "igmp.type", NULL, true},
	{PROTO_stp, "Spanning tree: ", "stp.type", NULL, true},
	{PROTO_sctp, "SCTP: ", "sctp.chunk_type", NULL, true},
};

static const struct telling *telling_of(const struct record *r, const struct layer *l)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tellings); i++)
		if (tellings[i].proto == l->proto && layer_field(r, l, tellings[i].first))
			return &tellings[i];
	return NULL;
}

/* The name of the value, up to its explanation in brackets. */
static void kind_name(struct buf *out, const struct field *f)
{
	const char *name = value_name(def_of(f)->values, f->v.u);
	const char *bracket = name ? strstr(name, " (") : NULL;

	if (name)
		buf_mem(out, name, bracket ? (size_t)(bracket - name) : strlen(name));
	else
		buf_dec(out, f->v.u);
}

static void kind_words(struct buf *out, const struct record *r, const struct layer *l,
		       const struct mask *m, const struct telling *t)
{
	const struct field *f = layer_field(r, l, t->first), *second;
	const char *comma = "";
	size_t start = out->len;

	buf_str(out, t->prefix);
	for (; t->named && f && out->len - start < WORDS_MAX; f = record_next(r, f)) {
		buf_str(out, comma);
		kind_name(out, f);
		comma = ", ";
	}
	if (t->named)
		return;
	value(out, r, m, f);
	second = layer_field(r, l, t->second);
	if (second && second->vlen) {
		buf_char(out, ' ');
		value(out, r, m, second);
	}
	if (out->len - start > WORDS_MAX) {
		out->len = start + text_fit(out->s + start, out->len - start, WORDS_MAX);
		buf_str(out, "...");
	}
}

/* The layer that says most: the first above TCP or UDP, else the innermost that is understood. */
static const struct layer *telling_layer(const struct record *r)
{
	const struct layer *best = NULL;
	bool transport = false;

	for (unsigned i = 0; i < r->nlayers; i++) {
		const struct layer *l = &r->layers[i];

		if (l->quoted || l->proto == PROTO_data || l->proto == PROTO_frame)
			continue;
		best = l;
		if (transport)
			break;
		transport = l->proto == PROTO_tcp || l->proto == PROTO_udp;
	}
	return best;
}

bool report_speaks(const struct record *r)
{
	for (unsigned i = 0; i < r->nlayers; i++) {
		enum proto_id proto = r->layers[i].proto;

		if (!r->layers[i].quoted && i > 0 && proto != PROTO_data &&
		    (r->layers[i - 1].proto == PROTO_tcp || r->layers[i - 1].proto == PROTO_udp))
			return true;
	}
	return false;
}

static void other_words(struct buf *out, const struct record *r, const struct layer *l,
			const struct mask *m)
{
	const struct telling *t = telling_of(r, l);

	if (t) {
		kind_words(out, r, l, m, t);
		return;
	}
	if (l->proto == PROTO_http) { /* a piece of a page */
		buf_str(out, "HTTP: ");
		buf_dec(out, r->flow.preported);
		buf_str(out, " bytes");
		return;
	}
	buf_str(out, proto_table[l->proto]->label);
	if (l->proto == PROTO_udp) {
		buf_str(out, ": ");
		buf_dec(out, r->flow.preported);
		buf_str(out, " bytes");
	} else if (r->flow.fragment) {
		buf_str(out, ": a piece (fragment) of a larger packet");
	}
}

void report_words(struct buf *out, const struct record *r, const struct mask *m)
{
	const struct layer *l = telling_layer(r);

	if (!l) {
		buf_str(out, "not understood");
		return;
	}
	switch (l->proto) {
	case PROTO_tcp: tcp_words(out, r); break;
	case PROTO_dns: dns_words(out, r, l, m); break;
	case PROTO_arp: arp_words(out, r, l, m); break;
	case PROTO_icmp:
	case PROTO_icmpv6: icmp_words(out, r, l, m); break;
	case PROTO_pop:
	case PROTO_smtp:
	case PROTO_imap:
	case PROTO_ftp:
	case PROTO_nntp: text_words(out, r, l, m); break;
	default: other_words(out, r, l, m);
	}
	if (r->malformed)
		buf_str(out, " (malformed)");
	else if (r->snapped)
		buf_str(out, " (cut by the capture)");
}

/* --- the line --- */

static void right_aligned(struct buf *out, const struct buf *text, size_t width)
{
	buf_fill(out, ' ', text->len < width ? width - text->len : 0);
	buf_mem(out, buf_text(text), text->len);
}

void report_summary(struct buf *out, const struct record *r, const struct mask *m,
		    int64_t first_time, unsigned width)
{
	size_t start = out->len, fit;
	struct buf cell = BUF_INIT;

	buf_dec(&cell, r->number);
	right_aligned(out, &cell, 4);
	buf_reset(&cell);
	buf_seconds(&cell, r->time - first_time, 3);
	right_aligned(out, &cell, 9);
	buf_str(out, "  ");
	endpoints(out, r, m, !width || width >= WITH_PORTS);
	report_words(out, r, m);
	buf_release(&cell);
	if (!width || text_columns(out->s + start, out->len - start) <= width)
		return;
	fit = text_fit(out->s + start, out->len - start, width > 3 ? width - 3 : width);
	out->len = start + fit;
	out->s[out->len] = '\0';
	buf_str(out, width > 3 ? "..." : "");
}

void report_summary_line(struct buf *out, const struct record *r)
{
	const struct field *since = NULL;

	if (r->nlayers)
		since = layer_field(r, &r->layers[0], "frame.time_relative");
	report_summary(out, r, NULL, since ? r->time - since->v.i : r->time, 0);
}
