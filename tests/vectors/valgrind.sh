#!/bin/sh
# valgrind.sh PROGRAM [ARGUMENT…]: run a test under valgrind.  An octet that is
# read and was never written, or lost, fails it; skipped without valgrind.
if ! command -v valgrind >/dev/null; then
	echo '1..0 # SKIP valgrind is not installed'
	exit 0
fi
exec valgrind -q --error-exitcode=9 --leak-check=full \
    --errors-for-leak-kinds=definite "$@"
