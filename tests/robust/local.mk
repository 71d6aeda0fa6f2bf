# SPDX-License-Identifier: GPL-3.0-or-later
# Damaged packets, damaged files, full disks: what must never crash, hang or go unsaid.
check_PROGRAMS += tests/robust/sweep
TESTS += tests/robust/sweep
tests_robust_sweep_SOURCES = tests/robust/sweep.c tests/fuzz/feed.h
tests_robust_sweep_LDADD = $(CHECK_LIBRARY)
TESTS += tests/robust/hostile.test tests/robust/packs.test tests/robust/limits.test
EXTRA_DIST += tests/robust/hostile.test tests/robust/packs.test tests/robust/limits.test tests/robust/tap.py tests/captures/hostile
