/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * field: the registry. One const row per field, in the protocol's own file.
 *
 * From the row come: decoding of fixed headers (walk.h), value text, the decode column, filters and
 * their type check, completion, "explain tcp.flags.syn", redaction, PDML and JSON. Names and types
 * are Wireshark's display-filter names, exactly; what Wireshark lacks goes under the prefix "tt.".
 *
 * A field id is (protocol << 9 | row). Row 0 of each table is the protocol itself (FT_PROTOCOL).
 */
#ifndef TRACETUTOR_FIELD_H
#define TRACETUTOR_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The protocols; the one list to extend when a protocol is added. PROTO(symbol): src/.../symbol.c
 * defines `const struct proto_def proto_symbol`. Order has no meaning. */
#define PROTO_LIST(PROTO)                                                                          \
	PROTO(frame)                                                                               \
	PROTO(eth)                                                                                 \
	PROTO(vlan)                                                                                \
	PROTO(dot1ad)                                                                              \
	PROTO(llc)                                                                                 \
	PROTO(null)                                                                                \
	PROTO(raw)                                                                                 \
	PROTO(sll)                                                                                 \
	PROTO(ppp)                                                                                 \
	PROTO(pppoe)                                                                               \
	PROTO(pppoed)                                                                              \
	PROTO(pppoes)                                                                              \
	PROTO(vj)                                                                                  \
	PROTO(arp)                                                                                 \
	PROTO(ip)                                                                                  \
	PROTO(ipv6)                                                                                \
	PROTO(icmp)                                                                                \
	PROTO(icmpv6)                                                                              \
	PROTO(tcp)                                                                                 \
	PROTO(udp)                                                                                 \
	PROTO(data)                                                                                \
	PROTO(pop)                                                                                 \
	PROTO(smtp)                                                                                \
	PROTO(imap)                                                                                \
	PROTO(ftp)                                                                                 \
	PROTO(nntp)                                                                                \
	PROTO(dns)                                                                                 \
	PROTO(mdns)                                                                                \
	PROTO(llmnr)                                                                               \
	PROTO(http)                                                                                \
	PROTO(dhcp)                                                                                \
	PROTO(ntp)                                                                                 \
	PROTO(nbns)                                                                                \
	PROTO(tftp)                                                                                \
	PROTO(sip)                                                                                 \
	PROTO(sdp)                                                                                 \
	PROTO(stun)                                                                                \
	PROTO(snmp)                                                                                \
	PROTO(radius)                                                                              \
	PROTO(syslog)                                                                              \
	PROTO(socks)                                                                               \
	PROTO(telnet)                                                                              \
	PROTO(tls)                                                                                 \
	PROTO(dhcpv6)                                                                              \
	PROTO(quic)                                                                                \
	PROTO(ssh)                                                                                 \
	PROTO(ldap)                                                                                \
	PROTO(cldap)                                                                               \
	PROTO(ftp_data)                                                                            \
	PROTO(http2)                                                                               \
	PROTO(websocket)                                                                           \
	PROTO(mime_multipart)                                                                      \
	PROTO(data_text_lines)                                                                     \
	PROTO(media)                                                                               \
	PROTO(lcp)                                                                                 \
	PROTO(ipcp)                                                                                \
	PROTO(ipv6cp)                                                                              \
	PROTO(ccp)                                                                                 \
	PROTO(pap)                                                                                 \
	PROTO(chap)                                                                                \
	PROTO(eapol)                                                                               \
	PROTO(eap)                                                                                 \
	PROTO(wlan_rsna_eapol)                                                                     \
	PROTO(igmp)                                                                                \
	PROTO(stp)                                                                                 \
	PROTO(lldp)                                                                                \
	PROTO(gre)                                                                                 \
	PROTO(vxlan)                                                                               \
	PROTO(sctp)                                                                                \
	PROTO(radiotap)                                                                            \
	PROTO(wlan_radio)                                                                          \
	PROTO(wlan)                                                                                \
	PROTO(chdlc)                                                                               \
	PROTO(slarp)                                                                               \
	PROTO(tt_text)                                                                             \
	PROTO(tt_conv)                                                                             \
	PROTO(tt_exchange)                                                                         \
	PROTO(tt_capture)                                                                          \
	PROTO(tt_machine)

enum proto_id {
#define PROTO(symbol) PROTO_##symbol,
	PROTO_LIST(PROTO)
#undef PROTO
		PROTO_COUNT
};

#define FIELD_ROW_BITS       9
#define FIELD_ID(proto, row) ((uint16_t)((proto) << FIELD_ROW_BITS | (row)))
#define FIELD_PROTO(id)      ((enum proto_id)((id) >> FIELD_ROW_BITS))
#define FIELD_ROW(id)        ((id) & ((1u << FIELD_ROW_BITS) - 1))
#define FIELD_NONE           0xFFFFu

/* Wireshark's types, named as `tshark -G fields` names them. */
enum field_type {
	FT_PROTOCOL,
	FT_NONE,
	FT_BOOLEAN,
	FT_CHAR,
	FT_UINT8,
	FT_UINT16,
	FT_UINT24,
	FT_UINT32,
	FT_UINT40,
	FT_UINT48,
	FT_UINT64,
	FT_INT8,
	FT_INT16,
	FT_INT32,
	FT_INT64,
	FT_IPv4,
	FT_IPv6,
	FT_ETHER,
	FT_BYTES,
	FT_UINT_BYTES,
	FT_STRING,
	FT_STRINGZ,
	FT_UINT_STRING,
	FT_ABSOLUTE_TIME,
	FT_RELATIVE_TIME,
	FT_FRAMENUM,
	FT_OID,
	FT_DOUBLE,
	FT_TYPE_COUNT
};
const char *field_type_name(enum field_type t); /* "FT_UINT16" */

/* How a value lives in struct field. */
enum value_class {
	VALUE_NONE,     /* FT_NONE: presence only */
	VALUE_UNSIGNED, /* v.u: booleans, unsigned, IPv4 (host order), FRAMENUM */
	VALUE_SIGNED,   /* v.i: signed numbers; times in nanoseconds, FT_DOUBLE in 1e-9 */
	VALUE_BYTES     /* v.p, vlen: strings, bytes, ETHER (6), IPv6 (16), OID, PROTOCOL */
};
static inline enum value_class field_value_class(enum field_type t)
{
	const uint32_t wire =
		(2u << FT_UINT64) - (1u << FT_BOOLEAN); /* all from one to the other */
	const uint32_t unsigned_types = wire | 1u << FT_IPv4 | 1u << FT_FRAMENUM;
	const uint32_t signed_types = 1u << FT_INT8 | 1u << FT_INT16 | 1u << FT_INT32 |
				      1u << FT_INT64 | 1u << FT_ABSOLUTE_TIME |
				      1u << FT_RELATIVE_TIME | 1u << FT_DOUBLE;

	if (unsigned_types >> t & 1)
		return VALUE_UNSIGNED;
	if (signed_types >> t & 1)
		return VALUE_SIGNED;
	return t == FT_NONE ? VALUE_NONE : VALUE_BYTES;
}
bool field_type_is_text(enum field_type t); /* STRING, STRINGZ, UINT_STRING */

enum field_show {
	SHOW_DEC,
	SHOW_HEX,     /* 0x001f, padded to the field's size */
	SHOW_DEC_HEX, /* 31 (0x001f) */
	SHOW_HEX_DEC, /* 0x001f (31) */
	SHOW_OCT
};

/* What the redactor does with the value before it becomes characters outside the user's screen. */
enum secrecy {
	OPEN,
	IDENTITY, /* user names, mail addresses, host names, IP and MAC addresses: asked, default
		     masked */
	SECRET    /* passwords, tokens, digests: always masked */
};

struct value_name {
	uint32_t value;
	const char *text; /* NULL ends the list */
};

/* flags of a row */
#define ROW_SUB 1 /* lies inside the bytes of the nearest row above without ROW_SUB */
#define ROW_LE  2 /* little-endian on the wire */
#define ROW_TEXT_ONLY                                                                              \
	4 /* shown in the decode column and filterable, but not a tree item of tshark */
#define ROW_KEPT                                                                                   \
	8 /* the decoder or track looks at it again: it is in every record (field_asked()) */

struct field_def {
	const char *name;  /* "tcp.flags.syn" */
	const char *label; /* "Synchronize bit": how the decode column calls it */
	enum field_type type;
	enum field_show show;
	uint8_t size; /* bytes on the wire if fixed (walk.h); 0: the dissector says */
	uint8_t flags;
	enum secrecy secrecy;
	uint64_t mask; /* bits of the value; 0: all. The value is shifted down by the trailing
			  zeros. */
	const struct value_name *values;
	const char *on, *off; /* words for a boolean; NULL: "On" / "Off" */
	const char *blurb; /* one plain sentence for `explain NAME`; NULL if the label says all */
	const char *see;   /* "RFC 9293 section 3.1" */
};

struct decoder; /* decode.h */
struct record;
struct layer;
struct lines;
struct cursor;

/* Where a protocol hangs; the list in its row ends with ON_NOTHING. */
enum hang_kind {
	ON_NOTHING,
	ON_LINK, /* LINKTYPE_ value (tcpdump.org/linktypes.html) */
	ON_ETHERTYPE,
	ON_IP_PROTO,
	ON_PPP_PROTO,
	ON_TCP_PORT,
	ON_UDP_PORT
};
struct hang {
	enum hang_kind kind;
	uint32_t value;
};

struct proto_def {
	const char *name;   /* filter name: "tcp" */
	const char *label;  /* "Transmission Control Protocol" */
	const char *prefix; /* line prefix of the decode column: "TCP" */
	const char *header; /* name in the dashed rule: "TCP HEADER"; NULL: no rule */
	const struct field_def *fields;
	uint16_t nfields;
	const struct hang *on; /* NULL: called by name only */
	/*
	 * Decode from the cursor into the record (see decode.h); opens its own layer. Stream
	 * protocols (over TCP) read one or more whole messages and set cursor->need_more before an
	 * incomplete one.
	 */
	void (*decode)(struct decoder *, struct record *, struct cursor *);
	/* Optional: do these first payload bytes look like this protocol? Tried when no port
	 * matches. */
	bool (*looks)(const struct record *, const uint8_t *bytes, uint32_t n);
	/* Optional: the layer's lines of the decode column; NULL: one generic line a field
	 * (lines.h). */
	void (*lines)(struct lines *, const struct record *, const struct layer *);
	/* Bytes above 0x7F are no letters in its strings, as Wireshark has it (PDML). */
	bool ascii;
	/* Most packets have it and few of its fields are asked for: see field_asked(). */
	bool common;
	const char *blurb; /* what the protocol is for, one sentence for a newcomer */
	const char *see;   /* its RFCs */
};

extern const struct proto_def *const proto_table[PROTO_COUNT];

static inline const struct field_def *field_def(uint16_t id)
{
	return &proto_table[FIELD_PROTO(id)]->fields[FIELD_ROW(id)];
}

/* Bytes of the longest name with its end. */
#define FIELD_NAME_SIZE 64
/*
 * The id of a name, FIELD_NONE if unknown. Aliases that Wireshark gives several types (ip.addr,
 * tcp.port, eth.addr, udp.port ...) have rows of their own in the registry like any field and are
 * added to records beside src and dst, as Wireshark does (hidden fields).
 */
uint16_t field_find(const char *name, size_t len);
/* The same for a whole string. */
static inline uint16_t field_named(const char *name)
{
	return field_find(name, strlen(name));
}
/*
 * Bits of field ids, 64 to a number: what somebody may ask a record for. That is each name that
 * field_find() found since the program began, by which rules, filters and commands come to their
 * fields; and of protocols that are not `common`, all. It grows while the program runs.
 */
const uint64_t *field_asked(void);
/* The same for who may look at any field. */
const uint64_t *field_all(void);
/* What is found until this is called with false is asked for only where notes are made, and no
 * reason to be in field_asked(). */
void field_ask_for_notes(bool only);
/* The proto of that filter name, PROTO_COUNT if unknown. */
enum proto_id proto_find(const char *name, size_t len);
/* Walk the registry: ids in table order; returns FIELD_NONE at the end. Start with FIELD_NONE. */
uint16_t field_next(uint16_t id);
/* The known field whose name is nearest to the word ("did you mean"), or NULL. */
const char *field_nearest(const char *word);
/* Text of a value by the row's list, or NULL. */
const char *value_name(const struct value_name *list, uint64_t value);
/* Check every row (names unique, prefix of its protocol or listed, mask fits type ...): a test
 * calls it. Returns false and says what in d. */
struct diag;
bool registry_check(struct diag *d);

#endif
