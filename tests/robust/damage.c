/* SPDX-License-Identifier: GPL-3.0-or-later */
/* damage: cut and changed packets, made again from a seed. */
#include "tests/robust/damage.h"

#include <string.h>
#include <unistd.h>

#include "tracetutor/capture.h"

#define CUT_EACH  256 /* up to here packets are cut at each length, then at each CUT_STEP-th */
#define CUT_STEP  5   /* no divisor of a power of two: all alignments are met */
#define FILE_HEAD 64
#define AGAIN     16 /* times that a small capture is gone through in one run: a run is costly */

/* --- the captures --- */

bool taken_read(struct taken *t, const char *path, uint32_t most)
{
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open(path, &d);
	GArray *frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
	struct frame f;
	gsize size = 0;

	*t = (struct taken){.path = g_strdup(path)};
	while (c && capture_next(c, &f, &d) == CAPTURE_FRAME) {
		if (frames->len == most) {
			t->more = true;
			break;
		}
		f.data = g_memdup2(f.data, f.captured);
		f.comment = f.interface_name = NULL;
		g_array_append_val(frames, f);
	}
	capture_close(c);
	diag_release(&d);
	t->n = frames->len;
	t->frames = (struct frame *)(void *)g_array_free(frames, FALSE);
	g_file_get_contents(path, (char **)&t->bytes, &size, NULL);
	t->size = size;
	return c && t->bytes;
}

void taken_release(struct taken *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		g_free((void *)t->frames[i].data);
	g_free(t->frames);
	g_free(t->bytes);
	g_free(t->path);
}

/* --- chance --- */

/* xorshift64: the same everywhere. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32) % below;
}

static uint64_t begin_at(uint64_t seed)
{
	return seed * 0x9e3779b97f4a7c15u + 1;
}

static void change(uint8_t *at, uint64_t *state)
{
	static const uint8_t edges[] = {0x00, 0x01, 0x7f, 0x80, 0xc0, 0xff};

	switch (draw(state, 3)) {
	case 0: *at ^= (uint8_t)(1u << draw(state, 8)); break;
	case 1: *at = edges[draw(state, sizeof(edges))]; break;
	default: *at = (uint8_t)draw(state, 256); break;
	}
}

void damage_file(uint8_t *bytes, size_t n, uint64_t seed)
{
	uint64_t state = begin_at(seed);

	if (n)
		for (uint32_t k = 1 + draw(&state, 6); k > 0; k--) {
			uint32_t within = draw(&state, 3) ? (uint32_t)n : FILE_HEAD;

			change(&bytes[draw(&state, within < n ? within : (uint32_t)n)], &state);
		}
}

/* --- the frames --- */

static bool hand_on(const struct frame *like, uint32_t captured, uint32_t original, uint8_t *bytes,
		    bool changed, damage_each *each, void *context)
{
	struct frame f = *like;
	bool more;

	f.data = bytes ? bytes : (const uint8_t *)"";
	f.captured = captured;
	f.original = original;
	more = each(context, &f, changed);
	g_free(bytes);
	return more;
}

static uint64_t cuts_of(const struct frame *f)
{
	return f->captured < CUT_EACH ? f->captured + 1
				      : CUT_EACH + (f->captured - CUT_EACH) / CUT_STEP + 1;
}

static void cut_frames(const struct taken *t, const struct damage_run *run, damage_each *each,
		       void *context)
{
	uint64_t all = 0, step;
	bool more = true;

	for (uint32_t i = 0; i < t->n; i++)
		all += cuts_of(&t->frames[i]);
	step = run->most ? (all + run->most - 1) / run->most : 1;
	for (uint64_t i = 0; i < t->n && more; i += step ? step : 1) {
		const struct frame *f = &t->frames[i];

		for (uint32_t cut = 0; cut <= f->captured && more;
		     cut += cut < CUT_EACH ? 1 : CUT_STEP)
			more = hand_on(f, cut, run->kind == DAMAGE_SNAPPED ? f->original : cut,
				       g_memdup2(f->data, cut), true, each, context);
	}
}

static void flip_frames(const struct taken *t, const struct damage_run *run, damage_each *each,
			void *context)
{
	uint64_t state = begin_at(run->seed);
	uint32_t n = t->n > run->most ? (uint32_t)run->most : t->n;
	uint32_t from = t->n > n ? draw(&state, t->n - n + 1) : 0;
	uint64_t times = run->kind == DAMAGE_FLIPPED && n ? MIN(run->most / n, AGAIN) : 1;
	bool more = true;

	for (uint32_t i = 0; i < n * MAX(times, 1) && more; i++) {
		const struct frame *f = &t->frames[from + i % n];
		uint8_t *bytes = g_memdup2(f->data, f->captured);
		bool changed = run->kind == DAMAGE_FLIPPED && f->captured && draw(&state, 4);

		for (uint32_t k = changed ? 1 + draw(&state, 4) : 0; k > 0; k--)
			change(&bytes[draw(&state, f->captured)], &state);
		more = hand_on(f, f->captured, f->original, bytes, changed, each, context);
	}
}

void damage_frames(const struct taken *t, const struct damage_run *run, damage_each *each,
		   void *context)
{
	if (run->kind == DAMAGE_SNAPPED || run->kind == DAMAGE_SHORT)
		cut_frames(t, run, each, context);
	else
		flip_frames(t, run, each, context);
}

/* --- as a file --- */

static void put(struct damage_file *w, const void *bytes, size_t n)
{
	static const char none[4];
	size_t fill = -n & 3;

	w->failed |=
		write(w->fd, bytes, n) != (ssize_t)n || write(w->fd, none, fill) != (ssize_t)fill;
}

void damage_file_begin(struct damage_file *w, int fd)
{
	static const uint32_t section[] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, ~0u, ~0u, 28};

	*w = (struct damage_file){.fd = fd, .links = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
	put(w, section, sizeof(section));
}

/* The interface of that link type; times are in nanoseconds. */
static uint32_t interface_of(struct damage_file *w, uint32_t link)
{
	const uint32_t block[] = {1, 32, link, 0, 9 | 1 << 16, 9, 0, 32};
	uint32_t i = 0;

	while (i < w->links->len && g_array_index(w->links, uint32_t, i) != link)
		i++;
	if (i == w->links->len) {
		g_array_append_val(w->links, link);
		put(w, block, sizeof(block));
	}
	return i;
}

void damage_file_frame(struct damage_file *w, const struct frame *f)
{
	uint32_t interface = interface_of(w, f->link_type);
	uint32_t length = 44 + ((f->captured + 3) & ~3u);
	uint64_t time = f->time < 0 ? 0 : (uint64_t)f->time;
	const uint32_t head[] = {
		6,           length,     interface, (uint32_t)(time >> 32), (uint32_t)time,
		f->captured, f->original};
	const uint32_t tail[] = {2 | 4 << 16,
				 f->direction == DIR_IN    ? 1
				 : f->direction == DIR_OUT ? 2
							   : 0,
				 0, length};

	put(w, head, sizeof(head));
	put(w, f->data, f->captured);
	put(w, tail, sizeof(tail));
}

bool damage_file_end(struct damage_file *w)
{
	g_array_free(w->links, TRUE);
	return !w->failed;
}
