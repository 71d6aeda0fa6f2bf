/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * link: what the link layers share (private to decode).
 */
#ifndef DECODE_LINK_H
#define DECODE_LINK_H

#include "tracetutor/decode.h"
#include "tracetutor/lines.h"

#define LINK_ETHERNET  1 /* LINKTYPE_ values of what tunnels carry */
#define LINK_PPP       9
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define LENGTH_MAX     1500 /* IEEE 802.3: up to here the two bytes are a length */
#define ETHERTYPE_MIN  1536
#define FRAME_MIN      60 /* shorter ones are filled up with zeros (64 with the check sequence) */

extern const struct value_name ethertype_names[];
extern const struct value_name arp_hardware_names[];

/* A layer whose fields can be added to again after the layers above it were decoded. */
struct link_layer {
	uint8_t index;
	uint8_t source;
};
struct link_layer link_open(const struct record *r);

/* How the bytes behind a link layer's payload are called. */
struct trailer_ids {
	uint16_t trailer;
	bool fcs; /* the last four bytes may be Ethernet's check sequence */
};

/*
 * Hand the payload to what hangs at that Ethernet type, else it is data; then name what is left of
 * the frame as padding, trailer or check sequence of the layer.
 */
void link_ethertype(struct decoder *d, struct record *r, struct link_layer layer, uint16_t type,
		    struct cursor *c, struct trailer_ids ids);
/* The same for a payload of `length` bytes with an LLC header (IEEE 802.3). */
void link_length(struct decoder *d, struct record *r, struct link_layer layer, uint16_t length,
		 struct cursor *c, struct trailer_ids ids);

/* The direction of the PPP frame at work, for the layers above; state of the capture. */
enum frame_direction *ppp_direction(struct decoder *d);

/* The low three bytes of the hardware address of the frame's sender (or receiver), 0 if it has
 * none: enough to tell the stations of one capture apart in the key of an exchange. */
uint64_t link_station(const struct record *r, bool sender);

/* The layer's rows from `first` on; those before are said by the caller. */
void link_rest(struct lines *l, const struct record *r, const struct layer *layer, unsigned first);

#endif
