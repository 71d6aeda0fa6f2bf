/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage_compare: two traces side by side: what changed, in a sentence and a table. */
#include "src/session/stage_words.h"

#include <glib.h>

#define NAME_COLUMNS 12
#define GAP_COLUMNS  2
#define CELL_LINES   3      /* at most, of a row */
#define JOIN         '\x1f' /* a space at which no line ends; cleaned text has no such character */
#define SLOW         SECOND /* a difference in time that is worth a sentence */

/* "the login" "was refused": subject, and predicates by state. */
static const struct phrase {
	const char *subject, *predicate[4]; /* by enum stage_state */
} phrases[STAGE_COUNT] = {
	[STAGE_ADDRESS] = {"the question for an address",
			   {"was not seen", "was answered", "was refused", "was not answered"}},
	[STAGE_NAME] = {"the server's name",
			{"was not asked for", "was found", "was not found",
			 "was asked for without an answer"}},
	[STAGE_CONNECT] = {"the connection",
			   {"was not tried", "was accepted", "was refused", "was not answered"}},
	[STAGE_TLS] = {"encryption",
		       {"was not begun", "was agreed on", "did not come about",
			"was asked for without an answer"}},
	[STAGE_GREETING] = {"the server",
			    {"was not heard", "said hello", "turned your program away",
			     "did not say a word"}},
	[STAGE_LOGIN] = {"the login",
			 {"was not seen", "was accepted", "was refused", "was not answered"}},
	[STAGE_DATA] = {"the transfer",
			{"was not tried", "worked", "was refused", "was not answered"}},
};

/* Did it come past that stage? Then that the stage itself was not seen means nothing. */
static bool passed(const struct stages *s, enum stage stage)
{
	for (unsigned i = stage + 1; i < STAGE_COUNT; i++)
		if (s->results[i].state != STAGE_NOT_SEEN || s->results[i].hidden)
			return true;
	return false;
}

static bool skipped(const struct stages *s, enum stage stage)
{
	return s->results[stage].state == STAGE_NOT_SEEN && !s->results[stage].hidden &&
	       (passed(s, stage) || stage == STAGE_ADDRESS);
}

/* A web server does not speak first. */
static const char *const web_greeting[4] = {"was not heard", "answered", "refused",
					    "did not answer"};

/* Not seen, but your program came past it: a name that was known already, a plain connection. */
static const char *skipped_predicate(enum stage stage)
{
	switch (stage) {
	case STAGE_ADDRESS: return "was not needed";
	case STAGE_NAME: return "did not have to be looked up";
	case STAGE_CONNECT: return "stood already";
	case STAGE_TLS: return "was not used";
	default: return "was not needed";
	}
}

static const char *predicate(const struct stages *s, enum stage stage)
{
	const struct stage_result *r = &s->results[stage];
	const struct step *p = result_step(s, stage);

	if (skipped(s, stage))
		return skipped_predicate(stage);
	if (r->state == STAGE_NOT_SEEN && s->talk.one_sided)
		return "cannot be judged, for only one side was recorded";
	if (r->hidden)
		return "cannot be seen, for it is encrypted";
	if (r->guess)
		return "was very likely refused (only sizes can be seen: a guess)";
	if (r->state == STAGE_REFUSED && p && p->how == HOW_BROKE)
		return "stopped in the middle";
	if (r->state == STAGE_REFUSED && p &&
	    (p->how == HOW_CLOSED_CLIENT || p->how == HOW_CLOSED_SERVER || p->how == HOW_CLOSED))
		return "was cut off without an answer";
	if (stage == STAGE_GREETING && s->chosen && s->chosen->app == PROTO_http)
		return web_greeting[r->state];
	return phrases[stage].predicate[r->state];
}

/* What is good about a state, to say better or worse. */
static int worth(const struct stages *s, enum stage stage)
{
	const struct stage_result *r = &s->results[stage];

	if (skipped(s, stage))
		return 3;
	if (r->hidden)
		return 2;
	switch (r->state) {
	case STAGE_DONE: return 3;
	case STAGE_NOT_SEEN: return 0;
	default: return 1;
	}
}

static bool is_bad(const struct stages *s, enum stage stage)
{
	return s->results[stage].state == STAGE_REFUSED || s->results[stage].state == STAGE_OPEN;
}

static bool differs(const struct stages *a, const struct stages *b, enum stage stage)
{
	const struct stage_result *x = &a->results[stage], *y = &b->results[stage];

	if (skipped(a, stage) ? !is_bad(b, stage) : skipped(b, stage) && !is_bad(a, stage))
		return false;
	return x->state != y->state || x->hidden != y->hidden || x->guess != y->guess;
}

/* The first stage in which something is wrong; STAGE_COUNT: none. */
static enum stage first_bad(const struct stages *s, enum stage from)
{
	enum stage i = from;

	while (i < STAGE_COUNT && !is_bad(s, i))
		i++;
	return i;
}

static enum stage last_done(const struct stages *s)
{
	enum stage i = STAGE_COUNT;

	while (i > 0 && s->results[i - 1].state != STAGE_DONE)
		i--;
	return i ? i - 1 : STAGE_COUNT;
}

static void say_packet(const struct stage_result *r, struct buf *out)
{
	if (r->packet)
		buf_printf(out, " (packet %u)", r->packet);
}

/* The same stages in both: is it the same trouble, or slower or faster? */
static void say_same(const struct stages *a, const struct stages *b, struct buf *out)
{
	enum stage bad = first_bad(b, 0), done = last_done(b);
	const char *x, *y;

	if (bad < STAGE_COUNT) {
		x = a->results[bad].words ? a->results[bad].words : "";
		y = b->results[bad].words ? b->results[bad].words : "";
		buf_printf(out, "The same happened again: %s %s", phrases[bad].subject,
			   predicate(b, bad));
		say_packet(&b->results[bad], out);
		buf_str(out, b->results[bad].state == STAGE_REFUSED && strcmp(x, y) != 0
				     ? ", but in other words."
				     : ", as before.");
	} else if (done < STAGE_COUNT) {
		buf_printf(out, "Before as now nothing went wrong: %s %s both times.",
			   phrases[done].subject, predicate(b, done));
		if (b->talk.encrypted)
			buf_str(out, " What was said then is encrypted and cannot be seen.");
	} else {
		buf_str(out, "Neither of the two traces shows how far your program came.");
	}
}

/* The stage whose time changed most, by more than a second and more than twofold. */
static enum stage other_speed(const struct stages *a, const struct stages *b)
{
	enum stage which = STAGE_COUNT;
	int64_t most = SLOW;

	for (unsigned i = 0; i < STAGE_COUNT; i++) {
		int64_t x = a->results[i].took, y = b->results[i].took;

		if (x < 0 || y < 0 || MAX(x, y) < 2 * MIN(x, y) || ABS(x - y) <= most)
			continue;
		most = ABS(x - y);
		which = i;
	}
	return which;
}

static void say_speed(const struct stages *a, const struct stages *b, enum stage stage,
		      struct buf *out)
{
	int64_t x = a->results[stage].took, y = b->results[stage].took;

	buf_printf(out, " It was %s: \"%s\" took ", y < x ? "faster" : "slower", stage_name(stage));
	buf_seconds(out, y, 2);
	buf_str(out, " s instead of ");
	buf_seconds(out, x, 2);
	buf_str(out, " s.");
}

static void say_difference(const struct stages *a, const struct stages *b, enum stage stage,
			   struct buf *out)
{
	const char *subject = phrases[stage].subject;
	int change = worth(b, stage) - worth(a, stage);
	enum stage next = first_bad(b, stage + 1);

	if (change < 0)
		buf_str(out, "It got worse: before, ");
	else if (change == 0)
		buf_str(out, "It fails in another way: before, ");
	else
		buf_str(out, "Before, ");
	buf_printf(out, "%s %s; now ", subject, predicate(a, stage));
	if (a->results[stage].guess && b->results[stage].hidden)
		buf_str(out, "the sizes do not look like that any more.");
	else
		buf_printf(out, "it %s.", predicate(b, stage));
	if (next < STAGE_COUNT && change > 0) {
		buf_printf(out, " But then %s %s", phrases[next].subject, predicate(b, next));
		say_packet(&b->results[next], out);
		buf_char(out, '.');
	}
}

static void say_sentence(const struct stages *a, const struct stages *b, struct buf *out)
{
	enum stage speed = other_speed(a, b);

	for (unsigned i = 0; i < STAGE_COUNT; i++)
		if (differs(a, b, i)) {
			say_difference(a, b, i, out);
			return;
		}
	say_same(a, b, out);
	if (speed < STAGE_COUNT)
		say_speed(a, b, speed, out);
}

/* Whoever compares must know if it is not the same server. */
static void say_servers(const struct stages *a, const struct stages *b, struct buf *out)
{
	if (a->chosen && b->chosen && !talks_alike(a->chosen, b->chosen))
		buf_str(out, " But the two are not about the same server.");
}

/* --- the table --- */

static unsigned columns(const char *s, const char *end)
{
	unsigned n = 0;

	for (; s < end && *s; s = g_utf8_next_char(s))
		n += g_unichar_iswide(g_utf8_get_char(s)) ? 2 : 1;
	return n;
}

/* Where a line of at most `width` columns ends: after a word, if there is one. */
static const char *line_end(const char *s, unsigned width)
{
	const char *end = s, *space = NULL;

	while (*end && columns(s, g_utf8_next_char(end)) <= width) {
		end = g_utf8_next_char(end);
		if (*end == ' ')
			space = end;
	}
	return *end && space ? space : end;
}

static void put_line(const char **text, unsigned width, bool pad, struct buf *out)
{
	const char *end = line_end(*text, width);
	const size_t start = out->len;

	buf_mem(out, *text, (size_t)(end - *text));
	for (size_t i = start; i < out->len; i++)
		if (out->s[i] == JOIN)
			out->s[i] = ' ';
	if (pad)
		buf_fill(out, ' ', width - columns(*text, end));
	*text = end + strspn(end, " ");
}

static void put_paragraph(const char *text, unsigned width, struct buf *out)
{
	while (*text) {
		put_line(&text, width, false, out);
		if (*text)
			buf_char(out, '\n');
	}
}

static void strip_spaces(struct buf *out)
{
	while (out->len && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
}

static void put_row(const char *name, const char *left, const char *right, unsigned cell,
		    struct buf *out)
{
	for (unsigned i = 0; i < CELL_LINES && (i == 0 || *left || *right); i++) {
		buf_char(out, '\n');
		put_line(&name, NAME_COLUMNS, true, out);
		put_line(&left, cell, true, out);
		buf_fill(out, ' ', GAP_COLUMNS);
		put_line(&right, cell, false, out);
		strip_spaces(out);
	}
}

/* "refused: -ERR bad password (packet 14, 0.05 s)": its end always has room. */
static char *cell_text(const struct stage_result *r, unsigned cell)
{
	struct buf end = BUF_INIT, text = BUF_INIT;
	const char *words = r->words ? r->words : "not seen";
	const char *cut;
	size_t room;

	if (r->packet) {
		buf_str(&end, " (packet");
		buf_char(&end, JOIN);
		buf_dec(&end, r->packet);
		if (r->took >= MS) {
			buf_str(&end, r->state == STAGE_OPEN ? ", waited" : ",");
			buf_char(&end, r->state == STAGE_OPEN ? JOIN : ' ');
			buf_seconds(&end, r->took, r->took < 10 * MS ? 3 : 2);
			buf_char(&end, JOIN);
			buf_char(&end, 's');
		}
		buf_char(&end, ')');
	}
	room = (size_t)cell * (CELL_LINES - 1) - end.len; /* a line's worth is lost by wrapping */
	cut = line_end(words, (unsigned)room);
	buf_mem(&text, words, (size_t)(cut - words));
	if (*cut)
		buf_str(&text, "...");
	buf_mem(&text, buf_text(&end), end.len);
	buf_release(&end);
	return buf_steal(&text);
}

static void put_stage(const struct stages *a, const struct stages *b, enum stage stage,
		      unsigned cell, struct buf *out)
{
	char *left = cell_text(&a->results[stage], cell),
	     *right = cell_text(&b->results[stage], cell);

	put_row(stage_name(stage), left, right, cell, out);
	g_free(left);
	g_free(right);
}

static bool worth_a_row(const struct stages *s, enum stage stage)
{
	return s->results[stage].state != STAGE_NOT_SEEN || s->results[stage].words;
}

static void put_table(const struct stages *a, const struct stages *b, unsigned width,
		      struct buf *out)
{
	unsigned cell = (width - NAME_COLUMNS - GAP_COLUMNS) / 2;

	put_row("", "Before", "Now", cell, out);
	put_row("Server", a->talk.who[0] ? a->talk.who : "none seen",
		b->talk.who[0] ? b->talk.who : "none seen", cell, out);
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		if (worth_a_row(a, i) || worth_a_row(b, i))
			put_stage(a, b, i, cell, out);
}

/* A program that did not get that far again has shown nothing. */
static bool is_mended(const struct stages *a, const struct stages *b)
{
	enum stage bad = first_bad(a, 0), goal = bad < STAGE_COUNT ? bad : last_done(a);

	if (first_bad(b, 0) < STAGE_COUNT)
		return false;
	for (unsigned i = goal; i < STAGE_COUNT; i++)
		if (b->results[i].state == STAGE_DONE || b->results[i].hidden)
			return true;
	return goal == STAGE_COUNT;
}

bool stages_compare(struct stages *before, struct stages *after, unsigned width, struct buf *out)
{
	struct buf sentence = BUF_INIT;
	bool mended;

	width = CLAMP(width, 60, 200);
	stages_work_out(before, NULL);
	stages_work_out(after, NULL);
	if (before->chosen && !after->talk.named)
		stages_work_out(after, before->chosen);
	else if (after->chosen && !before->talk.named)
		stages_work_out(before, after->chosen);
	mended = is_mended(before, after);
	say_sentence(before, after, &sentence);
	say_servers(before, after, &sentence);
	put_paragraph(buf_text(&sentence), width, out);
	buf_char(out, '\n');
	put_table(before, after, width, out);
	buf_release(&sentence);
	before->fresh = after->fresh = false; /* alone, each is about its own server */
	return mended;
}
