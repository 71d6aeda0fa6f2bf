/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns: what the files of the DNS dissector share: the rows of its table, one message's state,
 * names, and the data of resource records.
 */
#ifndef TRACETUTOR_DECODE_DNS_H
#define TRACETUTOR_DECODE_DNS_H

#include "tracetutor/decode.h"
#include "tracetutor/dns_fields.h"

#define DNS_NAME_MAX  255 /* RFC 1035 section 2.3.4: bytes of a name on the wire */
#define DNS_JUMPS_MAX 64  /* compression pointers followed in one name */

enum dns_row {
	DNS_LENGTH = DNS_TRACKED_ROWS,
	DNS_ID,
	DNS_FLAGS,
	DNS_FLAGS_RESPONSE,
	DNS_FLAGS_OPCODE,
	DNS_FLAGS_AUTHORITATIVE,
	DNS_FLAGS_CONFLICT,
	DNS_FLAGS_TRUNCATED,
	DNS_FLAGS_RECDESIRED,
	DNS_FLAGS_TENTATIVE,
	DNS_FLAGS_RECAVAIL,
	DNS_FLAGS_Z,
	DNS_FLAGS_AUTHENTICATED,
	DNS_FLAGS_CHECKDISABLE,
	DNS_FLAGS_RCODE,
	DNS_COUNT_QUERIES,
	DNS_COUNT_ANSWERS,
	DNS_COUNT_AUTH_RR,
	DNS_COUNT_ADD_RR,
	DNS_COUNT_ZONES,
	DNS_COUNT_PREREQUISITES,
	DNS_COUNT_UPDATES,
	DNS_QRY_NAME,
	DNS_QRY_NAME_LEN,
	DNS_COUNT_LABELS,
	DNS_QRY_TYPE,
	DNS_QRY_CLASS,
	DNS_QRY_QU,
	DNS_RESP_NAME,
	DNS_RESP_TYPE,
	DNS_RESP_CLASS,
	DNS_RESP_CACHE_FLUSH,
	DNS_RESP_TTL,
	DNS_RESP_LEN,
	DNS_UDP_PAYLOAD_SIZE,
	DNS_EXT_RCODE,
	DNS_EDNS0_VERSION,
	DNS_RESP_Z,
	DNS_RESP_Z_DO,
	DNS_RESP_Z_RESERVED,
	DNS_SRV_SERVICE,
	DNS_SRV_PROTO,
	DNS_SRV_NAME,
	DNS_SRV_PRIORITY,
	DNS_SRV_WEIGHT,
	DNS_SRV_PORT,
	DNS_SRV_TARGET,
	DNS_NAPTR_ORDER,
	DNS_NAPTR_PREFERENCE,
	DNS_NAPTR_FLAGS_LENGTH,
	DNS_NAPTR_FLAGS,
	DNS_NAPTR_SERVICE_LENGTH,
	DNS_NAPTR_SERVICE,
	DNS_NAPTR_REGEX_LENGTH,
	DNS_NAPTR_REGEX,
	DNS_NAPTR_REPLACEMENT_LENGTH,
	DNS_NAPTR_REPLACEMENT,
	DNS_A,
	DNS_AAAA,
	DNS_NS,
	DNS_MD,
	DNS_MF,
	DNS_MB,
	DNS_MG,
	DNS_MR,
	DNS_CNAME,
	DNS_DNAME,
	DNS_SOA_MNAME,
	DNS_SOA_RNAME,
	DNS_SOA_SERIAL,
	DNS_SOA_REFRESH,
	DNS_SOA_RETRY,
	DNS_SOA_EXPIRE,
	DNS_SOA_MINIMUM,
	DNS_PTR,
	DNS_HINFO_CPU_LENGTH,
	DNS_HINFO_CPU,
	DNS_HINFO_OS_LENGTH,
	DNS_HINFO_OS,
	DNS_MINFO_R,
	DNS_MINFO_E,
	DNS_MX_PREFERENCE,
	DNS_MX_EXCHANGE,
	DNS_TXT_LENGTH,
	DNS_TXT,
	DNS_SPF_LENGTH,
	DNS_SPF,
	DNS_NULL,
	DNS_RP_MAILBOX,
	DNS_RP_TXT_RR,
	DNS_AFSDB_SUBTYPE,
	DNS_AFSDB_HOSTNAME,
	DNS_KX_PREFERENCE,
	DNS_KX_EXCHANGE,
	DNS_LOC_VERSION,
	DNS_LOC_SIZE,
	DNS_LOC_HORIZONTAL,
	DNS_LOC_VERTICAL,
	DNS_LOC_LATITUDE,
	DNS_LOC_LONGITUDE,
	DNS_LOC_ALTITUDE,
	DNS_CERT_TYPE,
	DNS_CERT_KEY_TAG,
	DNS_CERT_ALGORITHM,
	DNS_CERT_CERTIFICATE,
	DNS_SSHFP_ALGORITHM,
	DNS_SSHFP_TYPE,
	DNS_SSHFP_FINGERPRINT,
	DNS_DS_KEY_ID,
	DNS_DS_ALGORITHM,
	DNS_DS_DIGEST_TYPE,
	DNS_DS_DIGEST,
	DNS_RRSIG_TYPE,
	DNS_RRSIG_ALGORITHM,
	DNS_RRSIG_LABELS,
	DNS_RRSIG_TTL,
	DNS_RRSIG_EXPIRATION,
	DNS_RRSIG_INCEPTION,
	DNS_RRSIG_KEY_TAG,
	DNS_RRSIG_SIGNER,
	DNS_RRSIG_SIGNATURE,
	DNS_NSEC_NEXT,
	DNS_DNSKEY_FLAGS,
	DNS_DNSKEY_ZONE_KEY,
	DNS_DNSKEY_REVOKED,
	DNS_DNSKEY_SEP,
	DNS_DNSKEY_RESERVED,
	DNS_DNSKEY_PROTOCOL,
	DNS_DNSKEY_ALGORITHM,
	DNS_DNSKEY_KEY_ID,
	DNS_DNSKEY_PUBLIC_KEY,
	DNS_NSEC3_ALGO,
	DNS_NSEC3_FLAGS,
	DNS_NSEC3_OPT_OUT,
	DNS_NSEC3_ITERATIONS,
	DNS_NSEC3_SALT_LENGTH,
	DNS_NSEC3_SALT,
	DNS_NSEC3_HASH_LENGTH,
	DNS_NSEC3_HASH,
	DNS_TLSA_USAGE,
	DNS_TLSA_SELECTOR,
	DNS_TLSA_MATCHING,
	DNS_TLSA_DATA,
	DNS_OPENPGPKEY,
	DNS_CSYNC_SOA,
	DNS_CSYNC_FLAGS,
	DNS_CSYNC_IMMEDIATE,
	DNS_CSYNC_SOAMINIMUM,
	DNS_CSYNC_TYPES,
	DNS_ZONEMD_SERIAL,
	DNS_ZONEMD_SCHEME,
	DNS_ZONEMD_ALGO,
	DNS_ZONEMD_DIGEST,
	DNS_DHCID,
	DNS_EUI48,
	DNS_SVCB_PRIORITY,
	DNS_SVCB_TARGET,
	DNS_SVCB_PARAM,
	DNS_SVCB_KEY,
	DNS_SVCB_VALUE_LENGTH,
	DNS_SVCB_VALUE,
	DNS_SVCB_MANDATORY_KEY,
	DNS_SVCB_ALPN_LENGTH,
	DNS_SVCB_ALPN,
	DNS_SVCB_PORT,
	DNS_SVCB_IPV4HINT,
	DNS_SVCB_ECH,
	DNS_SVCB_IPV6HINT,
	DNS_CAA_FLAGS,
	DNS_CAA_CRITICAL,
	DNS_CAA_TAG_LENGTH,
	DNS_CAA_TAG,
	DNS_CAA_VALUE,
	DNS_CAA_ISSUE,
	DNS_CAA_ISSUEWILD,
	DNS_CAA_IODEF,
	DNS_CAA_UNKNOWN,
	DNS_TSIG_ALGORITHM,
	DNS_TSIG_TIME,
	DNS_TSIG_FUDGE,
	DNS_TSIG_MAC_SIZE,
	DNS_TSIG_MAC,
	DNS_TSIG_ORIGINAL_ID,
	DNS_TSIG_ERROR,
	DNS_TSIG_OTHER_LEN,
	DNS_TSIG_OTHER,
	DNS_OPT,
	DNS_OPT_CODE,
	DNS_OPT_LEN,
	DNS_OPT_DATA,
	DNS_OPT_DAU,
	DNS_OPT_DHU,
	DNS_OPT_N3U,
	DNS_OPT_CLIENT_FAMILY,
	DNS_OPT_CLIENT_NETMASK,
	DNS_OPT_CLIENT_SCOPE,
	DNS_OPT_CLIENT_ADDR,
	DNS_OPT_CLIENT_ADDR4,
	DNS_OPT_CLIENT_ADDR6,
	DNS_OPT_COOKIE_CLIENT,
	DNS_OPT_COOKIE_SERVER,
	DNS_OPT_KEEPALIVE,
	DNS_OPT_PADDING,
	DNS_OPT_CHAIN,
	DNS_OPT_EDE_CODE,
	DNS_OPT_EDE_TEXT,
	DNS_DATA,
	DNS_EXTRANEOUS_DATA,
	DNS_EXTRANEOUS_LENGTH,
	TT_DNS_RCODE,
	TT_DNS_ANSWERED,
	DNS_ROWS
};

#define DNS_FIELD(row) FIELD_ID(PROTO_dns, row)

extern const struct field_def dns_rows[DNS_ROWS];

/* RR types the dissector knows by number. */
enum dns_type {
	DNS_TYPE_A = 1,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_SRV = 33,
	DNS_TYPE_OPT = 41,
	DNS_TYPE_ANY = 255
};

struct dns_message {
	struct decoder *d;
	struct record *r;
	struct cursor *c; /* fenced to the message */
	uint32_t start;   /* offset of the id: compression pointers count from here */
	bool mdns, llmnr;
	uint16_t id, flags; /* flags as on the wire */
	uint16_t counts[4]; /* questions, answers, authority, additional */
	uint16_t qtype;     /* of the first question */
	uint64_t qhash;     /* of the first question's name (case folded) and type; 0: none */
	uint16_t ext_rcode; /* upper bits of the response code, from OPT */
	bool answered;      /* an answer of the asked type was there */
};

static inline bool dns_is_response(const struct dns_message *m)
{
	return m->flags >> 15;
}
static inline unsigned dns_opcode(const struct dns_message *m)
{
	return m->flags >> 11 & 15;
}

/* A name as text: labels joined with dots, "<Root>" for the root. In the packet arena. */
struct dns_name {
	const uint8_t *text;
	uint32_t len, labels;
	bool bad; /* loop, pointer forward or outside, too long, unknown label type */
};

/*
 * Read the name at the cursor, which moves past it (past the first pointer, if it is compressed). A
 * name that breaks the format keeps the labels read so far, is `bad`, and makes the cursor
 * malformed.
 */
struct dns_name dns_name_read(struct dns_message *m, struct cursor *c);
/* The same, added as a field. */
struct dns_name dns_name_field(struct dns_message *m, struct cursor *c, uint16_t row);

/* The data of a resource record, fenced in c, of a type; owner is its name. */
void dns_rdata(struct dns_message *m, struct cursor *c, uint16_t type,
	       const struct dns_name *owner);
/* Options of OPT (RFC 6891), parameters of SVCB and HTTPS (RFC 9460). */
void dns_options(struct dns_message *m, struct cursor *c);
void dns_svcb_params(struct dns_message *m, struct cursor *c);
/* The rest of c as one field, if there is any. */
void dns_rest(struct dns_message *m, struct cursor *c, uint16_t row);

void dns_lines(struct lines *l, const struct record *r, const struct layer *layer);

#endif
