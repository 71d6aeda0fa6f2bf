/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dhcp: the rows of the DHCP table and the list of options the dissector reads.
 */
#ifndef TRACETUTOR_DECODE_DHCP_H
#define TRACETUTOR_DECODE_DHCP_H

#include "tracetutor/decode.h"

enum dhcp_row {
	DHCP,
	DHCP_BOOTP,
	DHCP_TYPE,
	DHCP_HW_TYPE,
	DHCP_HW_LEN,
	DHCP_HOPS,
	DHCP_XID,
	DHCP_SECS,
	DHCP_FLAGS,
	DHCP_FLAGS_BC,
	DHCP_FLAGS_RESERVED,
	DHCP_IP_CLIENT,
	DHCP_IP_YOUR,
	DHCP_IP_SERVER,
	DHCP_IP_RELAY,
	DHCP_HW_MAC,
	DHCP_HW_ADDR,
	DHCP_HW_PADDING,
	DHCP_SERVER,
	DHCP_FILE,
	DHCP_SERVER_OVERLOADED,
	DHCP_FILE_OVERLOADED,
	DHCP_COOKIE,
	DHCP_VENDOR_AREA,
	DHCP_OPTION,
	DHCP_LENGTH,
	DHCP_VALUE,
	DHCP_PADDING,
	DHCP_END,
	DHCP_SUBNET_MASK,
	DHCP_TIME_OFFSET,
	DHCP_ROUTER,
	DHCP_TIME_SERVER,
	DHCP_DNS_SERVER,
	DHCP_HOSTNAME,
	DHCP_DOMAIN_NAME,
	DHCP_ROOT_PATH,
	DHCP_DEFAULT_TTL,
	DHCP_MTU,
	DHCP_BROADCAST,
	DHCP_NTP_SERVER,
	DHCP_NETBIOS_NS,
	DHCP_NETBIOS_NODE,
	DHCP_NETBIOS_SCOPE,
	DHCP_REQUESTED_IP,
	DHCP_LEASE,
	DHCP_OVERLOAD,
	DHCP_MESSAGE_TYPE,
	DHCP_SERVER_ID,
	DHCP_REQUEST_ITEM,
	DHCP_MESSAGE,
	DHCP_MAX_SIZE,
	DHCP_RENEWAL,
	DHCP_REBINDING,
	DHCP_VENDOR_CLASS,
	DHCP_CLIENT_ID,
	DHCP_CLIENT_ID_TYPE,
	DHCP_TFTP_SERVER,
	DHCP_BOOTFILE,
	DHCP_SMTP_SERVER,
	DHCP_POP3_SERVER,
	DHCP_USER_CLASS,
	DHCP_USER_CLASS_LENGTH,
	DHCP_USER_CLASS_DATA,
	DHCP_CAPTIVE_PORTAL,
	DHCP_AUTO_CONFIGURATION,
	DHCP_PROXY_DISCOVERY,
	DHCP_ROWS
};

#define DHCP_ID(row) FIELD_ID(PROTO_dhcp, DHCP_##row)

/* How the bytes of an option are read. */
enum dhcp_shape {
	SHAPE_IPV4, /* one address or more */
	SHAPE_TEXT,
	SHAPE_NUMBER, /* of 1, 2 or 4 bytes */
	SHAPE_SIGNED,
	SHAPE_ITEMS, /* a number in each byte */
	SHAPE_CLIENT_ID,
	SHAPE_USER_CLASS
};

struct dhcp_option {
	uint8_t code, shape;
	uint16_t row;
};

extern const struct field_def dhcp_rows[DHCP_ROWS];
/* Sorted by nothing; ended by code 0. */
extern const struct dhcp_option dhcp_options[];

/*
 * "Option: 51 (Lease time) Seconds: 3600": the option at field i with its values side by side, on
 * further rows if they are many. Returns the first field after them; an option inside another one
 * gets a row of its own.
 */
uint32_t dhcp_option_rows(struct lines *l, const struct record *r, const struct layer *layer,
			  uint32_t i, uint16_t length);
void dhcp_lines(struct lines *l, const struct record *r, const struct layer *layer);

#endif
