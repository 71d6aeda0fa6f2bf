/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * generate: a deterministic capture for measuring, written to standard output.
 *
 *     generate PACKETS [mix|small|full] > FILE
 *
 * mix: about 620 bytes a frame, nearly all TCP: mail logins, web pages, opaque (TLS-like) streams,
 * with DNS, ARP, ICMP, IPv6 and retransmissions between. small: bare acknowledgements. full: bulk
 * data. The same arguments give the same bytes.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLOWS 64 /* conversations open at a time */

struct flow {
	uint16_t port; /* the server's */
	uint16_t client_port;
	uint32_t id;
	uint32_t seq[2];
	unsigned step;
	bool v6;
};

static uint64_t random_state = 88172645463325252ull;
static uint64_t written, wanted, now_us = 1700000000ull * 1000000;
static uint8_t last_frame[1600];
static uint32_t last_len;

static uint32_t any(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32) % below;
}

static uint8_t *put16(uint8_t *p, uint16_t v)
{
	*p++ = (uint8_t)(v >> 8);
	*p++ = (uint8_t)v;
	return p;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, (uint16_t)(v >> 16)), (uint16_t)v);
}

static uint32_t sum(uint32_t s, const uint8_t *p, uint32_t n)
{
	for (; n > 1; p += 2, n -= 2)
		s += (uint32_t)p[0] << 8 | p[1];
	return n ? s + ((uint32_t)p[0] << 8) : s;
}

static uint16_t folded(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

static void write_frame(const uint8_t *frame, uint32_t n)
{
	uint32_t head[4];

	now_us += 1 + any(2000);
	head[0] = (uint32_t)(now_us / 1000000);
	head[1] = (uint32_t)(now_us % 1000000);
	head[2] = head[3] = n;
	if (fwrite(head, sizeof(head), 1, stdout) != 1 || fwrite(frame, n, 1, stdout) != 1)
		exit(1);
	if (frame != last_frame)
		memcpy(last_frame, frame, n);
	last_len = n;
	written++;
}

static uint8_t *put_ethernet(uint8_t *p, bool up, uint16_t type)
{
	memcpy(p, up ? "\x02\0\0\0\0\x01\x02\0\0\0\0\x02" : "\x02\0\0\0\0\x02\x02\0\0\0\0\x01", 12);
	return put16(p + 12, type);
}

/* IPv4 or IPv6 header for n bytes of protocol `proto`; *pseudo is the pseudo-header's sum. */
static uint8_t *put_ip(uint8_t *p, const struct flow *f, bool up, uint8_t proto, uint32_t n,
		       uint32_t *pseudo)
{
	uint8_t *start = p;
	uint32_t client = 0xc0000200 | (f->id & 63), server = 0xc6336400 | (f->id % 200);

	if (f->v6) {
		p = put32(p, 0x60000000);
		p = put16(p, (uint16_t)n);
		*p++ = proto;
		*p++ = 64;
		for (int side = 0; side < 2; side++, p += 16) {
			memset(p, 0, 16);
			put32(p, 0x20010db8);
			put32(p + 12, (side == 0) == up ? client : server);
		}
		*pseudo = sum(proto + n, start + 8, 32);
		return p;
	}
	p = put16(p, 0x4500);
	p = put16(p, (uint16_t)(n + 20));
	p = put16(p, (uint16_t)written);
	p = put16(p, 0x4000);
	*p++ = up ? 64 : 55;
	*p++ = proto;
	p = put16(p, 0);
	p = put32(p, up ? client : server);
	p = put32(p, up ? server : client);
	put16(start + 10, folded(sum(0, start, 20)));
	*pseudo = sum(proto + n, start + 12, 8);
	return p;
}

static void tcp(struct flow *f, bool up, uint8_t flags, const void *data, uint32_t n)
{
	uint8_t frame[1600], *p, *head;
	uint32_t pseudo, options = flags & 2 ? 8 : 12;

	p = put_ethernet(frame, up, f->v6 ? 0x86dd : 0x0800);
	head = p = put_ip(p, f, up, 6, 20 + options + n, &pseudo);
	p = put16(p, up ? f->client_port : f->port);
	p = put16(p, up ? f->port : f->client_port);
	p = put32(p, f->seq[!up]);
	p = put32(p, flags & 16 ? f->seq[up] : 0);
	*p++ = (uint8_t)((20 + options) << 2);
	*p++ = flags;
	p = put16(p, 64240);
	p = put32(p, 0);
	if (flags & 2) {
		memcpy(p, "\x02\x04\x05\xb4\x01\x03\x03\x07", 8);
	} else {
		memcpy(p, "\x01\x01\x08\x0a", 4);
		put32(p + 4, (uint32_t)(now_us / 1000));
		put32(p + 8, (uint32_t)(now_us / 1000 - 20));
	}
	p += options;
	memcpy(p, data, n);
	p += n;
	put16(head + 16, folded(sum(pseudo, head, (uint32_t)(p - head))));
	f->seq[!up] += n + (flags & 3 ? 1 : 0);
	write_frame(frame, (uint32_t)(p - frame));
}

static void text(struct flow *f, bool up, const char *s)
{
	tcp(f, up, 24, s, (uint32_t)strlen(s));
}

static void bulk(struct flow *f, bool up, uint32_t n, bool printable)
{
	uint8_t data[1460];

	for (uint32_t i = 0; i < n; i++)
		data[i] = printable ? (uint8_t)(32 + any(95)) : (uint8_t)any(256);
	tcp(f, up, 16, data, n);
}

static const char *const mail[] = {
	"\x01+OK mail ready\r\n", "\x02USER walter\r\n",    "\x01+OK\r\n",
	"\x02PASS secret\r\n",    "\x01+OK 2 messages\r\n", "\x02STAT\r\n",
	"\x01+OK 2 320\r\n",      "\x02QUIT\r\n",           "\x01+OK bye\r\n",
};

/* One packet (or two) further in the life of a conversation; true when it is over. */
static bool flow_step(struct flow *f)
{
	unsigned step = f->step++, last = f->port == 110 ? 12 : 40;

	if (step == 0)
		tcp(f, true, 2, "", 0);
	else if (step == 1)
		tcp(f, false, 18, "", 0);
	else if (step == 2)
		tcp(f, true, 16, "", 0);
	else if (step == last)
		tcp(f, true, 17, "", 0);
	else if (step == last + 1)
		tcp(f, false, 17, "", 0);
	else if (step == last + 2)
		tcp(f, true, 16, "", 0);
	else if (f->port == 110)
		text(f, mail[step - 3][0] == 2, mail[step - 3] + 1);
	else if (f->port == 80 && step == 3)
		text(f, true, "GET /index.html HTTP/1.1\r\nHost: www.example.org\r\n\r\n");
	else if (step % 3 == 0)
		tcp(f, true, 16, "", 0);
	else
		bulk(f, false, 800 + any(648), f->port == 80);
	return step == last + 2;
}

static void flow_open(struct flow *f, bool only_bulk)
{
	static uint32_t next_id;
	static const uint16_t ports[] = {443, 443, 443, 80, 80, 110};

	*f = (struct flow){.id = next_id++};
	f->port = only_bulk ? 443 : ports[any(6)];
	f->client_port = (uint16_t)(32768 + f->id % 28000);
	f->v6 = f->id % 8 == 7;
	f->seq[0] = any(UINT32_MAX);
	f->seq[1] = any(UINT32_MAX);
}

static void dns(uint32_t id, bool answer)
{
	static const char name[] = "\3www\7example\3org\0\0\1\0\1";
	struct flow f = {.id = id, .v6 = false};
	uint8_t frame[200], *p, *head;
	uint32_t pseudo, n = 12 + sizeof(name) - 1 + (answer ? 16 : 0);

	p = put_ethernet(frame, !answer, 0x0800);
	head = p = put_ip(p, &f, !answer, 17, n + 8, &pseudo);
	p = put16(p, answer ? 53 : (uint16_t)(40000 + id % 20000));
	p = put16(p, answer ? (uint16_t)(40000 + id % 20000) : 53);
	p = put16(p, (uint16_t)(n + 8));
	p = put16(p, 0);
	p = put16(p, (uint16_t)id);
	p = put16(p, answer ? 0x8180 : 0x0100);
	p = put16(p, 1);
	p = put16(p, answer);
	p = put32(p, 0);
	memcpy(p, name, sizeof(name) - 1);
	p += sizeof(name) - 1;
	if (answer) {
		memcpy(p, "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xc6\x33\x64\x07", 16);
		p += 16;
	}
	put16(head + 6, folded(sum(pseudo, head, (uint32_t)(p - head))));
	write_frame(frame, (uint32_t)(p - frame));
}

static void arp(bool answer)
{
	uint8_t frame[42];

	put_ethernet(frame, !answer, 0x0806);
	memcpy(frame + 14, "\0\1\x08\0\6\4\0\1\2\0\0\0\0\2\xc0\0\2\1\0\0\0\0\0\0\xc0\0\2\2", 28);
	if (answer) /* the other way round */
		memcpy(frame + 21, "\2\2\0\0\0\0\1\xc0\0\2\2\2\0\0\0\0\2\xc0\0\2\1", 21);
	write_frame(frame, sizeof(frame));
}

static void ping(uint32_t id, bool answer)
{
	struct flow f = {.id = id};
	uint8_t frame[98], *p;
	uint32_t pseudo;

	p = put_ip(put_ethernet(frame, !answer, 0x0800), &f, !answer, 1, 64, &pseudo);
	memset(p, 'p', 64);
	put32(p, answer ? 0 : 0x08000000);
	put32(p + 4, id);
	put16(p + 2, folded(sum(0, p, 64)));
	write_frame(frame, sizeof(frame));
}

static void small_talk(uint32_t dice)
{
	static uint32_t id;

	id++;
	if (dice < 12) {
		dns(id, false);
		dns(id, true);
	} else if (dice < 15) {
		ping(id, false);
		ping(id, true);
	} else if (dice < 17) {
		arp(false);
		arp(true);
	} else if (last_len) {
		write_frame(last_frame, last_len); /* sent again */
	}
}

int main(int argc, char **argv)
{
	static const uint32_t file_head[6] = {0xa1b2c3d4, 4 << 16 | 2, 0, 0, 262144, 1};
	const char *kind = argc > 2 ? argv[2] : "mix";
	bool small = !strcmp(kind, "small"), full = !strcmp(kind, "full");
	static struct flow flows[FLOWS];

	wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000;
	if (fwrite(file_head, sizeof(file_head), 1, stdout) != 1)
		return 1;
	for (unsigned i = 0; i < FLOWS; i++)
		flow_open(&flows[i], small || full);
	while (written < wanted) {
		struct flow *f = &flows[any(FLOWS)];

		if (small && f->step > 2)
			tcp(f, any(2), 16, "", 0);
		else if (full && f->step > 2)
			bulk(f, false, 1249, false);
		else if (flow_step(f))
			flow_open(f, small || full);
		if (!small && !full && any(1000) < 20)
			small_talk(any(20));
	}
	return fflush(stdout) ? 1 : 0;
}
