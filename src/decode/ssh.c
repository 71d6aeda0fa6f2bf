/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SSH opens an encrypted terminal on another computer. It begins readable: who each side is, what
 * it knows, the exchange of keys; then only sizes can be seen. RFC 4251, 4253.
 * Hangs at TCP port 22; elsewhere known by its first line.
 */
#include "src/decode/ssh.h"

#include "src/decode/textline.h"
#include "tracetutor/lines.h"

#define LENGTH     4      /* of a packet */
#define HEADER     5      /* lengths of packet and padding */
#define PACKET_MAX 262144 /* more than any program sends (OpenSSH); RFC 4253 section 6.1: 35000 */
#define LINE_MAX   1024   /* of the server before its banner */
#define BANNER_MAX 255    /* RFC 4253 section 4.2 */

/* Nothing more comes that could complete what is there. */
static bool is_final(const struct ssh *s, const struct cursor *c)
{
	return c->captured < c->reported || s->r->payload.last;
}

static void open_layer(struct ssh *s, const struct cursor *c)
{
	if (!s->layer)
		s->layer = layer_open(s->r, PROTO_ssh, c);
}

/* From here on bytes say nothing but how many they are. A segment mostly begins with a packet. */
static void sealed(struct ssh *s, struct cursor *c)
{
	open_layer(s, c);
	if (cursor_left(c) > LENGTH && s->state->clear_length)
		ssh_row(s, c, SSH_PACKET_LENGTH);
	else if (cursor_left(c) > LENGTH)
		ssh_bytes(s, c, SSH_LENGTH_ENCRYPTED, LENGTH);
	ssh_bytes(s, c, SSH_ENCRYPTED, cursor_left(c));
}

/* Version 1, which knows no lists and is unsafe; 1.99 means both (RFC 4253 section 5.1). */
static bool is_old(const struct textpart *line)
{
	return textpart_starts(line, "SSH-1.") && !textpart_starts(line, "SSH-1.99-");
}

/* A line: "SSH-2.0-program comment", or words of the server before it. False: not complete. */
static bool banner(struct ssh *s, struct cursor *c)
{
	struct textpart all = {c->base + c->pos, c->pos, cursor_left(c)};
	const uint8_t *end = memchr(all.p, '\n', all.len);
	uint32_t n = end ? (uint32_t)(end - all.p) : all.len;
	bool own = textpart_starts(&all, "SSH-");

	if (!own && (s->dir == 0 || all.p[0] < ' ' || all.p[0] > '~')) {
		s->state->stage[s->dir] = STAGE_SEALED; /* the recording began later */
		return true;
	}
	if (!end && all.len < (own ? BANNER_MAX : LINE_MAX) && !is_final(s, c)) {
		c->need_more = true;
		return false;
	}
	open_layer(s, c);
	field_add_bytes(s->r, SSH_ID(own ? SSH_BANNER : TT_SSH_NOTICE), c->pos,
			n && all.p[n - 1] == '\r' ? n - 1 : n);
	cursor_skip(c, end ? n + 1 : n);
	if (own)
		s->state->stage[s->dir] = is_old(&all) ? STAGE_OLD : STAGE_PLAIN;
	return true;
}

/* What stands around a message: lengths before it, padding behind it (RFC 4253 section 6). */
static void packet_parts(struct ssh *s, struct cursor *c)
{
	uint32_t length = (uint32_t)ssh_row(s, c, SSH_PACKET_LENGTH), padding, payload;
	struct cursor in = cursor_fence(c, length), message;

	padding = (uint32_t)ssh_row(s, &in, SSH_PADDING_LENGTH);
	payload = length - 1;
	if (padding >= payload) {
		in.malformed = true;
	} else {
		message = cursor_fence(&in, payload - padding);
		ssh_message(s, &message);
		ssh_bytes(s, &in, SSH_PADDING, padding);
	}
	field_gen_uint(s->r, SSH_ID(SSH_SEQUENCE), s->state->sequence[s->dir]++);
	if (!cursor_ok(&in))
		decode_overrun(s->r, &in);
}

/* One packet of the readable part; false if it is not complete yet. */
static bool packet(struct ssh *s, struct cursor *c)
{
	uint32_t left = cursor_left(c), length;
	struct cursor ahead = *c;

	if (left < HEADER && !is_final(s, c)) {
		c->need_more = true;
		return false;
	}
	length = cursor_be32(&ahead);
	if (cursor_ok(&ahead) && (length < 2 || length > PACKET_MAX)) {
		open_layer(s, c);
		field_add_none(s->r, SSH_ID(SSH_LENGTH_ERROR), c->pos, 4)->flags |= FIELD_GENERATED;
		s->state->stage[s->dir] = STAGE_SEALED;
		return true;
	}
	if (cursor_left(&ahead) < length && !is_final(s, c)) {
		c->need_more = true;
		return false;
	}
	open_layer(s, c);
	packet_parts(s, c);
	if (!cursor_ok(c))
		decode_overrun(s->r, c);
	return true;
}

/* A packet of version 1: its length, filling up to a multiple of 8, its kind, its check code. Only
 * the first one of each side is readable. */
static bool old_packet(struct ssh *s, struct cursor *c)
{
	struct cursor ahead = *c;
	uint32_t length = cursor_be32(&ahead), padding = 8 - length % 8;
	bool sane = length >= 5 && length <= PACKET_MAX;

	if ((!cursor_ok(&ahead) || (sane && cursor_left(&ahead) < padding + length)) &&
	    !is_final(s, c)) {
		c->need_more = true;
		return false;
	}
	if (!sane) {
		s->state->stage[s->dir] = STAGE_SEALED;
		return true;
	}
	open_layer(s, c);
	ssh_row(s, c, SSH_PACKET_LENGTH);
	field_gen_uint(s->r, SSH_ID(SSH_PADDING_LENGTH), padding);
	cursor_skip(c, padding);
	if (!s->state->sequence[s->dir]++) {
		ssh_row(s, c, SSH_MESSAGE);
		length--;
	}
	ssh_bytes(s, c, SSH_PAYLOAD, length);
	if (!cursor_ok(c))
		decode_overrun(s->r, c);
	return true;
}

static bool advance(struct ssh *s, struct cursor *c)
{
	switch ((enum ssh_stage)s->state->stage[s->dir]) {
	case STAGE_BANNER: return banner(s, c);
	case STAGE_PLAIN: return packet(s, c);
	case STAGE_OLD: return old_packet(s, c);
	case STAGE_SEALED: break;
	}
	sealed(s, c);
	return true;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct ssh s = {.d = d, .r = r};

	s.state = conv_state(r, PROTO_ssh, sizeof(struct ssh_state));
	s.dir = conv_from_client(r->conv, r->from_a) ? 0 : 1;
	if (r->payload.gap_before)
		s.state->stage[s.dir] = STAGE_SEALED;
	while (cursor_left(c) && decode_step(d) && advance(&s, c))
		;
	if (!s.layer)
		return;
	field_gen_uint(r, SSH_ID(SSH_DIRECTION), s.dir);
	layer_close(r, s.layer, c->pos);
}

static bool looks(const struct record *r, const uint8_t *p, uint32_t n)
{
	struct textpart all = {p, 0, n};

	return r->flow.ip_proto == 6 &&
	       (textpart_starts(&all, "SSH-2.0-") || textpart_starts(&all, "SSH-1."));
}

/* Lengths and numbers of keys fill pages and tell a newcomer nothing: they are in the fields only.
 */
static bool is_quiet(const struct field *f)
{
	uint16_t row = FIELD_ROW(f->id);

	if (row >= SSH_KEX_LENGTH && row < SSH_FIRST_FOLLOWS)
		return (row - SSH_KEX_LENGTH) % 2 == 0 || row >= SSH_LANGUAGES_TO_SERVER_LENGTH;
	if (row >= SSH_HOST_KEY_LENGTH && row <= SSH_ECDH_S)
		return row != SSH_HOST_KEY_TYPE && row != SSH_GEX_BITS;
	switch (row) {
	case SSH_PADDING_LENGTH:
	case SSH_PADDING:
	case SSH_PAYLOAD:
	case SSH_LENGTH_ENCRYPTED:
	case SSH_ENCRYPTED:
	case SSH_COOKIE:
	case SSH_FIRST_FOLLOWS:
	case SSH_KEX_RESERVED:
	case SSH_HASSH_TEXT:
	case SSH_HASSH:
	case SSH_HASSH_SERVER_TEXT:
	case SSH_HASSH_SERVER:
	case SSH_DESCRIPTION_LENGTH:
	case SSH_LANGUAGE_LENGTH: return true;
	default: return false;
	}
}

static void lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	for (uint32_t i = layer->first + 1; i < layer->end; i++)
		if (&r->layers[r->fields[i].layer] == layer && !is_quiet(&r->fields[i]))
			lines_generic(l, r, layer, &r->fields[i]);
}

static const struct hang on[] = {{ON_TCP_PORT, 22}, {ON_NOTHING, 0}};

_Static_assert(sizeof(struct ssh_state) <= CONV_APP_STATE, "fits in the conversation");

const struct proto_def proto_ssh = {
	.name = "ssh",
	.label = "Secure Shell",
	.prefix = "SSH",
	.fields = ssh_rows,
	.nfields = SSH_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.lines = lines,
	.blurb = "Opens an encrypted terminal on another computer.",
	.see = "RFC 4253",
};
