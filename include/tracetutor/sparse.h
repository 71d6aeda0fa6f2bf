/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sparse: large tables of which little is ever touched, such as one with a row for each field that
 * there is. They begin as zeros, and only the pages that are touched take time and memory.
 */
#ifndef TRACETUTOR_SPARSE_H
#define TRACETUTOR_SPARSE_H

#include <stddef.h>

/* Never NULL (out of memory aborts, as GLib does). */
void *sparse_new(size_t bytes);
/* `bytes` as it was made with; NULL: nothing happens. */
void sparse_free(void *table, size_t bytes);

#endif
