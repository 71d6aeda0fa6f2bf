/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns rr: the data of resource records. Most types are rows of a table of shapes; the few that are
 * not plain have a function. RFC 1035, 2782 (SRV), 3403 (NAPTR), 4034 (DNSSEC), 5155 (NSEC3), 6698
 * (TLSA), 8659 (CAA), 9460 (SVCB) and the ones named beside the shapes.
 */
#include "src/decode/dns.h"

enum part_kind {
	PART_END,
	PART_NUMBER, /* as many bytes as the row says */
	PART_NAME,
	PART_STRING,  /* length byte into this row, characters into the next row */
	PART_STRINGS, /* the same, again and again to the end */
	PART_ADDRESS6,
	PART_TIME32, /* seconds since 1970 */
	PART_REST    /* all that is left */
};

struct part {
	uint8_t kind;
	uint16_t row;
};

struct shape {
	uint16_t type;
	struct part parts[10];
};

#define N(row)                                                                                     \
	{                                                                                          \
		PART_NUMBER, row                                                                   \
	}
#define NAME(r)                                                                                    \
	{                                                                                          \
		PART_NAME, r                                                                       \
	}
#define STR(row)                                                                                   \
	{                                                                                          \
		PART_STRING, row                                                                   \
	}
#define REST(r)                                                                                    \
	{                                                                                          \
		PART_REST, r                                                                       \
	}

static const struct shape shapes[] = {
	{1, {N(DNS_A)}},
	{2, {NAME(DNS_NS)}},
	{3, {NAME(DNS_MD)}},
	{4, {NAME(DNS_MF)}},
	{5, {NAME(DNS_CNAME)}},
	{6,
	 {NAME(DNS_SOA_MNAME), NAME(DNS_SOA_RNAME), N(DNS_SOA_SERIAL), N(DNS_SOA_REFRESH),
	  N(DNS_SOA_RETRY), N(DNS_SOA_EXPIRE), N(DNS_SOA_MINIMUM)}},
	{7, {NAME(DNS_MB)}},
	{8, {NAME(DNS_MG)}},
	{9, {NAME(DNS_MR)}},
	{10, {REST(DNS_NULL)}},
	{12, {NAME(DNS_PTR)}},
	{13, {STR(DNS_HINFO_CPU_LENGTH), STR(DNS_HINFO_OS_LENGTH)}},
	{14, {NAME(DNS_MINFO_R), NAME(DNS_MINFO_E)}},
	{15, {N(DNS_MX_PREFERENCE), NAME(DNS_MX_EXCHANGE)}},
	{16, {{PART_STRINGS, DNS_TXT_LENGTH}}},
	{17, {NAME(DNS_RP_MAILBOX), NAME(DNS_RP_TXT_RR)}},      /* RFC 1183 */
	{18, {N(DNS_AFSDB_SUBTYPE), NAME(DNS_AFSDB_HOSTNAME)}}, /* RFC 1183 */
	{28, {{PART_ADDRESS6, DNS_AAAA}}},
	{29, /* RFC 1876 */
	 {N(DNS_LOC_VERSION), N(DNS_LOC_SIZE), N(DNS_LOC_HORIZONTAL), N(DNS_LOC_VERTICAL),
	  N(DNS_LOC_LATITUDE), N(DNS_LOC_LONGITUDE), N(DNS_LOC_ALTITUDE)}},
	{33, {N(DNS_SRV_PRIORITY), N(DNS_SRV_WEIGHT), N(DNS_SRV_PORT), NAME(DNS_SRV_TARGET)}},
	{35,
	 {N(DNS_NAPTR_ORDER), N(DNS_NAPTR_PREFERENCE), STR(DNS_NAPTR_FLAGS_LENGTH),
	  STR(DNS_NAPTR_SERVICE_LENGTH), STR(DNS_NAPTR_REGEX_LENGTH), NAME(DNS_NAPTR_REPLACEMENT)}},
	{36, {N(DNS_KX_PREFERENCE), NAME(DNS_KX_EXCHANGE)}}, /* RFC 2230 */
	{37,                                                 /* RFC 4398 */
	 {N(DNS_CERT_TYPE), N(DNS_CERT_KEY_TAG), N(DNS_CERT_ALGORITHM),
	  REST(DNS_CERT_CERTIFICATE)}},
	{39, {NAME(DNS_DNAME)}}, /* RFC 6672 */
	{43, {N(DNS_DS_KEY_ID), N(DNS_DS_ALGORITHM), N(DNS_DS_DIGEST_TYPE), REST(DNS_DS_DIGEST)}},
	{44, {N(DNS_SSHFP_ALGORITHM), N(DNS_SSHFP_TYPE), REST(DNS_SSHFP_FINGERPRINT)}}, /* 4255 */
	{46,
	 {N(DNS_RRSIG_TYPE),
	  N(DNS_RRSIG_ALGORITHM),
	  N(DNS_RRSIG_LABELS),
	  N(DNS_RRSIG_TTL),
	  {PART_TIME32, DNS_RRSIG_EXPIRATION},
	  {PART_TIME32, DNS_RRSIG_INCEPTION},
	  N(DNS_RRSIG_KEY_TAG),
	  NAME(DNS_RRSIG_SIGNER),
	  REST(DNS_RRSIG_SIGNATURE)}},
	{49, {REST(DNS_DHCID)}}, /* RFC 4701 */
	{52, {N(DNS_TLSA_USAGE), N(DNS_TLSA_SELECTOR), N(DNS_TLSA_MATCHING), REST(DNS_TLSA_DATA)}},
	{59, {N(DNS_DS_KEY_ID), N(DNS_DS_ALGORITHM), N(DNS_DS_DIGEST_TYPE), REST(DNS_DS_DIGEST)}},
	{61, {REST(DNS_OPENPGPKEY)}}, /* RFC 7929 */
	{63,                          /* RFC 8976 */
	 {N(DNS_ZONEMD_SERIAL), N(DNS_ZONEMD_SCHEME), N(DNS_ZONEMD_ALGO), REST(DNS_ZONEMD_DIGEST)}},
	{99, {{PART_STRINGS, DNS_SPF_LENGTH}}},
	{108, {N(DNS_EUI48)}}, /* RFC 7043 */
};

void dns_rest(struct dns_message *m, struct cursor *c, uint16_t row)
{
	uint32_t n = cursor_left(c);

	if (n) {
		field_add_bytes(m->r, DNS_FIELD(row), c->pos, n);
		cursor_skip(c, n);
	}
}

/* A length byte and that many characters (RFC 1035 section 3.3). */
static bool add_string(struct dns_message *m, struct cursor *c, uint16_t row)
{
	uint8_t n = (uint8_t)walk(m->r, c, DNS_FIELD(row), DNS_FIELD(row));
	uint32_t at = c->pos;

	if (!cursor_bytes(c, n))
		return false;
	field_add_bytes(m->r, DNS_FIELD(row + 1), at, n);
	return true;
}

static void add_time(struct dns_message *m, struct cursor *c, uint16_t row, uint32_t bytes)
{
	uint32_t at = c->pos;
	uint64_t seconds = cursor_be(c, bytes);

	if (seconds > INT64_MAX / 1000000000) /* 48 bits go beyond what nanoseconds can say */
		seconds = INT64_MAX / 1000000000;
	if (cursor_ok(c))
		field_add_int(m->r, DNS_FIELD(row), at, bytes, (int64_t)seconds * 1000000000);
}

static void add_part(struct dns_message *m, struct cursor *c, const struct part *part)
{
	uint32_t at = c->pos;
	struct dns_name name;

	switch (part->kind) {
	case PART_NUMBER: walk(m->r, c, DNS_FIELD(part->row), DNS_FIELD(part->row)); break;
	case PART_STRING: add_string(m, c, part->row); break;
	case PART_STRINGS:
		while (cursor_left(c) && decode_step(m->d) && add_string(m, c, part->row))
			;
		break;
	case PART_ADDRESS6:
		if (cursor_skip(c, 16))
			field_add_bytes(m->r, DNS_FIELD(part->row), at, 16);
		break;
	case PART_TIME32: add_time(m, c, part->row, 4); break;
	case PART_REST: dns_rest(m, c, part->row); break;
	case PART_NAME:
		name = dns_name_field(m, c, part->row);
		if (part->row == DNS_NAPTR_REPLACEMENT) /* Wireshark gives its length a field too */
			field_add_uint(m->r, DNS_FIELD(DNS_NAPTR_REPLACEMENT_LENGTH), at, 0,
				       name.len)
				->flags |= FIELD_GENERATED;
		break;
	}
}

/* DNSKEY: the key tag is a sum over all of it (RFC 4034 appendix B). */
static void rr_dnskey(struct dns_message *m, struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;
	uint32_t n = cursor_left(c), sum = 0;
	bool whole = n == cursor_promised(c);

	walk(m->r, c, DNS_FIELD(DNS_DNSKEY_FLAGS), DNS_FIELD(DNS_DNSKEY_ALGORITHM));
	if (!cursor_ok(c))
		return;
	for (uint32_t i = 0; i < n; i++)
		sum += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	if (whole)
		field_gen_uint(m->r, DNS_FIELD(DNS_DNSKEY_KEY_ID),
			       p[3] == 1 && n >= 3 ? (uint32_t)p[n - 3] << 8 | p[n - 2]
						   : (sum + (sum >> 16)) & 0xFFFF);
	dns_rest(m, c, DNS_DNSKEY_PUBLIC_KEY);
}

/* RFC 4648 section 7, as NSEC3 owner names have it: lower case, no padding. */
static struct textrun {
	char *s;
	uint32_t n;
} base32hex(struct arena *arena, const uint8_t *p, uint32_t len)
{
	struct textrun t = {arena_alloc(arena, len * 8 / 5 + 1), 0};
	uint32_t held = 0, bits = 0;

	for (uint32_t i = 0; i < len; i++) {
		held = (held << 8 | p[i]) & 0xFFFF;
		for (bits += 8; bits >= 5; bits -= 5)
			t.s[t.n++] = "0123456789abcdefghijklmnopqrstuv"[held >> (bits - 5) & 31];
	}
	if (bits)
		t.s[t.n++] = "0123456789abcdefghijklmnopqrstuv"[held << (5 - bits) & 31];
	return t;
}

static void add_salt(struct dns_message *m, struct cursor *c)
{
	uint32_t n = (uint32_t)walk(m->r, c, DNS_FIELD(DNS_NSEC3_SALT_LENGTH),
				    DNS_FIELD(DNS_NSEC3_SALT_LENGTH));
	uint32_t at = c->pos;

	if (cursor_skip(c, n))
		field_add_bytes(m->r, DNS_FIELD(DNS_NSEC3_SALT), at, n);
}

/* RFC 4034 section 4.1.2: windows of 256 types each, a bit for each type that the name has. */
static void type_bitmap(struct dns_message *m, struct cursor *c)
{
	while (cursor_left(c) && decode_step(m->d)) {
		unsigned window = cursor_u8(c);
		struct cursor bits = cursor_fence(c, cursor_u8(c));

		for (unsigned i = 0; cursor_left(&bits); i += 8) {
			uint32_t at = bits.pos;
			uint8_t byte = cursor_u8(&bits);

			for (unsigned bit = 0; bit < 8; bit++)
				if (byte & 0x80 >> bit)
					field_add_uint(m->r, DNS_FIELD(DNS_RESP_TYPE), at, 1,
						       window << 8 | (i + bit));
		}
	}
}

static void rr_nsec3(struct dns_message *m, struct cursor *c, bool param)
{
	uint32_t n, at;
	struct textrun text;
	const uint8_t *hash;

	walk(m->r, c, DNS_FIELD(DNS_NSEC3_ALGO),
	     DNS_FIELD(param ? DNS_NSEC3_FLAGS : DNS_NSEC3_OPT_OUT));
	walk(m->r, c, DNS_FIELD(DNS_NSEC3_ITERATIONS), DNS_FIELD(DNS_NSEC3_ITERATIONS));
	add_salt(m, c);
	if (param)
		return; /* RFC 5155 section 4: no opt-out, no name, no types */
	n = (uint32_t)walk(m->r, c, DNS_FIELD(DNS_NSEC3_HASH_LENGTH),
			   DNS_FIELD(DNS_NSEC3_HASH_LENGTH));
	at = c->pos;
	hash = cursor_bytes(c, n);
	if (!hash)
		return;
	text = base32hex(&m->r->arena, hash, n);
	field_add_value(m->r, DNS_FIELD(DNS_NSEC3_HASH), at, n, text.s, text.n);
	type_bitmap(m, c);
}

static uint16_t caa_row(const uint8_t *tag, uint32_t n)
{
	if (n == 5 && !memcmp(tag, "issue", 5))
		return DNS_CAA_ISSUE;
	if (n == 9 && !memcmp(tag, "issuewild", 9))
		return DNS_CAA_ISSUEWILD;
	return n == 5 && !memcmp(tag, "iodef", 5) ? DNS_CAA_IODEF : DNS_CAA_UNKNOWN;
}

static void rr_caa(struct dns_message *m, struct cursor *c)
{
	uint32_t n, at, left;
	const uint8_t *tag;

	walk(m->r, c, DNS_FIELD(DNS_CAA_FLAGS), DNS_FIELD(DNS_CAA_CRITICAL));
	at = c->pos;
	n = cursor_u8(c);
	tag = cursor_bytes(c, n);
	if (!tag)
		return;
	left = cursor_left(c);
	field_add_bytes(m->r, DNS_FIELD(caa_row(tag, n)), at, 1 + n + left);
	m->r->fields[m->r->nfields - 1].v.p = c->base + c->pos;
	m->r->fields[m->r->nfields - 1].vlen = left;
	m->r->cur_depth++;
	field_add_uint(m->r, DNS_FIELD(DNS_CAA_TAG_LENGTH), at, 1, n);
	field_add_bytes(m->r, DNS_FIELD(DNS_CAA_TAG), at + 1, n);
	dns_rest(m, c, DNS_CAA_VALUE);
	m->r->cur_depth--;
}

/* SRV owners are "_service._proto.name" (RFC 2782). */
static void srv_owner(struct dns_message *m, const struct dns_name *owner)
{
	const uint8_t *p = owner->text, *end = p + owner->len, *dot[2];

	dot[0] = memchr(p, '.', owner->len);
	if (!dot[0])
		return;
	dot[1] = memchr(dot[0] + 1, '.', (size_t)(end - dot[0] - 1));
	if (!dot[1])
		return;
	field_gen_text(m->r, DNS_FIELD(DNS_SRV_SERVICE), (const char *)p, (size_t)(dot[0] - p));
	field_gen_text(m->r, DNS_FIELD(DNS_SRV_PROTO), (const char *)dot[0] + 1,
		       (size_t)(dot[1] - dot[0] - 1));
	field_gen_text(m->r, DNS_FIELD(DNS_SRV_NAME), (const char *)dot[1] + 1,
		       (size_t)(end - dot[1] - 1));
}

/* RFC 8945 section 4.2 */
static void rr_tsig(struct dns_message *m, struct cursor *c)
{
	uint32_t n, at;

	dns_name_field(m, c, DNS_TSIG_ALGORITHM);
	add_time(m, c, DNS_TSIG_TIME, 6);
	walk(m->r, c, DNS_FIELD(DNS_TSIG_FUDGE), DNS_FIELD(DNS_TSIG_FUDGE));
	n = (uint32_t)walk(m->r, c, DNS_FIELD(DNS_TSIG_MAC_SIZE), DNS_FIELD(DNS_TSIG_MAC_SIZE));
	at = c->pos;
	if (cursor_skip(c, n))
		field_add_none(m->r, DNS_FIELD(DNS_TSIG_MAC), at, n);
	walk(m->r, c, DNS_FIELD(DNS_TSIG_ORIGINAL_ID), DNS_FIELD(DNS_TSIG_OTHER_LEN));
	dns_rest(m, c, DNS_TSIG_OTHER);
}

static void rr_nsec(struct dns_message *m, struct cursor *c)
{
	dns_name_field(m, c, DNS_NSEC_NEXT);
	type_bitmap(m, c);
}

static void rr_csync(struct dns_message *m, struct cursor *c)
{
	struct cursor types;

	walk(m->r, c, DNS_FIELD(DNS_CSYNC_SOA), DNS_FIELD(DNS_CSYNC_SOAMINIMUM));
	types = *c;
	dns_rest(m, c, DNS_CSYNC_TYPES);
	type_bitmap(m, &types);
}

static void rr_svcb(struct dns_message *m, struct cursor *c)
{
	walk(m->r, c, DNS_FIELD(DNS_SVCB_PRIORITY), DNS_FIELD(DNS_SVCB_PRIORITY));
	dns_name_field(m, c, DNS_SVCB_TARGET);
	dns_svcb_params(m, c);
}

static void shaped(struct dns_message *m, struct cursor *c, const struct shape *shape)
{
	for (const struct part *part = shape->parts; part->kind != PART_END; part++) {
		if (!cursor_ok(c))
			break;
		add_part(m, c, part);
	}
}

static const struct shape *find_shape(uint16_t type)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].type == type)
			return &shapes[i];
	return NULL;
}

void dns_rdata(struct dns_message *m, struct cursor *c, uint16_t type, const struct dns_name *owner)
{
	const struct shape *shape = find_shape(type);

	if (type == DNS_TYPE_SRV)
		srv_owner(m, owner);
	if (shape) {
		shaped(m, c, shape);
		return;
	}
	switch (type) {
	case DNS_TYPE_OPT: dns_options(m, c); break;
	case 47: rr_nsec(m, c); break;
	case 48:
	case 60: rr_dnskey(m, c); break;
	case 50: rr_nsec3(m, c, false); break;
	case 51: rr_nsec3(m, c, true); break;
	case 62: rr_csync(m, c); break;
	case 64:
	case 65: rr_svcb(m, c); break;
	case 250: rr_tsig(m, c); break;
	case 257: rr_caa(m, c); break;
	default: dns_rest(m, c, DNS_DATA); break;
	}
}
