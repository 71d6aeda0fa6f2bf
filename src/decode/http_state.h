/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * http state: what is remembered of an HTTP connection, and the bodies of its messages.
 */
#ifndef TRACETUTOR_DECODE_HTTP_STATE_H
#define TRACETUTOR_DECODE_HTTP_STATE_H

#include "src/decode/http.h"
#include "src/decode/http_content.h"

#define PENDING_MAX 4
#define METHOD_MAX  8
#define HOST_MAX    40
#define UNTIL_CLOSE UINT64_MAX

enum where {
	AT_START,
	AT_BODY,
	AT_CHUNK_SIZE,
	AT_CHUNK, /* the bytes of a chunk and the line end after it */
	AT_TRAILER,
	AT_LOST /* not known where a message begins: after lost bytes, or it is not HTTP */
};

/* A request that waits for its reply. */
struct pending {
	char method[METHOD_MAX], host[HOST_MAX]; /* NUL-terminated; host empty if too long */
	uint32_t frame;
	uint16_t expected;
	bool asked; /* false: the request was not seen */
	int64_t time;
};

struct direction {
	uint64_t left; /* bytes to come of the body or chunk */
	uint8_t where; /* enum where */
	bool begun;    /* bytes of it were read */
};

struct http_state {
	struct direction dirs[2];
	struct pending pending[PENDING_MAX];
	uint32_t requests, responses;
	/* Packets: of the last request, the last reply, and the request the last reply answered. */
	uint32_t last_request, last_response, request_before;
	uint8_t npending;
};
_Static_assert(sizeof(struct http_state) <= CONV_APP_STATE, "fits in the conversation");

struct http {
	struct decoder *d;
	struct record *r;
	struct cursor *c;
	struct http_state *state;
	struct direction *dir;
	struct layer *layer;
	bool request;
	uint8_t cut;   /* FIELD_SNAPPED if the capture ends in the header */
	uint16_t next; /* enum proto_id of what is spoken from here on; 0: still HTTP */
	/* What of the message's body is in this packet: the bytes as they are, and the content, its
	 * pieces joined. */
	uint32_t body_off, body_len;
	uint8_t *content;
	uint32_t content_len, content_off, pieces;
	bool later;     /* its header came in an earlier packet */
	bool chunk_cut; /* one of its chunks goes on in the next packet */
};

/* A header says that a body comes: how its content is coded, and of what kind it is. */
void http_body_begin(struct http *h, const struct textpart *lines);
/* One step through a body or its chunks; false if nothing more can be read now. */
bool http_body_step(struct http *h);
/* What of the content is in this packet is decoded and handed on. */
void http_body_flush(struct http *h);
/* Bytes were lost. */
void http_body_lost(struct http *h);

#endif
