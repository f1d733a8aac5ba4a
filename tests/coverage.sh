#!/bin/sh
# coverage.sh: lines, branches and MC/DC of libbgp/codec, by clang-19.
#
# Builds in build-coverage (BUILD), runs the unit tests, vectors and fuzz corpora
# of the codec, and prints llvm-cov's summary and the files that are not whole.
# Needs clang-19, llvm-19 and libclang-rt-19-dev, else says so and does nothing.
cd "$(dirname "$0")/.." || exit 1
root=$PWD
build=${BUILD:-build-coverage}
for tool in clang-19 llvm-cov-19 llvm-profdata-19; do
	command -v $tool >/dev/null || {
		echo "coverage.sh: $tool is missing"
		exit 0
	}
done
flags='-O1 -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc'
[ -f "$build/build.ninja" ] || CC=clang-19 meson setup "$build" \
    -Dbuildtype=debug -Ddefault_library=static -Db_ndebug=true \
    -Db_lundef=false -Dc_args="$flags" \
    -Dc_link_args=-fprofile-instr-generate >/dev/null || exit 1

# The tests that mirror libbgp/codec, and what reads messages.
names=$(for f in libbgp/codec/*.c; do basename "$f" .c; done)
programs=$(for n in $names labels text attr; do
	[ -f "tests/unit/test_$n.c" ] && echo "tests/unit/test_$n"
done | sort -u)
programs="$programs $(printf 'tests/vectors/test_%s ' \
    rows vectors immunity triggers differential)"
corpora='attr capability encode frame mrt nlri notification open refresh text
    update'
replays=$(printf 'fuzz/replay_%s ' $corpora)
# shellcheck disable=SC2086
ninja -C "$build" $programs $replays >/dev/null || exit 1

cd "$build" || exit 1
rm -f ./*.profraw
export VECTORS="$root/../shared/vectors" TABLES="$root/../shared/tables" \
    ROWS="$root/tests/vectors/rows" CORPUS="$root/fuzz/corpus/update"
objects=
for p in $programs $replays; do
	case $p in
	*differential) argument=20000 ;;
	*replay_*) argument=$root/fuzz/corpus/${p#fuzz/replay_} ;;
	*) argument= ;;
	esac
	# shellcheck disable=SC2086
	LLVM_PROFILE_FILE=$(basename "$p").profraw "./$p" $argument \
	    >/dev/null 2>&1 || echo "coverage.sh: $p failed"
	objects="$objects -object $p"
done
llvm-profdata-19 merge -sparse ./*.profraw -o all.profdata
# shellcheck disable=SC2086
llvm-cov-19 report tests/unit/test_update $objects --show-mcdc-summary \
    --show-branch-summary --instr-profile=all.profdata \
    -sources "$root/libbgp/codec" 2>/dev/null |
    awk '/\.[ch] |^TOTAL/ && NF > 12 { print $1, "lines", $10, "branches",
	    $13, "MC/DC", $NF }' |
    awk '/^TOTAL/ || !/100.00% branches 100.00% MC.DC 100.00%/' |
    awk '/^TOTAL/ || $3 + 0 < 100 || ($5 != "-" && $5 + 0 < 100) ||
	($7 != "-" && $7 + 0 < 100)'
