# SPDX-License-Identifier: GPL-3.0-or-later
# The program as people use it: transcripts of dialogues, attempts to overwrite, a real terminal.
TESTS += \
	tests/console/commands.test tests/console/install.test tests/console/large.test tests/console/overwrite.test tests/console/pictures.test \
	tests/console/terminal.test tests/console/transcripts.test
EXTRA_DIST += \
	tests/console/commands.test tests/console/install.test tests/console/large.test tests/console/overwrite.test tests/console/pictures.test \
	tests/console/terminal.test tests/console/transcripts.test tests/console/tap.sh tests/console/small.xml \
	tests/console/answers.in tests/console/answers.out tests/console/looking.in \
	tests/console/looking.out tests/console/moving.in tests/console/moving.out
