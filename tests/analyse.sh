#!/bin/sh
# analyse.sh [FILE.c...]: clang-tidy (.clang-tidy), gcc -fanalyzer and scan-build's
# analyser over the example programs, or these files; without a finding.
#
# One line for each file that has one, with what was said; exit status 1 then.
# JOBS: how many at a time (2).
set -u
cd "$(dirname "$0")/.." || exit 2
[ $# -gt 0 ] || set -- examples/*.c examples/host/*.c
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
trap 'exit 2' HUP INT TERM
flags='-std=c11 -D_GNU_SOURCE -Iinclude -I. -Iexamples'
export out flags

# gcc 12 loses sight of what realloc moved, and of what a static array keeps.
one='
file=$1
case $file in
*/stream.c) mute="-Wno-analyzer-malloc-leak -Wno-analyzer-file-leak" ;;
*/plan_dot.c) mute=-Wno-analyzer-malloc-leak ;;
*) mute= ;;
esac
name=$out/$(echo "$file" | tr / _)
# shellcheck disable=SC2086
{
	clang-tidy --quiet --warnings-as-errors="*" "$file" -- $flags ||
	    echo "$file: clang-tidy"
	gcc $flags -O1 -fanalyzer -Werror $mute -c "$file" -o "$name.o" ||
	    echo "$file: gcc -fanalyzer"
	clang --analyze --analyzer-output text -Xclang -analyzer-werror \
	    $flags "$file" || echo "$file: scan-build"
} > "$name.said" 2>&1
! grep -q -e "^$file: clang-tidy" -e "^$file: gcc" -e "^$file: scan" \
    "$name.said" || { cat "$name.said"; touch "$out/found"; }
'
printf '%s\n' "$@" | xargs -P "${JOBS:-2}" -I{} sh -c "$one" sh {}
[ ! -e "$out/found" ]
