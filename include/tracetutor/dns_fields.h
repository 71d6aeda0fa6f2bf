/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns_fields: the rows of the dns table that are not read from a packet but known from several:
 * track adds them to the record when it pairs a query with its response.
 *
 * Add them as FIELD_ID(PROTO_dns, row). They follow row 0 (the protocol) in the table; the rows the
 * dissector fills come after them.
 */
#ifndef TRACETUTOR_DNS_FIELDS_H
#define TRACETUTOR_DNS_FIELDS_H

enum dns_tracked_row {
	DNS_PROTOCOL,
	DNS_RESPONSE_IN,           /* FT_FRAMENUM, in the query */
	DNS_RESPONSE_TO,           /* FT_FRAMENUM, in the response */
	DNS_TIME,                  /* FT_RELATIVE_TIME, nanoseconds from query to response */
	DNS_RETRANSMISSION,        /* FT_BOOLEAN, true */
	DNS_RETRANSMIT_REQUEST,    /* FT_NONE, in a repeated query */
	DNS_RETRANSMIT_REQUEST_IN, /* FT_FRAMENUM of the first query */
	DNS_UNSOLICITED,           /* FT_BOOLEAN, true: a response to no query */
	DNS_TRACKED_ROWS
};

#endif
