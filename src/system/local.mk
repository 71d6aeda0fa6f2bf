# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/system.h \
	src/system/libnl.c \
	src/system/libnl.h \
	src/system/link.c \
	src/system/lookup.c \
	src/system/private.h \
	src/system/programs.c \
	src/system/route.c \
	src/system/settings.c \
	src/system/sockets.c
