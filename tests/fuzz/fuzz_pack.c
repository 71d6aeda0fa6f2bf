// SPDX-License-Identifier: GPL-3.0-or-later
/* Any bytes as a pack: refused or loaded, checked, and its rules run on one packet. */
#include "tracetutor/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(const struct packs *p)
{
	struct engine *e = engine_new(p);
	struct conv c = {.ip_proto = 6};
	struct record r;

	record_init(&r, RECORD_PACKET);
	record_reset(&r, RECORD_PACKET);
	r.number = 1;
	r.conv = &c;
	field_gen_uint(&r, field_find("ip.src", 6), 0x0A000001);
	field_gen_uint(&r, field_find("tcp.port", 8), 110);
	engine_record(e, &r);
	engine_end(e);
	engine_free(e);
	record_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packs *p = packs_new();
	struct diag d = DIAG_INIT;
	struct buf out = BUF_INIT;

	packs_load_bytes(p, "pack.xml", (const char *)data, size, &d);
	packs_check(p, &d);
	diag_write(&d, &out);
	feed(p);
	buf_release(&out);
	diag_release(&d);
	packs_free(p);
	return 0;
}
