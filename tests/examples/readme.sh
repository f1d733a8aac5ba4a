#!/bin/sh
# readme.sh: every program of README.md compiles, and the one that is said to be
# examples/session.c is.
#
# In the environment: SOURCE (the project), CC.
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Blocks between ```c and ``` into numbered files.
awk -v dir="$tmp" '/^```c$/ { n++; on = 1; next } /^```/ { on = 0 }
    on { print > (dir "/" n ".c") }' "$SOURCE/README.md"

count=0
for program in "$tmp"/*.c; do
	count=$((count + 1))
	if ${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror \
	    -fsyntax-only -I "$SOURCE/include" -I "$SOURCE/examples" \
	    "$program" > "$tmp/out" 2>&1; then
		echo "ok $count - program $count compiles"
	else
		echo "not ok $count - program $count compiles"
		sed 's/^/# /' "$tmp/out"
	fi
done
count=$((count + 1))
same='not ok'
for program in "$tmp"/*.c; do
	cmp -s "$program" "$SOURCE/examples/session.c" && same=ok
done
echo "$same $count - session.c stands there whole"
echo "1..$count"
