/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * textline: lines and words of the protocols that talk in lines of text (POP3, SMTP, IMAP, FTP,
 * NNTP), read from the cursor over a stream's in-order bytes.
 *
 * A line ends with LF; a CR before it belongs to the line end. Nothing is copied: parts point into
 * the source.
 */
#ifndef TRACETUTOR_DECODE_TEXTLINE_H
#define TRACETUTOR_DECODE_TEXTLINE_H

#include "tracetutor/cursor.h"

#define TEXTLINE_MAX 4096 /* without a line end, that many bytes are taken as they are */

/* A run of bytes of a source. */
struct textpart {
	const uint8_t *p;
	uint32_t off, len;
};

struct textline {
	struct textpart text; /* without the line end */
	uint32_t full;        /* bytes with the line end */
	bool tail;            /* goes on with an overlong line: its beginning was taken before */
	bool cut;             /* the capture ends in it */
};

/*
 * Take the next line. False if none is left, or if the line is not complete yet: then need_more is
 * set, unless `last` says that nothing will come. `overlong` is the caller's memory, one a
 * direction, of being in the middle of a line of more than TEXTLINE_MAX bytes.
 */
bool textline_next(struct cursor *c, bool last, bool *overlong, struct textline *l);

/* The whole line with its end. */
struct textpart textline_whole(const struct textline *l);
/* The next word from *at on (an offset in part); blanks before it are passed over. Empty at the
 * end. */
struct textpart textpart_word(const struct textpart *part, uint32_t *at);
/* What follows *at, without the one blank that ends the word before it. */
struct textpart textpart_rest(const struct textpart *part, uint32_t at);
/* Bytes from..to of the part. */
struct textpart textpart_slice(const struct textpart *part, uint32_t from, uint32_t to);
/* ASCII letters compared without case. */
bool textpart_is(const struct textpart *part, const char *word);
bool textpart_starts(const struct textpart *part, const char *word);
/* The part has this word somewhere. */
bool textpart_has(const struct textpart *part, const char *word);
/* Decimal digits at *at, at most 9 of them; false if there are none. Moves *at past them. */
bool textpart_number(const struct textpart *part, uint32_t *at, uint32_t *value);
/* Three digits that begin the part and are followed by its end, a blank or '-': a reply code. */
bool textpart_reply_code(const struct textpart *part, uint32_t *code);

#endif
