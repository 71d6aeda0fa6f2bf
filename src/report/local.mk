# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/report.h include/tracetutor/sink.h include/tracetutor/figure.h include/tracetutor/picture.h \
	include/tracetutor/follow.h include/tracetutor/conversations.h include/tracetutor/overview.h \
	src/report/picture.c src/report/picture_figure.c src/report/picture_private.h \
	src/report/follow.c src/report/json.h \
	src/report/conversations.c src/report/conversations_write.c \
	src/report/overview.c src/report/overview_write.c src/report/overview_private.h \
	include/tracetutor/choice.h src/report/choice.c \
	src/report/out.c src/report/out.h \
	src/report/para.c src/report/para.h \
	src/report/sink.c \
	src/report/sink_text.c \
	src/report/sink_html.c src/report/sink_html.h src/report/sink_ladder.c src/report/sink_svg.c \
	src/report/report.c src/report/report_private.h \
	src/report/prose.c \
	src/report/verdict.c \
	src/report/summary.c \
	src/report/json.c \
	src/report/pdml.c \
	src/report/doc.c \
	src/report/mask.c \
	src/report/mask_names.c src/report/mask_names.h
