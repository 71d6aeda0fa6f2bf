/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/recorder/ladder.h"

#include <glib.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#include "src/recorder/process.h"

#define START_SECONDS 5   /* until another program must have begun */
#define ERRORS_KEPT   600 /* bytes of what it said */
#define MAX_ARGUMENTS 16
#define BUFFER_MIB    "32"
#define BUFFER_KIB    "32768"

/* What another program is to record. */
struct wanted {
	const char *interface, *filter;
	char snap[16];
};

struct arguments {
	const char *list[MAX_ARGUMENTS + 1];
	unsigned n;
};

static void add(struct arguments *a, const char *const *words)
{
	for (; *words; words++) {
		g_assert(a->n < MAX_ARGUMENTS);
		a->list[a->n++] = *words;
	}
}
#define ADD(a, ...) add(a, (const char *const[]){__VA_ARGS__, NULL})

/* The program's frames. Why it did not begin is not told: it has other advice than ours. */
static bool start(struct source *s, const struct arguments *a)
{
	struct diag unsaid = DIAG_INIT;
	int out;

	if (!process_start(a->list, &out, &s->errors, &s->lifeline))
		return false;
	s->live = live_from_stream(out, START_SECONDS, &unsaid);
	if (!s->live)
		source_close(s);
	diag_release(&unsaid);
	return s->live != NULL;
}

/* --- the rungs: true if frames come this way --- */

static bool by_dumpcap(struct source *s, const struct wanted *w)
{
	char *program = process_find("dumpcap");
	struct arguments a = {0};

	if (!program)
		return false;
	ADD(&a, program, "-q", "-P", "-p", "-B", BUFFER_MIB, "-i", w->interface, "-w", "-");
	if (*w->snap)
		ADD(&a, "-s", w->snap);
	if (w->filter && *w->filter)
		ADD(&a, "-f", w->filter);
	if (start(s, &a))
		s->way = WAY_DUMPCAP;
	g_free(program);
	return s->live != NULL;
}

/* May the person use sudo, as far as can be told without a password? */
static bool sudo_likely(void)
{
	static const char *const groups[] = {"sudo", "wheel", "admin"};
	gid_t mine[256];
	int n = getgroups(G_N_ELEMENTS(mine), mine);

	for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
		const struct group *g = getgrnam(groups[i]);

		for (int j = 0; g && j < n; j++)
			if (mine[j] == g->gr_gid)
				return true;
	}
	return false;
}

/* Without a password now, or a likely one: a failure then says WAY_SUDO. */
static bool by_sudo(struct source *s, const struct wanted *w, struct diag *d)
{
	char *sudo = process_find("sudo"), *program = process_find("tcpdump");
	struct arguments a = {0};

	if (sudo && program &&
	    !process_run((const char *const[]){sudo, "-n", "-l", "--", program, NULL})) {
		ADD(&a, sudo, "-n", "--", program, "--immediate-mode", "-U", "-p", "-B",
		    BUFFER_KIB);
		ADD(&a, "-w", "-", "-i", w->interface);
		if (*w->snap)
			ADD(&a, "-s", w->snap);
		if (w->filter && *w->filter)
			ADD(&a, "--", w->filter);
		if (start(s, &a))
			s->way = WAY_SUDO;
	} else if (sudo && program && sudo_likely()) {
		s->way = WAY_SUDO;
		diag_fail(d, NULL, "sudo asks for your password before it may record");
	}
	g_free(sudo);
	g_free(program);
	return s->live != NULL;
}

/* The rungs for who may not record himself. */
static void by_others(struct source *s, const struct wanted *w, struct diag *d)
{
	if (w->filter && *w->filter && !live_filter_check(w->filter, d))
		s->way = WAY_DIRECT;
	else if (!by_dumpcap(s, w) && !by_sudo(s, w, d) && s->way == WAY_NONE)
		diag_fail(d, NULL, "you have no permission to record on %s", w->interface);
}

bool source_open(struct source *s, const char *interface, const char *filter, uint32_t snap_length,
		 struct diag *d)
{
	struct wanted w = {.interface = interface, .filter = filter};
	struct diag direct = DIAG_INIT;
	enum live_why reason;

	*s = (struct source){.way = WAY_NONE, .lifeline = -1, .errors = -1};
	if (snap_length)
		g_snprintf(w.snap, sizeof(w.snap), "%u", snap_length);
	s->live = live_open(interface, filter, snap_length, &reason, &direct);
	if (s->live || reason != LIVE_FORBIDDEN)
		s->way = WAY_DIRECT;
	else
		by_others(s, &w, d);
	if (!s->live && reason != LIVE_FORBIDDEN)
		diag_fail(d, NULL, "%s", direct.messages[0].text);
	diag_release(&direct);
	return s->live != NULL;
}

void source_end(struct source *s)
{
	if (s->lifeline >= 0)
		close(s->lifeline);
	s->lifeline = -1;
}

/* What the other program said; the begin is enough. */
static char *errors_read(int fd)
{
	char *text = g_malloc0(ERRORS_KEPT + 1);

	if (pread(fd, text, ERRORS_KEPT, 0) < 0)
		*text = '\0';
	return text;
}

/* "3 packets dropped by kernel" (tcpdump), "... on interface 'eth0': 10/3 (" (dumpcap). */
static bool errors_dropped(int fd, uint64_t *dropped)
{
	char *said = errors_read(fd);
	GRegex *words = g_regex_new(
		"(\\d+) packets? dropped by kernel|on interface '.*': \\d+/(\\d+)", 0, 0, NULL);
	GMatchInfo *m = NULL;
	bool found = g_regex_match(words, said, 0, &m);

	for (int i = 1; found && i < g_match_info_get_match_count(m); i++) {
		char *number = g_match_info_fetch(m, i);

		*dropped = g_ascii_strtoull(number, NULL, 10);
		g_free(number);
	}
	g_match_info_free(m);
	g_regex_unref(words);
	g_free(said);
	return found;
}

bool source_dropped(struct source *s, uint64_t *dropped)
{
	return live_dropped(s->live, dropped) ||
	       (s->errors >= 0 && s->lifeline < 0 && errors_dropped(s->errors, dropped));
}

void source_close(struct source *s)
{
	live_close(s->live);
	source_end(s);
	if (s->errors >= 0)
		close(s->errors);
	s->live = NULL;
	s->errors = -1;
}
