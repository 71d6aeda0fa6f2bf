/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPCP gives the ends of a PPP line their IP addresses. RFC 1332, name servers RFC 1877, header
 * compression RFC 1144, RFC 2509 and RFC 3241. Hangs at PPP protocol 0x8021.
 */
#include "option_lines.h"
#include "ppp_control.h"

enum {
	IPCP_PROTO,
	IPCP_DATA,
	OPT_TYPE,
	OPT_LENGTH,
	OPT_ADDRESSES_ITEM,
	OPT_SOURCE,
	OPT_DEST,
	OPT_COMPRESS_ITEM,
	OPT_COMPRESS,
	OPT_MAX_SLOT,
	OPT_COMP_SLOT,
	OPT_TCP_SPACE,
	OPT_NON_TCP_SPACE,
	OPT_MAX_PERIOD,
	OPT_MAX_TIME,
	OPT_MAX_HEADER,
	OPT_MAX_CID,
	OPT_MRRU,
	OPT_ADDRESS_ITEM,
	OPT_ADDRESS,
	OPT_MOBILE_ITEM,
	OPT_MOBILE,
	OPT_DNS1_ITEM,
	OPT_DNS1,
	OPT_NBNS1_ITEM,
	OPT_NBNS1,
	OPT_DNS2_ITEM,
	OPT_DNS2,
	OPT_NBNS2_ITEM,
	OPT_NBNS2,
	SUB_TYPE,
	SUB_LENGTH,
	SUB_PARAMETER,
	SUB_RTP,
	SUB_RTP_MORE,
	SUB_NEGOTIATE,
	ROHC_TYPE,
	ROHC_LENGTH,
	ROHC_ITEM,
	ROHC_PROFILE,
	IPCP_ROWS
};
#define ID(row)               FIELD_ID(PROTO_ipcp, row)
#define ITEM(row, word, text) [row] = {"ipcp.opt." word, text, FT_BYTES}
#define ADDRESS(row, word, text)                                                                   \
	[row] = {"ipcp.opt." word, text, FT_IPv4, .size = 4, .secrecy = IDENTITY}
#define NUMBER(row, word, text, n)                                                                 \
	[row] = {"ipcp.opt." word, text, n == 1 ? FT_UINT8 : FT_UINT16, .size = n}

static const struct value_name types[] = {{1, "IP Addresses (deprecated)"},
					  {2, "IP Compression Protocol"},
					  {3, "IP Address"},
					  {4, "Mobile Node's Home IP Address"},
					  {129, "Primary DNS Server IP Address"},
					  {130, "Primary NBNS Server IP Address"},
					  {131, "Secondary DNS Server IP Address"},
					  {132, "Secondary NBNS Server IP Address"},
					  {0, NULL}};
static const struct value_name ways[] = {{0x0003, "Robust Header Compression (ROHC)"},
					 {0x002d, "VJ compression"},
					 {0x0037, "VJ compression (RFC1172-typo)"},
					 {0x0061, "IPHC compression"},
					 {0, NULL}};

static const struct field_def rows[IPCP_ROWS] = {
	[IPCP_PROTO] = {"ipcp", "PPP IP Control Protocol", FT_PROTOCOL},
	[IPCP_DATA] = {"ipcp.data", "Data", FT_BYTES},
	[OPT_TYPE] = {"ipcp.opt.type", "Type", FT_UINT8, SHOW_DEC, 1, .values = types},
	[OPT_LENGTH] = {"ipcp.opt.length", "Length", FT_UINT8, SHOW_DEC, 1},
	ITEM(OPT_ADDRESSES_ITEM, "addrs", "Addresses (old style)"),
	ADDRESS(OPT_SOURCE, "src_address", "Mine"),
	ADDRESS(OPT_DEST, "dst_address", "Yours"),
	ITEM(OPT_COMPRESS_ITEM, "compress", "Compress headers"),
	[OPT_COMPRESS] = {"ipcp.opt.compress_proto", "Way", FT_UINT16, SHOW_HEX, 2, .values = ways,
			  .see = "RFC 1332 section 3.2"},
	NUMBER(OPT_MAX_SLOT, "max_slot_id", "Last slot", 1),
	[OPT_COMP_SLOT] = {"ipcp.opt.comp_slot_id", "Slot may be left out", FT_BOOLEAN, .size = 1,
			   .mask = 1},
	NUMBER(OPT_TCP_SPACE, "tcp_space", "TCP connections", 2),
	NUMBER(OPT_NON_TCP_SPACE, "non_tcp_space", "Other connections", 2),
	NUMBER(OPT_MAX_PERIOD, "f_max_period", "Packets between full headers", 2),
	NUMBER(OPT_MAX_TIME, "f_max_time", "Seconds between full headers", 2),
	NUMBER(OPT_MAX_HEADER, "max_header", "Largest header", 2),
	NUMBER(OPT_MAX_CID, "max_cid", "Last context", 2),
	NUMBER(OPT_MRRU, "mrru", "Largest packet put together", 2),
	ITEM(OPT_ADDRESS_ITEM, "addr", "IP address"),
	[OPT_ADDRESS] = {"ipcp.opt.ip_address", "IP address", FT_IPv4, .size = 4,
			 .secrecy = IDENTITY,
			 .blurb = "In a proposal the sender's own address; 0.0.0.0 asks the other "
				  "side to give one, which it does in its Nak.",
			 .see = "RFC 1332 section 3.3"},
	ITEM(OPT_MOBILE_ITEM, "mobileipv4", "Home address"),
	ADDRESS(OPT_MOBILE, "mobilenodehomeaddress", "Home address"),
	ITEM(OPT_DNS1_ITEM, "pri_dns", "First DNS server"),
	ADDRESS(OPT_DNS1, "pri_dns_address", "First DNS server"),
	ITEM(OPT_NBNS1_ITEM, "pri_nbns", "First NBNS server"),
	ADDRESS(OPT_NBNS1, "pri_nbns_address", "First NBNS server"),
	ITEM(OPT_DNS2_ITEM, "sec_dns", "Second DNS server"),
	ADDRESS(OPT_DNS2, "sec_dns_address", "Second DNS server"),
	ITEM(OPT_NBNS2_ITEM, "sec_nbns", "Second NBNS server"),
	ADDRESS(OPT_NBNS2, "sec_nbns_address", "Second NBNS server"),
	NUMBER(SUB_TYPE, "iphc.type", "Type", 1),
	NUMBER(SUB_LENGTH, "iphc.length", "Length", 1),
	NUMBER(SUB_PARAMETER, "iphc.param", "Parameter", 1),
	ITEM(SUB_RTP, "iphc.rtp_compress", "RTP compression"),
	ITEM(SUB_RTP_MORE, "iphc.enhanced_rtp_compress", "Enhanced RTP compression"),
	ITEM(SUB_NEGOTIATE, "iphc.neghdrcomp", "Negotiating header compression"),
	NUMBER(ROHC_TYPE, "rohc.type", "Type", 1),
	NUMBER(ROHC_LENGTH, "rohc.length", "Length", 1),
	ITEM(ROHC_ITEM, "rohc.profile_bytes", "Profiles"),
	[ROHC_PROFILE] = {"ipcp.opt.rohc.profile", "Profile", FT_UINT16, SHOW_HEX, 2},
};

static const struct ppp_option iphc_options[] = {
	{1, ID(SUB_RTP), 0, 0, 0, NULL},
	{2, ID(SUB_RTP_MORE), 0, 0, 0, NULL},
	{3, ID(SUB_NEGOTIATE), ID(SUB_PARAMETER), ID(SUB_PARAMETER), 0, NULL},
	{0, 0, 0, 0, 0, NULL}};

/* RFC 3241 section 2.2: a list of profiles. */
static void profiles(struct decoder *d, struct record *r, struct cursor *c)
{
	while (cursor_left(c) > 1 && decode_step(d))
		walk(r, c, ID(ROHC_PROFILE), ID(ROHC_PROFILE));
}

static const struct ppp_option rohc_options[] = {{1, ID(ROHC_ITEM), 0, 0, 0, profiles},
						 {0, 0, 0, 0, 0, NULL}};

/* RFC 1332 section 4, RFC 2509 section 2.1, RFC 3241 section 2.1 */
static void compression(struct decoder *d, struct record *r, struct cursor *c)
{
	static const struct ppp_control iphc = {PROTO_ipcp, iphc_options, ID(SUB_TYPE),
						ID(SUB_LENGTH)};
	static const struct ppp_control rohc = {PROTO_ipcp, rohc_options, ID(ROHC_TYPE),
						ID(ROHC_LENGTH)};

	switch (walk(r, c, ID(OPT_COMPRESS), ID(OPT_COMPRESS))) {
	case 0x0003:
		walk(r, c, ID(OPT_MAX_CID), ID(OPT_MRRU));
		walk(r, c, ID(OPT_MAX_HEADER), ID(OPT_MAX_HEADER));
		ppp_options(d, r, c, &rohc);
		break;
	case 0x002d:
	case 0x0037: walk(r, c, ID(OPT_MAX_SLOT), ID(OPT_COMP_SLOT)); break;
	case 0x0061:
		walk(r, c, ID(OPT_TCP_SPACE), ID(OPT_MAX_HEADER));
		ppp_options(d, r, c, &iphc);
		break;
	default:
		if (cursor_left(c))
			field_add_bytes(r, ID(IPCP_DATA), c->pos, cursor_left(c));
		break;
	}
}

#define ONE(row) ID(row), ID(row), 0, NULL

static const struct ppp_option options[] = {
	{1, ID(OPT_ADDRESSES_ITEM), ID(OPT_SOURCE), ID(OPT_DEST), 0, NULL},
	{2, ID(OPT_COMPRESS_ITEM), 0, 0, 0, compression},
	{3, ID(OPT_ADDRESS_ITEM), ONE(OPT_ADDRESS)},
	{4, ID(OPT_MOBILE_ITEM), ONE(OPT_MOBILE)},
	{129, ID(OPT_DNS1_ITEM), ONE(OPT_DNS1)},
	{130, ID(OPT_NBNS1_ITEM), ONE(OPT_NBNS1)},
	{131, ID(OPT_DNS2_ITEM), ONE(OPT_DNS2)},
	{132, ID(OPT_NBNS2_ITEM), ONE(OPT_NBNS2)},
	{0, 0, 0, 0, 0, NULL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	static const struct ppp_control self = {.proto = PROTO_ipcp,
						.options = options,
						.type = ID(OPT_TYPE),
						.length = ID(OPT_LENGTH)};

	ppp_control(d, r, c, &self);
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	static const uint16_t quiet[] = {ID(OPT_TYPE), ID(OPT_LENGTH), ID(SUB_TYPE), ID(SUB_LENGTH),
					 FIELD_NONE};

	option_lines(l, r, layer, quiet);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0x8021}, {ON_ETHERTYPE, 0x8021}, {ON_NOTHING, 0}};

const struct proto_def proto_ipcp = {
	.name = "ipcp",
	.label = "PPP IP Control Protocol",
	.prefix = "IPCP",
	.header = "IP ADDRESSES OF THE LINE (IPCP)",
	.fields = rows,
	.nfields = IPCP_ROWS,
	.on = on,
	.decode = decode,
	.lines = lines,
	.blurb = "Gives the ends of a PPP line their IP addresses.",
	.see = "RFC 1332, RFC 1877",
};
