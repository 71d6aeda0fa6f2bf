# SPDX-License-Identifier: GPL-3.0-or-later
# Test programs write TAP; each unit test program has its own fragment, tests/unit/NAME.mk.
TEST_EXTENSIONS = .test
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = \
	CK_TAP_LOG_FILE_NAME=-; export CK_TAP_LOG_FILE_NAME; \
	srcdir='$(srcdir)'; export srcdir; \
	TRACETUTOR_DATA='$(abs_top_srcdir)/lessons'; export TRACETUTOR_DATA;
CHECK_LIBRARY = libtracetutor.a

if HAVE_CHECK
include tests/unit/base.mk
include tests/unit/model.mk
include tests/unit/capture.mk
include tests/unit/decode_net.mk
include tests/unit/links.mk
include tests/unit/decode_app.mk
include tests/unit/decode_web.mk
include tests/unit/decode_services.mk
include tests/unit/decode_tls.mk
include tests/unit/xml.mk
include tests/unit/filter.mk
include tests/unit/track.mk
include tests/unit/rules.mk
include tests/unit/report.mk
include tests/unit/session.mk
include tests/unit/stages.mk
include tests/unit/pipeline.mk
include tests/unit/sandbox.mk
include tests/unit/lesson.mk
include tests/unit/live.mk
include tests/unit/machine.mk
include tests/unit/console.mk
include tests/unit/record.mk
endif
include tests/golden/local.mk
include tests/console/local.mk
include tests/fuzz/local.mk
include tests/robust/local.mk
include tests/lint/local.mk
include tests/oracle/local.mk
include tests/live/local.mk
include tests/bench/local.mk
