/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ppp_control: what the control protocols of PPP share (RFC 1661 sections 4 and 5): a code, a
 * number that joins question and answer, and a list of options (private to decode).
 */
#ifndef DECODE_PPP_CONTROL_H
#define DECODE_PPP_CONTROL_H

#include "tracetutor/decode.h"

/*
 * One option. Its value is the rows first..last, then what is left as bytes `rest`; both may be 0.
 * `special` reads what does not fit that, instead.
 */
struct ppp_option {
	uint8_t type;
	uint16_t item; /* the field over the whole option; 0 ends a list */
	uint16_t first, last;
	uint16_t rest;
	void (*special)(struct decoder *, struct record *, struct cursor *);
};

struct ppp_control {
	enum proto_id proto;
	const struct ppp_option *options;
	uint16_t type, length; /* of an option */
};

void ppp_control(struct decoder *d, struct record *r, struct cursor *c,
		 const struct ppp_control *p);
/* Options type by type, until the cursor ends. */
void ppp_options(struct decoder *d, struct record *r, struct cursor *c,
		 const struct ppp_control *p);

/*
 * A question or its answer of the line this packet is on. `group` tells questions of one protocol
 * apart. Who asked is part of the key where it can be known, as both ends number from one.
 */
void ppp_mark(struct decoder *d, struct record *r, enum exchange_role role, uint8_t group,
	      uint8_t identifier, uint32_t first);

/* Something was refused with these words, which may be none. */
void ppp_reason(struct record *r, const uint8_t *words, uint32_t n);

#endif
