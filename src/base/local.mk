# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/arena.h src/base/arena.c \
	include/tracetutor/buf.h include/tracetutor/vector.h src/base/buf.c src/base/clean.c \
	include/tracetutor/cursor.h \
	include/tracetutor/library.h src/base/library.c \
	include/tracetutor/pool.h src/base/pool.c \
	include/tracetutor/pages.h src/base/pages.c \
	include/tracetutor/diag.h src/base/diag.c
