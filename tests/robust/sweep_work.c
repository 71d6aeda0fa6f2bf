/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep_work: a capture, damaged in all ways, through everything that reads one. */
#include "config.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tests/fuzz/feed.h"
#include "tests/robust/sweep.h"
#include "tracetutor/conversations.h"
#include "tracetutor/folder.h"
#include "tracetutor/overview.h"
#include "tracetutor/stages.h"
#include "tracetutor/story.h"

#define FILE_CUTS      16384   /* longer files are cut at every n-th length */
#define FILE_FLIP_PART 10      /* of so many changed packets one changed file */
#define VIEWS_PART     80      /* and one run shown in all views */
#define SLOW           1000000 /* ns: packets below need no second measurement */

struct work {
	const struct taken *t;
	const struct packs *packs;
	const struct sweep_options *o;
	struct sweep_state *state;
	struct feed feed;
	GArray *costs; /* int64_t: CPU time of each packet of the run, the best so far */
	uint64_t changed;
};

bool sweep_run(enum sweep_stage stage, uint64_t seed, const struct sweep_options *o,
	       struct damage_run *run)
{
	static const enum damage kinds[] = {
		[SWEEP_WHOLE] = DAMAGE_NONE,    [SWEEP_SNAPPED] = DAMAGE_SNAPPED,
		[SWEEP_SHORT] = DAMAGE_SHORT,   [SWEEP_FILE_CUT] = DAMAGE_NONE,
		[SWEEP_FLIP] = DAMAGE_FLIPPED,  [SWEEP_FILE_FLIP] = DAMAGE_NONE,
		[SWEEP_VIEWS] = DAMAGE_FLIPPED,
	};

	*run = (struct damage_run){
		.kind = kinds[stage],
		.seed = seed,
		.most = stage == SWEEP_SNAPPED || stage == SWEEP_SHORT ? o->cuts : o->packets};
	return stage != SWEEP_FILE_CUT && stage != SWEEP_FILE_FLIP;
}

/* --- what is seen from outside --- */

static void begin_run(struct work *w, enum sweep_stage stage, uint64_t seed)
{
	w->state->stage = stage;
	w->state->seed = seed;
	w->state->step = 0;
	w->state->moved++;
}

static void step(struct work *w)
{
	w->state->step++;
	w->state->moved++;
}

static void end_run(struct work *w, uint64_t done)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	w->state->done[w->state->stage] += done;
	w->state->runs++;
	w->state->kilobytes = (uint64_t)use.ru_maxrss;
	if (w->o->megabytes && (uint64_t)use.ru_maxrss > (uint64_t)w->o->megabytes << 10) {
		fprintf(stderr, "more than %u MB of memory\n", w->o->megabytes);
		abort();
	}
}

static int64_t cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000 + t.tv_nsec;
}

/* --- packets --- */

static bool feed_cut(void *context, struct frame *f, bool changed)
{
	struct work *w = context;

	(void)changed;
	step(w);
	w->feed.all_views = f->captured % 4 == 0;
	feed_frame(&w->feed, f);
	return true;
}

static void cut_packets(struct work *w, enum sweep_stage stage)
{
	struct damage_run run;

	sweep_run(stage, w->o->seed, w->o, &run);
	begin_run(w, stage, w->o->seed);
	feed_begin(&w->feed, w->packs);
	damage_frames(w->t, &run, feed_cut, w);
	feed_end(&w->feed);
	end_run(w, w->state->step);
}

static bool feed_measured(void *context, struct frame *f, bool changed)
{
	struct work *w = context;
	int64_t took = cpu_time(), *best;

	step(w);
	feed_decode(&w->feed, f);
	took = cpu_time() - took;
	if (w->o->timed)
		feed_expect_clean(&w->feed.lines.text);
	else
		feed_check(&w->feed, f);
	w->changed += changed;
	if (w->costs->len < w->state->step)
		g_array_append_val(w->costs, took);
	best = &g_array_index(w->costs, int64_t, w->state->step - 1);
	*best = MIN(*best, took);
	return true;
}

static void measured(struct work *w, const struct damage_run *run)
{
	w->changed = 0;
	w->state->step = 0;
	feed_begin(&w->feed, w->packs);
	damage_frames(w->t, run, feed_measured, w);
	feed_end(&w->feed);
}

static uint32_t slowest(const struct work *w)
{
	uint32_t at = 0;

	for (uint32_t i = 1; i < w->costs->len; i++)
		if (g_array_index(w->costs, int64_t, i) > g_array_index(w->costs, int64_t, at))
			at = i;
	return at;
}

/* A run, and again if a packet seems to be the slowest so far: another process may have been in
 * its way. Returns how many packets were changed. */
static uint64_t run_packets(struct work *w, enum sweep_stage stage, uint64_t seed)
{
	struct sweep_state *s = w->state;
	struct damage_run run;

	sweep_run(stage, seed, w->o, &run);
	begin_run(w, stage, seed);
	g_array_set_size(w->costs, 0);
	measured(w, &run);
	for (int again = 0; again < 2 && w->costs->len; again++)
		if (g_array_index(w->costs, int64_t, slowest(w)) > MAX(s->worst, SLOW))
			measured(w, &run);
	if (w->costs->len && g_array_index(w->costs, int64_t, slowest(w)) > s->worst) {
		s->worst = g_array_index(w->costs, int64_t, slowest(w));
		s->worst_seed = seed;
		s->worst_step = slowest(w) + 1;
	}
	end_run(w, stage == SWEEP_WHOLE ? s->step : w->changed);
	return w->changed;
}

/* --- files --- */

static int memory_file(const void *bytes, size_t n)
{
	int fd = memfd_create("sweep", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n) {
		perror("memfd_create");
		abort();
	}
	return fd;
}

/* Up to `most` frames of the file; with `decode` they go through everything. */
static void read_file(struct work *w, int fd, uint32_t most, bool decode)
{
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open_fd(dup(fd), "damaged", &d);
	struct frame f;

	if (!c && !d.errors) {
		fprintf(stderr, "refused without a word\n");
		abort();
	}
	feed_begin(&w->feed, decode ? w->packs : NULL);
	for (uint32_t i = 0; c && i < most && capture_next(c, &f, &d) == CAPTURE_FRAME; i++)
		if (decode)
			feed_frame(&w->feed, &f);
	if (decode && c && capture_rewind(c, &d))
		capture_next(c, &f, &d);
	feed_end(&w->feed);
	capture_close(c);
	diag_release(&d);
}

/* The longest first, so that the file need not be written again. */
static void cut_file(struct work *w)
{
	size_t each = w->t->size / (w->o->cuts ? MIN(w->o->cuts, FILE_CUTS) : FILE_CUTS) + 1;
	int fd = memory_file(w->t->bytes, w->t->size);

	begin_run(w, SWEEP_FILE_CUT, w->o->seed);
	for (size_t left = w->t->size; left > 0; left = left > each ? left - each : 0) {
		w->state->step = left;
		w->state->moved++;
		if (ftruncate(fd, (off_t)left) != 0)
			abort();
		read_file(w, fd, w->o->packets, left % 64 == 0);
		w->state->done[SWEEP_FILE_CUT]++;
	}
	close(fd);
	end_run(w, 0);
}

static void flip_file(struct work *w, uint64_t seed)
{
	uint8_t *bytes = g_memdup2(w->t->bytes, w->t->size);
	int fd;

	begin_run(w, SWEEP_FILE_FLIP, seed);
	damage_file(bytes, w->t->size, seed);
	fd = memory_file(bytes, w->t->size);
	read_file(w, fd, w->o->packets, true);
	close(fd);
	g_free(bytes);
	end_run(w, 1);
}

/* --- the views --- */

struct watchers {
	struct overview *overview;
	struct stages *stages;
	struct story *story;
	struct conversations conversations;
};

static void watch(void *context, const struct record *r)
{
	struct watchers *v = context;

	overview_record(v->overview, r);
	stages_record(v->stages, r);
	story_record(v->story, r);
	conversations_record(&v->conversations, r);
}

static bool show(void *context, const struct record *r, struct engine *engine)
{
	report_judged(context, r, engine);
	return true;
}

/* As `explain --format html` makes it, with the table of `summary` before it. */
static void write_page(struct session *s, const struct packs *packs, struct watchers *v, int fd,
		       struct diag *d)
{
	struct sink *sink = sink_html_new(fd, &(struct sink_options){.width = 100});
	struct capture_facts facts = session_facts(s);
	struct report rep;

	report_init(&rep, sink, packs, NULL);
	sink_begin(sink, NODE_REPORT, NULL);
	report_verdict(&rep, session_engine(s));
	overview_say(v->overview, &rep, &facts, session_engine(s), 80);
	sink_begin(sink, NODE_SECTION, &(struct node_attr){.title = "Packets"});
	session_walk(s, 1, UINT32_MAX, NULL, show, &rep, d);
	report_end(&rep);
	sink_end(sink, NODE_SECTION);
	sink_end(sink, NODE_REPORT);
	sink_flush(sink);
	report_release(&rep);
	sink_free(sink);
}

static void expect_stages(struct stages *s, struct story *story, struct buf *out)
{
	uint32_t packet;

	for (enum stage i = 0; i < STAGE_COUNT; i++)
		if (stages_results(s)[i].words)
			buf_str(out, stages_results(s)[i].words);
	buf_str(out, stages_talk(s)->who);
	while (story_next(story, &packet, out))
		buf_char(out, '\n');
	feed_expect_clean(out);
}

static void view_file(struct work *w, const char *path, struct watchers *v)
{
	struct diag d = DIAG_INIT;
	struct session *s = session_open(path, w->packs, &d);
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct buf out = BUF_INIT;

	if (s) {
		struct capture_facts facts;

		session_observe(s, watch, v);
		session_read(s, NULL, NULL, &d);
		conversations_end(&v->conversations);
		facts = session_facts(s);
		conversations_text(&v->conversations, session_engine(s), 80, 0, &out);
		expect_stages(v->stages, v->story, &out);
		overview_json(v->overview, &facts, session_engine(s), &out);
		write_page(s, w->packs, v, fd, &d);
		folder_report_into(fd, s, w->packs, "It does not work.", NULL, 0, &d);
		session_close(s);
	}
	close(fd);
	buf_release(&out);
	diag_release(&d);
}

static bool keep(void *context, struct frame *f, bool changed)
{
	(void)changed;
	damage_file_frame(context, f);
	return true;
}

static void view_run(struct work *w, uint64_t seed)
{
	struct watchers v = {.overview = overview_new(),
			     .stages = stages_new("pop.example.org"),
			     .story = story_new(NULL, 0)};
	int fd = memory_file("", 0);
	struct damage_run run;
	struct damage_file file;
	char path[64];

	begin_run(w, SWEEP_VIEWS, seed);
	sweep_run(SWEEP_VIEWS, seed, w->o, &run);
	damage_file_begin(&file, fd);
	damage_frames(w->t, &run, keep, &file);
	if (!damage_file_end(&file))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	conversations_init(&v.conversations, SORT_BYTES, NULL);
	view_file(w, path, &v);
	conversations_release(&v.conversations);
	overview_free(v.overview);
	stages_free(v.stages);
	story_free(v.story);
	close(fd);
	end_run(w, 1);
}

void sweep_capture(const struct taken *t, const struct packs *packs, const struct sweep_options *o,
		   struct sweep_state *state)
{
	struct work w = {.t = t, .packs = packs, .o = o, .state = state};
	uint64_t changed = 0;

	w.costs = g_array_new(FALSE, FALSE, sizeof(int64_t));
	run_packets(&w, SWEEP_WHOLE, o->seed);
	cut_packets(&w, SWEEP_SNAPPED);
	cut_packets(&w, SWEEP_SHORT);
	cut_file(&w);
	for (uint64_t i = 0; changed < o->flips && t->n; i++) {
		uint64_t n = run_packets(&w, SWEEP_FLIP, o->seed + i);

		changed += n ? n : 1; /* packets without bytes must not go on for ever */
	}
	for (uint64_t i = 0; i < o->flips / FILE_FLIP_PART; i++)
		flip_file(&w, o->seed + i);
	for (uint64_t i = 0; i < o->flips / VIEWS_PART; i++)
		view_run(&w, o->seed + i);
	g_array_free(w.costs, TRUE);
}
