/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vj_table: applying changes to remembered TCP/IP headers (RFC 1144 section 3.2). */
#include "vj_table.h"

#include <string.h>

#include "tracetutor/decode.h"

#define TCP_PSH 0x08
#define TCP_URG 0x20

static uint32_t get(const uint8_t *p, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static void put(uint8_t *p, unsigned n, uint32_t v)
{
	for (unsigned i = n; i-- > 0; v >>= 8)
		p[i] = (uint8_t)v;
}

static void grow(uint8_t *p, unsigned n, uint32_t by)
{
	put(p, n, get(p, n) + by);
}

static uint32_t ip_length(const uint8_t *ip)
{
	return (ip[0] & 15u) * 4;
}

uint32_t vj_header(const uint8_t *ip)
{
	uint32_t n = ip_length(ip);

	return n + (ip[n + 12] >> 4) * 4u;
}

bool vj_learn(struct vj_table *t, uint8_t slot, const uint8_t *ip, uint32_t n)
{
	struct vj_slot *s = &t->slots[slot];
	uint32_t header;

	t->last = slot;
	t->has_last = true;
	s->length = 0;
	if (ip[0] >> 4 != 4 || ip_length(ip) < 20 || ip_length(ip) + 20 > n)
		return false;
	header = vj_header(ip);
	if (header < ip_length(ip) + 20 || header > n || get(ip + 2, 2) < header)
		return false;
	memcpy(s->header, ip, header);
	s->length = (uint8_t)header;
	return true;
}

static void apply_tcp(const struct vj_change *v, uint8_t *tcp, uint32_t last_data)
{
	tcp[13] = (uint8_t)((tcp[13] & ~TCP_PSH) | (v->mask & VJ_PUSH ? TCP_PSH : 0));
	put(tcp + 16, 2, v->checksum);
	if ((v->mask & VJ_SPECIALS) == VJ_SPECIAL_ECHO) {
		grow(tcp + 8, 4, last_data);
		grow(tcp + 4, 4, last_data);
	} else if ((v->mask & VJ_SPECIALS) == VJ_SPECIAL_DATA) {
		grow(tcp + 4, 4, last_data);
	} else {
		tcp[13] = (uint8_t)(tcp[13] & ~TCP_URG);
		if (v->mask & VJ_NEW_URGENT) {
			tcp[13] |= TCP_URG;
			put(tcp + 18, 2, v->urgent);
		}
		grow(tcp + 14, 2, v->window);
		grow(tcp + 8, 4, v->ack);
		grow(tcp + 4, 4, v->seq);
	}
}

static const struct vj_slot *slot_of(const struct vj_table *t, const struct vj_change *v)
{
	return &t->slots[v->mask & VJ_NEW_CONNECTION ? v->slot : t->last];
}

uint32_t vj_last_data(const struct vj_table *t, const struct vj_change *v)
{
	const struct vj_slot *s = slot_of(t, v);

	return get(s->header + 2, 2) - s->length;
}

uint32_t vj_apply(const struct vj_table *t, const struct vj_change *v,
		  uint8_t header[VJ_HEADER_MAX])
{
	const struct vj_slot *s = slot_of(t, v);
	uint32_t n = s->length, ip = n ? ip_length(s->header) : 0;

	if (!n || (!(v->mask & VJ_NEW_CONNECTION) && !t->has_last))
		return 0;
	memcpy(header, s->header, n);
	apply_tcp(v, header + ip, vj_last_data(t, v));
	grow(header + 4, 2, v->ipid);
	put(header + 2, 2, n + v->reported);
	put(header + 10, 2, 0);
	put(header + 10, 2, (uint16_t)~checksum_fold(checksum_add(0, header, ip)));
	return n;
}

void vj_accept(struct vj_table *t, const struct vj_change *v, const uint8_t *header)
{
	struct vj_slot *s;

	if (v->mask & VJ_NEW_CONNECTION)
		t->last = v->slot;
	t->has_last = true;
	s = &t->slots[t->last];
	s->length = (uint8_t)vj_header(header);
	memcpy(s->header, header, s->length);
}

void vj_lost(struct vj_table *t, const struct vj_change *v)
{
	/* Section 4.1: packets that name no connection are tossed until one does. */
	t->has_last = false;
	if (v->mask & VJ_NEW_CONNECTION)
		t->slots[v->slot].length = 0;
}

bool vj_proven(const uint8_t *packet, uint32_t data)
{
	uint32_t ip = ip_length(packet), n = vj_header(packet) - ip + data, sum;

	sum = checksum_add(6 + n, packet + 12, 8);
	return checksum_fold(checksum_add(sum, packet + ip, n)) == 0xffff;
}
