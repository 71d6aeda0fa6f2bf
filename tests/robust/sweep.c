/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sweep: the packets of every capture of the project, cut at every length and with bytes changed,
 * go through the whole pipeline with the shipped rules. Sanitizers say what is wrong; what is shown
 * must be clean. Writes TAP.
 *
 *     TRACETUTOR_FLIPS=N  packets with changed bytes (default 20000)
 *     TRACETUTOR_SEED=N   of the first run over a capture (default 1); a comment names each
 * hundredth
 */
#include "tests/fuzz/feed.h"

#define FLIPS       20000
#define FOLDER_DEEP 2   /* folders below tests/captures */
#define CUT_EACH    256 /* up to here packets are cut at each length, then at each CUT_STEP-th */
#define CUT_STEP    5   /* no divisor of a power of two: all alignments are met */

struct taken {
	char *name;
	struct frame *frames; /* each with bytes of its own */
	uint32_t n;
};

struct sweep {
	struct packs *packs;
	GArray *captures; /* struct taken */
	unsigned cases;
};

/* --- the captures --- */

static void take(GArray *captures, const char *path)
{
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open(path, &d);
	GArray *frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
	struct taken t = {.name = g_path_get_basename(path)};
	struct frame f;

	while (c && capture_next(c, &f, &d) == CAPTURE_FRAME) {
		f.data = g_memdup2(f.data, f.captured);
		f.comment = f.interface_name = NULL;
		g_array_append_val(frames, f);
	}
	if (c)
		capture_close(c);
	t.n = frames->len;
	t.frames = (struct frame *)(void *)g_array_free(frames, FALSE);
	g_array_append_val(captures, t);
	diag_release(&d);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In the order of names, so that a seed means the same everywhere. */
static void take_folder(GArray *captures, const char *folder, int deep)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_build_filename(folder, name, NULL));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	for (guint i = 0; i < names->len; i++) {
		const char *path = g_ptr_array_index(names, i);

		if (deep > 0 && g_file_test(path, G_FILE_TEST_IS_DIR))
			take_folder(captures, path, deep - 1);
		else if (g_str_has_suffix(path, ".pcap") || g_str_has_suffix(path, ".pcapng"))
			take(captures, path);
	}
	g_ptr_array_free(names, TRUE);
}

static void give_back(GArray *captures)
{
	for (guint i = 0; i < captures->len; i++) {
		struct taken *t = &g_array_index(captures, struct taken, i);

		for (uint32_t k = 0; k < t->n; k++)
			g_free((void *)t->frames[k].data);
		g_free(t->frames);
		g_free(t->name);
	}
	g_array_free(captures, TRUE);
}

/* --- cutting --- */

/* The bytes stand alone on the heap, so that reading one too many is seen. */
static void feed_copy(struct feed *x, const struct frame *like, uint32_t captured,
		      uint32_t original, const uint8_t *bytes)
{
	struct frame f = *like;
	uint8_t *copy = g_memdup2(bytes, captured);

	f.data = copy ? copy : (const uint8_t *)"";
	f.captured = captured;
	f.original = original;
	feed_frame(x, &f);
	g_free(copy);
}

/* Each packet at all lengths from nothing to whole: as a capture with a small snap length leaves
 * it, or as if no more had been sent. Returns the packets fed. */
static uint32_t cut_all(struct sweep *s, const struct taken *t, bool snapped)
{
	struct feed x;
	uint32_t fed;

	feed_begin(&x, s->packs);
	for (uint32_t i = 0; i < t->n; i++)
		for (uint32_t cut = 0; cut <= t->frames[i].captured;
		     cut += cut < CUT_EACH ? 1 : CUT_STEP) {
			const struct frame *f = &t->frames[i];

			x.all_views = cut % 4 == 0;
			feed_copy(&x, f, cut, snapped ? f->original : cut, f->data);
		}
	fed = x.number;
	feed_end(&x);
	return fed;
}

static void cut_captures(struct sweep *s, bool snapped)
{
	for (guint i = 0; i < s->captures->len; i++) {
		const struct taken *t = &g_array_index(s->captures, struct taken, i);
		uint32_t fed = cut_all(s, t, snapped);

		printf("ok %u - %s, %u packets cut at every length %s: %u\n", ++s->cases, t->name,
		       t->n, snapped ? "(cut by the capture)" : "(sent so short)", fed);
		fflush(stdout);
	}
}

/* --- changing bytes --- */

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
	guint64 v;

	return g_getenv(name) && g_ascii_string_to_unsigned(g_getenv(name), 10, 0, G_MAXINT64, &v,
							    NULL)
		       ? v
		       : otherwise;
}

/* xorshift64: the same everywhere. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32) % below;
}

static void change(uint8_t *bytes, uint32_t n, uint64_t *state)
{
	static const uint8_t edges[] = {0x00, 0x01, 0x7f, 0x80, 0xc0, 0xff};

	for (uint32_t k = 1 + draw(state, 4); k > 0; k--) {
		uint8_t *at = &bytes[draw(state, n)];

		switch (draw(state, 3)) {
		case 0: *at ^= (uint8_t)(1u << draw(state, 8)); break;
		case 1: *at = edges[draw(state, sizeof(edges))]; break;
		default: *at = (uint8_t)draw(state, 256); break;
		}
	}
}

/* One run over a capture with three of four packets changed; returns how many. */
static uint32_t flip_run(struct sweep *s, const struct taken *t, uint64_t seed)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
	uint32_t changed = 0;
	struct feed x;

	feed_begin(&x, s->packs);
	for (uint32_t i = 0; i < t->n; i++) {
		const struct frame *f = &t->frames[i];
		uint8_t *bytes = g_memdup2(f->data, f->captured);

		if (f->captured && draw(&state, 4)) {
			change(bytes, f->captured, &state);
			changed++;
		}
		feed_copy(&x, f, f->captured, f->original, bytes);
		g_free(bytes);
	}
	feed_end(&x);
	return changed;
}

static void flip_captures(struct sweep *s)
{
	uint64_t wanted = from_environment("TRACETUTOR_FLIPS", FLIPS), changed = 0;
	uint64_t seed = from_environment("TRACETUTOR_SEED", 1), runs = 0;

	while (changed < wanted) {
		const struct taken *t =
			&g_array_index(s->captures, struct taken, (seed + runs) % s->captures->len);
		uint32_t n = flip_run(s, t, seed + runs);

		if (++runs % 100 == 0) {
			printf("# next seed %" G_GUINT64_FORMAT "\n", seed + runs);
			fflush(stdout);
		}
		changed += n ? n : 1; /* captures without packets must not go on for ever */
	}
	printf("ok %u - %" G_GUINT64_FORMAT " packets with changed bytes in %" G_GUINT64_FORMAT
	       " runs\n",
	       ++s->cases, changed, runs);
}

int main(void)
{
	const char *top = g_getenv("srcdir") ? g_getenv("srcdir") : ".";
	struct sweep s = {.packs = feed_packs(),
			  .captures = g_array_new(FALSE, FALSE, sizeof(struct taken))};
	char *shipped = g_build_filename(top, "lessons", "captures", NULL);
	char *ours = g_build_filename(top, "tests", "captures", NULL);

	take_folder(s.captures, shipped, 0);
	take_folder(s.captures, ours, FOLDER_DEEP);
	printf("%sok %u - rules and %u captures are there\n",
	       s.packs && s.captures->len ? "" : "not ", ++s.cases, s.captures->len);
	if (s.packs && s.captures->len) {
		cut_captures(&s, true);
		cut_captures(&s, false);
		flip_captures(&s);
	}
	printf("1..%u\n", s.cases);
	give_back(s.captures);
	packs_free(s.packs);
	g_free(shipped);
	g_free(ours);
	return 0;
}
