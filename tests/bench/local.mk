# SPDX-License-Identifier: GPL-3.0-or-later
# `make bench` measures; it is not a test.
EXTRA_PROGRAMS = tests/bench/generate
tests_bench_generate_SOURCES = tests/bench/generate.c
tests_bench_generate_LDADD =
CLEANFILES += tests/bench/generate
EXTRA_DIST += tests/bench/bench.py

bench: tracetutor tests/bench/generate
	TRACETUTOR_DATA='$(abs_top_srcdir)/lessons' $(srcdir)/tests/bench/bench.py \
		./tracetutor tests/bench/generate --large $(BENCH_FLAGS)

.PHONY: bench
