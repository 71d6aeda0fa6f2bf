# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/conv.h \
	include/tracetutor/field.h src/model/field.c \
	include/tracetutor/frame.h \
	include/tracetutor/lines.h src/model/lines.c src/model/lines_shape.c \
	include/tracetutor/machine.h src/model/machine.c \
	include/tracetutor/record.h src/model/record.c src/model/value.c \
	include/tracetutor/shape.h src/model/shape.c
