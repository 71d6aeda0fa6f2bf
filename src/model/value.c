/* SPDX-License-Identifier: GPL-3.0-or-later */
/* value: a field's value as text, by its row. */
#include "tracetutor/record.h"

static void put_hex(struct buf *out, const struct field_def *d, uint64_t v)
{
	unsigned bits = d->mask ? (unsigned)__builtin_popcountll(d->mask) : d->size * 8u;

	buf_mem(out, "0x", 2);
	buf_hex(out, v, bits ? (bits + 3) / 4 : 1);
}

static void put_unsigned(struct buf *out, const struct field_def *d, uint64_t v)
{
	switch (d->show) {
	case SHOW_DEC: buf_dec(out, v); break;
	case SHOW_HEX: put_hex(out, d, v); break;
	case SHOW_DEC_HEX:
		buf_dec(out, v);
		buf_mem(out, " (", 2);
		put_hex(out, d, v);
		buf_char(out, ')');
		break;
	case SHOW_HEX_DEC:
		put_hex(out, d, v);
		buf_mem(out, " (", 2);
		buf_dec(out, v);
		buf_char(out, ')');
		break;
	case SHOW_OCT: {
		char digits[22];
		size_t n = sizeof(digits);

		do {
			digits[--n] = (char)('0' + (v & 7));
			v >>= 3;
		} while (v);
		buf_char(out, '0');
		buf_mem(out, digits + n, sizeof(digits) - n);
		break;
	}
	}
}

static void put_bytes(struct buf *out, const struct field_def *d, const struct field *f)
{
	if (d->type == FT_IPv6 && f->vlen == 16)
		buf_ipv6(out, f->v.p);
	else if (field_type_is_text(d->type))
		buf_clean(out, f->v.p, f->vlen);
	else if (d->type == FT_PROTOCOL)
		buf_str(out, d->label);
	else
		buf_hex_bytes(out, f->v.p, f->vlen, ':');
}

void field_value_text(struct buf *out, const struct record *r, const struct field *f)
{
	const struct field_def *d = def_of(f);

	(void)r;
	switch (field_value_class(d->type)) {
	case VALUE_NONE: break;
	case VALUE_UNSIGNED:
		if (d->type == FT_IPv4)
			buf_ipv4(out, (uint32_t)f->v.u);
		else
			put_unsigned(out, d, f->v.u);
		break;
	case VALUE_SIGNED:
		if (d->type == FT_ABSOLUTE_TIME)
			buf_time_utc(out, f->v.i);
		else if (d->type == FT_RELATIVE_TIME)
			buf_seconds(out, f->v.i, 9);
		else
			buf_sdec(out, f->v.i);
		break;
	case VALUE_BYTES: put_bytes(out, d, f); break;
	}
}

void field_named_text(struct buf *out, const struct record *r, const struct field *f)
{
	const struct field_def *d = def_of(f);
	const char *name = NULL;

	if (d->type == FT_BOOLEAN)
		name = f->v.u ? (d->on ? d->on : "On") : (d->off ? d->off : "Off");
	else if (field_value_class(d->type) == VALUE_UNSIGNED)
		name = value_name(d->values, f->v.u);
	if (d->type != FT_BOOLEAN)
		field_value_text(out, r, f);
	if (!name)
		return;
	if (d->type == FT_BOOLEAN) {
		buf_str(out, name);
		return;
	}
	buf_mem(out, " (", 2);
	buf_str(out, name);
	buf_char(out, ')');
}
