/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "src/decode/apptext.h"

_Static_assert(sizeof(struct app_state) <= CONV_APP_STATE - 32,
	       "room for the protocols' own state");

static bool port_listed(const struct hang *on, uint16_t port)
{
	for (; on->kind != ON_NOTHING; on++)
		if (on->kind == ON_TCP_PORT && on->value == port)
			return true;
	return false;
}

/* Which end is the server? By port, by who opened the connection, or by what is said. */
static enum app_server find_server(const struct app *a)
{
	const struct record *r = a->r;
	bool src = port_listed(a->proto->on, r->flow.src.port);
	bool dst = port_listed(a->proto->on, r->flow.dst.port);
	bool from_server;

	if (src != dst) {
		from_server = src;
	} else if (r->conv && !r->conv->mid_stream) {
		from_server = !conv_from_client(r->conv, r->from_a);
	} else {
		struct textpart all = {a->c->base + a->c->pos, a->c->pos, cursor_left(a->c)};

		from_server = a->proto->reply_like(&all);
	}
	return from_server == r->from_a ? SERVER_A : SERVER_B;
}

static void app_open(struct app *a, const struct cursor *at)
{
	if (a->layer)
		return;
	a->layer = layer_open(a->r, a->proto->id, at);
	if (a->proto->begin)
		a->proto->begin(a);
	a->reply_first = a->r->nfields;
}

/* Bytes that are not lines: a literal, a chunk of mail. */
static void take_raw(struct app *a)
{
	uint32_t n = a->state->raw[a->dir], left = cursor_left(a->c);
	struct textpart part = {a->c->base + a->c->pos, a->c->pos, n < left ? n : left};

	app_open(a, a->c);
	a->state->raw[a->dir] -= part.len;
	cursor_skip(a->c, part.len);
	a->line_flags = 0;
	a->proto->raw(a, &part);
}

static bool take_line(struct app *a)
{
	struct cursor at = *a->c;
	struct textline line;

	if (!textline_next(a->c, a->r->payload.last, &a->state->overlong[a->dir], &line))
		return false;
	app_open(a, &at);
	a->line_flags = line.cut ? FIELD_SNAPPED : 0;
	if (a->from_client)
		a->proto->client(a, &line);
	else
		a->proto->server(a, &line);
	if (line.cut)
		a->r->snapped = true;
	return true;
}

/* After lost bytes nothing is known of counts and open commands. */
static void forget(struct app_state *s)
{
	memset(s->raw, 0, sizeof(s->raw));
	memset(s->overlong, 0, sizeof(s->overlong));
	s->npending = 0;
	s->in_sasl = false;
	s->lossy = true;
}

/* A TLS record (RFC 8446 section 5.1: handshake or alert, version 3.x) where a line should begin.
 */
static bool is_tls(const struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;

	return cursor_left(c) >= 3 && p[0] >= 0x14 && p[0] <= 0x17 && p[1] == 3 && p[2] <= 4;
}

static bool app_opaque(const struct app *a)
{
	return a->r->conv && a->r->conv->app_opaque;
}

void app_decode(struct decoder *d, struct record *r, struct cursor *c,
		const struct app_proto *proto)
{
	struct app a = {.d = d, .r = r, .c = c, .proto = proto};

	a.state = r->conv ? conv_state(r, proto->id, proto->state_size)
			  : arena_zero(&r->arena, proto->state_size);
	if (r->payload.gap_before)
		forget(a.state);
	if (a.state->server == SERVER_UNKNOWN)
		a.state->server = (uint8_t)find_server(&a);
	a.from_client = (a.state->server == SERVER_A) != r->from_a;
	a.dir = a.from_client ? 0 : 1;
	if (!a.state->raw[a.dir] && is_tls(c)) {
		decode_data(d, r, c);
		return;
	}
	while (cursor_left(c) && decode_step(d) && !app_opaque(&a)) {
		if (a.state->raw[a.dir])
			take_raw(&a);
		else if (!take_line(&a))
			break;
	}
	if (a.layer)
		layer_close(r, a.layer, c->pos);
	if (cursor_left(c) && !c->need_more)
		decode_data(d, r, c);
}

void app_no_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	(void)l;
	(void)r;
	(void)layer;
}

struct field *app_part(struct app *a, uint16_t id, const struct textpart *part, uint8_t flags)
{
	struct field *f = field_add_bytes(a->r, id, part->off, part->len);

	f->flags |= flags | a->line_flags;
	return f;
}

struct field *app_span(struct app *a, uint16_t id, const struct textpart *part, uint8_t flags)
{
	struct field *f = field_add_value(a->r, id, part->off, part->len, "", 0);

	f->flags |= flags | a->line_flags;
	return f;
}

struct field *app_number(struct app *a, uint16_t id, const struct textpart *part, uint32_t v)
{
	struct field *f = field_add_uint(a->r, id, part->off, part->len, v);

	f->flags |= a->line_flags;
	return f;
}

void app_text(struct app *a, uint16_t id, const char *text, size_t len)
{
	if (len)
		field_gen_text(a->r, id, text, len);
}

void app_flag(struct app *a, uint16_t id, bool on)
{
	field_gen_uint(a->r, id, on);
}

void app_user(struct app *a, uint16_t id)
{
	app_text(a, id, a->state->user, a->state->user_len);
}

void app_user_frame(struct app *a, uint16_t id)
{
	if (a->state->user_frame)
		field_gen_uint(a->r, id, a->state->user_frame);
}

void app_set_user(struct app *a, const struct textpart *name)
{
	struct app_state *s = a->state;

	if (name->len == 0)
		return;
	s->user_len = (uint8_t)(name->len < APP_USER_MAX ? name->len : APP_USER_MAX);
	memcpy(s->user, name->p, s->user_len);
	s->user_frame = a->r->number;
}

uint8_t app_identity(const struct app *a, const struct textpart *part)
{
	const struct app_state *s = a->state;

	if (s->user_len < 2)
		return 0;
	for (uint32_t i = 0; i + s->user_len <= part->len; i++)
		if (part->p[i] == (uint8_t)s->user[0] && !memcmp(part->p + i, s->user, s->user_len))
			return FIELD_IDENTITY;
	return 0;
}

uint8_t app_secrecy(enum sasl_content content)
{
	if (content == SASL_USER)
		return FIELD_IDENTITY;
	return content == SASL_EMPTY ? 0 : FIELD_SECRET;
}

void app_command_name(const struct textpart *command, char name[APP_COMMAND_MAX])
{
	uint32_t n = command->len < APP_COMMAND_MAX - 1 ? command->len : APP_COMMAND_MAX - 1;

	memset(name, 0, APP_COMMAND_MAX);
	for (uint32_t i = 0; i < n; i++) {
		uint8_t c = command->p[i];

		name[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
}

void app_sent(struct app *a, const char *name, uint8_t flags)
{
	struct app_state *s = a->state;
	struct app_pending *last = s->npending ? &s->pending[s->npending - 1] : NULL;

	if (last && last->flags == flags && last->count < UINT16_MAX &&
	    strncmp(last->name, name, APP_COMMAND_MAX) == 0) {
		last->count++;
		return;
	}
	if (s->npending == APP_PENDING_MAX) {
		s->npending = 0; /* too many at once: better no answer than a wrong one */
		s->lossy = true;
	}
	last = &s->pending[s->npending++];
	*last = (struct app_pending){.flags = flags, .count = 1};
	memcpy(last->name, name, strlen(name));
}

const struct app_pending *app_waiting(const struct app *a)
{
	return a->state->npending ? &a->state->pending[0] : NULL;
}

bool app_answered(struct app *a, struct app_pending *answered)
{
	struct app_state *s = a->state;

	if (!s->npending)
		return false;
	*answered = s->pending[0];
	if (--s->pending[0].count == 0) {
		s->npending--;
		memmove(&s->pending[0], &s->pending[1], s->npending * sizeof(s->pending[0]));
	}
	return true;
}

void app_mark(struct app *a, enum exchange_role role, uint64_t key, uint32_t first)
{
	if (a->r->nfields > first)
		exchange_mark(a->r, role, a->proto->id, key, first, a->r->nfields - 1);
}

void app_encrypted(struct app *a)
{
	if (a->r->conv)
		a->r->conv->app_opaque = true;
}
