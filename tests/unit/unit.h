/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unit: what every unit test program shares. A program defines its suite and ends with UNIT_MAIN.
 * Results go out as TAP (CK_TAP_LOG_FILE_NAME=- is set by `make check`).
 */
#ifndef TRACETUTOR_TESTS_UNIT_H
#define TRACETUTOR_TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

static inline int unit_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, getenv("CK_TAP_LOG_FILE_NAME") ? CK_SILENT : CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define UNIT_MAIN(suite)                                                                           \
	int main(void)                                                                             \
	{                                                                                          \
		return unit_run(suite());                                                          \
	}

#endif
