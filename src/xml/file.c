// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Reading a pack's bytes: only regular files, never more than XML_MAX_FILE, whatever the name
 * leads to.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "private.h"

/* A message about the whole file. */
static void refuse(struct diag *d, const char *path, const char *hint, const char *what)
{
	struct place where = {.file = path};

	diag_add(d, DIAG_ERROR, &where, hint, "%s", what);
}

static bool is_readable(int fd, const char *path, struct diag *d)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		refuse(d, path, "Give the name of a pack file (its name usually ends in .xml).",
		       "this is not an ordinary file");
		return false;
	}
	if (st.st_size > (off_t)XML_MAX_FILE) {
		refuse(d, path, "Split the pack into several files.",
		       "the file is larger than 4 MiB, the most a pack may have");
		return false;
	}
	return true;
}

/* The file may grow while it is read: the limit counts, not what stat said. */
static char *read_all(int fd, size_t *n)
{
	char *bytes = g_malloc(XML_MAX_FILE + 1);
	size_t have = 0;
	ssize_t got;

	while (have <= XML_MAX_FILE) {
		got = read(fd, bytes + have, XML_MAX_FILE + 1 - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			g_free(bytes);
			return NULL;
		}
		if (got == 0)
			break;
		have += (size_t)got;
	}
	*n = have;
	return g_realloc(bytes, have + 1);
}

char *file_read(const char *path, size_t *n, struct diag *d)
{
	/* O_NONBLOCK: opening a pipe without a writer must not wait. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *bytes = NULL;

	if (fd < 0) {
		refuse(d, path, "Check the name and the permissions of the file.",
		       errno == ENOENT ? "there is no such file" : g_strerror(errno));
		return NULL;
	}
	if (is_readable(fd, path, d)) {
		bytes = read_all(fd, n);
		if (!bytes)
			refuse(d, path, "Copy the file to another disk and try again.",
			       "the file cannot be read");
	}
	close(fd);
	return bytes;
}
