# SPDX-License-Identifier: GPL-3.0-or-later
# Agreement with tshark, where it is installed.
TESTS += tests/oracle/oracle.test
EXTRA_DIST += tests/oracle/oracle.test tests/oracle/field_agreement.py \
	tests/oracle/field_differences.tsv tests/oracle/filter_agreement.py \
	tests/oracle/filter_differences.tsv tests/oracle/filters.txt tests/oracle/missing.py \
	tests/oracle/missing_fields.tsv tests/oracle/registry.py \
	tests/oracle/registry_differences.tsv
