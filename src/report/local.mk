# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/report.h include/tracetutor/sink.h \
	src/report/out.c src/report/out.h \
	src/report/para.c src/report/para.h \
	src/report/sink.c \
	src/report/sink_text.c \
	src/report/sink_html.c \
	src/report/report.c src/report/report_private.h \
	src/report/prose.c \
	src/report/verdict.c \
	src/report/summary.c \
	src/report/json.c \
	src/report/pdml.c \
	src/report/doc.c \
	src/report/mask.c \
	src/report/mask_names.c src/report/mask_names.h
