/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse: pages of the kernel, which are there when they are touched. */
#include "tracetutor/sparse.h"

#include <glib.h>
#include <sys/mman.h>

void *sparse_new(size_t bytes)
{
	void *table = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (table == MAP_FAILED)
		g_error("out of memory: a table of %zu bytes", bytes);
	return table;
}

void sparse_free(void *table, size_t bytes)
{
	if (table)
		munmap(table, bytes);
}
