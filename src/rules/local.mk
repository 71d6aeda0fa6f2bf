# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/rules.h src/rules/private.h src/rules/check.c \
	src/rules/engine.c src/rules/findings.c src/rules/grams.c src/rules/index.c src/rules/load_prose.c \
	src/rules/load_rule.c src/rules/names.c src/rules/notes.c src/rules/packs.c \
	src/rules/prose.c src/rules/runs.c src/rules/sequence.c
