/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buf: one growing run of characters; table-driven appends. */
#include "tracetutor/buf.h"

#include <glib.h>
#include <stdarg.h>

static const char digits_lower[] = "0123456789abcdef";
static const char digits_upper[] = "0123456789ABCDEF";

/* " 00 ", " 01 " ... " FF ": a cell of the hex dump for each byte, written with one store each. */
#define CELLS(h)                                                                                   \
	" " h "0  " h "1  " h "2  " h "3  " h "4  " h "5  " h "6  " h "7  " h "8  " h "9  " h      \
	"A  " h "B  " h "C  " h "D  " h "E  " h "F "
static const char cells[] = CELLS("0") CELLS("1") CELLS("2") CELLS("3") CELLS("4") CELLS("5")
	CELLS("6") CELLS("7") CELLS("8") CELLS("9") CELLS("A") CELLS("B") CELLS("C") CELLS("D")
		CELLS("E") CELLS("F");
#undef CELLS

void buf_release(struct buf *b)
{
	g_free(b->s);
	*b = BUF_INIT;
}

void buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap * 2 : 256;

	while (cap - b->len <= n)
		cap *= 2;
	b->s = g_realloc(b->s, cap);
	b->cap = cap;
}

char *buf_steal(struct buf *b)
{
	char *s = b->s ? b->s : g_strdup("");

	*b = BUF_INIT;
	return s;
}

#define DIGITS_MAX 20 /* of a 64-bit number in decimal */

/* Digits of a number, right-aligned, behind zeros. */
struct digits {
	char s[DIGITS_MAX];
	unsigned n;
};
static const char zeros[DIGITS_MAX + 1] = "00000000000000000000";

static struct digits decimal(uint64_t v)
{
	struct digits d = {.n = 0};

	memcpy(d.s, zeros, DIGITS_MAX);
	do {
		d.s[DIGITS_MAX - ++d.n] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return d;
}

static struct digits hexadecimal(uint64_t v, const char *names)
{
	struct digits d = {.n = 0};

	memcpy(d.s, zeros, DIGITS_MAX);
	do {
		d.s[DIGITS_MAX - ++d.n] = names[v & 15];
		v >>= 4;
	} while (v);
	return d;
}

/* At least `width` digits, which may be zeros at the left. */
static void put_digits(struct buf *b, const struct digits *d, unsigned width)
{
	unsigned n = MAX(d->n, MIN(width, DIGITS_MAX));
	char *to = buf_room(b, DIGITS_MAX);

	for (unsigned i = DIGITS_MAX - n; i < DIGITS_MAX; i++)
		*to++ = d->s[i];
	buf_added(b, n);
}

void buf_dec(struct buf *b, uint64_t v)
{
	unsigned n = 1;
	char *to = buf_room(b, DIGITS_MAX);

	for (uint64_t power = 10; n < DIGITS_MAX && v >= power; power *= 10)
		n++;
	for (unsigned i = n; i-- > 0; v /= 10)
		to[i] = (char)('0' + v % 10);
	buf_added(b, n);
}

void buf_sdec(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_char(b, '-');
	buf_dec(b, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void buf_dec0(struct buf *b, uint64_t v, unsigned width)
{
	struct digits d = decimal(v);

	put_digits(b, &d, width);
}

void buf_hex(struct buf *b, uint64_t v, unsigned width)
{
	struct digits d = hexadecimal(v, digits_lower);

	put_digits(b, &d, width);
}

void buf_hex_upper(struct buf *b, uint64_t v, unsigned width)
{
	struct digits d = hexadecimal(v, digits_upper);

	put_digits(b, &d, width);
}

void buf_hex_bytes(struct buf *b, const uint8_t *p, size_t n, char sep)
{
	char *begin = buf_room(b, 3 * n), *to = begin;

	for (size_t i = 0; i < n; i++) {
		if (sep && i)
			*to++ = sep;
		*to++ = digits_lower[p[i] >> 4];
		*to++ = digits_lower[p[i] & 15];
	}
	buf_added(b, (size_t)(to - begin));
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
	buf_added(b, 15);
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

#define ROW_LENGTH ((size_t)4 + 16 * 3 + 2 + 16) /* of a hex dump, without newline */

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* Sixteen bytes as the text column shows them: what is not printable is a dot. */
static inline bytes16 text_of(bytes16 v)
{
	bytes16 shown = (bytes16)(v - 0x20 < 0x5f);

	return (v & shown) | ('.' & ~shown);
}

static inline void put_cell(char *to, uint8_t byte)
{
	memcpy(to, cells + 4 * (size_t)byte, 4);
}

/* The low 16 bits of an offset as four digits. */
static inline void put_offset(char *to, uint32_t offset)
{
	memcpy(to, cells + 4 * (offset >> 8 & 255) + 1, 2);
	memcpy(to + 2, cells + 4 * (offset & 255) + 1, 2);
}

/* A row of 16 bytes behind its offset. */
static inline void put_full_row(char *to, const uint8_t *p)
{
	bytes16 text;

#pragma GCC unroll 16
	for (size_t i = 0; i < 16; i++)
		put_cell(to + 3 * i, p[i]);
	to[16 * 3 + 1] = ' ';
	memcpy(&text, p, 16);
	text = text_of(text);
	memcpy(to + 16 * 3 + 2, &text, 16);
}

void buf_hex_row(struct buf *b, uint32_t offset, const uint8_t *p, size_t n)
{
	uint8_t padded[16] = {0};
	char *to;

	if (offset > 0xffff)
		buf_hex_upper(b, offset >> 16, 0);
	to = buf_room(b, ROW_LENGTH);
	put_offset(to, offset);
	if (n == 16) {
		put_full_row(to + 4, p);
	} else {
		memcpy(padded, p, n);
		put_full_row(to + 4, padded);
		memset(to + 4 + 3 * n, ' ', 3 * (16 - n) + 2);
	}
	buf_added(b, ROW_LENGTH - 16 + n);
}

void buf_hex_dump(struct buf *b, const uint8_t *p, size_t n)
{
	size_t at = 0;

	while (at + 16 <= n && at <= 0xffff) {
		char *to = buf_room(b, (ROW_LENGTH + 1) * ((n - at) / 16)), *begin = to;

		for (; at + 16 <= n && at <= 0xffff; at += 16, to += ROW_LENGTH + 1) {
			put_offset(to, (uint32_t)at);
			put_full_row(to + 4, p + at);
			to[ROW_LENGTH] = '\n';
		}
		buf_added(b, (size_t)(to - begin));
	}
	for (; at < n; at += 16) {
		buf_hex_row(b, (uint32_t)at, p + at, n - at < 16 ? n - at : 16);
		buf_char(b, '\n');
	}
}
