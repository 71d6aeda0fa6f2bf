# SPDX-License-Identifier: GPL-3.0-or-later
# Damaged packets, damaged files, full disks: what must never crash, hang or go unsaid.
check_PROGRAMS += tests/robust/sweep
TESTS += tests/robust/sweep
tests_robust_sweep_SOURCES = tests/robust/sweep.c tests/robust/sweep.h tests/robust/sweep_work.c \
	tests/robust/damage.c tests/robust/damage.h tests/fuzz/feed.h
tests_robust_sweep_LDADD = $(CHECK_LIBRARY)
check_PROGRAMS += tests/robust/trapped
tests_robust_trapped_SOURCES = tests/robust/trapped.c
tests_robust_trapped_LDADD = $(CHECK_LIBRARY)
tests_robust_trapped_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=decode_payload
TESTS += tests/robust/hostile.test tests/robust/packs.test tests/robust/limits.test tests/robust/power.test tests/robust/heavy.test
EXTRA_DIST += tests/robust/hostile.test tests/robust/packs.test tests/robust/limits.test tests/robust/power.test tests/robust/heavy.test tests/robust/tap.py tests/robust/processes.py tests/captures/hostile
