/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NTP asks a time server what time it is. RFC 5905; version 3 RFC 1305; SNTP RFC 4330.
 * Hangs at UDP port 123.
 */
#include "tracetutor/decode.h"

enum {
	NTP,
	NTP_FLAGS,
	NTP_LEAP,
	NTP_VERSION,
	NTP_MODE,
	NTP_STRATUM,
	NTP_POLL,
	NTP_PRECISION,
	NTP_ROOT_DELAY,
	NTP_ROOT_DISPERSION,
	NTP_REFERENCE_ID,
	NTP_REFERENCE_TIME, /* the four times in the order of the packet: see decode_times() */
	NTP_ORIGIN_TIME,
	NTP_RECEIVE_TIME,
	NTP_TRANSMIT_TIME,
	NTP_EXTENSION,
	NTP_EXTENSION_TYPE,
	NTP_EXTENSION_LENGTH,
	NTP_EXTENSION_VALUE,
	NTP_KEY_ID,
	NTP_MAC,
	NTP_CTRL_FLAGS,
	NTP_CTRL_RESPONSE,
	NTP_CTRL_ERROR,
	NTP_CTRL_MORE,
	NTP_CTRL_OPCODE,
	NTP_CTRL_SEQUENCE,
	NTP_CTRL_STATUS,
	NTP_CTRL_ASSOCIATION,
	NTP_CTRL_OFFSET,
	NTP_CTRL_COUNT,
	TT_OFFSET,
	TT_ERROR,
	NTP_ROWS
};
#define ID(row) FIELD_ID(PROTO_ntp, row)

#define NS_PER_S       1000000000
#define UNIX_IN_NTP    2208988800u /* 1970 in seconds since 1900 (RFC 5905 figure 4) */
#define ERA            0x100000000 /* seconds: 1900 to 2036 */
#define FIRST_YEARS    0x80000000u /* a time below is in the era that begins in 2036 (RFC 4330) */
#define EXTENSION_MIN  16          /* RFC 7822 section 7.5 */
#define STRATUM_LAST   15
#define LEAP_UNKNOWN   3
#define MAC_SIZE_SHORT 20 /* key id and MD5 */
#define MAC_SIZE_LONG  24 /* key id and SHA-1 */

enum mode {
	MODE_CLIENT = 3,
	MODE_SERVER = 4,
	MODE_BROADCAST = 5,
	MODE_CONTROL = 6,
	MODE_PRIVATE = 7
};

/* RFC 9327 section 2 */
static const struct value_name control_opcodes[] = {{1, "read status"},
						    {2, "read variables"},
						    {3, "write variables"},
						    {4, "read clock"},
						    {5, "write clock"},
						    {6, "set where traps go"},
						    {7, "trap"},
						    {8, "change settings"},
						    {9, "read settings into a file"},
						    {10, "read the list of clients"},
						    {11, "read lists in order"},
						    {12, "ask for a number against replay"},
						    {31, "no traps any more"},
						    {0, NULL}};

static const struct value_name leaps[] = {{0, "no warning"},
					  {1, "a second is added tonight"},
					  {2, "a second is left out tonight"},
					  {3, "the clock is not set"},
					  {0, NULL}};
static const struct value_name modes[] = {
	{1, "symmetric, active"}, {2, "symmetric, passive"}, {3, "client"},  {4, "server"},
	{5, "broadcast"},         {6, "control message"},    {7, "private"}, {0, NULL}};
static const struct value_name strata[] = {
	{0, "not said"}, {1, "has a clock of its own"}, {16, "not set"}, {0, NULL}};

static const struct field_def rows[NTP_ROWS] = {
	[NTP] = {"ntp", "Network Time Protocol", FT_PROTOCOL},
	[NTP_FLAGS] = {"ntp.flags", "Flags", FT_UINT8, SHOW_HEX, 1},
	[NTP_LEAP] = {"ntp.flags.li", "Leap second", FT_UINT8, .flags = ROW_SUB, .mask = 0xC0,
		      .values = leaps},
	[NTP_VERSION] = {"ntp.flags.vn", "Version", FT_UINT8, .flags = ROW_SUB, .mask = 0x38},
	[NTP_MODE] = {"ntp.flags.mode", "Who speaks", FT_UINT8, .flags = ROW_SUB, .mask = 7,
		      .values = modes},
	[NTP_STRATUM] = {"ntp.stratum", "Steps from a true clock", FT_UINT8, .size = 1,
			 .values = strata, .see = "RFC 5905 section 7.3"},
	[NTP_POLL] = {"ntp.ppoll", "Asks every 2 to the power of", FT_UINT8, .size = 1},
	[NTP_PRECISION] = {"ntp.precision", "Precision (power of 2, as a byte)", FT_UINT8,
			   .size = 1},
	[NTP_ROOT_DELAY] = {"ntp.rootdelay", "Way to the true clock (1/65536 s)", FT_UINT32,
			    .size = 4},
	[NTP_ROOT_DISPERSION] = {"ntp.rootdispersion", "Largest error (1/65536 s)", FT_UINT32,
				 .size = 4},
	[NTP_REFERENCE_ID] = {"ntp.refid", "Source of the time", FT_BYTES, .size = 4,
			      .secrecy = IDENTITY},
	[NTP_REFERENCE_TIME] = {"ntp.reftime", "Clock last set", FT_ABSOLUTE_TIME, .size = 8},
	[NTP_ORIGIN_TIME] = {"ntp.org", "Client asked at", FT_ABSOLUTE_TIME, .size = 8,
			     .blurb = "The client's clock when it sent the question; the server "
				      "gives it back."},
	[NTP_RECEIVE_TIME] = {"ntp.rec", "Server was asked at", FT_ABSOLUTE_TIME, .size = 8},
	[NTP_TRANSMIT_TIME] = {"ntp.xmt", "Sent at", FT_ABSOLUTE_TIME, .size = 8,
			       .blurb = "The sender's clock when it sent this packet."},
	[NTP_EXTENSION] = {"ntp.ext", "Extension", FT_NONE, .see = "RFC 7822"},
	[NTP_EXTENSION_TYPE] = {"ntp.ext.type", "Type", FT_UINT16, SHOW_HEX, 2},
	[NTP_EXTENSION_LENGTH] = {"ntp.ext.length", "Length", FT_UINT16, .size = 2},
	[NTP_EXTENSION_VALUE] = {"ntp.ext.value", "Value", FT_BYTES},
	[NTP_KEY_ID] = {"ntp.keyid", "Key number", FT_BYTES, .size = 4},
	[NTP_MAC] = {"ntp.mac", "Authentication code", FT_BYTES},
	[NTP_CTRL_FLAGS] = {"ntp.ctrl.flags2", "What is asked", FT_UINT8, SHOW_HEX, 1,
			    .see = "RFC 9327 section 2"},
	[NTP_CTRL_RESPONSE] = {"ntp.ctrl.flags2.r", "Answer", FT_UINT8, .flags = ROW_SUB,
			       .mask = 0x80},
	[NTP_CTRL_ERROR] = {"ntp.ctrl.flags2.error", "Error", FT_UINT8, .flags = ROW_SUB,
			    .mask = 0x40},
	[NTP_CTRL_MORE] = {"ntp.ctrl.flags2.more", "More comes", FT_UINT8, .flags = ROW_SUB,
			   .mask = 0x20},
	[NTP_CTRL_OPCODE] = {"ntp.ctrl.flags2.opcode", "Question", FT_UINT8, .flags = ROW_SUB,
			     .mask = 0x1F, .values = control_opcodes},
	[NTP_CTRL_SEQUENCE] = {"ntp.ctrl.sequence", "Number of the question", FT_UINT16, .size = 2},
	[NTP_CTRL_STATUS] = {"ntp.ctrl.status", "State", FT_UINT16, .show = SHOW_HEX, .size = 2},
	[NTP_CTRL_ASSOCIATION] = {"ntp.ctrl.associd", "Other server meant", FT_UINT16, .size = 2},
	[NTP_CTRL_OFFSET] = {"ntp.ctrl.offset", "Bytes that came before", FT_UINT16, .size = 2},
	[NTP_CTRL_COUNT] = {"ntp.ctrl.count", "Bytes of text", FT_UINT16, .size = 2},
	[TT_OFFSET] = {"tt.ntp.offset", "Clock of the recording is behind by", FT_RELATIVE_TIME,
		       .blurb = "The server's time less the time of the capture. Negative: the "
				"clock of the capture is ahead."},
	[TT_ERROR] = {"tt.ntp.error", "Clock of the recording is wrong by", FT_STRING,
		      .blurb = "How far the clock of the capture is from the server's, rounded."},
};

/* Nanoseconds since 1970 of an NTP time stamp (RFC 5905 section 6). */
static int64_t unix_time(uint64_t stamp)
{
	int64_t seconds = (int64_t)(stamp >> 32);
	uint64_t fraction = stamp & 0xffffffffu;

	if (seconds < FIRST_YEARS)
		seconds += ERA;
	return (seconds - UNIX_IN_NTP) * NS_PER_S + (int64_t)(fraction * NS_PER_S >> 32);
}

/* A time stamp of zero means that there is none. */
static uint64_t time_field(struct record *r, struct cursor *c, uint16_t row)
{
	uint32_t off = c->pos;
	uint64_t stamp = cursor_be(c, 8);

	if (stamp)
		field_add_int(r, ID(row), off, 8, unix_time(stamp));
	return stamp;
}

static void authentication(struct record *r, struct cursor *c)
{
	uint32_t off = c->pos, n = cursor_left(c);

	field_add_bytes(r, ID(NTP_KEY_ID), off, 4);
	if (n > 4)
		field_add_bytes(r, ID(NTP_MAC), off + 4, n - 4);
	cursor_skip(c, n);
}

static void extension(struct record *r, struct cursor *c)
{
	uint32_t off = c->pos, n = (uint32_t)c->base[off + 2] << 8 | c->base[off + 3];

	if (n < 4 || n > cursor_left(c))
		n = cursor_left(c);
	field_add_none(r, ID(NTP_EXTENSION), off, n);
	r->cur_depth++;
	walk(r, c, ID(NTP_EXTENSION_TYPE), ID(NTP_EXTENSION_LENGTH));
	if (n > 4)
		field_add_bytes(r, ID(NTP_EXTENSION_VALUE), c->pos, n - 4);
	r->cur_depth--;
	cursor_skip(c, n - 4);
}

static void after_header(struct decoder *d, struct record *r, struct cursor *c)
{
	uint32_t left;

	while ((left = cursor_left(c)) >= EXTENSION_MIN && left != MAC_SIZE_SHORT &&
	       left != MAC_SIZE_LONG && decode_step(d))
		extension(r, c);
	if (left == 4 || left == MAC_SIZE_SHORT || left == MAC_SIZE_LONG)
		authentication(r, c);
}

/* "3 years": the largest unit that fits. */
static void error_text(struct record *r, int64_t offset)
{
	static const struct {
		uint64_t seconds;
		const char *one, *many;
	} units[] = {{31556952, " year", " years"},
		     {86400, " day", " days"},
		     {3600, " hour", " hours"},
		     {60, " minute", " minutes"},
		     {1, " second", " seconds"}};
	uint64_t seconds = (uint64_t)(offset < 0 ? -offset : offset) / NS_PER_S, n;
	struct buf text = BUF_INIT;
	unsigned i = 0;

	while (i < 4 && seconds < units[i].seconds)
		i++;
	n = seconds / units[i].seconds;
	buf_dec(&text, n);
	buf_str(&text, n == 1 ? units[i].one : units[i].many);
	field_gen_text(r, ID(TT_ERROR), buf_text(&text), text.len);
	buf_release(&text);
}

/* The server's time beside the time at which the reply was recorded; only if the server says that
 * its own clock is set, and the capture has times. */
static void compare_clocks(struct record *r, uint64_t leap, uint64_t stratum, uint64_t stamp)
{
	if (leap == LEAP_UNKNOWN || !stratum || stratum > STRATUM_LAST || !stamp ||
	    (r->frame && r->frame->untimed))
		return;
	field_gen_int(r, ID(TT_OFFSET), unix_time(stamp) - r->time);
	error_text(r, unix_time(stamp) - r->time);
}

/* A request is known again by its transmit time, which the server gives back as origin. */
static void mark(struct record *r, uint64_t mode, uint64_t origin, uint64_t transmit,
		 uint32_t first)
{
	if (r->in_quote || first >= r->nfields)
		return;
	if (mode == MODE_CLIENT && transmit)
		exchange_mark(r, EXCHANGE_REQUEST, PROTO_ntp, transmit, first, r->nfields - 1);
	else if (mode == MODE_SERVER && origin)
		exchange_mark(r, EXCHANGE_RESPONSE, PROTO_ntp, origin, first, r->nfields - 1);
}

static void message(struct decoder *d, struct record *r, struct cursor *c, uint64_t flags,
		    uint32_t first)
{
	uint64_t stratum = walk(r, c, ID(NTP_STRATUM), ID(NTP_STRATUM)), origin, transmit;
	uint64_t mode = flags & 7;

	walk(r, c, ID(NTP_POLL), ID(NTP_ROOT_DISPERSION));
	if (cursor_want(c, 4))
		field_add_bytes(r, ID(NTP_REFERENCE_ID), c->pos, 4);
	cursor_skip(c, 4);
	time_field(r, c, NTP_REFERENCE_TIME);
	origin = time_field(r, c, NTP_ORIGIN_TIME);
	time_field(r, c, NTP_RECEIVE_TIME);
	transmit = time_field(r, c, NTP_TRANSMIT_TIME);
	if (!cursor_ok(c)) {
		decode_overrun(r, c);
		return;
	}
	after_header(d, r, c);
	if (mode == MODE_SERVER || mode == MODE_BROADCAST)
		compare_clocks(r, flags >> 6, stratum, transmit);
	mark(r, mode, origin, transmit, first);
}

/* How an operator asks a server about itself (RFC 9327 section 2); what it says is text. */
static void control(struct record *r, struct cursor *c)
{
	walk(r, c, ID(NTP_FLAGS), ID(NTP_MODE));
	walk(r, c, ID(NTP_CTRL_FLAGS), ID(NTP_CTRL_COUNT));
	if (!cursor_ok(c))
		decode_overrun(r, c);
}

/* Mode 7 has no leap bits: they are of the program that uses it (RFC 1305 appendix B). */
static void private_flags(struct record *r, struct cursor *c)
{
	uint32_t at = c->pos;
	uint64_t flags = walk(r, c, ID(NTP_FLAGS), ID(NTP_FLAGS));

	r->cur_depth++;
	field_add_uint(r, ID(NTP_VERSION), at, 1, flags >> 3 & 7);
	field_add_uint(r, ID(NTP_MODE), at, 1, flags & 7);
	r->cur_depth--;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_ntp, c);
	uint32_t first = r->nfields;
	unsigned mode = cursor_left(c) ? cursor_peek(c) & 7 : 0;

	if (mode == MODE_PRIVATE)
		private_flags(r, c);
	else if (mode == MODE_CONTROL)
		control(r, c);
	else
		message(d, r, c, walk(r, c, ID(NTP_FLAGS), ID(NTP_MODE)), first);
	if (layer)
		layer_close(r, layer, c->pos);
	decode_data(d, r, c);
}

static const struct hang on[] = {{ON_UDP_PORT, 123}, {ON_NOTHING, 0}};

const struct proto_def proto_ntp = {
	.name = "ntp",
	.label = "Network Time Protocol",
	.prefix = "NTP",
	.header = "NTP HEADER",
	.fields = rows,
	.nfields = NTP_ROWS,
	.on = on,
	.decode = decode,
	.blurb = "Asks a time server what time it is.",
	.see = "RFC 5905",
};
