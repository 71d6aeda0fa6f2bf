/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pcap: the classic file format, read through libpcap.
 *
 * libpcap cuts each frame to the snap length of the file header, which many programs write wrongly.
 * It is therefore shown a header without one ("the longest the link type may have"), and frames
 * keep all bytes the file holds; the header's own value stays in the interface.
 */
#include "config.h"

#include <pcap.h>
#include <stdio.h>
#include <string.h>

#include "src/capture/reader.h"

#define FILE_HEADER    24
#define SNAP_OFFSET    16      /* of the snap length in the file header */
#define COUNT_MAX      0xffffu /* longer frames are read to be counted */
#define MAGIC_MICRO    0xa1b2c3d4u
#define MAGIC_NANO     0xa1b23c4du
#define MAGIC_MODIFIED 0xa1b2cd34u /* an old patched libpcap: 8 more bytes a frame */

struct reader {
	struct capture *c;
	pcap_t *pcap;
	uint64_t streamed; /* file bytes given to libpcap's stream */
	uint64_t offset;   /* of the next frame's header */
	uint32_t link_type;
	uint32_t frame_header;
	bool little; /* byte order of the file */
	bool usual;  /* today's version and frame header */
};

static ssize_t stream_read(void *cookie, char *to, size_t n)
{
	struct reader *r = cookie;
	size_t got = input_read_some(r->c->in, to, n);

	for (size_t i = 0; i < got && r->streamed + i < SNAP_OFFSET + 4; i++)
		if (r->streamed + i >= SNAP_OFFSET)
			to[i] = 0;
	r->streamed += got;
	return (ssize_t)got;
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
	struct reader *r = cookie;

	if (whence == SEEK_SET) {
		input_seek(r->c->in, (uint64_t)*offset);
		r->streamed = (uint64_t)*offset;
	} else if (whence != SEEK_CUR || *offset) {
		return -1;
	}
	*offset = (off64_t)r->streamed;
	return 0;
}

static bool pcap_start(struct reader *r, struct diag *d)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	const cookie_io_functions_t functions = {.read = stream_read, .seek = stream_seek};
	FILE *stream = fopencookie(r, "r", functions);

	input_seek(r->c->in, 0);
	r->streamed = 0;
	r->offset = FILE_HEADER;
	if (stream)
		r->pcap = pcap_fopen_offline_with_tstamp_precision(
			stream, PCAP_TSTAMP_PRECISION_NANO, error);
	if (r->pcap)
		return true;
	if (stream)
		fclose(stream);
	return diag_fail(d, "Copy it again from where it came, or record it again.",
			 "%s begins like a capture, but its header is damaged (%s)",
			 input_name(r->c->in), error);
}

static uint32_t header_word(const uint8_t *p, bool little)
{
	return little ? (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0]
		      : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void pcap_describe(struct reader *r, const uint8_t *header)
{
	bool little = header[0] != 0xa1;
	uint32_t magic = header_word(header, little);
	struct capture_interface i = {.dropped = UINT64_MAX};

	i.snap_length = header_word(header + SNAP_OFFSET, little);
	/* The upper bits tell about frame check sequences and versions. */
	i.link_type = link_type_from_file(header_word(header + 20, little) & 0x03ffffff);
	r->link_type = i.link_type;
	r->frame_header = magic == MAGIC_MODIFIED ? 24 : 16;
	r->little = little;
	r->usual = magic != MAGIC_MODIFIED && header[little ? 4 : 5] == 2 &&
		   header[little ? 6 : 7] == 4 && !header[little ? 5 : 4] &&
		   !header[little ? 7 : 6];
	r->c->info.format = magic == MAGIC_NANO ? "pcap (nanoseconds)" : "pcap";
	capture_add_interface(r->c, &i);
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
	pcap_describe(r, header);
	if (pcap_start(r, d))
		return r;
	g_free(r);
	return NULL;
}

static int64_t pcap_time(const struct pcap_pkthdr *h)
{
	/* Seconds are unsigned 32 bits in the file; libpcap hands the upper half out as negative.
	 * Nanoseconds may be anything a damaged file says: at most 2^32 * 1000. */
	return (int64_t)(uint32_t)h->ts.tv_sec * 1000000000 + (int64_t)h->ts.tv_usec;
}

static enum capture_status pcap_stopped(struct reader *r, int rc, struct diag *d)
{
	uint8_t byte;

	if (rc == PCAP_ERROR_BREAK) {
		clearerr(pcap_file(r->pcap)); /* the file may grow */
		return CAPTURE_END;
	}
	if (!input_read(r->c->in, &byte, 1) && !strncmp(pcap_geterr(r->pcap), "truncated", 9))
		return capture_cut(r->c, d);
	return capture_damage(r->c, d, "the header of the next packet is wrong: %s",
			      pcap_geterr(r->pcap));
}

static enum capture_status pcap_next_frame(struct reader *r, struct frame *f, struct diag *d)
{
	struct pcap_pkthdr *h;
	const u_char *bytes;
	int rc = pcap_next_ex(r->pcap, &h, &bytes);

	if (rc != 1)
		return pcap_stopped(r, rc, d);
	if (h->caplen > FRAME_MAX)
		return capture_damage(r->c, d, "the next packet claims to be %u bytes long",
				      h->caplen);
	*f = (struct frame){.time = pcap_time(h),
			    .captured = h->caplen,
			    .original = h->len,
			    .link_type = r->link_type,
			    .data = bytes,
			    .file_offset = r->offset};
	r->offset += r->frame_header + h->caplen;
	return CAPTURE_FRAME;
}

/* From header to header; any that looks odd leaves the count to who reads the frames. */
static bool pcap_count(struct reader *r, uint64_t *n)
{
	struct input *in = r->c->in;
	uint8_t header[16];
	size_t got = 0;
	bool sound = r->usual;

	*n = 0;
	input_seek(in, FILE_HEADER);
	while (sound && (got = input_read(in, header, sizeof(header))) == sizeof(header)) {
		uint32_t captured = header_word(header + 8, r->little);

		sound = captured <= COUNT_MAX && input_skip(in, captured);
		++*n;
	}
	input_seek(in, r->streamed); /* where libpcap's stream believes to be */
	return sound && !got;
}

static bool pcap_reader_seek(struct reader *r, uint64_t offset, struct diag *d)
{
	if (!offset)
		offset = FILE_HEADER;
	if (fseeko(pcap_file(r->pcap), (off_t)offset, SEEK_SET) < 0)
		return diag_fail(d, "Open the file again.", "%s cannot be read a second time",
				 input_name(r->c->in));
	r->offset = offset;
	return true;
}

static void pcap_reader_free(struct reader *r)
{
	pcap_close(r->pcap);
	g_free(r);
}

const struct reader_ops pcap_reader_ops = {.next = pcap_next_frame,
					   .count = pcap_count,
					   .seek = pcap_reader_seek,
					   .free = pcap_reader_free};
