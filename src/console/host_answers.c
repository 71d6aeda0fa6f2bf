/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host_answers: what the guest may ask for; one row each. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "src/console/host.h"
#include "tracetutor/system.h"

#define LOOK_UP_SECONDS 4 /* for a name, when the way to it is asked for */

void host_reply(struct host *h, int64_t number, const char *text, int fd)
{
	wire_send(h->end, WIRE_ANSWER, number, text, strlen(text), fd);
}

void host_refuse(struct host *h, struct diag *d)
{
	struct buf text = BUF_INIT;

	diag_write(d, &text);
	host_reply(h, 0, buf_text(&text), -1);
	buf_release(&text);
	diag_release(d);
}

/* Bytes of a colour that begins here: ESC [ figures m; 0: none does. */
static size_t colour_at(const char *s)
{
	size_t n;

	if (s[0] != 0x1b || s[1] != '[')
		return 0;
	n = 2 + strspn(s + 2, "0123456789;");
	return s[n] == 'm' ? n + 1 : 0;
}

/*
 * Text for the terminal may colour, and do nothing else: what drives a terminal never comes from
 * packets, even if the guest were taken over by one.
 */
static void keep_harmless(struct buf *text)
{
	struct buf clean = BUF_INIT;
	size_t from = 0;

	for (size_t i = 0; i < text->len;) {
		size_t colour = colour_at(text->s + i);

		if (!colour) {
			i++;
			continue;
		}
		buf_clean_lines(&clean, text->s + from, i - from);
		buf_mem(&clean, text->s + i, colour);
		from = i += colour;
	}
	buf_clean_lines(&clean, text->s + from, text->len - from);
	buf_release(text);
	*text = clean;
}

static void take_show(struct host *h)
{
	int error;

	keep_harmless(&h->got.text);
	error = door_say(h->door, buf_text(&h->got.text), h->got.text.len);
	if (!error)
		return;
	h->write_error = error;
	host_gone(h);
}

/* Prompts are one line of text. */
static const char *prompt_of(struct host *h)
{
	keep_harmless(&h->got.text);
	buf_added(&h->got.text, 0);
	return buf_text(&h->got.text);
}

static void take_read(struct host *h)
{
	enum door_came at_once = h->gone ? DOOR_GONE : h->interrupted ? DOOR_INTERRUPT : DOOR_OTHER;

	h->serial = h->got.number;
	h->interrupted = false;
	h->reading = at_once == DOOR_OTHER;
	if (h->reading)
		door_ask(h->door, prompt_of(h));
	else
		wire_send(h->end, WIRE_CAME, h->serial << 8 | at_once, NULL, 0, -1);
}

static void take_prompt(struct host *h)
{
	h->serial = h->got.number;
	door_prompt(h->door, prompt_of(h));
}

static void take_remember(struct host *h)
{
	door_remember(h->door, buf_text(&h->got.text));
}

/* A plain name: no way out of the folder. */
static bool is_name(const char *s)
{
	return *s && *s != '.' && !strchr(s, '/') && strlen(s) < 200;
}

static void take_begin(struct host *h)
{
	struct diag d = DIAG_INIT;

	if (!h->folder && is_name(buf_text(&h->got.text)))
		h->folder = folder_new(buf_text(&h->got.text), &d);
	if (h->folder)
		host_reply(h, 1, folder_path(h->folder), -1);
	else
		host_refuse(h, &d);
	diag_release(&d);
}

static void take_save(struct host *h)
{
	struct diag d = DIAG_INIT;

	if (h->folder && h->got.text.len &&
	    g_key_file_load_from_data(folder_state(h->folder), buf_text(&h->got.text),
				      h->got.text.len, G_KEY_FILE_NONE, NULL) &&
	    folder_save(h->folder, &d))
		host_reply(h, 1, "", -1);
	else
		host_refuse(h, &d);
	diag_release(&d);
}

static void take_file(struct host *h)
{
	struct diag d = DIAG_INIT;
	char **part = g_strsplit(buf_text(&h->got.text), "\n", 2);
	char *path = NULL;
	int fd = -1;

	if (h->folder && part[0] && part[1] && is_name(part[0]) && !strchr(part[1], '/'))
		fd = folder_new_file(folder_path(h->folder), part[0], part[1], &path, &d);
	if (fd >= 0)
		host_reply(h, 1, path, fd);
	else
		host_refuse(h, &d);
	if (fd >= 0)
		close(fd);
	g_free(h->made);
	h->made = path;
	g_strfreev(part);
	diag_release(&d);
}

static void take_drop(struct host *h)
{
	if (h->made)
		unlink(h->made);
	g_clear_pointer(&h->made, g_free);
}

/* A trace of this session for reading: by its name in the folder, or (no name) the last one. */
static void take_trace(struct host *h)
{
	struct diag d = DIAG_INIT;
	const char *name = buf_text(&h->got.text);
	char *path = NULL;
	int fd = -1;

	if (!*name)
		path = g_strdup(h->tape.path);
	else if (h->folder && is_name(name))
		path = g_build_filename(folder_path(h->folder), name, NULL);
	if (path)
		fd = folder_trace(path, h->tape.recording != NULL, &d);
	if (fd >= 0)
		host_reply(h, 1, path, fd);
	else
		host_refuse(h, &d);
	if (fd >= 0)
		close(fd);
	g_free(path);
	diag_release(&d);
}

static void answer_variant(struct host *h, int64_t number, GVariant *v)
{
	g_variant_ref_sink(v);
	wire_send(h->end, WIRE_ANSWER, number, g_variant_get_data(v), g_variant_get_size(v), -1);
	g_variant_unref(v);
}

static void take_programs(struct host *h)
{
	GPtrArray *all = system_programs();
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE(HOST_PROGRAMS));
	for (guint i = 0; i < all->len; i++) {
		const struct system_program *p = all->pdata[i];

		g_variant_builder_add(&b, "(suu)", p->name, p->connections, p->local);
	}
	answer_variant(h, 1, g_variant_builder_end(&b));
	g_ptr_array_free(all, TRUE);
}

static void take_interfaces(struct host *h)
{
	struct diag d = DIAG_INIT;
	GPtrArray *all = system_interfaces(&d);
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE(HOST_INTERFACES));
	for (guint i = 0; all && i < all->len; i++) {
		const struct system_interface *s = all->pdata[i];

		g_variant_builder_add(&b, "(sssbbb)", s->name, s->kind, s->addresses, s->up,
				      s->running, s->has_default);
	}
	answer_variant(h, all != NULL, g_variant_builder_end(&b));
	if (all)
		g_ptr_array_free(all, TRUE);
	diag_release(&d);
}

static void take_route(struct host *h)
{
	struct diag d = DIAG_INIT;
	struct system_route r = {0};

	if (system_route_to(buf_text(&h->got.text), LOOK_UP_SECONDS, &r, &d)) {
		answer_variant(h, 1,
			       g_variant_new(HOST_ROUTE, r.interface, r.kind, r.address,
					     r.gateway ? r.gateway : "", r.local, r.tunnel));
		system_route_release(&r);
	} else
		host_refuse(h, &d);
	diag_release(&d);
}

static void take_way(struct host *h)
{
	struct buf words = BUF_INIT;
	enum recorder_way way =
		h->keeper ? keeper_way(h->keeper, buf_text(&h->got.text)) : WAY_NONE;

	if (way == WAY_NONE)
		recorder_way_words(&words);
	host_reply(h, way, buf_text(&words), -1);
	buf_release(&words);
}

static void take_sudo(struct host *h)
{
	struct diag d = DIAG_INIT;

	door_pause(h->door);
	if (recorder_ask_sudo(&d))
		host_reply(h, 1, "", -1);
	else
		host_refuse(h, &d);
	diag_release(&d);
}

static void take_mark(struct host *h)
{
	if (h->tape.recording)
		recording_mark(h->tape.recording, buf_text(&h->got.text));
}

static void take_over(struct host *h)
{
	door_pause(h->door); /* a prompt nobody will answer */
	h->code = (enum exit_code)h->got.number;
	h->over = true;
}

/* They came too late. */
static void take_offers(struct host *h)
{
	(void)h;
}

static void (*const answers[])(struct host *) = {
	[WIRE_SHOW] = take_show,         [WIRE_OFFERS] = take_offers,
	[WIRE_READ] = take_read,         [WIRE_PROMPT] = take_prompt,
	[WIRE_REMEMBER] = take_remember, [WIRE_BEGIN] = take_begin,
	[WIRE_SAVE] = take_save,         [WIRE_FILE] = take_file,
	[WIRE_DROP] = take_drop,         [WIRE_TRACE] = take_trace,
	[WIRE_PROGRAMS] = take_programs, [WIRE_INTERFACES] = take_interfaces,
	[WIRE_ROUTE] = take_route,       [WIRE_WAY] = take_way,
	[WIRE_SUDO] = take_sudo,         [WIRE_RECORD] = tape_start,
	[WIRE_MARK] = take_mark,         [WIRE_STOP] = tape_stop,
	[WIRE_OVER] = take_over,
};

bool host_answer(struct host *h)
{
	if (h->got.fd >= 0) /* the guest has none that is wanted */
		close(h->got.fd);
	h->got.fd = -1;
	if ((size_t)h->got.kind >= G_N_ELEMENTS(answers) || !answers[h->got.kind])
		return false;
	answers[h->got.kind](h);
	return true;
}
