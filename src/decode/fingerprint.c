/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fingerprint: a text and its MD5, which is here a short name of the text, no protection. */
#include "src/decode/fingerprint.h"

#include <glib.h>

void fingerprint_add(struct record *r, uint16_t text_id, uint16_t md5_id, struct buf *text)
{
	char *md5 =
		g_compute_checksum_for_string(G_CHECKSUM_MD5, buf_text(text), (gssize)text->len);

	field_gen_text(r, text_id, buf_text(text), text->len);
	field_gen_text(r, md5_id, md5, strlen(md5));
	g_free(md5);
}
