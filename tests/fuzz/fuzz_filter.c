/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a filter: refused with a message, or matched against a packet and explained. */
#include <glib.h>

#include "tracetutor/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t bytes[] = "\x02\x00\x00\x00\x00\x01+OK POP3 ready <1896@example.org>\r\n";

static void number(struct record *r, const char *name, uint64_t v)
{
	field_gen_uint(r, field_find(name, strlen(name)), v);
}

static void fill(struct record *r)
{
	struct cursor c = cursor_make(bytes, 0, sizeof(bytes), sizeof(bytes));

	record_init(r, RECORD_PACKET);
	record_source(r, "Frame", bytes, sizeof(bytes), sizeof(bytes));
	layer_open(r, PROTO_frame, &c);
	number(r, "frame.number", 14);
	layer_open(r, PROTO_ip, &c);
	number(r, "ip.src", 0xC0000201);
	number(r, "ip.addr", 0xC0000201);
	number(r, "ip.addr", 0xC6336407);
	layer_open(r, PROTO_tcp, &c);
	number(r, "tcp.port", 110);
	number(r, "tcp.port", 51690);
	number(r, "tcp.flags.syn", 1);
	field_add_bytes(r, field_find("tcp.payload", 11), 6, sizeof(bytes) - 6);
	field_gen_text(r, field_find("pop.response.description", 24), "ready", 5);
}

/* The bytes lie in the field's, letters in either case. */
static bool holds(const struct field *f, const uint8_t *literal, uint32_t n)
{
	for (uint32_t i = 0; i + n <= f->vlen; i++)
		if (!g_ascii_strncasecmp((const char *)f->v.p + i, (const char *)literal, n))
			return true;
	return false;
}

/* The index of rules looks only at records that hold an anchor. */
static bool any_found(const struct record *r, const struct filter_anchor *anchors, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < r->nfields; k++)
			if (r->fields[k].id == anchors[i].field &&
			    (!anchors[i].has_value || r->fields[k].v.u == anchors[i].value) &&
			    (!anchors[i].literal ||
			     holds(&r->fields[k], anchors[i].literal, anchors[i].nliteral)))
				return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = g_strndup((const char *)data, size);
	struct diag d = DIAG_INIT;
	struct filter *f = filter_compile(text, NULL, &d);
	struct filter_anchor anchors[16];
	struct buf out = BUF_INIT;
	struct record r;

	g_assert((f != NULL) == (d.errors == 0));
	diag_write(&d, &out);
	if (f) {
		fill(&r);
		if (filter_match(f, &r)) {
			size_t n = filter_anchors(f, anchors, G_N_ELEMENTS(anchors));

			g_assert(!filter_never(f));
			g_assert(n == 0 || any_found(&r, anchors, n));
		}
		filter_why(f, &r, &out);
		record_release(&r);
	}
	filter_free(f);
	buf_release(&out);
	diag_release(&d);
	g_free(text);
	return 0;
}
