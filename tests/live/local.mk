# SPDX-License-Identifier: GPL-3.0-or-later
# Real programs on real interfaces, in network namespaces; skipped with a reason without root.
TESTS += tests/live/verdicts.test
EXTRA_DIST += tests/live/verdicts.test tests/live/drive.py tests/live/lab.py tests/live/network.py \
	tests/live/programs.py tests/live/scenarios.py tests/live/services.py
check_PROGRAMS += tests/live/system_tool
TESTS += tests/live/system.test
EXTRA_DIST += tests/live/system.test
tests_live_system_tool_SOURCES = tests/live/system_tool.c
tests_live_system_tool_LDADD = $(CHECK_LIBRARY)
check_PROGRAMS += tests/live/record_tool
TESTS += tests/live/recorder.test
EXTRA_DIST += tests/live/recorder.test
tests_live_record_tool_SOURCES = tests/live/record_tool.c
tests_live_record_tool_LDADD = $(CHECK_LIBRARY)
TESTS += tests/live/capture.test
TESTS += tests/live/rights.test tests/live/load.test
EXTRA_DIST += tests/live/capture.test tests/live/rights.test tests/live/load.test tests/live/promise.py
TESTS += tests/live/manners.test
EXTRA_DIST += tests/live/manners.test tests/live/house.py tests/live/transcripts/refused.in \
	tests/live/transcripts/refused.out tests/live/transcripts/repaired.in \
	tests/live/transcripts/repaired.out
TESTS += tests/live/sessions.test
EXTRA_DIST += tests/live/sessions.test tests/live/sessions.py tests/live/proof.py
