# SPDX-License-Identifier: GPL-3.0-or-later
# `make bench` measures; it is not a test.
EXTRA_PROGRAMS = tests/bench/generate tests/bench/measure tests/bench/show
tests_bench_generate_SOURCES = tests/bench/generate.c
tests_bench_generate_LDADD =
tests_bench_measure_SOURCES = tests/bench/measure.c
tests_bench_measure_LDADD =
tests_bench_show_SOURCES = tests/bench/show.c
tests_bench_show_LDADD = $(CHECK_LIBRARY)
CLEANFILES += tests/bench/generate tests/bench/measure tests/bench/show
EXTRA_DIST += tests/bench/bench.py tests/bench/live.py

bench: tracetutor tests/bench/generate tests/bench/measure tests/bench/show tests/live/record_tool
	TRACETUTOR_DATA='$(abs_top_srcdir)/lessons' $(srcdir)/tests/bench/bench.py \
		./tracetutor tests/bench --large $(BENCH_FLAGS)

.PHONY: bench
