/* SPDX-License-Identifier: GPL-3.0-or-later */
/* machine: the facts as lines of text and back. The text may come out of anybody's capture file. */
#include "tracetutor/machine.h"

#include <arpa/inet.h>

#define VALUE_MAX   400 /* characters of one value */
#define PROGRAM_MAX 64

void machine_init(struct machine *m)
{
	*m = (struct machine){.has_address = -1, .clock_synchronised = -1};
	m->owners = g_array_new(FALSE, FALSE, sizeof(struct machine_owner));
}

void machine_release(struct machine *m)
{
	g_free(m->system);
	g_free(m->interface);
	g_free(m->kind);
	g_free(m->gateway);
	g_free(m->resolvers);
	g_free(m->vpn);
	g_free(m->proxy);
	for (guint i = 0; m->owners && i < m->owners->len; i++)
		g_free(g_array_index(m->owners, struct machine_owner, i).program);
	if (m->owners)
		g_array_free(m->owners, TRUE);
	*m = (struct machine){.has_address = -1, .clock_synchronised = -1};
}

/* --- owners --- */

static bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && !memcmp(a->addr, b->addr, sizeof(a->addr));
}

static bool is_zero(const struct endpoint *e)
{
	static const uint8_t zero[sizeof(e->addr)];

	return !memcmp(e->addr, zero, sizeof(zero));
}

static const struct machine_owner *owner_at(const struct machine *m, guint i)
{
	return &g_array_index(m->owners, struct machine_owner, i);
}

bool machine_knows_owner(const struct machine *m, const struct machine_owner *o)
{
	for (guint i = 0; i < m->owners->len; i++) {
		const struct machine_owner *k = owner_at(m, i);

		if (k->family == o->family && k->ip_proto == o->ip_proto &&
		    same_end(&k->local, &o->local) && same_end(&k->remote, &o->remote))
			return true;
	}
	return false;
}

void machine_add_owner(struct machine *m, const struct machine_owner *o)
{
	struct machine_owner copy = *o;

	if (m->owners->len >= MACHINE_MAX_OWNERS || machine_knows_owner(m, o))
		return;
	copy.program = g_strdup(o->program);
	g_array_append_val(m->owners, copy);
}

static bool joins(const struct machine_owner *o, const struct endpoint *x, const struct endpoint *y)
{
	return (same_end(&o->local, x) && same_end(&o->remote, y)) ||
	       (same_end(&o->local, y) && same_end(&o->remote, x));
}

/* A socket that speaks with many: its own end is all there is to know it by, and its address may be
 * open, too. An open IPv6 socket serves IPv4 as well. */
static bool holds(const struct machine_owner *o, uint8_t family, const struct endpoint *e)
{
	bool open = is_zero(&o->local);

	return !o->remote.port && is_zero(&o->remote) && o->local.port == e->port &&
	       (open ? family <= o->family : family == o->family && same_end(&o->local, e));
}

const char *machine_owner_of(const struct machine *m, uint8_t family, uint8_t ip_proto,
			     const struct endpoint *x, const struct endpoint *y)
{
	const char *any = NULL;

	for (guint i = 0; i < m->owners->len; i++) {
		const struct machine_owner *o = owner_at(m, i);

		if (o->ip_proto != ip_proto || !o->program)
			continue;
		if (o->family == family && joins(o, x, y))
			return o->program;
		if (!any && (holds(o, family, x) || holds(o, family, y)))
			any = o->program;
	}
	return any;
}

/* --- to text --- */

static void put_key(struct buf *out, const char *key)
{
	buf_str(out, key);
	buf_str(out, ": ");
}

static void put_text(struct buf *out, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	put_key(out, key);
	buf_clean_max(out, value, strlen(value), VALUE_MAX);
	buf_char(out, '\n');
}

static void put_answer(struct buf *out, const char *key, int value)
{
	if (value >= 0)
		put_text(out, key, value ? "yes" : "no");
}

static void put_end(struct buf *out, uint8_t family, const struct endpoint *e)
{
	char text[INET6_ADDRSTRLEN];

	buf_char(out, ' ');
	if (inet_ntop(family == 4 ? AF_INET : AF_INET6, e->addr, text, sizeof(text)))
		buf_str(out, text);
	buf_char(out, ' ');
	buf_dec(out, e->port);
}

static void put_owner(struct buf *out, const struct machine_owner *o)
{
	put_key(out, "connection");
	buf_str(out, o->ip_proto == IPPROTO_TCP ? "tcp" : "udp");
	put_end(out, o->family, &o->local);
	put_end(out, o->family, &o->remote);
	buf_char(out, ' ');
	buf_clean_max(out, o->program, strlen(o->program), PROGRAM_MAX);
	buf_char(out, '\n');
}

void machine_write(const struct machine *m, struct buf *out)
{
	size_t start = out->len, end;

	buf_str(out, MACHINE_HEADING "\n");
	put_text(out, "system", m->system);
	put_text(out, "interface", m->interface);
	put_text(out, "kind", m->kind);
	if (m->mtu) {
		put_key(out, "mtu");
		buf_dec(out, m->mtu);
		buf_char(out, '\n');
	}
	put_answer(out, "has address", m->has_address);
	put_text(out, "gateway", m->gateway);
	put_text(out, "resolvers", m->resolvers);
	put_text(out, "vpn", m->vpn);
	put_text(out, "proxy", m->proxy);
	put_answer(out, "clock synchronised", m->clock_synchronised);
	for (guint i = 0; i < m->owners->len; i++) {
		if (!owner_at(m, i)->program)
			continue;
		end = out->len;
		put_owner(out, owner_at(m, i));
		if (out->len - start > MACHINE_TEXT_MAX) {
			out->len = end;
			out->s[end] = '\0';
			break;
		}
	}
}

/* --- from text --- */

/* Bytes of others, from `at` to `end`. */
struct run {
	const char *at, *end;
};

static bool run_is(const struct run *r, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(r->end - r->at) == n && !memcmp(r->at, word, n);
}

/* Up to the separator, which is passed over. */
static struct run run_take(struct run *r, char separator)
{
	const char *stop = memchr(r->at, separator, (size_t)(r->end - r->at));
	struct run taken = {r->at, stop ? stop : r->end};

	r->at = stop ? stop + 1 : r->end;
	return taken;
}

static char *run_text(const struct run *r, size_t max)
{
	struct buf b = BUF_INIT;

	buf_clean_max(&b, r->at, (size_t)(r->end - r->at), max);
	return buf_steal(&b);
}

static bool run_number(const struct run *r, uint64_t max, uint64_t *v)
{
	char digits[16] = "";
	size_t n = (size_t)(r->end - r->at);

	if (n >= sizeof(digits))
		return false;
	memcpy(digits, r->at, n);
	return g_ascii_string_to_unsigned(digits, 10, 0, max, v, NULL);
}

static bool run_end(struct run *line, uint8_t *family, struct endpoint *e)
{
	struct run address = run_take(line, ' '), port = run_take(line, ' ');
	char text[INET6_ADDRSTRLEN] = "";
	size_t n = (size_t)(address.end - address.at);
	uint64_t number;

	if (n >= sizeof(text) || !run_number(&port, UINT16_MAX, &number))
		return false;
	memcpy(text, address.at, n);
	*family = memchr(text, ':', n) ? 6 : 4;
	*e = (struct endpoint){.port = (uint16_t)number};
	return inet_pton(*family == 4 ? AF_INET : AF_INET6, text, e->addr) == 1;
}

static void parse_owner(struct machine *m, struct run line)
{
	struct run proto = run_take(&line, ' ');
	struct machine_owner o = {0};
	uint8_t other;

	if (run_is(&proto, "tcp"))
		o.ip_proto = IPPROTO_TCP;
	else if (run_is(&proto, "udp"))
		o.ip_proto = IPPROTO_UDP;
	else
		return;
	if (!run_end(&line, &o.family, &o.local) || !run_end(&line, &other, &o.remote) ||
	    other != o.family || line.at == line.end)
		return;
	o.program = run_text(&line, PROGRAM_MAX);
	machine_add_owner(m, &o);
	g_free(o.program);
}

static void parse_answer(int *answer, const struct run *value)
{
	if (run_is(value, "yes"))
		*answer = 1;
	else if (run_is(value, "no"))
		*answer = 0;
}

/* Where the text of that key is kept, or NULL. */
static char **text_of(struct machine *m, const struct run *key)
{
	const struct {
		const char *key;
		char **text;
	} known[] = {{"system", &m->system},   {"interface", &m->interface}, {"kind", &m->kind},
		     {"gateway", &m->gateway}, {"resolvers", &m->resolvers}, {"vpn", &m->vpn},
		     {"proxy", &m->proxy}};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (run_is(key, known[i].key))
			return known[i].text;
	return NULL;
}

static void parse_line(struct machine *m, struct run line)
{
	struct run key = run_take(&line, ':');
	char **text = text_of(m, &key);
	uint64_t number;

	while (line.at < line.end && *line.at == ' ')
		line.at++;
	if (line.end > line.at && line.end[-1] == '\r')
		line.end--;
	if (line.at == line.end)
		return;
	if (text) {
		g_free(*text);
		*text = run_text(&line, VALUE_MAX + 3); /* with the dots of one that was cut */
	} else if (run_is(&key, "mtu") && run_number(&line, UINT32_MAX, &number)) {
		m->mtu = (uint32_t)number;
	} else if (run_is(&key, "has address")) {
		parse_answer(&m->has_address, &line);
	} else if (run_is(&key, "clock synchronised")) {
		parse_answer(&m->clock_synchronised, &line);
	} else if (run_is(&key, "connection")) {
		parse_owner(m, line);
	}
}

bool machine_parse(struct machine *m, const char *text, size_t n)
{
	struct run all = {text, text + MIN(n, MACHINE_TEXT_MAX)}, heading;

	if (!text)
		return false;
	heading = run_take(&all, '\n');
	if (heading.end > heading.at && heading.end[-1] == '\r')
		heading.end--;
	if (!run_is(&heading, MACHINE_HEADING))
		return false;
	while (all.at < all.end)
		parse_line(m, run_take(&all, '\n'));
	return true;
}
