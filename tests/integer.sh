#!/bin/sh
# integer.sh: libbgp/codec under -fsanitize=integer, which finds arithmetic that
# wraps and values that are cut without a word.
#
# Builds in build-integer (BUILD) with clang (CLANG), runs the unit tests, vectors
# and fuzz corpora of the codec, and ends with status 1 where one of its lines is
# reported; what the tests themselves do is not looked at.
cd "$(dirname "$0")/.." || exit 1
root=$PWD
build=${BUILD:-build-integer}
clang=${CLANG:-clang}
command -v "$clang" >/dev/null || {
	echo "integer.sh: $clang is missing"
	exit 0
}
[ -f "$build/build.ninja" ] || CC=$clang meson setup "$build" \
    -Dbuildtype=debugoptimized -Ddefault_library=static -Db_lundef=false \
    -Dc_args=-fsanitize=integer -Dc_link_args=-fsanitize=integer \
    >/dev/null || exit 1

programs=$(for f in libbgp/codec/*.c; do
	n=$(basename "$f" .c)
	[ -f "tests/unit/test_$n.c" ] && echo "tests/unit/test_$n"
done)
programs="$programs tests/unit/test_labels tests/unit/test_attr
    $(printf 'tests/vectors/test_%s ' rows immunity differential)"
corpora='attr capability encode frame mrt nlri notification open refresh text
    update'
replays=$(printf 'fuzz/replay_%s ' $corpora)
# shellcheck disable=SC2086
ninja -C "$build" $programs $replays >/dev/null || exit 1

cd "$build" || exit 1
export ROWS="$root/tests/vectors/rows" CORPUS="$root/fuzz/corpus/update"
for p in $programs $replays; do
	case $p in
	*differential) argument=100000 ;;
	*replay_*) argument=$root/fuzz/corpus/${p#fuzz/replay_} ;;
	*) argument= ;;
	esac
	# shellcheck disable=SC2086
	"./$p" $argument 2>&1
done | grep -a 'libbgp/codec/.*runtime error' | sort -u > integer.txt
cat integer.txt
echo "integer.sh: $(grep -c . integer.txt) lines of libbgp/codec reported"
[ ! -s integer.txt ]
