/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PDML (Packet Details Markup Language) as tshark writes it, so that a tool can compare the values
 * of the fields both know. Fields nest by depth; aliases carry hide="yes".
 */
#include "config.h"

#include <time.h>

#include "report_private.h"

#define NESTING_MAX 32
#define SECOND      1000000000

static void xml_text(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		switch (s[i]) {
		case '&': buf_str(out, "&amp;"); break;
		case '<': buf_str(out, "&lt;"); break;
		case '>': buf_str(out, "&gt;"); break;
		case '"': buf_str(out, "&quot;"); break;
		case '\'': buf_str(out, "&#x27;"); break;
		default: buf_char(out, s[i]);
		}
	}
}

static void attribute(struct buf *out, const char *name, const char *value, size_t n)
{
	buf_char(out, ' ');
	buf_str(out, name);
	buf_str(out, "=\"");
	xml_text(out, value, n);
	buf_char(out, '"');
}

static void number(struct buf *out, const char *name, uint64_t n)
{
	buf_char(out, ' ');
	buf_str(out, name);
	buf_str(out, "=\"");
	buf_dec(out, n);
	buf_char(out, '"');
}

static void indent(struct buf *out, unsigned depth)
{
	buf_fill(out, ' ', 2 + 2 * (size_t)depth);
}

/* "..0. .... = Syn: Not set": the bits of a masked field, then the label and the named value. */
static void show_name(struct buf *out, const struct record *r, const struct field *f,
		      struct buf *scratch)
{
	const struct field_def *d = def_of(f);

	buf_reset(scratch);
	if (d->mask && f->len && f->len <= 8 && field_value_class(d->type) == VALUE_UNSIGNED) {
		uint64_t raw = f->v.u << __builtin_ctzll(d->mask);

		for (unsigned bit = f->len * 8; bit-- > 0;) {
			buf_char(scratch, !(d->mask >> bit & 1) ? '.' : raw >> bit & 1 ? '1' : '0');
			if (bit % 4 == 0)
				buf_char(scratch, ' ');
		}
		buf_str(scratch, "= ");
	}
	buf_str(scratch, d->label);
	if (field_value_class(d->type) != VALUE_NONE) {
		buf_str(scratch, ": ");
		field_named_text(scratch, r, f);
	}
	attribute(out, "showname", buf_text(scratch), scratch->len);
}

/* The bytes as hex; of masked numbers the value alone, and the whole bytes beside it. */
static void values(struct buf *out, const struct record *r, const struct field *f)
{
	const uint8_t *p = field_bytes(r, f);
	const struct field_def *d = def_of(f);
	bool masked = d->mask && field_value_class(d->type) == VALUE_UNSIGNED;

	if (!p)
		return;
	buf_str(out, " value=\"");
	if (masked)
		buf_hex_upper(out, f->v.u, 0);
	else
		buf_hex_bytes(out, p, f->len, '\0');
	buf_char(out, '"');
	if (!masked)
		return;
	buf_str(out, " unmaskedvalue=\"");
	buf_hex_bytes(out, p, f->len, '\0');
	buf_char(out, '"');
}

/* "Mar 24, 2003 19:00:24.000000000 UTC" */
static void show_time(struct buf *out, int64_t ns)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t rest = ns % SECOND;
	time_t seconds = (time_t)(ns / SECOND);
	struct tm t;

	if (rest < 0) {
		rest += SECOND;
		seconds--;
	}
	if (!gmtime_r(&seconds, &t))
		return;
	buf_str(out, months[t.tm_mon]);
	buf_str(out, t.tm_mday < 10 ? "  " : " ");
	buf_dec(out, (uint64_t)t.tm_mday);
	buf_str(out, ", ");
	buf_sdec(out, (int64_t)t.tm_year + 1900);
	buf_char(out, ' ');
	buf_dec0(out, (uint64_t)t.tm_hour, 2);
	buf_char(out, ':');
	buf_dec0(out, (uint64_t)t.tm_min, 2);
	buf_char(out, ':');
	buf_dec0(out, (uint64_t)t.tm_sec, 2);
	buf_char(out, '.');
	buf_dec0(out, (uint64_t)rest, 9);
	buf_str(out, " UTC");
}

#define REPLACED "\xEF\xBF\xBD" /* U+FFFD: stands for a byte that is no letter */

/* Bytes of a UTF-8 character that stands at p; 0: none does. */
static size_t letter(const uint8_t *p, size_t n)
{
	size_t size = *p >= 0xF0 ? 4 : *p >= 0xE0 ? 3 : 2;

	return n >= size && g_utf8_validate((const char *)p, (gssize)size, NULL) ? size : 0;
}

/*
 * Text as tshark spells it: control characters by their number, a tab as a blank and each line end
 * as \n (for who reads XML, tshark's tabs and line ends are blanks, too), letters as the protocol's
 * strings have them. What buf_clean() holds back stays so.
 */
static void show_text(struct buf *out, const struct field *f)
{
	bool ascii = proto_table[FIELD_PROTO(f->id)]->ascii;
	const uint8_t *p = f->v.p;
	size_t size;

	for (uint32_t i = 0; i < f->vlen && p[i]; i++) {
		if (p[i] == '\r' && i + 1 < f->vlen && p[i + 1] == '\n')
			continue;
		if (p[i] == '\r' || p[i] == '\n') {
			buf_char(out, '\n');
		} else if (p[i] == '\t') {
			buf_char(out, ' ');
		} else if (p[i] >= ' ' && p[i] < 0x7F) {
			buf_char(out, (char)p[i]);
		} else if (p[i] <= 0x7F) {
			buf_str(out, "\\x");
			buf_hex(out, p[i], 0);
		} else if (!ascii && (size = letter(p + i, f->vlen - i))) {
			buf_clean(out, p + i, size);
			i += (uint32_t)size - 1;
		} else {
			buf_str(out, REPLACED);
		}
	}
}

static void show_value(struct buf *out, const struct record *r, const struct field *f)
{
	enum field_type type = def_of(f)->type;
	char *rest;

	if (type == FT_BOOLEAN) {
		buf_char(out, f->v.u ? '1' : '0');
	} else if (type == FT_ABSOLUTE_TIME) {
		show_time(out, f->v.i);
	} else if (field_type_is_text(type)) {
		show_text(out, f);
	} else {
		field_value_text(out, r, f);
		rest = strchr(buf_text(out), ' ');
		/* Of "31 (0x001f)" tshark gives the first part. */
		if (rest && field_value_class(type) == VALUE_UNSIGNED)
			out->len = (size_t)(rest - out->s);
	}
}

static void open_field(struct buf *out, const struct record *r, const struct field *f,
		       struct buf *scratch)
{
	indent(out, f->depth);
	buf_str(out, "<field");
	attribute(out, "name", def_of(f)->name, strlen(def_of(f)->name));
	show_name(out, r, f, scratch);
	if (f->flags & FIELD_HIDDEN)
		buf_str(out, " hide=\"yes\"");
	number(out, "size", f->len);
	number(out, "pos", f->off);
	buf_reset(scratch);
	show_value(scratch, r, f);
	attribute(out, "show", buf_text(scratch), scratch->len);
	values(out, r, f);
}

static void close_field(struct buf *out, unsigned depth)
{
	indent(out, depth);
	buf_str(out, "</field>\n");
}

/* The layer's fields; one that is followed by a deeper one stays open around it. */
static void fields(struct buf *out, const struct record *r, const struct layer *l,
		   struct buf *scratch)
{
	uint8_t open[NESTING_MAX];
	unsigned n = 0;

	for (uint32_t i = l->first + 1; i < l->end && i < r->nfields; i++) {
		const struct field *f = &r->fields[i];
		bool inner = i + 1 < l->end && i + 1 < r->nfields &&
			     r->fields[i + 1].layer == f->layer && f[1].depth > f->depth;

		if (&r->layers[f->layer] != l)
			continue;
		while (n > 0 && open[n - 1] >= f->depth)
			close_field(out, open[--n]);
		inner = inner && n < NESTING_MAX;
		open_field(out, r, f, scratch);
		buf_str(out, inner ? ">\n" : "/>\n");
		if (inner)
			open[n++] = f->depth;
	}
	while (n > 0)
		close_field(out, open[--n]);
}

/* tshark's way with undecoded bytes: a protocol without a name around a field with the bytes. */
static void data_layer(struct buf *out, const struct record *r, const struct layer *l,
		       struct buf *scratch)
{
	const struct field *data = l->first + 1 < l->end ? &r->fields[l->first + 1] : NULL;
	const uint8_t *bytes = data ? field_bytes(r, data) : NULL;

	indent(out, 0);
	buf_str(out, "<proto name=\"fake-field-wrapper\">\n");
	indent(out, 1);
	buf_str(out, "<field name=\"data\" value=\"");
	if (bytes)
		buf_hex_bytes(out, bytes, data->len, '\0');
	buf_str(out, "\">\n");
	fields(out, r, l, scratch);
	close_field(out, 1);
	indent(out, 0);
	buf_str(out, "</proto>\n");
}

static void layer(struct buf *out, const struct record *r, const struct layer *l,
		  struct buf *scratch)
{
	const struct proto_def *p = proto_table[l->proto];

	if (l->proto == PROTO_data) {
		data_layer(out, r, l, scratch);
		return;
	}
	indent(out, 0);
	buf_str(out, "<proto");
	attribute(out, "name", p->name, strlen(p->name));
	attribute(out, "showname", p->label, strlen(p->label));
	number(out, "size", l->len);
	number(out, "pos", l->off);
	buf_str(out, ">\n");
	fields(out, r, l, scratch);
	indent(out, 0);
	buf_str(out, "</proto>\n");
}

static void general_field(struct buf *out, const char *name, const char *label, uint64_t value,
			  uint32_t size)
{
	indent(out, 1);
	buf_str(out, "<field");
	attribute(out, "name", name, strlen(name));
	buf_str(out, " pos=\"0\"");
	number(out, "show", value);
	attribute(out, "showname", label, strlen(label));
	buf_str(out, " value=\"");
	buf_hex(out, value, 0);
	buf_char(out, '"');
	number(out, "size", size);
	buf_str(out, "/>\n");
}

/* What tshark calls geninfo: of the frame as the file gives it. */
static void general(struct buf *out, const struct frame *f)
{
	indent(out, 0);
	buf_str(out, "<proto name=\"geninfo\" pos=\"0\" showname=\"General information\"");
	number(out, "size", f->captured);
	buf_str(out, ">\n");
	general_field(out, "num", "Number", f->number, f->captured);
	general_field(out, "len", "Frame Length", f->original, f->captured);
	general_field(out, "caplen", "Captured Length", f->captured, f->captured);
	indent(out, 1);
	buf_str(out, "<field name=\"timestamp\" pos=\"0\" show=\"");
	show_time(out, f->time);
	buf_str(out, "\" showname=\"Captured Time\" value=\"");
	buf_seconds(out, f->time, 9);
	buf_char(out, '"');
	number(out, "size", f->captured);
	buf_str(out, "/>\n");
	indent(out, 0);
	buf_str(out, "</proto>\n");
}

void pdml_packet(struct buf *out, const struct record *r)
{
	struct buf scratch = BUF_INIT;

	buf_str(out, "<packet>\n");
	if (r->frame)
		general(out, r->frame);
	for (unsigned i = 0; i < r->nlayers; i++)
		layer(out, r, &r->layers[i], &scratch);
	buf_str(out, "</packet>\n\n");
	buf_release(&scratch);
}

void pdml_head(struct buf *out, const char *name)
{
	struct buf clean = BUF_INIT;

	buf_clean(&clean, name, strlen(name));
	buf_str(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		     "<pdml version=\"0\" creator=\"tracetutor/" PACKAGE_VERSION "\"");
	attribute(out, "capture_file", buf_text(&clean), clean.len);
	buf_str(out, ">\n");
	buf_release(&clean);
}

void pdml_foot(struct buf *out)
{
	buf_str(out, "</pdml>\n");
}
