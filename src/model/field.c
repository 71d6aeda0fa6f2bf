/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field: the registry over all protocols' tables. */
#include "tracetutor/field.h"

#include <glib.h>
#include <string.h>

#include "tracetutor/diag.h"

#define PROTO(symbol) extern const struct proto_def proto_##symbol;
PROTO_LIST(PROTO)
#undef PROTO

const struct proto_def *const proto_table[PROTO_COUNT] = {
#define PROTO(symbol) [PROTO_##symbol] = &proto_##symbol,
	PROTO_LIST(PROTO)
#undef PROTO
};

static const char *const type_names[FT_TYPE_COUNT] = {
	[FT_PROTOCOL] = "FT_PROTOCOL",
	[FT_NONE] = "FT_NONE",
	[FT_BOOLEAN] = "FT_BOOLEAN",
	[FT_CHAR] = "FT_CHAR",
	[FT_UINT8] = "FT_UINT8",
	[FT_UINT16] = "FT_UINT16",
	[FT_UINT24] = "FT_UINT24",
	[FT_UINT32] = "FT_UINT32",
	[FT_UINT40] = "FT_UINT40",
	[FT_UINT48] = "FT_UINT48",
	[FT_UINT64] = "FT_UINT64",
	[FT_INT8] = "FT_INT8",
	[FT_INT16] = "FT_INT16",
	[FT_INT32] = "FT_INT32",
	[FT_INT64] = "FT_INT64",
	[FT_IPv4] = "FT_IPv4",
	[FT_IPv6] = "FT_IPv6",
	[FT_ETHER] = "FT_ETHER",
	[FT_BYTES] = "FT_BYTES",
	[FT_UINT_BYTES] = "FT_UINT_BYTES",
	[FT_STRING] = "FT_STRING",
	[FT_STRINGZ] = "FT_STRINGZ",
	[FT_UINT_STRING] = "FT_UINT_STRING",
	[FT_ABSOLUTE_TIME] = "FT_ABSOLUTE_TIME",
	[FT_RELATIVE_TIME] = "FT_RELATIVE_TIME",
	[FT_FRAMENUM] = "FT_FRAMENUM",
	[FT_OID] = "FT_OID",
	[FT_DOUBLE] = "FT_DOUBLE",
};

const char *field_type_name(enum field_type t)
{
	return type_names[t];
}

bool field_type_is_text(enum field_type t)
{
	return t == FT_STRING || t == FT_STRINGZ || t == FT_UINT_STRING;
}

static bool name_is(const char *name, const char *word, size_t len)
{
	return !strncmp(name, word, len) && !name[len];
}

#define ID_WORDS ((PROTO_COUNT << FIELD_ROW_BITS) / 64)

static uint64_t asked[ID_WORDS];

const uint64_t *field_all(void)
{
	static const uint64_t all[ID_WORDS] = {[0 ... ID_WORDS - 1] = UINT64_MAX};

	return all;
}

static void ask(uint16_t id)
{
	asked[id / 64] |= 1ull << id % 64;
}

/* All names, made when the first is looked for. */
static GHashTable *index_of_names(void)
{
	static GHashTable *index;

	if (g_once_init_enter(&index)) {
		GHashTable *all = g_hash_table_new(g_str_hash, g_str_equal);

		for (uint16_t id = field_next(FIELD_NONE); id != FIELD_NONE; id = field_next(id)) {
			g_hash_table_insert(all, (gpointer)field_def(id)->name,
					    GUINT_TO_POINTER(id));
			if (!proto_table[FIELD_PROTO(id)]->common || !FIELD_ROW(id) ||
			    field_def(id)->flags & ROW_KEPT)
				ask(id);
		}
		g_once_init_leave(&index, all);
	}
	return index;
}

static bool for_notes;

void field_ask_for_notes(bool only)
{
	for_notes = only;
}

const uint64_t *field_asked(void)
{
	index_of_names();
	return asked;
}

uint16_t field_find(const char *name, size_t len)
{
	char word[FIELD_NAME_SIZE];
	gpointer id;

	if (len >= sizeof word || memchr(name, '\0', len))
		return FIELD_NONE;
	memcpy(word, name, len);
	word[len] = '\0';
	if (!g_hash_table_lookup_extended(index_of_names(), word, NULL, &id))
		return FIELD_NONE;
	if (!for_notes)
		ask((uint16_t)GPOINTER_TO_UINT(id));
	return (uint16_t)GPOINTER_TO_UINT(id);
}

enum proto_id proto_find(const char *name, size_t len)
{
	for (int p = 0; p < PROTO_COUNT; p++)
		if (name_is(proto_table[p]->name, name, len))
			return (enum proto_id)p;
	return PROTO_COUNT;
}

uint16_t field_next(uint16_t id)
{
	unsigned proto = id == FIELD_NONE ? 0 : FIELD_PROTO(id);
	unsigned row = id == FIELD_NONE ? 0 : FIELD_ROW(id) + 1u;

	for (; proto < PROTO_COUNT; proto++, row = 0)
		for (; row < proto_table[proto]->nfields; row++)
			if (proto_table[proto]->fields[row].name)
				return FIELD_ID(proto, row);
	return FIELD_NONE;
}

const char *field_nearest(const char *word)
{
	struct nearest n = NEAREST_INIT(word);

	for (uint16_t id = field_next(FIELD_NONE); id != FIELD_NONE; id = field_next(id))
		nearest_offer(&n, field_def(id)->name);
	return n.best;
}

const char *value_name(const struct value_name *list, uint64_t value)
{
	for (; list && list->text; list++)
		if (list->value == value)
			return list->text;
	return NULL;
}

static void check_row(struct diag *d, const struct proto_def *p, unsigned row, GHashTable *seen)
{
	const struct field_def *f = &p->fields[row];

	if (!f->name)
		diag_fail(d, NULL, "%s: row %u has no name", p->name, row);
	else if (!g_hash_table_add(seen, (gpointer)f->name))
		diag_fail(d, NULL, "%s: the name stands twice", f->name);
	else if (strlen(f->name) >= FIELD_NAME_SIZE)
		diag_fail(d, NULL, "%s: the name is too long to be found", f->name);
	if (!f->label || f->type >= FT_TYPE_COUNT)
		diag_fail(d, NULL, "%s: no label or no type", f->name);
	if ((f->type == FT_PROTOCOL) != (row == 0))
		diag_fail(d, NULL, "%s: row 0 and only row 0 is the protocol", f->name);
	if (f->mask && field_value_class(f->type) != VALUE_UNSIGNED)
		diag_fail(d, NULL, "%s: a mask needs an unsigned type", f->name);
	if ((f->flags & ROW_SUB) && row < 2)
		diag_fail(d, NULL, "%s: nothing stands above it", f->name);
	if (f->size > 8 && field_value_class(f->type) == VALUE_UNSIGNED)
		diag_fail(d, NULL, "%s: numbers have at most 8 bytes", f->name);
}

bool registry_check(struct diag *d)
{
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	size_t before = d->errors;

	for (unsigned p = 0; p < PROTO_COUNT; p++) {
		if (!proto_table[p]->nfields || proto_table[p]->nfields > 1u << FIELD_ROW_BITS)
			diag_fail(d, NULL, "%s: no rows, or too many", proto_table[p]->name);
		for (unsigned row = 0; row < proto_table[p]->nfields; row++)
			check_row(d, proto_table[p], row, seen);
	}
	g_hash_table_destroy(seen);
	return d->errors == before;
}
