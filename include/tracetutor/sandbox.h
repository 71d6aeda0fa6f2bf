/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sandbox: giving up power before bytes of others are read.
 *
 * A process that decodes cannot open a file, make a socket, start a program, trace or signal
 * another process; it has no capability, is not root, and gets none back. It works on descriptors
 * that were opened before or that another process hands it.
 */
#ifndef TRACETUTOR_SANDBOX_H
#define TRACETUTOR_SANDBOX_H

#include <sys/types.h>

#include "tracetutor/diag.h"

/* Who should read packets: the user behind sudo if there is one; for root otherwise "nobody"; else
 * the user as he is. */
struct sandbox_user {
	uid_t uid;
	gid_t gid;
};
struct sandbox_user sandbox_user(void);

/*
 * Before sandbox_drop_root(), and before anything asks GLib for a folder: if HOME is root's and the
 * user has a home of his own, HOME, USER and LOGNAME become his, and XDG_ folders of root are
 * forgotten; so what a session writes is in his home and belongs to him.
 */
void sandbox_home(struct sandbox_user u);

/* The console and the recorder: be that user for good, with his groups, without capabilities and
 * without a way to get any (no-op for a user without any: he may still start sudo). False and a
 * message if it did not work, and then nothing of others may be read. */
bool sandbox_drop_root(struct sandbox_user u, struct diag *d);

/*
 * The whole promise above, for good. What is missing on this kernel (Landlock, seccomp) is left
 * out; it is an error only if root or a capability is left. Limits memory to `megabytes` (0: no
 * limit). Load what is needed (time zone, locale, packs, g_random_int()) before, and have one
 * thread. Descriptors that may be handed in: files, pipes, terminals, stream and seqpacket sockets;
 * a datagram socket would reach others by an address. In ASan builds memory is not limited and
 * leaks are not looked for at the end.
 */
bool sandbox_enter(struct sandbox_user u, unsigned megabytes, struct diag *d);

#endif
