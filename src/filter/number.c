/* SPDX-License-Identifier: GPL-3.0-or-later */
/* number: numbers, byte strings and addresses as they are written in filters. */
#include <arpa/inet.h>

#include "src/filter/tree.h"

enum number_result number_parse(const uint8_t *s, uint32_t n, uint64_t *out)
{
	unsigned base = 10;
	uint64_t v = 0;

	if (n > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X' || s[1] == 'b' || s[1] == 'B')) {
		base = s[1] == 'x' || s[1] == 'X' ? 16 : 2;
		s += 2;
		n -= 2;
	} else if (n > 1 && s[0] == '0') {
		base = 8;
	}
	if (!n)
		return NUMBER_NONE;
	for (uint32_t i = 0; i < n; i++) {
		int d = g_ascii_xdigit_value((char)s[i]);

		if (d < 0 || (unsigned)d >= base)
			return NUMBER_NONE;
		if (__builtin_mul_overflow(v, (uint64_t)base, &v) ||
		    __builtin_add_overflow(v, (uint64_t)d, &v))
			return NUMBER_TOO_BIG;
	}
	*out = v;
	return NUMBER_OK;
}

/* Digits up to the next separator; 0 if another character stands there. */
static uint32_t hex_run(const uint8_t *s, uint32_t n, uint8_t separator)
{
	uint32_t i = 0;

	while (i < n && g_ascii_isxdigit(s[i]))
		i++;
	return i < n && s[i] != separator ? 0 : i;
}

static uint8_t hex_pair(const uint8_t *s)
{
	return (uint8_t)(g_ascii_xdigit_value((char)s[0]) << 4 | g_ascii_xdigit_value((char)s[1]));
}

const uint8_t *bytes_parse(struct arena *a, const uint8_t *s, uint32_t n, uint32_t *count)
{
	uint8_t *out, separator = 0;

	/* 0x02 is one byte; more would leave open which comes first. */
	if (n == 4 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		s += 2;
		n = 2;
	}
	out = arena_alloc(a, n + 1);
	for (uint32_t i = 0; i < n && !separator; i++)
		separator = strchr(":-.", s[i]) ? s[i] : 0;
	for (*count = 0; n;) {
		uint32_t run = hex_run(s, n, separator);

		if (!run || (run > 1 && run % 2))
			return NULL;
		if (run == 1)
			out[(*count)++] = (uint8_t)g_ascii_xdigit_value((char)s[0]);
		for (uint32_t i = 0; i + 1 < run; i += 2)
			out[(*count)++] = hex_pair(s + i);
		s += run;
		n -= run;
		if (n && !--n)
			return NULL; /* it ends with a separator */
		s++;
	}
	return *count ? out : NULL;
}

/* Split "address/bits" into a C string and the bits; `most` if none are written. */
static bool address_split(const uint8_t *s, uint32_t n, char text[64], unsigned most,
			  unsigned *prefix)
{
	const uint8_t *slash = memchr(s, '/', n);
	uint32_t len = slash ? (uint32_t)(slash - s) : n;
	uint64_t bits = most;

	if (len > 63 || (slash && number_parse(slash + 1, n - len - 1, &bits) != NUMBER_OK))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	*prefix = (unsigned)MIN(bits, 1000);
	return true;
}

bool ipv4_parse(const uint8_t *s, uint32_t n, uint32_t *address, unsigned *prefix)
{
	char text[64];
	struct in_addr in;

	if (!address_split(s, n, text, 32, prefix) || inet_pton(AF_INET, text, &in) != 1)
		return false;
	*address = ntohl(in.s_addr);
	return true;
}

bool ipv6_parse(const uint8_t *s, uint32_t n, uint8_t address[16], unsigned *prefix)
{
	char text[64];

	return address_split(s, n, text, 128, prefix) && inet_pton(AF_INET6, text, address) == 1;
}
