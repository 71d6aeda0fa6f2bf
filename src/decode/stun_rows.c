/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stun rows: the field table of STUN and TURN and the names of its values. */
#include "src/decode/stun.h"

/* RFC 8489 section 18.3, RFC 8656 section 18, RFC 8445 section 16.1 and the IANA list */
static const struct value_name attributes[] = {
	{0x0001, "MAPPED-ADDRESS, address seen"},
	{0x0003, "CHANGE-REQUEST"},
	{0x0006, "USERNAME"},
	{0x0008, "MESSAGE-INTEGRITY, proof of the password"},
	{0x0009, "ERROR-CODE"},
	{0x000a, "UNKNOWN-ATTRIBUTES"},
	{0x000c, "CHANNEL-NUMBER"},
	{0x000d, "LIFETIME"},
	{0x0012, "XOR-PEER-ADDRESS, other side"},
	{0x0013, "DATA"},
	{0x0014, "REALM"},
	{0x0015, "NONCE"},
	{0x0016, "XOR-RELAYED-ADDRESS, address lent"},
	{0x0017, "REQUESTED-ADDRESS-FAMILY"},
	{0x0018, "EVEN-PORT"},
	{0x0019, "REQUESTED-TRANSPORT"},
	{0x001a, "DONT-FRAGMENT"},
	{0x001b, "ACCESS-TOKEN"},
	{0x001c, "MESSAGE-INTEGRITY-SHA256"},
	{0x001d, "PASSWORD-ALGORITHM"},
	{0x001e, "USERHASH"},
	{0x0020, "XOR-MAPPED-ADDRESS, address seen"},
	{0x0022, "RESERVATION-TOKEN"},
	{0x0024, "PRIORITY"},
	{0x0025, "USE-CANDIDATE"},
	{0x0026, "PADDING"},
	{0x0027, "RESPONSE-PORT"},
	{0x002a, "CONNECTION-ID"},
	{0x8000, "ADDITIONAL-ADDRESS-FAMILY"},
	{0x8001, "ADDRESS-ERROR-CODE"},
	{0x8002, "PASSWORD-ALGORITHMS"},
	{0x8003, "ALTERNATE-DOMAIN"},
	{0x8004, "ICMP"},
	{0x8022, "SOFTWARE"},
	{0x8023, "ALTERNATE-SERVER"},
	{0x8025, "TRANSACTION-TRANSMIT-COUNTER"},
	{0x8027, "CACHE-TIMEOUT"},
	{0x8028, "FINGERPRINT"},
	{0x8029, "ICE-CONTROLLED"},
	{0x802a, "ICE-CONTROLLING"},
	{0x802b, "RESPONSE-ORIGIN"},
	{0x802c, "OTHER-ADDRESS"},
	{0x802d, "ECN-CHECK"},
	{0x802e, "THIRD-PARTY-AUTHORIZATION"},
	{0x8030, "MOBILITY-TICKET"},
	{0xc057, "GOOG-NETWORK-INFO"},
	{0, NULL},
};

static const struct value_name classes[] = {
	{0x00, "request"}, {0x01, "indication"}, {0x10, "answer"}, {0x11, "refusal"}, {0, NULL}};
/* RFC 8489 section 18.2, RFC 8656 section 17 */
static const struct value_name methods[] = {{1, "Binding: what is my address?"},
					    {3, "Allocate: lend me an address"},
					    {4, "Refresh"},
					    {6, "Send"},
					    {7, "Data"},
					    {8, "CreatePermission"},
					    {9, "ChannelBind"},
					    {10, "Connect"},
					    {11, "ConnectionBind"},
					    {12, "ConnectionAttempt"},
					    {0, NULL}};
static const struct value_name assignments[] = {
	{0, "IETF Review"}, {1, "Designated Expert"}, {0, NULL}};
static const struct value_name passable[] = {{0, "no"}, {1, "yes"}, {0, NULL}};
static const struct value_name families[] = {{1, "IPv4"}, {2, "IPv6"}, {0, NULL}};
static const struct value_name transports[] = {{6, "TCP"}, {17, "UDP"}, {0, NULL}};
static const struct value_name algorithms[] = {
	{0, "Reserved"}, {1, "MD5"}, {2, "SHA-256"}, {0, NULL}};
static const struct value_name statuses[] = {{0, "Bad"}, {1, "Good"}, {0, NULL}};
static const struct value_name versions[] = {{3, "RFC-5389/8489"}, {0, NULL}};
static const struct value_name costs[] = {
	{0, "Min"},          {10, "Low"},       {50, "Unknown"},     {250, "Cellular5G"},
	{500, "Cellular4G"}, {900, "Cellular"}, {910, "Cellular3G"}, {980, "Cellular2G"},
	{999, "Max"},        {0, NULL}};
/* RFC 8489 section 14.8, RFC 8656 section 19 */
static const struct value_name errors[] = {{300, "Try Alternate"},
					   {400, "Bad Request"},
					   {401, "Unauthenticated"},
					   {403, "Forbidden"},
					   {405, "Mobility Forbidden"},
					   {420, "Unknown Attribute"},
					   {437, "Allocation Mismatch"},
					   {438, "Stale Nonce"},
					   {440, "Address Family not Supported"},
					   {441, "Wrong Credentials"},
					   {442, "Unsupported Transport Protocol"},
					   {443, "Peer Address Family Mismatch"},
					   {446, "Connection Already Exists"},
					   {447, "Connection Timeout or Failure"},
					   {486, "Allocation Quota Reached"},
					   {487, "Role Conflict"},
					   {500, "Server Error"},
					   {508, "Insufficient Capacity"},
					   {0, NULL}};

#define UINT(row, name_, label_, type_, size_, show_)                                              \
	[STUN_##row] = {.name = "stun." name_,                                                     \
			.label = label_,                                                           \
			.type = FT_##type_,                                                        \
			.size = size_,                                                             \
			.show = SHOW_##show_}
#define OTHER(row, name_, label_, type_, secrecy_)                                                 \
	[STUN_##row] = {                                                                           \
		.name = "stun." name_, .label = label_, .type = FT_##type_, .secrecy = secrecy_}
#define BITS(row, name_, label_, mask_, values_)                                                   \
	[STUN_##row] = {.name = "stun." name_,                                                     \
			.label = label_,                                                           \
			.type = FT_UINT16,                                                         \
			.size = 2,                                                                 \
			.show = SHOW_HEX,                                                          \
			.flags = ROW_SUB,                                                          \
			.mask = mask_,                                                             \
			.values = values_}
#define NAMED(row, name_, label_, type_, size_, values_)                                           \
	[STUN_##row] = {.name = "stun." name_,                                                     \
			.label = label_,                                                           \
			.type = FT_##type_,                                                        \
			.size = size_,                                                             \
			.values = values_}

const struct field_def stun_rows[STUN_ROWS] = {
	[STUN] = {.name = "stun",
		  .label = "Session Traversal Utilities for NAT",
		  .type = FT_PROTOCOL},
	OTHER(RESPONSE_TO, "response-to", "Answer to packet", FRAMENUM, OPEN),
	OTHER(TIME, "time", "Time since the request", RELATIVE_TIME, OPEN),
	UINT(CHANNEL, "channel", "Channel", UINT16, 2, HEX),
	UINT(TYPE, "type", "Kind of message", UINT16, 2, HEX),
	BITS(CLASS, "type.class", "Question or answer", 0x0110, classes),
	BITS(METHOD, "type.method", "What it is about", 0x3eef, methods),
	BITS(METHOD_ASSIGNMENT, "type.method-assignment", "Who has defined it", 0x2000,
	     assignments),
	UINT(LENGTH, "length", "Length", UINT16, 2, DEC),
	OTHER(COOKIE, "cookie", "Cookie", BYTES, OPEN),
	OTHER(TRANSACTION, "id", "Transaction ID", BYTES, OPEN),
	NAMED(NETWORK_VERSION, "network_version", "Version", UINT8, 0, versions),
	OTHER(ATTRIBUTES, "attributes", "Attributes", NONE, OPEN),
	[STUN_ATTRIBUTE] = {.name = "stun.attribute",
			    .label = "Attribute",
			    .type = FT_UINT16,
			    .show = SHOW_HEX,
			    .values = attributes},
	[STUN_ATT_TYPE] = {.name = "stun.att.type",
			   .label = "Type",
			   .type = FT_UINT16,
			   .size = 2,
			   .show = SHOW_HEX,
			   .values = attributes},
	[STUN_ATT_COMPREHENSION] = {.name = "stun.att.type.comprehension",
				    .label = "May be passed over",
				    .type = FT_UINT16,
				    .size = 2,
				    .show = SHOW_HEX,
				    .flags = ROW_SUB,
				    .mask = 0x8000,
				    .values = passable},
	BITS(ATT_ASSIGNMENT, "att.type.assignment", "Who has defined it", 0x4000, assignments),
	UINT(ATT_LENGTH, "att.length", "Length of the value", UINT16, 2, DEC),
	OTHER(RESERVED, "att.reserved", "Reserved", BYTES, OPEN),
	NAMED(FAMILY, "att.family", "Kind of address", UINT8, 1, families),
	OTHER(PORT_XOR, "att.port-xord", "Port, coded", BYTES, OPEN),
	UINT(PORT, "att.port", "Port", UINT16, 2, DEC),
	OTHER(IPV4_XOR, "att.ipv4-xord", "Address, coded", BYTES, IDENTITY),
	[STUN_IPV4] = {.name = "stun.att.ipv4",
		       .label = "Address",
		       .type = FT_IPv4,
		       .secrecy = IDENTITY,
		       .blurb = "In an answer: the address under which the server sees the asker."},
	OTHER(IPV6_XOR, "att.ipv6-xord", "Address, coded", BYTES, IDENTITY),
	OTHER(IPV6, "att.ipv6", "Address", IPv6, IDENTITY),
	OTHER(USERNAME, "att.username", "User name", STRING, IDENTITY),
	OTHER(REALM, "att.realm", "Realm", STRING, IDENTITY),
	OTHER(NONCE, "att.nonce", "Number to be worked in", STRING, SECRET),
	OTHER(HMAC, "att.hmac", "Proof of the password", BYTES, SECRET),
	[STUN_ERROR_CLASS] = {.name = "stun.att.error.class",
			      .label = "Hundreds of the error",
			      .type = FT_UINT8,
			      .size = 1,
			      .mask = 0x07},
	UINT(ERROR, "att.error", "Rest of the error", UINT8, 1, DEC),
	OTHER(ERROR_REASON, "att.error.reason", "Server's words", STRING, OPEN),
	[STUN_UNKNOWN] = {.name = "stun.att.unknown",
			  .label = "Not understood",
			  .type = FT_UINT16,
			  .size = 2,
			  .show = SHOW_HEX,
			  .values = attributes},
	OTHER(SOFTWARE, "att.software", "Program", STRING, OPEN),
	UINT(PRIORITY, "att.priority", "Priority", UINT32, 4, DEC),
	OTHER(TIE_BREAKER, "att.tie-breaker", "Tie breaker", BYTES, OPEN),
	UINT(LIFETIME, "att.lifetime", "Good for (seconds)", UINT32, 4, DEC),
	OTHER(CHANGE_IP, "att.change-ip", "Answer from another address", BOOLEAN, OPEN),
	OTHER(CHANGE_PORT, "att.change-port", "Answer from another port", BOOLEAN, OPEN),
	NAMED(PW_ALGORITHM, "att.pw_alg", "Way of working out the proof", UINT16, 2, algorithms),
	UINT(PW_LENGTH, "att.pw_alg_len", "Length of its settings", UINT16, 2, DEC),
	OTHER(PW_DATA, "att.pw_alg_data", "Its settings", BYTES, OPEN),
	[STUN_EVEN_PORT] = {.name = "stun.att.even-port.reserve-next",
			    .label = "Keep the next port, too",
			    .type = FT_UINT8,
			    .size = 1,
			    .mask = 0x80},
	UINT(CACHE_TIMEOUT, "att.cache-timeout", "Cache timeout", UINT32, 4, DEC),
	OTHER(TOKEN, "att.token", "Token", BYTES, SECRET),
	[STUN_TRANSPORT] = {.name = "stun.att.transp",
			    .label = "Carried by",
			    .type = FT_UINT8,
			    .size = 1,
			    .show = SHOW_HEX,
			    .values = transports},
	UINT(CHANNEL_NUMBER, "att.channelnum", "Channel number", UINT16, 2, HEX),
	UINT(ICMP_TYPE, "att.icmp.type", "ICMP type", UINT8, 1, DEC),
	UINT(ICMP_CODE, "att.icmp.code", "ICMP code", UINT8, 1, DEC),
	UINT(NETWORK_ID, "att.google.network_id", "Network", UINT16, 2, DEC),
	NAMED(NETWORK_COST, "att.google.network_cost", "Cost of the network", UINT16, 2, costs),
	UINT(CRC32, "att.crc32", "Sum over the message", UINT32, 4, HEX),
	NAMED(CRC32_STATUS, "att.crc32.status", "Sum is", UINT8, 0, statuses),
	OTHER(CRC32_BAD, "att.crc32.bad", "The sum is wrong", NONE, OPEN),
	UINT(ATT_PADDING, "att.padding", "Zeros behind", UINT16, 0, DEC),
	OTHER(VALUE, "value", "Value", BYTES, OPEN),
	[TT_STUN_ERROR] = {.name = "tt.stun.error",
			   .label = "Error",
			   .type = FT_UINT16,
			   .values = errors,
			   .see = "RFC 8489 section 14.8"},
};
