/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcp_lines: the TCP header in the grammar of ipformat. */
#include "tcp.h"

#include "tracetutor/ports.h"

enum { URGENT = 0x20, CONGESTION = 0xc0 }; /* of the flags */

/* How ipformat tags an option. */
static const char *const tags[TCP_ROWS] = {[TCP_OPT_EOL] = "END",
					   [TCP_OPT_NOP] = "NOP",
					   [TCP_OPT_MSS] = "MSS",
					   [TCP_OPT_WSCALE] = "WIN_SCALE",
					   [TCP_OPT_SACK_PERM] = "SACK_PERMITTED",
					   [TCP_OPT_SACK] = "SACK",
					   [TCP_OPT_TS] = "TIMESTAMPS",
					   [TCP_OPT_MD5] = "MD5",
					   [TCP_OPT_USER_TO] = "USER_TIMEOUT",
					   [TCP_OPT_AO] = "AUTHENTICATION",
					   [TCP_OPT_TFO] = "FAST_OPEN",
					   [TCP_OPT_EXPERIMENTAL] = "EXPERIMENT",
					   [TCP_OPT_UNKNOWN] = "UNKNOWN"};

/* NULL: no option begins with that field. */
static const char *tag_of(uint16_t field)
{
	return FIELD_PROTO(field) == PROTO_tcp ? tags[FIELD_ROW(field)] : NULL;
}

static inline __attribute__((always_inline)) void number(struct lines *l, const struct record *r,
							 const struct layer *layer,
							 const char *label, const struct field *f,
							 const char *unit)
{
	if (!f)
		return;
	lines_row(l, r, layer);
	lines_str(l, label);
	lines_dec(l, r, f);
	lines_str(l, unit);
	lines_end(l);
}

/* A number that is another one in each packet. */
static void counter(struct lines *l, const struct record *r, const struct layer *layer,
		    const char *label, const struct field *f)
{
	if (!f)
		return;
	lines_row(l, r, layer);
	lines_str(l, label);
	lines_open_dec(l, r, f);
	lines_end(l);
}

/* From the rule to the ports. */
static void ports(struct lines *l, const struct record *r, const struct layer *layer,
		  const struct field **at)
{
	uint64_t src = at[TCP_SRCPORT] ? at[TCP_SRCPORT]->v.u : UINT32_MAX;
	uint64_t dst = at[TCP_DSTPORT] ? at[TCP_DSTPORT]->v.u : UINT32_MAX;

	if (lines_again(l, TCP_ID(TCP_PORT), src | dst << 32, layer->quoted))
		return;
	lines_header(l, r, layer);
	lines_row(l, r, layer);
	lines_port(l, r, "Source Port: ", at[TCP_SRCPORT], port_name_tcp);
	lines_port(l, r, "  Dest Port: ", at[TCP_DSTPORT], port_name_tcp);
	lines_end(l);
	lines_keep(l);
}

/* A bit of the flags; of a lean record, whose lines are plain, it is made here. */
static void flag(struct lines *l, const struct record *r, const struct layer *layer,
		 const struct field **at, unsigned row, const char *on, const char *off)
{
	const uint64_t mask = field_def(TCP_ID(row))->mask;
	const struct field made = {.id = TCP_ID(row), .v.u = (at[TCP_FLAGS]->v.u & mask) != 0};

	lines_flag(l, r, layer, at[row] ? at[row] : &made, 8, on, off);
}

static void offset_and_flags(struct lines *l, const struct record *r, const struct layer *layer,
			     const struct field **at)
{
	if (!at[TCP_FLAGS] ||
	    lines_again(l, TCP_ID(TCP_FLAGS), at[TCP_FLAGS]->v.u | at[TCP_HDR_LEN]->v.u << 16, 0))
		return;
	number(l, r, layer, "Offset: ", at[TCP_HDR_LEN], " bytes");
	lines_row(l, r, layer);
	lines_str(l, "Flags: ");
	lines_hex(l, r, at[TCP_FLAGS], 2);
	lines_cover(l, r, at[TCP_FLAGS_STR]);
	lines_end(l);
	if (at[TCP_FLAGS]->v.u & CONGESTION) {
		flag(l, r, layer, at, TCP_FLAGS_CWR, "Congestion Window Reduced bit On",
		     "Congestion Window Reduced bit Off");
		flag(l, r, layer, at, TCP_FLAGS_ECE, "ECN-Echo bit On", "ECN-Echo bit Off");
	}
	flag(l, r, layer, at, TCP_FLAGS_URG, "Urgent bit On", "Urgent bit Off");
	flag(l, r, layer, at, TCP_FLAGS_ACK, "Ack bit On", "Ack bit Off");
	flag(l, r, layer, at, TCP_FLAGS_PUSH, "Push bit On", "Push bit Off");
	flag(l, r, layer, at, TCP_FLAGS_RESET, "Reset bit On", "Reset bit Off");
	flag(l, r, layer, at, TCP_FLAGS_SYN, "Synchronize bit On", "Synchronize bit Off");
	flag(l, r, layer, at, TCP_FLAGS_FIN, "Finish bit On", "Finish bit Off");
	lines_keep(l);
}

static void window(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field **at)
{
	if (!at[TCP_CHECKSUM])
		return;
	lines_row(l, r, layer);
	lines_str(l, "Window: ");
	lines_open_dec(l, r, at[TCP_WINDOW_SIZE_VALUE]);
	lines_str(l, "  Checksum: ");
	lines_open_hex(l, r, at[TCP_CHECKSUM]);
	lines_verdict(l, r, layer, at[TCP_CHECKSUM_OK], at[TCP_CHECKSUM_CALCULATED],
		      at[TCP_CHECKSUM_OFFLOADED]);
	lines_end(l);
	if (at[TCP_FLAGS]->v.u & URGENT)
		number(l, r, layer, "Urgent data ends before byte ", at[TCP_URGENT_POINTER], "");
}

/* "1460 (x5B4)" */
static void dec_hex(struct lines *l, const struct record *r, const struct field *f)
{
	lines_value(l, r, f);
	lines_str(l, " (x");
	lines_hex(l, r, f, 0);
	lines_str(l, ")");
}

/* What stands on the second line of an option, from its first field `f` after the length on. */
static void option_value(struct lines *l, const struct record *r, const struct field *f,
			 const struct field *end)
{
	for (const char *sep = ""; f < end; f++, sep = "  ") {
		if (def_of(f)->type == FT_NONE && f->flags & FIELD_GENERATED &&
		    f->id != TCP_ID(TCP_OPT_TFO_REQUEST)) {
			lines_cover(l, r, f);
			continue;
		}
		lines_str(l, sep);
		lines_str(l, def_of(f)->label);
		lines_str(l, " ");
		if (f->id == TCP_ID(TCP_OPT_MSS_VAL) || f->id == TCP_ID(TCP_OPT_WSCALE_SHIFT)) {
			dec_hex(l, r, f);
			if (f->id == TCP_ID(TCP_OPT_WSCALE_SHIFT) && f + 1 < end) {
				lines_cover(l, r, f + 1);
				return;
			}
		} else if (f->id == TCP_ID(TCP_OPT_TSVAL) || f->id == TCP_ID(TCP_OPT_TSECR)) {
			lines_open_dec(l, r, f);
		} else {
			lines_field(l, r, f);
		}
	}
}

/* "Option Code: 08  Length: 10 bytes  [TIMESTAMPS]" */
static void option_head(struct lines *l, const struct record *r, const struct layer *layer,
			const struct field *first, const struct field *kind,
			const struct field *length, const char *tag)
{
	lines_row(l, r, layer);
	lines_str(l, "Option Code: ");
	lines_cover(l, r, first);
	lines_cover(l, r, kind);
	buf_dec0(&l->text, kind->v.u, 2);
	lines_str(l, "  Length: ");
	if (length)
		lines_value(l, r, length);
	else
		lines_str(l, "1");
	lines_str(l, " bytes  [");
	lines_str(l, tag);
	lines_str(l, "]");
	lines_end(l);
}

/* The two lines of one option, whose fields are first..end. */
static void option(struct lines *l, const struct record *r, const struct layer *layer,
		   const struct field *first, const struct field *end, const char *tag)
{
	const struct field *kind = first + (first->id != TCP_ID(TCP_OPTION_KIND));
	const struct field *value = kind + 1, *length = NULL;

	if (value < end && value->id == TCP_ID(TCP_OPTION_LEN))
		length = value++;
	if (!lines_again(l, first->id,
			 kind->v.u | (length ? length->v.u : 0) << 8 |
				 (uint64_t)(value < end) << 16,
			 0)) {
		option_head(l, r, layer, first, kind, length, tag);
		lines_row(l, r, layer);
		if (value >= end) {
			lines_cover(l, r, first);
			lines_str(l, first == kind ? "Option of unknown layout"
						   : def_of(first)->label);
			lines_end(l);
		}
		lines_keep(l);
	}
	if (value < end) {
		option_value(l, r, value, end);
		lines_end(l);
	}
}

/* Where the option that begins at i ends: the next field that is not deeper than it. */
static uint32_t option_end(const struct record *r, const struct layer *layer, uint32_t i)
{
	uint32_t n = i + 1;
	bool bare = r->fields[i].id == TCP_ID(TCP_OPTION_KIND);

	while (n < layer->end && (bare ? r->fields[n].depth >= r->fields[i].depth &&
						  r->fields[n].id != TCP_ID(TCP_OPTION_KIND) &&
						  !tag_of(r->fields[n].id)
				       : r->fields[n].depth > r->fields[i].depth))
		n++;
	return n;
}

static void bad_option(struct lines *l, const struct record *r, const struct layer *layer,
		       const struct field *kind)
{
	lines_row(l, r, layer);
	lines_str(l, "Option Code: ");
	lines_cover(l, r, kind);
	lines_cover(l, r, kind + 1);
	buf_dec0(&l->text, kind->v.u, 2);
	lines_str(l, "  its length cannot be right: the options end here");
	lines_end(l);
}

static void options(struct lines *l, const struct record *r, const struct layer *layer,
		    const struct field *all)
{
	uint32_t i = all ? (uint32_t)(all - r->fields) + 1 : 0;

	if (!all) {
		lines_row(l, r, layer);
		lines_str(l, "No Options");
		lines_end(l);
		return;
	}
	while (i < layer->end && r->fields[i].depth > all->depth) {
		const struct field *f = &r->fields[i];
		const char *tag = tag_of(f->id);
		uint32_t end = option_end(r, layer, i);

		if (f->id == TCP_ID(TCP_OPTION_KIND) && i + 1 < layer->end &&
		    f[1].id == TCP_ID(TCP_OPTION_BAD))
			bad_option(l, r, layer, f);
		else if (tag || f->id == TCP_ID(TCP_OPTION_KIND))
			option(l, r, layer, f, &r->fields[end], tag ? tag : "MULTIPATH");
		i = end;
	}
}

void tcp_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *at[TCP_BOGUS_HDR_LEN + 1];

	net_rows(r, layer, at, TCP_BOGUS_HDR_LEN + 1);
	ports(l, r, layer, at);
	/* A quoted header has no raw number: the other one is absolute there. */
	counter(l, r, layer, "Sequence #: ",
		layer->quoted ? record_find(r, TCP_ID(TCP_SEQ), layer->first) : at[TCP_SEQ_RAW]);
	counter(l, r, layer, "Ack #: ", at[TCP_ACK_RAW]);
	offset_and_flags(l, r, layer, at);
	window(l, r, layer, at);
	if (at[TCP_BOGUS_HDR_LEN])
		lines_generic(l, r, layer, at[TCP_BOGUS_HDR_LEN]);
	else if (at[TCP_HDR_LEN])
		options(l, r, layer, at[TCP_OPTIONS]);
	if (at[TCP_HDR_LEN] && !layer->quoted && !r->flow.pcaptured && !r->flow.preported) {
		lines_row(l, r, layer);
		lines_str(l, "No data or not output.");
		lines_cover(l, r, at[TCP_LEN]);
		lines_end(l);
	}
}
