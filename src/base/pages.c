/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tracetutor/pages.h"

#include <glib.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE /* Linux 5.14; older ones refuse it */
#define MADV_POPULATE_WRITE 23
#endif

void *pages_sparse(size_t bytes)
{
	void *table = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (table == MAP_FAILED)
		g_error("out of memory: a table of %zu bytes", bytes);
	return table;
}

void pages_free(void *table, size_t bytes)
{
	if (table)
		munmap(table, bytes);
}

void pages_soon(void *at, size_t bytes)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t begin = ((uintptr_t)at + page - 1) & ~(page - 1);
	uintptr_t end = ((uintptr_t)at + bytes) & ~(page - 1);

	if (end > begin)
		madvise((void *)begin, end - begin, MADV_POPULATE_WRITE);
}
