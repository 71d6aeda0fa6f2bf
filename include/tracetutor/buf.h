/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * buf: one growing run of characters that is reused, and the only place where bytes of others
 * become characters.
 *
 * The append functions are table-driven: no printf on the packet path. buf_clean() is the one
 * cleaner of the program: whatever comes from a packet, a file name, capture metadata, a pack or
 * the environment passes it before any sink sees it.
 */
#ifndef TRACETUTOR_BUF_H
#define TRACETUTOR_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *s;    /* always NUL-terminated once anything was appended */
	size_t len; /* without the NUL */
	size_t cap;
};

/* Output that is collected before it is written: file systems take large pieces for less, and a
 * page more still fits below the next power of two, at which the buffer would double. */
#define BUF_PIECE (448 * 1024)

/* An all-zero buf is valid and empty. */
#define BUF_INIT ((struct buf){0})

void buf_release(struct buf *b);
/* Make the buffer larger, for n more characters and a NUL; seldom, so kept out of its callers. */
void buf_grow(struct buf *b, size_t n) __attribute__((noinline, cold));
/* Room for n more characters and a NUL; returns where they go. Say what was written: buf_added().
 */
static inline char *buf_room(struct buf *b, size_t n)
{
	if (b->cap - b->len <= n)
		buf_grow(b, n);
	return b->s + b->len;
}
static inline void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->s)
		b->s[0] = '\0';
}
/* The text so far, "" when empty; valid until the next append. */
static inline const char *buf_text(const struct buf *b)
{
	return b->s ? b->s : "";
}
/* The text as a g_free()able string, leaving the buf empty. */
char *buf_steal(struct buf *b);

/* n characters were written into the room. */
static inline void buf_added(struct buf *b, size_t n)
{
	b->len += n;
	b->s[b->len] = '\0';
}

/* The few characters that most appends are, without a call. */
static inline void buf_copy(char *to, const char *from, size_t n)
{
	uint64_t head, tail;

	if (__builtin_constant_p(n) || n < 8 || n > 16) {
		memcpy(to, from, n);
		return;
	}
	memcpy(&head, from, 8);
	memcpy(&tail, from + n - 8, 8);
	memcpy(to, &head, 8);
	memcpy(to + n - 8, &tail, 8);
}

static inline void buf_mem(struct buf *b, const void *bytes, size_t n)
{
	char *to = buf_room(b, n);

	if (n)
		buf_copy(to, bytes, n);
	buf_added(b, n);
}
static inline void buf_str(struct buf *b, const char *s)
{
	buf_mem(b, s, strlen(s));
}
static inline void buf_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	buf_added(b, 1);
}
/* n times the character. */
static inline void buf_fill(struct buf *b, char c, size_t n)
{
	memset(buf_room(b, n), c, n);
	buf_added(b, n);
}
void buf_dec(struct buf *b, uint64_t v);
void buf_sdec(struct buf *b, int64_t v);
/* Decimal, at least `width` digits, zero-padded. */
void buf_dec0(struct buf *b, uint64_t v, unsigned width);
/* Hexadecimal without prefix, at least `width` digits, zero-padded (width 0: unpadded). */
void buf_hex(struct buf *b, uint64_t v, unsigned width);       /* 0-9a-f */
void buf_hex_upper(struct buf *b, uint64_t v, unsigned width); /* 0-9A-F */
/* "a1:b2:c3" with the given separator ('\0': none). */
void buf_hex_bytes(struct buf *b, const uint8_t *p, size_t n, char sep);
/* Nanoseconds as seconds with `digits` (0..9) decimals, truncated: "0.885". */
void buf_seconds(struct buf *b, int64_t ns, unsigned digits);
void buf_ipv4(struct buf *b, uint32_t addr);          /* 192.0.2.1 */
void buf_ipv4_padded(struct buf *b, uint32_t addr);   /* 192.000.002.001 (ipformat's way) */
void buf_ipv6(struct buf *b, const uint8_t addr[16]); /* RFC 5952 */
/* Absolute time in UTC: "2003-03-24 19:00:24.000000". */
void buf_time_utc(struct buf *b, int64_t ns);
/* Not for the packet path: printf into the buffer (the format is ours, arguments are cleaned). */
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Bytes of others as visible text. Valid UTF-8 printable characters pass. CR, LF, TAB become \r \n
 * \t; other C0, DEL, C1, bidi controls, zero-width characters, U+2028/9, noncharacters, private use
 * and tag characters become \u{XXXX}; bytes that are not UTF-8 become \xHH. The result never holds
 * a newline, an escape character or an unassigned control. Never fails.
 */
void buf_clean(struct buf *b, const void *bytes, size_t n);
/* The same, at most `max` bytes, max >= 3: the last three are "..." if it was longer. Cleaned once
 * more it stays as it is. */
void buf_clean_max(struct buf *b, const void *bytes, size_t n, size_t max);
/* Text of several lines (pack prose, help): like buf_clean, but newlines stay. */
void buf_clean_lines(struct buf *b, const void *bytes, size_t n);
/* True if buf_clean would change nothing. */
bool text_is_clean(const void *bytes, size_t n);

/* All rows of the hex dump of n bytes, each with a newline. */
void buf_hex_dump(struct buf *b, const uint8_t *p, size_t n);
/* One row of the hex dump: "0000 2B 4F 4B ...  +OK": n <= 16; the row has no newline. */
void buf_hex_row(struct buf *b, uint32_t offset, const uint8_t *p, size_t n);

#endif
