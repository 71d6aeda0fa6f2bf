/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walls: the parts of sandbox_enter(), one a mechanism of the kernel (private to sandbox). */
#ifndef TRACETUTOR_SANDBOX_WALLS_H
#define TRACETUTOR_SANDBOX_WALLS_H

#include "tracetutor/sandbox.h"

/* Built with ASan: it needs much address space, and reads /proc/self/maps. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_ASAN 1
#endif
#endif
#ifndef SANDBOX_ASAN
#define SANDBOX_ASAN 0
#endif

/* Be that user for good, without any capability; `groups`: with his supplementary groups. */
bool become(struct sandbox_user u, bool groups, struct diag *d);
/* Landlock: no file can be opened, no TCP, no signals or abstract sockets of others. Left out where
 * the kernel has none of it. */
void close_files(void);
/* seccomp: the calls that reach out of the process fail with EPERM. Likewise. */
void close_calls(void);

#endif
