/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mask_names.h"

#include <arpa/inet.h>
#include <glib.h>

#include "tracetutor/buf.h"

#define NAMES_MAX    50000 /* texts remembered */
#define SECRET_MIN   4     /* shorter ones are not looked for in other texts: they are everywhere */
#define IDENTITY_MIN 3
#define BUCKETS      256

enum name_kind { NAME_USER, NAME_MAIL, NAME_HOST, NAME_IPV4, NAME_IPV6, NAME_ETHER, NAME_KINDS };

struct name {
	char *text, *stands; /* stands == NULL: a secret */
	size_t len;
};

struct mask_names {
	GHashTable *by_text;         /* text -> struct name */
	GPtrArray *buckets[BUCKETS]; /* searched ones by first byte, longest first */
	uint64_t count[NAME_KINDS], secrets, identities;
};

static void name_free(void *p)
{
	struct name *n = p;

	g_free(n->text);
	g_free(n->stands);
	g_free(n);
}

struct mask_names *mask_names_new(void)
{
	struct mask_names *n = g_new0(struct mask_names, 1);

	n->by_text = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, name_free);
	return n;
}

void mask_names_free(struct mask_names *n)
{
	g_hash_table_destroy(n->by_text);
	for (unsigned i = 0; i < BUCKETS; i++)
		if (n->buckets[i])
			g_ptr_array_free(n->buckets[i], TRUE);
	g_free(n);
}

/* Add it to the texts that are looked for, behind the longer ones of its bucket. */
static void search_for(struct mask_names *n, struct name *name)
{
	GPtrArray **bucket = &n->buckets[(uint8_t)name->text[0]];
	unsigned at = 0;

	if (!*bucket)
		*bucket = g_ptr_array_new();
	while (at < (*bucket)->len &&
	       ((struct name *)g_ptr_array_index(*bucket, at))->len > name->len)
		at++;
	g_ptr_array_insert(*bucket, (int)at, name);
}

static struct name *remember(struct mask_names *n, const char *text, size_t len, char *stands)
{
	struct name *name = g_new0(struct name, 1);

	*name = (struct name){g_strndup(text, len), stands, len};
	g_hash_table_insert(n->by_text, name->text, name);
	if (len >= (stands ? IDENTITY_MIN : SECRET_MIN) && (!stands || strcmp(stands, text) != 0))
		search_for(n, name);
	return name;
}

static enum name_kind kind_of(enum field_type type, const char *text)
{
	struct in6_addr a;

	if (type == FT_ETHER)
		return NAME_ETHER;
	if (type == FT_IPv4 || inet_pton(AF_INET, text, &a) == 1)
		return NAME_IPV4;
	if (type == FT_IPv6 || inet_pton(AF_INET6, text, &a) == 1)
		return NAME_IPV6;
	if (strchr(text, '@'))
		return NAME_MAIL;
	for (const char *p = text; *p; p++)
		if (!g_ascii_isalnum(*p) && !strchr("-_.", *p))
			return NAME_USER;
	return strchr(text, '.') ? NAME_HOST : NAME_USER;
}

/* Loopback, unspecified, broadcast and multicast addresses tell what a packet is, not whose. */
static bool names_no_one(enum name_kind kind, const char *text)
{
	struct in6_addr a;
	uint8_t *b = a.s6_addr;

	switch (kind) {
	case NAME_IPV4:
		if (inet_pton(AF_INET, text, &a) != 1)
			return false;
		return b[0] == 127 || b[0] >= 224 ||
		       (b[0] == 0 && b[1] == 0 && b[2] == 0 && b[3] == 0);
	case NAME_IPV6:
		return inet_pton(AF_INET6, text, &a) == 1 &&
		       (IN6_IS_ADDR_LOOPBACK(&a) || IN6_IS_ADDR_UNSPECIFIED(&a) || b[0] == 0xff);
	case NAME_ETHER:
		return g_ascii_xdigit_value(text[1]) & 1 || !strcmp(text, "00:00:00:00:00:00");
	default: return false;
	}
}

static char *ipv4_name(unsigned n)
{
	static const char *const documentation[] = {"192.0.2", "198.51.100", "203.0.113"};

	if (n <= 3 * 254)
		return g_strdup_printf("%s.%u", documentation[(n - 1) / 254], (n - 1) % 254 + 1);
	return g_strdup_printf("198.%u.%u.%u", 18 + (n >> 16) % 2, n >> 8 & 255, n & 255);
}

static char *stand_in(enum name_kind kind, unsigned n)
{
	switch (kind) {
	case NAME_IPV4: return ipv4_name(n);
	case NAME_IPV6: return g_strdup_printf("2001:db8::%x", n);
	case NAME_ETHER:
		return g_strdup_printf("02:00:00:%02x:%02x:%02x", n >> 16 & 255, n >> 8 & 255,
				       n & 255);
	case NAME_MAIL: return g_strdup_printf("user%u@example.org", n);
	case NAME_HOST: return g_strdup_printf("host%u.example", n);
	default: return g_strdup_printf("user%u", n);
	}
}

const char *mask_names_get(struct mask_names *n, enum field_type type, const char *text)
{
	struct name *name = g_hash_table_lookup(n->by_text, text);
	enum name_kind kind;
	uint64_t *count;

	if (name)
		return name->stands ? name->stands : "****";
	if (g_hash_table_size(n->by_text) >= NAMES_MAX)
		return "(hidden)";
	kind = kind_of(type, text);
	if (names_no_one(kind, text))
		return remember(n, text, strlen(text), g_strdup(text))->stands;
	n->identities++;
	/* Users and their mail addresses are counted as one: user1 is not user1@example.org. */
	count = &n->count[kind == NAME_MAIL ? NAME_USER : kind];
	return remember(n, text, strlen(text), stand_in(kind, (unsigned)++*count))->stands;
}

void mask_names_secret(struct mask_names *n, const char *text, size_t len)
{
	if (!len || g_hash_table_size(n->by_text) >= NAMES_MAX ||
	    g_hash_table_contains(n->by_text, text))
		return;
	n->secrets++;
	remember(n, text, len, NULL);
}

static bool is_word_char(char c)
{
	return g_ascii_isalnum(c) || (unsigned char)c >= 0x80;
}

/* The name stands there as a word of its own; secrets count inside of words too. */
static bool stands_at(const struct name *name, const char *s, size_t at, size_t len)
{
	if (name->len > len - at || memcmp(s + at, name->text, name->len) != 0)
		return false;
	if (!name->stands)
		return true;
	return (at == 0 || !is_word_char(s[at - 1])) &&
	       (at + name->len == len || !is_word_char(s[at + name->len]));
}

static const struct name *name_at(const struct mask_names *n, const char *s, size_t at, size_t len,
				  bool identities)
{
	const GPtrArray *bucket = n->buckets[(uint8_t)s[at]];

	for (unsigned i = 0; bucket && i < bucket->len; i++) {
		const struct name *name = g_ptr_array_index(bucket, i);

		if ((identities || !name->stands) && stands_at(name, s, at, len))
			return name;
	}
	return NULL;
}

void mask_names_replace(const struct mask_names *n, struct buf *out, const char *s, size_t len,
			bool identities)
{
	for (size_t i = 0; i < len;) {
		const struct name *name = name_at(n, s, i, len, identities);

		if (!name) {
			buf_char(out, s[i++]);
			continue;
		}
		if (name->stands)
			buf_str(out, name->stands);
		else
			buf_fill(out, '*', name->len);
		i += name->len;
	}
}

static bool is_name_char(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == '@' || c == '+';
}

/* "a@b", or labels between dots of which the last one is of letters: "pop.example.org". */
static bool looks_like_name(const char *s, size_t n)
{
	const char *at = memchr(s, '@', n), *dot = memrchr(s, '.', n);
	size_t letters = 0;

	if (at)
		return at > s && at + 1 < s + n;
	if (!dot || dot == s)
		return false;
	for (const char *p = dot + 1; p < s + n; p++, letters++)
		if (!g_ascii_isalpha(*p))
			return false;
	return letters >= 2;
}

bool mask_names_word(const char *s, size_t n, size_t *at, size_t *len)
{
	for (size_t i = *at; i < n; i++) {
		size_t end = i, last;

		while (end < n && is_name_char(s[end]))
			end++;
		for (last = end; last > i && !g_ascii_isalnum(s[last - 1]);)
			last--;
		if (last > i && looks_like_name(s + i, last - i)) {
			*at = i;
			*len = last - i;
			return true;
		}
		i = end;
	}
	return false;
}

void mask_names_learn_words(struct mask_names *names, const char *s, size_t n)
{
	size_t at = 0, len;

	for (; mask_names_word(s, n, &at, &len); at += len) {
		char *word = g_strndup(s + at, len);

		mask_names_get(names, FT_STRING, word);
		g_free(word);
	}
}

void mask_names_counts(const struct mask_names *n, uint64_t *secrets, uint64_t *identities)
{
	*secrets = n->secrets;
	*identities = n->identities;
}
