/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settings: what this computer was told: resolvers, proxy, clock; and all of it for a recording. */
#include "config.h"

#include "src/system/private.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <resolv.h>
#include <sys/timex.h>
#include <sys/utsname.h>

#define RESOLVERS_MAX   MAXNS /* the C library asks no more */
#define RESOLVED_STUB   "127.0.0.53"
#define RESOLVED_BEHIND "/run/systemd/resolve/resolv.conf"
#define PROXY_MAX       200

/* --- resolvers --- */

/* The addresses of the "nameserver" lines (resolv.conf(5)), with commas. */
static char *name_servers(const char *file)
{
	struct buf out = BUF_INIT;
	char *content = NULL, **lines;
	unsigned n = 0;

	if (!g_file_get_contents(file, &content, NULL, NULL))
		return NULL;
	lines = g_strsplit(content, "\n", -1);
	for (char **line = lines; *line && n < RESOLVERS_MAX; line++) {
		char **words = g_strsplit_set(g_strstrip(*line), " \t", 3);

		if (words[0] && words[1] && !strcmp(words[0], "nameserver")) {
			buf_str(&out, n++ ? ", " : "");
			buf_clean(&out, words[1], strlen(words[1]));
		}
		g_strfreev(words);
	}
	g_strfreev(lines);
	g_free(content);
	return n ? buf_steal(&out) : NULL;
}

char *settings_resolvers(const char *file, const char *behind_stub)
{
	char *servers = name_servers(file), *behind, *both;

	if (!servers || strcmp(servers, RESOLVED_STUB) != 0)
		return servers;
	behind = name_servers(behind_stub);
	if (!behind)
		return servers;
	both = g_strdup_printf("%s asks %s", servers, behind);
	g_free(servers);
	g_free(behind);
	return both;
}

/* --- proxy --- */

/* Scheme, host and port; what stands before the last @ is a login. */
static char *bare_proxy(const char *value)
{
	const char *scheme = strstr(value, "://"), *at = strrchr(value, '@');
	const char *host = at ? at + 1 : scheme ? scheme + 3 : value;
	struct buf out = BUF_INIT;

	if (scheme && scheme + 3 <= host)
		buf_clean_max(&out, value, (size_t)(scheme + 3 - value), PROXY_MAX);
	buf_clean_max(&out, host, strcspn(host, "/?#"), PROXY_MAX);
	return buf_steal(&out);
}

char *system_proxy(void)
{
	static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy",
					    "ALL_PROXY"};
	char *found[G_N_ELEMENTS(names) + 1] = {NULL}, *all;
	guint n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = g_getenv(names[i]);
		char *bare = value && *value ? bare_proxy(value) : NULL;

		if (bare && !g_strv_contains((const gchar *const *)found, bare))
			found[n++] = bare;
		else
			g_free(bare);
	}
	all = n ? g_strjoinv(", ", found) : NULL;
	for (guint i = 0; i < n; i++)
		g_free(found[i]);
	return all;
}

/* --- clock --- */

int settings_clock(void)
{
	struct timex t = {.modes = 0};
	int state = adjtimex(&t);

	if (state < 0)
		return -1;
	return state != TIME_ERROR && !(t.status & STA_UNSYNC);
}

/* --- all --- */

static char *system_name(void)
{
	struct utsname u;

	if (uname(&u) != 0)
		return NULL;
	return g_strdup_printf("%s %s, " PACKAGE_STRING, u.sysname, u.release);
}

/* IPv4 first: it is what most have. */
static void describe_ways(struct machine *m, struct nl_sock *sk)
{
	struct buf text = BUF_INIT;
	struct way w;

	for (uint8_t family = 4; family <= 6; family += 2) {
		if (!way_elsewhere(sk, family, &w))
			continue;
		if (!m->gateway && w.gateway.family) {
			ip_address_text(&w.gateway, &text);
			buf_str(&text, " by ");
			buf_str(&text, w.name);
			m->gateway = buf_steal(&text);
		}
		if (!m->vpn && !strcmp(link_kind_of(sk, w.index), "tunnel"))
			m->vpn = g_strdup(w.name);
	}
}

void system_machine(struct machine *m, const char *interface)
{
	struct nl_sock *sk = kernel_socket(NETLINK_ROUTE);
	GArray *owners = m->owners;

	m->owners = NULL;
	machine_release(m);
	m->owners = owners;
	m->system = system_name();
	m->interface = g_strdup(interface);
	if (sk) {
		link_describe(m, sk);
		describe_ways(m, sk);
	}
	kernel_done(sk);
	m->resolvers = settings_resolvers(_PATH_RESCONF, RESOLVED_BEHIND);
	m->proxy = system_proxy();
	m->clock_synchronised = settings_clock();
}
