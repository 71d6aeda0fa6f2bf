# SPDX-License-Identifier: GPL-3.0-or-later
TESTS += tests/golden/docs.test
EXTRA_DIST += tests/golden/docs.test
