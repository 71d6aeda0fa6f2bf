# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += \
	include/tracetutor/capture.h include/tracetutor/live.h include/tracetutor/writer.h \
	src/capture/capture.c \
	src/capture/foreign.c \
	src/capture/input.c \
	src/capture/input.h \
	src/capture/link.c \
	src/capture/live.c src/capture/libpcap.c src/capture/libpcap.h \
	src/capture/pcap.c \
	src/capture/pcapng.c \
	src/capture/pcapng_option.c \
	src/capture/number.h \
	src/capture/pcapng_option.h \
	src/capture/reader.h \
	src/capture/stream.c \
	src/capture/stream.h \
	src/capture/writer.c
