/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * frame: one captured frame. Bytes are borrowed until the next capture_next().
 */
#ifndef TRACETUTOR_FRAME_H
#define TRACETUTOR_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#define FRAME_MAX (256 * 1024) /* captured bytes; more in a file is damage */

enum frame_direction { DIR_UNKNOWN, DIR_IN, DIR_OUT };

struct frame {
	uint32_t number;    /* from 1 */
	int64_t time;       /* ns since 1970 UTC, within +-2^62: differences never overflow */
	uint32_t captured;  /* bytes at data, <= FRAME_MAX */
	uint32_t original;  /* bytes it had on the wire, >= captured in sane files */
	uint32_t link_type; /* LINKTYPE_ value as in files (1 Ethernet, 101 raw IP, 9 PPP ...) */
	uint32_t interface; /* index from 0 */
	enum frame_direction direction; /* from pcapng epb_flags, else unknown */
	uint32_t section;               /* of a pcapng file, from 1; 0: the file has none */
	bool untimed; /* the file gives this frame no time (pcapng simple packet); time is 0 */
	const uint8_t *data;
	const char *interface_name; /* raw, not cleaned; NULL if the file does not say */
	const char *comment;        /* first pcapng packet comment, raw; NULL */
	uint64_t file_offset;       /* where capture_seek() finds it again */
};

#endif
