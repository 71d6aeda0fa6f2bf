/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clues: what lies in every match of a pattern, read from its text.
 *
 * Plain characters, escapes and classes that stand side by side make a stretch: as many bytes, each
 * of a known set, lie side by side in every match. What may be missing (? * {0}) and what is not
 * looked into (groups) ends a stretch. Of each alternative the best stretches are kept. Anything
 * that could make the rest mean something else (options, verbs, \Q ...) leaves the pattern without
 * clues: then it must be tried.
 */
#include "src/filter/tree.h"

#define STRETCH_MAX 64

enum atom { ATOM_SET, ATOM_NOTHING, ATOM_GAP, ATOM_BAR, ATOM_UNKNOWN };

struct walk {
	const uint8_t *s;
	uint32_t n, i;
	struct byte_set stretch[STRETCH_MAX];
	uint32_t len;
	struct clue clue; /* of the alternative at work */
	unsigned worth;   /* of its run */
};

/* How often an atom stands there at least, and whether more may follow. */
struct repeat {
	uint32_t least;
	bool exact;
};

/* --- sets --- */

static void set_add(struct byte_set *set, uint8_t c)
{
	set->bits[c / 64] |= 1ull << (c % 64);
}

static void set_range(struct byte_set *set, uint8_t from, uint8_t to)
{
	for (unsigned c = from; c <= to; c++)
		set_add(set, (uint8_t)c);
}

static void set_text(struct byte_set *set, const char *members)
{
	for (; *members; members++)
		set_add(set, (uint8_t)*members);
}

static void set_turn(struct byte_set *set)
{
	for (unsigned i = 0; i < 4; i++)
		set->bits[i] = ~set->bits[i];
}

static void set_join(struct byte_set *to, const struct byte_set *set)
{
	for (unsigned i = 0; i < 4; i++)
		to->bits[i] |= set->bits[i];
}

/* Patterns are matched without regard to case. */
static void set_fold(struct byte_set *set)
{
	const uint64_t letters = 0x07fffffe; /* A-Z from bit 0 of their half, a-z of theirs */
	uint64_t upper = set->bits[1] & letters, lower = set->bits[1] >> 32 & letters;

	set->bits[1] |= upper << 32 | lower;
}

static unsigned set_size(const struct byte_set *set)
{
	unsigned n = 0;

	for (unsigned i = 0; i < 4; i++)
		n += (unsigned)__builtin_popcountll(set->bits[i]);
	return n;
}

unsigned byte_set_worth(const struct byte_set *set)
{
	unsigned size = set_size(set), worth = 8;

	while (worth && size > 1u << (8 - worth))
		worth--;
	return worth;
}

/* The one character the set stands for, in small letters; -1: there are several. */
static int set_letter(const struct byte_set *set)
{
	unsigned size = set_size(set);

	for (int c = 255; c >= 0 && size <= 2; c--)
		if (byte_set_has(set, (uint8_t)c))
			return size == 1 || (g_ascii_islower((char)c) &&
					     byte_set_has(set, (uint8_t)(c - 32)))
				       ? c
				       : -1;
	return -1;
}

/* --- stretches --- */

static void keep_literal(struct clue *clue, const struct byte_set *sets, uint32_t n)
{
	if (n <= clue->nliteral)
		return;
	for (uint32_t i = 0; i < n; i++)
		clue->literal[i] = (uint8_t)set_letter(&sets[i]);
	clue->nliteral = n;
}

static void keep_run(struct walk *w, const struct byte_set *sets, uint32_t n)
{
	unsigned worth = 0;

	for (uint32_t i = 0; i < n; i++)
		worth += byte_set_worth(&sets[i]);
	if (worth <= w->worth)
		return;
	w->worth = worth;
	w->clue.run.n = n;
	memcpy(w->clue.run.sets, sets, n * sizeof(*sets));
}

/* The stretch is over: keep the best of it. */
static void stretch_end(struct walk *w)
{
	uint32_t from = 0, n = MIN(w->len, FILTER_RUN_MAX);

	for (uint32_t i = 0; i <= w->len; i++)
		if (i == w->len || set_letter(&w->stretch[i]) < 0) {
			keep_literal(&w->clue, w->stretch + from, i - from);
			from = i + 1;
		}
	for (uint32_t i = 0; n && i + n <= w->len; i++)
		keep_run(w, w->stretch + i, n);
	w->len = 0;
}

static void stretch_add(struct walk *w, const struct byte_set *set, struct repeat r)
{
	for (uint32_t i = 0; i < MIN(r.least, STRETCH_MAX); i++) {
		if (w->len == STRETCH_MAX)
			stretch_end(w);
		w->stretch[w->len++] = *set;
	}
	if (r.exact && r.least <= STRETCH_MAX)
		return;
	stretch_end(w);
	for (uint32_t i = 0; i < MIN(r.least, FILTER_RUN_MAX); i++)
		w->stretch[w->len++] = *set;
}

/* --- reading the pattern --- */

static bool at(const struct walk *w, char c)
{
	return w->i < w->n && w->s[w->i] == (uint8_t)c;
}

/* \xHH, or what stands for one character. */
static bool read_character(struct walk *w, struct byte_set *set)
{
	static const char names[] = "ntrfae", meant[] = "\n\t\r\f\a\x1b";
	char c = (char)w->s[w->i++];
	const char *name = strchr(names, c);
	unsigned digits = 0, value = 0;

	if (c && name) {
		set_add(set, (uint8_t)meant[name - names]);
		return true;
	}
	if (c == 'x' && !at(w, '{')) {
		for (; digits < 2 && w->i < w->n && g_ascii_isxdigit((char)w->s[w->i]); digits++)
			value = value * 16 + (unsigned)g_ascii_xdigit_value((char)w->s[w->i++]);
		set_add(set, (uint8_t)value);
		return true;
	}
	set_add(set, (uint8_t)c);
	return c > 0 && !g_ascii_isalnum(c);
}

/* \d and the like. */
static bool read_kind(struct walk *w, struct byte_set *set)
{
	char c = (char)w->s[w->i], kind = g_ascii_tolower(c);
	struct byte_set members = {0};

	if (kind == 'd' || kind == 'w')
		set_range(&members, '0', '9');
	if (kind == 'w') {
		set_range(&members, 'a', 'z');
		set_add(&members, '_');
		set_fold(&members);
	}
	if (kind == 's')
		set_text(&members, " \t\n\v\f\r");
	if (!members.bits[0])
		return false;
	w->i++;
	if (c != kind)
		set_turn(&members);
	set_join(set, &members);
	return true;
}

/* A member of a class that is one character; false: it is not known what it is. */
static bool read_member(struct walk *w, struct byte_set *set)
{
	if (!at(w, '\\')) {
		set_add(set, w->s[w->i++]);
		return true;
	}
	w->i++;
	return w->i < w->n && read_character(w, set);
}

static int set_first(const struct byte_set *set)
{
	for (int c = 0; c < 256; c++)
		if (byte_set_has(set, (uint8_t)c))
			return c;
	return -1;
}

/* One character, or from one to another. */
static bool read_range(struct walk *w, struct byte_set *set)
{
	struct byte_set from = {0}, to = {0};

	if (!read_member(w, &from))
		return false;
	set_join(set, &from);
	if (!at(w, '-') || w->i + 1 >= w->n || w->s[w->i + 1] == ']')
		return true;
	w->i++;
	if (at(w, '[') || !read_member(w, &to))
		return false;
	set_range(set, (uint8_t)set_first(&from), (uint8_t)set_first(&to));
	return true;
}

/* Behind the "[". */
static bool read_class(struct walk *w, struct byte_set *set)
{
	bool turned = at(w, '^'), first = true;

	w->i += turned;
	for (; w->i < w->n && (first || !at(w, ']')); first = false) {
		bool named = at(w, '[') && w->i + 1 < w->n && strchr(":.=", w->s[w->i + 1]);

		if (at(w, '\\') && w->i + 1 < w->n) {
			w->i++;
			if (read_kind(w, set)) {
				if (at(w, '-'))
					return false;
				continue;
			}
			w->i--;
		}
		if (named || !read_range(w, set))
			return false;
	}
	set_fold(set);
	if (turned)
		set_turn(set);
	return w->i++ < w->n;
}

/* Behind the "(": over all of the group. */
static bool skip_group(struct walk *w)
{
	for (unsigned depth = 1; depth && w->i < w->n;) {
		uint8_t c = w->s[w->i++];
		struct byte_set ignored = {0};

		if (c == '\\' && (w->i == w->n || strchr("Qc", w->s[w->i])))
			return false;
		w->i += c == '\\';
		depth += c == '(';
		depth -= c == ')';
		if (c == '[' && !read_class(w, &ignored))
			return false;
	}
	return true;
}

static enum atom read_escape(struct walk *w, struct byte_set *set)
{
	if (w->i == w->n)
		return ATOM_UNKNOWN;
	if (strchr("bBAzZG", w->s[w->i])) {
		w->i++;
		return ATOM_NOTHING;
	}
	return read_kind(w, set) || read_character(w, set) ? ATOM_SET : ATOM_UNKNOWN;
}

static enum atom read_atom(struct walk *w, struct byte_set *set)
{
	uint8_t c = w->s[w->i++];

	switch (c) {
	case '|': return ATOM_BAR;
	case '^':
	case '$': return ATOM_NOTHING;
	case '(': return skip_group(w) ? ATOM_GAP : ATOM_UNKNOWN;
	case '[': return read_class(w, set) ? ATOM_SET : ATOM_UNKNOWN;
	case '\\': return read_escape(w, set);
	case '.': set_turn(set); return ATOM_SET;
	default: set_add(set, c); return ATOM_SET;
	}
}

/* "{2}", "{2,}", "{2,5}"; *known is false for what not all versions of PCRE2 read alike. */
static struct repeat read_braces(struct walk *w, bool *known)
{
	struct repeat r = {1, true};
	uint32_t i = w->i + 1, least = 0, digits = 0;

	for (; i < w->n && g_ascii_isdigit((char)w->s[i]) && digits < 5; i++, digits++)
		least = least * 10 + (uint32_t)(w->s[i] - '0');
	if (!digits && (i == w->n || !strchr(", \t", w->s[i])))
		return r; /* a plain brace */
	r = (struct repeat){least, i < w->n && w->s[i] == '}'};
	if (!r.exact)
		for (i++; i < w->n && g_ascii_isdigit((char)w->s[i]);)
			i++;
	*known = digits && i < w->n && w->s[i] == '}' &&
		 (r.exact || memchr(w->s + w->i, ',', i - w->i));
	w->i = i + 1;
	return r;
}

/* What stands behind an atom and says how often; *known: there is nothing odd about it. */
static struct repeat read_repeat(struct walk *w, bool *known)
{
	struct repeat r = {1, true};
	uint32_t before = w->i;

	*known = true;
	if (at(w, '{'))
		r = read_braces(w, known);
	else if (at(w, '?') || at(w, '*') || at(w, '+'))
		r = (struct repeat){w->s[w->i++] == '+', false};
	if (!*known || w->i == before)
		return r;
	w->i += at(w, '?') || at(w, '+'); /* lazy, possessive */
	*known = !at(w, '?') && !at(w, '*') && !at(w, '+') && !at(w, '{');
	return r;
}

/* One atom with how often it stands there. False: the pattern is not understood. */
static bool read_part(struct walk *w, bool *bar)
{
	struct byte_set set = {0};
	enum atom atom = read_atom(w, &set);
	uint32_t before = w->i;
	struct repeat r;
	bool known;

	*bar = atom == ATOM_BAR;
	if (*bar || atom == ATOM_UNKNOWN)
		return *bar;
	r = read_repeat(w, &known);
	if (!known || (atom == ATOM_NOTHING && w->i != before))
		return false;
	set_fold(&set);
	if (atom == ATOM_GAP)
		stretch_end(w);
	else if (atom == ATOM_SET)
		stretch_add(w, &set, r);
	return true;
}

/* Up to the next "|" or the end; false: nothing is known. */
static bool read_alternative(struct walk *w, bool *more)
{
	*more = false;
	w->clue = (struct clue){.nliteral = 0};
	w->worth = 0;
	while (w->i < w->n && !*more)
		if (!read_part(w, more))
			return false;
	stretch_end(w);
	if (w->worth < CLUE_WORTH_MIN)
		w->clue.run.n = 0;
	return w->clue.nliteral || w->clue.run.n;
}

static bool has(const uint8_t *s, uint32_t n, const char *what)
{
	return bytes_find(s, n, (const uint8_t *)what, strlen(what)) != NULL;
}

/* Options and verbs may change the meaning of all else; of "(?" only the plain group is known. */
static bool is_usual(const uint8_t *s, uint32_t n)
{
	if (memchr(s, 0, n) || has(s, n, "(*"))
		return false;
	for (uint32_t i = 0; i + 2 < n; i++)
		if (s[i] == '(' && s[i + 1] == '?' && s[i + 2] != ':')
			return false;
	return true;
}

uint32_t clues_find(const uint8_t *s, uint32_t n, struct clue out[CLUES_MAX])
{
	struct walk w = {.s = s, .n = n};
	uint32_t count = 0;
	bool more = is_usual(s, n);

	while (more) {
		if (count == CLUES_MAX || !read_alternative(&w, &more))
			return 0;
		out[count++] = w.clue;
	}
	return count;
}
