/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host: forking guests, and the loop over terminal, guest and recorder. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/console/guest.h"
#include "src/console/host.h"
#include "src/console/output.h"

#define WIRE_END    3                    /* descriptor of a guest's end of the wire */
#define TICK        (G_USEC_PER_SEC)     /* between two WIRE_TICKs */
#define OFFERS_TIME (G_USEC_PER_SEC / 2) /* until nothing is offered: the guest may be busy */

/* --- lines --- */

static int64_t screen_size(void)
{
	struct screen s = screen_look();

	return (int64_t)s.width << 16 | s.height;
}

/* The guest lays out for the terminal as it is now. */
static void tell_size(struct host *h)
{
	int64_t size = screen_size();

	if (size == h->size)
		return;
	h->size = size;
	wire_send(h->end, WIRE_SIZE, size, NULL, 0, -1);
}

static void tell_line(struct host *h, enum door_came came)
{
	h->reading = false;
	h->input_ended = h->input_ended || came == DOOR_END;
	tell_size(h);
	wire_send(h->end, WIRE_CAME, h->serial << 8 | came, buf_text(&h->line), h->line.len, -1);
}

void host_gone(struct host *h)
{
	bool first = !h->gone;

	h->gone = true;
	if (h->reading || (first && h->input_ended))
		tell_line(h, DOOR_GONE);
}

/* The completions that were asked for last. False: the guest is busy, or gone, which the loop
 * notices, too. */
static bool receive_offers(struct host *h)
{
	struct pollfd guest = {.fd = h->end, .events = POLLIN};
	gint64 end = g_get_monotonic_time() + OFFERS_TIME, left;

	while ((left = end - g_get_monotonic_time()) > 0) {
		if (poll(&guest, 1, (int)(left / 1000 + 1)) <= 0)
			continue;
		if (!wire_receive(h->end, &h->got))
			return false;
		if (h->got.kind == WIRE_OFFERS && h->got.number == h->asked)
			return true;
		if (!host_answer(h))
			return false;
	}
	return false;
}

/* Completions come from the guest, which knows fields, rules and words. */
static void complete(void *context, const char *before, const char *word,
		     void (*offer)(void *list, const char *candidate), void *list)
{
	struct host *h = context;
	char *both = g_strdup_printf("%s\n%s", before, word);
	char **offers;

	wire_send(h->end, WIRE_COMPLETE, ++h->asked, both, strlen(both), -1);
	g_free(both);
	if (!receive_offers(h))
		return;
	offers = g_strsplit(buf_text(&h->got.text), "\n", 0);
	for (char **o = offers; *o; o++)
		if (**o)
			offer(list, *o);
	g_strfreev(offers);
}

void host_open_door(struct host *h, const char *history)
{
	h->door = door_open(history, complete, h);
}

/* --- the loop --- */

/* One packet takes no time to speak of. */
static void end_if_stuck(struct host *h)
{
	uint32_t at = *h->at;

	h->stuck = at && at == h->stuck_at ? h->stuck + 1 : 0;
	h->stuck_at = at;
	if (h->stuck == HOST_HANGS)
		kill(h->guest, SIGKILL);
}

static void tick(struct host *h)
{
	gint64 now = g_get_monotonic_time();

	if (now < h->next_tick)
		return;
	h->next_tick = now + TICK;
	end_if_stuck(h);
	tape_tick(h);
	wire_send(h->end, WIRE_TICK, g_get_real_time() * 1000, NULL, 0, -1);
}

/* One round. False: the guest is gone. */
static bool serve(struct host *h)
{
	struct pollfd others[2] = {
		{.fd = h->end, .events = POLLIN},
		{.fd = h->tape.recording ? recording_fd(h->tape.recording) : -1, .events = POLLIN}};
	gint64 wait = (h->next_tick - g_get_monotonic_time()) / 1000;
	enum door_came came = door_wait(h->door, others, G_N_ELEMENTS(others),
					(int)CLAMP(wait, 0, 1000), &h->line);

	if (came == DOOR_GONE)
		host_gone(h);
	else if (came == DOOR_INTERRUPT && !h->reading && !h->input_ended)
		h->interrupted = true; /* told when the guest asks for a line */
	else if (came != DOOR_OTHER)
		tell_line(h, came);
	tell_size(h);
	if (others[1].revents)
		tape_event(h);
	tick(h);
	if (!others[0].revents)
		return true;
	return wire_receive(h->end, &h->got) && host_answer(h);
}

/* --- guests --- */

/* A guest has the wire, and standard error for its progress; the terminal, the keeper and files are
 * the host's alone. Standard input stays if the trace comes from there. Returns the wire's end. */
static int keep_only(int end, bool input)
{
	int null = open("/dev/null", O_RDWR);

	if (!input)
		dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(end, WIRE_END);
	close_range(WIRE_END + 1, ~0U, 0);
	return WIRE_END;
}

static void be_guest(struct host *h, int end, guest_work *work, void *context)
{
	static const int hosts[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP};
	struct screen screen = screen_look(); /* while the terminal can be asked */
	struct diag d = DIAG_INIT;            /* the host says its own */
	struct guest g = {.end = keep_only(end, g_strcmp0(h->trace, "-") == 0),
			  .terminal = door_is_terminal(h->door),
			  .screen = screen,
			  .recording = h->tape.recording != NULL,
			  .before = h->tape.before,
			  .d = &d,
			  .got = WIRE_MESSAGE_INIT};
	enum exit_code code;

	door_leave(h->door);
	/* Ends and stops from outside, meant for all of us, are the host's to say. Ctrl-C as well;
	 * reading a trace takes it for a while. */
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++)
		signal(hosts[i], SIG_IGN);
	code = work(&g, h, context);
	guest_over(&g, code);
	_exit(0);
}

static bool invite(struct host *h, guest_work *work, void *context)
{
	int ends[2];

	if (!wire_pair(ends))
		return false;
	h->guest = fork();
	if (h->guest == 0) {
		close(ends[0]);
		be_guest(h, ends[1], work, context);
	}
	close(ends[1]);
	door_helper(h->door, h->guest);
	h->end = ends[0];
	h->size = screen_size();
	return h->guest > 0;
}

static void say(struct host *h, const char *text)
{
	int error = door_say(h->door, text, strlen(text));

	if (error)
		h->write_error = error;
}

/* The guest is gone without a word. True: another one may go on. */
static bool after_crash(struct host *h)
{
	uint32_t packet = *h->at;
	char *text;

	door_pause(h->door);
	h->reading = false;
	if (!packet || h->nskips == HOST_MAX_CRASHES) {
		diag_fail(h->d,
			  "'tracetutor resume' goes on where you were; please report this as a "
			  "mistake of the program",
			  "the part of the program that reads packets has ended");
		return false;
	}
	h->skips[h->nskips++] = packet;
	text = g_strdup_printf("\nPacket %u could not be decoded: it made the part of the program "
			       "that reads packets fail.\nThe trace is safe, and the session goes "
			       "on without that packet.\n",
			       packet);
	say(h, text);
	g_free(text);
	return true;
}

/* Until the guest is over (true) or gone without a word. */
static bool attend(struct host *h)
{
	while (!h->over && serve(h))
		;
	close(h->end);
	door_helper(h->door, 0);
	waitpid(h->guest, NULL, 0);
	return h->over;
}

enum exit_code host_run(struct host *h, guest_work *work, void *context)
{
	void *shared = mmap(NULL, sizeof(*h->at), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool again;

	if (shared == MAP_FAILED) {
		diag_fail(h->d, "close other programs", "there is no memory left");
		return EXIT_WRONG;
	}
	h->at = shared;
	h->tape.fd = h->tape.next_fd = h->tape.whole_fd = -1;
	h->code = EXIT_WRONG;
	h->next_tick = g_get_monotonic_time() + TICK;
	g_random_int(); /* seeds itself from a file, which a guest cannot open */
	do {
		*h->at = 0;
		again = invite(h, work, context) && !attend(h) && !h->gone && after_crash(h);
	} while (again);
	tape_release(h);
	munmap(shared, sizeof(*h->at));
	if (h->write_error && h->write_error != EPIPE) {
		diag_fail(h->d, "make room, or write to another disk",
			  "the session could not be shown (%s)", g_strerror(h->write_error));
		h->code = EXIT_WRONG;
	}
	return h->code;
}

void host_release(struct host *h)
{
	buf_release(&h->got.text);
	buf_release(&h->line);
	folder_free(h->folder);
	g_free(h->trace);
	g_free(h->new_trace);
	g_free(h->made);
	if (h->door)
		door_close(h->door);
	keeper_end(h->keeper);
}
