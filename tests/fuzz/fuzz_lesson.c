/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a lesson: refused with a message, or loaded. */
#include "config.h"

#include <glib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tracetutor/diag.h"
#include "tracetutor/lesson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("lesson", MFD_CLOEXEC);
	char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	struct diag d = DIAG_INIT;
	struct buf out = BUF_INIT;
	struct lesson *l;

	g_assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	l = lesson_load(path, &d);
	g_assert((l != NULL) == (d.errors == 0));
	diag_write(&d, &out);
	if (l)
		lesson_free(l);
	buf_release(&out);
	diag_release(&d);
	g_free(path);
	close(fd);
	return 0;
}
