/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JA3 and JA3S: version, ciphers, extensions, groups and point formats of a hello in one line, and
 * the MD5 of it. Many tools know programs by it. Numbers that mean nothing (RFC 8701) are left out.
 */
#include "src/decode/fingerprint.h"
#include "src/decode/tls.h"

static bool is_grease(uint64_t v)
{
	return (v & 0x0F0F) == 0x0A0A && v >> 8 == (v & 0xFF);
}

/* The values of that field since `first`, with dashes between them. */
static void list(struct tls *t, struct buf *out, uint32_t first, enum tls_row row)
{
	const struct field *f = record_find(t->r, TLS_ID(row), first);
	bool any = false;

	for (; f; f = record_next(t->r, f)) {
		if (is_grease(f->v.u))
			continue;
		if (any)
			buf_char(out, '-');
		buf_dec(out, f->v.u);
		any = true;
	}
}

void tls_fingerprint(struct tls *t, uint32_t first, bool server)
{
	static const enum tls_row of_client[] = {HS_VERSION, CIPHER, EXT_TYPE, GROUP, POINT};
	static const enum tls_row of_server[] = {HS_VERSION, CIPHER, EXT_TYPE};
	const enum tls_row *rows = server ? of_server : of_client;
	unsigned n = server ? 3 : 5;
	struct buf text = BUF_INIT;

	if (t->r->lean)
		return;
	for (unsigned i = 0; i < n; i++) {
		if (i)
			buf_char(&text, ',');
		list(t, &text, first, rows[i]);
	}
	if (server)
		fingerprint_add(t->r, TLS_ID(JA3S_FULL), TLS_ID(JA3S), &text);
	else
		fingerprint_add(t->r, TLS_ID(JA3_FULL), TLS_ID(JA3), &text);
	buf_release(&text);
}
