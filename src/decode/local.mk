# SPDX-License-Identifier: GPL-3.0-or-later
libtracetutor_a_SOURCES += include/tracetutor/decode.h src/decode/decode.c
libtracetutor_a_SOURCES += src/decode/textline.c src/decode/textline.h src/decode/sasl.c \
	src/decode/sasl.h src/decode/apptext.c src/decode/apptext.h src/decode/pop.c \
	src/decode/smtp.c src/decode/imap.c src/decode/ftp.c src/decode/nntp.c
