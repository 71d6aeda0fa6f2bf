/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record_tool: the recorder without the rest of the program, for tests/live/recorder.test.
 *
 *     record_tool record [-i IF] -w FILE [-f FILTER] [-c COMMENT] [-s SNAP] [-t SECONDS]
 *                        [-q QUIET] [-b BYTES] [-r] [-n]
 *         prints each event in a line ("grew PACKETS SIZE DROPPED"), and "shown N" for each packet
 *         of the file (-n: not); obeys lines of standard input: stop, mark TEXT, facts TEXT,
 *         next FILE, end (of the program, without stopping). -r: ring.
 *     record_tool way IF | words
 *     record_tool send PORT COUNT RATE SIZE
 *         that many numbered datagrams to 127.0.0.1, so many a second (0: as fast as possible)
 *     record_tool repair FILE
 *         bytes cut
 *     record_tool read FILE
 *         "packets N numbers M": frames, and different numbers in datagrams of `send`; the facts
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tracetutor/capture.h"
#include "tracetutor/recorder.h"
#include "tracetutor/writer.h"

#define BATCH 64

struct tool {
	struct keeper *keeper;
	struct recording *recording;
	struct capture *capture; /* the file, as far as it is whole */
	bool quiet;
	GString *line; /* of standard input, so far */
	bool ended, leave;
};

static int failed(struct diag *d)
{
	struct buf b = BUF_INIT;

	diag_write(d, &b);
	fprintf(stderr, "%s", buf_text(&b));
	buf_release(&b);
	diag_release(d);
	return 2;
}

static int new_file(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* --- record --- */

static void follow(struct tool *t, const char *path)
{
	struct diag d = DIAG_INIT;

	capture_close(t->capture);
	t->capture = t->quiet ? NULL : capture_open(path, &d);
	if (!t->quiet && !t->capture)
		failed(&d);
	if (t->capture)
		capture_limit(t->capture, 0);
	diag_release(&d);
}

static void show(struct tool *t, uint64_t size)
{
	struct diag d = DIAG_INIT;
	struct frame f;

	if (!t->capture)
		return;
	capture_limit(t->capture, size);
	while (capture_next(t->capture, &f, &d) == CAPTURE_FRAME)
		printf("shown %u\n", f.number);
	if (d.count)
		failed(&d);
	diag_release(&d);
}

static void print_event(struct tool *t, const struct recording_event *e)
{
	static const char *const whats[] = {"nothing", "grew", "down", "up",   "clock",
					    "slept",   "full", "next", "ended"};
	static const char *const ends[] = {"stopped", "time", "quiet", "size",
					   "disk",    "gone", "died"};

	if (e->what == RECORDING_GREW || e->what == RECORDING_ENDED)
		show(t, e->size);
	printf("%s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT, whats[e->what],
	       e->packets, e->size, (gint64)e->dropped);
	if (e->what == RECORDING_ENDED)
		printf(" %s %s", ends[e->end], e->error ? g_strerror(e->error) : "-");
	printf("\n");
	t->ended = e->what == RECORDING_ENDED;
}

static void events(struct tool *t)
{
	struct recording_event e;

	do {
		recording_next(t->recording, &e);
		if (e.what != RECORDING_NOTHING)
			print_event(t, &e);
	} while (!t->ended && e.what != RECORDING_NOTHING);
	fflush(stdout);
}

static void obey(struct tool *t, const char *line)
{
	int fd;

	if (!strcmp(line, "stop"))
		recording_stop(t->recording);
	else if (!strcmp(line, "end"))
		t->leave = true;
	else if (g_str_has_prefix(line, "mark "))
		recording_mark(t->recording, line + 5);
	else if (g_str_has_prefix(line, "facts "))
		recording_facts(t->recording, line + 6);
	else if (g_str_has_prefix(line, "next ") && (fd = new_file(line + 5)) >= 0) {
		recording_next_file(t->recording, fd);
		close(fd);
	}
}

static bool hear(struct tool *t)
{
	char bytes[4096], *end;
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n <= 0)
		return false;
	g_string_append_len(t->line, bytes, n);
	while ((end = strchr(t->line->str, '\n'))) {
		*end = '\0';
		obey(t, t->line->str);
		g_string_erase(t->line, 0, end + 1 - t->line->str);
	}
	return true;
}

static void record(struct tool *t)
{
	struct pollfd p[] = {{.fd = recording_fd(t->recording), .events = POLLIN},
			     {.fd = STDIN_FILENO, .events = POLLIN}};

	while (!t->ended && !t->leave) {
		poll(p, G_N_ELEMENTS(p), -1);
		if (p[0].revents)
			events(t);
		if (p[1].revents && !hear(t))
			p[1].fd = -1;
	}
}

static bool options(int argc, char **argv, struct recorder_request *q, const char **file,
		    struct tool *t)
{
	int c;

	while ((c = getopt(argc, argv, "i:w:f:c:s:t:q:b:rn")) != -1)
		switch (c) {
		case 'i': q->interface = optarg; break;
		case 'w': *file = optarg; break;
		case 'f': q->filter = optarg; break;
		case 'c': q->comment = optarg; break;
		case 's': q->snap_length = (uint32_t)strtoul(optarg, NULL, 10); break;
		case 't': q->seconds = (uint32_t)strtoul(optarg, NULL, 10); break;
		case 'q': q->quiet_seconds = (uint32_t)strtoul(optarg, NULL, 10); break;
		case 'b': q->bytes = strtoull(optarg, NULL, 10); break;
		case 'r': q->ring = true; break;
		case 'n': t->quiet = true; break;
		default: return false;
		}
	return *file != NULL;
}

static int command_record(int argc, char **argv)
{
	struct recorder_request q = {.interface = "lo"};
	struct diag d = DIAG_INIT;
	struct tool t = {.line = g_string_new(NULL)};
	const char *file = NULL;
	enum recorder_way way;

	if (!options(argc, argv, &q, &file, &t) || !(t.keeper = keeper_start(&d)))
		return failed(&d);
	/* A device is what one of the tests records to. */
	q.fd = strncmp(file, "/dev/", 5) ? new_file(file) : open(file, O_RDWR | O_CLOEXEC);
	if (q.fd < 0) {
		fprintf(stderr, "%s: %s\n", file, g_strerror(errno));
		return 2;
	}
	t.recording = recording_start(t.keeper, &q, &way, &d);
	printf("%s %d\n", t.recording ? "started" : "refused", (int)way);
	fflush(stdout);
	close(q.fd);
	if (t.recording) {
		follow(&t, file);
		record(&t);
	}
	recording_free(t.recording);
	keeper_end(t.keeper);
	capture_close(t.capture);
	g_string_free(t.line, TRUE);
	return t.recording ? 0 : failed(&d);
}

static int command_way(const char *interface)
{
	static const char *const ways[] = {"none", "direct", "dumpcap", "sudo"};
	struct diag d = DIAG_INIT;
	struct keeper *k = keeper_start(&d);

	if (!k)
		return failed(&d);
	printf("%s\n", ways[keeper_way(k, interface)]);
	keeper_end(k);
	return 0;
}

static int command_words(void)
{
	struct buf b = BUF_INIT;

	recorder_way_words(&b);
	printf("%s", buf_text(&b));
	buf_release(&b);
	return 0;
}

static int command_repair(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	printf("%" G_GINT64_FORMAT "\n", (gint64)writer_repair(fd));
	close(fd);
	return 0;
}

/* The number in a datagram that `send` sent over loopback; -1 if it is none. */
static int64_t number_of(const struct frame *f)
{
	char digits[11] = "";

	if (f->captured < 52)
		return -1;
	memcpy(digits, f->data + 42, 10);
	return strspn(digits, "0123456789") == 10 ? (int64_t)g_ascii_strtoull(digits, NULL, 10)
						  : -1;
}

static int command_read(const char *path)
{
	struct diag d = DIAG_INIT;
	struct capture *c = capture_open(path, &d);
	GHashTable *numbers = g_hash_table_new(NULL, NULL);
	struct frame f;
	uint32_t packets = 0;

	while (c && capture_next(c, &f, &d) == CAPTURE_FRAME) {
		packets = f.number;
		if (number_of(&f) >= 0)
			g_hash_table_add(numbers, GINT_TO_POINTER(number_of(&f)));
	}
	printf("packets %u numbers %u\n", packets, g_hash_table_size(numbers));
	if (c && capture_info(c)->facts)
		printf("%s\n", capture_info(c)->facts);
	g_hash_table_destroy(numbers);
	capture_close(c);
	return d.count ? failed(&d) : 0;
}

/* --- send --- */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int sender(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		return -1;
	return fd;
}

/* Send numbers first .. first + n - 1, at the begin of each datagram. */
static void send_batch(int fd, uint32_t first, unsigned n, size_t size)
{
	static char bytes[BATCH][2048];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH] = {0};

	for (unsigned i = 0; i < n; i++) {
		g_snprintf(bytes[i], sizeof(bytes[i]), "%010u", first + i);
		parts[i] = (struct iovec){.iov_base = bytes[i], .iov_len = size};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	/* Nobody listens: an ICMP answer comes back as an error, and nothing was sent then. */
	for (unsigned done = 0; done < n;) {
		int sent = sendmmsg(fd, messages + done, n - done, 0);

		if (sent > 0)
			done += (unsigned)sent;
	}
}

static int command_send(char **args)
{
	int fd = sender((uint16_t)strtoul(args[0], NULL, 10));
	uint32_t count = (uint32_t)strtoul(args[1], NULL, 10);
	double rate = g_ascii_strtod(args[2], NULL), begin = now(), ahead;
	size_t size = MIN(strtoul(args[3], NULL, 10), 2048);

	if (fd < 0)
		return 2;
	for (uint32_t sent = 0; sent < count;) {
		unsigned n = MIN(count - sent, rate > 0 && rate < 5000 ? 1 : BATCH);

		send_batch(fd, sent, n, size);
		sent += n;
		ahead = rate > 0 ? sent / rate - (now() - begin) : 0;
		if (ahead > 0.001)
			g_usleep((gulong)(ahead * 1e6));
	}
	printf("sent %u\n", count);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 2 && !strcmp(argv[1], "record"))
		return command_record(argc - 1, argv + 1);
	if (argc == 3 && !strcmp(argv[1], "way"))
		return command_way(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "words"))
		return command_words();
	if (argc == 3 && !strcmp(argv[1], "repair"))
		return command_repair(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "read"))
		return command_read(argv[2]);
	if (argc == 6 && !strcmp(argv[1], "send"))
		return command_send(argv + 2);
	fprintf(stderr, "usage: see the top of record_tool.c\n");
	return 2;
}
