# SPDX-License-Identifier: GPL-3.0-or-later
# A fuzz target is one paragraph: tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput(), and the seeds
# in tests/fuzz/corpus-NAME/. Normally it is linked with run_corpus.c and is a test over its seeds;
# with --enable-fuzzing (CC=clang) it is linked with libFuzzer instead and is run by hand:
#     tests/fuzz/fuzz_NAME -max_total_time=60 tests/fuzz/corpus-NAME
EXTRA_DIST += tests/fuzz/run_corpus.c tests/fuzz/make_seeds.py
if FUZZING
fuzz_driver =
AM_CFLAGS += -fsanitize=fuzzer-no-link
AM_LDFLAGS += -fsanitize=fuzzer-no-link
fuzz_ldflags = $(SAN_CFLAGS) -fsanitize=fuzzer
else
fuzz_driver = tests/fuzz/run_corpus.c
fuzz_ldflags = $(SAN_CFLAGS)
TESTS += $(fuzz_targets)
endif
check_PROGRAMS += $(fuzz_targets)
fuzz_targets =

fuzz_targets += tests/fuzz/fuzz_capture
tests_fuzz_fuzz_capture_SOURCES = tests/fuzz/fuzz_capture.c $(fuzz_driver)
tests_fuzz_fuzz_capture_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus-capture"'
tests_fuzz_fuzz_capture_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_capture_LDADD = $(CHECK_LIBRARY)
EXTRA_DIST += tests/fuzz/corpus-capture

fuzz_targets += tests/fuzz/fuzz_pack
tests_fuzz_fuzz_pack_SOURCES = tests/fuzz/fuzz_pack.c $(fuzz_driver)
tests_fuzz_fuzz_pack_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus-pack"'
tests_fuzz_fuzz_pack_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_pack_LDADD = $(CHECK_LIBRARY)
EXTRA_DIST += tests/fuzz/corpus-pack

fuzz_targets += tests/fuzz/fuzz_filter
tests_fuzz_fuzz_filter_SOURCES = tests/fuzz/fuzz_filter.c $(fuzz_driver)
tests_fuzz_fuzz_filter_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus-filter"'
tests_fuzz_fuzz_filter_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_filter_LDADD = $(CHECK_LIBRARY)
EXTRA_DIST += tests/fuzz/corpus-filter

fuzz_targets += tests/fuzz/fuzz_frame
tests_fuzz_fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c tests/fuzz/feed.h $(fuzz_driver)
tests_fuzz_fuzz_frame_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus-frame"'
tests_fuzz_fuzz_frame_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_frame_LDADD = $(CHECK_LIBRARY)
EXTRA_DIST += tests/fuzz/corpus-frame

fuzz_targets += tests/fuzz/fuzz_stream
tests_fuzz_fuzz_stream_SOURCES = tests/fuzz/fuzz_stream.c tests/fuzz/feed.h $(fuzz_driver)
tests_fuzz_fuzz_stream_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus-stream"'
tests_fuzz_fuzz_stream_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_stream_LDADD = $(CHECK_LIBRARY)
EXTRA_DIST += tests/fuzz/corpus-stream

fuzz_targets += tests/fuzz/fuzz_text
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c tests/fuzz/feed.h $(fuzz_driver)
tests_fuzz_fuzz_text_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus-text"'
tests_fuzz_fuzz_text_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_text_LDADD = $(CHECK_LIBRARY)
EXTRA_DIST += tests/fuzz/corpus-text

fuzz_targets += tests/fuzz/fuzz_lesson
tests_fuzz_fuzz_lesson_SOURCES = tests/fuzz/fuzz_lesson.c $(fuzz_driver)
tests_fuzz_fuzz_lesson_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"lessons/lessons"'
tests_fuzz_fuzz_lesson_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_lesson_LDADD = $(CHECK_LIBRARY)

fuzz_targets += tests/fuzz/fuzz_wire
tests_fuzz_fuzz_wire_SOURCES = tests/fuzz/fuzz_wire.c $(fuzz_driver)
tests_fuzz_fuzz_wire_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus-wire"'
tests_fuzz_fuzz_wire_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_wire_LDADD = $(CHECK_LIBRARY)
EXTRA_DIST += tests/fuzz/corpus-wire

fuzz_targets += tests/fuzz/fuzz_state
tests_fuzz_fuzz_state_SOURCES = tests/fuzz/fuzz_state.c $(fuzz_driver)
tests_fuzz_fuzz_state_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"tests/fuzz/corpus-state"'
tests_fuzz_fuzz_state_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_state_LDADD = $(CHECK_LIBRARY)
EXTRA_DIST += tests/fuzz/corpus-state
