/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pcap: the classic file format: a header, then frames, each with a header of its own
 * (draft-ietf-opsawg-pcap), in the byte order of who wrote it.
 *
 * The snap length of the file header is no limit: many programs write it wrongly, and frames keep
 * all bytes the file holds. A frame is lent out where it stands in the input's buffer; one that
 * lies in two buffers is put together first.
 */
#include "config.h"

#include <string.h>

#include "src/capture/number.h"
#include "src/capture/reader.h"

#define FILE_HEADER       24
#define SNAP_OFFSET       16 /* of the snap length in the file header */
#define FRAME_HEADER      16
#define FRAME_HEADER_MORE 24          /* of the modified format */
#define MAGIC_MICRO       0xa1b2c3d4u /* the file's first four bytes */
#define MAGIC_NANO        0xa1b23c4du
#define MAGIC_MODIFIED    0xa1b2cd34u /* an old patched libpcap */

#define MAJOR       2
#define MINOR       4
#define MAJOR_DG_UX 543 /* its tcpdump */

/* Old versions wrote a frame's two lengths in the other order, 2.3 in either. */
enum lengths { LENGTHS_CAPTURED_FIRST, LENGTHS_ORIGINAL_FIRST, LENGTHS_EITHER };

struct reader {
	struct capture *c;
	uint64_t offset; /* of the next frame's header */
	uint32_t link_type;
	uint32_t frame_header; /* its size */
	uint32_t fraction;     /* nanoseconds of one */
	enum lengths lengths;
	bool little;    /* byte order of the file */
	uint8_t *whole; /* a frame that was put together, of at most `room` bytes */
	uint32_t room;
};

static bool refuse(struct reader *r, struct diag *d, const char *why)
{
	return diag_fail(d, "Copy it again from where it came, or record it again.",
			 "%s begins like a capture, but its header is damaged (%s)",
			 input_name(r->c->in), why);
}

static bool take_version(struct reader *r, unsigned major, unsigned minor, struct diag *d)
{
	if (major == MAJOR_DG_UX && minor == 0)
		r->lengths = LENGTHS_ORIGINAL_FIRST;
	else if (major != MAJOR || minor > MINOR)
		return refuse(r, d, "a version of the format that does not exist");
	else if (minor < 3)
		r->lengths = LENGTHS_ORIGINAL_FIRST;
	else if (minor == 3)
		r->lengths = LENGTHS_EITHER;
	return true;
}

static bool take_header(struct reader *r, const uint8_t *header, struct diag *d)
{
	struct capture_interface i = {.dropped = UINT64_MAX};
	uint32_t magic;

	r->little = header[0] != 0xa1;
	magic = number_u32(header, r->little);
	if (magic != MAGIC_MICRO && magic != MAGIC_NANO && magic != MAGIC_MODIFIED)
		return refuse(r, d, "unknown file format");
	if (!take_version(r, number_u16(header + 4, r->little), number_u16(header + 6, r->little),
			  d))
		return false;
	i.snap_length = number_u32(header + SNAP_OFFSET, r->little);
	/* The upper bits tell about frame check sequences and versions. */
	i.link_type = link_type_from_file(number_u32(header + 20, r->little) & 0x03ffffff);
	r->link_type = i.link_type;
	r->frame_header = magic == MAGIC_MODIFIED ? FRAME_HEADER_MORE : FRAME_HEADER;
	r->fraction = magic == MAGIC_NANO ? 1 : 1000;
	r->c->info.format = magic == MAGIC_NANO ? "pcap (nanoseconds)" : "pcap";
	capture_add_interface(r->c, &i);
	return true;
}

static void pcap_reader_free(struct reader *r)
{
	g_free(r->whole);
	g_free(r);
}

struct reader *pcap_reader_new(struct capture *c, struct diag *d)
{
	uint8_t header[FILE_HEADER];
	struct reader *r;

	if (input_read(c->in, header, sizeof(header)) < sizeof(header)) {
		if (!input_explain(c->in, d))
			diag_fail(d, "Record it again; nothing can be read from this file.",
				  "%s ends inside its first header: it was cut before the first "
				  "packet",
				  input_name(c->in));
		return NULL;
	}
	r = g_new0(struct reader, 1);
	r->c = c;
	r->offset = FILE_HEADER;
	if (take_header(r, header, d))
		return r;
	pcap_reader_free(r);
	return NULL;
}

/* The two lengths of a frame, from its header. */
static void take_lengths(const struct reader *r, const uint8_t *header, struct frame *f)
{
	uint32_t first = number_u32(header + 8, r->little),
		 second = number_u32(header + 12, r->little);
	bool swapped = r->lengths == LENGTHS_ORIGINAL_FIRST ||
		       (r->lengths == LENGTHS_EITHER && first > second);

	f->captured = swapped ? second : first;
	f->original = swapped ? first : second;
}

/* The next n bytes, lent out until the next call; NULL if there are fewer. */
static const uint8_t *take_bytes(struct reader *r, uint32_t n)
{
	const uint8_t *p = input_take(r->c->in, n);

	if (p)
		return p;
	if (r->room < n) {
		g_free(r->whole);
		r->whole = g_malloc(n);
		r->room = n;
	}
	return input_read(r->c->in, r->whole, n) == n ? r->whole : NULL;
}

static enum capture_status pcap_next_frame(struct reader *r, struct frame *f, struct diag *d)
{
	uint8_t header[FRAME_HEADER_MORE];
	size_t got = input_read(r->c->in, header, r->frame_header);

	if (!got)
		return CAPTURE_END;
	if (got < r->frame_header)
		return capture_cut(r->c, d);
	/* Whatever a damaged file says: at most 2^32 seconds and 2^32 * 1000 nanoseconds. */
	*f = (struct frame){.time = (int64_t)number_u32(header, r->little) * 1000000000 +
				    (int64_t)number_u32(header + 4, r->little) * r->fraction,
			    .link_type = r->link_type,
			    .file_offset = r->offset};
	take_lengths(r, header, f);
	if (f->captured > FRAME_MAX)
		return capture_damage(r->c, d, "the next packet claims to be %u bytes long",
				      f->captured);
	f->data = take_bytes(r, f->captured);
	if (!f->data)
		return capture_cut(r->c, d);
	r->offset += r->frame_header + f->captured;
	return CAPTURE_FRAME;
}

/* From header to header; with any that is damaged the count is left to who reads the frames. */
static bool pcap_count(struct reader *r, uint64_t *n)
{
	struct input *in = r->c->in;
	uint8_t header[FRAME_HEADER_MORE];
	uint64_t place = input_position(in);
	size_t got = 0;
	bool sound = true;

	*n = 0;
	input_seek(in, FILE_HEADER);
	while (sound && (got = input_read(in, header, r->frame_header)) == r->frame_header) {
		struct frame f;

		take_lengths(r, header, &f);
		sound = f.captured <= FRAME_MAX && input_skip(in, f.captured);
		++*n;
	}
	input_seek(in, place);
	return sound && !got;
}

static bool pcap_reader_seek(struct reader *r, uint64_t offset, struct diag *d)
{
	(void)d;
	r->offset = offset ? offset : FILE_HEADER;
	input_seek(r->c->in, r->offset);
	return true;
}

const struct reader_ops pcap_reader_ops = {.next = pcap_next_frame,
					   .count = pcap_count,
					   .seek = pcap_reader_seek,
					   .free = pcap_reader_free};
