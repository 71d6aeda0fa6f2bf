/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "out.h"
#include "tracetutor/sink.h"

#define BIT(n) (1u << (n))

/* What may stand directly in each node. */
static const uint16_t children[NODE_COUNT] = {
	[NODE_REPORT] = BIT(NODE_SECTION),
	[NODE_SECTION] = BIT(NODE_PACKET) | BIT(NODE_PROSE) | BIT(NODE_CODE) | BIT(NODE_FINDING) |
			 BIT(NODE_QUESTION) | BIT(NODE_FIGURE),
	[NODE_PACKET] = BIT(NODE_ROW),
	[NODE_ROW] = BIT(NODE_DECODE) | BIT(NODE_NOTE),
	[NODE_NOTE] = BIT(NODE_PROSE),
	[NODE_FINDING] = BIT(NODE_PROSE),
};

/* Nodes that hold text. */
static const uint16_t holds_text =
	BIT(NODE_DECODE) | BIT(NODE_PROSE) | BIT(NODE_CODE) | BIT(NODE_QUESTION);

static const struct node_attr no_attributes;

/* A wrong nesting is our own mistake, never the input's: stop where it happens. */
static void require(bool right)
{
	if (!right)
		abort();
}

void sink_begin(struct sink *s, enum node n, const struct node_attr *a)
{
	if (s->depth == 0)
		require(n == NODE_REPORT);
	else
		require(s->depth < sizeof s->stack && children[s->stack[s->depth - 1]] & BIT(n));
	require(n != NODE_FIGURE || (a && a->figure));
	s->stack[s->depth++] = (uint8_t)n;
	s->ops->begin(s, n, a ? a : &no_attributes);
}

void sink_text(struct sink *s, enum style st, const char *text, size_t len)
{
	require(s->depth > 0 && holds_text & BIT(s->stack[s->depth - 1]));
	if (len > 0)
		s->ops->text(s, st, text, len);
}

void sink_end(struct sink *s, enum node n)
{
	require(s->depth > 0 && s->stack[s->depth - 1] == n);
	s->ops->end(s, n);
	s->depth--;
}

bool sink_flush(struct sink *s)
{
	return s->ops->flush(s) && s->error == 0;
}

void sink_free(struct sink *s)
{
	if (s)
		s->ops->free(s);
}

const char *sink_severity(int severity)
{
	return severity >= 3 ? "Error: " : severity == 2 ? "Warning: " : "";
}
