/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eapol: rows of 802.1X frames and of the keys of Wi-Fi in them (private to decode). */
#ifndef DECODE_EAPOL_H
#define DECODE_EAPOL_H

#include "tracetutor/decode.h"

enum eapol_row {
	EAPOL_PROTO,
	EAPOL_VERSION,
	EAPOL_TYPE,
	EAPOL_LENGTH,
	EAPOL_KEY_TYPE,
	EAPOL_KEY_BODY,
	EAPOL_KEY_LENGTH,
	EAPOL_REPLAY,
	EAPOL_IV,
	EAPOL_INDEX,
	EAPOL_INDEX_TYPE,
	EAPOL_INDEX_NUMBER,
	EAPOL_SIGNATURE,
	EAPOL_KEY,
	EAPOL_LOCALLY,
	EAPOL_ROWS
};
#define EAPOL_ID(row) FIELD_ID(PROTO_eapol, EAPOL_##row)

/* The key message of WPA and WPA2, behind its type (IEEE 802.11 section 12.7.2). */
void wlan_key(struct decoder *d, struct record *r, struct cursor *c);

#endif
