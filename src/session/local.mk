# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/folder.h include/tracetutor/session.h include/tracetutor/stages.h \
	src/session/bundle.c src/session/folder.c src/session/pipeline.c src/session/session.c \
	src/session/places.c src/session/places.h src/session/crossing.c src/session/crossing.h \
	include/tracetutor/watch.h src/session/watch.c src/session/watch_say.c \
	include/tracetutor/quality.h include/tracetutor/story.h src/session/milestones.h \
	src/session/milestone_names.c src/session/milestone_read.c src/session/milestone_said.c \
	src/session/milestone_talk.c src/session/milestones.c src/session/stage_compare.c \
	src/session/stage_words.c src/session/stage_words.h src/session/stages.c \
	src/session/quality.c src/session/story.c src/session/story_say.c src/session/story_say.h
