# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/folder.h include/tracetutor/session.h include/tracetutor/stages.h \
	src/session/bundle.c src/session/folder.c src/session/pipeline.c src/session/session.c
