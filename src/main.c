/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main: the way in. Everything is in the library, so that tests and fuzz targets can link it. */
#include <locale.h>

#include "tracetutor/console.h"

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	return console_main(argc, argv);
}
