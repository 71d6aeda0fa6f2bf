/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tracetutor/capture.h"

#include <string.h>

#include "src/capture/reader.h"

/* First bytes of pcap files, those of patched libpcaps of old among them. */
static const uint32_t pcap_magics[] = {0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0xa1b234cd, 0xa12b3c4d};
static const uint8_t pcapng_magic[4] = {0x0a, 0x0d, 0x0d, 0x0a};

static bool is_pcap(const uint8_t m[4])
{
	uint32_t big = (uint32_t)m[0] << 24 | (uint32_t)m[1] << 16 | (uint32_t)m[2] << 8 | m[3];

	for (size_t i = 0; i < G_N_ELEMENTS(pcap_magics); i++)
		if (big == pcap_magics[i] || big == GUINT32_SWAP_LE_BE(pcap_magics[i]))
			return true;
	return false;
}

bool capture_begin(struct capture *c, struct diag *d)
{
	uint8_t magic[4];
	size_t got;

	if (!input_unpack(c->in, d))
		return false;
	c->info.compressed = input_compressed(c->in);
	c->info.size = input_size(c->in);
	got = input_read(c->in, magic, sizeof(magic));
	input_seek(c->in, 0);
	if (got == sizeof(magic) && is_pcap(magic)) {
		c->ops = &pcap_reader_ops;
		c->reader = pcap_reader_new(c, d);
	} else if (got == sizeof(magic) && !memcmp(magic, pcapng_magic, sizeof(magic))) {
		c->ops = &pcapng_reader_ops;
		c->reader = pcapng_reader_new(c, d);
	} else {
		return not_a_capture(c->in, d);
	}
	return c->reader != NULL;
}

static struct capture *capture_of(struct input *in)
{
	struct capture *c;

	if (!in)
		return NULL;
	c = g_new0(struct capture, 1);
	c->in = in;
	c->interfaces = g_array_new(FALSE, FALSE, sizeof(struct capture_interface));
	return c;
}

struct capture *capture_find(const char *path, struct diag *d)
{
	return capture_of(input_open(path, d));
}

/* NULL if it is no capture. */
static struct capture *begun(struct capture *c, struct diag *d)
{
	if (!c || capture_begin(c, d))
		return c;
	capture_close(c);
	return NULL;
}

struct capture *capture_open(const char *path, struct diag *d)
{
	return begun(capture_find(path, d), d);
}

struct capture *capture_open_fd(int fd, const char *name, struct diag *d)
{
	return begun(capture_of(input_open_fd(fd, name, d)), d);
}

void capture_limit(struct capture *c, uint64_t size)
{
	input_limit(c->in, size);
	c->info.size = input_size(c->in);
}

void capture_close(struct capture *c)
{
	if (!c)
		return;
	if (c->reader)
		c->ops->free(c->reader);
	for (guint i = 0; i < c->interfaces->len; i++) {
		g_free(g_array_index(c->interfaces, struct capture_interface, i).name);
		g_free(g_array_index(c->interfaces, struct capture_interface, i).description);
	}
	g_array_free(c->interfaces, TRUE);
	g_free((char *)c->info.comment);
	g_free((char *)c->info.application);
	g_free((char *)c->info.facts);
	input_close(c->in);
	g_free(c);
}

void capture_add_interface(struct capture *c, const struct capture_interface *i)
{
	struct capture_interface own = *i;

	own.name = g_strdup(i->name);
	own.description = g_strdup(i->description);
	g_array_append_val(c->interfaces, own);
	c->info.interfaces = &g_array_index(c->interfaces, struct capture_interface, 0);
	c->info.ninterfaces = c->interfaces->len;
}

/* "after packet 14", for both sentences. */
static char *after(const struct capture *c)
{
	return c->frames ? g_strdup_printf("after packet %u", c->frames)
			 : g_strdup("before its first packet");
}

static const char *damage_hint(const struct capture *c)
{
	return c->frames ? "The packets before that place can be used. For the rest, copy the file "
			   "again from where it came, in binary mode."
			 : "Copy the file again from where it came, in binary mode, or record it "
			   "again.";
}

enum capture_status capture_cut(struct capture *c, struct diag *d)
{
	char *where = after(c);

	c->stopped = true;
	if (!input_explain(c->in, d))
		diag_fail(d, damage_hint(c), "%s was cut %s: the file ends in the middle of a %s",
			  input_name(c->in), where,
			  c->ops == &pcap_reader_ops ? "packet" : "block");
	g_free(where);
	return CAPTURE_DAMAGED;
}

enum capture_status capture_damage(struct capture *c, struct diag *d, const char *fmt, ...)
{
	char *where = after(c), *what;
	va_list args;

	va_start(args, fmt);
	what = g_strdup_vprintf(fmt, args);
	va_end(args);
	c->stopped = true;
	diag_fail(d, damage_hint(c), "%s is damaged %s: %s", input_name(c->in), where, what);
	g_free(what);
	g_free(where);
	return CAPTURE_DAMAGED;
}

/* The end of the bytes: the true one, or the place where reading or unpacking had to stop. */
static enum capture_status capture_ended(struct capture *c, struct diag *d)
{
	c->info.size = input_size(c->in); /* of pipes and unpacked files known only now */
	if (input_explain(c->in, d)) {
		c->stopped = true;
		return CAPTURE_DAMAGED;
	}
	if (!c->frames && !input_limited(c->in))
		diag_add(d, DIAG_WARNING, NULL,
			 "Record again: start the recording, make the fault happen, then stop it. "
			 "If a capture filter was given, it may have let nothing through.",
			 "%s is a capture without any packet", input_name(c->in));
	return CAPTURE_END;
}

enum capture_status capture_next(struct capture *c, struct frame *f, struct diag *d)
{
	enum capture_status status;

	if (c->stopped)
		return CAPTURE_DAMAGED;
	status = c->ops->next(c->reader, f, d);
	if (status == CAPTURE_FRAME)
		f->number = ++c->frames;
	else if (status == CAPTURE_END)
		status = capture_ended(c, d);
	return status;
}

bool capture_count(struct capture *c, uint64_t *n)
{
	return c->ops->count && c->ops->count(c->reader, n);
}

bool capture_rewind(struct capture *c, struct diag *d)
{
	return capture_seek(c, 0, 1, d);
}

bool capture_seek(struct capture *c, uint64_t file_offset, uint32_t number, struct diag *d)
{
	c->frames = number - 1;
	c->stopped = false;
	return c->ops->seek(c->reader, file_offset, d);
}

const struct capture_info *capture_info(const struct capture *c)
{
	return &c->info;
}

int capture_file(const struct capture *c)
{
	return input_file(c->in);
}

uint64_t capture_position(const struct capture *c)
{
	return input_position(c->in);
}
