/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "src/decode/sasl.h"

#define SASL_MAX_DECODED                                                                           \
	512 /* bytes of a line looked at; user names come first in all mechanisms */

static int base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

uint32_t base64_decode(const struct textpart *in, uint8_t *out, uint32_t cap)
{
	uint32_t n = 0, bits = 0, held = 0;

	for (uint32_t i = 0; i < in->len && in->p[i] != '='; i++) {
		int digit = base64_digit(in->p[i]);

		if (digit < 0)
			return 0;
		held = (held << 6 | (uint32_t)digit) & 0xFFFF;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (n == cap)
			break;
		out[n++] = (uint8_t)(held >> bits);
	}
	return n;
}

static const struct {
	const char *name;
	enum sasl_mech mech;
} mechanisms[] = {
	{"PLAIN", SASL_PLAIN},  {"LOGIN", SASL_LOGIN},   {"CRAM-MD5", SASL_CRAM},
	{"SCRAM-", SASL_SCRAM}, {"XOAUTH2", SASL_OAUTH}, {"OAUTHBEARER", SASL_OAUTH},
};

void sasl_begin(struct sasl *s, const struct textpart *mechanism)
{
	*s = (struct sasl){.mech = SASL_OTHER};
	for (size_t i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++)
		if (textpart_starts(mechanism, mechanisms[i].name))
			s->mech = mechanisms[i].mech;
}

/* The n bytes from `from` up to the first byte equal to `stop`. */
static struct textpart until(const uint8_t *p, uint32_t from, uint32_t n, uint8_t stop)
{
	uint32_t to = from;

	while (to < n && p[to] != stop)
		to++;
	return (struct textpart){p + from, 0, to - from};
}

/* The value after a key such as "n=" that stands at the start or after `sep`; empty if there is
 * none. */
static struct textpart after_key(const uint8_t *p, uint32_t n, uint8_t sep, const char *key,
				 uint8_t stop)
{
	uint32_t klen = (uint32_t)strlen(key);

	for (uint32_t i = 0; i + klen <= n; i++)
		if ((i == 0 || p[i - 1] == sep) && memcmp(p + i, key, klen) == 0)
			return until(p, i + klen, n, stop);
	return (struct textpart){p, 0, 0};
}

/* RFC 4616: authorization identity NUL user NUL password. */
static struct textpart plain_user(const uint8_t *p, uint32_t n)
{
	uint32_t from = until(p, 0, n, 0).len + 1;

	return from <= n ? until(p, from, n, 0) : (struct textpart){p, 0, 0};
}

static struct textpart oauth_user(const uint8_t *p, uint32_t n)
{
	struct textpart user = after_key(p, n, 1, "user=", 1); /* XOAUTH2 */

	return user.len ? user : after_key(p, n, ',', "a=", ','); /* RFC 7628 */
}

static struct textpart cram_user(const uint8_t *p, uint32_t n)
{
	uint32_t end = n; /* the digest follows the last blank */

	while (end > 0 && p[end - 1] != ' ')
		end--;
	return (struct textpart){p, 0, end ? end - 1 : 0};
}

static struct textpart find_user(const struct sasl *s, const uint8_t *p, uint32_t n)
{
	switch (s->mech) {
	case SASL_PLAIN: return plain_user(p, n);
	case SASL_LOGIN: return (struct textpart){p, 0, n};
	case SASL_CRAM: return cram_user(p, n);
	case SASL_SCRAM: return after_key(p, n, ',', "n=", ',');
	case SASL_OAUTH: return oauth_user(p, n);
	}
	return (struct textpart){p, 0, 0};
}

enum sasl_content sasl_line(struct sasl *s, const struct textpart *line, char *user, uint8_t cap,
			    uint8_t *len)
{
	uint8_t decoded[SASL_MAX_DECODED];
	uint32_t n = base64_decode(line, decoded, sizeof(decoded));
	bool first = s->step == 0;
	struct textpart who;

	if (line->len == 0 || textpart_is(line, "="))
		return SASL_EMPTY;
	if (s->step < 255)
		s->step++;
	who = first ? find_user(s, decoded, n) : (struct textpart){decoded, 0, 0};
	if (who.len) {
		*len = (uint8_t)(who.len < cap ? who.len : cap);
		memcpy(user, who.p, *len);
	}
	if (s->mech == SASL_LOGIN)
		return first ? SASL_USER : SASL_PASSWORD;
	return s->mech == SASL_PLAIN ? SASL_BOTH : SASL_PASSWORD;
}
