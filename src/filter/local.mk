# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/filter.h \
	src/filter/anchors.c \
	src/filter/check.c \
	src/filter/clues.c \
	src/filter/eval.c \
	src/filter/filter.c \
	src/filter/lex.c \
	src/filter/literal.c \
	src/filter/never.c \
	src/filter/number.c \
	src/filter/parse.c \
	src/filter/parse.h \
	src/filter/parse_value.c \
	src/filter/pattern.c \
	src/filter/tree.h \
	src/filter/values.c \
	src/filter/when.c \
	src/filter/why.c
