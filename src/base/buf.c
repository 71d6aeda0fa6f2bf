/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buf: one growing run of characters; table-driven appends. */
#include "tracetutor/buf.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>

static const char digits_lower[] = "0123456789abcdef";
static const char digits_upper[] = "0123456789ABCDEF";

/* Two characters for each byte: "000102...FF"; the text column's character for each byte. */
struct hex_tables {
	char pair[256][2];
	char printable[256];
};

static const struct hex_tables *hex_tables(void)
{
	static struct hex_tables t;
	static bool ready;

	if (!ready) {
		for (unsigned i = 0; i < 256; i++) {
			t.pair[i][0] = digits_upper[i >> 4];
			t.pair[i][1] = digits_upper[i & 15];
			t.printable[i] = i >= 0x20 && i < 0x7f ? (char)i : '.';
		}
		ready = true;
	}
	return &t;
}

void buf_release(struct buf *b)
{
	g_free(b->s);
	*b = BUF_INIT;
}

char *buf_room(struct buf *b, size_t n)
{
	if (b->cap - b->len <= n) {
		size_t cap = b->cap ? b->cap * 2 : 256;

		while (cap - b->len <= n)
			cap *= 2;
		b->s = g_realloc(b->s, cap);
		b->cap = cap;
	}
	return b->s + b->len;
}

char *buf_steal(struct buf *b)
{
	char *s = b->s ? b->s : g_strdup("");

	*b = BUF_INIT;
	return s;
}

/* n characters were written into the room. */
static void added(struct buf *b, size_t n)
{
	b->len += n;
	b->s[b->len] = '\0';
}

void buf_mem(struct buf *b, const void *bytes, size_t n)
{
	if (!n)
		return;
	memcpy(buf_room(b, n), bytes, n);
	added(b, n);
}

void buf_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	added(b, 1);
}

void buf_fill(struct buf *b, char c, size_t n)
{
	memset(buf_room(b, n), c, n);
	added(b, n);
}

/* The digits of v in base 10 or 16, right-aligned at `end`; returns how many. */
static unsigned format_number(char *end, uint64_t v, unsigned base, const char *digits)
{
	unsigned n = 0;

	do {
		*--end = digits[v % base];
		v /= base;
		n++;
	} while (v);
	return n;
}

static void append_number(struct buf *b, uint64_t v, unsigned base, const char *digits,
			  unsigned width)
{
	char tmp[20];
	unsigned n = format_number(tmp + sizeof(tmp), v, base, digits);

	if (n < width)
		buf_fill(b, '0', width - n);
	buf_mem(b, tmp + sizeof(tmp) - n, n);
}

void buf_dec(struct buf *b, uint64_t v)
{
	append_number(b, v, 10, digits_lower, 0);
}

void buf_sdec(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_char(b, '-');
	buf_dec(b, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void buf_dec0(struct buf *b, uint64_t v, unsigned width)
{
	append_number(b, v, 10, digits_lower, width);
}

void buf_hex(struct buf *b, uint64_t v, unsigned width)
{
	append_number(b, v, 16, digits_lower, width);
}

void buf_hex_upper(struct buf *b, uint64_t v, unsigned width)
{
	append_number(b, v, 16, digits_upper, width);
}

void buf_hex_bytes(struct buf *b, const uint8_t *p, size_t n, char sep)
{
	for (size_t i = 0; i < n; i++) {
		char *to = buf_room(b, 3);
		size_t used = 0;

		if (sep && i)
			to[used++] = sep;
		to[used++] = digits_lower[p[i] >> 4];
		to[used++] = digits_lower[p[i] & 15];
		added(b, used);
	}
}

void buf_seconds(struct buf *b, int64_t ns, unsigned digits)
{
	static const uint32_t scale[10] = {1000000000, 100000000, 10000000, 1000000, 100000,
					   10000,      1000,      100,      10,      1};
	uint64_t u = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		buf_char(b, '-');
	buf_dec(b, u / 1000000000);
	if (!digits)
		return;
	buf_char(b, '.');
	buf_dec0(b, u % 1000000000 / scale[digits], digits);
}

void buf_ipv4(struct buf *b, uint32_t addr)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		buf_dec(b, addr >> shift & 255);
		if (shift)
			buf_char(b, '.');
	}
}

void buf_ipv4_padded(struct buf *b, uint32_t addr)
{
	char *to = buf_room(b, 15);

	for (int shift = 24; shift >= 0; shift -= 8) {
		unsigned octet = addr >> shift & 255;

		*to++ = (char)('0' + octet / 100);
		*to++ = (char)('0' + octet / 10 % 10);
		*to++ = (char)('0' + octet % 10);
		if (shift)
			*to++ = '.';
	}
	added(b, 15);
}

/* The longest run of two or more zero groups (RFC 5952 section 4.2.3); *len is 0 if there is none.
 */
static unsigned longest_zero_run(const uint8_t addr[16], unsigned *len)
{
	unsigned best = 0;

	*len = 0;
	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;

		while (i + n < 8 && !addr[2 * (i + n)] && !addr[2 * (i + n) + 1])
			n++;
		if (n >= 2 && n > *len) {
			best = i;
			*len = n;
		}
		i += n;
	}
	return best;
}

void buf_ipv6(struct buf *b, const uint8_t addr[16])
{
	unsigned run, at = longest_zero_run(addr, &run);

	for (unsigned i = 0; i < 8; i++) {
		if (run && i == at) {
			buf_str(b, "::");
			i += run - 1;
			continue;
		}
		if (i && !(run && i == at + run))
			buf_char(b, ':');
		buf_hex(b, (uint64_t)addr[2 * i] << 8 | addr[2 * i + 1], 0);
	}
}

/* Days since 1970 to year, month, day: the civil calendar, proleptic Gregorian. */
static void civil_date(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int64_t)yoe + era * 400 + (*month <= 2);
}

void buf_time_utc(struct buf *b, int64_t ns)
{
	int64_t secs = ns / 1000000000, rest = ns % 1000000000, days, year;
	unsigned month, day, of_day;

	if (rest < 0) {
		rest += 1000000000;
		secs--;
	}
	days = secs / 86400 - (secs % 86400 < 0);
	of_day = (unsigned)(secs - days * 86400);
	civil_date(days, &year, &month, &day);
	buf_sdec(b, year);
	buf_char(b, '-');
	buf_dec0(b, month, 2);
	buf_char(b, '-');
	buf_dec0(b, day, 2);
	buf_char(b, ' ');
	buf_dec0(b, of_day / 3600, 2);
	buf_char(b, ':');
	buf_dec0(b, of_day / 60 % 60, 2);
	buf_char(b, ':');
	buf_dec0(b, of_day % 60, 2);
	buf_char(b, '.');
	buf_dec0(b, (uint64_t)rest / 1000, 6);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	buf_clean_lines(b, s, strlen(s));
	g_free(s);
}

void buf_hex_row(struct buf *b, uint32_t offset, const uint8_t *p, size_t n)
{
	const struct hex_tables *t = hex_tables();
	char *to = buf_room(b, 8 + 1 + 16 * 3 + 1 + 16);
	char *start = to;

	if (offset > 0xffff)
		to += snprintf(to, 9, "%X", (unsigned)offset);
	else
		for (int shift = 12; shift >= 0; shift -= 4)
			*to++ = digits_upper[offset >> shift & 15];
	for (size_t i = 0; i < 16; i++) {
		*to++ = ' ';
		to[0] = i < n ? t->pair[p[i]][0] : ' ';
		to[1] = i < n ? t->pair[p[i]][1] : ' ';
		to += 2;
	}
	*to++ = ' ';
	*to++ = ' ';
	for (size_t i = 0; i < n; i++)
		*to++ = t->printable[p[i]];
	added(b, (size_t)(to - start));
}
