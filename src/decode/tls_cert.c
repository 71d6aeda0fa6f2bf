/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a newcomer must know of a certificate: whose it is, who issued it, from when to when it is
 * valid and for which names (RFC 5280 section 4.1, 4.2.1.6; DER: X.690). The walker reads one
 * element after the other and never beyond the one around it.
 */
#include "src/decode/tls.h"

#include <glib.h>

#define NAMES_MAX 32

enum der_tag {
	DER_OID = 0x06,
	DER_UTC_TIME = 0x17,
	DER_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_VERSION = 0xA0,
	DER_EXTENSIONS = 0xA3,
	DER_OCTETS = 0x04,
	DNS_NAME = 0x82
};

struct der {
	const uint8_t *p;
	uint32_t n;
	uint8_t tag;
};

/* The next element of `in`, which moves behind it; false at the end or if it does not fit. */
static bool der_next(struct der *in, struct der *out)
{
	uint32_t head = 2, n;

	if (in->n < 2)
		return false;
	n = in->p[1];
	if (n & 0x80) {
		uint32_t bytes = n & 0x7F;

		if (bytes == 0 || bytes > 3 || in->n < 2 + bytes)
			return false;
		n = 0;
		for (uint32_t i = 0; i < bytes; i++)
			n = n << 8 | in->p[2 + i];
		head += bytes;
	}
	if (n > in->n - head)
		return false;
	*out = (struct der){.p = in->p + head, .n = n, .tag = in->p[0]};
	in->p += head + n;
	in->n -= head + n;
	return true;
}

/* The next element if it has that tag. */
static bool der_expect(struct der *in, uint8_t tag, struct der *out)
{
	return der_next(in, out) && out->tag == tag;
}

/* The part of a name with that last octet of its type (2.5.4.x); n 0: there is none. */
static struct der name_part(struct der name, uint8_t kind)
{
	struct der set, pair, oid, text, found = {0};

	while (der_next(&name, &set))
		if (der_next(&set, &pair) && der_expect(&pair, DER_OID, &oid) &&
		    der_next(&pair, &text) && oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 4 &&
		    oid.p[2] == kind)
			found = text;
	return found;
}

/* The common name, else the organization. */
static void add_name(struct tls *t, const struct der *name, enum tls_row row)
{
	struct der text = name_part(*name, 3);

	if (!text.n)
		text = name_part(*name, 10);
	if (text.n)
		field_gen_text(t->r, TLS_ID(row), (const char *)text.p, text.n);
}

static int two_digits(const uint8_t *p)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	return (p[0] - '0') * 10 + p[1] - '0';
}

/* Days since 1970-01-01 of the Gregorian calendar. */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1, era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* UTCTime or GeneralizedTime (RFC 5280 section 4.1.2.5) in seconds since 1970; false: not one. */
static bool der_time(const struct der *e, int64_t *seconds)
{
	const uint8_t *p = e->p;
	int part[6]; /* year of the century, month, day, hour, minute, second */
	int64_t year;

	if ((e->tag != DER_UTC_TIME || e->n < 12) && (e->tag != DER_TIME || e->n < 14))
		return false;
	year = e->tag == DER_TIME ? two_digits(p) * 100 : 0;
	p += e->tag == DER_TIME ? 2 : 0;
	for (int i = 0; i < 6; i++)
		if ((part[i] = two_digits(p + (size_t)i * 2)) < 0)
			return false;
	if (e->tag == DER_UTC_TIME)
		year = part[0] < 50 ? 2000 : 1900;
	if (year < 0 || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31)
		return false;
	*seconds = days_of(year + part[0], part[1], part[2]) * 86400 + part[3] * 3600 +
		   part[4] * 60 + part[5];
	return true;
}

static void add_validity(struct tls *t, struct der validity)
{
	struct der from, to;
	int64_t start, end, now = t->r->time / INT64_C(1000000000);

	if (!der_next(&validity, &from) || !der_next(&validity, &to) || !der_time(&from, &start) ||
	    !der_time(&to, &end))
		return;
	/* Years beyond 2262 do not fit nanoseconds. */
	if (start > INT64_MAX / INT64_C(1000000000) || end > INT64_MAX / INT64_C(1000000000))
		return;
	field_gen_int(t->r, TLS_ID(TT_CERT_FROM), start * INT64_C(1000000000));
	field_gen_int(t->r, TLS_ID(TT_CERT_TO), end * INT64_C(1000000000));
	if (now > end)
		tls_yes(t, TT_CERT_EXPIRED);
	if (now < start)
		tls_yes(t, TT_CERT_EARLY);
}

/* Is it the name asked for? "*." stands for one label (RFC 9525 section 6.3). */
static bool fits(const struct tls_state *s, const struct der *name)
{
	const char *pattern = (const char *)name->p, *asked = s->sni, *dot;
	size_t n = name->n, asked_n = s->sni_len;

	if (n > 2 && pattern[0] == '*' && pattern[1] == '.') {
		dot = memchr(asked, '.', asked_n);
		if (!dot)
			return false;
		asked_n -= (size_t)(dot - asked);
		asked = dot;
		pattern++;
		n--;
	}
	return n == asked_n && g_ascii_strncasecmp(pattern, asked, n) == 0;
}

/* The DNS names of the extension subjectAltName. */
static void add_names(struct tls *t, struct der octets)
{
	struct tls_state *s = t->state;
	bool other = s->sni_len && s->sni_len < TLS_SNI_MAX && !t->from_client, named = false;
	struct der list, name;
	int i;

	if (!der_expect(&octets, DER_SEQUENCE, &list))
		return;
	for (i = 0; i < NAMES_MAX && der_next(&list, &name); i++) {
		if (name.tag != DNS_NAME)
			continue;
		field_gen_text(t->r, TLS_ID(TT_CERT_NAME), (const char *)name.p, name.n);
		named = true;
		other = other && !fits(s, &name);
	}
	s->other_name = other && named && i < NAMES_MAX;
	if (s->other_name)
		tls_yes(t, TT_CERT_OTHER_NAME);
}

static void add_extensions(struct tls *t, struct der rest)
{
	static const uint8_t alternative[] = {0x55, 0x1D, 0x11};
	struct der tagged = {0}, list, extension, oid, value;

	while (der_next(&rest, &tagged))
		if (tagged.tag == DER_EXTENSIONS)
			break;
	if (tagged.tag != DER_EXTENSIONS || !der_expect(&tagged, DER_SEQUENCE, &list))
		return;
	while (der_expect(&list, DER_SEQUENCE, &extension)) {
		if (!der_expect(&extension, DER_OID, &oid) || oid.n != sizeof(alternative) ||
		    memcmp(oid.p, alternative, sizeof(alternative)) != 0)
			continue;
		while (der_next(&extension, &value))
			if (value.tag == DER_OCTETS)
				add_names(t, value);
	}
}

void tls_certificate(struct tls *t, const uint8_t *bytes, uint32_t len)
{
	struct der all = {.p = bytes, .n = len}, certificate, body, e, issuer, validity, subject;

	if (!der_expect(&all, DER_SEQUENCE, &certificate) ||
	    !der_expect(&certificate, DER_SEQUENCE, &body))
		return;
	if (body.n && body.p[0] == DER_VERSION)
		der_next(&body, &e);
	/* serial number and signature algorithm stand before the issuer */
	if (!der_next(&body, &e) || !der_next(&body, &e) ||
	    !der_expect(&body, DER_SEQUENCE, &issuer) ||
	    !der_expect(&body, DER_SEQUENCE, &validity) ||
	    !der_expect(&body, DER_SEQUENCE, &subject))
		return;
	add_name(t, &subject, TT_CERT_SUBJECT);
	add_name(t, &issuer, TT_CERT_ISSUER);
	add_validity(t, validity);
	field_gen_uint(t->r, TLS_ID(TT_CERT_SELF),
		       subject.n == issuer.n && !memcmp(subject.p, issuer.p, subject.n));
	add_extensions(t, body);
}
