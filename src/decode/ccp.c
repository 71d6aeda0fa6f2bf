/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CCP agrees on compression of a PPP line, and on Microsoft's encryption of it. RFC 1962; the ways
 * of compressing RFC 1974, RFC 1977, RFC 1979, RFC 2118, RFC 3078. Hangs at PPP protocol 0x80FD.
 */
#include "option_lines.h"
#include "ppp_control.h"

enum {
	CCP_PROTO,
	OPT_TYPE,
	OPT_LENGTH,
	OPT_DATA,
	OPT_OUI_ITEM,
	OPT_OUI,
	OPT_SUBTYPE,
	OPT_PREDICTOR1,
	OPT_PREDICTOR2,
	OPT_PUDDLE,
	OPT_HP,
	OPT_STAC_ITEM,
	OPT_HISTORY_COUNT,
	OPT_CM,
	OPT_CM_RESERVED,
	OPT_CM_CHECK,
	OPT_MPPE_ITEM,
	OPT_BITS,
	OPT_BITS_H,
	OPT_BITS_M,
	OPT_BITS_S,
	OPT_BITS_L,
	OPT_BITS_D,
	OPT_BITS_C,
	OPT_GANDALF_ITEM,
	OPT_HISTORY,
	OPT_VERSION,
	OPT_V42BIS,
	OPT_BSD_ITEM,
	OPT_VD,
	OPT_VD_VERSION,
	OPT_VD_DICTIONARY,
	OPT_LZS_ITEM,
	OPT_CHECK_MODE,
	OPT_PROCESS_MODE,
	OPT_DCE_ITEM,
	OPT_MODE,
	OPT_DEFLATE_ITEM,
	OPT_WINDOW,
	OPT_METHOD,
	OPT_MBZ,
	OPT_CHECK,
	OPT_V44_ITEM,
	OPT_DICTIONARIES,
	OPT_DICTIONARY_SIZE,
	OPT_HISTORY_LENGTH,
	CCP_ROWS
};
#define ID(row)               FIELD_ID(PROTO_ccp, row)
#define ITEM(row, word, text) [row] = {"ccp.opt." word, text, FT_BYTES}
#define BYTE(row, word, text) [row] = {"ccp.opt." word, text, FT_UINT8, .size = 1}
#define WORD(row, word, text) [row] = {"ccp.opt." word, text, FT_UINT16, .size = 2}
#define PART(row, word, text, bits)                                                                \
	[row] = {"ccp.opt." word, text, FT_UINT8, .size = 1, .flags = ROW_SUB, .mask = bits}
#define BIT(row, word, text, bits)                                                                 \
	[row] = {"ccp.opt.supported_bits." word,                                                   \
		 text,                                                                             \
		 FT_BOOLEAN,                                                                       \
		 .size = 4,                                                                        \
		 .flags = ROW_SUB,                                                                 \
		 .mask = bits,                                                                     \
		 .see = "RFC 3078 section 2"}

static const struct value_name types[] = {{0, "OUI"},
					  {1, "Predictor type 1"},
					  {2, "Predictor type 2"},
					  {3, "Puddle Jumper"},
					  {16, "Hewlett-Packard PPC"},
					  {17, "Stac Electronics LZS"},
					  {18, "Microsoft PPE/PPC"},
					  {19, "Gandalf FZA"},
					  {20, "V.42bis compression"},
					  {21, "BSD LZW Compress"},
					  {23, "LZS-DCP"},
					  {25, "Compression in the modem"},
					  {26, "Deflate"},
					  {27, "V.44/LZJH compression"},
					  {0, NULL}};

static const struct field_def rows[CCP_ROWS] = {
	[CCP_PROTO] = {"ccp", "PPP Compression Control Protocol", FT_PROTOCOL},
	[OPT_TYPE] = {"ccp.opt.type", "Type", FT_UINT8, SHOW_DEC, 1, .values = types},
	[OPT_LENGTH] = {"ccp.opt.length", "Length", FT_UINT8, SHOW_DEC, 1},
	[OPT_DATA] = {"ccp.opt.data", "Data", FT_BYTES},
	[OPT_OUI_ITEM] = {"ccp.opt_oui", "Of a maker", FT_BYTES},
	[OPT_OUI] = {"ccp.opt.oui", "Maker", FT_UINT24, SHOW_DEC, 3},
	BYTE(OPT_SUBTYPE, "subtype", "Kind"),
	ITEM(OPT_PREDICTOR1, "predict1", "Predictor 1"),
	ITEM(OPT_PREDICTOR2, "predict2", "Predictor 2"),
	ITEM(OPT_PUDDLE, "puddle", "Puddle Jumper"),
	ITEM(OPT_HP, "hpppc", "Hewlett-Packard PPC"),
	ITEM(OPT_STAC_ITEM, "stac", "Stac LZS"),
	WORD(OPT_HISTORY_COUNT, "history_count", "Histories"),
	BYTE(OPT_CM, "cm", "Check"),
	PART(OPT_CM_RESERVED, "cm.reserved", "Reserved", 0xf8),
	PART(OPT_CM_CHECK, "cm.check_mode", "Way of checking", 0x07),
	ITEM(OPT_MPPE_ITEM, "mppe", "Microsoft compression and encryption"),
	[OPT_BITS] = {"ccp.opt.supported_bits", "Can do", FT_UINT32, SHOW_HEX, 4},
	BIT(OPT_BITS_H, "h", "Without state", 0x01000000),
	BIT(OPT_BITS_M, "m", "Encryption, 56 bits", 0x80),
	BIT(OPT_BITS_S, "s", "Encryption, 128 bits", 0x40),
	BIT(OPT_BITS_L, "l", "Encryption, 40 bits", 0x20),
	BIT(OPT_BITS_D, "d", "Obsolete", 0x10),
	BIT(OPT_BITS_C, "c", "Compression", 0x01),
	ITEM(OPT_GANDALF_ITEM, "gfza", "Gandalf FZA"),
	BYTE(OPT_HISTORY, "history", "History"),
	[OPT_VERSION] = {"ccp.opt.version", "Version", FT_BYTES},
	ITEM(OPT_V42BIS, "v42bis", "V.42bis"),
	ITEM(OPT_BSD_ITEM, "bsdcomp", "BSD Compress"),
	[OPT_VD] = {"ccp.opt.vd", "Version and size", FT_UINT8, SHOW_HEX, 1},
	PART(OPT_VD_VERSION, "vd.vers", "Version", 0xe0),
	PART(OPT_VD_DICTIONARY, "vd.dict", "Bits of a code", 0x1f),
	ITEM(OPT_LZS_ITEM, "lzsdcp", "LZS-DCP"),
	BYTE(OPT_CHECK_MODE, "check_mode", "Check"),
	BYTE(OPT_PROCESS_MODE, "process_mode", "Process"),
	ITEM(OPT_DCE_ITEM, "dce", "Compression in the modem"),
	BYTE(OPT_MODE, "mode", "Mode"),
	ITEM(OPT_DEFLATE_ITEM, "deflate", "Deflate"),
	[OPT_WINDOW] = {"ccp.opt.window", "Window", FT_UINT8, .mask = 0xf0},
	[OPT_METHOD] = {"ccp.opt.method", "Method", FT_UINT8, .mask = 0x0f},
	[OPT_MBZ] = {"ccp.opt.mbz", "Zero", FT_UINT8, .mask = 0xfc},
	[OPT_CHECK] = {"ccp.opt.chk", "Check", FT_UINT8, .mask = 0x03},
	ITEM(OPT_V44_ITEM, "v44lzjh", "V.44"),
	WORD(OPT_DICTIONARIES, "mode_dictcount", "Dictionaries"),
	WORD(OPT_DICTIONARY_SIZE, "dict_size", "Size of a dictionary"),
	WORD(OPT_HISTORY_LENGTH, "history_length", "History"),
};

/* RFC 1974 section 2.3; the length without the check byte is that of another maker's old form. */
static void stac(struct decoder *d, struct record *r, struct cursor *c)
{
	(void)d;
	walk(r, c, ID(OPT_HISTORY_COUNT), ID(OPT_HISTORY_COUNT));
	if (cursor_left(c))
		walk(r, c, ID(OPT_CM), ID(OPT_CM_CHECK));
}

/* RFC 1979 section 2.1: two bytes of two values each. */
static void deflate(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	uint16_t v = cursor_be16(c);

	(void)d;
	if (!cursor_ok(c))
		return;
	field_add_uint(r, ID(OPT_WINDOW), at, 1, v >> 12);
	field_add_uint(r, ID(OPT_METHOD), at, 1, v >> 8 & 15);
	field_add_uint(r, ID(OPT_MBZ), at + 1, 1, v >> 2 & 63);
	field_add_uint(r, ID(OPT_CHECK), at + 1, 1, v & 3);
}

/* RFC 1967 section 3 */
static void lzs_dcp(struct decoder *d, struct record *r, struct cursor *c)
{
	(void)d;
	walk(r, c, ID(OPT_HISTORY_COUNT), ID(OPT_HISTORY_COUNT));
	walk(r, c, ID(OPT_CHECK_MODE), ID(OPT_PROCESS_MODE));
}

#define ONE(row)   ID(row), ID(row)
#define ROWS(a, b) ID(a), ID(b)
#define DATA       ID(OPT_DATA)

static const struct ppp_option options[] = {
	{0, ID(OPT_OUI_ITEM), ROWS(OPT_OUI, OPT_SUBTYPE), DATA, NULL},
	{1, ID(OPT_PREDICTOR1), 0, 0, 0, NULL},
	{2, ID(OPT_PREDICTOR2), 0, 0, 0, NULL},
	{3, ID(OPT_PUDDLE), 0, 0, DATA, NULL},
	{16, ID(OPT_HP), 0, 0, DATA, NULL},
	{17, ID(OPT_STAC_ITEM), 0, 0, 0, stac},
	{18, ID(OPT_MPPE_ITEM), ROWS(OPT_BITS, OPT_BITS_C), 0, NULL},
	{19, ID(OPT_GANDALF_ITEM), ONE(OPT_HISTORY), ID(OPT_VERSION), NULL},
	{20, ID(OPT_V42BIS), 0, 0, DATA, NULL},
	{21, ID(OPT_BSD_ITEM), ROWS(OPT_VD, OPT_VD_DICTIONARY), 0, NULL},
	{23, ID(OPT_LZS_ITEM), 0, 0, 0, lzs_dcp},
	{25, ID(OPT_DCE_ITEM), ONE(OPT_MODE), 0, NULL},
	{26, ID(OPT_DEFLATE_ITEM), 0, 0, 0, deflate},
	{27, ID(OPT_V44_ITEM), ROWS(OPT_DICTIONARIES, OPT_HISTORY_LENGTH), 0, NULL},
	{0, 0, 0, 0, 0, NULL}};

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	static const struct ppp_control self = {.proto = PROTO_ccp,
						.options = options,
						.type = ID(OPT_TYPE),
						.length = ID(OPT_LENGTH)};

	ppp_control(d, r, c, &self);
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	static const uint16_t quiet[] = {ID(OPT_TYPE), ID(OPT_LENGTH), FIELD_NONE};

	option_lines(l, r, layer, quiet);
}

static const struct hang on[] = {{ON_PPP_PROTO, 0x80fd}, {ON_ETHERTYPE, 0x80fd}, {ON_NOTHING, 0}};

const struct proto_def proto_ccp = {
	.name = "ccp",
	.label = "PPP Compression Control Protocol",
	.prefix = "CCP",
	.header = "COMPRESSION CONTROL (CCP)",
	.fields = rows,
	.nfields = CCP_ROWS,
	.on = on,
	.decode = decode,
	.lines = lines,
	.blurb = "Agrees on compression of a PPP line.",
	.see = "RFC 1962",
};
