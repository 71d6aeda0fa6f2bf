# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/track.h \
	src/track/conv.c \
	src/track/emit.c \
	src/track/emit_conv.c \
	src/track/exchange.c \
	src/track/fields.c \
	src/track/generated.c \
	src/track/ids.c \
	src/track/internal.h \
	src/track/machine.c \
	src/track/rows.h \
	src/track/stream.c \
	src/track/tcp_analysis.c \
	src/track/tcp_facts.c \
	src/track/track.c
