/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ip_lines: the IPv4 header in the grammar of ipformat. */
#include "ip.h"

enum { MORE_FRAGMENTS = 1, DONT_FRAGMENT = 2 }; /* of the flags */

static const char *const precedence[8] = {
	"Routine",        "Priority", "Immediate",        "Flash",
	"Flash Override", "Critical", "Internet Control", "Network Control"};

/* One line of the Type Of Service picture (RFC 791 names the bits so). */
static void service_bit(struct lines *l, const struct record *r, const struct layer *layer,
			const struct field *f, unsigned mask, const char *words)
{
	lines_row(l, r, layer);
	lines_bits(l, mask, 8, (f->v.u & mask) >> __builtin_ctz(mask));
	lines_str(l, words);
	lines_cover(l, r, f);
	lines_end(l);
}

static void service(struct lines *l, const struct record *r, const struct layer *layer,
		    const struct field *f)
{
	lines_row(l, r, layer);
	lines_str(l, "Type Of Service: ");
	lines_hex(l, r, f, 2);
	lines_end(l);
	service_bit(l, r, layer, f, 0xe0, precedence[f->v.u >> 5 & 7]);
	service_bit(l, r, layer, f, 0x10, f->v.u & 0x10 ? "Low Delay" : "Normal Delay");
	service_bit(l, r, layer, f, 0x08, f->v.u & 0x08 ? "High Throughput" : "Normal Throughput");
	service_bit(l, r, layer, f, 0x04,
		    f->v.u & 0x04 ? "High Reliability" : "Normal Reliability");
}

/* From the rule to the Type Of Service. */
static void beginning(struct lines *l, const struct record *r, const struct layer *layer,
		      const struct field **at)
{
	if (lines_again(l, IP_ID(IP_DSFIELD),
			at[IP_DSFIELD]->v.u | at[IP_HDR_LEN]->v.u << 8 |
				(uint64_t)layer->quoted << 16,
			0))
		return;
	lines_header(l, r, layer);
	lines_row(l, r, layer);
	lines_str(l, "Version: ");
	lines_dec(l, r, at[IP_VERSION]);
	lines_str(l, " Correct  Header Length: ");
	lines_dec(l, r, at[IP_HDR_LEN]);
	lines_str(l, " bytes");
	lines_end(l);
	service(l, r, layer, at[IP_DSFIELD]);
	lines_keep(l);
}

static void length_and_id(struct lines *l, const struct record *r, const struct layer *layer,
			  const struct field **at)
{
	lines_row(l, r, layer);
	lines_str(l, "Total Len: ");
	lines_open_dec(l, r, at[IP_LEN]);
	lines_str(l, " (x");
	lines_open_hex(l, r, at[IP_LEN]);
	lines_str(l, ") bytes  Id: ");
	lines_open_hex(l, r, at[IP_ID_]);
	if (at[IP_LEN] && at[IP_LEN]->flags & FIELD_MALFORMED)
		lines_str(l, " (longer than the packet is)");
	lines_end(l);
}

/* A bit of the three flags, drawn as ipformat does: ".1.. Don't Fragment". Its field is not there
 * in lean records. */
static void fragment_bit(struct lines *l, const struct record *r, const struct layer *layer,
			 const struct field *f, bool set, const char *words, unsigned place)
{
	char picture[] = ".... ";

	picture[place] = set ? '1' : '0';
	lines_row(l, r, layer);
	lines_str(l, picture);
	lines_str(l, words);
	lines_cover(l, r, f);
	lines_end(l);
}

static void fragmentation(struct lines *l, const struct record *r, const struct layer *layer,
			  const struct field **at)
{
	bool whole = at[IP_FLAGS]->v.u & DONT_FRAGMENT, more = at[IP_FLAGS]->v.u & MORE_FRAGMENTS;

	lines_row(l, r, layer);
	lines_str(l, "Flags: ");
	lines_hex(l, r, at[IP_FLAGS], 0);
	lines_end(l);
	fragment_bit(l, r, layer, at[IP_FLAGS_DF], whole, whole ? "Don't Fragment" : "May Fragment",
		     1);
	fragment_bit(l, r, layer, at[IP_FLAGS_MF], more, more ? "More Fragments" : "Last Fragment",
		     2);
	lines_row(l, r, layer);
	lines_str(l, "Fragment Offset: ");
	lines_cover(l, r, at[IP_FRAG_OFFSET]);
	buf_dec0(&l->text, at[IP_FRAG_OFFSET]->v.u, 3);
	if (at[IP_FRAG_OFFSET]->v.u) {
		lines_str(l, " (byte ");
		buf_dec(&l->text, at[IP_FRAG_OFFSET]->v.u * 8);
		lines_str(l, " of the whole)");
	}
	lines_end(l);
}

static void protocol(struct lines *l, const struct record *r, const struct layer *layer,
		     const struct field **at)
{
	const char *name = value_name(ip_proto_names, at[IP_PROTOCOL]->v.u);

	lines_row(l, r, layer);
	lines_str(l, "Time To Live: ");
	lines_dec(l, r, at[IP_TTL]);
	lines_str(l, " sec  Protocol: ");
	lines_dec(l, r, at[IP_PROTOCOL]);
	if (name) {
		lines_str(l, " ");
		lines_str(l, name);
	}
	lines_cover(l, r, at[IP_TTL_SMALL]);
	lines_cover(l, r, at[IP_TTL_LNCB]);
	lines_end(l);
}

/* From the flags to the protocol: how routers deal with the packet, and who takes it. */
static void handling(struct lines *l, const struct record *r, const struct layer *layer,
		     const struct field **at)
{
	if (lines_again(l, IP_ID(IP_FLAGS), at[IP_FLAGS]->v.u | at[IP_FRAG_OFFSET]->v.u << 8,
			at[IP_TTL]->v.u | at[IP_PROTOCOL]->v.u << 8))
		return;
	fragmentation(l, r, layer, at);
	protocol(l, r, layer, at);
	lines_keep(l);
}

static void checksum(struct lines *l, const struct record *r, const struct layer *layer,
		     const struct field **at)
{
	lines_row(l, r, layer);
	lines_str(l, "Header Checksum: ");
	lines_open_hex(l, r, at[IP_CHECKSUM]);
	if (at[IP_CHECKSUM])
		lines_verdict(l, r, layer, at[IP_CHECKSUM_OK], at[IP_CHECKSUM_CALCULATED],
			      at[IP_CHECKSUM_OFFLOADED]);
	lines_end(l);
}

static void options(struct lines *l, const struct record *r, const struct layer *layer,
		    const struct field **at)
{
	if (at[IP_HDR_LEN] && at[IP_HDR_LEN]->v.u > 20) {
		lines_rest(l, r, layer, IP_OPT_TYPE, IP_OPT_LEN_BAD);
		return;
	}
	lines_row(l, r, layer);
	lines_str(l, "No Options");
	lines_end(l);
}

void ip_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *at[IP_TTL_SMALL + 1];

	net_rows(r, layer, at, IP_TTL_SMALL + 1);
	lines_addresses(l, r, layer, at[IP_DST], at[IP_SRC]);
	if (!at[IP_PROTOCOL]) { /* refused, or cut in the header */
		lines_header(l, r, layer);
		lines_rest(l, r, layer, IP_VERSION, IP_ROWS);
		return;
	}
	beginning(l, r, layer, at);
	length_and_id(l, r, layer, at);
	handling(l, r, layer, at);
	checksum(l, r, layer, at);
	options(l, r, layer, at);
	lines_fragments(l, r, layer, IP_ID(IP_FRAGMENTS), IP_ID(IP_FRAGMENT));
}
