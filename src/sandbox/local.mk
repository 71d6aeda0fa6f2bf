# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/sandbox.h src/sandbox/walls.h \
	src/sandbox/calls.c src/sandbox/enter.c src/sandbox/files.c src/sandbox/user.c
