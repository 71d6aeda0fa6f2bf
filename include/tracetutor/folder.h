/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * folder: the folder of one guided session on disk, and its small readable state file.
 *
 *     $XDG_STATE_HOME/tracetutor/sessions/2026-03-24_19-00-24-mail-login/
 *         state        where the person is and what was answered (GKeyFile), for `resume`
 *         trace.pcapng what was recorded (read-only when finished), trace-2.pcapng a second try ...
 *         report.txt   the report, report-2.txt a second one ...
 *
 * Folders are 0700, files 0600. The state is replaced as a whole (written beside, synced, renamed),
 * so that a crash leaves the old or the new one, never a half. Nothing else is ever overwritten.
 */
#ifndef TRACETUTOR_FOLDER_H
#define TRACETUTOR_FOLDER_H

#include <glib.h>

#include "tracetutor/diag.h"

struct folder;

/* Make a new session folder for that lesson, with an empty state. NULL and a message on failure. */
struct folder *folder_new(const char *lesson, struct diag *d);
/* The newest session that is not finished; or the one whose folder's name begins so. NULL: there is
 * none (no message), or a message: it cannot be read, or is open elsewhere. */
struct folder *folder_resume(const char *name, struct diag *d);
/* All sessions, newest first: their folders with their states. Elements are freed with the array.
 */
GPtrArray *folders_all(struct diag *d);
void folder_free(struct folder *f);
/* Nobody is to go on with it elsewhere while this process, or a child of it, is there. False: it is
 * open elsewhere. A new folder is held already. */
bool folder_hold(struct folder *f);
/* Finish the traces in it that a crash left as they were, unless somebody records or plays there.
 */
void folder_tidy(struct folder *f);

const char *folder_path(const struct folder *f);
/* The state; what is set in it is kept by folder_save(). Session data lies in the group "session".
 */
GKeyFile *folder_state(struct folder *f);
/* Write the state; false and a message if it could not be kept. */
bool folder_save(struct folder *f, struct diag *d);
/* Was it played to its end (so that `resume` leaves it alone)? */
bool folder_finished(const struct folder *f);

/*
 * A new file in a folder, made if it is missing (not its parents): name.suffix, or name-2.suffix
 * ... if that exists. Returns the open descriptor and the path in *path (g_free() it); -1 and a
 * message on failure.
 */
int folder_new_file(const char *folder, const char *name, const char *suffix, char **path,
		    struct diag *d);

/*
 * Open a trace for reading. Unless it is `growing` under a recorder, one that a crash left in
 * mid-block is first cut back to its last whole block and made read-only, if it is ours to do so;
 * a recorder that is about to finish it (its file is locked, folder_lock()) is given a moment.
 * -1 and a message on failure.
 */
int folder_trace(const char *path, bool growing, struct diag *d);

/* The file, and whoever writes it through this descriptor, is at work until all copies of it are
 * closed. */
void folder_lock(int fd);

/*
 * Write the report of a session (read to its end) into an open file: 72 columns, secrets and
 * identities masked. False and a message if it could not be written whole.
 */
struct session;
struct packs;
struct report_answer;
bool folder_report_into(int fd, struct session *s, const struct packs *p, const char *symptom,
			const struct report_answer *answers, size_t nanswers, struct diag *d);

/* $XDG_STATE_HOME/tracetutor, made if missing; NULL and a message on failure. g_free() it. */
char *folder_state_home(struct diag *d);

#endif
