/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option_lines: rows for protocols that are a list of options. */
#include "option_lines.h"

#define ROW_WIDTH 84

static bool is_quiet(const struct field *f, const uint16_t *quiet)
{
	if (f->flags & FIELD_HIDDEN)
		return true;
	for (; *quiet != FIELD_NONE; quiet++)
		if (*quiet == f->id)
			return true;
	return false;
}

static bool is_unset(const struct field *f)
{
	return def_of(f)->type == FT_BOOLEAN && def_of(f)->flags & ROW_SUB && !f->v.u;
}

/* A label that repeats the option's own says nothing new. */
static void add_part(struct lines *l, const struct record *r, const struct field *option,
		     const struct field *f, bool again, bool first)
{
	const struct field_def *d = def_of(f);

	lines_str(l, again ? ", " : first ? ": " : " ");
	if (!again && strcmp(d->label, def_of(option)->label)) {
		lines_str(l, d->label);
		if (field_value_class(d->type) != VALUE_NONE)
			lines_str(l, ": ");
	}
	lines_field(l, r, f);
}

static void add_flags(struct lines *l, const struct field *f)
{
	if (f->flags & FIELD_SNAPPED)
		lines_str(l, " (cut off: the capture kept only the start of this packet)");
	if (f->flags & FIELD_MALFORMED)
		lines_str(l, " (these bytes break the format)");
}

/* The first field after those inside field i. */
static uint32_t after(const struct record *r, const struct layer *layer, uint32_t i)
{
	uint8_t depth = r->fields[i].depth;

	for (i++; i < layer->end && r->fields[i].depth > depth; i++)
		;
	return i;
}

/* One option from field i on; returns the first field after it. */
static uint32_t option_row(struct lines *l, const struct record *r, const struct layer *layer,
			   const uint16_t *quiet, uint32_t i)
{
	const struct field *option = &r->fields[i], *before = NULL;
	size_t start = l->text.len;

	lines_row(l, r, layer);
	lines_str(l, def_of(option)->label);
	lines_cover(l, r, option);
	for (i++; i < layer->end && r->fields[i].depth > option->depth; i++) {
		const struct field *f = &r->fields[i];

		if (&r->layers[f->layer] != layer)
			continue;
		if (is_quiet(f, quiet) || is_unset(f)) {
			lines_cover(l, r, f);
			continue;
		}
		if (l->text.len - start > ROW_WIDTH) {
			lines_end(l);
			start = l->text.len;
			lines_row(l, r, layer);
			lines_str(l, "   ");
		}
		add_part(l, r, option, f, before && before->id == f->id, !before);
		add_flags(l, f);
		before = f;
	}
	add_flags(l, option);
	lines_end(l);
	return i;
}

static bool is_option(const struct record *r, const struct layer *layer, uint32_t i)
{
	enum field_type type = def_of(&r->fields[i])->type;

	return (type == FT_BYTES || type == FT_NONE) && i + 1 < layer->end &&
	       r->fields[i + 1].depth > r->fields[i].depth;
}

static void all_rows(struct lines *l, const struct record *r, const struct layer *layer,
		     const uint16_t *quiet, bool only_set)
{
	lines_rule(l, proto_table[layer->proto]->header);
	for (uint32_t i = layer->first + 1; i < layer->end;) {
		const struct field *f = &r->fields[i];

		if (&r->layers[f->layer] == layer && is_option(r, layer, i)) {
			i = is_quiet(f, quiet) ? after(r, layer, i)
					       : option_row(l, r, layer, quiet, i);
			continue;
		}
		if (!is_quiet(f, quiet) && &r->layers[f->layer] == layer &&
		    !(only_set && is_unset(f)))
			lines_generic(l, r, layer, f);
		i++;
	}
}

void option_lines(struct lines *l, const struct record *r, const struct layer *layer,
		  const uint16_t *quiet)
{
	all_rows(l, r, layer, quiet, false);
}

void option_lines_set(struct lines *l, const struct record *r, const struct layer *layer,
		      const uint16_t *quiet)
{
	all_rows(l, r, layer, quiet, true);
}
