/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why: the condition as a tree, each part with yes or no and the record's values. */
#include "src/filter/tree.h"

#define VALUES_SHOWN 4
#define VALUE_CHARS  60

struct why {
	const struct filter *f;
	const struct run *run;
	struct buf *out;
};

static void write_value(struct buf *out, const struct record *r, const struct field *f)
{
	struct buf value = BUF_INIT;

	if (def_of(f)->secrecy == SECRET || f->flags & FIELD_SECRET) {
		buf_str(out, "(hidden)");
		return;
	}
	field_named_text(&value, r, f);
	buf_clean_max(out, buf_text(&value), value.len, VALUE_CHARS);
	buf_release(&value);
}

/* "tcp.port is 110, 51690" */
static void write_field(const struct why *w, uint16_t id)
{
	const struct record *r = w->run->r;
	const struct field *f = record_find(r, id, 0);
	unsigned shown = 0;

	buf_str(w->out, field_def(id)->name);
	if (!f) {
		buf_str(w->out, " is not there");
		return;
	}
	if (field_def(id)->type == FT_PROTOCOL || field_def(id)->type == FT_NONE) {
		buf_str(w->out, " is there");
		return;
	}
	for (; f; f = record_find(r, id, (uint32_t)(f - r->fields) + 1)) {
		buf_str(w->out, shown ? ", " : " is ");
		if (++shown > VALUES_SHOWN) {
			buf_str(w->out, "...");
			return;
		}
		write_value(w->out, r, f);
	}
}

static void write_fields(const struct why *w, const struct node *n, bool *first)
{
	if (n->kind == NODE_FIELD) {
		buf_str(w->out, *first ? "   (" : "; ");
		*first = false;
		write_field(w, n->field);
	}
	for (const struct node *child = n->first; child; child = child->next)
		write_fields(w, child, first);
}

static const char *join_words(const struct node *n)
{
	switch (n->kind) {
	case NODE_AND: return "all of these:";
	case NODE_OR: return "at least one of these:";
	case NODE_XOR: return n->count == 2 ? "exactly one of these:" : "an odd number of these:";
	case NODE_NOT: return "not:";
	default: return NULL;
	}
}

static void write_node(const struct why *w, const struct node *n, unsigned indent)
{
	const char *words = join_words(n);
	bool first = true;

	w->run->state->steps = FILTER_STEPS;
	buf_fill(w->out, ' ', (size_t)2 * indent);
	buf_str(w->out, node_test(w->run, n) ? "yes  " : "no   ");
	if (words) {
		buf_str(w->out, words);
	} else {
		buf_clean(w->out, w->f->text + n->at.at, n->at.len);
		write_fields(w, n, &first);
		if (!first)
			buf_char(w->out, ')');
	}
	buf_char(w->out, '\n');
	for (const struct node *child = words ? n->first : NULL; child; child = child->next)
		write_node(w, child, indent + 1);
}

void filter_why(const struct filter *f, const struct record *r, struct buf *out)
{
	struct run run = {.r = r, .state = f->state};
	struct why w = {.f = f, .run = &run, .out = out};

	write_node(&w, f->root, 0);
}
