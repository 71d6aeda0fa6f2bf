/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live_start: before a recording: what disturbs, where to record, whether it is possible. */
#include <string.h>

#include "src/lesson/live.h"

#define RARE_PIECES    5  /* of a ring, for faults that come rarely */
#define RARE_MB        10 /* of each */
#define SHOWN_PROGRAMS 8  /* further ones are counted */

/* --- closing --- */

/* One program is the one that fails; more than that disturb. */
static bool is_quiet(const struct live *l)
{
	return l->programs <= 1;
}

static void list_programs(const GPtrArray *all, struct report *rep)
{
	buf_reset(&rep->text);
	for (guint i = 0; i < all->len && i < SHOWN_PROGRAMS; i++) {
		const struct system_program *p = all->pdata[i];

		buf_printf(&rep->text, "%s  %-20s %u connection%s", i ? "\n" : "", p->name,
			   p->connections, p->connections == 1 ? "" : "s");
	}
	if (all->len > SHOWN_PROGRAMS)
		buf_printf(&rep->text, "\n  and %u more", all->len - SHOWN_PROGRAMS);
	report_code(rep, buf_text(&rep->text));
}

/* Talk inside this computer disturbs nobody. */
static void leave_out_local(GPtrArray *all)
{
	for (guint i = all->len; i-- > 0;) {
		const struct system_program *p = all->pdata[i];

		if (p->local == p->connections)
			g_ptr_array_remove_index(all, i);
	}
}

/* Look again, and say what is there. */
static void look_at_programs(struct player *p, struct report *rep)
{
	struct live *l = p->live;
	GPtrArray *all = l->world.programs(l->world.context);

	leave_out_local(all);
	l->programs = all->len;
	if (!all->len)
		report_say(rep, STYLE_GOOD, "No program of yours uses the network just now.");
	else if (is_quiet(l)) {
		const struct system_program *only = all->pdata[0];

		report_sayf(rep, STYLE_GOOD,
			    "Only %s uses the network just now. If that is the program that fails, "
			    "all is fine; otherwise close it.",
			    only->name);
	} else {
		report_say(rep, STYLE_PLAIN,
			   "These programs use the network just now, the busiest first:");
		list_programs(all, rep);
	}
	g_ptr_array_free(all, TRUE);
}

void live_close_screen(struct player *p, struct report *rep)
{
	look_at_programs(p, rep);
	if (is_quiet(p->live))
		return;
	report_say(rep, STYLE_PLAIN,
		   "Close what you can; nothing is closed for you. Then press Enter, and the list "
		   "is read again. If they must stay open, type 'skip'.");
	if (player_server(p))
		report_sayf(
			rep, STYLE_PLAIN,
			"Or type 'only': then just the packets to and from %s are recorded, and "
			"the others may stay open.",
			player_server(p));
}

enum player_next live_close_input(struct player *p, const char *line, struct report *rep)
{
	struct live *l = p->live;

	if (strcmp(line, "only") == 0 && player_server(p)) {
		l->only = true;
		return player_ahead(p);
	}
	if (!*line && (is_quiet(l) || l->unattended))
		return player_ahead(p);
	look_at_programs(p, rep);
	if (!is_quiet(l))
		report_say(rep, STYLE_PLAIN,
			   "They are still connected. Close them and press Enter, or type 'skip' "
			   "to go on as it is.");
	return PLAYER_STAY;
}

/* --- choosing the interface --- */

static void choose(struct live *l, const char *interface)
{
	char *own = g_strdup(interface);

	g_free(l->interface);
	l->interface = own;
}

/* The host of what the person gave: without "https://", a path, ":110"; NULL: none. */
static char *server_host(const char *server)
{
	const char *scheme = server ? strstr(server, "://") : NULL, *start, *port;
	char *host;

	if (!server)
		return NULL;
	start = scheme ? scheme + 3 : server;
	host = g_strndup(start, strcspn(start, "/?#"));
	port = strchr(host, ':');
	if (port && !strchr(port + 1, ':')) /* more than one: an IPv6 address */
		host[port - host] = '\0';
	return host;
}

/* No server is known: where packets to elsewhere leave. */
static void choose_by_default(struct player *p, struct report *rep)
{
	struct live *l = p->live;
	GPtrArray *all = l->world.interfaces(l->world.context);
	const struct system_interface *best = all->len ? all->pdata[0] : NULL;

	g_clear_pointer(&l->address, g_free);
	g_clear_pointer(&l->server_interface, g_free);
	if (best) {
		choose(l, best->name);
		report_sayf(
			rep, STYLE_PLAIN,
			best->has_default
				? "Packets to other computers leave through %s (%s), so that is "
				  "recorded."
				: "No way to other computers is set; %s (%s) is the interface that "
				  "could have one, so that is recorded.",
			best->name, best->kind);
	} else
		choose(l, "any");
	g_ptr_array_free(all, TRUE);
}

/* "pop.example.org (192.0.2.5)"; an address alone stands for itself. */
static char *server_words(const char *server, const char *address)
{
	return g_ascii_strcasecmp(server, address) == 0
		       ? g_strdup(server)
		       : g_strdup_printf("%s (%s)", server, address);
}

/* By the way packets to the server take, with the reason. */
static void choose_by_route(struct player *p, const struct system_route *r, struct report *rep)
{
	struct live *l = p->live;
	const char *server = player_server(p);
	char *words = server_words(server, r->address);

	g_free(l->address);
	l->address = g_strdup(r->address);
	g_free(l->server_interface);
	l->server_interface = g_strdup(r->interface);
	choose(l, r->interface);
	if (r->local)
		report_sayf(
			rep, STYLE_PLAIN,
			"%s is this computer itself. Packets to it never leave it: they go through "
			"%s, the loopback interface, so that is recorded.",
			server, r->interface);
	else if (r->tunnel)
		report_sayf(
			rep, STYLE_PLAIN,
			"Packets to %s go through %s, a tunnel (VPN), so that is recorded. If the "
			"fault is gone without the VPN, it is in the VPN.",
			words, r->interface);
	else
		report_sayf(rep, STYLE_PLAIN,
			    "Packets to %s leave through %s (%s), so that is recorded.", words,
			    r->interface, r->kind);
	g_free(words);
}

static void choose_interface(struct player *p, struct report *rep)
{
	struct live *l = p->live;
	char *server = server_host(player_server(p));
	struct system_route r = {0};
	struct diag d = DIAG_INIT;

	if (l->by_hand && l->interface) {
		report_sayf(rep, STYLE_PLAIN, "Recorded is %s, as you chose.", l->interface);
		g_free(server);
		return;
	}
	if (server && l->world.route(l->world.context, server, &r, &d)) {
		choose_by_route(p, &r, rep);
		system_route_release(&r);
	} else {
		if (server)
			report_sayf(
				rep, STYLE_PLAIN,
				"The way to %s could not be found out just now. That may be the "
				"fault itself, and the recording will show it.",
				server);
		choose_by_default(p, rep);
	}
	diag_release(&d);
	g_free(server);
}

/* A proxy in the environment is in the way of all programs that heed it. */
static void say_proxy(struct report *rep)
{
	char *proxy = system_proxy();

	if (proxy)
		report_sayf(rep, STYLE_PLAIN,
			    "A proxy is set on this computer: %s. Programs that use it talk to the "
			    "proxy, and it talks to the server.",
			    proxy);
	g_free(proxy);
}

/* What a live recording keeps: what the lesson names, and all of the server. */
static char *filter_of(const struct player *p)
{
	const struct live *l = p->live;
	const char *filter = p->lesson->filter;

	if (l->only && l->address)
		return g_strdup_printf("host %s or port 53", l->address);
	if (filter && l->address)
		return g_strdup_printf("(%s) or host %s", filter, l->address);
	return g_strdup(filter);
}

/* Paragraphs; what is indented is to be copied as it is. */
static void say_with_command(const char *words, struct report *rep)
{
	char **lines = g_strsplit(words, "\n", 0);

	for (char **line = lines; *line; line++)
		if (g_str_has_prefix(*line, "    "))
			report_code(rep, g_strstrip(*line));
		else
			report_say(rep, STYLE_PLAIN, *line);
	g_strfreev(lines);
}

void live_capture_screen(struct player *p, struct report *rep)
{
	struct live *l = p->live;
	struct buf words = BUF_INIT;

	choose_interface(p, rep);
	say_proxy(rep);
	l->way = l->world.way(l->world.context, l->interface, &words);
	if (l->way == WAY_NONE) {
		report_say(rep, STYLE_BAD, "Recording is not possible yet.");
		say_with_command(buf_text(&words), rep);
		report_say(rep, STYLE_PLAIN,
			   "Without it, type 'practice': the lesson then goes on with a trace that "
			   "was recorded before.");
	} else if (l->way == WAY_SUDO)
		report_say(rep, STYLE_PLAIN,
			   "Recording needs the administrator's rights here; you may be asked for "
			   "your password.");
	else
		report_say(
			rep, STYLE_PLAIN,
			"To record on another interface, type its name; 'interfaces' lists them. "
			"If the fault comes rarely, type 'rare'.");
	buf_release(&words);
}

static void list_interfaces(struct player *p, struct report *rep)
{
	struct live *l = p->live;
	GPtrArray *all = l->world.interfaces(l->world.context);

	buf_reset(&rep->text);
	for (guint i = 0; i < all->len; i++) {
		const struct system_interface *s = all->pdata[i];

		buf_printf(&rep->text, "  %-10s %s, %s%s\n", s->name, s->kind,
			   !s->up        ? "switched off"
			   : !s->running ? "not connected"
					 : "connected",
			   s->has_default ? ", leads to other computers" : "");
	}
	buf_str(&rep->text, "  any        all of them together");
	report_code(rep, buf_text(&rep->text));
	g_ptr_array_free(all, TRUE);
}

/* Another interface by its name. */
static bool choose_by_hand(struct player *p, const char *name)
{
	struct live *l = p->live;
	GPtrArray *all = l->world.interfaces(l->world.context);
	bool found = strcmp(name, "any") == 0;

	for (guint i = 0; i < all->len && !found; i++)
		found = strcmp(((const struct system_interface *)all->pdata[i])->name, name) == 0;
	g_ptr_array_free(all, TRUE);
	if (found) {
		choose(l, name);
		l->by_hand = true;
	}
	return found;
}

/* --- the start --- */

static void say_trouble(struct diag *d, struct report *rep)
{
	struct buf text = BUF_INIT;

	diag_write(d, &text);
	if (text.len)
		report_say(rep, STYLE_BAD, buf_text(&text));
	buf_release(&text);
	diag_release(d);
}

bool live_follow(struct player *p, int fd)
{
	struct live *l = p->live;
	struct capture *c = fd < 0 ? NULL : capture_open_fd(fd, l->trace, &p->said);

	if (!c)
		return false;
	l->stopping = l->until_quiet = false;
	watch_free(l->watch);
	l->watch = watch_new(c, p->packs, &l->world.care, player_server(p), l->began);
	if (l->address)
		watch_server_at(l->watch, l->address);
	return true;
}

static bool start(struct player *p, struct report *rep)
{
	struct live *l = p->live;
	char *filter = filter_of(p);
	struct recorder_request q = {.interface = l->interface,
				     .filter = filter,
				     .bytes = l->rare ? (uint64_t)RARE_MB << 20 : 0};
	struct diag d = DIAG_INIT;
	int fd = -1;

	g_clear_pointer(&l->trace, g_free);
	if (l->way != WAY_SUDO || l->world.sudo(l->world.context, &d))
		fd = l->world.record(l->world.context, &q, l->rare ? RARE_PIECES : 0, &l->trace,
				     &d);
	l->began = g_get_real_time() * 1000;
	say_trouble(&d, rep);
	g_free(filter);
	return live_follow(p, fd);
}

enum player_next live_capture_input(struct player *p, const char *line, struct report *rep)
{
	struct live *l = p->live;

	if (strcmp(line, "interfaces") == 0) {
		list_interfaces(p, rep);
		return PLAYER_STAY;
	}
	if (strcmp(line, "rare") == 0) {
		l->rare = true;
		report_sayf(
			rep, STYLE_PLAIN,
			"For a fault that comes rarely: the recording may run for days, and only "
			"the last %d MB are kept. When it has happened, press Enter to stop.",
			RARE_PIECES * RARE_MB);
		return PLAYER_STAY;
	}
	if (strcmp(line, "practice") == 0)
		return player_practise(p, rep);
	if (*line) {
		if (choose_by_hand(p, line))
			return PLAYER_SCREEN;
		report_sayf(rep, STYLE_PLAIN, "There is no interface '%s'. These are there:", line);
		list_interfaces(p, rep);
		return PLAYER_STAY;
	}
	if (l->way == WAY_NONE)
		return l->unattended ? player_practise(p, rep) : PLAYER_SCREEN;
	if (start(p, rep))
		return player_ahead(p);
	return l->unattended ? player_practise(p, rep) : PLAYER_STAY;
}
