/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages: memory as the kernel gives it, a page when it is first touched. That is right for large
 * tables of which little is ever touched, such as one with a row for each field that there is.
 * What is about to be written all over asks for its pages at once, which takes a fraction of the
 * time of a fault for each.
 */
#ifndef TRACETUTOR_PAGES_H
#define TRACETUTOR_PAGES_H

#include <stddef.h>

/* A table of zeros, of which only the pages that are touched take time and memory. Never NULL (out
 * of memory aborts, as GLib does). */
void *pages_sparse(size_t bytes);
/* `bytes` as the table was made with; NULL: nothing happens. */
void pages_free(void *table, size_t bytes);
/* All of these bytes, of whatever memory, are going to be written soon. Only a hint: what they
 * hold is as before. */
void pages_soon(void *at, size_t bytes);

#endif
