#!/bin/sh
# valgrind.sh PROGRAM [ARGUMENT…]: run a test under valgrind.  An octet that is
# read and was never written, or lost, fails it.  Skipped without valgrind, or
# with one that cannot read what the compiler says of the program: Debian 12's
# gives up at the DWARF 5 of its clang before the program begins.
if ! command -v valgrind >/dev/null; then
	echo '1..0 # SKIP valgrind is not installed'
	exit 0
fi
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
trap 'exit 1' HUP INT PIPE TERM
valgrind -q --log-file="$log" --error-exitcode=9 --leak-check=full \
    --errors-for-leak-kinds=definite "$@"
status=$?
if [ $status -ne 0 ] && grep -q 'corrupted debuginfo file' "$log"; then
	echo '1..0 # SKIP valgrind cannot read the debug information'
	exit 0
fi
cat "$log" >&2
exit $status
