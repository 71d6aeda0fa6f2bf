/* SPDX-License-Identifier: GPL-3.0-or-later */
/* number: numbers of capture files, whose byte order the file tells. */
#ifndef TRACETUTOR_CAPTURE_NUMBER_H
#define TRACETUTOR_CAPTURE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

static inline uint16_t number_u16(const uint8_t *p, bool little)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return little ? GUINT16_FROM_LE(v) : GUINT16_FROM_BE(v);
}

static inline uint32_t number_u32(const uint8_t *p, bool little)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return little ? GUINT32_FROM_LE(v) : GUINT32_FROM_BE(v);
}

static inline uint64_t number_u64(const uint8_t *p, bool little)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return little ? GUINT64_FROM_LE(v) : GUINT64_FROM_BE(v);
}

#endif
