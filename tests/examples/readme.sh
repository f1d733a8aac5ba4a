#!/bin/sh
# readme.sh: every program of README.md compiles, those that are said to be
# examples/agent.c and examples/session.c are, and the first one reflects.
#
# In the environment: SOURCE (the project), CC, PROGRAM (the first one, built),
# SESSION (the program).
set -u
tmp=$(mktemp -d) || exit 1
pids=
clean_up() {
	for pid in $pids; do kill "$pid" 2>/dev/null; done
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/tap.sh"

decided() {
	grep -qE 'listening on|listen on' "$tmp/log"
}

# speak LAST PREFIX: a session from 127.0.0.LAST; what it hears in $tmp/LAST.
speak() {
	: > "$tmp/$1"
	"$SESSION" --bind "127.0.0.$1" --router-id "127.0.0.$1" \
	    --announce "$2" 127.0.0.1:1790 > "$tmp/$1" 2> "$tmp/$1.log" &
	pids="$pids $!"
}

hears() {
	grep -q "^+ $2 " "$tmp/$1"
}

# Blocks between ```c and ``` into numbered files.
awk -v dir="$tmp" '/^```c$/ { n++; on = 1; next } /^```/ { on = 0 }
    on { print > (dir "/" n ".c") }' "$SOURCE/README.md"

compiles() {
	${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only \
	    -I "$SOURCE/include" -I "$SOURCE/examples" "$1"
}

shows() {
	for program in "$tmp"/*.c; do
		cmp -s "$program" "$1" && return
	done
	return 1
}

hear_each_other() {
	speak 11 192.0.2.0/24
	speak 12 198.51.100.0/24
	until_true hears 11 198.51.100.0/24 &&
	    until_true hears 12 192.0.2.0/24 && return
	cat "$tmp"/*log
	return 1
}

for program in "$tmp"/*.c; do
	check "program $((count + 1)) compiles" compiles "$program"
done
check 'agent.c is the second' cmp "$tmp/2.c" "$SOURCE/examples/agent.c"
check 'session.c stands there whole' shows "$SOURCE/examples/session.c"

# Its port is what it is: another program may have it.
"$PROGRAM" 2> "$tmp/log" &
pids=$!
until_true decided
if grep -q 'listen on .*in use' "$tmp/log"; then
	skip 'the first program reflects' 'its port is in use'
else
	check 'the first program reflects' hear_each_other
fi
done_testing
