/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * http: the rows of the HTTP table, the header fields that have a row of their own, and what is
 * secret in them.
 */
#ifndef TRACETUTOR_DECODE_HTTP_H
#define TRACETUTOR_DECODE_HTTP_H

#include "src/decode/textline.h"
#include "tracetutor/decode.h"

enum http_row {
	HTTP,
	HTTP_REQUEST,
	HTTP_REQUEST_METHOD,
	HTTP_REQUEST_URI,
	HTTP_REQUEST_PATH,
	HTTP_REQUEST_QUERY,
	HTTP_REQUEST_PARAMETER,
	HTTP_REQUEST_VERSION,
	HTTP_REQUEST_LINE,
	HTTP_REQUEST_FULL_URI,
	HTTP_REQUEST_NUMBER,
	HTTP_RESPONSE,
	HTTP_RESPONSE_VERSION,
	HTTP_RESPONSE_CODE,
	HTTP_RESPONSE_DESC,
	HTTP_RESPONSE_PHRASE,
	HTTP_RESPONSE_LINE,
	HTTP_RESPONSE_NUMBER,
	HTTP_REQUEST_IN,
	HTTP_TIME,
	HTTP_CONTENT_LENGTH, /* the number in the header field below */
	HTTP_CONTENT_LENGTH_HEADER,
	HTTP_AUTHORIZATION,
	HTTP_PROXY_AUTHENTICATE,
	HTTP_PROXY_AUTHORIZATION,
	HTTP_WWW_AUTHENTICATE,
	HTTP_CONTENT_TYPE,
	HTTP_CONTENT_ENCODING,
	HTTP_TRANSFER_ENCODING,
	HTTP_UPGRADE,
	HTTP_USER_AGENT,
	HTTP_HOST,
	HTTP_CONNECTION,
	HTTP_COOKIE,
	HTTP_ACCEPT,
	HTTP_REFERER,
	HTTP_ACCEPT_LANGUAGE,
	HTTP_ACCEPT_ENCODING,
	HTTP_DATE,
	HTTP_CACHE_CONTROL,
	HTTP_SERVER,
	HTTP_LOCATION,
	HTTP_SET_COOKIE,
	HTTP_LAST_MODIFIED,
	HTTP_X_FORWARDED_FOR,
	HTTP_COOKIE_PAIR,
	HTTP_WS_ACCEPT,
	HTTP_WS_EXTENSIONS,
	HTTP_WS_KEY,
	HTTP_WS_PROTOCOL,
	HTTP_WS_VERSION,
	HTTP_HTTP2_SETTINGS,
	HTTP_AUTH_BASIC,
	HTTP_RESPONSE_FOR,
	HTTP_PREV_REQUEST,
	HTTP_PREV_RESPONSE,
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK_DATA,
	HTTP_CHUNK_END,
	HTTP_TRAILER_PART,
	HTTP_FILE_DATA,
	HTTP_DECODE_FAILED,
	TT_HTTP_TUNNEL,
	TT_HTTP_METHOD,
	TT_HTTP_HOST,
	TT_HTTP_EXPECTED,
	TT_HTTP_BODY,
	HTTP_ROWS
};
#define HTTP_ID(row) FIELD_ID(PROTO_http, row)

extern const struct field_def http_rows[HTTP_ROWS];

/* What RFC 9110 calls that status code, or NULL. */
const char *http_status_words(uint32_t code);

/* One header field: the row of its value (FIELD_NONE: has none) and flags for its bytes. */
struct http_header {
	const char *name;
	uint16_t row;
	uint8_t flags;
};
struct http_header http_header_known(const struct textpart *name, const struct textpart *value);

/* The value of the first header field of that name among the lines; empty if there is none. */
struct textpart http_header_find(const struct textpart *lines, const char *name);
/* The next line of the block from *at on, with its end; the text without it in *text. */
struct textpart http_line(const struct textpart *block, uint32_t *at, struct textpart *text);
/* Name and value of a header field line. */
void http_split(const struct textpart *text, struct textpart *name, struct textpart *value);
/* FIELD_SECRET if an address or form holds passwords, tokens or a user name with password. */
uint8_t http_uri_flags(const struct textpart *uri);
/* The status that a test for internet access expects at that address, 0: it is no such test. */
uint32_t http_probe(const struct textpart *uri);

#endif
