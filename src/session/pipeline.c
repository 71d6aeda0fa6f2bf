/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pipeline: the one data flow, from a frame to its record, its notes and the findings. */
#include "tracetutor/session.h"

#include "tracetutor/decode.h"

/* Exchanges, conversations and the capture's summary go to the same rules as packets. */
static void emitted(void *context, struct record *r)
{
	struct pipeline *p = context;

	if (p->engine)
		engine_record(p->engine, r);
	if (p->each)
		p->each(p->each_context, r);
}

void pipeline_init(struct pipeline *p, const struct packs *packs)
{
	*p = (struct pipeline){0};
	p->decoder = decoder_new();
	p->track = track_new(emitted, p);
	p->engine = packs ? engine_new(packs) : NULL;
	record_init(&p->record, RECORD_PACKET);
}

void pipeline_watch(struct pipeline *p, volatile uint32_t *at)
{
	p->care.at = at;
}

void pipeline_between(struct pipeline *p)
{
	if (p->care.at)
		*p->care.at = 0;
}

bool pipeline_skip(struct pipeline *p, uint32_t number)
{
	if (p->care.nskips == PIPELINE_MAX_SKIPS)
		return false;
	p->care.skips[p->care.nskips++] = number;
	return true;
}

static bool skipped(const struct pipeline_care *c, uint32_t number)
{
	for (unsigned i = 0; i < c->nskips; i++)
		if (c->skips[i] == number)
			return true;
	return false;
}

static void decode_frame(struct pipeline *p, const struct frame *f)
{
	struct record *r = &p->record;

	decode_headers(p->decoder, r, f);
	track_packet(p->track, r);
	decode_payload(p->decoder, r);
	track_payload_done(p->track, r);
}

void pipeline_frame(struct pipeline *p, const struct frame *f)
{
	if (!p->packets)
		p->first_time = f->time;
	p->last_time = f->time;
	p->packets++;
	p->bytes += f->original;
	if (p->care.at)
		*p->care.at = f->number;
	if (skipped(&p->care, f->number)) {
		decode_ignored(p->decoder, &p->record, f);
		track_packet(p->track, &p->record);
	} else {
		decode_frame(p, f);
	}
	if (p->engine)
		engine_record(p->engine, &p->record);
	if (p->each)
		p->each(p->each_context, &p->record);
}

void pipeline_observe(struct pipeline *p, pipeline_each *each, void *context)
{
	p->each = each;
	p->each_context = context;
}

void pipeline_clock(struct pipeline *p, int64_t now)
{
	track_clock(p->track, now);
}

void pipeline_machine(struct pipeline *p, const struct machine *m)
{
	track_machine(p->track, m);
}

void pipeline_end(struct pipeline *p)
{
	track_end(p->track);
	if (p->engine)
		engine_end(p->engine);
}

void pipeline_rest(struct pipeline *p)
{
	track_free(p->track);
	decoder_free(p->decoder);
	p->track = NULL;
	p->decoder = NULL;
}

void pipeline_release(struct pipeline *p)
{
	pipeline_rest(p);
	engine_free(p->engine);
	record_release(&p->record);
	*p = (struct pipeline){0};
}
