# SPDX-License-Identifier: GPL-3.0-or-later
TESTS += tests/lint/lint.test
EXTRA_DIST += tests/lint/lint.test
