# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/recorder.h \
	src/recorder/clocks.c src/recorder/clocks.h \
	src/recorder/keeper.c \
	src/recorder/ladder.c src/recorder/ladder.h \
	src/recorder/message.c src/recorder/message.h \
	src/recorder/process.c src/recorder/process.h \
	src/recorder/recorder.c src/recorder/run.h \
	src/recorder/recording.c \
	src/recorder/syncer.c src/recorder/syncer.h \
	src/recorder/target.c src/recorder/target.h \
	src/recorder/words.c
