/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pcapng_option: options and times inside pcapng blocks (draft-ietf-opsawg-pcapng), for
 * who reads and who writes them.
 */
#ifndef TRACETUTOR_CAPTURE_PCAPNG_OPTION_H
#define TRACETUTOR_CAPTURE_PCAPNG_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#define BLOCK_FRAME 12 /* type, length, and the length again at the end */
#define BLOCK_MAX   (16u << 20)

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete */
	BLOCK_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_ENHANCED = 6,
	BLOCK_SECRETS = 10
};

enum option_code {
	OPT_END = 0,
	OPT_COMMENT = 1,
	OPT_SECTION_SYSTEM = 3,
	OPT_SECTION_APPLICATION = 4,
	OPT_IF_NAME = 2,
	OPT_IF_DESCRIPTION = 3,
	OPT_IF_TSRESOL = 9,
	OPT_IF_FILTER = 11,
	OPT_IF_TSOFFSET = 14,
	OPT_PACKET_FLAGS = 2,
	OPT_ISB_STARTTIME = 2,
	OPT_ISB_ENDTIME = 3,
	OPT_ISB_IFRECV = 4,
	OPT_ISB_IFDROP = 5,
	OPT_ISB_OSDROP = 7
};

/* Where the next option of a block lies: p[at .. end). */
struct options {
	const uint8_t *p;
	uint32_t at, end;
	bool cut; /* the block goes on after end: what lies there was not kept */
	bool little;
	bool bad; /* an option was longer than its block */
};

struct option {
	uint16_t code, len;
	const uint8_t *value;
};

/* The next option; false at the end of the list, or when it is broken (then bad is set). */
bool option_next(struct options *o, struct option *opt);

/*
 * Units as nanoseconds since 1970, plus `offset` seconds. resolution is if_tsresol: a negative
 * power of 10, or of 2 if its highest bit is set. What leaves CAPTURE_TIME_LIMIT is held at it.
 */
int64_t pcapng_time(uint64_t units, uint8_t resolution, int64_t offset);

#endif
