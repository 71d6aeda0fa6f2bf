# SPDX-License-Identifier: GPL-3.0-or-later
# Agreement with tshark, where it is installed.
TESTS += tests/oracle/oracle.test
EXTRA_DIST += tests/oracle/oracle.test
