# SPDX-License-Identifier: GPL-3.0-or-later
# What the console tests share: TAP, a scratch folder, the program. Sourced by bash.
srcdir=${srcdir:-.}
here=$srcdir/tests/console
program=$PWD/tracetutor
export TRACETUTOR_DATA=${TRACETUTOR_DATA:-$(cd "$srcdir" && pwd)/lessons}
export LC_ALL=C
unset TRACETUTOR_PAGER PAGER LESS
captures=$TRACETUTOR_DATA/captures
scratch=$(mktemp -d /tmp/tt.XXXXXX)
# What was stopped last may still be writing: try twice.
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch" 2>/dev/null || { sleep 1; rm -rf "$scratch"; }' EXIT
export HOME=$scratch XDG_STATE_HOME=$scratch/state XDG_DATA_HOME=$scratch/data
count=0

# ok NAME: the last command decides.
result()
{
	local status=$1

	shift
	count=$((count + 1))
	if [ "$status" -eq 0 ]; then
		echo "ok $count - $*"
	else
		echo "not ok $count - $*"
	fi
}

# Show a file as TAP comments.
explain()
{
	sed 's/^/# /' "$1"
}

finish()
{
	echo "1..$count"
}
