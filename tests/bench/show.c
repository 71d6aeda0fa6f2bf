/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show FILE [TIMES]: read a capture with all rules, then go to random packets of it, as "show N"
 * does. Prints the mean and the longest time of one in milliseconds of CPU. Not a test: it
 * measures.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <glib.h>

#include "tracetutor/buf.h"
#include "tracetutor/diag.h"
#include "tracetutor/rules.h"
#include "tracetutor/session.h"

#define TIMES 300

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool seen(void *context, const struct record *r, struct engine *engine)
{
	(void)engine;
	*(uint32_t *)context = r->number;
	return true;
}

static int measure(struct session *s, unsigned times, struct diag *d)
{
	GRand *random = g_rand_new_with_seed(1);
	const uint64_t packets = session_packets(s);
	double sum = 0, longest = 0;
	bool ok = packets > 0 && packets < G_MAXINT32;

	for (unsigned i = 0; ok && i < times; i++) {
		uint32_t wanted = (uint32_t)g_rand_int_range(random, 1, (gint32)packets + 1),
			 got = 0;
		double begun = now(), taken;

		ok = session_walk(s, wanted, wanted, NULL, seen, &got, d) && got == wanted;
		taken = now() - begun;
		sum += taken;
		longest = MAX(longest, taken);
	}
	g_rand_free(random);
	if (ok)
		printf("%.3f %.3f\n", sum / times, longest);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct diag d = DIAG_INIT;
	struct buf said = BUF_INIT;
	struct packs *packs = packs_new();
	unsigned times = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : TIMES;
	struct session *s = NULL;
	int code = EXIT_FAILURE;

	if (argc > 1 && times && packs_load_all(packs, &d))
		s = session_open(argv[1], packs, &d);
	if (s && session_read(s, NULL, NULL, &d))
		code = measure(s, times, &d);
	diag_write(&d, &said);
	fputs(buf_text(&said), stderr);
	buf_release(&said);
	session_close(s);
	packs_free(packs);
	diag_release(&d);
	return code;
}
