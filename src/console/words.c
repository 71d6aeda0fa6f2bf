/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words: what can be typed in a guided session. One row each: name, arguments, help, function. */
#include <string.h>

#include "src/console/dialogue.h"
#include "src/console/reference.h"
#include "src/console/views.h"
#include "tracetutor/overview.h"

static void say_text(struct dialogue *g, struct buf *text)
{
	screen_begin(g);
	sink_begin(g->rep.sink, NODE_SECTION, NULL);
	report_code(&g->rep, buf_text(text));
	sink_end(g->rep.sink, NODE_SECTION);
	screen_print(g);
	buf_release(text);
}

static void say_diag(struct dialogue *g, struct diag *d)
{
	struct buf text = BUF_INIT;

	diag_write(d, &text);
	diag_release(d);
	say_text(g, &text);
}

/* The packet an argument names, or the one at hand; 0 after a message. */
static uint32_t packet_named(struct dialogue *g, const char *arg)
{
	guint64 n = player_packet(g->player);

	if (*arg && !g_ascii_string_to_unsigned(arg, 10, 1, UINT32_MAX, &n, NULL)) {
		screen_say(g, STYLE_PLAIN, "Give the number of a packet, for example: show 14");
		return 0;
	}
	if (!n)
		screen_say(g, STYLE_PLAIN,
			   "No packet was shown yet. Give a number, for example: show 1");
	return (uint32_t)n;
}

/* --- moving --- */

static void show_packet(struct dialogue *g, uint32_t number)
{
	bool ok;

	screen_begin(g);
	ok = player_show(g->player, number, &g->rep);
	screen_print(g);
	if (!ok)
		screen_say(g, STYLE_PLAIN,
			   "There is no packet with that number. 'list' shows them all.");
}

static void word_show(struct dialogue *g, const char *arg)
{
	uint32_t number = packet_named(g, arg);

	if (number)
		show_packet(g, number);
}

static void turn_packet(struct dialogue *g, bool forward)
{
	bool ok;

	screen_begin(g);
	ok = player_turn(g->player, forward, &g->rep);
	screen_print(g);
	if (!ok)
		screen_say(g, STYLE_PLAIN,
			   forward ? "That was the last packet."
				   : "There is no packet before this one.");
}

static void word_next(struct dialogue *g, const char *arg)
{
	(void)arg;
	turn_packet(g, true);
}

static void word_prev(struct dialogue *g, const char *arg)
{
	(void)arg;
	turn_packet(g, false);
}

static void word_more(struct dialogue *g, const char *arg)
{
	uint32_t number = packet_named(g, arg);

	if (!number)
		return;
	g->rep.explain_again = true;
	show_packet(g, number);
	g->rep.explain_again = false;
}

/* A recording that runs is not left by the way. */
static void move(struct dialogue *g, bool (*to)(struct player *), const char *otherwise)
{
	if (player_busy(g->player))
		screen_say(g, STYLE_PLAIN,
			   "The recording is running. Press Enter to stop it first.");
	else if (to(g->player))
		dialogue_show(g);
	else
		screen_say(g, STYLE_PLAIN, otherwise);
}

static void word_back(struct dialogue *g, const char *arg)
{
	(void)arg;
	move(g, player_back, "This is the beginning.");
}

static void word_again(struct dialogue *g, const char *arg)
{
	(void)arg;
	move(g, player_again, "There is nothing to do again yet.");
}

static void word_skip(struct dialogue *g, const char *arg)
{
	(void)arg;
	move(g, player_skip, "This is the last step. Press Enter to end it, or type quit.");
}

static void word_hint(struct dialogue *g, const char *arg)
{
	(void)arg;
	screen_begin(g);
	player_hint(g->player, &g->rep);
	screen_print(g);
}

static void word_quit(struct dialogue *g, const char *arg)
{
	(void)arg;
	g->over = true;
}

/* --- looking --- */

/* Columns for preformatted lines, which the sink indents. */
static unsigned view_width(const struct dialogue *g)
{
	return g->guest->screen.width > 24 ? g->guest->screen.width - 4 : 20;
}

/* A view of the packets that a filter selects (none: of all). */
static void filtered_view(struct dialogue *g, const char *arg,
			  void (*view)(struct session *, const struct filter *, unsigned,
				       struct buf *, struct diag *))
{
	struct diag d = DIAG_INIT;
	struct filter *f = *arg ? filter_compile(arg, NULL, &d) : NULL;
	struct buf text = BUF_INIT;

	if (*arg && !f) {
		say_diag(g, &d);
		return;
	}
	view(player_session(g->player), f, view_width(g), &text, &d);
	say_text(g, &text);
	filter_free(f);
	diag_release(&d);
}

static void word_list(struct dialogue *g, const char *arg)
{
	filtered_view(g, arg, view_list);
}

static void word_find(struct dialogue *g, const char *arg)
{
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;

	view_find(player_session(g->player), arg, view_width(g), &text, &d);
	say_text(g, &text);
	diag_release(&d);
}

/* The conversation of the packet an argument names; false after a message. */
static bool talk_named(struct dialogue *g, const char *arg, struct view_talk *t)
{
	uint32_t number = packet_named(g, arg);
	struct diag d = DIAG_INIT;
	bool found = number && view_talk_of(player_session(g->player), number, t, &d);

	if (number && !found)
		screen_say(g, STYLE_PLAIN, "That packet belongs to no conversation (TCP or UDP).");
	diag_release(&d);
	return found;
}

/* A screen holds so much; who wants more has the command. */
static bool put_dialogue(void *context, struct buf *text)
{
	struct buf *out = context;

	buf_mem(out, buf_text(text), text->len);
	buf_reset(text);
	return out->len < VIEW_MAX_BYTES;
}

static void word_follow(struct dialogue *g, const char *arg)
{
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;
	struct view_talk t;

	if (!talk_named(g, arg, &t))
		return;
	if (!view_follow(player_session(g->player), &t, false, view_width(g), put_dialogue, &text,
			 &d))
		buf_str(&text, "... and more; 'tracetutor follow' shows it all");
	say_text(g, &text);
	diag_release(&d);
}

static void word_ladder(struct dialogue *g, const char *arg)
{
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;
	struct view_talk t;

	if (!talk_named(g, arg, &t))
		return;
	view_ladder(player_session(g->player), &t, view_width(g), &text, &d);
	say_text(g, &text);
	diag_release(&d);
}

static void word_conversations(struct dialogue *g, const char *arg)
{
	filtered_view(g, arg, view_conversations);
}

static void overview_each(void *context, const struct record *r)
{
	overview_record(context, r);
}

static void word_summary(struct dialogue *g, const char *arg)
{
	struct session *s = player_session(g->player);
	struct capture_facts facts = session_facts(s);
	struct overview *o = overview_new();
	struct diag d = DIAG_INIT;

	(void)arg;
	session_review(s, overview_each, o, &d);
	screen_begin(g);
	overview_say(o, &g->rep, &facts, session_engine(s), view_width(g));
	screen_print(g);
	overview_free(o);
	diag_release(&d);
}

static void word_why(struct dialogue *g, const char *arg)
{
	const struct rule *rule = *arg ? packs_find(g->packs, arg) : NULL;
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;
	uint32_t number;

	if (*arg && !rule) {
		explain_rule_named(&text, g->packs, arg, &d);
		say_diag(g, &d);
		return;
	}
	number = packet_named(g, "");
	if (!number)
		return;
	view_why(player_session(g->player), number, rule, &text, &d);
	say_text(g, &text);
	diag_release(&d);
}

static bool explain_term(struct dialogue *g, const char *word)
{
	const struct term *t = packs_term(g->packs, word);

	if (!t)
		return false;
	screen_begin(g);
	sink_begin(g->rep.sink, NODE_SECTION, NULL);
	report_prose(&g->rep, &t->meaning, NULL);
	sink_end(g->rep.sink, NODE_SECTION);
	screen_print(g);
	return true;
}

static void topic_unknown(struct dialogue *g, const char *word)
{
	struct nearest near = NEAREST_INIT(word);
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < packs_term_count(g->packs); i++)
		nearest_offer(&near, packs_term_at(g->packs, i)->word);
	if (field_nearest(word))
		nearest_offer(&near, field_nearest(word));
	buf_printf(&text, "Nothing is known about '%s'. ", word);
	if (near.best)
		buf_printf(&text, "Did you mean '%s'?", near.best);
	else
		buf_str(&text, "Press Tab after 'explain' to see what is known.");
	screen_say(g, STYLE_PLAIN, buf_text(&text));
	buf_release(&text);
}

static void word_explain(struct dialogue *g, const char *arg)
{
	uint16_t id = field_named(arg);
	enum proto_id proto = proto_find(arg, strlen(arg));
	struct diag d = DIAG_INIT;
	struct buf text = BUF_INIT;

	if (explain_term(g, arg))
		return;
	if (proto != PROTO_COUNT)
		explain_proto(&text, proto);
	else if (id != FIELD_NONE)
		explain_field(&text, id);
	else if (packs_find(g->packs, arg))
		explain_rule_named(&text, g->packs, arg, &d);
	if (text.len)
		say_text(g, &text);
	else
		topic_unknown(g, arg);
	diag_release(&d);
}

static void word_report(struct dialogue *g, const char *arg)
{
	(void)arg;
	dialogue_report(g);
}

static void word_mark(struct dialogue *g, const char *arg)
{
	if (player_mark(g->player, arg))
		screen_say(g, STYLE_PLAIN, "The note is in the recording.");
	else
		screen_say(g, STYLE_PLAIN, "Notes can be put into a recording while it runs.");
}

static void word_help(struct dialogue *g, const char *arg)
{
	struct buf text = BUF_INIT, prompt = BUF_INIT;

	for (size_t i = 0; i < word_count; i++) {
		const struct word *w = &word_table[i];
		char *left = g_strdup_printf("%s %s", w->name, w->args);

		if (!*arg || g_str_has_prefix(w->name, arg))
			buf_printf(&text, "%s%-16s %s", text.len ? "\n" : "", left, w->help);
		g_free(left);
	}
	if (!text.len) {
		word_unknown(g, arg);
		return;
	}
	if (!*arg) {
		player_prompt(g->player, &prompt);
		buf_printf(&text, "\n\nA beginning is enough (n for next). Just now:\n%s",
			   buf_text(&prompt));
		buf_release(&prompt);
	}
	say_text(g, &text);
}

const struct word word_table[] = {
	{.name = "next", .trace = true, .args = "", .help = "the next packet", .run = word_next},
	{.name = "prev", .trace = true, .args = "", .help = "the packet before", .run = word_prev},
	{.name = "show",
	 .trace = true,
	 .args = "N",
	 .help = "packet number N; the number alone does the same",
	 .run = word_show},
	{.name = "more",
	 .trace = true,
	 .args = "",
	 .help = "this packet again, with everything explained",
	 .run = word_more},
	{.name = "list",
	 .trace = true,
	 .args = "[FILTER]",
	 .help = "one line a packet, for example: list tcp.port == 110",
	 .takes = TAKES_FILTER,
	 .run = word_list},
	{.name = "find",
	 .trace = true,
	 .args = "TEXT",
	 .help = "packets that hold this text",
	 .needs = true,
	 .forget = true,
	 .run = word_find},
	{.name = "follow",
	 .trace = true,
	 .args = "[N]",
	 .help = "what the two sides of this packet's conversation said",
	 .run = word_follow},
	{.name = "ladder",
	 .trace = true,
	 .args = "[N]",
	 .help = "the same as arrows between the two",
	 .run = word_ladder},
	{.name = "conversations",
	 .trace = true,
	 .args = "",
	 .help = "who talked with whom; also: conversations FILTER",
	 .takes = TAKES_FILTER,
	 .run = word_conversations},
	{.name = "summary",
	 .trace = true,
	 .args = "",
	 .help = "what is in the trace",
	 .run = word_summary},
	{.name = "why",
	 .trace = true,
	 .args = "[RULE]",
	 .help = "which rules spoke here, or why one did or did not",
	 .takes = TAKES_RULE,
	 .run = word_why},
	{.name = "explain",
	 .args = "WORD",
	 .help = "what a word or a field means, for example: explain port",
	 .takes = TAKES_TOPIC,
	 .needs = true,
	 .run = word_explain},
	{.name = "mark",
	 .args = "TEXT",
	 .help = "while recording: a note, for example: mark clicked Send",
	 .needs = true,
	 .forget = true,
	 .run = word_mark},
	{.name = "hint", .args = "", .help = "a hint", .run = word_hint},
	{.name = "back", .args = "", .help = "the step before", .run = word_back},
	{.name = "again", .args = "", .help = "this step from its start", .run = word_again},
	{.name = "skip", .args = "", .help = "leave out the rest of this step", .run = word_skip},
	{.name = "report", .args = "", .help = "write the report now", .run = word_report},
	{.name = "help",
	 .args = "[WORD]",
	 .help = "this list; ? does the same",
	 .takes = TAKES_WORD,
	 .run = word_help},
	{.name = "quit", .args = "", .help = "leave; your place is kept", .run = word_quit},
};
const size_t word_count = G_N_ELEMENTS(word_table);

/* --- reading a line --- */

static const struct word *word_find_named(const char *name, bool whole)
{
	const struct word *found = NULL;
	size_t matches = 0;

	if (strcmp(name, "?") == 0)
		name = "help";
	for (size_t i = 0; i < word_count; i++) {
		if (strcmp(word_table[i].name, name) == 0)
			return &word_table[i];
		if (!whole && g_str_has_prefix(word_table[i].name, name)) {
			found = &word_table[i];
			matches++;
		}
	}
	return matches == 1 ? found : NULL;
}

const struct word *word_run(struct dialogue *g, const char *line, bool whole)
{
	size_t n = strcspn(line, " \t");
	char *name = g_ascii_strdown(line, (gssize)n);
	const char *arg = line + n + strspn(line + n, " \t");
	const struct word *w = word_find_named(name, whole);

	if (!whole && strspn(line, "0123456789") == strlen(line)) {
		arg = line;
		w = word_find_named("show", true);
	}
	g_free(name);
	if (!w)
		return NULL;
	if (w->needs && !*arg) {
		struct buf text = BUF_INIT;

		buf_printf(&text, "Write it like this: %s %s", w->name, w->args);
		screen_say(g, STYLE_PLAIN, buf_text(&text));
		buf_release(&text);
	} else if (w->trace && !player_session(g->player))
		screen_say(g, STYLE_PLAIN,
			   "Nothing has been recorded yet, so there are no packets to look at.");
	else
		w->run(g, arg);
	return w;
}

void word_unknown(struct dialogue *g, const char *line)
{
	char *name = g_strndup(line, strcspn(line, " \t"));
	struct nearest near = NEAREST_INIT(name);
	struct buf text = BUF_INIT;
	size_t several = 0;

	for (size_t i = 0; i < word_count; i++) {
		nearest_offer(&near, word_table[i].name);
		if (g_str_has_prefix(word_table[i].name, name))
			buf_printf(&text, "%s%s", several++ ? " or " : "", word_table[i].name);
	}
	if (several)
		buf_printf(&text, "? '%s' could be each of these. Write more of it.", name);
	else if (near.best)
		buf_printf(&text, "'%s' is not a command. Did you mean '%s'?", name, near.best);
	else
		buf_printf(&text, "'%s' is not a command. Type ? to see them all.", name);
	screen_say(g, STYLE_PLAIN, buf_text(&text));
	buf_release(&text);
	g_free(name);
}
