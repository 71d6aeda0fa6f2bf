/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * system_tool: what the system module finds out, as lines of text, for system.test. A copy of it
 * under another name is a program that holds connections.
 */
#include "config.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tracetutor/system.h"

static int show_diag(struct diag *d)
{
	struct buf text = BUF_INIT;

	diag_write(d, &text);
	fputs(buf_text(&text), stdout);
	buf_release(&text);
	diag_release(d);
	return 2;
}

static int show_interfaces(void)
{
	struct diag d = DIAG_INIT;
	GPtrArray *all = system_interfaces(&d);

	if (!all)
		return show_diag(&d);
	for (guint n = 0; n < all->len; n++) {
		const struct system_interface *i = g_ptr_array_index(all, n);

		printf("%s|%s|%s|%s|%s|%u|%s\n", i->name, i->kind, i->up ? "up" : "down",
		       i->running ? "running" : "dead", i->has_default ? "default" : "-", i->mtu,
		       i->addresses);
	}
	g_ptr_array_free(all, TRUE);
	return 0;
}

static int show_route(const char *host, const char *seconds)
{
	struct diag d = DIAG_INIT;
	struct system_route r;

	if (!system_route_to(host, (unsigned)strtoul(seconds, NULL, 10), &r, &d))
		return show_diag(&d);
	printf("%s|%s|%s|%s|%s|%s\n", r.interface, r.kind, r.address, r.gateway ? r.gateway : "-",
	       r.local ? "local" : "-", r.tunnel ? "tunnel" : "-");
	system_route_release(&r);
	return 0;
}

static int show_programs(void)
{
	GPtrArray *all = system_programs();

	for (guint n = 0; n < all->len; n++) {
		const struct system_program *p = g_ptr_array_index(all, n);

		printf("%s|%d|%u|%u\n", p->name, (int)p->pid, p->connections, p->local);
	}
	g_ptr_array_free(all, TRUE);
	return 0;
}

/* The machine; with `times`, how long the later looks for owners take on average, too. */
static int show_machine(const char *interface, unsigned times)
{
	struct buf text = BUF_INIT;
	struct machine m;
	gint64 start;

	machine_init(&m);
	system_machine(&m, interface);
	system_owners(&m);
	start = g_get_monotonic_time();
	for (unsigned i = 0; i < times; i++)
		system_owners(&m);
	if (times)
		printf("%" G_GINT64_FORMAT " microseconds\n",
		       (g_get_monotonic_time() - start) / times);
	machine_write(&m, &text);
	fputs(buf_text(&text), stdout);
	buf_release(&text);
	machine_release(&m);
	return 0;
}

/* "tcp,ADDRESS,PORT", "udp,..." or "open,..." (TCP that need not be answered): its own end. */
static bool hold_one(const char *what)
{
	char **words = g_strsplit(what, ",", 3), host[NI_MAXHOST], port[NI_MAXSERV];
	bool udp = !strcmp(words[0], "udp"), waits = strcmp(words[0], "open") != 0, ok = false;
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = udp ? SOCK_DGRAM : SOCK_STREAM};
	struct addrinfo *to = NULL;
	struct sockaddr_storage own;
	socklen_t n = sizeof(own);

	if (words[1] && words[2] && getaddrinfo(words[1], words[2], &hints, &to) == 0) {
		int fd = socket(to->ai_family, to->ai_socktype | (waits ? 0 : SOCK_NONBLOCK), 0);

		ok = fd >= 0 && (connect(fd, to->ai_addr, to->ai_addrlen) == 0 || !waits) &&
		     getsockname(fd, (struct sockaddr *)&own, &n) == 0 &&
		     getnameinfo((struct sockaddr *)&own, n, host, sizeof(host), port, sizeof(port),
				 NI_NUMERICHOST | NI_NUMERICSERV) == 0;
		freeaddrinfo(to);
	}
	if (ok)
		printf("%s %s\n", host, port);
	g_strfreev(words);
	return ok;
}

/* Until the end of standard input. */
static int hold(char **connections)
{
	char byte;

	for (; *connections; connections++)
		if (!hold_one(*connections))
			return 1;
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "interfaces"))
		return show_interfaces();
	if (!strcmp(what, "route") && argc == 4)
		return show_route(argv[2], argv[3]);
	if (!strcmp(what, "programs"))
		return show_programs();
	if (!strcmp(what, "machine") && argc >= 3)
		return show_machine(argv[2], argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0);
	if (!strcmp(what, "hold"))
		return hold(argv + 2);
	fputs("usage: system_tool interfaces | route HOST SECONDS | programs | "
	      "machine INTERFACE [TIMES] | hold CONNECTION ...\n",
	      stderr);
	return 2;
}
