/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guest: messages to the host, and its answers. */
#include <string.h>
#include <unistd.h>

#include "src/console/guest.h"
#include "src/console/host.h"

static void tell(struct guest *g, enum wire_kind kind, int64_t number, const char *text, size_t n)
{
	if (!g->gone && !wire_send(g->end, kind, number, text, n, -1))
		g->gone = true;
}

void guest_show(struct guest *g, const char *text, size_t n)
{
	tell(g, WIRE_SHOW, 0, text, n);
}

void guest_remember(struct guest *g, const char *line)
{
	tell(g, WIRE_REMEMBER, 0, line, strlen(line));
}

static void free_message(struct wire_message *m)
{
	if (m->fd >= 0)
		close(m->fd);
	buf_release(&m->text);
	g_free(m);
}

void guest_over(struct guest *g, enum exit_code code)
{
	struct wire_message *m;

	tell(g, WIRE_OVER, code, NULL, 0);
	while ((m = g_queue_pop_head(&g->later)))
		free_message(m);
	buf_release(&g->got.text);
	g_free(g->folder);
}

/* --- what comes unasked --- */

static void take_offer(void *list, const char *candidate)
{
	buf_printf(list, "%s\n", candidate);
}

static void give_offers(struct guest *g)
{
	struct buf offers = BUF_INIT;
	char **part = g_strsplit(buf_text(&g->got.text), "\n", 2);

	if (g->complete && part[0] && part[1])
		g->complete(g->context, part[0], part[1], take_offer, &offers);
	tell(g, WIRE_OFFERS, g->got.number, buf_text(&offers), offers.len);
	g_strfreev(part);
	buf_release(&offers);
}

/* The next message that is not done with at once. False: the host is gone. */
static bool receive(struct guest *g)
{
	while (!g->gone) {
		if (!wire_receive(g->end, &g->got))
			g->gone = true;
		else if (g->got.kind == WIRE_COMPLETE)
			give_offers(g);
		else if (g->got.kind == WIRE_SIZE) {
			g->screen.width = (unsigned)(g->got.number >> 16);
			g->screen.height = (unsigned)(g->got.number & 0xffff);
		} else
			return true;
	}
	return false;
}

/* --- lines and events --- */

void guest_ask(struct guest *g, const char *prompt, bool fresh)
{
	if (fresh)
		g->serial++;
	tell(g, g->asked && !fresh ? WIRE_PROMPT : WIRE_READ, g->serial, prompt, strlen(prompt));
	g->asked = true;
}

static void put_off(struct guest *g)
{
	struct wire_message *m = g_new(struct wire_message, 1);

	*m = g->got;
	g->got = (struct wire_message)WIRE_MESSAGE_INIT;
	g_queue_push_tail(&g->later, m);
}

/* What came first: put off earlier, or new. */
static bool next_message(struct guest *g)
{
	struct wire_message *m = g_queue_pop_head(&g->later);

	if (!m)
		return receive(g);
	buf_release(&g->got.text);
	g->got = *m;
	g_free(m);
	return true;
}

/* A line, if it was typed for the prompt that is shown now. One for a prompt before it was on its
 * way when this one was asked for, which is still to be answered. */
static bool take_line(struct guest *g, struct buf *line, enum door_came *came)
{
	if (g->got.number >> 8 != g->serial)
		return false;
	g->asked = false;
	*came = (enum door_came)(g->got.number & 0xff);
	buf_reset(line);
	buf_mem(line, buf_text(&g->got.text), g->got.text.len);
	return true;
}

static bool take_event(struct guest *g, struct player_happening *e)
{
	*e = (struct player_happening){.fd = g->got.fd};
	if (g->got.kind == WIRE_TICK) {
		e->tick = true;
		e->now = g->got.number;
	} else if (g->got.kind == WIRE_EVENT && g->got.text.len == sizeof(e->recording))
		memcpy(&e->recording, buf_text(&g->got.text), sizeof(e->recording));
	else
		return false;
	return true;
}

enum door_came guest_wait(struct guest *g, struct buf *line, struct player_happening *e)
{
	enum door_came came = DOOR_GONE;

	while (next_message(g)) {
		if (g->got.kind != WIRE_CAME) {
			if (take_event(g, e))
				return DOOR_OTHER;
		} else if (take_line(g, line, &came))
			return came;
	}
	return DOOR_GONE;
}

enum door_came guest_line(struct guest *g, const char *prompt, struct buf *line)
{
	enum door_came came = DOOR_GONE;

	guest_ask(g, prompt, true);
	while (receive(g)) {
		if (g->got.kind != WIRE_CAME)
			put_off(g);
		else if (take_line(g, line, &came))
			return came;
	}
	return DOOR_GONE;
}

/* --- asking the host --- */

/* The answer is in g->got. False: no; the reasons are in d (or NULL). */
static bool ask(struct guest *g, enum wire_kind kind, const char *text, size_t n, struct diag *d)
{
	tell(g, kind, 0, text, n);
	while (receive(g)) {
		if (g->got.kind != WIRE_ANSWER) {
			put_off(g);
			continue;
		}
		if (!g->got.number && d && g->got.text.len) /* messages, each with its newline */
			diag_fail(d, NULL, "%.*s", (int)g->got.text.len - 1,
				  buf_text(&g->got.text));
		return g->got.number != 0;
	}
	return false;
}

bool guest_begin(struct guest *g, const char *lesson, struct diag *d)
{
	if (!ask(g, WIRE_BEGIN, lesson, strlen(lesson), d))
		return false;
	g_free(g->folder);
	g->folder = g_strdup(buf_text(&g->got.text));
	return true;
}

bool guest_save(struct guest *g, GKeyFile *state, struct diag *d)
{
	gsize n;
	char *text = g_key_file_to_data(state, &n, NULL);
	bool ok = ask(g, WIRE_SAVE, text, n, d);

	g_free(text);
	return ok;
}

/* The answer's descriptor and path. */
static int answered_file(struct guest *g, char **path)
{
	int fd = g->got.fd;

	g->got.fd = -1;
	*path = g_strdup(buf_text(&g->got.text));
	return fd;
}

int guest_file(struct guest *g, const char *name, const char *suffix, char **path, struct diag *d)
{
	char *both = g_strdup_printf("%s\n%s", name, suffix);
	bool ok = ask(g, WIRE_FILE, both, strlen(both), d);

	g_free(both);
	*path = NULL;
	return ok ? answered_file(g, path) : -1;
}

void guest_drop(struct guest *g)
{
	tell(g, WIRE_DROP, 0, NULL, 0);
}

int guest_trace(struct guest *g, const char *name, char **path, struct diag *d)
{
	*path = NULL;
	return ask(g, WIRE_TRACE, name, strlen(name), d) ? answered_file(g, path) : -1;
}

/* --- the world of a live lesson --- */

/* The answer as a value of that type; it is the host's, but looked at with care all the same. */
static GVariant *answered(struct guest *g, const char *type)
{
	GVariant *v = g_variant_new_from_data(G_VARIANT_TYPE(type), buf_text(&g->got.text),
					      g->got.text.len, FALSE, NULL, NULL);

	return g_variant_ref_sink(v);
}

static void free_program(gpointer p)
{
	struct system_program *program = p;

	g_free(program->name);
	g_free(program);
}

static GPtrArray *world_programs(void *context)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(free_program);
	struct system_program p = {0};
	GVariantIter rows;
	GVariant *v;

	if (!ask(context, WIRE_PROGRAMS, "", 0, NULL))
		return all;
	v = answered(context, HOST_PROGRAMS);
	g_variant_iter_init(&rows, v);
	while (g_variant_iter_next(&rows, "(suu)", &p.name, &p.connections, &p.local))
		g_ptr_array_add(all, g_memdup2(&p, sizeof(p)));
	g_variant_unref(v);
	return all;
}

static void free_interface(gpointer p)
{
	struct system_interface *i = p;

	g_free(i->name);
	g_free(i->addresses);
	g_free(i);
}

static GPtrArray *world_interfaces(void *context)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(free_interface);
	gboolean up, running, has_default;
	char *name, *addresses;
	const char *kind;
	GVariantIter rows;
	GVariant *v;

	if (!ask(context, WIRE_INTERFACES, "", 0, NULL))
		return all;
	v = answered(context, HOST_INTERFACES);
	g_variant_iter_init(&rows, v);
	while (g_variant_iter_next(&rows, "(s&ssbbb)", &name, &kind, &addresses, &up, &running,
				   &has_default)) {
		struct system_interface *i = g_new0(struct system_interface, 1);

		*i = (struct system_interface){.name = name,
					       .kind = g_intern_string(kind),
					       .up = up,
					       .running = running,
					       .has_default = has_default,
					       .addresses = addresses};
		g_ptr_array_add(all, i);
	}
	g_variant_unref(v);
	return all;
}

static bool world_route(void *context, const char *host, struct system_route *r, struct diag *d)
{
	gboolean local, tunnel;
	const char *kind;
	GVariant *v;

	if (!ask(context, WIRE_ROUTE, host, strlen(host), d))
		return false;
	v = answered(context, HOST_ROUTE);
	*r = (struct system_route){0};
	g_variant_get(v, "(s&sssbb)", &r->interface, &kind, &r->address, &r->gateway, &local,
		      &tunnel);
	r->kind = g_intern_string(kind);
	r->local = local;
	r->tunnel = tunnel;
	if (!*r->gateway)
		g_clear_pointer(&r->gateway, g_free);
	g_variant_unref(v);
	return true;
}

static enum recorder_way world_way(void *context, const char *interface, struct buf *words)
{
	struct guest *g = context;

	ask(g, WIRE_WAY, interface, strlen(interface), NULL);
	buf_mem(words, buf_text(&g->got.text), g->got.text.len);
	return (enum recorder_way)g->got.number;
}

static bool world_sudo(void *context, struct diag *d)
{
	return ask(context, WIRE_SUDO, "", 0, d);
}

static int world_record(void *context, const struct recorder_request *q, unsigned pieces,
			char **path, struct diag *d)
{
	GVariant *v = g_variant_new(HOST_RECORD, q->interface, q->filter ? q->filter : "",
				    q->seconds, q->quiet_seconds, q->bytes, pieces);
	bool ok;

	g_variant_ref_sink(v);
	ok = ask(context, WIRE_RECORD, g_variant_get_data(v), g_variant_get_size(v), d);
	g_variant_unref(v);
	*path = NULL;
	return ok ? answered_file(context, path) : -1;
}

static int world_recording(void *context, char **path, struct diag *d)
{
	struct guest *g = context;

	*path = NULL;
	return g->recording ? guest_trace(g, "", path, d) : -1;
}

static void world_mark(void *context, const char *text)
{
	tell(context, WIRE_MARK, 0, text, strlen(text));
}

static void world_stop(void *context)
{
	tell(context, WIRE_STOP, 0, NULL, 0);
}

static int world_trace(void *context, const char *name, char **path, struct diag *d)
{
	return guest_trace(context, name, path, d);
}

struct player_world guest_world(struct guest *g)
{
	return (struct player_world){.context = g,
				     .programs = world_programs,
				     .interfaces = world_interfaces,
				     .route = world_route,
				     .way = world_way,
				     .sudo = world_sudo,
				     .record = world_record,
				     .recording = world_recording,
				     .mark = world_mark,
				     .stop = world_stop,
				     .trace = world_trace};
}
