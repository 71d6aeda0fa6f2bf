/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buf: one growing run of characters; table-driven appends. */
#include "tracetutor/buf.h"

#include <glib.h>
#include <stdarg.h>

#include "tracetutor/pages.h"
#include "tracetutor/vector.h"

#define LARGE (64 * 1024) /* a buffer that has grown to this is filled again and again */

static const char digits_lower[] = "0123456789abcdef";

/* "00" ... "FF". */
#define TEN(h)     h "0" h "1" h "2" h "3" h "4" h "5" h "6" h "7" h "8" h "9"
#define SIXTEEN(h) TEN(h) h "A" h "B" h "C" h "D" h "E" h "F"
static const char hex_pairs[] = SIXTEEN("0") SIXTEEN("1") SIXTEEN("2") SIXTEEN("3") SIXTEEN("4")
	SIXTEEN("5") SIXTEEN("6") SIXTEEN("7") SIXTEEN("8") SIXTEEN("9") SIXTEEN("A") SIXTEEN("B")
		SIXTEEN("C") SIXTEEN("D") SIXTEEN("E") SIXTEEN("F");
/* "000.", "001." ... "255." */
#define TEN_OCTETS(h) h "0." h "1." h "2." h "3." h "4." h "5." h "6." h "7." h "8." h "9."
#define HUNDRED_OCTETS(h)                                                                          \
	TEN_OCTETS(h "0")                                                                          \
	TEN_OCTETS(h "1")                                                                          \
	TEN_OCTETS(h "2")                                                                          \
	TEN_OCTETS(h "3")                                                                          \
	TEN_OCTETS(h "4")                                                                          \
	TEN_OCTETS(h "5") TEN_OCTETS(h "6") TEN_OCTETS(h "7") TEN_OCTETS(h "8") TEN_OCTETS(h "9")
static const char octets[] =
	HUNDRED_OCTETS("0") HUNDRED_OCTETS("1") TEN_OCTETS("20") TEN_OCTETS("21") TEN_OCTETS("22")
		TEN_OCTETS("23") TEN_OCTETS("24") "250.251.252.253.254.255.";
#undef HUNDRED_OCTETS
#undef TEN_OCTETS
#undef SIXTEEN
#undef TEN

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
	if (cap >= LARGE)
		pages_soon(b->s + b->cap, cap - b->cap);
	b->cap = cap;
}

char *buf_steal(struct buf *b)
{
	char *s = b->s ? b->s : g_strdup("");

	*b = BUF_INIT;
	return s;
}

#define DIGITS_MAX 20 /* of a 64-bit number in decimal */

static inline unsigned decimal_digits(uint64_t v)
{
	static const uint64_t power[DIGITS_MAX] = {0,
						   10,
						   100,
						   1000,
						   10000,
						   100000,
						   1000000,
						   10000000,
						   100000000,
						   1000000000,
						   10000000000,
						   100000000000,
						   1000000000000,
						   10000000000000,
						   100000000000000,
						   1000000000000000,
						   10000000000000000,
						   100000000000000000,
						   1000000000000000000,
						   10000000000000000000u};
	/* The binary digits times log10(2), which is one too few or right. */
	unsigned n = (64 - (unsigned)__builtin_clzll(v | 1)) * 1233 >> 12;

	return n + (v >= power[n]);
}

/* Eight characters, the first of them in the lowest bits. */
static inline void put8(char *to, uint64_t characters)
{
	characters = GUINT64_TO_LE(characters);
	memcpy(to, &characters, 8);
}

/* Eight digits of a number below 100,000,000, the first in the lowest bits: it is parted into
 * halves, quarters and digits, all parts of a size at once. */
static inline uint64_t eight_digits(uint64_t v)
{
	uint64_t fours = v / 10000 | v % 10000 << 32;
	uint64_t high = fours * 10486 >> 20 & 0x0000007f0000007f; /* by 100 */
	uint64_t twos = high | (fours - 100 * high) << 16;

	high = twos * 103 >> 10 & 0x000f000f000f000f; /* by 10 */
	return (high | (twos - 10 * high) << 8) + 0x3030303030303030;
}

/* The last n digits, n <= 3, of a number below 256, and what follows them in its four bytes. */
static inline void put_octet(char *to, uint64_t v, unsigned n)
{
	memcpy(to, octets + 4 * v + 3 - n, 4);
}

#define DIGITS_ROOM  (DIGITS_MAX + 8) /* numbers are written eight digits at a time */
#define EIGHT_DIGITS 100000000

/* A number that has no more than n digits, n > 0, in n digits, and up to seven characters behind
 * them. */
static inline void put_decimal(char *to, uint64_t v, unsigned n)
{
	uint64_t front = v / EIGHT_DIGITS;

	if (n > 16) {
		put8(to, eight_digits(front / EIGHT_DIGITS) >> 8 * (24 - n));
		front %= EIGHT_DIGITS;
		to += n - 16;
		n = 16;
	}
	if (n > 10) {
		put8(to, eight_digits(front) >> 8 * (16 - n));
		to += n - 8;
		n = 8;
	} else if (n > 8) {
		put_octet(to, front, n - 8);
		to += n - 8;
		n = 8;
	}
	put8(to, eight_digits(v % EIGHT_DIGITS) >> 8 * (8 - n));
}

static inline void add_decimal(struct buf *b, uint64_t v, unsigned n)
{
	put_decimal(buf_room(b, DIGITS_ROOM), v, n);
	buf_added(b, n);
}

void buf_dec0(struct buf *b, uint64_t v, unsigned width)
{
	add_decimal(b, v, MAX(decimal_digits(v), MIN(width, DIGITS_MAX)));
}

void buf_dec(struct buf *b, uint64_t v)
{
	unsigned n = 1u + (v > 9) + (v > 99);

	if (v > UINT8_MAX) {
		add_decimal(b, v, decimal_digits(v));
		return;
	}
	put_octet(buf_room(b, DIGITS_ROOM), v, n);
	buf_added(b, n);
}

void buf_sdec(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_char(b, '-');
	buf_dec(b, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

/* Eight hexadecimal digits of a number, the first in the lowest bits; `a` is the digit ten. */
static inline uint64_t eight_hex(uint32_t v, char a)
{
	uint64_t digits = GUINT32_SWAP_LE_BE(v), letters;

	digits = (digits | digits << 16) & 0x0000ffff0000ffff;
	digits = (digits | digits << 8) & 0x00ff00ff00ff00ff;
	digits = (digits >> 4 | digits << 8) & 0x0f0f0f0f0f0f0f0f;
	letters = (digits + 0x0606060606060606) >> 4 & 0x0101010101010101;
	return digits + 0x3030303030303030 + letters * (uint64_t)(a - 10 - '0');
}

/* As put_decimal(). */
static void put_hex(char *to, uint64_t v, unsigned n, char a)
{
	if (n > 8) {
		put_hex(to, v >> 32, n - 8, a);
		to += n - 8;
		n = 8;
	}
	put8(to, eight_hex((uint32_t)v, a) >> 8 * (8 - n));
}

static inline unsigned hex_digits(uint64_t v)
{
	return (67 - (unsigned)__builtin_clzll(v | 1)) / 4;
}

static inline void add_hex(struct buf *b, uint64_t v, unsigned width, char a)
{
	unsigned n = MAX(hex_digits(v), MIN(width, DIGITS_MAX));

	put_hex(buf_room(b, DIGITS_ROOM), v, n, a);
	buf_added(b, n);
}

void buf_hex(struct buf *b, uint64_t v, unsigned width)
{
	add_hex(b, v, width, 'a');
}

void buf_hex_upper(struct buf *b, uint64_t v, unsigned width)
{
	add_hex(b, v, width, 'A');
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
	uint64_t u = ns < 0 ? -(uint64_t)ns : (uint64_t)ns, seconds = u / 1000000000;
	uint32_t rest = (uint32_t)(u % 1000000000);
	char *begin = buf_room(b, 1 + DIGITS_ROOM + 1 + DIGITS_ROOM), *to = begin;
	unsigned n = decimal_digits(seconds);

	if (ns < 0)
		*to++ = '-';
	put_decimal(to, seconds, n);
	to += n;
	if (digits) {
		*to++ = '.';
		put_decimal(to, rest, 9); /* what is not wanted is written over */
		to += digits;
	}
	buf_added(b, (size_t)(to - begin));
}

void buf_ipv4(struct buf *b, uint32_t addr)
{
	char *begin = buf_room(b, 16 + 8), *to = begin;

	for (int shift = 24; shift >= 0; shift -= 8) {
		unsigned octet = addr >> shift & 255, n = decimal_digits(octet);

		put_decimal(to, octet, n);
		to += n;
		*to++ = '.';
	}
	buf_added(b, (size_t)(to - begin) - 1);
}

void buf_ipv4_padded(struct buf *b, uint32_t addr)
{
	char *to = buf_room(b, 16);

	for (int shift = 24; shift >= 0; shift -= 8, to += 4)
		memcpy(to, octets + 4 * (addr >> shift & 255), 4);
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
	char *begin = buf_room(b, 8 * 5 + 8), *to = begin;

	for (unsigned i = 0; i < 8; i++) {
		unsigned v = (unsigned)addr[2 * i] << 8 | addr[2 * i + 1], n = hex_digits(v);

		if (run && i == at) {
			*to++ = ':';
			i += run - 1;
			if (i == 7)
				*to++ = ':';
			continue;
		}
		if (i)
			*to++ = ':';
		put8(to, eight_hex(v, 'a') >> 8 * (8 - n));
		to += n;
	}
	buf_added(b, (size_t)(to - begin));
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
typedef int8_t signs16 __attribute__((vector_size(16))); /* machines compare these at once */

static inline bytes16 load16(const uint8_t *p)
{
	bytes16 v;

	memcpy(&v, p, 16);
	return v;
}

static inline void store16(char *to, bytes16 v)
{
	memcpy(to, &v, 16);
}

/* The bytes of both with these numbers: gcc before 12 and clang have no word in common. */
#ifdef __clang__
#define PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define PICK(a, b, ...) __builtin_shuffle(a, b, (bytes16){__VA_ARGS__})
#endif

/* Sixteen bytes as the text column shows them: what is not printable is a dot. */
static inline bytes16 text_of(bytes16 v)
{
	bytes16 shown = (bytes16)((signs16)(v + 1) > 0x20); /* 0x7f and more are negative */

	return (v & shown) | ('.' & ~shown);
}

/* The low halves of sixteen bytes as digits. */
static inline bytes16 digits_of(bytes16 v)
{
#ifdef __clang__
	v &= 15;
	return v + '0' + ((bytes16)((signs16)v > 9) & ('A' - '0' - 10));
#else
	return __builtin_shuffle((bytes16){'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A',
					   'B', 'C', 'D', 'E', 'F'},
				 v);
#endif
}

/* The low 16 bits of an offset as four digits, the first in the lowest bits. */
static inline uint32_t offset_digits(size_t offset)
{
	return (uint32_t)(eight_hex((uint32_t)offset, 'A') >> 32);
}

static inline void put4(char *to, uint32_t characters)
{
	characters = GUINT32_TO_LE(characters);
	memcpy(to, &characters, 4);
}

/* A row of 16 bytes behind its offset: " 2B 4F 4B", its digits spread three bytes a byte. */
static inline void put_full_row(char *to, bytes16 v)
{
	const bytes16 blanks = (bytes16){0} + (uint8_t)' ';
	const bytes16 high = digits_of(v >> 4), low = digits_of(v);
	/* The digits in order; a number of 16 and more in what follows is a blank. */
	const bytes16 first =
		PICK(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
	const bytes16 last =
		PICK(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
	const bytes16 middle =
		PICK(first, last, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25);

	store16(to, PICK(first, blanks, 16, 0, 1, 16, 2, 3, 16, 4, 5, 16, 6, 7, 16, 8, 9, 16));
	store16(to + 16,
		PICK(middle, blanks, 0, 1, 16, 2, 3, 16, 4, 5, 16, 6, 7, 16, 8, 9, 16, 10));
	store16(to + 32,
		PICK(last, blanks, 5, 16, 6, 7, 16, 8, 9, 16, 10, 11, 16, 12, 13, 16, 14, 15));
	to[48] = to[49] = ' ';
	store16(to + 50, text_of(v));
}

/* A row of the last n < 16 bytes before `end`, before which there are more. It is made of sixteen,
 * turned so that its own come first; blanks go over the others. */
static inline void put_last_row(char *to, const uint8_t *end, size_t n)
{
	const bytes16 blanks = (bytes16){0} + (uint8_t)' ', v = load16(end - 16);
	uint8_t twice[32];

	memcpy(twice, &v, 16);
	memcpy(twice + 16, &v, 16);
	put_full_row(to, load16(twice + 16 - n));
	for (size_t at = 3 * n; at < 50; at += 16)
		store16(to + at, blanks);
	store16(to + 50, text_of(load16(twice + 16 - n)));
	to[50 + n] = '\n';
}

/* The rows of n bytes, of at least 16. From one to the next of sixteen only the third digit of the
 * offset is another. With AVX2 spreading bytes is one instruction. */
MADE_TWICE static void put_rows(char *to, const uint8_t *p, size_t n)
{
	uint32_t offset = 0;

	for (size_t at = 0; at < n; at += 16, to += ROW_LENGTH + 1) {
		if (!(at & 0xff))
			offset = offset_digits(at) & 0xff00ffff;
		put4(to, offset | (uint32_t)hex_pairs[(at >> 3 & 30) + 1] << 16);
		if (n - at < 16) {
			put_last_row(to + 4, p + n, n - at);
			break;
		}
		put_full_row(to + 4, load16(p + at));
		to[ROW_LENGTH] = '\n';
	}
}

void buf_hex_row(struct buf *b, uint32_t offset, const uint8_t *p, size_t n)
{
	uint8_t padded[16] = {0};
	char *to;

	if (offset > 0xffff)
		buf_hex_upper(b, offset >> 16, 0);
	to = buf_room(b, ROW_LENGTH);
	put4(to, offset_digits(offset));
	memcpy(padded, p, n);
	put_full_row(to + 4, load16(padded));
	if (n < 16)
		memset(to + 4 + 3 * n, ' ', 3 * (16 - n) + 2);
	buf_added(b, ROW_LENGTH - 16 + n);
}

void buf_hex_dump(struct buf *b, const uint8_t *p, size_t n)
{
	size_t at = n < 16 ? 0 : MIN(n, 0x10000), whole = at / 16, rest = at % 16;

	put_rows(buf_room(b, (ROW_LENGTH + 1) * (whole + 1)), p, at);
	buf_added(b, (ROW_LENGTH + 1) * whole + (rest ? ROW_LENGTH + 1 - 16 + rest : 0));
	for (; at < n; at += 16) {
		buf_hex_row(b, (uint32_t)at, p + at, MIN(n - at, 16));
		buf_char(b, '\n');
	}
}
