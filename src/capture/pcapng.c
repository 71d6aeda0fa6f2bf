/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pcapng: the block format, read by ourselves (draft-ietf-opsawg-pcapng, "the draft" below).
 *
 * libpcap refuses files whose interfaces differ in link type, which is what a capture on "any" two
 * interfaces gives. No length of the file is trusted: a block is kept only as far as bytes are
 * there and as this program uses them; the rest is passed over.
 */
#include "config.h"

#include <string.h>

#include "src/capture/number.h"
#include "src/capture/pcapng_option.h"
#include "src/capture/reader.h"
#include "tracetutor/machine.h"

#define OPTIONS_KEPT (64u << 10)
#define PIECE        (64u << 10)

struct section {
	uint64_t offset;
	uint32_t number; /* from 1 */
	uint32_t first_interface;
	bool little;
};

/* What a frame needs of its interface, beside struct capture_interface of the same index. */
struct clock {
	uint8_t resolution; /* if_tsresol */
	int64_t offset;     /* if_tsoffset, seconds */
};

struct reader {
	struct capture *c;
	GArray *sections;       /* struct section, in file order */
	GArray *clocks;         /* struct clock, one an interface */
	struct section section; /* being read */
	uint64_t known;         /* sections and interfaces that begin below this are in the lists */
	uint64_t facts;         /* offset of the block that gave them */
	uint64_t offset;        /* of the block at work */
	uint32_t type;
	uint32_t body;     /* bytes of it between its two lengths */
	GByteArray *bytes; /* the first part of the body */
	GString *comment;  /* of the frame */
};

static enum capture_status wrong(struct reader *r, struct diag *d, const char *what)
{
	return capture_damage(r->c, d, "the block at byte %" G_GUINT64_FORMAT " %s", r->offset,
			      what);
}

/* Read up to `limit` bytes of the body, growing with what is really there, and pass the rest. */
static bool body_read(struct reader *r, uint32_t limit)
{
	uint32_t want = MIN(r->body, limit);

	g_byte_array_set_size(r->bytes, 0);
	while (r->bytes->len < want) {
		uint32_t at = r->bytes->len, part = MIN(want - at, PIECE);
		size_t got;

		g_byte_array_set_size(r->bytes, at + part);
		got = input_read(r->c->in, r->bytes->data + at, part);
		if (got < part)
			return false;
	}
	return input_skip(r->c->in, r->body - want);
}

static struct options options_at(const struct reader *r, uint32_t from)
{
	return (struct options){.p = r->bytes->data,
				.at = from,
				.end = r->bytes->len,
				.cut = r->bytes->len < r->body,
				.little = r->section.little};
}

static uint32_t body_u32(const struct reader *r, uint32_t at)
{
	return number_u32(r->bytes->data + at, r->section.little);
}

static uint16_t body_u16(const struct reader *r, uint32_t at)
{
	return number_u16(r->bytes->data + at, r->section.little);
}

/* --- section header (draft section 4.1) --- */

/* How many of the known sections begin at or before the offset. A file may have a million. */
static guint sections_until(const struct reader *r, uint64_t offset)
{
	guint low = 0, high = r->sections->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(r->sections, struct section, middle).offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct section *section_at(const struct reader *r, uint64_t offset)
{
	guint n = sections_until(r, offset);
	const struct section *s = n ? &g_array_index(r->sections, struct section, n - 1) : NULL;

	return s && s->offset == offset ? s : NULL;
}

static bool section_order(struct reader *r, const uint8_t head[12])
{
	static const uint8_t little[4] = {0x4d, 0x3c, 0x2b, 0x1a},
			     big[4] = {0x1a, 0x2b, 0x3c, 0x4d};

	const struct section *known = section_at(r, r->offset);

	r->section = (struct section){.offset = r->offset, .first_interface = r->clocks->len};
	if (known)
		r->section = *known;
	else
		r->section.number = r->sections->len + 1;
	r->section.little = !memcmp(head + 8, little, 4);
	return r->section.little || !memcmp(head + 8, big, 4);
}

/* Facts of the machine stand in a comment of their own; the last ones are the most complete. */
static bool is_facts(struct reader *r, const struct option *o)
{
	struct capture_info *info = &r->c->info;
	size_t n = strlen(MACHINE_HEADING);

	if (o->len < n || memcmp(o->value, MACHINE_HEADING, n))
		return false;
	if (!info->facts || r->offset > r->facts) {
		g_free((char *)info->facts);
		info->facts = g_strndup((const char *)o->value, MIN(o->len, MACHINE_TEXT_MAX));
		r->facts = r->offset;
	}
	return true;
}

static bool section_options(struct reader *r)
{
	struct capture_info *info = &r->c->info;
	struct options o = options_at(r, 16);
	struct option opt;

	while (option_next(&o, &opt)) {
		if (opt.code == OPT_COMMENT && (is_facts(r, &opt) || info->comment))
			continue;
		if (opt.code == OPT_COMMENT)
			info->comment = g_strndup((const char *)opt.value, opt.len);
		else if (opt.code == OPT_SECTION_APPLICATION && !info->application)
			info->application = g_strndup((const char *)opt.value, opt.len);
	}
	return !o.bad;
}

static enum capture_status read_section(struct reader *r, struct diag *d)
{
	if (r->body < 16)
		return wrong(r, d, "is too short for a section header");
	if (!body_read(r, OPTIONS_KEPT))
		return capture_cut(r->c, d);
	if (body_u16(r, 4) != 1)
		return wrong(r, d, "starts a section of a version that is not known here");
	if (r->offset < r->known)
		return CAPTURE_FRAME;
	if (!section_options(r))
		return wrong(r, d, "has an option that is longer than the block");
	g_array_append_val(r->sections, r->section);
	r->known = r->offset + 1;
	return CAPTURE_FRAME;
}

/* --- interface description (draft section 4.2) and statistics (4.6) --- */

static bool interface_options(struct reader *r, struct capture_interface *i, struct clock *clock)
{
	struct options o = options_at(r, 8);
	struct option opt;

	while (option_next(&o, &opt)) {
		if (opt.code == OPT_IF_NAME && !i->name)
			i->name = g_strndup((const char *)opt.value, opt.len);
		else if (opt.code == OPT_IF_DESCRIPTION && !i->description)
			i->description = g_strndup((const char *)opt.value, opt.len);
		else if (opt.code == OPT_IF_TSRESOL && opt.len >= 1)
			clock->resolution = opt.value[0];
		else if (opt.code == OPT_IF_TSOFFSET && opt.len >= 8)
			clock->offset = (int64_t)number_u64(opt.value, o.little);
	}
	return !o.bad;
}

static enum capture_status read_interface(struct reader *r, struct diag *d)
{
	struct capture_interface i = {.dropped = UINT64_MAX};
	struct clock clock = {.resolution = 6};
	bool fine;

	if (r->body < 8)
		return wrong(r, d, "is too short to describe an interface");
	if (!body_read(r, OPTIONS_KEPT))
		return capture_cut(r->c, d);
	if (r->offset < r->known)
		return CAPTURE_FRAME;
	if (r->clocks->len >= CAPTURE_MAX_INTERFACES)
		return wrong(r, d, "describes one interface more than this program keeps (4096)");
	i.link_type = link_type_from_file(body_u16(r, 0));
	i.snap_length = body_u32(r, 4);
	fine = interface_options(r, &i, &clock);
	if (fine) {
		capture_add_interface(r->c, &i);
		g_array_append_val(r->clocks, clock);
		r->known = r->offset + 1;
	}
	g_free(i.name);
	g_free(i.description);
	return fine ? CAPTURE_FRAME : wrong(r, d, "has an option that is longer than the block");
}

/* Index in the capture of an interface number of this section; false if there is none. */
static bool interface_index(const struct reader *r, uint32_t number, uint32_t *index)
{
	guint next = sections_until(r, r->section.offset);
	uint32_t end = next < r->sections->len
			       ? g_array_index(r->sections, struct section, next).first_interface
			       : r->clocks->len;

	*index = r->section.first_interface + number;
	return number < end - r->section.first_interface;
}

static enum capture_status read_statistics(struct reader *r, struct diag *d)
{
	uint64_t dropped = UINT64_MAX;
	struct options o;
	struct option opt;
	uint32_t index;

	if (r->body < 12)
		return wrong(r, d, "is too short for interface statistics");
	if (!body_read(r, OPTIONS_KEPT))
		return capture_cut(r->c, d);
	if (!interface_index(r, body_u32(r, 0), &index))
		return wrong(r, d,
			     "counts packets of an interface that the file does not describe");
	o = options_at(r, 12);
	while (option_next(&o, &opt)) {
		if ((opt.code == OPT_ISB_IFDROP || opt.code == OPT_ISB_OSDROP) && opt.len >= 8) {
			uint64_t n = number_u64(opt.value, o.little);

			dropped = dropped == UINT64_MAX ? n : dropped + n;
		} else if (opt.code == OPT_COMMENT) {
			is_facts(r, &opt);
		}
	}
	if (o.bad)
		return wrong(r, d, "has an option that is longer than the block");
	if (dropped != UINT64_MAX)
		g_array_index(r->c->interfaces, struct capture_interface, index).dropped = dropped;
	return CAPTURE_FRAME;
}

/* --- packets (draft sections 4.3, 4.4, and A for the obsolete one) --- */

static bool frame_options(struct reader *r, uint32_t from, struct frame *f)
{
	struct options o = options_at(r, from);
	struct option opt;

	while (option_next(&o, &opt)) {
		if (opt.code == OPT_COMMENT && !f->comment) {
			g_string_truncate(r->comment, 0);
			g_string_append_len(r->comment, (const char *)opt.value, opt.len);
			f->comment = r->comment->str;
		} else if (opt.code == OPT_PACKET_FLAGS && opt.len >= 4) {
			uint32_t way = number_u32(opt.value, o.little) & 3;

			f->direction = way == 1 ? DIR_IN : way == 2 ? DIR_OUT : DIR_UNKNOWN;
		}
	}
	return !o.bad;
}

/* Link type and name of the frame's interface. */
static void frame_interface(const struct reader *r, uint32_t index, struct frame *f)
{
	const struct capture_interface *i =
		&g_array_index(r->c->interfaces, struct capture_interface, index);

	f->section = r->section.number;
	f->interface = index;
	f->link_type = i->link_type;
	/* As Wireshark does: an interface without a name is called by its description. */
	f->interface_name = i->name ? i->name : i->description;
}

/* Both blocks have 20 bytes before the data; only the interface's number differs in width. */
static enum capture_status read_packet(struct reader *r, struct frame *f, struct diag *d)
{
	const struct clock *clock;
	uint32_t index, padded, number;

	if (r->body < 20)
		return wrong(r, d, "is too short for a packet");
	if (!body_read(r, 20 + FRAME_MAX + OPTIONS_KEPT))
		return capture_cut(r->c, d);
	number = r->type == BLOCK_ENHANCED ? body_u32(r, 0) : body_u16(r, 0);
	if (!interface_index(r, number, &index))
		return wrong(r, d,
			     "holds a packet of an interface that the file does not describe");
	f->captured = body_u32(r, 12);
	if (f->captured > FRAME_MAX)
		return wrong(r, d, "claims a packet longer than 256 KiB");
	padded = (f->captured + 3) & ~3u;
	if (padded > r->body - 20)
		return wrong(r, d, "is shorter than the packet it claims to hold");
	clock = &g_array_index(r->clocks, struct clock, index);
	f->time = pcapng_time((uint64_t)body_u32(r, 4) << 32 | body_u32(r, 8), clock->resolution,
			      clock->offset);
	f->original = body_u32(r, 16);
	f->data = r->bytes->data + 20;
	frame_interface(r, index, f);
	if (!frame_options(r, 20 + padded, f))
		return wrong(r, d, "has an option that is longer than the block");
	return CAPTURE_FRAME;
}

/* A simple packet belongs to the first interface and has no time. */
static enum capture_status read_simple(struct reader *r, struct frame *f, struct diag *d)
{
	uint32_t index, snap;

	if (r->body < 4)
		return wrong(r, d, "is too short for a packet");
	if (!body_read(r, 4 + FRAME_MAX))
		return capture_cut(r->c, d);
	if (!interface_index(r, 0, &index))
		return wrong(r, d,
			     "holds a packet of an interface that the file does not describe");
	snap = g_array_index(r->c->interfaces, struct capture_interface, index).snap_length;
	f->untimed = true;
	f->original = body_u32(r, 0);
	f->captured = snap && snap < f->original ? snap : f->original;
	if (f->captured > FRAME_MAX)
		return wrong(r, d, "claims a packet longer than 256 KiB");
	if (f->captured > r->body - 4)
		return wrong(r, d, "is shorter than the packet it claims to hold");
	f->data = r->bytes->data + 4;
	frame_interface(r, index, f);
	return CAPTURE_FRAME;
}

/* --- blocks --- */

/* Type and body length of the next block. CAPTURE_END at the true end of the file. */
static enum capture_status block_begin(struct reader *r, struct diag *d)
{
	uint8_t head[12];
	size_t got;
	uint32_t total;

	r->offset = input_position(r->c->in);
	got = input_read(r->c->in, head, 8);
	if (!got)
		return CAPTURE_END;
	if (got < 8)
		return capture_cut(r->c, d);
	r->type = number_u32(head, r->section.little);
	if (r->type == BLOCK_SECTION) { /* reads the same in both orders */
		if (input_read(r->c->in, head + 8, 4) < 4)
			return capture_cut(r->c, d);
		if (!section_order(r, head))
			return wrong(r, d, "starts a section without a valid byte order mark");
		input_seek(r->c->in, r->offset + 8);
	}
	total = number_u32(head + 4, r->section.little);
	if (total < BLOCK_FRAME || total > BLOCK_MAX || total % 4)
		return capture_damage(r->c, d,
				      "the block at byte %" G_GUINT64_FORMAT
				      " claims a length of %u bytes, which cannot be",
				      r->offset, total);
	r->body = total - BLOCK_FRAME;
	return CAPTURE_FRAME;
}

static enum capture_status block_body(struct reader *r, struct frame *f, struct diag *d)
{
	switch (r->type) {
	case BLOCK_SECTION: return read_section(r, d);
	case BLOCK_INTERFACE: return read_interface(r, d);
	case BLOCK_STATISTICS: return read_statistics(r, d);
	case BLOCK_ENHANCED:
	case BLOCK_PACKET: return read_packet(r, f, d);
	case BLOCK_SIMPLE: return read_simple(r, f, d);
	case BLOCK_SECRETS: r->c->info.has_secrets = true; break;
	default: break; /* names, custom and unknown blocks */
	}
	return input_skip(r->c->in, r->body) ? CAPTURE_FRAME : capture_cut(r->c, d);
}

static enum capture_status block_end(struct reader *r, struct diag *d)
{
	uint8_t tail[4];

	if (input_read(r->c->in, tail, 4) < 4)
		return capture_cut(r->c, d);
	if (number_u32(tail, r->section.little) != r->body + BLOCK_FRAME)
		return wrong(r, d, "has two lengths that differ");
	return CAPTURE_FRAME;
}

static bool is_packet(uint32_t type)
{
	return type == BLOCK_ENHANCED || type == BLOCK_PACKET || type == BLOCK_SIMPLE;
}

/* One block; *f is filled if it is a packet. */
static enum capture_status read_block(struct reader *r, struct frame *f, struct diag *d)
{
	enum capture_status status = block_begin(r, d);

	*f = (struct frame){.file_offset = r->offset};
	if (status == CAPTURE_FRAME)
		status = block_body(r, f, d);
	return status == CAPTURE_FRAME ? block_end(r, d) : status;
}

static enum capture_status pcapng_next_frame(struct reader *r, struct frame *f, struct diag *d)
{
	enum capture_status status;

	do
		status = read_block(r, f, d);
	while (status == CAPTURE_FRAME && !is_packet(r->type));
	return status;
}

static bool pcapng_reader_seek(struct reader *r, uint64_t offset, struct diag *d)
{
	guint n = sections_until(r, offset);

	(void)d;
	if (n)
		r->section = g_array_index(r->sections, struct section, n - 1);
	input_seek(r->c->in, offset);
	return true;
}

static void pcapng_reader_free(struct reader *r)
{
	g_array_free(r->sections, TRUE);
	g_array_free(r->clocks, TRUE);
	g_byte_array_free(r->bytes, TRUE);
	g_string_free(r->comment, TRUE);
	g_free(r);
}

/* The statistics block that ends at `size`, into r->bytes; false: there is none. */
static bool last_statistics(struct reader *r, uint64_t size)
{
	struct input *in = r->c->in;
	uint8_t head[8], tail[4];
	uint32_t total;

	input_seek(in, size - sizeof(tail));
	if (input_read(in, tail, sizeof(tail)) < sizeof(tail))
		return false;
	total = number_u32(tail, r->section.little);
	if (total < BLOCK_FRAME + 12 || total > BLOCK_FRAME + OPTIONS_KEPT || total > size)
		return false;
	r->offset = size - total;
	r->body = total - BLOCK_FRAME;
	input_seek(in, r->offset);
	return input_read(in, head, sizeof(head)) == sizeof(head) &&
	       number_u32(head, r->section.little) == BLOCK_STATISTICS &&
	       number_u32(head + 4, r->section.little) == total && body_read(r, OPTIONS_KEPT);
}

/*
 * The last block of a recording has the facts learned while recording, such as who held which
 * connection: they are wanted while the first packets are read. Only of a file that is finished and
 * read in place; else they come in their turn.
 */
static void facts_ahead(struct reader *r)
{
	struct input *in = r->c->in;
	uint64_t size = input_size(in), back = input_position(in);

	if (size <= back || input_limited(in))
		return;
	if (last_statistics(r, size)) {
		struct options o = options_at(r, 12);
		struct option opt;

		while (option_next(&o, &opt))
			if (opt.code == OPT_COMMENT)
				is_facts(r, &opt);
	}
	input_seek(in, back);
}

struct reader *pcapng_reader_new(struct capture *c, struct diag *d)
{
	struct reader *r = g_new0(struct reader, 1);
	struct frame none;

	r->c = c;
	r->sections = g_array_new(FALSE, FALSE, sizeof(struct section));
	r->clocks = g_array_new(FALSE, FALSE, sizeof(struct clock));
	r->bytes = g_byte_array_new();
	r->comment = g_string_new(NULL);
	c->info.format = "pcapng";
	/* The caller knows that the first block is a section header. */
	if (read_block(r, &none, d) == CAPTURE_FRAME) {
		facts_ahead(r);
		return r;
	}
	pcapng_reader_free(r);
	return NULL;
}

const struct reader_ops pcapng_reader_ops = {
	.next = pcapng_next_frame, .seek = pcapng_reader_seek, .free = pcapng_reader_free};
