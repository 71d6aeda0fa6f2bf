/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dns names: labels and compression pointers (RFC 1035 section 4.1.4), bounded and without loops.
 */
#include "src/decode/dns.h"

/* Text of a name while it is put together. */
struct name_text {
	uint8_t s[DNS_NAME_MAX + 1];
	uint32_t len;
	uint32_t labels;
	uint32_t wire; /* bytes the name would have without compression */
};

static bool add_label(struct name_text *t, const uint8_t *label, uint32_t n)
{
	t->wire += n + 1;
	if (t->wire >= DNS_NAME_MAX) /* the root label needs one more */
		return false;
	if (t->len)
		t->s[t->len++] = '.';
	memcpy(t->s + t->len, label, n);
	t->len += n;
	t->labels++;
	return true;
}

/*
 * Pointers must point before the run of labels they end (RFC 1035: "a prior occurrence"), so each
 * jump lands lower than the one before and no loop is possible.
 */
static bool read_labels(struct dns_message *m, struct cursor *c, struct name_text *t)
{
	struct cursor at = *c;
	uint32_t low = at.pos;
	bool jumped = false, ok = true;

	for (unsigned jumps = 0; ok;) {
		uint8_t n = cursor_u8(&at);

		if (!cursor_ok(&at))
			break;
		if (n >= 0xC0) {
			uint32_t to = m->start + ((uint32_t)(n & 0x3F) << 8 | cursor_u8(&at));

			if (!cursor_ok(&at))
				break;
			if (!jumped)
				*c = at;
			jumped = true;
			ok = to < low && ++jumps <= DNS_JUMPS_MAX;
			low = at.pos = to;
		} else if (n >= 0x40) {
			ok = false; /* RFC 6891 section 5: no other label types */
		} else {
			const uint8_t *label = cursor_bytes(&at, n);

			if (n == 0 || !label)
				break;
			ok = add_label(t, label, n);
		}
	}
	if (!jumped)
		*c = at;
	else if (at.snapped)
		c->snapped = true;
	return ok && !at.malformed;
}

struct dns_name dns_name_read(struct dns_message *m, struct cursor *c)
{
	struct name_text t = {.len = 0};
	bool ok = read_labels(m, c, &t);
	struct dns_name name = {.labels = t.labels, .len = t.len, .bad = !ok};

	if (!ok)
		c->malformed = true;
	if (t.len == 0 && ok)
		return (struct dns_name){(const uint8_t *)"<Root>", 6, 1, false};
	name.text = arena_copy(&m->r->arena, t.s, t.len);
	return name;
}

struct dns_name dns_name_field(struct dns_message *m, struct cursor *c, uint16_t row)
{
	uint32_t at = c->pos;
	struct dns_name name = dns_name_read(m, c);
	struct field *f;

	if (c->pos == at && !name.len)
		return name;
	f = field_add_value(m->r, DNS_FIELD(row), at, c->pos - at, name.text, name.len);
	if (name.bad)
		f->flags |= FIELD_MALFORMED;
	else if (c->snapped)
		f->flags |= FIELD_SNAPPED;
	return name;
}
