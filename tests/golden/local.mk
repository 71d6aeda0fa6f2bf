# SPDX-License-Identifier: GPL-3.0-or-later
TESTS += tests/golden/docs.test tests/golden/golden.test tests/golden/faults.test
EXTRA_DIST += tests/golden/docs.test tests/golden/golden.test tests/golden/faults.test \
	tests/golden/LIST tests/golden/expected lessons/captures/labels.tsv
