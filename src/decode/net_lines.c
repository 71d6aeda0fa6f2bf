/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net_lines: rows of the decode column that IP, ICMP, TCP and UDP share. */
#include "net.h"

bool net_over_ppp(const struct record *r, const struct layer *layer)
{
	enum proto_id below;

	if (layer == r->layers || layer->quoted)
		return false;
	below = layer[-1].proto;
	return below == PROTO_ppp || below == PROTO_vj;
}

void net_rows(const struct record *r, const struct layer *layer, const struct field **at,
	      unsigned n)
{
	const unsigned base = FIELD_ID(layer->proto, 0);
	const uint8_t own = (uint8_t)(layer - r->layers);
	const struct field *begin = r->fields + layer->first, *f = r->fields + layer->end;

	for (unsigned i = 0; i < n; i++)
		at[i] = NULL;
	while (f-- > begin) { /* from the end: the first of a row stays */
		unsigned row = f->id - base;

		if (row < n && f->layer == own)
			at[row] = f;
	}
}

static void padded(struct lines *l, const struct record *r, const struct field *f)
{
	if (!f)
		return;
	if (def_of(f)->type != FT_IPv4) {
		lines_value(l, r, f);
		return;
	}
	lines_cover(l, r, f);
	if (!l->mask || !l->mask->value(l->mask, &l->text, r, f))
		buf_ipv4_padded(&l->text, (uint32_t)f->v.u);
}

void lines_addresses(struct lines *l, const struct record *r, const struct layer *layer,
		     const struct field *dst, const struct field *src)
{
	bool ppp = net_over_ppp(r, layer);

	if (ppp)
		lines_prefix(l, "PPP");
	lines_row(l, r, layer);
	lines_str(l, "Dest: ");
	padded(l, r, dst);
	lines_str(l, "  Source: ");
	padded(l, r, src);
	lines_end(l);
	if (ppp)
		lines_prefix(l, proto_table[layer->proto]->prefix);
}

void lines_verdict(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field *status, const struct field *calculated,
		   const struct field *offloaded)
{
	lines_cover(l, r, status);
	lines_cover(l, r, calculated);
	lines_cover(l, r, offloaded);
	if (offloaded) {
		lines_str(l, " (not filled in yet: the network card does it)");
	} else if (!status || status->v.u == CHECKSUM_UNVERIFIED) {
		lines_str(l, layer->quoted ? " (not checked: only quoted here)"
					   : " (not checked: not all of it is here)");
	} else if (calculated) {
		lines_str(l, " (Incorrect, should be ");
		buf_hex_upper(&l->text, calculated->v.u, 0);
		lines_str(l, ")");
	} else if (status->v.u == CHECKSUM_GOOD) {
		lines_str(l, " (Correct)");
	} else {
		lines_str(l, " (missing, but IPv6 needs one)");
	}
}

void lines_labelled(struct lines *l, const struct record *r, const char *label,
		    const struct field *f)
{
	if (!f)
		return;
	lines_str(l, label);
	lines_str(l, ": ");
	lines_field(l, r, f);
}

void lines_flag(struct lines *l, const struct record *r, const struct layer *layer,
		const struct field *f, unsigned width, const char *on, const char *off)
{
	if (!f)
		return;
	lines_row(l, r, layer);
	lines_bits(l, def_of(f)->mask, width, f->v.u);
	lines_str(l, " ");
	lines_str(l, f->v.u ? on : off);
	lines_cover(l, r, f);
	lines_end(l);
}

void lines_rest(struct lines *l, const struct record *r, const struct layer *layer, unsigned first,
		unsigned last)
{
	for (uint32_t i = layer->first + 1; i < layer->end; i++) {
		const struct field *f = &r->fields[i];
		unsigned row = FIELD_ROW(f->id);

		if (!(f->flags & FIELD_HIDDEN) && FIELD_PROTO(f->id) == layer->proto &&
		    row >= first && row <= last && &r->layers[f->layer] == layer)
			lines_generic(l, r, layer, f);
	}
}

void lines_header(struct lines *l, const struct record *r, const struct layer *layer)
{
	static const struct {
		enum proto_id proto;
		const char *title;
	} quoted[] = {{PROTO_ip, "QUOTED IP HEADER"},     {PROTO_ipv6, "QUOTED IPV6 HEADER"},
		      {PROTO_tcp, "QUOTED TCP HEADER"},   {PROTO_udp, "QUOTED UDP HEADER"},
		      {PROTO_icmp, "QUOTED ICMP HEADER"}, {PROTO_icmpv6, "QUOTED ICMPV6 HEADER"}};
	const char *title = proto_table[layer->proto]->header;

	(void)r;
	for (unsigned i = 0; layer->quoted && i < sizeof(quoted) / sizeof(*quoted); i++)
		if (quoted[i].proto == layer->proto)
			title = quoted[i].title;
	lines_rule(l, title);
}

void lines_port(struct lines *l, const struct record *r, const char *label, const struct field *f,
		const char *(*name)(uint16_t port))
{
	const char *service = f ? name((uint16_t)f->v.u) : NULL;

	if (!f)
		return;
	lines_str(l, label);
	lines_dec(l, r, f);
	lines_str(l, " (");
	lines_str(l, service ? service : "Unassigned port");
	lines_str(l, ")");
}

void lines_fragments(struct lines *l, const struct record *r, const struct layer *layer,
		     uint16_t all, uint16_t piece)
{
	const struct field *f = record_find(r, all, layer->first);
	uint32_t i;

	if (!f || &r->layers[f->layer] != layer)
		return;
	lines_row(l, r, layer);
	lines_str(l, "Last missing piece of a packet sent in fragments; whole again from packets");
	lines_cover(l, r, f);
	for (i = (uint32_t)(f - r->fields) + 1; i < layer->end; i++)
		if (r->fields[i].id == piece) {
			lines_str(l, " ");
			lines_value(l, r, &r->fields[i]);
		}
	lines_cover(l, r, &r->fields[layer->end - 1]);
	lines_str(l, ": ");
	buf_dec(&l->text, f->len);
	lines_str(l, " bytes");
	lines_end(l);
}

void lines_message(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field *type, const struct field *code, const char *words)
{
	const char *name = type ? value_name(def_of(type)->values, type->v.u) : NULL;

	lines_header(l, r, layer);
	if (!type)
		return;
	lines_row(l, r, layer);
	lines_str(l, "Type: ");
	lines_value(l, r, type);
	if (name) {
		lines_str(l, " ");
		lines_str(l, name);
	}
	if (code) {
		lines_str(l, "  Code: ");
		lines_value(l, r, code);
	}
	if (words) {
		lines_str(l, " ");
		lines_str(l, words);
	}
	lines_end(l);
}
