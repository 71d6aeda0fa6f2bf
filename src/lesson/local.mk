# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/lesson.h src/lesson/live.h src/lesson/player.h \
	src/lesson/acts.c src/lesson/lesson.c src/lesson/live.c src/lesson/live_start.c \
	src/lesson/live_take.c src/lesson/observe.c src/lesson/player.c \
	src/lesson/shelf.c src/lesson/turn.c
