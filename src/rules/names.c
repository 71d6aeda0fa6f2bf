// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * names: which name a DNS answer gave an address (RFC 1035 section 3.4.1, RFC 3596). The name asked
 * for counts, however many CNAMEs (RFC 1034 section 3.6.2) led from it to the address.
 */
#include <string.h>

#include "private.h"

#define NAMES_MAX   512 /* remembered; an address has one place, the newer name takes it */
#define NAME_LENGTH 64  /* longer names are not remembered */
#define ALIASES_MAX 16  /* CNAMEs followed in one answer */

struct names {
	struct {
		uint8_t addr[16];
		char name[NAME_LENGTH]; /* "": free */
	} slots[NAMES_MAX];
	uint16_t question, owner, cname, a, aaaa; /* ids of the fields; FIELD_NONE: no DNS here */
};

struct names *names_new(void)
{
	struct names *t = g_new0(struct names, 1);

	t->question = field_named("dns.qry.name");
	t->owner = field_named("dns.resp.name");
	t->cname = field_named("dns.cname");
	t->a = field_named("dns.a");
	t->aaaa = field_named("dns.aaaa");
	return t;
}

void names_free(struct names *t)
{
	g_free(t);
}

static unsigned slot_of(const uint8_t addr[16])
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (int i = 0; i < 16; i++)
		h = (h ^ addr[i]) * 16777619u;
	return h % NAMES_MAX;
}

const char *names_find(const struct names *t, const uint8_t addr[16])
{
	unsigned i = slot_of(addr);

	if (!t->slots[i].name[0] || memcmp(t->slots[i].addr, addr, 16) != 0)
		return NULL;
	return t->slots[i].name;
}

bool field_address(const struct field *f, uint8_t addr[16])
{
	enum field_type type = def_of(f)->type;

	memset(addr, 0, 16);
	if (type == FT_IPv4)
		for (int i = 0; i < 4; i++)
			addr[i] = (uint8_t)(f->v.u >> (24 - 8 * i));
	else if (type == FT_IPv6 && f->vlen == 16)
		memcpy(addr, f->v.p, 16);
	else
		return false;
	return true;
}

static void remember(struct names *t, const struct field *address, const struct field *name)
{
	uint8_t addr[16];
	unsigned i;

	if (!name->vlen || name->vlen >= NAME_LENGTH || !field_address(address, addr))
		return;
	i = slot_of(addr);
	memcpy(t->slots[i].addr, addr, 16);
	memcpy(t->slots[i].name, name->v.p, name->vlen);
	t->slots[i].name[name->vlen] = '\0';
}

static bool same_name(const struct field *a, const struct field *b)
{
	return a->vlen == b->vlen &&
	       g_ascii_strncasecmp((const char *)a->v.p, (const char *)b->v.p, a->vlen) == 0;
}

/* The question and the names it led to so far. */
struct chain {
	const struct field *names[ALIASES_MAX];
	size_t n;
};

static bool in_chain(const struct chain *c, const struct field *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (same_name(c->names[i], name))
			return true;
	return false;
}

void names_learn(struct names *t, const struct record *r)
{
	const struct field *question = NULL, *owner = NULL;
	struct chain chain = {.n = 0};

	if (t->question == FIELD_NONE || t->owner == FIELD_NONE)
		return;
	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct field *f = &r->fields[i];

		if (f->id == t->question && !question) {
			question = f;
			chain.names[chain.n++] = f;
		} else if (f->id == t->owner) {
			owner = f;
		} else if (f->id == t->cname && owner && chain.n < ALIASES_MAX &&
			   in_chain(&chain, owner)) {
			chain.names[chain.n++] = f;
		} else if ((f->id == t->a || f->id == t->aaaa) && owner) {
			remember(t, f, in_chain(&chain, owner) ? question : owner);
		}
	}
}
