/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the lists of the two sides agree on: of each the first name of the client's list that the
 * server's has, too (RFC 4253 section 7.1). If there is none, the connection ends here.
 */
#include "src/decode/fingerprint.h"
#include "src/decode/ssh.h"

static const uint16_t list_rows[LISTS] = {SSH_KEX, SSH_HOST_KEYS, SSH_CIPHERS_TO_SERVER,
					  SSH_MACS_TO_SERVER};
static const uint16_t chosen_rows[LISTS] = {TT_SSH_KEX, TT_SSH_HOST_KEY, TT_SSH_CIPHER, TT_SSH_MAC};
static const char *const list_words[LISTS] = {"key exchange", "host key", "cipher", "check code"};

struct name {
	const uint8_t *p;
	uint32_t len, hash;
};

/* The next name of a comma-separated list; false at its end. */
static bool name_next(const struct field *list, uint32_t *at, struct name *n)
{
	const uint8_t *p = list->v.p + *at;
	uint32_t left = list->vlen - *at;

	if (*at >= list->vlen)
		return false;
	*n = (struct name){.p = p, .hash = 2166136261u}; /* FNV-1a */
	while (n->len < left && p[n->len] != ',')
		n->hash = (n->hash ^ p[n->len++]) * 16777619u;
	*at += n->len + 1;
	return true;
}

static const struct field *list_of(const struct ssh *s, uint32_t first, enum ssh_row row)
{
	return record_find(s->r, SSH_ID(row), first);
}

static void offer_keep(struct ssh *s, uint32_t first)
{
	struct ssh_offer *o = &s->state->offer;
	uint32_t used = 0;

	*o = (struct ssh_offer){.there = true, .by_client = !s->dir};
	for (unsigned i = 0; i < LISTS; i++) {
		const struct field *list = list_of(s, first, list_rows[i]);
		struct name n;

		for (uint32_t at = 0; list && name_next(list, &at, &n);) {
			if (used == OFFERS_MAX) {
				o->full = true;
				return;
			}
			o->names[used++] = n.hash;
			o->count[i]++;
		}
	}
}

/* Rank of the hash in the kept list, or -1. */
static int kept_rank(const struct ssh_offer *o, unsigned list, uint32_t hash)
{
	unsigned base = 0;

	for (unsigned i = 0; i < list; i++)
		base += o->count[i];
	for (unsigned i = 0; i < o->count[list]; i++)
		if (o->names[base + i] == hash)
			return (int)i;
	return -1;
}

/* Names that say something else than what they stand among (RFC 8308 section 2.1, OpenSSH). */
static bool is_signal(const struct name *n)
{
	return (n->len >= 9 && !memcmp(n->p, "ext-info-", 9)) ||
	       (n->len >= 11 && !memcmp(n->p, "kex-strict-", 11));
}

/* The name both know that the client likes best; len 0: there is none. */
static struct name common(const struct ssh_offer *o, unsigned list, const struct field *other)
{
	struct name best = {.len = 0}, n;
	int best_rank = -1;

	for (uint32_t at = 0; name_next(other, &at, &n);) {
		int rank = kept_rank(o, list, n.hash);

		if (rank < 0 || is_signal(&n) || (best.len && (!o->by_client || rank > best_rank)))
			continue;
		best = n;
		best_rank = rank;
	}
	return best;
}

static bool begins(const struct name *n, const char *with)
{
	size_t len = strlen(with);

	return n->len >= len && !memcmp(n->p, with, len);
}

static bool has(const struct name *n, const char *word)
{
	size_t len = strlen(word);

	for (uint32_t i = 0; i + len <= n->len; i++)
		if (!memcmp(n->p + i, word, len))
			return true;
	return false;
}

static enum ssh_method method_of(const struct name *kex)
{
	if (begins(kex, "diffie-hellman-group-exchange"))
		return METHOD_GROUP;
	if (begins(kex, "diffie-hellman-group"))
		return METHOD_DH;
	if (has(kex, "ecdh") || has(kex, "25519") || has(kex, "curve448"))
		return METHOD_ECDH;
	return METHOD_UNKNOWN;
}

static void compare(struct ssh *s, uint32_t first)
{
	const struct ssh_offer *o = &s->state->offer;
	bool sealed_alone = false; /* the cipher checks by itself: no code of its own is needed */

	for (unsigned i = 0; i < LISTS; i++) {
		const struct field *list = list_of(s, first, list_rows[i]);
		struct name n = {.len = 0};

		if (list)
			n = common(o, i, list);
		if (i == LIST_KEX)
			s->state->method = method_of(&n);
		if (i == LIST_CIPHER) {
			s->state->clear_length = has(&n, "gcm"); /* RFC 5647 section 7.3 */
			sealed_alone = s->state->clear_length || has(&n, "poly1305");
		}
		if (i == LIST_MAC && sealed_alone)
			break;
		if (i == LIST_MAC) /* the code is over the encrypted bytes (OpenSSH) */
			s->state->clear_length = has(&n, "-etm@");
		if (n.len)
			field_gen_text(s->r, SSH_ID(chosen_rows[i]), (const char *)n.p, n.len);
		else
			field_gen_text(s->r, SSH_ID(TT_SSH_NO_COMMON), list_words[i],
				       strlen(list_words[i]));
	}
}

/* The lists that tell one program from another, joined with semicolons. */
static void hassh(struct ssh *s, uint32_t first)
{
	static const uint16_t rows[2][4] = {
		{SSH_KEX, SSH_CIPHERS_TO_SERVER, SSH_MACS_TO_SERVER, SSH_COMPRESSIONS_TO_SERVER},
		{SSH_KEX, SSH_CIPHERS_TO_CLIENT, SSH_MACS_TO_CLIENT, SSH_COMPRESSIONS_TO_CLIENT}};
	struct buf text = BUF_INIT;

	for (unsigned i = 0; i < 4; i++) {
		const struct field *list = list_of(s, first, rows[s->dir][i]);

		if (i)
			buf_char(&text, ';');
		if (list)
			buf_mem(&text, list->v.p, list->vlen);
	}
	fingerprint_add(s->r, SSH_ID(s->dir ? SSH_HASSH_SERVER_TEXT : SSH_HASSH_TEXT),
			SSH_ID(s->dir ? SSH_HASSH_SERVER : SSH_HASSH), &text);
	buf_release(&text);
}

void ssh_agree(struct ssh *s, uint32_t first)
{
	struct ssh_offer *o = &s->state->offer;

	hassh(s, first);
	if (!o->there || o->by_client == !s->dir) {
		offer_keep(s, first);
	} else {
		if (!o->full)
			compare(s, first);
		o->there = false; /* the next exchange of keys begins with new lists */
	}
}
