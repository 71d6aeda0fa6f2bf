/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dns lines: the decode column of DNS. A question or a record is one line that begins with what it
 * is; its data and everything else are one line a field.
 */
#include "src/decode/dns.h"

#include "tracetutor/lines.h"

enum { TYPES_IN_A_ROW = 5 };

/* Where the walk over the fields of a layer is. */
struct place {
	const struct record *r;
	const struct layer *layer;
	uint32_t i;
	uint64_t left[3]; /* records to come: answers, authority, additional */
};

static const struct field *next_if(struct place *p, uint16_t row)
{
	const struct field *f = &p->r->fields[p->i];

	if (p->i >= p->layer->end || f->id != DNS_FIELD(row))
		return NULL;
	p->i++;
	return f;
}

static void say(struct lines *l, const struct record *r, const char *label, const struct field *f,
		const char *unit)
{
	if (!f)
		return;
	lines_str(l, label);
	lines_field(l, r, f);
	lines_str(l, unit);
}

/* "DNS: Question: www.example.com Type: 1 (A) Class: 0x0001 (IN)" */
static void question_line(struct lines *l, struct place *p)
{
	lines_row(l, p->r, p->layer);
	say(l, p->r, "Question: ", next_if(p, DNS_QRY_NAME), "");
	lines_cover(l, p->r, next_if(p, DNS_QRY_NAME_LEN));
	lines_cover(l, p->r, next_if(p, DNS_COUNT_LABELS));
	say(l, p->r, " Type: ", next_if(p, DNS_QRY_TYPE), "");
	say(l, p->r, " Class: ", next_if(p, DNS_QRY_CLASS), "");
	lines_end(l);
}

static const char *section_label(struct place *p)
{
	static const char *const labels[] = {"Answer: ", "Authority: ", "Additional: "};

	for (int s = 0; s < 3; s++)
		if (p->left[s]) {
			p->left[s]--;
			return labels[s];
		}
	return "Record: ";
}

/* "DNS: Answer: www.example.com Type: 1 (A) Class: 0x0001 (IN) Time To Live: 300 sec" */
static void record_line(struct lines *l, struct place *p)
{
	const struct field *flush;

	lines_row(l, p->r, p->layer);
	say(l, p->r, section_label(p), next_if(p, DNS_RESP_NAME), "");
	say(l, p->r, " Type: ", next_if(p, DNS_RESP_TYPE), "");
	say(l, p->r, " Class: ", next_if(p, DNS_RESP_CLASS), "");
	flush = next_if(p, DNS_RESP_CACHE_FLUSH);
	say(l, p->r, " Time To Live: ", next_if(p, DNS_RESP_TTL), " sec");
	lines_cover(l, p->r, next_if(p, DNS_RESP_LEN));
	lines_end(l);
	if (flush)
		lines_generic(l, p->r, p->layer, flush);
}

/* "DNS: Types there: 1 (A), 28 (AAAA), 46 (RRSIG)": what the name of an NSEC record has */
static void types_line(struct lines *l, struct place *p)
{
	const char *before = "Types there: ";
	const struct field *f;

	lines_row(l, p->r, p->layer);
	for (int n = 0; n < TYPES_IN_A_ROW && (f = next_if(p, DNS_RESP_TYPE)); n++) {
		say(l, p->r, before, f, "");
		before = ", ";
	}
	lines_end(l);
}

static void note_count(struct place *p, const struct field *f)
{
	switch (FIELD_ROW(f->id)) {
	case DNS_COUNT_ANSWERS:
	case DNS_COUNT_PREREQUISITES: p->left[0] = f->v.u; break;
	case DNS_COUNT_AUTH_RR:
	case DNS_COUNT_UPDATES: p->left[1] = f->v.u; break;
	case DNS_COUNT_ADD_RR: p->left[2] = f->v.u; break;
	}
}

void dns_lines(struct lines *l, const struct record *r, const struct layer *layer)
{
	struct place p = {.r = r, .layer = layer, .i = layer->first + 1};

	lines_rule(l, proto_table[layer->proto]->header);
	while (p.i < layer->end) {
		const struct field *f = &r->fields[p.i];

		if (f->flags & FIELD_HIDDEN || &r->layers[f->layer] != layer) {
			p.i++;
		} else if (f->id == DNS_FIELD(DNS_QRY_NAME)) {
			question_line(l, &p);
		} else if (f->id == DNS_FIELD(DNS_RESP_NAME)) {
			record_line(l, &p);
		} else if (f->id == DNS_FIELD(DNS_RESP_TYPE)) {
			types_line(l, &p);
		} else {
			note_count(&p, f);
			lines_generic(l, r, layer, f);
			p.i++;
		}
	}
}
