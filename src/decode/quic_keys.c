/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of QUIC's first packets, which everybody who sees them can make: they come from the
 * connection id in the packet itself (RFC 9001 section 5; version 2 RFC 9369 section 3.3). HKDF is
 * RFC 5869, with the labels of RFC 8446 section 7.1.
 */
#include "src/decode/quic.h"

#include <glib.h>
#include <nettle/aes.h>
#include <nettle/gcm.h>
#include <nettle/version.h>

#define HASH 32 /* SHA-256 */

void quic_header_mask(const struct quic_keys *keys, const uint8_t *sample, uint8_t mask[QUIC_KEY])
{
	struct aes128_ctx x;

	aes128_set_encrypt_key(&x, keys->header);
	aes128_encrypt(&x, QUIC_KEY, mask, sample);
}

bool quic_open(const struct quic_keys *keys, uint64_t number, const uint8_t *head,
	       uint32_t head_len, const uint8_t *bytes, uint32_t n, uint8_t *out)
{
	uint8_t nonce[QUIC_IV], tag[QUIC_TAG];
	uint32_t len = n - QUIC_TAG;
	struct gcm_aes128_ctx x;

	memcpy(nonce, keys->iv, QUIC_IV);
	for (unsigned i = 0; i < 8; i++)
		nonce[QUIC_IV - 1 - i] ^= (uint8_t)(number >> 8 * i);
	gcm_aes128_set_key(&x, keys->key);
	gcm_aes128_set_iv(&x, QUIC_IV, nonce);
	gcm_aes128_update(&x, head_len, head);
	gcm_aes128_decrypt(&x, len, out, bytes);
#if NETTLE_VERSION_MAJOR < 4
	gcm_aes128_digest(&x, QUIC_TAG, tag);
#else
	gcm_aes128_digest(&x, tag);
#endif
	return memcmp(tag, bytes + len, QUIC_TAG) == 0;
}

static void hmac(const uint8_t *key, size_t key_len, const uint8_t *data, size_t len,
		 uint8_t out[HASH])
{
	GHmac *h = g_hmac_new(G_CHECKSUM_SHA256, key, key_len);
	gsize n = HASH;

	g_hmac_update(h, data, (gssize)len);
	g_hmac_get_digest(h, out, &n);
	g_hmac_unref(h);
}

/* HKDF-Expand-Label with an empty context; n <= HASH, so that one round is enough. */
static void expand(const uint8_t secret[HASH], const char *prefix, const char *label, uint8_t *out,
		   uint8_t n)
{
	uint8_t info[64], hash[HASH];
	size_t prefix_len = strlen(prefix), label_len = strlen(label), at = 3;

	info[0] = 0;
	info[1] = n;
	info[2] = (uint8_t)(6 + prefix_len + label_len);
	memcpy(info + at, "tls13 ", 6);
	memcpy(info + at + 6, prefix, prefix_len);
	memcpy(info + at + 6 + prefix_len, label, label_len);
	at += info[2];
	info[at++] = 0; /* no context */
	info[at++] = 1; /* round */
	hmac(secret, HASH, info, at, hash);
	memcpy(out, hash, n);
}

static const uint8_t *salt_of(uint32_t version)
{
	static const uint8_t draft[20] = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2,
					  0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61,
					  0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
	static const uint8_t v1[20] = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
				       0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
	static const uint8_t v2[20] = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
				       0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};

	if (version >= QUIC_DRAFT_29 && version <= QUIC_DRAFT_32)
		return draft;
	if (version == QUIC_V1 || (version > QUIC_DRAFT_32 && version <= QUIC_DRAFT_34))
		return v1;
	return version == QUIC_V2 ? v2 : NULL;
}

bool quic_initial_keys(uint32_t version, const struct quic_cid *first, uint8_t dir,
		       struct quic_keys *keys)
{
	const char *prefix = version == QUIC_V2 ? "quicv2 " : "quic ";
	const uint8_t *salt = salt_of(version);
	uint8_t initial[HASH], secret[HASH];

	if (!salt)
		return false;
	hmac(salt, 20, first->bytes, first->len, initial);
	expand(initial, "", dir ? "server in" : "client in", secret, HASH);
	expand(secret, prefix, "key", keys->key, QUIC_KEY);
	expand(secret, prefix, "iv", keys->iv, QUIC_IV);
	expand(secret, prefix, "hp", keys->header, QUIC_KEY);
	return true;
}
