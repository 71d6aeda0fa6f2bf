/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LCP agrees, when a line comes up, on how its two ends talk: how long packets may be, how one logs
 * in. Later it asks whether the other end is still there. RFC 1661 sections 5 and 6, RFC 1570,
 * RFC 1662 section 7.1, RFC 1990 section 5.1. Hangs at PPP protocol 0xC021; Windows shows its own
 * frames with that number as Ethernet type.
 */
#include "lcp.h"

#include "link.h"
#include "option_lines.h"
#include "ppp.h"
#include "ppp_control.h"

#define AUTH_CHAP   0xc223
#define QUALITY_LQR 0xc025
#define BIT(n)      (1u << (n))
#define MAP(n, word)                                                                               \
	[LCP_OPT_MAP_FIRST +                                                                       \
		(n)] = {"lcp.opt.asyncmap." word, "Escape byte " #n, FT_BOOLEAN, .size = 4,        \
			.flags = ROW_SUB,         .mask = BIT(n)}
#define ITEM(row, word, text) [LCP_OPT_##row] = {"lcp.opt." word, text, FT_BYTES}

static const struct value_name types[] = {{0, "Vendor Specific"},
					  {1, "Maximum Receive Unit"},
					  {2, "Async Control Character Map"},
					  {3, "Authentication Protocol"},
					  {4, "Quality Protocol"},
					  {5, "Magic Number"},
					  {6, "Link Quality Monitoring"},
					  {7, "Protocol Field Compression"},
					  {8, "Address and Control Field Compression"},
					  {9, "FCS Alternatives"},
					  {10, "Self Describing Pad"},
					  {11, "Numbered Mode"},
					  {13, "Callback"},
					  {15, "Compound Frames"},
					  {16, "Nominal Data Encapsulation"},
					  {17, "Multilink MRRU"},
					  {18, "Multilink Short Sequence Number Header"},
					  {19, "Multilink Endpoint Discriminator"},
					  {21, "DCE Identifier"},
					  {22, "Multi Link Plus Procedure"},
					  {23, "Link Discriminator for BACP"},
					  {27, "Multilink header format"},
					  {28, "Internationalization"},
					  {29, "Simple Data Link on SONET/SDH"},
					  {0, NULL}};
static const struct value_name algorithms[] = {
	{5, "CHAP with MD5"}, {6, "SHA-1"}, {128, "MS-CHAP"}, {129, "MS-CHAP-2"}, {0, NULL}};
static const struct value_name operations[] = {
	{0, "Location is determined by user authentication"},
	{1, "Message is dialing string"},
	{2, "Message is location identifier"},
	{3, "Message is E.164"},
	{4, "Message is distinguished name"},
	{6, "Location is determined during CBCP negotiation"},
	{0, NULL}};
static const struct value_name classes[] = {{0, "Null"},
					    {1, "Locally assigned address"},
					    {2, "IP address"},
					    {3, "Hardware address"},
					    {4, "Magic numbers"},
					    {5, "Telephone number"},
					    {0, NULL}};

static const struct field_def rows[LCP_ROWS] = {
	[LCP_PROTO] = {"lcp", "PPP Link Control Protocol", FT_PROTOCOL},
	[LCP_MAGIC] = {"lcp.magic_number", "Magic number", FT_UINT32, SHOW_HEX, 4,
		       .blurb = "A random number of the sender. Who gets his own number back talks "
				"to himself: the line is looped.",
		       .see = "RFC 1661 section 6.4"},
	[LCP_DATA] = {"lcp.data", "Data", FT_BYTES},
	[LCP_MESSAGE] = {"lcp.message", "Message", FT_STRING, .secrecy = IDENTITY},
	[LCP_SECONDS] = {"lcp.secs_remaining", "Seconds left", FT_UINT32, SHOW_DEC, 4},
	[LCP_REJECTED] = {"lcp.rej_proto", "Rejected protocol", FT_UINT16, SHOW_HEX, 2,
			  .values = ppp_protocols,
			  .blurb = "The protocol that the sender does not speak.",
			  .see = "RFC 1661 section 5.7"},
	[LCP_OPT_TYPE] = {"lcp.opt.type", "Type", FT_UINT8, SHOW_DEC, 1, .values = types},
	[LCP_OPT_LENGTH] = {"lcp.opt.length", "Length", FT_UINT8, SHOW_DEC, 1},
	[LCP_OPT_DATA] = {"lcp.opt.data", "Data", FT_BYTES},
	ITEM(MRU_ITEM, "mtu_bytes", "Largest packet I take"),
	[LCP_OPT_MRU] = {"lcp.opt.mru", "Largest packet I take", FT_UINT16, SHOW_DEC, 2,
			 .blurb = "The most bytes that the sender of this takes in one packet "
				  "(MRU): 1492 on most DSL lines.",
			 .see = "RFC 1661 section 6.1"},
	ITEM(MAP_ITEM, "asyncmap_bytes", "Bytes that must be escaped"),
	[LCP_OPT_MAP] = {"lcp.opt.asyncmap", "Map", FT_UINT32, SHOW_HEX, 4,
			 .blurb = "Control characters that a modem on the way would eat.",
			 .see = "RFC 1662 section 7.1"},
	MAP(0, "nul"),
	MAP(1, "soh"),
	MAP(2, "stx"),
	MAP(3, "etx"),
	MAP(4, "eot"),
	MAP(5, "enq"),
	MAP(6, "ack"),
	MAP(7, "bel"),
	MAP(8, "bs"),
	MAP(9, "ht"),
	MAP(10, "lf"),
	MAP(11, "vt"),
	MAP(12, "ff"),
	MAP(13, "cr"),
	MAP(14, "so"),
	MAP(15, "si"),
	MAP(16, "dle"),
	MAP(17, "dc1"),
	MAP(18, "dc2"),
	MAP(19, "dc3"),
	MAP(20, "dc4"),
	MAP(21, "nak"),
	MAP(22, "syn"),
	MAP(23, "etb"),
	MAP(24, "can"),
	MAP(25, "em"),
	MAP(26, "sub"),
	MAP(27, "esc"),
	MAP(28, "fs"),
	MAP(29, "gs"),
	MAP(30, "rs"),
	MAP(31, "us"),
	ITEM(AUTH_ITEM, "auth_protocol_bytes", "Log in with"),
	[LCP_OPT_AUTH] = {"lcp.opt.auth_protocol", "Log in with", FT_UINT16, SHOW_HEX, 2,
			  .values = ppp_protocols,
			  .blurb = "How the other side shall prove who it is.",
			  .see = "RFC 1661 section 6.2"},
	[LCP_OPT_ALGORITHM] = {"lcp.opt.algorithm", "Algorithm", FT_UINT8, SHOW_DEC, 1,
			       .values = algorithms},
	ITEM(QUALITY_ITEM, "quality_protocol_bytes", "Watch the line with"),
	[LCP_OPT_QUALITY] = {"lcp.opt.quality_protocol", "Watch the line with", FT_UINT16, SHOW_HEX,
			     2, .values = ppp_protocols},
	[LCP_OPT_PERIOD] = {"lcp.opt.reporting_period", "Report every (1/100 s)", FT_UINT32,
			    SHOW_DEC, 4},
	ITEM(MAGIC_ITEM, "magic_number_bytes", "Magic number"),
	[LCP_OPT_MAGIC] = {"lcp.opt.magic_number", "Magic number", FT_UINT32, SHOW_HEX, 4,
			   .see = "RFC 1661 section 6.4"},
	ITEM(MONITOR_ITEM, "linkqualmon", "Link quality monitoring"),
	ITEM(PROTOCOL_SHORT, "field_compress", "Short protocol numbers"),
	ITEM(ADDRESS_SHORT, "addr_field_compress", "Leave out address and control"),
	ITEM(FCS_ITEM, "fcs_alternatives_bytes", "Check sequences"),
	[LCP_OPT_FCS] = {"lcp.opt.fcs_alternatives", "Check sequences", FT_UINT8, SHOW_HEX, 1},
	[LCP_OPT_FCS_NULL] = {"lcp.opt.fcs_alternatives.null", "None", FT_BOOLEAN, .size = 1,
			      .flags = ROW_SUB, .mask = 1},
	[LCP_OPT_FCS_16] = {"lcp.opt.fcs_alternatives.ccitt16", "16 bits", FT_BOOLEAN, .size = 1,
			    .flags = ROW_SUB, .mask = 2},
	[LCP_OPT_FCS_32] = {"lcp.opt.fcs_alternatives.ccitt32", "32 bits", FT_BOOLEAN, .size = 1,
			    .flags = ROW_SUB, .mask = 4},
	ITEM(PAD_ITEM, "self_desc_pad", "Padding that tells its length"),
	[LCP_OPT_PAD] = {"lcp.opt.maximum", "At most", FT_UINT8, SHOW_DEC, 1},
	ITEM(NUMBERED_ITEM, "numbered_mode", "Numbered frames"),
	[LCP_OPT_WINDOW] = {"lcp.opt.window", "Window", FT_UINT8, SHOW_DEC, 1},
	[LCP_OPT_HDLC_ADDRESS] = {"lcp.opt.hdlc_address", "Address", FT_BYTES},
	ITEM(CALLBACK_ITEM, "callback", "Call me back"),
	[LCP_OPT_OPERATION] = {"lcp.opt.operation", "Where", FT_UINT8, SHOW_DEC, 1,
			       .values = operations},
	[LCP_OPT_MESSAGE] = {"lcp.opt.message", "Number or name", FT_BYTES, .secrecy = IDENTITY},
	ITEM(COMPOUND_ITEM, "compound_frames", "Compound frames"),
	ITEM(NOMINAL_ITEM, "nomdataencap", "Nominal data encapsulation"),
	ITEM(MRRU_ITEM, "multilink_mrru", "Largest packet over several lines"),
	[LCP_OPT_MRRU] = {"lcp.opt.mrru", "Largest packet over several lines", FT_UINT16, SHOW_DEC,
			  2, .see = "RFC 1990 section 5.1.1"},
	ITEM(SHORT_SEQUENCE, "multilink_ssnh", "Short numbers for pieces"),
	ITEM(ENDPOINT_ITEM, "multilink_ep_disc", "Which computer I am"),
	[LCP_OPT_ENDPOINT_CLASS] = {"lcp.opt.ep_disc_class", "Kind", FT_UINT8, SHOW_DEC, 1,
				    .values = classes, .see = "RFC 1990 section 5.1.3"},
	[LCP_OPT_ENDPOINT_IP] = {"lcp.opt.ip_address", "IP address", FT_IPv4, .size = 4,
				 .secrecy = IDENTITY},
	[LCP_OPT_ENDPOINT_MAC] = {"lcp.opt.802_1_address", "Hardware address", FT_ETHER, .size = 6,
				  .secrecy = IDENTITY},
	[LCP_OPT_ENDPOINT_MAGIC] = {"lcp.opt.magic_block", "Magic numbers", FT_BYTES},
	[LCP_OPT_ENDPOINT_NUMBER] = {"lcp.opt.psndn", "Telephone number", FT_BYTES,
				     .secrecy = IDENTITY},
	ITEM(DCE_ITEM, "dce_identifier", "Modem in between"),
	[LCP_OPT_MODE] = {"lcp.opt.mode", "Mode", FT_UINT8, SHOW_DEC, 1},
	ITEM(PLUS_ITEM, "multilink_pp", "Multi Link Plus"),
	[LCP_OPT_UNUSED] = {"lcp.opt.unused", "Unused", FT_BYTES},
	ITEM(DISCRIMINATOR_ITEM, "link_discrim_bytes", "Number of this line"),
	[LCP_OPT_DISCRIMINATOR] = {"lcp.opt.link_discrim", "Number of this line", FT_UINT16,
				   SHOW_DEC, 2},
	ITEM(VENDOR_ITEM, "vendor", "Of a maker"),
	[LCP_OPT_OUI] = {"lcp.opt.oui", "Maker", FT_UINT24, SHOW_DEC, 3},
	[LCP_OPT_KIND] = {"lcp.opt.kind", "Kind", FT_UINT8, SHOW_DEC, 1},
	ITEM(FORMAT_ITEM, "multilink_hdr_fmt", "Format of pieces"),
	[LCP_OPT_CODE] = {"lcp.opt.code", "Code", FT_UINT8, SHOW_DEC, 1},
	[LCP_OPT_CLASSES] = {"lcp.opt.max_susp_classes", "Classes", FT_UINT8, SHOW_DEC, 1},
	ITEM(LANGUAGE_ITEM, "internationalization", "Language of messages"),
	[LCP_OPT_CHARSET] = {"lcp.opt.MIBenum", "Character set", FT_UINT32, SHOW_DEC, 4},
	[LCP_OPT_LANGUAGE] = {"lcp.opt.language_tag", "Language", FT_STRING},
	ITEM(SONET_ITEM, "sonet_sdh", "Simple Data Link on SONET/SDH"),
};

static void rest(struct record *r, struct cursor *c, uint16_t id)
{
	if (cursor_left(c))
		field_add_bytes(r, id, c->pos, cursor_left(c));
	cursor_skip(c, cursor_left(c));
}

/* RFC 1661 section 6.2; with CHAP an algorithm follows (RFC 1994 section 3). */
static void authentication(struct decoder *d, struct record *r, struct cursor *c)
{
	uint64_t protocol = walk(r, c, LCP_ID(OPT_AUTH), LCP_ID(OPT_AUTH));

	(void)d;
	if (protocol == AUTH_CHAP)
		walk(r, c, LCP_ID(OPT_ALGORITHM), LCP_ID(OPT_ALGORITHM));
	rest(r, c, LCP_ID(OPT_DATA));
}

/* RFC 1661 section 6.3; RFC 1989 section 2.1 */
static void quality(struct decoder *d, struct record *r, struct cursor *c)
{
	(void)d;
	if (walk(r, c, LCP_ID(OPT_QUALITY), LCP_ID(OPT_QUALITY)) == QUALITY_LQR)
		walk(r, c, LCP_ID(OPT_PERIOD), LCP_ID(OPT_PERIOD));
	rest(r, c, LCP_ID(OPT_DATA));
}

static void magic_block(struct decoder *d, struct record *r, struct cursor *c)
{
	field_add_bytes(r, LCP_ID(OPT_ENDPOINT_MAGIC), c->pos, cursor_left(c));
	r->cur_depth++;
	while (cursor_left(c) > 3 && decode_step(d))
		walk(r, c, LCP_ID(OPT_MAGIC), LCP_ID(OPT_MAGIC));
	r->cur_depth--;
}

/* RFC 1990 section 5.1.3 */
static void endpoint(struct decoder *d, struct record *r, struct cursor *c)
{
	uint64_t class = walk(r, c, LCP_ID(OPT_ENDPOINT_CLASS), LCP_ID(OPT_ENDPOINT_CLASS));
	uint32_t left = cursor_left(c);

	if (class == 2 && left == 4)
		walk(r, c, LCP_ID(OPT_ENDPOINT_IP), LCP_ID(OPT_ENDPOINT_IP));
	else if (class == 3 && left == 6)
		walk(r, c, LCP_ID(OPT_ENDPOINT_MAC), LCP_ID(OPT_ENDPOINT_MAC));
	else if (class == 4)
		magic_block(d, r, c);
	else if (class == 5)
		rest(r, c, LCP_ID(OPT_ENDPOINT_NUMBER));
	rest(r, c, LCP_ID(OPT_DATA));
}

#define ROWS(a, b) LCP_ID(OPT_##a), LCP_ID(OPT_##b)
#define ONE(a)     ROWS(a, a)
#define DATA       LCP_ID(OPT_DATA)

static const struct ppp_option options[] = {
	{0, LCP_ID(OPT_VENDOR_ITEM), ROWS(OUI, KIND), DATA, NULL},
	{1, LCP_ID(OPT_MRU_ITEM), ONE(MRU), 0, NULL},
	{2, LCP_ID(OPT_MAP_ITEM), ROWS(MAP, MAP_LAST), 0, NULL},
	{3, LCP_ID(OPT_AUTH_ITEM), 0, 0, 0, authentication},
	{4, LCP_ID(OPT_QUALITY_ITEM), 0, 0, 0, quality},
	{5, LCP_ID(OPT_MAGIC_ITEM), ONE(MAGIC), 0, NULL},
	{6, LCP_ID(OPT_MONITOR_ITEM), 0, 0, DATA, NULL},
	{7, LCP_ID(OPT_PROTOCOL_SHORT), 0, 0, 0, NULL},
	{8, LCP_ID(OPT_ADDRESS_SHORT), 0, 0, 0, NULL},
	{9, LCP_ID(OPT_FCS_ITEM), ROWS(FCS, FCS_32), 0, NULL},
	{10, LCP_ID(OPT_PAD_ITEM), ONE(PAD), 0, NULL},
	{11, LCP_ID(OPT_NUMBERED_ITEM), ONE(WINDOW), LCP_ID(OPT_HDLC_ADDRESS), NULL},
	{13, LCP_ID(OPT_CALLBACK_ITEM), ONE(OPERATION), LCP_ID(OPT_MESSAGE), NULL},
	{15, LCP_ID(OPT_COMPOUND_ITEM), 0, 0, 0, NULL},
	{16, LCP_ID(OPT_NOMINAL_ITEM), 0, 0, 0, NULL},
	{17, LCP_ID(OPT_MRRU_ITEM), ONE(MRRU), 0, NULL},
	{18, LCP_ID(OPT_SHORT_SEQUENCE), 0, 0, 0, NULL},
	{19, LCP_ID(OPT_ENDPOINT_ITEM), 0, 0, 0, endpoint},
	{21, LCP_ID(OPT_DCE_ITEM), ONE(MODE), 0, NULL},
	{22, LCP_ID(OPT_PLUS_ITEM), 0, 0, LCP_ID(OPT_UNUSED), NULL},
	{23, LCP_ID(OPT_DISCRIMINATOR_ITEM), ONE(DISCRIMINATOR), 0, NULL},
	{27, LCP_ID(OPT_FORMAT_ITEM), ROWS(CODE, CLASSES), 0, NULL},
	{28, LCP_ID(OPT_LANGUAGE_ITEM), ONE(CHARSET), LCP_ID(OPT_LANGUAGE), NULL},
	{29, LCP_ID(OPT_SONET_ITEM), 0, 0, 0, NULL},
	{0, 0, 0, 0, 0, NULL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	static const struct ppp_control self = {.proto = PROTO_lcp,
						.options = options,
						.type = LCP_ID(OPT_TYPE),
						.length = LCP_ID(OPT_LENGTH)};

	ppp_control(d, r, c, &self);
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	static const uint16_t quiet[] = {LCP_ID(OPT_TYPE), LCP_ID(OPT_LENGTH), FIELD_NONE};

	option_lines(l, r, layer, quiet);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0xc021}, {ON_ETHERTYPE, 0xc021}, {ON_NOTHING, 0}};

const struct proto_def proto_lcp = {
	.name = "lcp",
	.label = "PPP Link Control Protocol",
	.prefix = "LCP",
	.header = "LINK CONTROL (LCP)",
	.fields = rows,
	.nfields = LCP_ROWS,
	.on = on,
	.decode = decode,
	.lines = lines,
	.blurb = "Agrees, when a line comes up, on how its two ends talk.",
	.see = "RFC 1661",
};
