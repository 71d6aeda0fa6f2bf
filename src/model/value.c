/* SPDX-License-Identifier: GPL-3.0-or-later */
/* value: a field's value as text, by its row. */
#include "tracetutor/record.h"

/* Hexadecimal digits of a type's full width: Wireshark pads to the type, not to the bits used. */
static unsigned hex_width(enum field_type t)
{
	switch (t) {
	case FT_CHAR:
	case FT_UINT8: return 2;
	case FT_UINT16: return 4;
	case FT_UINT24: return 6;
	case FT_UINT32: return 8;
	case FT_UINT40: return 10;
	case FT_UINT48: return 12;
	case FT_UINT64: return 16;
	default: return 1;
	}
}

static void put_hex(struct buf *out, const struct field_def *d, uint64_t v)
{
	buf_mem(out, "0x", 2);
	buf_hex(out, v, hex_width(d->type));
}

static void put_unsigned(struct buf *out, const struct field_def *d, uint64_t v)
{
	switch (d->show) {
	case SHOW_DEC:
	case SHOW_DEC_HEX: buf_dec(out, v); break;
	case SHOW_HEX:
	case SHOW_HEX_DEC: put_hex(out, d, v); break;
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

/* "1.3.6.1": seven bits a byte, the highest says that the number goes on (X.690 section 8.19). */
static void put_oid(struct buf *out, const uint8_t *p, uint32_t n)
{
	uint64_t v = 0;
	bool first = true;

	for (uint32_t i = 0; i < n; i++) {
		v = v << 7 | (p[i] & 0x7F);
		if (p[i] & 0x80)
			continue;
		if (first) {
			uint64_t arc = v < 80 ? v / 40 : 2;

			buf_dec(out, arc);
			v -= arc * 40;
			first = false;
		}
		buf_char(out, '.');
		buf_dec(out, v);
		v = 0;
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
	else if (d->type == FT_OID)
		put_oid(out, f->v.p, f->vlen);
	else
		buf_hex_bytes(out, f->v.p, f->vlen, ':');
}

/* As many digits as it has. */
static void put_fraction(struct buf *out, int64_t v)
{
	buf_seconds(out, v, 9);
	while (out->s[out->len - 1] == '0')
		out->len--;
	if (out->s[out->len - 1] == '.')
		out->len--;
	out->s[out->len] = '\0';
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
		else if (d->type == FT_DOUBLE)
			put_fraction(out, f->v.i);
		else
			buf_sdec(out, f->v.i);
		break;
	case VALUE_BYTES: put_bytes(out, d, f); break;
	}
}

/* The number once more in the other base, where the row asks for both. */
static void put_other_base(struct buf *out, const struct field_def *d, uint64_t v)
{
	if (d->show != SHOW_DEC_HEX && d->show != SHOW_HEX_DEC)
		return;
	buf_mem(out, " (", 2);
	if (d->show == SHOW_DEC_HEX)
		put_hex(out, d, v);
	else
		buf_dec(out, v);
	buf_char(out, ')');
}

void field_named_text(struct buf *out, const struct record *r, const struct field *f)
{
	const struct field_def *d = def_of(f);
	const char *name = NULL;

	if (d->type == FT_BOOLEAN)
		name = f->v.u ? (d->on ? d->on : "On") : (d->off ? d->off : "Off");
	else if (field_value_class(d->type) == VALUE_UNSIGNED ||
		 field_value_class(d->type) == VALUE_SIGNED)
		name = value_name(d->values, f->v.u);
	if (d->type != FT_BOOLEAN)
		field_value_text(out, r, f);
	if (!name) {
		put_other_base(out, d, f->v.u);
		return;
	}
	if (d->type == FT_BOOLEAN) {
		buf_str(out, name);
		return;
	}
	buf_mem(out, " (", 2);
	buf_str(out, name);
	buf_char(out, ')');
}
