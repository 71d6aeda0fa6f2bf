/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link_case: one frame, given in hexadecimal, through the decoders; and what came out of it. */
#ifndef UNIT_LINK_CASE_H
#define UNIT_LINK_CASE_H

#include <glib.h>

#include "tracetutor/decode.h"
#include "unit.h"

static struct decoder *decoder;
static struct record record;
static uint8_t frame_bytes[512];

static void setup(void)
{
	decoder = decoder_new();
	record_init(&record, RECORD_PACKET);
}

static void teardown(void)
{
	record_release(&record);
	decoder_free(decoder);
}

static uint32_t unhex(const char *hex, uint8_t *to)
{
	uint32_t n = 0;

	while (*hex) {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		to[n++] =
			(uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
		hex += 2;
	}
	return n;
}

/* Decode the first `keep` bytes of a frame; 0: all. */
static void decode_cut(uint32_t link_type, const char *hex, uint32_t keep)
{
	static struct frame f;
	uint32_t n = unhex(hex, frame_bytes);

	f = (struct frame){.number = 1,
			   .captured = keep ? keep : n,
			   .original = n,
			   .link_type = link_type,
			   .data = frame_bytes};
	decode_headers(decoder, &record, &f);
}

static void decode(uint32_t link_type, const char *hex)
{
	decode_cut(link_type, hex, 0);
}

static const struct field *find(const char *name)
{
	uint16_t id = field_find(name, strlen(name));

	ck_assert_msg(id != FIELD_NONE, "no field %s", name);
	return record_find(&record, id, 0);
}

static void assert_uint(const char *name, uint64_t v)
{
	const struct field *f = find(name);

	ck_assert_msg(f != NULL, "%s is not there", name);
	ck_assert_msg(f->v.u == v, "%s is %" G_GUINT64_FORMAT, name, f->v.u);
}

static void assert_text(const char *name, const char *text)
{
	const struct field *f = find(name);
	struct buf b = BUF_INIT;

	ck_assert_msg(f != NULL, "%s is not there", name);
	field_value_text(&b, &record, f);
	ck_assert_str_eq(buf_text(&b), text);
	buf_release(&b);
}

static void assert_none(const char *name)
{
	ck_assert_msg(find(name) == NULL, "%s is there", name);
}

#endif
