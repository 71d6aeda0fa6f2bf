/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesson: lesson files as structures. The schema checks the shape, this the conditions and needs.
 */
#include <string.h>

#include "tracetutor/lesson.h"
#include "tracetutor/xml.h"

/* What loading needs to say where something is wrong. */
struct loading {
	const char *path;
	struct diag *d;
	bool ok;
};

static void wrong(struct loading *in, const struct xml_node *n, const char *hint, const char *what,
		  const char *name)
{
	struct place where = {.file = in->path, .line = n->line};

	diag_add(in->d, DIAG_ERROR, &where, hint, what, name);
	in->ok = false;
}

/* --- text --- */

/* Takes the text over, and keeps it cleaned: XML lets through C1 and bidi controls. */
static void text_add(GArray *pieces, enum style style, bool answer, char *text)
{
	struct lesson_piece piece = {.style = style, .answer = answer};
	struct buf clean = BUF_INIT;

	if (text) {
		buf_clean(&clean, text, strlen(text));
		piece.text = g_strdup(buf_text(&clean));
		buf_release(&clean);
		g_free(text);
	}
	g_array_append_val(pieces, piece);
}

/* White space runs become one blank; those at the ends stay as one, for what stands beside. */
static char *fold_blanks(const char *s)
{
	GString *out = g_string_new(NULL);

	for (; *s; s++)
		if (!g_ascii_isspace(*s))
			g_string_append_c(out, *s);
		else if (!out->len || out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
	return g_string_free(out, FALSE);
}

static enum style style_of(const char *name)
{
	return strcmp(name, "code") == 0   ? STYLE_CODE
	       : strcmp(name, "em") == 0   ? STYLE_STRONG
	       : strcmp(name, "term") == 0 ? STYLE_TERM
					   : STYLE_PLAIN;
}

/* What is to be typed, told from the words around it without colour, too: type 'more' to ... */
static char *quoted(const struct xml_node *n)
{
	char *text = xml_text(n), *with = g_strdup_printf("'%s'", text);

	g_free(text);
	return with;
}

/* The text and inline elements directly below n. */
static void text_inline(GArray *pieces, const struct xml_node *n)
{
	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (!c->name)
			text_add(pieces, STYLE_PLAIN, false, fold_blanks(c->text));
		else if (strcmp(c->name, "answer") == 0 && xml_attr(c, "id"))
			text_add(pieces, STYLE_STRONG, true, g_strdup(xml_attr(c, "id")));
		else if (style_of(c->name) == STYLE_CODE)
			text_add(pieces, STYLE_CODE, false, quoted(c));
		else if (style_of(c->name) != STYLE_PLAIN)
			text_add(pieces, style_of(c->name), false, xml_text(c));
	}
}

static struct lesson_text text_take(GArray *pieces)
{
	struct lesson_text t = {.n = pieces->len};

	t.pieces = (struct lesson_piece *)(void *)g_array_free(pieces, FALSE);
	return t;
}

static struct lesson_text text_of(const struct xml_node *n)
{
	GArray *pieces = g_array_new(FALSE, FALSE, sizeof(struct lesson_piece));

	if (n)
		text_inline(pieces, n);
	return text_take(pieces);
}

/* The <p> children of n, one paragraph each. */
static struct lesson_text text_paragraphs(const struct xml_node *n)
{
	GArray *pieces = g_array_new(FALSE, FALSE, sizeof(struct lesson_piece));

	for (const struct xml_node *p = xml_child(n, "p"); p; p = xml_same(p)) {
		if (pieces->len)
			text_add(pieces, STYLE_PLAIN, false, NULL);
		text_inline(pieces, p);
	}
	return text_take(pieces);
}

static void text_free(struct lesson_text *t)
{
	for (size_t i = 0; i < t->n; i++)
		g_free(t->pieces[i].text);
	g_free(t->pieces);
}

/* --- acts --- */

static struct filter *condition(struct loading *in, const struct xml_node *n)
{
	struct place where = {.file = in->path, .line = n->line};
	const char *text = xml_attr(n, "when");
	struct filter *f;

	if (!text)
		return NULL;
	f = filter_compile(text, &where, in->d);
	if (!f)
		in->ok = false;
	return f;
}

/* The elements that are items of an act: <option>, <see>, <want>. */
static bool is_item(const char *name)
{
	return strcmp(name, "option") == 0 || strcmp(name, "see") == 0 || strcmp(name, "want") == 0;
}

static bool says_yes(const struct xml_node *n, const char *attribute)
{
	const char *value = xml_attr(n, attribute);

	return value && strcmp(value, "yes") == 0;
}

static void load_item(struct loading *in, const struct xml_node *n, struct lesson_item *item)
{
	const struct xml_node *p = xml_child(n, "p");

	item->value = g_strdup(xml_attr(n, "value"));
	item->right = says_yes(n, "right");
	item->when = condition(in, n);
	item->text = p ? text_paragraphs(n) : text_of(n);
	item->otherwise = text_of(xml_child(n, "otherwise"));
	if (!item->text.n || !item->text.pieces[0].text)
		wrong(in, n, "write what the person is to read", "<%s> has no text", n->name);
	if (strcmp(n->name, "option") != 0 && !xml_attr(n, "when"))
		wrong(in, n, "give it when=\"a display filter\"", "<%s> has no condition", n->name);
}

static void load_items(struct loading *in, const struct xml_node *n, struct act *act)
{
	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (c->name && is_item(c->name))
			act->nitems++;
		else if (c->name && strcmp(c->name, "hint") == 0)
			act->nhints++;
	}
	act->items = g_new0(struct lesson_item, act->nitems);
	act->hints = g_new0(struct lesson_text, act->nhints);
	act->nitems = act->nhints = 0;
	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (c->name && is_item(c->name))
			load_item(in, c, &act->items[act->nitems++]);
		else if (c->name && strcmp(c->name, "hint") == 0)
			act->hints[act->nhints++] = text_of(c);
	}
}

/* What Enter answers must be one of the answers, or it would be asked for ever. */
static bool fallback_fits(const struct act *act)
{
	guint64 n;

	if (!act->fallback ||
	    g_ascii_string_to_unsigned(act->fallback, 10, 1, act->nitems, &n, NULL))
		return true;
	for (size_t i = 0; i < act->nitems; i++)
		if (act->items[i].value &&
		    g_ascii_strcasecmp(act->items[i].value, act->fallback) == 0)
			return true;
	return false;
}

static void act_needs(struct loading *in, const struct xml_node *n, const struct act *act)
{
	const struct act_row *row = &act_table[act->kind];

	if (row->id && !act->id)
		wrong(in, n, "give it id=\"name\"", "<%s> has no id", n->name);
	if (row->when && !xml_attr(n, "when") && !act->packet)
		wrong(in, n, "give it when=\"a display filter\"", "<%s> has no condition", n->name);
	if (act->kind == ACT_CHOOSE && !fallback_fits(act))
		wrong(in, n, "use the value of one of its options",
		      "<%s>: its default is no option", n->name);
	if (row->items && !act->nitems)
		wrong(in, n, "put what can be chosen or seen into it", "<%s> is empty", n->name);
}

static bool act_kind_of(const char *name, enum act_kind *kind)
{
	for (int i = 0; i < ACT_COUNT; i++)
		if (strcmp(act_table[i].name, name) == 0) {
			*kind = (enum act_kind)i;
			return true;
		}
	return false;
}

static void unknown_act(struct loading *in, const struct xml_node *n)
{
	struct nearest near = NEAREST_INIT(n->name);
	char *hint;

	for (int i = 0; i < ACT_COUNT; i++)
		nearest_offer(&near, act_table[i].name);
	hint = near.best ? g_strdup_printf("did you mean <%s>?", near.best) : NULL;
	wrong(in, n, hint, "<%s> is nothing a step can hold", n->name);
	g_free(hint);
}

static void load_act(struct loading *in, const struct xml_node *n, struct act *act)
{
	const char *packet = xml_attr(n, "packet");
	const struct xml_node *done = xml_child(n, "done");
	guint64 number;

	act->id = g_strdup(xml_attr(n, "id"));
	act->fallback = g_strdup(xml_attr(n, "default"));
	act->question = g_strdup(xml_attr(n, "question"));
	act->private = says_yes(n, "private");
	act->when = condition(in, n);
	if (packet && g_ascii_string_to_unsigned(packet, 10, 1, UINT32_MAX, &number, NULL))
		act->packet = (uint32_t)number;
	act->text = text_paragraphs(n);
	act->done = done && xml_child(done, "p") ? text_paragraphs(done) : text_of(done);
	load_items(in, n, act);
	act_needs(in, n, act);
}

static void load_step(struct loading *in, const struct xml_node *n, struct step *step)
{
	GArray *acts = g_array_new(FALSE, TRUE, sizeof(struct act));

	step->title = g_strdup(xml_attr(n, "title") ? xml_attr(n, "title") : "");
	for (const struct xml_node *c = n->child; c; c = c->next) {
		struct act act = {0};

		if (!c->name)
			continue;
		if (!act_kind_of(c->name, &act.kind)) {
			unknown_act(in, c);
			continue;
		}
		load_act(in, c, &act);
		g_array_append_val(acts, act);
	}
	step->nacts = acts->len;
	step->acts = (struct act *)(void *)g_array_free(acts, FALSE);
	if (!step->nacts)
		wrong(in, n, "put something to say or to do into it", "the step '%s' is empty",
		      step->title);
}

static void act_release(struct act *a)
{
	g_free(a->id);
	g_free(a->fallback);
	g_free(a->question);
	filter_free(a->when);
	text_free(&a->text);
	text_free(&a->done);
	for (size_t i = 0; i < a->nhints; i++)
		text_free(&a->hints[i]);
	for (size_t i = 0; i < a->nitems; i++) {
		g_free(a->items[i].value);
		filter_free(a->items[i].when);
		text_free(&a->items[i].text);
		text_free(&a->items[i].otherwise);
	}
	g_free(a->hints);
	g_free(a->items);
}

void lesson_free(struct lesson *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->nsteps; i++) {
		for (size_t k = 0; k < l->steps[i].nacts; k++)
			act_release(&l->steps[i].acts[k]);
		g_free(l->steps[i].acts);
		g_free(l->steps[i].title);
	}
	g_free(l->steps);
	g_strfreev(l->leans);
	g_free(l->id);
	g_free(l->title);
	g_free(l->symptom);
	g_free(l->complaint);
	g_free(l->about);
	g_free(l->trace);
	g_free(l->filter);
	g_free(l->server);
	g_free(l->user);
	g_free(l);
}

/* --- the file --- */

static char *child_text(const struct xml_node *n, const char *name)
{
	const struct xml_node *c = xml_child(n, name);

	return c ? xml_text(c) : g_strdup("");
}

/* A trace is named relative to the folder above the lesson's: lessons/captures/x beside
 * lessons/lessons/y.xml. */
static char *trace_path(const char *lesson, const char *name)
{
	char *folder = g_path_get_dirname(lesson), *above = g_build_filename(folder, "..", NULL);
	char *path = g_build_filename(above, name, NULL),
	     *tidy = g_canonicalize_filename(path, NULL);

	g_free(folder);
	g_free(above);
	g_free(path);
	return tidy;
}

static void load_live(const struct xml_node *live, struct lesson *l)
{
	l->live = live != NULL;
	l->on_request =
		live && xml_attr(live, "start") && strcmp(xml_attr(live, "start"), "request") == 0;
	l->filter = g_strdup(live ? xml_attr(live, "filter") : NULL);
	l->server = g_strdup(live ? xml_attr(live, "server") : NULL);
	l->user = g_strdup(live ? xml_attr(live, "user") : NULL);
}

static void load_head(struct loading *in, const struct xml_node *root, struct lesson *l)
{
	const struct xml_node *trace = xml_child(root, "trace"), *live = xml_child(root, "live");
	const char *id = xml_attr(root, "id"), *order = xml_attr(root, "order");
	GPtrArray *leans = g_ptr_array_new();
	guint64 place = 100;

	l->id = g_strdup(id ? id : "");
	if (order)
		g_ascii_string_to_unsigned(order, 10, 0, 1000, &place, NULL);
	l->order = (int)place;
	l->title = child_text(root, "title");
	l->symptom = child_text(root, "symptom");
	l->complaint = child_text(root, xml_child(root, "complaint") ? "complaint" : "symptom");
	l->about = child_text(root, "about");
	if (trace && xml_attr(trace, "file"))
		l->trace = trace_path(in->path, xml_attr(trace, "file"));
	else
		wrong(in, root, "name one: <trace file=\"captures/name.pcap\"/>",
		      "the lesson '%s' has no recorded trace", l->id);
	load_live(live, l);
	for (const struct xml_node *c = xml_child(root, "leans"); c; c = xml_same(c))
		if (xml_attr(c, "rule"))
			g_ptr_array_add(leans, g_strdup(xml_attr(c, "rule")));
	g_ptr_array_add(leans, NULL);
	l->leans = (char **)g_ptr_array_free(leans, FALSE);
}

/* An answer that is used must be asked for. */
static bool asks_for(const struct lesson *l, const char *id)
{
	for (size_t s = 0; s < l->nsteps; s++)
		for (size_t i = 0; i < l->steps[s].nacts; i++) {
			const struct act *a = &l->steps[s].acts[i];

			if (a->kind == ACT_ASK && a->id && strcmp(a->id, id) == 0)
				return true;
		}
	return false;
}

static void check_asked(struct loading *in, const struct xml_node *root, const struct lesson *l,
			const char *id)
{
	if (id && !asks_for(l, id))
		wrong(in, xml_child(root, "live"), "give it the id of an <ask>",
		      "no question has the id '%s'", id);
}

/* A live session needs a place where recording starts and one where it stops. */
static void check_live(struct loading *in, const struct xml_node *root, const struct lesson *l)
{
	bool starts = false, stops = false;

	for (size_t s = 0; s < l->nsteps; s++)
		for (size_t i = 0; i < l->steps[s].nacts; i++) {
			enum act_kind kind = l->steps[s].acts[i].kind;

			stops = stops || (starts && kind == ACT_WITNESS);
			starts = starts || kind == ACT_CAPTURE;
		}
	if (l->live && !stops)
		wrong(in, xml_child(root, "live"), "add <capture> and after it <witness>",
		      "the lesson '%s' is live, but has no step that records", l->id);
	check_asked(in, root, l, l->server);
	check_asked(in, root, l, l->user);
}

static void load_steps(struct loading *in, const struct xml_node *root, struct lesson *l)
{
	size_t i = 0;

	for (const struct xml_node *c = xml_child(root, "step"); c; c = xml_same(c))
		l->nsteps++;
	l->steps = g_new0(struct step, l->nsteps);
	for (const struct xml_node *c = xml_child(root, "step"); c; c = xml_same(c))
		load_step(in, c, &l->steps[i++]);
	check_live(in, root, l);
	if (!l->nsteps)
		wrong(in, root, "add <step title=\"...\">", "the lesson '%s' has no steps", l->id);
}

struct lesson *lesson_load(const char *path, struct diag *d)
{
	struct loading in = {.path = path, .d = d, .ok = true};
	char *schema = g_build_filename(lesson_data(), "schema", "lesson.xsd", NULL);
	struct xml_doc *doc = xml_load(path, schema, d);
	struct lesson *l;

	g_free(schema);
	if (!doc)
		return NULL;
	l = g_new0(struct lesson, 1);
	load_head(&in, xml_root(doc), l);
	load_steps(&in, xml_root(doc), l);
	xml_free(doc);
	if (in.ok)
		return l;
	lesson_free(l);
	return NULL;
}
