/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guest: the half of a guided session that reads packets and has no power; what it needs of the
 * system it asks of the host. These are the only ways out of it.
 */
#ifndef TRACETUTOR_CONSOLE_GUEST_H
#define TRACETUTOR_CONSOLE_GUEST_H

#include "src/console/door.h"
#include "src/console/output.h"
#include "src/console/wire.h"
#include "tracetutor/lesson.h"

#define GUEST_MEMORY 1024 /* MB of address space */

struct opened;

struct guest {
	int end;       /* of the wire */
	bool terminal; /* lines come from a terminal */
	struct screen screen;
	char *folder;    /* path of the session folder, once begun; NULL */
	int64_t serial;  /* of the prompt last shown */
	bool asked;      /* it is still shown */
	bool gone;       /* the host is gone */
	bool recording;  /* that went on while the guest before this one crashed: */
	uint64_t before; /* packets in files before the one at work */
	door_complete *complete;
	void *context; /* for complete */
	struct diag *d;
	struct opened *opened; /* what it had before it gave up its power */
	struct wire_message got;
	GQueue later; /* struct wire_message *: what came while an answer was awaited */
};

/* Show text (styled as a text sink does, cleaned). */
void guest_show(struct guest *g, const char *text, size_t n);
/* Ask for a line; if one is being awaited, only the prompt changes. `fresh`: a line typed for an
 * earlier prompt is no answer to this one. */
void guest_ask(struct guest *g, const char *prompt, bool fresh);
/* Wait for the line or for something else (DOOR_OTHER: *e is filled; the line is still
 * awaited). */
enum door_came guest_wait(struct guest *g, struct buf *line, struct player_happening *e);
/* Ask, and wait for nothing but the line: other things are put off. Never DOOR_OTHER. */
enum door_came guest_line(struct guest *g, const char *prompt, struct buf *line);
void guest_remember(struct guest *g, const char *line);
/* The session is to have a folder; false and a message if it cannot have one. */
bool guest_begin(struct guest *g, const char *lesson, struct diag *d);
bool guest_save(struct guest *g, GKeyFile *state, struct diag *d);
/* A new file in the folder, and its path (g_free() it); -1 and a message on failure. */
int guest_file(struct guest *g, const char *name, const char *suffix, char **path, struct diag *d);
/* The file made last could not be written whole: it goes. */
void guest_drop(struct guest *g);
/* A trace of the session for reading, by name; "": the one just recorded. Its path in *path. */
int guest_trace(struct guest *g, const char *name, char **path, struct diag *d);
/* What a live lesson asks of the system. */
struct player_world guest_world(struct guest *g);
/* The last message. */
void guest_over(struct guest *g, enum exit_code code);

#endif
