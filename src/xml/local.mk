# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/xml.h src/xml/private.h src/xml/dom.c \
	src/xml/file.c src/xml/libxml.c src/xml/libxml.h src/xml/scan.c src/xml/schema.c src/xml/text.c src/xml/xml.c
