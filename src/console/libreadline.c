/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "src/console/libreadline.h"

struct libreadline libreadline;

static const char *const names[] = {LIBREADLINE(LIBRARY_NAME)};

bool libreadline_load(struct diag *d)
{
	return libreadline.using_history ||
	       library_load(LIBREADLINE_FILE, names, sizeof(names) / sizeof(*names), &libreadline,
			    d);
}
