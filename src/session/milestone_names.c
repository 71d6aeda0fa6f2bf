/* SPDX-License-Identifier: GPL-3.0-or-later */
/* milestone_names: names and the addresses they led to, this computer's own address, and who is the
 * server the person named. */
#include <arpa/inet.h>

#include <glib.h>

#include "src/session/milestones.h"

#define TYPE_A    1  /* RFC 1035 section 3.2.2 */
#define TYPE_AAAA 28 /* RFC 3596 */

enum { RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };
enum { DHCP_OFFER = 2, DHCP_ACK = 5, DHCP_NAK = 6 };

bool name_copy(char to[NAME_MAX_LEN], const uint8_t *p, size_t n)
{
	if (n && p[n - 1] == '.')
		n--;
	to[0] = '\0';
	if (!n || n >= NAME_MAX_LEN || memchr(p, '\0', n))
		return false;
	for (size_t i = 0; i < n; i++)
		to[i] = g_ascii_tolower((char)p[i]);
	to[n] = '\0';
	return true;
}

int name_match(const char *name, const char *wanted)
{
	size_t n = strlen(name), w = strlen(wanted);

	if (!n || !w || n < w || strcmp(name + n - w, wanted) != 0)
		return 0;
	if (n == w)
		return 2;
	return name[n - w - 1] == '.' ? 1 : 0;
}

/* The host in "https://user@host:port/path" or "[2001:db8::1]:110"; its length in *n. */
static const char *host_of(const char *s, size_t *n)
{
	const char *after = strstr(s, "://"), *at;
	bool six;

	if (after)
		s = after + 3;
	s += strspn(s, " \t");
	at = strchr(s, '@');
	if (at && strcspn(s, "/?#") > (size_t)(at - s))
		s = at + 1;
	if (s[0] == '[') {
		*n = strcspn(++s, "]");
		return s;
	}
	*n = strcspn(s, "/?# \t");
	six = g_strstr_len(s, (gssize)*n, ":") != g_strrstr_len(s, (gssize)*n, ":");
	if (!six)
		*n = strcspn(s, ":/?# \t");
	return s;
}

/* The family of the address; 0: it is none. */
static uint8_t parse_address(const char *text, uint8_t addr[16])
{
	if (inet_pton(AF_INET, text, addr) == 1)
		return 4;
	return inet_pton(AF_INET6, text, addr) == 1 ? 6 : 0;
}

void wanted_parse(struct wanted *w, const char *server)
{
	size_t n = 0;
	const char *host = server ? host_of(server, &n) : "";
	char *text = g_strndup(host, n);

	memset(w, 0, sizeof(*w));
	w->family = parse_address(text, w->addr);
	if (n && !w->family)
		name_copy(w->name, (const uint8_t *)host, n);
	g_free(text);
}

void wanted_at(struct wanted *w, const char *address)
{
	w->at_family = w->name[0] ? parse_address(address, w->at) : 0;
}

bool wanted_is_at(const struct wanted *w, uint8_t family, const uint8_t addr[16])
{
	return w->at_family == family && memcmp(w->at, addr, family == 4 ? 4 : 16) == 0;
}

static bool has_address(const struct lookup *l, const uint8_t addr[16])
{
	for (unsigned i = 0; i < l->naddr; i++)
		if (memcmp(l->addr[i], addr, 16) == 0)
			return true;
	return false;
}

int lookup_wanted(const struct milestones *m, const struct lookup *l)
{
	if (m->wanted.family)
		return has_address(l, m->wanted.addr) ? 2 : 0;
	return name_match(l->name, m->wanted.name);
}

void talk_know_wanted(const struct milestones *m, struct talk *t)
{
	int best = name_match(t->name, m->wanted.name);

	if (m->wanted.family)
		best = m->wanted.family == t->family &&
				       memcmp(m->wanted.addr, t->server.addr, 16) == 0
			       ? 2
			       : 0;
	for (unsigned i = 0; m->wanted.name[0] && best < 2 && i < LOOKUPS_MAX; i++) {
		const struct lookup *l = &m->lookups[i];
		int match = l->used && has_address(l, t->server.addr) ? lookup_wanted(m, l) : 0;

		if (match > best)
			best = match;
	}
	t->wanted = best;
}

/* The name the talk was made for if it is known, else the one that best fits what is wanted. */
const struct lookup *talk_lookup(const struct milestones *m, const struct talk *t)
{
	const struct lookup *best = NULL;
	int most = -1;

	for (unsigned i = 0; i < LOOKUPS_MAX; i++) {
		const struct lookup *l = &m->lookups[i];
		int match;

		if (!l->used || !(has_address(l, t->server.addr) || !strcmp(l->name, t->name)))
			continue;
		match = lookup_wanted(m, l) + 4 * !strcmp(l->name, t->name);
		if (match > most) {
			most = match;
			best = l;
		}
	}
	return best;
}

static struct lookup *lookup_find(struct milestones *m, const char *name)
{
	for (unsigned i = 0; i < LOOKUPS_MAX; i++)
		if (m->lookups[i].used && !strcmp(m->lookups[i].name, name))
			return &m->lookups[i];
	return NULL;
}

static struct lookup *lookup_new(struct milestones *m, const char *name)
{
	struct lookup *l = &m->lookups[m->next_lookup++ % LOOKUPS_MAX];

	if (l->used && lookup_wanted(m, l)) /* that one stays */
		l = &m->lookups[m->next_lookup++ % LOOKUPS_MAX];
	memset(l, 0, sizeof(*l));
	l->used = true;
	l->step.took = -1;
	memcpy(l->name, name, strlen(name) + 1);
	return l;
}

/* The lookup that a question is about; NULL if it does not ask for an address. */
static struct lookup *lookup_asked(struct milestones *m, const struct record *r, uint32_t first,
				   uint32_t last)
{
	const struct field *name = known_within(r, K_QUERY_NAME, first, last);
	const struct field *type = known_within(r, K_QUERY_TYPE, first, last);
	char copy[NAME_MAX_LEN];
	struct lookup *l;

	if (!name || !type || (type->v.u != TYPE_A && type->v.u != TYPE_AAAA) ||
	    !name_copy(copy, name->v.p, name->vlen))
		return NULL;
	l = lookup_find(m, copy);
	return l ? l : lookup_new(m, copy);
}

void names_packet(struct milestones *m, const struct record *r, const struct exchange_mark *mark)
{
	struct lookup *l = lookup_asked(m, r, mark->first, mark->last);
	struct scene sc = {m, r, NULL, l, STAGE_NAME};

	if (!l)
		return;
	if (known_within(r, K_QUERY_TYPE, mark->first, mark->last)->v.u == TYPE_A)
		l->asked_ipv4 = true;
	/* The question for the other kind of address, asked at the same time, is no repeat. */
	if (!(l->step.state == STAGE_OPEN && r->time - l->step.time < SECOND / 2))
		step_ask(&sc, &l->step, "");
}

static void keep_address(struct lookup *l, const struct field *f)
{
	uint8_t addr[16] = {0};

	if (f->id == known_id(K_A))
		for (int i = 0; i < 4; i++)
			addr[i] = (uint8_t)(f->v.u >> (24 - 8 * i));
	else if (f->vlen == 16)
		memcpy(addr, f->v.p, 16);
	if (l->naddr < ADDRESSES_MAX && !has_address(l, addr))
		memcpy(l->addr[l->naddr++], addr, 16);
}

/* Every address of the answer: names on the way (CNAME) belong to the name asked for. */
static bool keep_addresses(struct lookup *l, const struct record *r)
{
	bool any = false;

	for (enum known k = K_A; k <= K_AAAA; k++)
		for (const struct field *f = known_field(r, k); f; f = record_next(r, f)) {
			keep_address(l, f);
			any = true;
		}
	return any;
}

/* Why there is no address, in words. */
static const char *no_address(const struct record *r)
{
	switch (known_uint(r, K_RCODE, 0)) {
	case 0:
		return known_uint(r, K_QUERY_TYPE, 0) == TYPE_A ? "the name has no IPv4 address"
								: "the name has no IPv6 address";
	case RCODE_NXDOMAIN: return "there is no such name";
	case RCODE_SERVFAIL: return "the name server failed";
	case RCODE_REFUSED: return "the name server refused";
	default: return "the name server sent an error";
	}
}

static void name_answered(const struct scene *sc, struct step *s)
{
	char words[WORDS_MAX];
	bool found = keep_addresses(sc->lookup, sc->r);

	if (found && lookup_wanted(sc->m, sc->lookup))
		for (unsigned i = 0; i < TALKS_MAX; i++)
			talk_know_wanted(sc->m, &sc->m->talks[i]);
	if (s->state == STAGE_DONE)
		return;
	if (found) {
		known_text(sc->r, known_field(sc->r, K_A) ? K_A : K_AAAA, words);
		step_settle(sc, s, STAGE_DONE, HOW_NONE, words);
	} else if (s->state != STAGE_REFUSED) {
		/* No address of one kind is no failure while the other is still asked for. */
		if (known_uint(sc->r, K_RCODE, 0) == 0 &&
		    known_uint(sc->r, K_QUERY_TYPE, 0) == TYPE_AAAA && sc->lookup->asked_ipv4)
			return;
		step_settle(sc, s, STAGE_REFUSED, HOW_SAID, no_address(sc->r));
	}
}

static void name_unheard(const struct scene *sc, struct step *s)
{
	if (s->state == STAGE_DONE || s->state == STAGE_REFUSED)
		return;
	if (known_field(sc->r, K_ICMP_TYPE))
		step_settle(sc, s, STAGE_REFUSED, HOW_SAID, "the name server cannot be reached");
	else
		step_unheard(sc, s);
}

void names_exchange(struct milestones *m, const struct record *r)
{
	struct lookup *l = lookup_asked(m, r, 0, r->nfields);
	struct scene sc = {m, r, NULL, l, STAGE_NAME};

	if (!l || known_uint(r, K_EVENT, 0))
		return;
	if (known_uint(r, K_ANSWERED, 0))
		name_answered(&sc, &l->step);
	else
		name_unheard(&sc, &l->step);
}

void address_packet(struct milestones *m, const struct record *r)
{
	struct scene sc = {m, r, NULL, NULL, STAGE_ADDRESS};

	step_ask(&sc, &m->address, "");
}

static uint64_t dhcp_message(const struct record *r)
{
	uint64_t message = 0;

	for (const struct field *f = known_field(r, K_DHCP_MESSAGE); f; f = record_next(r, f))
		message = f->v.u; /* those of the answer come last */
	return message;
}

void address_exchange(struct milestones *m, const struct record *r)
{
	struct scene sc = {m, r, NULL, NULL, STAGE_ADDRESS};
	struct step *s = &m->address;
	uint64_t message = dhcp_message(r);
	char words[WORDS_MAX];

	if (s->state == STAGE_DONE && message != DHCP_NAK)
		return;
	if (!known_uint(r, K_ANSWERED, 0)) {
		if (s->state != STAGE_REFUSED)
			step_unheard(&sc, s);
	} else if (message == DHCP_ACK) {
		known_text(r, K_DHCP_ADDRESS, words);
		step_settle(&sc, s, STAGE_DONE, HOW_NONE, words);
	} else if (message == DHCP_NAK) {
		known_text(r, K_DHCP_WORDS, words);
		step_settle(&sc, s, STAGE_REFUSED, HOW_SAID, words);
	}
}

void address_text(struct buf *out, uint8_t family, const uint8_t addr[16])
{
	if (family == 6)
		buf_ipv6(out, addr);
	else
		buf_ipv4(out, (uint32_t)addr[0] << 24 | (uint32_t)addr[1] << 16 |
				      (uint32_t)addr[2] << 8 | addr[3]);
}

void talk_who(const struct talk *t, bool port, struct buf *out)
{
	if (t->name[0]) {
		buf_clean(out, t->name, strlen(t->name));
		buf_str(out, " (");
	}
	address_text(out, t->family, t->server.addr);
	if (t->name[0])
		buf_char(out, ')');
	if (port)
		buf_printf(out, ", port %u", t->server.port);
}
