# SPDX-License-Identifier: GPL-3.0-or-later
# The program as people use it: transcripts of dialogues, attempts to overwrite, a real terminal.
TESTS += \
	tests/console/commands.test tests/console/overwrite.test tests/console/pictures.test \
	tests/console/terminal.test tests/console/transcripts.test
EXTRA_DIST += \
	tests/console/commands.test tests/console/overwrite.test tests/console/pictures.test \
	tests/console/terminal.test tests/console/transcripts.test tests/console/tap.sh tests/console/small.xml \
	tests/console/answers.in tests/console/answers.out tests/console/looking.in \
	tests/console/looking.out tests/console/moving.in tests/console/moving.out
# Screens for the documentation; doc/screens/record makes them anew.
EXTRA_DIST += \
	doc/screens/record doc/screens/160x50-1-verdict.txt doc/screens/160x50-2-first-packet.txt \
	doc/screens/160x50-3-second-packet.txt doc/screens/160x50-4-user.txt \
	doc/screens/160x50-5-refused.txt doc/screens/160x50-6-ladder.txt \
	doc/screens/80x24-1-choose.txt doc/screens/80x24-2-question.txt \
	doc/screens/80x24-3-make-it-fail.txt doc/screens/80x24-4-verdict.txt \
	doc/screens/80x24-5-advice.txt doc/screens/80x24-6-first-packet.txt \
	doc/screens/80x24-7-follow.txt doc/screens/80x24-8-help.txt \
	doc/screens/80x24-9-your-turn.txt doc/screens/80x24-10-report.txt
