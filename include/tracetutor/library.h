/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * library: libraries that few commands need, loaded by the first call that does. Each brings others
 * of its own (libxml2 ICU and the C++ library, libpcap D-Bus and systemd's), and loading them all
 * took longer than all else a short command does.
 *
 * Its functions are members of a struct, under their own names:
 *
 *     #define LIBEXAMPLE(X) X(example_open) X(example_close)
 *     struct libexample { LIBEXAMPLE(LIBRARY_MEMBER) };
 *     static const char *const names[] = {LIBEXAMPLE(LIBRARY_NAME)};
 */
#ifndef TRACETUTOR_LIBRARY_H
#define TRACETUTOR_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "tracetutor/diag.h"

#define LIBRARY_MEMBER(name) __typeof__(name) *name;
#define LIBRARY_NAME(name)   #name,

/*
 * Load `file`, as configure found it ("libxml2.so.2"), and put its functions of these names into
 * the struct at `functions`, which has a member for each of them and no other, in that order.
 * False, a message and a struct of NULLs if it cannot be loaded or lacks one. It stays loaded: ask
 * once, and before files can no longer be opened (sandbox.h).
 */
bool library_load(const char *file, const char *const *names, size_t n, void *functions,
		  struct diag *d);

#endif
