/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conversations_write: the rows as a table that fits, and as JSON. */
#include "config.h"

#include <string.h>

#include "json.h"
#include "para.h"
#include "tracetutor/conversations.h"
#include "tracetutor/ports.h"

/* The columns, from left to right. */
enum column { C_PACKET, C_START, C_WHO, C_SERVICE, C_PACKETS, C_BYTES, C_LASTED, C_RTT, C_ENDED };
#define COLUMNS (C_ENDED + 1)

#define WHO_LEAST    20u
#define CLIENT_MOST  40u
#define CLIENT_LEAST 8u
#define GAP          2u

static const struct {
	const char *head;
	bool right;    /* aligned */
	unsigned drop; /* in a narrow window the highest goes first; 0: it stays */
} columns[COLUMNS] = {
	[C_PACKET] = {"packet", true, 0},   [C_START] = {"at s", true, 3},
	[C_WHO] = {"who", false, 0},        [C_SERVICE] = {"service", false, 0},
	[C_PACKETS] = {"packets", true, 2}, [C_BYTES] = {"bytes", true, 0},
	[C_LASTED] = {"lasts s", true, 0},  [C_RTT] = {"trip ms", true, 1},
	[C_ENDED] = {"ended", false, 0},
};

struct table {
	const struct conversations *c;
	const struct engine *e;
	const struct endpoint *common; /* client of all rows; NULL: there is none */
	bool shown[COLUMNS];
	unsigned width[COLUMNS];
	bool short_client;   /* without its port ... */
	unsigned client_max; /* ... and at most so many columns; 0: any */
};

static const struct conversation_row *row_at(const struct conversations *c, size_t i)
{
	return &g_array_index(c->rows, struct conversation_row, i);
}

/* --- cells --- */

static void put_address(struct buf *out, const struct conversation_row *row,
			const struct endpoint *e)
{
	if (row->family == 4)
		buf_ipv4(out, (uint32_t)e->addr[0] << 24 | (uint32_t)e->addr[1] << 16 |
				      (uint32_t)e->addr[2] << 8 | e->addr[3]);
	else
		buf_ipv6(out, e->addr);
}

/* "pop.example.org:110", "192.0.2.1:110", "[2001:db8::1]:110". */
static void put_end(struct buf *out, const struct table *t, const struct conversation_row *row,
		    const struct endpoint *e, bool port)
{
	const char *name = t->e ? engine_name(t->e, e->addr) : NULL;
	bool brackets = !name && port && row->family == 6;

	if (brackets)
		buf_char(out, '[');
	if (name)
		buf_clean_max(out, name, strlen(name), 60);
	else
		put_address(out, row, e);
	if (brackets)
		buf_char(out, ']');
	if (!port)
		return;
	buf_char(out, ':');
	buf_dec(out, e->port);
}

static void put_who(struct buf *out, const struct table *t, const struct conversation_row *row)
{
	struct buf client = BUF_INIT;
	size_t n;

	if (!t->common) {
		put_end(&client, t, row, &row->client, !t->short_client);
		n = client.len;
		if (t->client_max && text_columns(client.s, n) > t->client_max)
			n = text_fit(client.s, n, t->client_max - 3);
		buf_mem(out, client.s, n);
		buf_str(out, n < client.len ? "... -> " : " -> ");
	}
	put_end(out, t, row, &row->server, true);
	buf_release(&client);
}

/* "12 / 10": from the client, from the server. */
static void put_both(struct buf *out, const uint64_t v[2])
{
	buf_dec(out, v[0]);
	buf_str(out, " / ");
	buf_dec(out, v[1]);
}

static void put_ended(struct buf *out, const char *ended)
{
	for (; *ended; ended++)
		buf_char(out, *ended == '-' ? ' ' : *ended);
}

/* What is spoken; in brackets what the port is for, if that is all there is to go by. */
static void put_service(struct buf *out, const struct conversation_row *row)
{
	const char *port = row->ip_proto == 6 ? port_name_tcp(row->server.port)
					      : port_name_udp(row->server.port);

	if (row->service) {
		buf_str(out, row->service);
		return;
	}
	buf_char(out, '(');
	buf_str(out, port ? port : row->ip_proto == 6 ? "tcp" : "udp");
	buf_char(out, ')');
}

static void put_cell(struct buf *out, const struct table *t, const struct conversation_row *row,
		     enum column column)
{
	switch (column) {
	case C_PACKET: buf_dec(out, row->first_packet); break;
	case C_START: buf_seconds(out, row->start, 3); break;
	case C_WHO: put_who(out, t, row); break;
	case C_SERVICE: put_service(out, row); break;
	case C_PACKETS: put_both(out, row->packets); break;
	case C_BYTES: put_both(out, row->bytes); break;
	case C_LASTED: buf_seconds(out, row->duration, 3); break;
	case C_RTT:
		if (row->rtt >= 10000000)
			buf_dec(out, (uint64_t)row->rtt / 1000000);
		else if (row->rtt >= 0)
			buf_seconds(out, row->rtt * 1000, 1);
		break;
	case C_ENDED: put_ended(out, row->ended); break;
	}
}

/* --- layout --- */

static const struct endpoint *common_client(const struct conversations *c, size_t n)
{
	const struct conversation_row *first = n ? row_at(c, 0) : NULL;

	for (size_t i = 1; i < n; i++)
		if (row_at(c, i)->family != first->family ||
		    memcmp(row_at(c, i)->client.addr, first->client.addr, 16))
			return NULL;
	return n ? &first->client : NULL;
}

static void measure(struct table *t, size_t n)
{
	struct buf cell = BUF_INIT;

	for (unsigned k = 0; k < COLUMNS; k++)
		t->width[k] = (unsigned)strlen(columns[k].head);
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < COLUMNS; k++) {
			buf_reset(&cell);
			put_cell(&cell, t, row_at(t->c, i), k);
			t->width[k] = MAX(t->width[k], text_columns(buf_text(&cell), cell.len));
		}
	buf_release(&cell);
}

static unsigned table_width(const struct table *t)
{
	unsigned width = 0;

	for (unsigned k = 0; k < COLUMNS; k++)
		width += t->shown[k] ? t->width[k] + (width ? GAP : 0) : 0;
	return width;
}

static unsigned excess(const struct table *t, unsigned width)
{
	unsigned all = table_width(t);

	return all > width ? all - width : 0;
}

/* The client's port goes, then columns, then what is too long of the client and of the server. */
static void fit(struct table *t, size_t n, unsigned width)
{
	unsigned who;

	if (excess(t, width)) {
		t->short_client = true;
		measure(t, n);
	}
	for (unsigned drop = 3; drop && excess(t, width); drop--)
		for (unsigned k = 0; k < COLUMNS; k++)
			if (columns[k].drop == drop)
				t->shown[k] = false;
	for (t->client_max = CLIENT_MOST; excess(t, width) && t->client_max > CLIENT_LEAST;
	     t->client_max -= 4)
		measure(t, n);
	who = t->width[C_WHO];
	t->width[C_WHO] -= MIN(excess(t, width), who > WHO_LEAST ? who - WHO_LEAST : 0);
}

/* --- the table --- */

static void put_padded(struct buf *out, const struct table *t, unsigned k, const char *s, size_t n)
{
	unsigned columns_of = text_columns(s, n), width = t->width[k];
	size_t bytes = columns_of > width ? text_fit(s, n, width - 3) : n;
	unsigned pad = columns_of < width ? width - columns_of : 0;

	if (columns[k].right)
		buf_fill(out, ' ', pad);
	buf_mem(out, s, bytes);
	if (bytes < n)
		buf_str(out, "...");
	if (!columns[k].right && k != C_ENDED)
		buf_fill(out, ' ', pad);
	buf_str(out, k == C_ENDED ? "\n" : "  ");
}

static void put_head(struct buf *out, const struct table *t)
{
	for (unsigned k = 0; k < COLUMNS; k++)
		if (t->shown[k])
			put_padded(out, t, k, columns[k].head, strlen(columns[k].head));
}

static void put_row(struct buf *out, const struct table *t, const struct conversation_row *row)
{
	struct buf cell = BUF_INIT;

	for (unsigned k = 0; k < COLUMNS; k++) {
		if (!t->shown[k])
			continue;
		buf_reset(&cell);
		put_cell(&cell, t, row, k);
		put_padded(out, t, k, buf_text(&cell), cell.len);
	}
	buf_release(&cell);
}

static void put_unlisted(const struct conversations *c, size_t listed, struct buf *out)
{
	uint64_t packets = c->unlisted_packets, bytes = c->unlisted_bytes;

	if (c->all <= listed)
		return;
	for (size_t i = listed; i < c->rows->len; i++) {
		packets += row_at(c, i)->packets[0] + row_at(c, i)->packets[1];
		bytes += row_at(c, i)->bytes[0] + row_at(c, i)->bytes[1];
	}
	buf_printf(out,
		   "... and %u more with %" G_GUINT64_FORMAT " packets and %" G_GUINT64_FORMAT
		   " bytes.\n",
		   c->all - (uint32_t)listed, packets, bytes);
}

void conversations_text(const struct conversations *c, const struct engine *e, unsigned width,
			size_t most, struct buf *out)
{
	size_t n = most ? MIN(most, c->rows->len) : c->rows->len;
	struct table t = {.c = c, .e = e, .common = common_client(c, n)};

	for (unsigned k = 0; k < COLUMNS; k++)
		t.shown[k] = true;
	if (!n) {
		buf_str(out, "There is no conversation (TCP or UDP).\n");
		return;
	}
	measure(&t, n);
	if (width)
		fit(&t, n, width);
	if (t.common) {
		buf_str(out, n > 1 ? "Client of all: " : "Client: ");
		put_address(out, row_at(c, 0), t.common);
		buf_char(out, '\n');
	}
	buf_str(out, "Pairs of numbers: from the client / from the server\n");
	put_head(out, &t);
	for (size_t i = 0; i < n; i++)
		put_row(out, &t, row_at(c, i));
	put_unlisted(c, n, out);
}

/* --- JSON --- */

static void json_end(struct buf *out, const char *member, const struct conversation_row *row,
		     const struct endpoint *end, const struct engine *e)
{
	struct buf text = BUF_INIT;

	put_address(&text, row, end);
	json_member(out, member);
	buf_char(out, '{');
	json_member_string(out, "address", buf_text(&text));
	json_member_number(out, "port", end->port);
	json_member_string(out, "name", e ? engine_name(e, end->addr) : NULL);
	buf_char(out, '}');
	buf_release(&text);
}

static void json_row(struct buf *out, const struct conversation_row *row, const struct engine *e)
{
	json_element(out);
	buf_char(out, '{');
	json_member_string(out, "protocol", row->ip_proto == 6 ? "tcp" : "udp");
	json_member_number(out, "stream", row->index);
	json_end(out, "client", row, &row->client, e);
	json_end(out, "server", row, &row->server, e);
	json_member_string(out, "service", row->service);
	json_member_number(out, "first_packet", row->first_packet);
	json_member_number(out, "last_packet", row->last_packet);
	json_seconds(out, "start", row->start);
	json_seconds(out, "duration", row->duration);
	json_member_number(out, "packets_from_client", row->packets[0]);
	json_member_number(out, "packets_from_server", row->packets[1]);
	json_member_number(out, "bytes_from_client", row->bytes[0]);
	json_member_number(out, "bytes_from_server", row->bytes[1]);
	if (row->rtt >= 0)
		json_seconds(out, "round_trip", row->rtt);
	else
		json_member_string(out, "round_trip", NULL);
	json_member_string(out, "ended", row->ended);
	buf_char(out, '}');
}

void conversations_json_list(const struct conversations *c, const struct engine *e, size_t most,
			     struct buf *out)
{
	size_t n = most ? MIN(most, c->rows->len) : c->rows->len;

	json_member(out, "conversations");
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++)
		json_row(out, row_at(c, i), e);
	buf_char(out, ']');
}

void conversations_json(const struct conversations *c, const struct engine *e, struct buf *out)
{
	buf_str(out, "{\"version\":1");
	json_member_number(out, "count", c->all);
	json_member_number(out, "listed", c->rows->len);
	conversations_json_list(c, e, 0, out);
	buf_str(out, "}\n");
}
