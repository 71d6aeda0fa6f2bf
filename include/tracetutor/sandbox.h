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

/* The console and the recorder: be that user for good, without capabilities (no-op for a user
 * without any). False and a message if it did not work, and then nothing of others may be read. */
bool sandbox_drop_root(struct sandbox_user u, struct diag *d);

/* The whole promise above, for good. What is missing on this kernel (Landlock, seccomp) is left
 * out; it is an error only if root or a capability is left. Limits memory to `megabytes` (0: no
 * limit). Load what is needed (time zone, locale, packs) before. */
bool sandbox_enter(struct sandbox_user u, unsigned megabytes, struct diag *d);

#endif
