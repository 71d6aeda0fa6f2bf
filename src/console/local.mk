# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/console.h src/console/cli.h src/console/confined.h src/console/dialogue.h src/console/door.h \
	src/console/guest.h src/console/host.h src/console/learn.h src/console/output.h src/console/reference.h src/console/stream.h src/console/trace.h \
	src/console/signals.h src/console/views.h src/console/wire.h \
	src/console/cli.c src/console/complete.c src/console/confined.c src/console/console.c src/console/dialogue.c \
	src/console/guest.c src/console/host.c src/console/host_answers.c src/console/capture_command.c src/console/sessions.c src/console/readline.c src/console/libreadline.h src/console/libreadline.c src/console/signals.c \
	src/console/explain.c src/console/trace.c src/console/help.c src/console/learn.c \
	src/console/output.c src/console/reference.c src/console/stream.c \
	src/console/talk_commands.c src/console/tape.c src/console/trace_commands.c src/console/views.c src/console/wire.c src/console/words.c

bin_PROGRAMS += tracetutor
tracetutor_SOURCES = src/main.c
tracetutor_LDADD = libtracetutor.a
