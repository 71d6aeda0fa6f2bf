/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bytes: capture files made in tests, byte by byte, in either byte order.
 */
#ifndef TRACETUTOR_TESTS_BYTES_H
#define TRACETUTOR_TESTS_BYTES_H

#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

struct bytes {
	GByteArray *a;
	bool little;
};

static inline struct bytes bytes_new(bool little)
{
	return (struct bytes){.a = g_byte_array_new(), .little = little};
}

static inline void put_number(struct bytes *b, uint64_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint8_t byte = (uint8_t)(v >> 8 * (b->little ? i : n - 1 - i));

		g_byte_array_append(b->a, &byte, 1);
	}
}

static inline void put16(struct bytes *b, uint16_t v)
{
	put_number(b, v, 2);
}

static inline void put32(struct bytes *b, uint32_t v)
{
	put_number(b, v, 4);
}

static inline void put_bytes(struct bytes *b, const void *p, size_t n)
{
	g_byte_array_append(b->a, p, (guint)n);
}

static inline void set32(struct bytes *b, uint32_t at, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		b->a->data[at + i] = (uint8_t)(v >> 8 * (b->little ? i : 3 - i));
}

/* --- pcap --- */

static inline struct bytes pcap_new(bool little, uint32_t magic, uint32_t link_type)
{
	struct bytes b = bytes_new(little);

	put32(&b, magic);
	put16(&b, 2);
	put16(&b, 4);
	put_number(&b, 0, 8);
	put32(&b, 65535);
	put32(&b, link_type);
	return b;
}

static inline void pcap_frame(struct bytes *b, uint32_t seconds, uint32_t fraction, const void *p,
			      uint32_t n)
{
	put32(b, seconds);
	put32(b, fraction);
	put32(b, n);
	put32(b, n);
	put_bytes(b, p, n);
}

/* --- pcapng: a block is begun, filled and ended, which sets its two lengths --- */

static inline uint32_t block_begin(struct bytes *b, uint32_t type)
{
	uint32_t at = b->a->len;

	put32(b, type);
	put32(b, 0);
	return at;
}

static inline void block_end(struct bytes *b, uint32_t at)
{
	while (b->a->len % 4)
		put_number(b, 0, 1);
	set32(b, at + 4, b->a->len + 4 - at);
	put32(b, b->a->len + 4 - at);
}

static inline void put_option(struct bytes *b, uint16_t code, const void *p, uint16_t n)
{
	put16(b, code);
	put16(b, n);
	put_bytes(b, p, n);
	while (b->a->len % 4)
		put_number(b, 0, 1);
}

static inline void put_section(struct bytes *b)
{
	uint32_t at = block_begin(b, 0x0a0d0d0a);

	put32(b, 0x1a2b3c4d);
	put16(b, 1);
	put16(b, 0);
	put_number(b, UINT64_MAX, 8);
	block_end(b, at);
}

static inline struct bytes pcapng_new(bool little)
{
	struct bytes b = bytes_new(little);

	put_section(&b);
	return b;
}

static inline void put_interface(struct bytes *b, uint16_t link_type, uint8_t resolution,
				 const char *name)
{
	uint32_t at = block_begin(b, 1);

	put16(b, link_type);
	put16(b, 0);
	put32(b, 0);
	if (name)
		put_option(b, 2, name, (uint16_t)strlen(name));
	if (resolution)
		put_option(b, 9, &resolution, 1);
	put_option(b, 0, NULL, 0);
	block_end(b, at);
}

/* The block stays open for options; end it with block_end(). */
static inline uint32_t packet_begin(struct bytes *b, uint32_t interface, uint64_t time,
				    const void *p, uint32_t n)
{
	uint32_t at = block_begin(b, 6);

	put32(b, interface);
	put32(b, (uint32_t)(time >> 32));
	put32(b, (uint32_t)time);
	put32(b, n);
	put32(b, n);
	put_bytes(b, p, n);
	while (b->a->len % 4)
		put_number(b, 0, 1);
	return at;
}

static inline void put_packet(struct bytes *b, uint32_t interface, uint64_t time, const void *p,
			      uint32_t n)
{
	block_end(b, packet_begin(b, interface, time, p, n));
}

/* Write to a new temporary file; its name is to be given to file_gone(). Frees the bytes. */
static inline char *bytes_file(struct bytes *b)
{
	char *path = NULL;
	int fd = g_file_open_tmp("check-XXXXXX", &path, NULL);

	if (fd >= 0 && write(fd, b->a->data, b->a->len) == (ssize_t)b->a->len)
		close(fd);
	g_byte_array_free(b->a, TRUE);
	return path;
}

static inline void file_gone(char *path)
{
	g_unlink(path);
	g_free(path);
}

/* A file of the source tree. */
static inline char *test_file(const char *name)
{
	const char *top = g_getenv("srcdir");

	return g_build_filename(top ? top : ".", "tests", "captures", name, NULL);
}

#endif
