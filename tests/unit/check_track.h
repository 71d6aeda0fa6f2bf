/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_track: the test cases of the program check_track. */
#ifndef TRACETUTOR_TESTS_CHECK_TRACK_H
#define TRACETUTOR_TESTS_CHECK_TRACK_H

#include <check.h>

TCase *track_stream_cases(void);
TCase *track_exchange_cases(void);

#endif
