/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data: bytes that no protocol here reads. Called by name only. */
#include "tracetutor/decode.h"
#include "tracetutor/lines.h"

enum data_row { DATA_PROTO, DATA_DATA, DATA_LEN, DATA_ROWS };

static const struct field_def data_fields[DATA_ROWS] = {
	[DATA_PROTO] = {.name = "data", .label = "Data", .type = FT_PROTOCOL},
	[DATA_DATA] = {.name = "data.data", .label = "Data", .type = FT_BYTES},
	[DATA_LEN] = {.name = "data.len", .label = "Data Length", .type = FT_INT32},
};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_data, c);
	uint32_t left = cursor_left(c);

	(void)d;
	if (!layer)
		return;
	field_add_bytes(r, FIELD_ID(PROTO_data, DATA_DATA), c->pos, left);
	field_gen_int(r, FIELD_ID(PROTO_data, DATA_LEN), left);
	cursor_skip(c, left);
	layer_close(r, layer, c->pos);
}

/* The payload of a transport stands in the hex rows at the packet's end already. */
static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	const struct field *data = &r->fields[layer->first + 1];
	bool shown =
		layer->source == r->flow.psource && layer->off >= r->flow.poff && r->flow.pcaptured;

	if (shown || data >= r->fields + layer->end || !data->len)
		return;
	lines_row(l, r, layer);
	buf_dec(&l->text, data->len);
	lines_str(l, data->len == 1 ? " byte: " : " bytes: ");
	lines_value(l, r, data);
	lines_end(l);
}

const struct proto_def proto_data = {.name = "data",
				     .label = "Data",
				     .prefix = "DATA",
				     .fields = data_fields,
				     .nfields = DATA_ROWS,
				     .decode = decode,
				     .lines = lines,
				     .blurb = "Bytes that are carried but not read here."};
