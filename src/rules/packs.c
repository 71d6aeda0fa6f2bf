// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * packs: files and folders of packs, and finding rules and words in them.
 */
#include <string.h>
#include <sys/stat.h>

#include "private.h"

#define NAMESPACE       "urn:tracetutor:1"
#define NAMESPACE_STEM  "urn:tracetutor:"
#define PACKS_MAX_FILES 1000 /* of one folder */

static const char *data_folder(void)
{
	const char *env = g_getenv("TRACETUTOR_DATA");

	return env && *env ? env : PKGDATADIR;
}

struct packs *packs_new(void)
{
	struct packs *p = g_new0(struct packs, 1);

	p->rules = g_ptr_array_new();
	p->terms = g_ptr_array_new();
	p->filters = g_ptr_array_new_with_free_func((GDestroyNotify)filter_free);
	p->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p->by_word = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p->schema_path = g_build_filename(data_folder(), "schema", "pack.xsd", NULL);
	if (!g_file_test(p->schema_path, G_FILE_TEST_IS_REGULAR))
		g_clear_pointer(&p->schema_path, g_free);
	return p;
}

void packs_free(struct packs *p)
{
	if (!p)
		return;
	g_ptr_array_free(p->rules, TRUE);
	g_ptr_array_free(p->terms, TRUE);
	g_ptr_array_free(p->filters, TRUE);
	g_hash_table_destroy(p->by_id);
	g_hash_table_destroy(p->by_word);
	g_free(p->schema_path);
	xml_schema_free(p->schema);
	arena_release(&p->arena);
	g_free(p);
}

size_t packs_rule_count(const struct packs *p)
{
	return p->rules->len;
}

const struct rule *packs_rule(const struct packs *p, size_t i)
{
	const struct rule_slot *slot = g_ptr_array_index(p->rules, i);

	return &slot->rule;
}

const struct rule *packs_find(const struct packs *p, const char *id)
{
	const struct rule_slot *slot = g_hash_table_lookup(p->by_id, id);

	return slot ? &slot->rule : NULL;
}

size_t packs_term_count(const struct packs *p)
{
	return p->terms->len;
}

const struct term *packs_term_at(const struct packs *p, size_t i)
{
	const struct term_slot *slot = g_ptr_array_index(p->terms, i);

	return &slot->term;
}

const struct term *packs_term(const struct packs *p, const char *word)
{
	char *folded = g_utf8_casefold(word, -1);
	const struct term_slot *slot = g_hash_table_lookup(p->by_word, folded);

	g_free(folded);
	return slot ? &slot->term : NULL;
}

static void keep_rule(struct load *l, const struct xml_node *n, struct rule_slot *slot)
{
	struct packs *p = l->p;
	struct rule_slot *old = g_hash_table_lookup(p->by_id, slot->rule.id);

	slot->call = p->call;
	if (old && old->call == p->call) {
		load_say(l, DIAG_ERROR, n, slot->rule.id, "Give one of them another id.",
			 "the rule %s is already at %s:%u", slot->rule.id, old->rule.file,
			 old->rule.line);
		return;
	}
	if (!old && p->rules->len >= RULES_MAX) {
		load_say(l, DIAG_ERROR, n, NULL, "Take packs out that are not needed.",
			 "there are more than %d rules; this one is left out", RULES_MAX);
		return;
	}
	slot->at = old ? old->at : p->rules->len;
	if (old)
		p->rules->pdata[old->at] = slot;
	else
		g_ptr_array_add(p->rules, slot);
	g_hash_table_replace(p->by_id, g_strdup(slot->rule.id), slot);
	g_hash_table_replace(p->by_id, g_strconcat(slot->rule.pack, ":", slot->rule.id, NULL),
			     slot);
}

static void keep_term(struct load *l, const struct xml_node *n)
{
	struct packs *p = l->p;
	const char *word = xml_attr(n, "word");
	struct term_slot *slot, *old;
	char *folded;

	if (!word || !*word) {
		load_say(l, DIAG_ERROR, n, "<term", NULL, "<term> lacks the attribute word");
		return;
	}
	l->bad = false;
	slot = arena_zero(&p->arena, sizeof(*slot));
	slot->term.word = arena_copy(&p->arena, word, strlen(word));
	slot->term.file = l->file;
	slot->term.line = n->line;
	slot->term.meaning = load_prose(l, n);
	slot->call = p->call;
	folded = g_utf8_casefold(word, -1);
	old = g_hash_table_lookup(p->by_word, folded);
	if (old && old->call == p->call)
		load_say(l, DIAG_ERROR, n, word, "Take one of them out.",
			 "the word \"%s\" is already explained at %s:%u", word, old->term.file,
			 old->term.line);
	if (l->bad) {
		g_free(folded);
		return;
	}
	slot->at = old ? old->at : p->terms->len;
	if (old)
		p->terms->pdata[old->at] = slot;
	else
		g_ptr_array_add(p->terms, slot);
	g_hash_table_replace(p->by_word, folded, slot);
}

static bool version_known(struct load *l, const struct xml_node *root)
{
	const char *version = xml_attr(root, "version"), *ns = xml_namespace(l->doc);
	char *end = NULL;
	guint64 major = version ? g_ascii_strtoull(version, &end, 10) : 0;
	guint64 minor = end && *end == '.' ? g_ascii_strtoull(end + 1, &end, 10) : 0;

	if (strcmp(root->name, "pack") != 0 || !g_str_has_prefix(ns, NAMESPACE_STEM)) {
		load_say(l, DIAG_ERROR, root, NULL,
			 "A pack begins with <pack xmlns=\"" NAMESPACE
			 "\" id=\"NAME\" version=\"1.0\">.",
			 "this is not a pack");
		return false;
	}
	if (strcmp(ns, NAMESPACE) != 0 || (version && major != 1)) {
		load_say(l, DIAG_WARNING, root, version ? version : ns,
			 "Get a newer tracetutor, or the pack for version 1.",
			 "this pack is for another version of tracetutor; it is skipped");
		return false;
	}
	l->newer = minor > 0;
	if (l->newer)
		load_say(l, DIAG_NOTE, root, version, NULL,
			 "this pack is for a newer tracetutor; what is not known here is left out");
	return true;
}

static void load_elements(struct load *l, const struct xml_node *root)
{
	for (const struct xml_node *n = root->child; n; n = n->next) {
		if (n->name && strcmp(n->name, "rule") == 0) {
			struct rule_slot *slot = load_rule(l, n);

			if (slot)
				keep_rule(l, n, slot);
		} else if (n->name && strcmp(n->name, "term") == 0) {
			keep_term(l, n);
		}
	}
}

/* The schema is read for the first pack; without it the loader's own checks must do. */
static bool structure_right(struct load *l)
{
	struct packs *p = l->p;

	if (!p->schema && p->schema_path) {
		p->schema = xml_schema_load(p->schema_path, l->d);
		if (!p->schema)
			g_clear_pointer(&p->schema_path, g_free);
	}
	return !p->schema || xml_validate(l->doc, p->schema, l->d);
}

/* The whole of a pack whose structure is right. */
static bool load_pack(struct load *l)
{
	const struct xml_node *root = xml_root(l->doc);
	const char *id;

	if (!version_known(l, root))
		return false;
	if (!l->newer && !structure_right(l))
		return false;
	id = xml_attr(root, "id");
	if (!id) {
		load_say(l, DIAG_ERROR, root, "<pack", NULL, "<pack> lacks the attribute id");
		return false;
	}
	l->pack = arena_copy(&l->p->arena, id, strlen(id));
	load_elements(l, root);
	return true;
}

/* Takes the document over; NULL: it was refused. */
static bool load_doc(struct packs *p, struct xml_doc *doc, struct diag *d)
{
	struct load l = {.p = p, .doc = doc, .d = d};
	bool done = false;

	if (doc) {
		l.file = arena_copy(&p->arena, xml_file(doc), strlen(xml_file(doc)));
		done = load_pack(&l);
	}
	xml_free(doc);
	return done;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the folder's *.xml files, sorted. */
static GPtrArray *folder_files(const char *path, struct diag *d)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(path, 0, NULL);
	struct place where = {.file = path};
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) && files->len < PACKS_MAX_FILES)
		if (g_str_has_suffix(name, ".xml") && name[0] != '.')
			g_ptr_array_add(files, g_build_filename(path, name, NULL));
	if (!dir)
		diag_add(d, DIAG_ERROR, &where, "Check the permissions of the folder.",
			 "this folder cannot be read");
	else
		g_dir_close(dir);
	g_ptr_array_sort(files, by_name);
	return files;
}

bool packs_load(struct packs *p, const char *path, struct diag *d)
{
	GPtrArray *files;
	bool any = false;

	p->call++;
	if (!g_file_test(path, G_FILE_TEST_IS_DIR))
		return load_doc(p, xml_load(path, NULL, d), d);
	files = folder_files(path, d);
	for (guint i = 0; i < files->len; i++)
		any = load_doc(p, xml_load(files->pdata[i], NULL, d), d) || any;
	g_ptr_array_free(files, TRUE);
	return any;
}

bool packs_load_bytes(struct packs *p, const char *name, const char *bytes, size_t n,
		      struct diag *d)
{
	p->call++;
	return load_doc(p, xml_parse(name, bytes, n, NULL, d), d);
}

bool packs_load_all(struct packs *p, struct diag *d)
{
	char *shipped = g_build_filename(data_folder(), "rules", NULL);
	char *own = g_build_filename(g_get_user_data_dir(), "tracetutor", "rules", NULL);
	bool done = packs_load(p, shipped, d);

	if (!done)
		diag_fail(d, "Install the program again, or set TRACETUTOR_DATA to its data.",
			  "no rules could be loaded from %s", shipped);
	if (g_file_test(own, G_FILE_TEST_IS_DIR))
		done = packs_load(p, own, d) || done;
	g_free(shipped);
	g_free(own);
	return done;
}

/* folder/name if that file is there; else NULL. */
static char *if_there(const char *folder, const char *name)
{
	char *path = g_build_filename(folder, name, NULL);

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		g_clear_pointer(&path, g_free);
	return path;
}

char *rule_test_path(const struct rule *r, const struct rule_test *t)
{
	char *folder = g_path_get_dirname(r->file);
	char *above = g_build_filename(folder, "..", NULL);
	const char *more = g_getenv("TRACETUTOR_CAPTURES");
	char *path = if_there(folder, t->capture);

	if (!path)
		path = if_there(above, t->capture);
	if (!path && more)
		path = if_there(more, t->capture);
	g_free(folder);
	g_free(above);
	return path;
}
