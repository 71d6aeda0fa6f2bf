/* SPDX-License-Identifier: GPL-3.0-or-later */
/* library: dlopen and dlsym. */
#include "tracetutor/library.h"

#include <dlfcn.h>
#include <string.h>

bool library_load(const char *file, const char *const *names, size_t n, void *functions,
		  struct diag *d)
{
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL), *found = library;

	for (size_t i = 0; i < n && found; i++) {
		found = dlsym(library, names[i]);
		/* POSIX: a function's address fits, and looks like any other */
		memcpy((char *)functions + i * sizeof(found), &found, sizeof(found));
	}
	if (found)
		return true;
	memset(functions, 0, n * sizeof(found));
	return diag_fail(d, "Install the package again that it is part of.",
			 "a library cannot be used: %s", dlerror());
}
